"""Due times and shop days: the wall-clock times of a remote made into instants."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from posapp.domain.errors import UsageError

_WALL_CLOCK = re.compile(r"(\d{1,2}):(\d{2}) (\d{1,2}):(\d{1,2}):(\d{2}|\d{4})\Z", re.ASCII)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone called `name`; raise UsageError when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            f"There is no time zone “{name[:60]}”.",
            remedy="Use a name such as Asia/Almaty or Asia/Kathmandu.",
            fields={"timezone": "Unknown time zone."},
        ) from None


def parse_instant(text: str) -> datetime:
    """Return an ISO 8601 time with offset as UTC; raise ValueError when it has none or does not exist."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text[:40]}” is not a time that exists") from None
    if moment.tzinfo is None:
        raise ValueError(f"“{text[:40]}” has no time zone")
    return _bounded(moment, text)


def parse_due(text: str | None, zone: ZoneInfo) -> datetime | None:
    """Return when an order is due, as UTC; None means as soon as possible.

    Understands the internal API's wall clock "HH:MM DD:MM:YY" in the shop's zone, and ISO 8601 (without an
    offset it is the shop's zone). A wall clock that a change to summer time skips is read with the offset
    before the change (an hour later on the new clock); one that occurs twice is the first of the two.
    Raises ValueError for a time that does not exist.
    """
    if text is None or not text.strip():
        return None
    text = text.strip()
    match = _WALL_CLOCK.match(text)
    try:
        if match:
            hour, minute, day, month, year = (int(part) for part in match.groups())
            moment = datetime(year if year > 99 else 2000 + year, month, day, hour, minute, tzinfo=zone)
        else:
            moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text[:40]}” is not a time that exists") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return _bounded(moment, text)


def _bounded(moment: datetime, text: str) -> datetime:
    try:
        instant = moment.astimezone(UTC)
    except (OverflowError, ValueError):
        raise ValueError(f"“{text[:40]}” is not a time that exists") from None
    if not EARLIEST <= instant < LATEST:
        raise ValueError(f"“{text[:40]}” is not a time that an order can have")
    return instant


def start_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant at which the shop's present day began."""
    return day_bounds(now.astimezone(zone).date(), zone)[0]


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the instants at which a shop's day begins and ends (23 to 25 hours apart)."""
    begin = datetime.combine(day, time(), zone).astimezone(UTC)
    return begin, datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def is_today(moment: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether `moment` falls on the shop's present day."""
    return moment.astimezone(zone).date() == now.astimezone(zone).date()


def wall_clock(moment: datetime, zone: ZoneInfo) -> str:
    """Write an instant as the shop's clock shows it: "14:30"."""
    return moment.astimezone(zone).strftime("%H:%M")
