"""Payments: what is taken, given back and still due; rows that are never edited, only followed by others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from enum import StrEnum

from posapp.domain.errors import RefusedError
from posapp.domain.money import currency_of, format_money, round_money, total_of
from posapp.domain.status import PaymentMethod, PaymentStatus

ZERO = Decimal("0")
LONGEST_TEXT = 200
# What the quick notes may be: the tills' usual banknotes.
_NOTES: dict[str, tuple[int, ...]] = {
    "KZT": (200, 500, 1000, 2000, 5000, 10_000, 20_000),
    "NPR": (5, 10, 20, 50, 100, 500, 1000),
    "RUB": (50, 100, 200, 500, 1000, 2000, 5000),
    "USD": (1, 5, 10, 20, 50, 100),
    "EUR": (5, 10, 20, 50, 100, 200),
}
_OTHER_NOTES = (1, 5, 10, 50, 100, 500, 1000)


class PaymentKind(StrEnum):
    """What a row of the payments is."""

    PAYMENT = "payment"
    REFUND = "refund"
    REVERSAL = "reversal"  # takes a mistaken row back


@dataclass(frozen=True, slots=True)
class Tender:
    """How somebody wants to pay: `amount` None pays all that is due, `tendered` None is exact cash."""

    method: PaymentMethod
    amount: Decimal | None = None
    tendered: Decimal | None = None
    reference: str = ""  # of the card terminal
    person: str = ""  # who of several pays
    tip: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Payment:
    """One row: `amount` counts against the order, and below zero is given back.

    What moves is `received` = amount + rounding + tip; for cash it is also tendered − change. `returned` is
    the part of a refund that makes the order cheaper, not the part that corrects an overpayment.
    """

    kind: PaymentKind
    method: PaymentMethod
    amount: Decimal
    rounding: Decimal = ZERO
    tip: Decimal = ZERO
    tendered: Decimal = ZERO
    change: Decimal = ZERO
    returned: Decimal = ZERO
    reference: str = ""
    person: str = ""
    reason: str = ""
    lines: tuple[tuple[int, int, Decimal], ...] = ()  # of a refund by line: position, quantity, amount
    reverses: int | None = None
    pk: int = field(default=0, compare=False)

    @property
    def received(self) -> Decimal:
        """Return what goes into the drawer or onto the account, below zero what leaves it."""
        return self.amount + self.rounding + self.tip


@dataclass(frozen=True, slots=True)
class Balance:
    """An order's account: paid − refunded + due = total − returned; below zero, `due` is to be given back."""

    total: Decimal
    paid: Decimal
    refunded: Decimal
    returned: Decimal
    due: Decimal
    tips: Decimal
    rounding: Decimal

    @property
    def refundable(self) -> Decimal:
        """Return what can still be given back."""
        return self.paid - self.refunded

    @property
    def status(self) -> PaymentStatus:
        """Return the payment status that follows."""
        if self.refunded > 0 and self.refundable <= 0 and self.due <= 0:
            return PaymentStatus.REFUNDED
        if self.due <= 0:
            return PaymentStatus.PAID
        return PaymentStatus.PARTLY_PAID if self.refundable > 0 else PaymentStatus.UNPAID


def balance(total: Decimal, payments: Iterable[Payment]) -> Balance:
    """Return where an order stands after these rows."""
    paid = refunded = returned = tips = rounding = ZERO
    for row in payments:
        # A reversal has the opposite sign of what it takes back.
        if (row.kind is PaymentKind.PAYMENT) or (row.kind is PaymentKind.REVERSAL and row.amount < 0):
            paid += row.amount
        else:
            refunded -= row.amount
        returned += row.returned
        tips += row.tip
        rounding += row.rounding
    return Balance(total, paid, refunded, returned, total - returned - paid + refunded, tips, rounding)


