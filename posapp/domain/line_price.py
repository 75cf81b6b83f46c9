"""What a line of somebody else's order costs when it is edited here: its shop names only one total."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from posapp.domain.discount import Discount

_CENT = Decimal("0.01")


def price_of_one(total: Decimal, quantity: int, unit_price: Decimal) -> Decimal:
    """Return what one costs with its options; what they add stands in the total alone."""
    return total / quantity if quantity else unit_price


def line_sum(price: Decimal, quantity: int) -> Decimal:
    """Return what so many cost, to the cent."""
    return (price * quantity).quantize(_CENT, ROUND_HALF_UP)


def after_discount(full: Decimal, discount: Discount | None) -> Decimal:
    """Return a price less a discount in percent, to the cent."""
    off = discount.value if discount is not None else Decimal(0)
    return (full * (100 - off) / 100).quantize(_CENT, ROUND_HALF_UP)
