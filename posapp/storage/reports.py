"""The read queries of reports: the orders of a day at a time, counted apart for each currency.

A day is one indexed stretch of `orders`, and long spans are many of them: so a report never holds the jobs'
thread for longer than a day takes, and one that nobody wants any more ends at the next day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from posapp.domain.money import parse_amount
from posapp.domain.report import CANCELLED, ZERO, Fact, Tally
from posapp.domain.report_span import Span, Unit, pieces
from posapp.domain.timing import Targets
from posapp.storage.fields import from_us, to_us
from posapp.storage.reader import Reader

LOCAL = "-"  # as the remote of orders that were sold here
_ORDERS = (
    "SELECT orders.pk, created_at, status, kind, total, currency, brand, source, coalesce(remote, '-'), "
    "accepted_at, coalesce(kitchen.ready_at, sent_at, "
    "CASE WHEN kind = 'pickup' AND status = 'delivered' THEN closed_at END), promised_at, "
    "coalesce(planned_at, due_at) FROM orders "
    "LEFT JOIN kitchen_orders AS kitchen ON kitchen.order_pk = orders.pk "
    "WHERE created_at >= ? AND created_at < ?"
)
_RETURNED = (
    "SELECT payments.order_pk, payments.returned FROM orders "
    "JOIN payments ON payments.order_pk = orders.pk "
    "WHERE orders.created_at >= ? AND orders.created_at < ? AND payments.kind <> 'payment'"
)
# Summed by title and price first: most lines of a day are the same few.
_LINES = (
    "SELECT orders.currency, CASE line.title WHEN '' THEN line.internal_id ELSE line.title END, line.total, "
    "sum(line.quantity), count(*) FROM orders JOIN order_lines AS line ON line.order_pk = orders.pk "
    "WHERE orders.created_at >= ? AND orders.created_at < ? AND orders.status <> 'cancelled' "
    "{}GROUP BY 1, 2, 3"
)
_ONLY = {
    "brand": "AND orders.brand = ? ",
    "source": "AND orders.source = ? ",
    "remote": "AND coalesce(orders.remote, '-') = ? ",
}


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """Which orders are wanted; "" means all of them."""

    brand: str = ""
    source: str = ""
    remote: str = ""  # a name, LOCAL, or ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a report is asked for."""

    span: Span
    zone: ZoneInfo
    targets: Targets
    now: datetime
    chosen: ReportFilter = field(default_factory=ReportFilter)


@dataclass(slots=True)
class Choices:
    """What there is to choose from in a span, whatever is chosen."""

    brands: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    remotes: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Counts:
    """A whole report, by currency: the span, and the span before."""

    wanted: Wanted
    now: dict[str, Tally] = field(default_factory=dict)
    before: dict[str, Tally] = field(default_factory=dict)
    choices: Choices = field(default_factory=Choices)


# Reads one piece and adds it to the counts.
Step = Callable[[Reader, Counts], None]


def steps(wanted: Wanted) -> tuple[Step, ...]:
    """Return what is to be done for a report, a day at a time; after all of it the counts are whole."""
    span, zone = wanted.span, wanted.zone
    earlier = [_earlier(*piece) for piece in pieces(span.before_begin, span.before_end, zone)]
    return (*(_present(*piece) for piece in pieces(span.begin, span.end, zone)), *earlier)


def count(reader: Reader, wanted: Wanted) -> Counts:
    """Return a whole report at once."""
    counts = Counts(wanted)
    for step in steps(wanted):
        step(reader, counts)
    return counts


def _present(begin: datetime, end: datetime) -> Step:
    def step(reader: Reader, counts: Counts) -> None:
        wanted = counts.wanted
        now = to_us(wanted.now) // 1_000_000
        for currency, fact, _ in _facts(reader, wanted, begin, end, wanted.span.first, counts.choices):
            _tally(counts.now, currency).add(fact, wanted.targets, now)
        only = {name: value for name in _ONLY if (value := getattr(wanted.chosen, name))}
        sql = _LINES.format("".join(_ONLY[name] for name in only))
        params = (to_us(begin), to_us(end), *only.values())
        for currency, title, total, quantity, times in reader.all(sql, params):
            _tally(counts.now, currency).sell(title, int(quantity), _amount(total) * times)

    return step


def _earlier(begin: datetime, end: datetime) -> Step:
    def step(reader: Reader, counts: Counts) -> None:
        wanted = counts.wanted
        now, cut = to_us(wanted.now) // 1_000_000, to_us(wanted.span.cut)
        for currency, fact, at in _facts(reader, wanted, begin, end, wanted.span.before, None):
            tally = _tally(counts.before, currency)
            if at < cut:
                tally.add(fact, wanted.targets, now)
            else:
                tally.draw(fact)

    return step


def _facts(
    reader: Reader,
    wanted: Wanted,
    begin: datetime,
    end: datetime,
    first: date,
    choices: Choices | None,
) -> list[tuple[str, Fact, int]]:
    """Return the orders of a piece that pass the filter, each with its currency and when it was made."""
    bounds = (to_us(begin), to_us(end))
    returned: dict[int, Decimal] = {}
    for pk, amount in reader.all(_RETURNED, bounds):
        returned[pk] = returned.get(pk, ZERO) + Decimal(amount)
    chosen, zone = wanted.chosen, wanted.zone
    by_hour = wanted.span.unit is Unit.HOUR
    found = []
    for row in reader.all(_ORDERS, bounds):
        brand, source, remote = row[6], row[7], row[8]
        if choices is not None:
            choices.brands.add(brand)
            choices.sources.add(source)
            choices.remotes.add(remote)
        if not _passes(chosen, brand, source, remote):
            continue
        here = from_us(row[1]).astimezone(zone)
        bucket = here.hour if by_hour else here.date().toordinal() - first.toordinal()
        net = _amount(row[4]) - returned.get(row[0], ZERO) if row[2] != CANCELLED else ZERO
        fact = Fact(bucket, here.hour, row[2], row[3], net, *(_seconds(value) for value in row[9:13]))
        found.append((row[5], fact, row[1]))
    return found


def _passes(chosen: ReportFilter, brand: str, source: str, remote: str) -> bool:
    return (
        (not chosen.brand or chosen.brand == brand)
        and (not chosen.source or chosen.source == source)
        and (not chosen.remote or chosen.remote == remote)
    )


def _tally(tallies: dict[str, Tally], currency: str) -> Tally:
    found = tallies.get(currency)
    if found is None:
        found = tallies[currency] = Tally()
    return found


def _seconds(value: Any) -> int | None:
    return None if value is None else int(value) // 1_000_000


def _amount(text: str) -> Decimal:
    try:
        return parse_amount(text, negative=True)
    except ValueError:
        return ZERO  # a total that is no amount is shown with its order, and adds nothing


def was_printed(reader: Reader, title: str) -> bool:
    """Tell whether a report of this title is on paper, or on its way there."""
    row = reader.one(
        "SELECT 1 FROM print_jobs WHERE kind = 'report' AND title = ? "
        "AND state NOT IN ('failed', 'withdrawn') LIMIT 1",
        (title,),
    )
    return row is not None
