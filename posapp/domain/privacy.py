"""What stays of an order when its customer is forgotten: texts of the history, and which numbers are one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from posapp.domain.sale import Buyer, Sale
from posapp.domain.text import digits_of

FEWEST_DIGITS = 6
_NATIONAL_DIGITS = 10  # what stands before them is a country's code or a trunk prefix
_BEFORE = ("", "7", "8", "977")
GONE = "…"  # in the place of a text that was taken out
# Of an entry, what names no customer whatever it says. All other texts go, unknown ones too.
_STAYING = frozenset(
    {
        "amount", "approved_by", "at", "choice", "copy", "courier", "courier_id", "currency", "due",
        "entries", "fields", "from", "how", "kept", "kind", "method", "mine", "ours", "printer", "quantity",
        "reference", "remote", "run", "seal", "seconds", "section", "source", "status", "theirs", "title",
        "to", "total",
    }
)  # fmt: skip
_VALUES = frozenset({"before", "after"})  # JSON of fields and their values


class Hold(StrEnum):
    """Why an order that is old enough keeps its customer."""

    ACTIVE = "active"
    SENDING = "sending"
    UNREAD = "unread"
    PRINTING = "printing"
    SHIFT = "shift"
    CASH = "cash"
    MONEY = "money"


def without_customer(params: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of an entry of the history without those that may tell of a customer."""
    return {name: _without(name, text) for name, text in params.items()}


def _without(name: str, text: str) -> str:
    if name in _STAYING or not text:
        return text
    return "{}" if name in _VALUES else GONE


def sale_without_customer(sale: Sale) -> Sale:
    """Return a cart as it was sold, of nobody: dishes, prices and discounts stay."""
    lines = tuple(replace(line, notes="") for line in sale.lines)
    return replace(sale, buyer=Buyer(city=sale.buyer.city), comment="", lines=lines)


def one_number(typed: str) -> tuple[str, ...]:
    """Return the digits of a telephone number in every way they are stored; () when they are too few."""
    digits = digits_of(typed)
    if len(digits) < FEWEST_DIGITS:
        return ()
    if len(digits) < _NATIONAL_DIGITS:
        return (digits,)
    national = digits[-_NATIONAL_DIGITS:]
    return tuple(dict.fromkeys((digits, *(before + national for before in _BEFORE))))
