"""The lines of an order as commands name them: line.2.quantity=3, line.1.additions=…, line.4.title=…."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from posapp.domain.errors import RefusedError
from posapp.domain.line_text import LineTextError, read_discount, read_options
from posapp.domain.money import typed_amount
from posapp.services.line_edits import MOST, LineEdit

_NAME = re.compile(r"line\.([1-9][0-9]{0,3})\.([a-z_]+)\Z")
_OF_NEW = frozenset({"title", "unit_price", "product", "internal_id"})
_OF_ALL = ("quantity", "additions", "notes", "discount")


def is_line_field(name: str) -> bool:
    """Tell whether a field's name is about a line."""
    return name.startswith("line.")


def line_edits(texts: Mapping[str, str], quantities: Sequence[int]) -> list[LineEdit]:
    """Return all lines of an order, of these quantities now, as the texts make them.

    A quantity of 0 takes a line out; the number after the last one adds one. Raises RefusedError by field.
    """
    count = len(quantities)
    problems: dict[str, str] = {}
    parts: dict[int, dict[str, Any]] = {}
    for name, text in texts.items():
        match = _NAME.match(name)
        try:
            if match is None or match[2] not in {*_OF_ALL, *_OF_NEW}:
                raise LineTextError(_no_part(name))
            number = int(match[1])
            if number <= count and match[2] in _OF_NEW:
                raise LineTextError(f"Line {number} keeps its {match[2]}. Take it out, then add another one.")
            parts.setdefault(number, {})[match[2]] = _READ[match[2]](text)
        except LineTextError as error:
            problems[name] = str(error)
    added = sorted(number for number in parts if number > count)
    for place, number in enumerate(added):
        if number != count + 1 + place:
            named = next(name for name in texts if name.startswith(f"line.{number}."))
            problems[named] = f"The order has {count} lines. The next one is line.{count + 1}."
    problems |= {
        f"line.{number}.{name}": words for number in added for name, words in _missing(parts[number])
    }
    if problems:
        raise RefusedError(
            "The lines were not saved.",
            " ".join(problems.values()),
            "Correct what is named, then save again.",
            problems,
        )
    kept = [
        LineEdit(**{"quantity": quantity, "place": place} | parts.get(place + 1, {}))
        for place, quantity in enumerate(quantities)
    ]
    lines = kept + [LineEdit(**{"quantity": 1} | parts[number]) for number in added]
    return [line for line in lines if line.quantity != 0]


def _no_part(name: str) -> str:
    return (
        f"“{name[:40]}” is no part of a line. Write line.NUMBER.PART, where PART is one of: "
        f"{', '.join((*_OF_ALL, *sorted(_OF_NEW)))}."
    )


def _missing(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    words = {"title": "A new line needs a title.", "unit_price": "A new line needs a price."}
    return [
        (name, sentence) for name, sentence in words.items() if not given.get(name) and given.get(name) != 0
    ]


def _quantity(text: str) -> int:
    plain = text.strip()
    if not (plain.isascii() and plain.isdecimal()) or int(plain) > MOST:
        raise LineTextError(
            f"“{plain[:20]}” is no quantity. Give a whole number from 0 to {MOST:,}; 0 takes it out."
        )
    return int(plain)


def _price(text: str) -> Decimal:
    try:
        price = typed_amount(text)
    except ValueError:
        raise LineTextError(f"“{text[:40]}” is not an amount. Write it like 1250.50.") from None
    if price < 0:
        raise LineTextError("A price is not below zero.")
    return price


_READ: Mapping[str, Callable[[str], object]] = {
    "quantity": _quantity,
    "additions": read_options,
    "discount": read_discount,
    "unit_price": _price,
    "notes": str.strip,
    "title": str.strip,
    "product": str.strip,
    "internal_id": str.strip,
}
