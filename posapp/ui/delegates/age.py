"""How old an order is, in the words and warning levels of its row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QDate, QLocale

translate = QCoreApplication.translate

_WARN_FROM = 0.67
_MINUTES_UP_TO = 100
_FINAL = ("delivered", "cancelled")


class AgeLevel(StrEnum):
    """How urgent an age is."""

    NORMAL = "normal"
    WARN = "warn"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Age:
    """The text of a timer, its level, and the words for a screen reader."""

    text: str
    level: AgeLevel
    spoken: str


class Aged(Protocol):
    """What of an order the age depends on."""

    @property
    def status(self) -> str: ...
    @property
    def age_from(self) -> datetime | None: ...
    @property
    def target_s(self) -> int: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def planned_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...


def age_of(row: Aged, now: datetime, zone: ZoneInfo) -> Age:
    """Return the age of an order at `now`; clock times are told in the shop's zone."""
    if row.status == "timing":
        due = row.due_at or row.planned_at
        level = AgeLevel.LATE if due is not None and now >= due else AgeLevel.NORMAL
        text = clock_text(due, now, zone)
        return Age(
            text, level, _spoken(translate("age", "due %1").replace("%1", text), level) if text else ""
        )
    if row.status in _FINAL:
        text = clock_text(row.closed_at, now, zone)
        return Age(text, AgeLevel.NORMAL, text)
    if row.age_from is None:
        return Age("", AgeLevel.NORMAL, "")
    seconds = max(0, int((now - row.age_from).total_seconds()))
    level = level_of(seconds, row.target_s)
    text = duration_text(seconds, exact=row.status == "created")
    return Age(text, level, _spoken(duration_text(seconds, exact=False), level))


def level_of(seconds: int, target_s: int) -> AgeLevel:
    """Return the level of an age against its target; a target of 0 never warns."""
    if target_s <= 0:
        return AgeLevel.NORMAL
    if seconds >= target_s:
        return AgeLevel.LATE
    return AgeLevel.WARN if seconds >= target_s * _WARN_FROM else AgeLevel.NORMAL


def duration_text(seconds: int, *, exact: bool) -> str:
    """Return "2:14" (exact, below ten minutes), "17 min", or "3 h 05 min"."""
    minutes = seconds // 60
    if exact and minutes < 10:
        return f"{minutes}:{seconds % 60:02d}"
    if minutes < _MINUTES_UP_TO:
        return translate("age", "%1 min").replace("%1", str(minutes))
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return translate("age", "%1 h %2 min").replace("%1", str(hours)).replace("%2", f"{rest:02d}")
    return translate("age", "%1 d %2 h").replace("%1", str(hours // 24)).replace("%2", str(hours % 24))


def clock_text(moment: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """Return "20:30", with the date before it when that is not today in the shop."""
    if moment is None:
        return ""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    time = f"{local.hour:02d}:{local.minute:02d}"
    if local.date() == today:
        return time
    day = QDate(local.year, local.month, local.day)
    return f"{QLocale().toString(day, 'd MMM')} {time}"


def _spoken(text: str, level: AgeLevel) -> str:
    match level:
        case AgeLevel.LATE:
            return translate("age", "%1, late").replace("%1", text)
        case AgeLevel.WARN:
            return translate("age", "%1, nearly late").replace("%1", text)
        case AgeLevel.NORMAL:
            return text
