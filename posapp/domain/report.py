"""What a report counts: which orders are sales, how long they took, which were late (docs/reports.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from posapp.domain.status import Kind
from posapp.domain.timing import Targets

ZERO = Decimal("0")
CANCELLED = "cancelled"
_MAKING = frozenset({"accepted", "cooking", "edited"})
MEDIAN, THREE_QUARTERS, NINE_TENTHS = 50, 75, 90
_PERIODS = 7  # of two hours; where there are more, each is three hours long


class Fact(NamedTuple):
    """One order as a report sees it; instants are whole seconds, None when there is none."""

    bucket: int  # the hour of the day, or the day of the span
    hour: int  # of the shop's day
    status: str
    kind: str
    net: Decimal  # its total without what was given back
    accepted: int | None = None
    ready: int | None = None
    promised: int | None = None
    due: int | None = None


def prep_seconds(fact: Fact) -> int | None:
    """Return how long an order took from acceptance to ready; None where that says nothing.

    A scheduled order waits on purpose; a cancelled one was not made to its end.
    """
    if fact.accepted is None or fact.ready is None or fact.due is not None or fact.status == CANCELLED:
        return None
    return fact.ready - fact.accepted if fact.ready >= fact.accepted else None


def is_late(fact: Fact, targets: Targets, now: int) -> bool:
    """Tell whether an order was, or is by now, ready after its time.

    Its time is what was promised when it was accepted, for a scheduled order when it is due, else the target.
    """
    if fact.accepted is None or fact.status == CANCELLED:
        return False
    if fact.promised is not None and fact.promised > fact.accepted:
        limit = fact.promised
    elif fact.due is not None:
        limit = max(fact.due, fact.accepted)
    else:
        limit = fact.accepted + targets.seconds(Kind(fact.kind))
    if fact.ready is not None:
        return fact.ready > limit
    return fact.status in _MAKING and now > limit


@dataclass(slots=True)
class Sold:
    """How often a dish was ordered, and what it came to."""

    quantity: int = 0
    revenue: Decimal = ZERO


@dataclass(slots=True)
class Tally:
    """Counts of orders in one currency; what two of them counted adds up."""

    orders: int = 0  # without cancelled ones
    sales: Decimal = ZERO
    late: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    buckets: dict[int, Decimal] = field(default_factory=dict)
    preps: dict[int, list[int]] = field(default_factory=dict)  # seconds, by the hour of the order
    items: dict[str, Sold] = field(default_factory=dict)

    def add(self, fact: Fact, targets: Targets, now: int) -> None:
        """Count an order."""
        self.statuses[fact.status] += 1
        if fact.status == CANCELLED:
            return
        self.orders += 1
        self.sales += fact.net
        self.draw(fact)
        if is_late(fact, targets, now):
            self.late += 1
        took = prep_seconds(fact)
        if took is not None:
            self.preps.setdefault(fact.hour, []).append(took)

    def draw(self, fact: Fact) -> None:
        """Count an order for the line of the sales only."""
        if fact.status != CANCELLED:
            self.buckets[fact.bucket] = self.buckets.get(fact.bucket, ZERO) + fact.net

    def sell(self, title: str, quantity: int, revenue: Decimal) -> None:
        """Count a dish."""
        sold = self.items.setdefault(title, Sold())
        sold.quantity += quantity
        sold.revenue += revenue

    def merge(self, other: Tally) -> None:
        """Add what another one counted."""
        self.orders += other.orders
        self.sales += other.sales
        self.late += other.late
        self.statuses.update(other.statuses)
        for bucket, amount in other.buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, ZERO) + amount
        for hour, seconds in other.preps.items():
            self.preps.setdefault(hour, []).extend(seconds)
        for title, sold in other.items.items():
            self.sell(title, sold.quantity, sold.revenue)

    @property
    def came_in(self) -> int:
        """Return how many orders came in, cancelled ones too."""
        return self.statuses.total()

    @property
    def average(self) -> Decimal | None:
        """Return what an order comes to, None where there are none."""
        return self.sales / self.orders if self.orders else None

    @property
    def prep_median(self) -> int | None:
        """Return the median of all preparation times in seconds."""
        return percentile(sorted(s for some in self.preps.values() for s in some), MEDIAN)


def percentile(ordered: Sequence[int], percent: int) -> int | None:
    """Return the smallest value that at least so many percent of the values do not exceed."""
    if not ordered:
        return None
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]


@dataclass(frozen=True, slots=True)
class Period:
    """The preparation times of the orders of some hours, in seconds."""

    begin: int
    end: int  # the hour after the last one
    count: int
    median: int
    three_quarters: int
    nine_tenths: int


def periods(tally: Tally) -> tuple[Period, ...]:
    """Return the preparation times by period of the day, as 11–13; with many of them, of three hours each."""
    long = 2 if len({(hour + 1) // 2 for hour in tally.preps}) <= _PERIODS else 3
    shift = 1 if long == 2 else 0  # 11–13 and not 12–14: the hours before lunch and of it
    found: dict[int, list[int]] = {}
    for hour, seconds in tally.preps.items():
        found.setdefault((hour + shift) // long * long - shift, []).extend(seconds)
    return tuple(_period(begin, long, sorted(found[begin])) for begin in sorted(found))


def _period(begin: int, long: int, ordered: list[int]) -> Period:
    values = [percentile(ordered, percent) or 0 for percent in (MEDIAN, THREE_QUARTERS, NINE_TENTHS)]
    return Period(max(0, begin), min(24, begin + long), len(ordered), values[0], values[1], values[2])


def change_percent(now: Decimal | int, before: Decimal | int) -> Decimal | None:
    """Return by how many percent a figure changed, in whole ones; None where there was nothing before."""
    if before <= 0:
        return None
    return ((Decimal(now) - before) * 100 / before).quantize(Decimal(1), rounding=ROUND_HALF_UP)


def best(items: dict[str, Sold]) -> tuple[tuple[str, Sold], ...]:
    """Return the dishes by revenue, the best first; equal ones by their names."""
    return tuple(sorted(items.items(), key=lambda item: (-item[1].revenue, -item[1].quantity, item[0])))
