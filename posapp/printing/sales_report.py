"""The report of a span on paper: its figures, its sales by hour or day, its best dishes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from posapp.domain.money import format_money, format_number
from posapp.domain.report import Tally
from posapp.domain.report_summary import STATUSES, Bar, Summary, bar_name
from posapp.printing.document import Align, Block, Document, Size, columns, rule, text

_ITEMS = 15
_STATUSES = {
    "created": "New",
    "accepted": "Accepted",
    "cooking": "Cooking",
    "ondelivery": "On delivery",
    "timing": "Scheduled",
    "edited": "Edited",
    "delivered": "Delivered",
    "cancelled": "Cancelled",
}


def sales_report_title(summary: Summary) -> str:
    """Return what the report is called, on paper and in the print queue."""
    span = summary.span
    return f"Sales {_days(summary)}" if span.days > 1 else f"Sales {span.first:%d.%m.%Y}"


def lay_out_sales_report(summary: Summary, station: str, made_at: datetime, zone: ZoneInfo) -> Document:
    """Return the report; times are the shop's."""
    return Document(tuple(_report(summary, station, made_at.astimezone(zone))))


def _days(summary: Summary) -> str:
    span = summary.span
    return f"{span.first:%d.%m.%Y} - {span.last:%d.%m.%Y}"


def _report(summary: Summary, station: str, made: datetime) -> Iterator[Block]:
    span, code = summary.span, summary.currency
    yield text("Sales", align=Align.CENTER, bold=True, size=Size.LARGE)
    yield text(_days(summary) if span.days > 1 else f"{span.first:%d.%m.%Y}", align=Align.CENTER, bold=True)
    yield text(f"{station}, {made:%d.%m.%Y %H:%M}", align=Align.CENTER)
    for words in summary.filters:
        yield text(f"Only: {words}", align=Align.CENTER)
    for other, orders in summary.others.items():
        yield text(f"Not counted: {orders} orders in {other}", align=Align.CENTER)
    yield rule()
    yield from _figures(summary)
    yield rule()
    yield text("Orders", bold=True)
    for status in STATUSES:
        if summary.now.statuses[status]:
            yield columns(_STATUSES[status], str(summary.now.statuses[status]))
    yield rule()
    yield text(f"By {span.unit}", bold=True)
    for bar in summary.bars:
        if bar.amount:
            yield columns(_name(bar, summary), format_number(bar.amount, code))
    if summary.items:
        yield rule()
        yield text("Dishes", bold=True)
    for title, sold in summary.items[:_ITEMS]:
        yield columns(f"{sold.quantity} x {title}", format_number(sold.revenue, code))


def _figures(summary: Summary) -> Iterator[Block]:
    now, before, code = summary.now, summary.before, summary.currency
    yield columns("SALES", format_money(now.sales, code), bold=True, size=Size.TALL)
    yield columns("the time before", format_number(before.sales, code), indent=2)
    yield columns("Orders", str(now.orders), bold=True)
    yield columns("the time before", str(before.orders), indent=2)
    yield columns("Average order", _average(now, code))
    yield columns("Preparation, median", _minutes(now.prep_median))
    yield columns("Late orders", str(now.late))


def _average(tally: Tally, code: str) -> str:
    return "-" if tally.average is None else format_number(tally.average, code)


def _minutes(seconds: int | None) -> str:
    return "-" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


def _name(bar: Bar, summary: Summary) -> str:
    if bar.hour is not None:
        return bar_name(bar, summary.span.unit)
    return f"{bar.day:%d.%m.%Y}"
