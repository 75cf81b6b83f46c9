"""The spans of a report in the shop's own days, and the span before that each is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from posapp.domain.due import day_bounds
from posapp.domain.errors import RefusedError

LONGEST_DAYS = 366
_MOST_DAYS = 35  # of which each has a bar of its own; longer spans have weeks
WEEK = 7


class SpanKind(StrEnum):
    """What a person may choose."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    MONTH = "month"
    RANGE = "range"


class Unit(StrEnum):
    """What one bar of the sales stands for."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days of the shop, both named ones included; instants are UTC, an end is the first one after.

    `cut` is how far the span before is counted for the comparison: where the span is still going on, until
    the same time of the day.
    """

    first: date
    last: date
    begin: datetime
    end: datetime
    before: date  # the first day of the span before
    before_begin: datetime
    before_end: datetime
    cut: datetime
    running: bool

    @property
    def days(self) -> int:
        """Return how many days these are."""
        return (self.last - self.first).days + 1

    @property
    def unit(self) -> Unit:
        """Return what the bars of the sales stand for."""
        if self.days == 1:
            return Unit.HOUR
        return Unit.DAY if self.days <= _MOST_DAYS else Unit.WEEK

    @property
    def back(self) -> int:
        """Return how many days the span before lies back."""
        return (self.first - self.before).days


def span_of(
    kind: SpanKind, now: datetime, zone: ZoneInfo, first: date | None = None, last: date | None = None
) -> Span:
    """Return the span that a person chose; `first` and `last` are of a range.

    Up to a week is compared with the same days of the week before, longer spans with as many days before.
    Raises RefusedError for a range that is none.
    """
    today = now.astimezone(zone).date()
    match kind:
        case SpanKind.TODAY:
            return _span(today, today, now, zone)
        case SpanKind.YESTERDAY:
            return _span(today - timedelta(days=1), today - timedelta(days=1), now, zone)
        case SpanKind.WEEK:
            return _span(today - timedelta(days=6), today, now, zone)
        case SpanKind.MONTH:
            return _span(today - timedelta(days=29), today, now, zone)
        case SpanKind.RANGE:
            return _span(*check_range(first, last, today), now, zone)


def check_range(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """Return a range of days; raise RefusedError naming the field if it is none that has been."""
    if first is None or last is None:
        raise RefusedError("A range needs two days.", fields={"first": "Choose a day."})
    if first > last:
        raise RefusedError("The first day is after the last one.", fields={"last": "Before the first day."})
    if last > today:
        raise RefusedError("This day has not come yet.", fields={"last": "Choose today or earlier."})
    if (last - first).days >= LONGEST_DAYS:
        raise RefusedError("This is more than a year.", fields={"first": f"At most {LONGEST_DAYS} days."})
    return first, last


def _span(first: date, last: date, now: datetime, zone: ZoneInfo) -> Span:
    days = (last - first).days + 1
    back = timedelta(days=max(WEEK, days))
    here = now.astimezone(zone)
    before_end = day_bounds(last - back, zone)[1]
    running = here.date() == last
    then = datetime.combine(last - back, here.time(), zone).astimezone(UTC)
    return Span(
        first,
        last,
        day_bounds(first, zone)[0],
        day_bounds(last, zone)[1],
        first - back,
        day_bounds(first - back, zone)[0],
        before_end,
        min(then, before_end) if running else before_end,
        running,
    )


def pieces(begin: datetime, end: datetime, zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    """Return a stretch of whole days, day by day, to be read one after the other."""
    day, last = begin.astimezone(zone).date(), (end - timedelta(microseconds=1)).astimezone(zone).date()
    found = []
    while day <= last:
        found.append(day_bounds(day, zone))
        day += timedelta(days=1)
    return tuple(found)
