"""How old an order is, in the words and warning levels of its row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from posapp.domain.status import FINAL, Status
from posapp.domain.timing import Age, age_level
from posapp.storage.rows import OrderRow

translate = QCoreApplication.translate

_MINUTES_UP_TO = 100
_MAKING = frozenset({Status.ACCEPTED, Status.COOKING, Status.EDITED})


@dataclass(frozen=True, slots=True)
class AgeText:
    """The text of a timer, its level, and the words for a screen reader."""

    text: str
    level: Age
    spoken: str


def age_of(row: OrderRow, now: datetime, zone: ZoneInfo) -> AgeText:
    """Return the age of an order at `now`; clock times are told in the shop's zone."""
    if row.status == Status.TIMING:
        due = row.planned_at or row.due_at
        text = clock_text(due, now, zone)
        level = Age.LATE if due is not None and now >= due else Age.OK
        return AgeText(text, level, _spoken(translate("age", "due %1").replace("%1", text), level))
    if row.status in FINAL:
        text = clock_text(row.closed_at, now, zone)
        return AgeText(text, Age.OK, text)
    if row.age_from is None:
        return AgeText("", Age.OK, "")
    seconds = max(0, int((now - row.age_from).total_seconds()))
    level = age_level(Status(row.status), seconds, row.target_s)
    text = duration_text(seconds, exact=row.status == Status.CREATED)
    spoken = _spoken(duration_text(seconds, exact=False), level)
    if row.promised_at is None or row.status not in _MAKING or seconds >= _MINUTES_UP_TO * 60:
        return AgeText(text, level, spoken)
    ready = clock_text(row.promised_at, now, zone)
    spoken = translate("age", "%1, promised for %2").replace("%1", spoken).replace("%2", ready)
    return AgeText(f"{text} · {ready}", level, spoken)


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


def _spoken(text: str, level: Age) -> str:
    match level:
        case Age.LATE:
            return translate("age", "%1, late").replace("%1", text)
        case Age.WARN:
            return translate("age", "%1, nearly late").replace("%1", text)
        case Age.OK:
            return text
