"""The receipt of money that goes back: what for, how, and what the order comes to now."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from zoneinfo import ZoneInfo

from posapp.domain.money import format_money, format_number, parse_amount
from posapp.domain.payment import Payment, PaymentKind, balance
from posapp.domain.tickets import TicketOrder, TicketRequest
from posapp.printing.document import Align, Block, Size, columns, rule, text
from posapp.printing.pieces import METHODS, code_text, stamp

_CENTER = Align.CENTER
_ZERO = Decimal(0)


def refund_receipt(request: TicketRequest, zone: ZoneInfo) -> Iterator[Block]:
    """Lay out what went back with `request.back`, and nothing that an earlier receipt has told."""
    order, rows = request.order, request.back
    refund = all(row.kind is PaymentKind.REFUND for row in rows)
    if order.shop:
        yield text(order.shop, align=_CENTER, bold=True, size=Size.TALL)
    yield text("REFUND" if refund else "CORRECTION", align=_CENTER, bold=True, size=Size.LARGE)
    yield text(f"Order {code_text(order.code)}", align=_CENTER, bold=True)
    yield text(f"of {stamp(order.created_at, zone)}", align=_CENTER)
    yield rule()
    yield from _dishes(order, rows)
    yield from _moved(rows, order.currency)
    yield rule()
    yield from _stands(order)
    yield rule()
    yield text(f"{request.station} - {stamp(request.at, zone)}", align=_CENTER)


def _dishes(order: TicketOrder, rows: tuple[Payment, ...]) -> Iterator[Block]:
    """Tell which dishes were given back, with what was paid for them."""
    given = [piece for row in rows for piece in row.lines if piece[1] > 0]
    for position, quantity, amount in given:
        dish = order.lines[position].dish if position < len(order.lines) else None
        title = (dish.title or dish.name) if dish is not None else f"Line {position + 1}"
        yield columns(f"{quantity} x {title}", format_number(amount, order.currency))
    if given:
        yield rule()


def _moved(rows: tuple[Payment, ...], currency: str) -> Iterator[Block]:
    """Tell what goes back by each method; a correction may also take again what was given back."""
    sums = {True: _ZERO, False: _ZERO}
    for row in rows:
        sums[row.received < 0] += abs(row.received)
    for back, words in ((True, "GIVEN BACK"), (False, "TAKEN AGAIN")):
        if sums[back]:
            yield columns(words, format_money(sums[back], currency), bold=True, size=Size.TALL)
    for row in rows:
        name = METHODS.get(row.method, row.method.value)
        way = "back" if row.received < 0 else "taken"
        yield columns(f"{name}, {way}", format_number(abs(row.received), currency), indent=2)
        if row.rounding:
            yield columns("Rounding", format_number(-row.rounding, currency), indent=2)
        if row.tip:
            yield columns("Tip", format_number(-row.tip, currency), indent=2)
        if row.reference:
            yield text(row.reference, indent=4)
    for reason in dict.fromkeys(row.reason for row in rows if row.reason):
        yield text(f"Reason: {reason}")


def _stands(order: TicketOrder) -> Iterator[Block]:
    """Tell what the order came to, what it comes to now, and whether something is still to be paid."""
    try:
        total = parse_amount(order.total, negative=True)
    except ValueError:
        return
    now, currency = balance(total, order.payments), order.currency
    yield columns("The order came to", format_number(total, currency))
    yield columns("It comes to now", format_number(total - now.returned, currency), bold=True)
    yield columns("Paid, all in all", format_number(now.refundable, currency))
    if now.due > 0:
        yield columns("STILL TO PAY", format_number(now.due, currency), bold=True)
