"""The tickets as they look, laid out once for every printer, the screen and PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from posapp.domain.dispatch import cash_is_owed
from posapp.domain.money import (
    change_to_bring,
    format_number,
    format_received,
    parse_amount,
)
from posapp.domain.payment import Payment, PaymentKind, balance
from posapp.domain.text import clean_line, clean_text, pretty_phone
from posapp.domain.tickets import Difference, Dish, Sold, TicketKind, TicketOrder, TicketRequest
from posapp.printing.document import Align, Block, Document, Size, columns, gap, rule, text, to_json
from posapp.printing.pieces import METHODS, clock, code_text, stamp
from posapp.printing.refund_receipt import refund_receipt

_KINDS = {"delivery": "Delivery", "pickup": "Pickup"}
_PAID = {
    "paid": "Paid",
    "unpaid": "Not paid",
    "waiting_for_payment": "Waiting for payment",
    "failed": "Payment failed",
    "partly_paid": "Partly paid",
    "refunded": "Given back",
}
_CENTER = Align.CENTER


def lay_out(request: TicketRequest, zone: ZoneInfo) -> Document:
    """Return a receipt or a kitchen ticket; times are the shop's."""
    if request.kind is TicketKind.KITCHEN:
        return Document(tuple(_kitchen(request, zone)))
    if request.back:
        return Document(tuple(refund_receipt(request, zone)))
    return Document(tuple(_receipt(request, zone)))


def composer(zone: ZoneInfo) -> Callable[[TicketRequest], str]:
    """Return what turns requests into the JSON that the print queue keeps."""
    return lambda request: to_json(lay_out(request, zone))


def trial_page(printer: str, at: datetime, zone: ZoneInfo) -> Document:
    """Return the page that a person prints to try a printer: every alphabet and size that tickets use."""
    return Document(
        (
            text("posapp", align=_CENTER, bold=True, size=Size.LARGE),
            text(printer, align=_CENTER),
            text(stamp(at, zone), align=_CENTER),
            rule(),
            columns("Plain", "1 234.50"),
            columns("Жаңа нан, әдемі", "250"),
            columns("मोमो र चिया", "250 ₸"),
            text("Tall and bold", bold=True, size=Size.TALL),
            rule(),
            text("If you can read all lines, it works."),
        )
    )


# ------------------------------------------------------------------------------------------- receipt


def _receipt(request: TicketRequest, zone: ZoneInfo) -> Iterator[Block]:
    order = request.order
    if order.shop:
        yield text(order.shop, align=_CENTER, bold=True, size=Size.TALL)
    yield text(f"Order {code_text(order.code)}", align=_CENTER, bold=True)
    if order.remote_id and order.remote_id != order.code:
        yield text(f"No. {order.remote_id}", align=_CENTER)
    yield text(stamp(order.created_at, zone), align=_CENTER)
    if order.table:
        yield text(f"Table {order.table}", align=_CENTER)
    if order.cancelled:
        yield text("CANCELLED", align=_CENTER, bold=True, size=Size.TALL)
    yield rule()
    for line in order.lines:
        yield from _sold(line, order.currency)
    yield rule()
    yield from _totals(order)
    yield from _paid(order)
    yield from _guest(order, zone)
    yield rule()
    yield text(f"{request.station} - {stamp(request.at, zone)}", align=_CENTER)


def _sold(line: Sold, currency: str) -> Iterator[Block]:
    dish = line.dish
    amount = "bonuses" if line.by_bonuses else format_number(line.total, currency)
    yield columns(f"{dish.quantity} x {dish.title or dish.name}", amount)
    if dish.quantity != 1 and not line.by_bonuses:
        yield text(f"at {format_number(line.unit_price, currency)}", indent=4)
    for addition in dish.additions:
        yield text(f"+ {addition}", indent=4)
    if line.promo:
        yield text(line.promo, indent=4)
    yield from _paragraphs(dish.notes, indent=4)


