"""Amounts of money as decimals: parsing, rounding and the way each currency is written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

NO_BREAK_SPACE = "\u00a0"
_AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,6})?\Z", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z|\d{1,3}(?: \d{3})+(?:\.\d+)?\Z", re.ASCII)
_COMMA = re.compile(r"(-?)(\d{1,3}(?:[ .]\d{3})+|\d+),(\d+)\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Currency:
    """How a currency is counted and written; `minor` is the number of decimals."""

    code: str
    minor: int
    symbol: str
    symbol_first: bool
    group: str


_CURRENCIES = {
    currency.code: currency
    for currency in (
        Currency("KZT", 2, "₸", symbol_first=False, group=NO_BREAK_SPACE),
        Currency("NPR", 2, "Rs", symbol_first=True, group=","),
        Currency("RUB", 2, "₽", symbol_first=False, group=NO_BREAK_SPACE),
        Currency("USD", 2, "$", symbol_first=True, group=","),
        Currency("EUR", 2, "€", symbol_first=False, group=NO_BREAK_SPACE),
    )
}


def currency_of(code: str) -> Currency:
    """Return the currency called `code`; an unknown one is written with its code and two decimals."""
    return _CURRENCIES.get(code) or Currency(code, 2, code, symbol_first=False, group=NO_BREAK_SPACE)


def parse_amount(text: str, *, negative: bool = False) -> Decimal:
    """Return the amount written as `text` ("2600.00"); raise ValueError for anything else.

    Up to twelve digits before and six after the point; no exponent, no comma, no NaN.
    """
    if not _AMOUNT.match(text):
        raise ValueError(f"“{text[:40]}” is not an amount such as 2600.00")
    amount = Decimal(text)
    if amount < 0 and not negative:
        raise ValueError(f"“{text[:40]}” is below zero")
    return amount


def typed_amount(text: str) -> Decimal:
    """Return the amount that a person typed: "1,250.50", "1 250", "12,50", "+5"; raise ValueError.

    A comma before three digits groups them, as the screen writes it; any other one is a decimal comma.
    """
    plain = text.strip().removeprefix("+")
    if _GROUPED.match(plain):
        plain = plain.replace(",", "").replace(" ", "")
    elif (match := _COMMA.match(plain)) is not None:
        plain = f"{match[1]}{match[2].replace(' ', '').replace('.', '')}.{match[3]}"
    return parse_amount(plain, negative=True)


def plain_amount(amount: Decimal) -> str:
    """Write an amount without exponent and trailing zeros, exactly."""
    text = f"{amount:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Round half up to the currency's minor unit."""
    return amount.quantize(Decimal(1).scaleb(-currency_of(currency).minor), rounding=ROUND_HALF_UP)


def line_total(unit_price: Decimal, quantity: int, currency: str) -> Decimal:
    """Return unit price × quantity, rounded once per line."""
    return round_money(unit_price * quantity, currency)


def total_of(amounts: Iterable[Decimal]) -> Decimal:
    """Return the exact sum."""
    return sum(amounts, Decimal(0))


def format_number(amount: Decimal, currency: str) -> str:
    """Write the number alone, grouped, without decimals where they are zero: "12 600", "1,250.50"."""
    known = currency_of(currency)
    rounded = round_money(amount, currency)
    sign = "−" if rounded < 0 else ""
    whole, _, fraction = f"{abs(rounded):,f}".partition(".")
    text = sign + whole.replace(",", known.group)
    return text if not fraction.strip("0") else f"{text}.{fraction}"


def format_money(amount: Decimal, currency: str) -> str:
    """Write an amount as the shop does: "12 600 ₸", "Rs 1,250"."""
    known = currency_of(currency)
    number = format_number(amount, currency)
    if known.symbol_first:
        return f"{known.symbol}{NO_BREAK_SPACE}{number}"
    return f"{number}{NO_BREAK_SPACE}{known.symbol}"


def format_received(text: str, currency: str) -> str:
    """Write a total as received; what cannot be read as an amount is shown as it came."""
    try:
        return format_money(parse_amount(text, negative=True), currency)
    except ValueError:
        return text


def change_to_bring(total: Decimal, given: str) -> Decimal | None:
    """Return what the courier hands back; None when the customer's note is unknown or unreadable.

    `given` is the internal API's `change`: "" means unknown, not exact. Negative: the note is too small.
    """
    try:
        return parse_amount(given.strip()) - total
    except ValueError:
        return None
