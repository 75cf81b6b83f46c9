"""Sums of money as people read them, remembered because rows ask for the same ones at every repaint."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from posapp.domain.money import NO_BREAK_SPACE, format_number, format_received, parse_amount

# On the screen the groups of digits stand closer together than words do.
_GROUP_SPACE = re.compile(rf"(?<=\d){NO_BREAK_SPACE}(?=\d)")
_NARROW_SPACE = "\u202f"


@lru_cache(maxsize=4096)
def money_text(amount: str, currency: str) -> str:
    """Return a decimal string such as "7460.00" as "7 460 ₸"; what is no amount is returned as it came."""
    return _GROUP_SPACE.sub(_NARROW_SPACE, format_received(amount, currency))


@lru_cache(maxsize=4096)
def number_text(amount: str, currency: str) -> str:
    """Return the amount without its currency, as in "from 10 000"; what is no amount as it came."""
    value = amount_of(amount)
    if value is None:
        return amount
    return _GROUP_SPACE.sub(_NARROW_SPACE, format_number(value, currency))


def amount_of(amount: str) -> Decimal | None:
    """Return the decimal that `amount` writes, or None."""
    try:
        return parse_amount(amount.strip(), negative=True)
    except ValueError:
        return None
