"""Discounts: a percentage or an amount, shared out over lines so that no unit is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from posapp.domain.money import currency_of, round_money, total_of

LONGEST_REASON = 200


class DiscountKind(StrEnum):
    """How a discount is counted."""

    PERCENT = "percent"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Discount:
    """Something off, with its reason; a promo is a discount with a name."""

    kind: DiscountKind
    value: Decimal
    reason: str = ""
    promo: str = ""
    promo_id: str = ""

    @property
    def name(self) -> str:
        """Return what reports and receipts call it."""
        return self.promo or self.reason


def discount_problem(discount: Discount, currency: str) -> str:
    """Return what is wrong with a discount as a sentence, "" if nothing is."""
    if discount.value <= 0:
        return "A discount has to be above zero."
    if discount.kind is DiscountKind.PERCENT:
        if discount.value > 100:
            return "A discount cannot be above 100 %."
        if discount.value != round(discount.value, 2):
            return "A percentage has at most two decimals."
    elif discount.value != round_money(discount.value, currency):
        return f"This amount has more decimals than {currency} has."
    if not discount.name.strip():
        return "A discount needs a reason or the name of a promo."
    if max(len(discount.reason), len(discount.promo), len(discount.promo_id)) > LONGEST_REASON:
        return f"A reason has at most {LONGEST_REASON} characters."
    return ""


def shares(discount: Discount, amounts: Sequence[Decimal], currency: str) -> tuple[Decimal, ...]:
    """Return what a discount takes off each of these amounts (zero or more, in whole minor units).

    A percentage is rounded half up on each. An amount, at most their sum, is shared out by their size; what
    rounding leaves over goes to the largest remainders, the first of equal ones. No share exceeds its amount.
    """
    if discount.kind is DiscountKind.PERCENT:
        return tuple(round_money(amount * discount.value / 100, currency) for amount in amounts)
    total = total_of(amounts)
    off = min(discount.value, total)
    if not off:
        return tuple(Decimal("0") for _ in amounts)
    minor = currency_of(currency).minor
    units = [_units(amount, minor) for amount in amounts]
    whole, off_units = sum(units), _units(off, minor)
    parts = [divmod(off_units * unit, whole) for unit in units]
    left = off_units - sum(part for part, _ in parts)
    largest = sorted(range(len(parts)), key=lambda index: (-parts[index][1], index))[:left]
    return tuple(Decimal(part + (index in largest)).scaleb(-minor) for index, (part, _) in enumerate(parts))


def _units(amount: Decimal, minor: int) -> int:
    return int(amount.scaleb(minor))