def _totals(order: TicketOrder) -> Iterator[Block]:
    currency = order.currency
    if order.delivery_cost or order.discounts:
        yield columns("Items", format_number(order.products_total, currency))
    for discount in order.discounts:
        yield columns(discount.name or "Discount", format_number(-discount.amount, currency))
    if not order.discounts:
        yield from _unnamed_discount(order)
    if order.delivery_cost:
        yield columns("Delivery", format_number(order.delivery_cost, currency))
    yield columns("TOTAL", format_received(order.total, currency), bold=True, size=Size.TALL)
    for share in order.taxes:
        yield columns(f"including tax {share.percent:f} %", format_number(share.tax, currency))


def _unnamed_discount(order: TicketOrder) -> Iterator[Block]:
    """Tell what a remote took off without saying why, so that the sum can be followed."""
    total = _amount(order.total)
    missing = order.products_total + order.delivery_cost - total if total is not None else Decimal(0)
    if missing > 0:
        yield columns("Discount", format_number(-missing, order.currency))


def _paid(order: TicketOrder) -> Iterator[Block]:
    if order.payments:
        for payment in order.payments:
            yield from _payment(payment, order.currency)
        yield from _due(order)
        return
    method = METHODS.get(order.payment_method, order.payment_method)
    owed = cash_is_owed(
        format_=order.format, method=order.payment_method, payment_status=order.payment_status
    )
    if order.remote_id and owed:
        yield from _to_collect(order)
        return
    if not order.remote_id and order.payment_status == "unpaid":
        yield from _to_pay(order, method)
        return
    words = " - ".join(
        part for part in (_PAID.get(order.payment_status, order.payment_status), method) if part
    )
    if words:
        yield text(words)


def _to_pay(order: TicketOrder, method: str) -> Iterator[Block]:
    """Tell a guest who pays later what is to be paid; this paper is no proof of a payment."""
    total = _amount(order.total)
    if total is None or total <= 0:
        return
    yield columns("TO PAY", format_number(total, order.currency), bold=True)
    yield text(" - ".join(part for part in ("Not paid yet", method) if part))


def _payment(payment: Payment, currency: str) -> Iterator[Block]:
    """Tell a payment as the customer saw it: what was handed over, what came back."""
    name = METHODS.get(payment.method, payment.method.value)
    if payment.kind is not PaymentKind.PAYMENT:
        names = {PaymentKind.REFUND: "Given back", PaymentKind.REVERSAL: "Taken back"}
        yield columns(f"{names[payment.kind]}, {name.lower()}", format_number(payment.received, currency))
        return
    if payment.rounding:
        yield columns("Rounding", format_number(payment.rounding, currency))
    if payment.tip:
        yield columns("Tip", format_number(payment.tip, currency))
    whose = f" ({payment.person})" if payment.person else ""
    yield columns(f"{name}{whose}", format_number(payment.tendered or payment.received, currency))
    if payment.change:
        yield columns("Change", format_number(payment.change, currency))
    if payment.reference:
        yield text(payment.reference, indent=4)


def _due(order: TicketOrder) -> Iterator[Block]:
    total = _amount(order.total)
    due = balance(total, order.payments).due if total is not None else Decimal(0)
    if total is not None and (returned := balance(total, order.payments).returned) > 0:
        yield columns("It comes to now", format_number(total - returned, order.currency), bold=True)
    if due > 0:
        yield columns("STILL TO PAY", format_number(due, order.currency), bold=True)


def _to_collect(order: TicketOrder) -> Iterator[Block]:
    yield text("To pay in cash")
    total = _amount(order.total)
    back = change_to_bring(total, order.change_from) if total is not None else None
    if back is not None and back >= 0:
        given = format_number(parse_amount(order.change_from.strip()), order.currency)
        yield columns(f"Change from {given}", format_number(back, order.currency))


