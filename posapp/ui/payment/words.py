"""What the payment panel says of a till: the change or what is missing, and what its button does."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from posapp.domain.payment import Tender
from posapp.domain.status import PaymentMethod
from posapp.ui.moneytext import money_text, number_text
from posapp.ui.payment.till import Till, Way

translate = QCoreApplication.translate
_MINUS = "−\u202f"


@dataclass(frozen=True, slots=True)
class Words:
    """The box under the keys: a title, how its sum came about, the sum, a tone."""

    title: str = ""
    detail: str = ""
    sum: str = ""
    tone: str = "ok"


def sum_text(amount: Decimal, currency: str, *, sign: bool = False) -> str:
    """Write an amount; below zero, or with `sign`, it wears its sign."""
    text = money_text(f"{abs(amount):f}", currency)
    return f"{_MINUS}{text}" if amount < 0 else f"+{text}" if sign else text


def box_words(till: Till) -> Words:
    """Return what is to be given back, or what is still missing."""
    currency = till.currency
    if till.rest <= 0:
        return _settled_words(till)
    if till.way is Way.LATER:
        return Words()
    plain = _difference(till)
    if till.too_much_by_card:
        most = translate("till", "At most %1.").replace("%1", sum_text(till.collect, currency))
        return Words(translate("till", "There is no change on a card."), most, tone="danger")
    if till.tip_is_missing:
        least = translate("till", "With it, %1.").replace("%1", sum_text(till.collect, currency))
        return Words(translate("till", "That does not cover the tip."), least, tone="danger")
    if till.change < 0:
        left = till.rest - till.amount
        detail = translate("till", "after a part of %1").replace("%1", sum_text(till.amount, currency))
        if till.amount <= 0:
            return Words(translate("till", "That is less than the smallest coin."), tone="danger")
        return Words(translate("till", "Still to pay"), detail, sum_text(left, currency), "warn")
    if till.way is Way.CARD:
        title = translate("till", "To charge")
        return Words(
            title,
            translate("till", "on the terminal, then confirm"),
            sum_text(till.given, currency),
            "accent",
        )
    return Words(translate("till", "Change"), plain, sum_text(till.change, currency))


def _settled_words(till: Till) -> Words:
    if till.rest < 0:
        words = translate("till", "Add a dish, or give it back")
        return Words(
            translate("till", "Taken too much"), words, sum_text(-till.rest, till.currency), "danger"
        )
    if till.taken:
        return Words(translate("till", "All of it is taken."))
    return Words(translate("till", "Nothing is to be paid."))


def part_words(part: Tender, currency: str) -> str:
    """Return a part that was taken: "600 ₸ card, 0077"."""
    card = part.method is PaymentMethod.CARD
    name = translate("till", "card") if card else translate("till", "cash")
    words = f"{sum_text((part.amount or Decimal(0)) + part.tip, currency)} {name}"
    return f"{words}, {part.reference}" if part.reference else words


def _difference(till: Till) -> str:
    given, collect = (number_text(f"{value:f}", till.currency) for value in (till.given, till.collect))
    return f"{given} − {collect}"


def take_words(till: Till, *, none: bool, busy: bool) -> tuple[str, ...]:
    """Return what the button says, the longest first."""
    take = translate("till", "Take payment")
    if busy:
        return (translate("till", "Saving…"),)
    if none:
        return (take,)
    if till.rest <= 0:
        nothing = translate("till", "Finish, nothing to pay")
        return (
            translate("till", "Finish, all is taken") if till.taken else nothing,
            translate("till", "Finish"),
        )
    if till.way is Way.LATER:
        if till.taken:
            return (translate("till", "Save, rest is paid later"), translate("till", "Save"))
        return (translate("till", "Save, pay later"), translate("till", "Pay later"))
    amount = sum_text(min(till.given, till.collect) if till.amount > 0 else till.collect, till.currency)
    if till.is_part:
        text = translate("till", "Take a part · %1").replace("%1", amount)
        return (text, translate("till", "Part · %1").replace("%1", amount), amount)
    if till.way is Way.CARD:
        text = translate("till", "Card is charged · %1").replace("%1", amount)
        return (text, translate("till", "Charged · %1").replace("%1", amount), amount)
    return (f"{take} · {amount}", translate("till", "Take · %1").replace("%1", amount), amount)
