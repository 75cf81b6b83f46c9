"""Single values from strangers: names, amounts, times, and what is wrong with them in plain words."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from posapp.domain.due import parse_instant
from posapp.domain.money import parse_amount
from posapp.domain.text import clean_line

REMOTE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
MAX_QUANTITY = 100_000
MAX_LINES = 1_000

# A menu has few prices, and what is no amount is not kept.
_parsed = lru_cache(maxsize=4096)(parse_amount)

# Shops write numbers for floors and flats as they please.
Text = str | int | None
Amount = object  # text or a number, told apart by amount_of


def quantity_of(value: int, path: str, more: str = "") -> int:
    """Return a quantity within bounds; raise ValueError with a sentence."""
    if not 1 <= value <= MAX_QUANTITY:
        raise ValueError(f"{path}{more}: {value} is not between 1 and {MAX_QUANTITY:,}.")
    return value


def remote_id_of(value: str | int) -> str:
    """Return what can be the name of an order; raise ValueError with a sentence."""
    text = str(value)
    if not REMOTE_ID.match(text):
        raise ValueError(f"id: “{clean_line(text)[:40]}” cannot be the name of an order.")
    return text


def instant_of(text: str, path: str) -> datetime:
    """Return a time as UTC; raise ValueError with a sentence."""
    try:
        return parse_instant(text)
    except ValueError as error:
        raise ValueError(f"{path}: {clean_line(str(error))}.") from None


def amount_of(value: Amount, path: str, more: str = "") -> str:
    """Return an amount as received, once it is sure to be one."""
    if value is None:
        raise ValueError(f"{path}{more}: the amount is missing.")
    text = value if isinstance(value, str) else _number_text(value)
    try:
        _parsed(text)
    except ValueError as error:
        raise ValueError(f"{path}{more}: {clean_line(str(error))}.") from None
    return text


def decimal_of(value: Amount, path: str, more: str = "") -> Decimal:
    """Return an amount as a number; raise ValueError with a sentence."""
    return _parsed(amount_of(value, path, more))


def _number_text(value: Amount) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value:f}"
        case int():
            return str(value)
    return "an object" if isinstance(value, dict) else "a list"


def plain_of(value: Text) -> str:
    """Return a value as text, "" for none."""
    return value if isinstance(value, str) else "" if value is None else str(value)


def line_of(value: Text, limit: int) -> str:
    """Return a value as one harmless line of at most `limit` characters."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    # Most texts are clean: what is printable in any alphabet has no other white space than single blanks.
    if len(text) <= limit and text.isprintable() and "  " not in text and text == text.strip():
        return text
    # Cut before cleaning, so that a text of megabytes costs nothing; cut again, as cleaning may not shorten.
    return clean_line(text.strip()[: 4 * limit])[:limit].rstrip() if text else ""


_WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "Decimal": "a number",
    "bool": "yes or no",
    "null": "nothing",
    "None": "nothing",
    "NoneType": "nothing",
    "object": "an object",
    "dict": "an object",
    "array": "a list",
    "list": "a list",
}
_AT = re.compile(r" - at `\$?\.?(?P<path>[^`]*)`\Z")
_EXPECTED = re.compile(r"Expected `(?P<wanted>[^`]*)`, got `(?P<got>[^`]*)`")
_MISSING = re.compile(r"Object missing required field `(?P<name>[^`]*)`")


def sentence_of(message: str) -> str:
    """Say in plain words what msgspec found wrong, with the path of the field first."""
    at = _AT.search(message)
    path = at["path"] if at else ""
    if missing := _MISSING.search(message):
        return f"{path}{'.' if path else ''}{missing['name']}: this field is missing."
    where = f"{path}: " if path else ""
    if expected := _EXPECTED.search(message):
        wanted = " or ".join(
            _WORDS.get(word.strip(), word.strip())
            for word in expected["wanted"].split("|")
            if "null" not in word
        )
        got = _WORDS.get(expected["got"], expected["got"])
        return f"{where}this should be {wanted}, but it is {got}."
    return f"{where}this makes no sense."
