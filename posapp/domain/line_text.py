"""What people write about a line of an order: its options and its discount, read and written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from posapp.domain.discount import Discount, DiscountKind
from posapp.domain.money import plain_amount, typed_amount
from posapp.domain.sale import SaleModifier
from posapp.domain.text import clean_line

LONGEST_OPTION = 200
MOST_OPTIONS = 30
_PRICED = re.compile(r"(?P<title>.*\S)\s+(?P<sign>[+\-−])\s?(?P<sum>[0-9][0-9 .,]*)\Z")
_DISCOUNT = re.compile(r"[-−]?\s*(?P<sum>[0-9][0-9 .,]*)(?P<percent>\s?%)?(?:\s+(?P<reason>\S.*))?\Z")


class LineTextError(ValueError):
    """A text that makes no sense for a line: a sentence for people."""


def read_options(text: str) -> tuple[SaleModifier, ...]:
    """Read "extra cheese +50; no onions"; nothing: none. Raises LineTextError."""
    found = tuple(_option(part) for part in map(clean_line, text.split(";")) if part)
    if len(found) > MOST_OPTIONS:
        raise LineTextError(f"{len(found)} options are too many. At most {MOST_OPTIONS} fit.")
    return found


def _option(text: str) -> SaleModifier:
    match = _PRICED.match(text)
    title, price = text, Decimal(0)
    if match is not None:
        title = match["title"]
        price = _amount(match["sum"]) * (1 if match["sign"] == "+" else -1)
    if len(title) > LONGEST_OPTION:
        raise LineTextError(f"An option is longer than {LONGEST_OPTION} characters. Shorten it.")
    return SaleModifier(title, price)


def options_text(options: Iterable[SaleModifier]) -> str:
    """Write options as `read_options` reads them."""
    return "; ".join(option_text(option) for option in options)


def option_text(option: SaleModifier) -> str:
    """Write one option with what it adds to the price."""
    if not option.price:
        return option.title
    sign = "+" if option.price > 0 else "-"
    return f"{option.title} {sign}{plain_amount(abs(option.price))}"


def read_discount(text: str, reason: str = "") -> Discount | None:
    """Read "10%", "50" or "10% regular guest"; nothing and 0: none. Raises LineTextError."""
    plain = clean_line(text)
    if not plain:
        return None
    match = _DISCOUNT.match(plain)
    if match is None:
        raise LineTextError(f"“{plain[:40]}” is no discount. Write it like 10% or 50.")
    value = _amount(match["sum"])
    if not value:
        return None
    kind = DiscountKind.PERCENT if match["percent"] else DiscountKind.AMOUNT
    if kind is DiscountKind.PERCENT and value > 100:
        raise LineTextError("A discount cannot be above 100 %. Give less.")
    return Discount(kind, value, clean_line(match["reason"] or reason) or "Discount")


def discount_text(discount: Discount | None) -> str:
    """Write how much a discount is, without its reason."""
    if discount is None:
        return ""
    return plain_amount(discount.value) + ("%" if discount.kind is DiscountKind.PERCENT else "")


def _amount(text: str) -> Decimal:
    try:
        return typed_amount(text)
    except ValueError:
        raise LineTextError(f"“{text[:40]}” is not an amount. Write it like 12.50.") from None