def round_cash(amount: Decimal, step: Decimal) -> Decimal:
    """Round half up to what coins can pay; a step of zero leaves the amount as it is."""
    if not step:
        return amount
    return (amount / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step


def to_collect(amount: Decimal, method: PaymentMethod, step: Decimal) -> Decimal:
    """Return what is to be taken for an amount by this method."""
    return round_cash(amount, step) if method is PaymentMethod.CASH else amount


def take(
    tender: Tender, due: Decimal, currency: str, *, cash_step: Decimal = ZERO, tips: bool = False
) -> Payment:
    """Return the row for a tender; raise RefusedError naming its fields if it cannot be taken."""
    amount = due if tender.amount is None else tender.amount
    problems: dict[str, str] = {}
    if due <= 0:
        problems["amount"] = "Nothing is due."
    elif amount <= 0 or amount != round_money(amount, currency):
        problems["amount"] = "This is not an amount that can be paid."
    elif amount > due:
        problems["amount"] = f"Only {format_money(due, currency)} is due."
    if tender.tip and not tips:
        problems["tip"] = "Tips are switched off."
    elif tender.tip < 0 or tender.tip != round_money(tender.tip, currency):
        problems["tip"] = "This is not an amount."
    if max(len(tender.reference), len(tender.person)) > LONGEST_TEXT:
        problems["reference"] = f"At most {LONGEST_TEXT} characters."
    collect = to_collect(amount + tender.tip, tender.method, cash_step)
    given = collect if tender.tendered is None else tender.tendered
    if not problems:
        problems |= _given_problem(tender.method, given, collect, currency)
    if problems:
        raise RefusedError("This payment cannot be taken.", " ".join(problems.values()), fields=problems)
    return Payment(
        PaymentKind.PAYMENT,
        tender.method,
        round_money(amount, currency),
        rounding=round_money(collect - amount - tender.tip, currency),
        tip=round_money(tender.tip, currency),
        tendered=round_money(given, currency),
        change=round_money(given - collect, currency),
        reference=tender.reference,
        person=tender.person,
    )


def _given_problem(method: PaymentMethod, given: Decimal, collect: Decimal, currency: str) -> dict[str, str]:
    if given < collect:
        return {"tendered": f"{format_money(collect - given, currency)} is missing."}
    if given != round_money(given, currency):
        return {"tendered": "This is not an amount."}
    if method is not PaymentMethod.CASH and given != collect:
        return {"tendered": "There is no change on a card."}
    return {}


def refund(
    rows: Sequence[Payment],
    total: Decimal,
    amount: Decimal,
    method: PaymentMethod,
    currency: str,
    *,
    reason: str,
    cash_step: Decimal = ZERO,
    lines: tuple[tuple[int, int, Decimal], ...] = (),
) -> Payment:
    """Return the row that gives an amount back; raise RefusedError if so much was not paid, or not so."""
    now = balance(total, rows)
    problems: dict[str, str] = {}
    if amount <= 0 or amount != round_money(amount, currency):
        problems["amount"] = "This is not an amount that can be given back."
    elif amount > now.refundable:
        problems["amount"] = f"At most {format_money(now.refundable, currency)} can be given back."
    elif method is PaymentMethod.CARD and amount > net_of(rows, method):
        problems["method"] = f"By card only {format_money(net_of(rows, method), currency)} was paid."
    if not reason.strip() or len(reason) > LONGEST_TEXT:
        problems["reason"] = "Say why."
    if problems:
        raise RefusedError("This cannot be given back.", " ".join(problems.values()), fields=problems)
    handed = to_collect(amount, method, cash_step)
    return Payment(
        PaymentKind.REFUND,
        method,
        -round_money(amount, currency),
        rounding=round_money(amount - handed, currency),
        returned=round_money(max(ZERO, amount - max(ZERO, -now.due)), currency),
        reason=reason,
        lines=lines,
    )


def full_refund(
    rows: Sequence[Payment], total: Decimal, currency: str, *, reason: str, cash_step: Decimal = ZERO
) -> tuple[Payment, ...]:
    """Return the rows that give everything back as it came: by card what was paid so, the rest in cash."""
    left = balance(total, rows).refundable
    card = max(ZERO, min(left, net_of(rows, PaymentMethod.CARD)))
    found: list[Payment] = []
    for method, amount in ((PaymentMethod.CARD, card), (PaymentMethod.CASH, left - card)):
        if amount > 0:
            so_far = [*rows, *found]
            found.append(refund(so_far, total, amount, method, currency, reason=reason, cash_step=cash_step))
    if not found:
        raise RefusedError(
            "This cannot be given back.", "Nothing was paid.", fields={"amount": "Nothing was paid."}
        )
    return tuple(found)


def with_slip(rows: Iterable[Payment], reference: str) -> tuple[Payment, ...]:
    """Return refunds with the number of the terminal's slip on what goes back to a card."""
    slip = reference.strip()[:LONGEST_TEXT]
    return tuple(
        replace(row, reference=slip) if row.method is PaymentMethod.CARD and slip else row for row in rows
    )


def reversal(rows: Sequence[Payment], pk: int, reason: str) -> Payment:
    """Return the row that takes a mistaken one back; raise RefusedError if that is not possible."""
    row = next((each for each in rows if each.pk == pk), None)
    if row is None:
        raise RefusedError("There is no such payment.", remedy="Look at the order again.")
    if not reason.strip() or len(reason) > LONGEST_TEXT:
        raise RefusedError("This payment is not taken back.", "Say why.", fields={"reason": "Say why."})
    if row.kind is PaymentKind.REVERSAL or any(each.reverses == pk for each in rows):
        raise RefusedError("This was taken back already.", remedy="Take the payment again instead.")
    back = replace(
        row,
        kind=PaymentKind.REVERSAL,
        amount=-row.amount,
        rounding=-row.rounding,
        tip=-row.tip,
        tendered=ZERO,
        change=ZERO,
        returned=-row.returned,
        reason=reason,
        lines=tuple((position, -quantity, -amount) for position, quantity, amount in row.lines),
        reverses=pk,
        pk=0,
    )
    after = balance(ZERO, [*rows, back])
    if after.refundable < 0:
        raise RefusedError(
            "This payment cannot be taken back.",
            "A part of it was given back already.",
            "Take the refund back first.",
        )
    return back


def net_of(rows: Iterable[Payment], method: PaymentMethod) -> Decimal:
    """Return what was paid by a method and not given back by it."""
    return total_of(row.amount for row in rows if row.method is method)


def line_refund(total: Decimal, quantity: int, before: int, count: int, currency: str) -> Decimal:
    """Return what `count` of a line's `quantity` are worth after `before` of them; no unit is lost."""
    until = round_money(total * (before + count) / quantity, currency)
    return until - round_money(total * before / quantity, currency)


def returned_quantities(rows: Iterable[Payment]) -> dict[int, int]:
    """Return how many of each line (by position) were given back."""
    found: dict[int, int] = {}
    for row in rows:
        for position, quantity, _ in row.lines:
            found[position] = found.get(position, 0) + quantity
    return found


def split_evenly(amount: Decimal, people: int, currency: str) -> tuple[Decimal, ...]:
    """Share an amount out to so many people; the first ones pay what cannot be shared."""
    if people < 1:
        raise ValueError("nobody to share with")
    minor = currency_of(currency).minor
    each, over = divmod(int(amount.scaleb(minor)), people)
    return tuple(Decimal(each + (index < over)).scaleb(-minor) for index in range(people))


def quick_cash(
    due: Decimal, currency: str, *, cash_step: Decimal = ZERO, count: int = 3
) -> tuple[Decimal, ...]:
    """Return what a customer is likely to hand over: exact first, then the next round sums.

    Nobody puts many small notes together, and notes that begin with a two are rare.
    """
    exact = round_cash(due, cash_step)
    notes = _NOTES.get(currency, _OTHER_NOTES)
    sums = {note: (exact / note).to_integral_value(rounding=ROUND_CEILING) * note for note in notes}
    likely = {
        value
        for note, value in sums.items()
        if note * 10 >= exact and (str(note)[0] != "2" or note >= exact) and value > exact
    }
    found = sorted(likely)[:count]
    for note in reversed(notes):
        if len(found) < count and str(note)[0] != "2" and exact < sums[note] not in found:
            found.append(sums[note])
    return tuple(round_money(value, currency) for value in (exact, *sorted(found)))
