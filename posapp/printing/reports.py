"""The reports of a shift on paper: X and Z, numbered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from posapp.domain.money import format_money, format_number
from posapp.domain.shift import Custody, ShiftReport
from posapp.printing.document import Align, Block, Document, Size, columns, rule, text

_METHODS = {"cash": "Cash", "card": "Card"}


def report_title(report: ShiftReport) -> str:
    """Return what a report is called, on paper and in the print queue."""
    if report.kind == "Z":
        return f"Z {report.number}"
    return f"X {report.number} of shift {report.shift}"


def lay_out_report(report: ShiftReport, zone: ZoneInfo) -> Document:
    """Return a report; times are the shop's."""
    return Document(tuple(_report(report, zone)))


def _report(report: ShiftReport, zone: ZoneInfo) -> Iterator[Block]:
    yield text(report_title(report), align=Align.CENTER, bold=True, size=Size.LARGE)
    yield text(report.station, align=Align.CENTER)
    yield text(f"Opened {_stamp(report.opened_at, zone)}, {report.opened_by}", align=Align.CENTER)
    yield text(f"Made {_stamp(report.made_at, zone)}, {report.made_by}", align=Align.CENTER)
    yield rule()
    yield from _sales(report)
    yield rule()
    yield from _payments(report)
    yield rule()
    yield from _drawer(report)
    yield rule()
    yield from _custody(report.custody)
    yield columns("Changes on their way", str(report.queue_waiting))
    if report.queue_attention:
        yield columns("Changes that need a person", str(report.queue_attention), bold=True)


def _sales(report: ShiftReport) -> Iterator[Block]:
    figures, currency = report.figures, report.currency
    yield columns("Sales", str(figures.sale_count), bold=True)
    yield columns("Before discounts", format_number(figures.gross, currency))
    for share in figures.discounts:
        yield columns(share.name or "Discount", format_number(-share.amount, currency), indent=2)
    if figures.delivery:
        yield columns("Delivery", format_number(figures.delivery, currency))
    yield columns("TOTAL", format_money(figures.total, currency), bold=True, size=Size.TALL)
    for tax in figures.taxes:
        yield columns(f"including tax {tax.percent:f} %", format_number(tax.tax, currency))
    if report.cancelled_count:
        yield columns(f"Cancelled: {report.cancelled_count}", format_number(report.cancelled_total, currency))
    if report.unpaid_count:
        yield columns(f"Not paid: {report.unpaid_count}", format_number(report.unpaid_total, currency))


def _payments(report: ShiftReport) -> Iterator[Block]:
    currency = report.currency
    yield text("Payments", bold=True)
    for method in report.figures.methods:
        name = _METHODS.get(method.method, method.method)
        yield columns(f"{name}: {method.count}", format_number(method.sales, currency))
        if method.refund_count or method.refunds:
            yield columns(
                f"given back: {method.refund_count}", format_number(-method.refunds, currency), indent=2
            )
        if method.tips:
            yield columns("tips", format_number(method.tips, currency), indent=2)
        if method.rounding:
            yield columns("rounding", format_number(method.rounding, currency), indent=2)
    for share in report.refund_reasons:
        yield columns(f"given back: {share.name}", format_number(share.amount, currency))


def _drawer(report: ShiftReport) -> Iterator[Block]:
    currency = report.currency
    yield text("Drawer", bold=True)
    yield columns("At the beginning", format_number(report.opening_float, currency))
    for move in report.moves:
        sign = 1 if move.kind == "in" else -1
        yield columns(move.reason or "Cash", format_number(sign * move.amount, currency), indent=2)
    yield columns("Expected", format_number(report.expected_cash, currency), bold=True)
    if report.counted_cash is None or report.difference is None:
        return
    for value, pieces in report.pieces:
        if pieces:
            yield columns(
                f"{pieces} x {format_number(value, currency)}",
                format_number(value * pieces, currency),
                indent=2,
            )
    yield columns("Counted", format_number(report.counted_cash, currency), bold=True)
    word = "Over" if report.difference > 0 else "Short" if report.difference < 0 else "Difference"
    yield columns(word, format_number(report.difference, currency), bold=True)
    if report.reason:
        yield text(f"Reason: {report.reason}")
    if report.manager:
        yield text(f"Agreed by {report.manager}")


def _custody(custody: Custody) -> Iterator[Block]:
    yield text("Orders", bold=True)
    rows = (
        ("Open before", custody.carried),
        ("Arrived", custody.arrived),
        ("Taken up again", custody.reopened),
        ("Delivered", -custody.delivered),
        ("Cancelled", -custody.cancelled),
        ("Still open", custody.open),
    )
    for name, count in rows:
        yield columns(name, str(count))
    if custody.gap:
        yield columns("NOT ACCOUNTED FOR", str(custody.gap), bold=True)
    if custody.lost:
        yield text(f"Numbers without an order: {', '.join(custody.lost)}", bold=True)
    if custody.changes_lost:
        yield text(f"Changes are missing: {', '.join(custody.changes_lost)}", bold=True)


def _stamp(moment: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(zone):%d.%m.%Y %H:%M}" if moment else ""