def _guest(order: TicketOrder, zone: ZoneInfo) -> Iterator[Block]:
    if not any((order.customer, order.phone, order.address, order.comment, order.wanted_at)):
        return
    yield rule()
    yield from _when(order, zone)
    for words in (order.customer, pretty_phone(order.phone), order.address):
        if clean_line(words):
            yield text(words)
    yield from _paragraphs(order.comment, bold=True)


# ------------------------------------------------------------------------------------------- kitchen


def _kitchen(request: TicketRequest, zone: ZoneInfo) -> Iterator[Block]:
    order, since = request.order, request.since
    if request.section:
        yield text(request.section, align=_CENTER, bold=True)
    yield text(code_text(order.code), align=_CENTER, bold=True, size=Size.LARGE)
    if order.cancelled:
        yield text("CANCELLED - DO NOT COOK", align=_CENTER, bold=True, size=Size.TALL)
    elif since is not None:
        yield text("CHANGED", align=_CENTER, bold=True, size=Size.TALL)
    elif request.replaces:
        yield text("WHOLE ORDER", align=_CENTER, bold=True, size=Size.TALL)
        yield text("Replaces earlier tickets of this order", align=_CENTER)
    yield text(f"{_KINDS.get(order.kind, order.kind)}  {clock(order.created_at, zone)}", align=_CENTER)
    if order.table:
        yield text(f"Table {order.table}", align=_CENTER, bold=True, size=Size.TALL)
    yield from _when(order, zone)
    yield rule()
    if since is None:
        for dish in order.kitchen.dishes:
            yield from _dish(dish)
        yield from _comment(order, changed=False)
    else:
        yield from _changes(order, since)
    yield rule()
    yield text(f"{request.station} - {stamp(request.at, zone)}", align=_CENTER)


def _dish(dish: Dish, sign: str = "") -> Iterator[Block]:
    words = f"{sign}{dish.quantity} x {dish.title or dish.name}"
    yield text(words, bold=True, size=Size.TALL)
    for addition in dish.additions:
        yield text(f"+ {addition}", indent=4)
    yield from _paragraphs(dish.notes, indent=4, bold=True)


def _changes(order: TicketOrder, since: Difference) -> Iterator[Block]:
    for dish in since.removed:
        yield text("REMOVED", bold=True)
        yield from _dish(dish, "- ")
    for dish in since.added:
        yield text("ADDED", bold=True)
        yield from _dish(dish, "+ ")
    for change in since.changed:
        yield text("INSTEAD OF", bold=True)
        before = change.before
        more = [*(f"+ {addition}" for addition in before.additions), *clean_text(before.notes).splitlines()]
        yield text(f"{before.quantity} x {before.title or before.name}", indent=2)
        for words in more:
            yield text(words, indent=4)
        yield text("NOW", bold=True)
        yield from _dish(change.after)
    if since.wanted:
        yield text("The time has changed", bold=True)
    if since.comment:
        yield from _comment(order, changed=True)


def _comment(order: TicketOrder, *, changed: bool) -> Iterator[Block]:
    words = clean_text(order.comment).strip()
    if not words and not changed:
        return
    yield gap()
    yield text("The comment is now:" if changed else "Comment:")
    yield from _paragraphs(words or "(none)", bold=True)


# -------------------------------------------------------------------------------------------- pieces


def _paragraphs(words: str, *, indent: int = 0, bold: bool = False) -> Iterator[Block]:
    for line in clean_text(words).splitlines():
        if line.strip():
            yield text(line, indent=indent, bold=bold)


def _when(order: TicketOrder, zone: ZoneInfo) -> Iterator[Block]:
    if order.wanted_at is None:
        return
    same_day = order.wanted_at.astimezone(zone).date() == order.created_at.astimezone(zone).date()
    when = clock(order.wanted_at, zone) if same_day else stamp(order.wanted_at, zone)
    yield text(f"For {when}", align=_CENTER, bold=True, size=Size.TALL)


def _amount(written: str) -> Decimal | None:
    try:
        return parse_amount(written, negative=True)
    except ValueError:
        return None
