"""Backups that are made by themselves: when one is due, what it is called, which ones may go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# A copy of the future was made while the clock was wrong; a little of it is two clocks that differ.
_LENIENCE = timedelta(minutes=5)
_STAMP_LENGTH = 8
_NAME = re.compile(r"posapp-([0-9a-z]{1,8})-(\d{8}-\d{6})z\.(?:db|dump)")


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """How often a backup is made (0: never), how many are kept, and the second folder ("": none)."""

    hours: int = 24
    keep: int = 14
    folder: str = ""
    station: str = ""  # whose plan it is


def shop_stamp(installation: str) -> str:
    """Return what tells the files of one database from those of others in the same folder."""
    return re.sub("[^0-9a-z]", "", installation.lower())[:_STAMP_LENGTH] or "shop"


def file_name(stamp: str, at: datetime, ending: str = "db") -> str:
    """Return the name of a backup made at this time; the time in it is UTC, the ending its kind."""
    return f"posapp-{stamp}-{at.astimezone(UTC):%Y%m%d-%H%M%S}z.{ending}"


def made_at(name: str, stamp: str = "") -> datetime | None:
    """Return when a backup of this shop (without `stamp`: of any) was made, None for every other file."""
    found = _NAME.fullmatch(name)
    if found is None or (stamp and found[1] != stamp):
        return None
    try:
        return datetime.strptime(found[2], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def newest(times: Iterable[datetime], now: datetime) -> datetime | None:
    """Return the newest that the clock has reached."""
    return max((at for at in times if at <= now + _LENIENCE), default=None)


def is_due(times: Iterable[datetime], now: datetime, plan: BackupPlan) -> bool:
    """Tell whether it is time for the next one."""
    if plan.hours <= 0:
        return False
    last = newest(times, now)
    return last is None or now - last >= timedelta(hours=plan.hours)


def surplus(times: Iterable[datetime], now: datetime, keep: int) -> list[datetime]:
    """Return those beyond the newest `keep`; what the clock has not reached goes before what it has."""
    by_worth = sorted(times, key=lambda at: (at <= now + _LENIENCE, at), reverse=True)
    return by_worth[max(1, keep) :]
