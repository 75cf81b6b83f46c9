"""Sums of money as people read them, remembered because rows ask for the same ones at every repaint."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from posapp.domain.money import format_number, format_received, parse_amount


@lru_cache(maxsize=4096)
def money_text(amount: str, currency: str) -> str:
    """Return a decimal string such as "7460.00" as "7 460 ₸"; what is no amount is returned as it came."""
    return format_received(amount, currency)


@lru_cache(maxsize=4096)
def number_text(amount: str, currency: str) -> str:
    """Return the amount without its currency, as in "from 10 000"; what is no amount as it came."""
    value = amount_of(amount)
    return amount if value is None else format_number(value, currency)


def amount_of(amount: str) -> Decimal | None:
    """Return the decimal that `amount` writes, or None."""
    try:
        return parse_amount(amount.strip(), negative=True)
    except ValueError:
        return None
