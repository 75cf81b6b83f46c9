"""A report as it is shown, printed and exported: one currency, its figures, and those of the span before."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from posapp.domain.money import round_money
from posapp.domain.report import ZERO, Period, Sold, Tally, best, periods
from posapp.domain.report_span import WEEK, Span, Unit
from posapp.domain.timing import Targets

BOM = "\ufeff"  # Excel takes a file for UTF-8 by it
_OPENS, _CLOSES = 10, 22  # hours that are shown even if nothing was sold in them
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
STATUSES = ("delivered", "ondelivery", "cooking", "accepted", "created", "timing", "edited", "cancelled")
_COLUMNS = ("part", "name", "count", "amount", "currency", "before", "median_s", "p75_s", "p90_s")


@dataclass(frozen=True, slots=True)
class Bar:
    """Sales of an hour, a day or a week, and of the same one in the span before."""

    hour: int | None
    day: date
    days: int
    amount: Decimal
    before: Decimal


@dataclass(frozen=True, slots=True)
class Summary:
    """All that a report says; `others` are the orders in other currencies, which are never added up."""

    span: Span
    currency: str
    targets: Targets
    now: Tally
    before: Tally
    bars: tuple[Bar, ...]
    periods: tuple[Period, ...]
    items: tuple[tuple[str, Sold], ...]
    others: Mapping[str, int] = field(default_factory=dict)
    filters: tuple[str, ...] = ()  # what is chosen, in words

    @property
    def late_share(self) -> Decimal | None:
        """Return how many percent of the orders were late, with one decimal."""
        if not self.now.orders:
            return None
        return (Decimal(self.now.late) * 100 / self.now.orders).quantize(Decimal("0.1"))


def currency_for(tallies: Mapping[str, Tally], wanted: str, usual: str) -> str:
    """Return the currency that is shown: the chosen one, else the shop's, else that of most orders."""
    if wanted:
        return wanted
    if usual in tallies or not tallies:
        return usual
    return max(sorted(tallies), key=lambda code: tallies[code].came_in)


def summary_of(
    span: Span,
    now: Mapping[str, Tally],
    before: Mapping[str, Tally],
    currency: str,
    targets: Targets,
    filters: tuple[str, ...] = (),
) -> Summary:
    """Return the report of one currency."""
    here, then = now.get(currency, Tally()), before.get(currency, Tally())
    others = {code: tally.came_in for code, tally in sorted(now.items()) if code != currency}
    return Summary(
        span, currency, targets, here, then, _bars(span, here, then), periods(here), best(here.items),
        others, filters,
    )  # fmt: skip


def _bars(span: Span, now: Tally, before: Tally) -> tuple[Bar, ...]:
    if span.unit is Unit.HOUR:
        sold = {*now.buckets, *before.buckets}
        hours = range(min({_OPENS, *sold}), max({_CLOSES, *sold}) + 1)
        return tuple(
            Bar(hour, span.first, 1, now.buckets.get(hour, ZERO), before.buckets.get(hour, ZERO))
            for hour in hours
        )
    long = 1 if span.unit is Unit.DAY else WEEK
    return tuple(
        Bar(
            None,
            span.first + timedelta(days=start),
            min(long, span.days - start),
            _stretch(now, start, min(start + long, span.days)),
            _stretch(before, start, min(start + long, span.days)),
        )
        for start in range(0, span.days, long)
    )


def _stretch(tally: Tally, start: int, end: int) -> Decimal:
    return sum((tally.buckets.get(day, ZERO) for day in range(start, end)), ZERO)


def bar_name(bar: Bar, unit: Unit) -> str:
    """Return an hour as 14:00, a day as its date, a week as its first and last day."""
    if bar.hour is not None:
        return f"{bar.hour:02d}:00"
    if unit is Unit.DAY:
        return bar.day.isoformat()
    return f"{bar.day.isoformat()}/{(bar.day + timedelta(days=bar.days - 1)).isoformat()}"


# ------------------------------------------------------------------------------------------------- as CSV


def as_csv(summary: Summary) -> str:
    """Return a report as one table for spreadsheets: amounts are decimal strings, times are seconds."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in _rows(summary):
        writer.writerow([row.get(name, "") for name in _COLUMNS])
    return BOM + out.getvalue()


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: strangers choose the names of dishes."""
    return "'" + text if text.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _rows(summary: Summary) -> Iterator[dict[str, str]]:
    span, code = summary.span, harmless(summary.currency)
    yield {"part": "report", "name": "first day", "count": span.first.isoformat()}
    yield {"part": "report", "name": "last day", "count": span.last.isoformat()}
    for words in summary.filters:
        yield {"part": "report", "name": "only", "count": harmless(words)}
    for other, orders in summary.others.items():
        yield {
            "part": "report",
            "name": "not counted here",
            "count": str(orders),
            "currency": harmless(other),
        }
    yield from _figures(summary)
    for bar in summary.bars:
        yield {
            "part": f"sales by {span.unit}", "name": bar_name(bar, span.unit), "currency": code,
            "amount": _money(bar.amount, code), "before": _money(bar.before, code),
        }  # fmt: skip
    for status in STATUSES:
        yield {"part": "orders by status", "name": status, "count": str(summary.now.statuses[status])}
    for each in summary.periods:
        yield {
            "part": "preparation by period", "name": f"{each.begin}:00-{each.end}:00",
            "count": str(each.count), "median_s": str(each.median), "p75_s": str(each.three_quarters),
            "p90_s": str(each.nine_tenths),
        }  # fmt: skip
    for title, sold in summary.items:
        yield {
            "part": "items", "name": harmless(title), "count": str(sold.quantity),
            "amount": _money(sold.revenue, code), "currency": code,
        }  # fmt: skip


def _figures(summary: Summary) -> Iterator[dict[str, str]]:
    now, before, code = summary.now, summary.before, harmless(summary.currency)
    yield {
        "part": "figures", "name": "sales", "amount": _money(now.sales, code), "currency": code,
        "before": _money(before.sales, code),
    }  # fmt: skip
    yield {"part": "figures", "name": "orders", "count": str(now.orders), "before": str(before.orders)}
    yield {
        "part": "figures", "name": "average order", "amount": _money(now.average, code), "currency": code,
        "before": _money(before.average, code),
    }  # fmt: skip
    yield {
        "part": "figures", "name": "preparation", "median_s": _number(now.prep_median),
        "before": _number(before.prep_median),
    }  # fmt: skip
    yield {"part": "figures", "name": "late orders", "count": str(now.late), "before": str(before.late)}


def _money(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else f"{round_money(amount, currency):f}"


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
