"""The values of a product as files have them: amounts, flags, times and modifiers."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from posapp.domain.catalogue import ModifierGroup, ModifierOption
from posapp.domain.due import parse_instant
from posapp.domain.text import clean_line

COLUMNS = (
    "internal_id", "title", "weight", "price", "category", "colour", "icon", "station", "tax_percent",
    "modifiers", "deleted", "sold_out_until", "position", "address",
)  # fmt: skip
TEXTS = frozenset({"internal_id", "title", "weight", "category", "colour", "icon", "station", "address"})
# Thousands in one country, three decimals in another.
_GROUPED = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}\Z", re.ASCII)
_YES, _NO = frozenset({"1", "true", "yes", "да", "x"}), frozenset({"", "0", "false", "no", "нет"})
_GROUP = re.compile(
    r"\s*(?P<title>[^():|]+?)\s*(?:\((?P<least>\d+)-(?P<most>\d+)\))?\s*:(?P<options>.*)\Z", re.DOTALL
)


def read_value(name: str, value: object) -> Any:
    """Read a column's value; raise ValueError with a sentence."""
    if name in TEXTS:
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise ValueError("Has to be a text.")
        return clean_line(str(value))
    match name:
        case "price" | "tax_percent":
            return read_number(value)
        case "position":
            return _whole(value)
        case "deleted":
            return _flag(value)
        case "sold_out_until":
            return _instant(value)
        case _:
            return _modifiers(value)


def read_number(value: object) -> Decimal:
    """Read an amount as a spreadsheet writes it: "2 600,00", "2600.5"; raise ValueError for others."""
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return Decimal(value)
    text = re.sub(r"[\s\u00a0\u202f]", "", str(value)).removesuffix("%") if isinstance(value, str) else ""
    if isinstance(value, str) and not text:
        raise ValueError("Is empty: write a number, 0 for none.")
    if _GROUPED.match(text):
        raise ValueError(f"“{str(value)[:40]}” may be read in two ways: write it without a separator.")
    if "," in text and "." in text:
        # The last of the two is the decimal one.
        thousands = "," if text.rindex(".") > text.rindex(",") else "."
        text = text.replace(thousands, "")
    text = text.replace(",", ".")
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", text, re.ASCII):
        raise ValueError(f"“{str(value)[:40]}” is not a number.")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"“{str(value)[:40]}” is not a number.") from None


def _whole(value: object) -> int:
    number = read_number(value) if value != "" else Decimal("0")
    if number != int(number) or abs(number) > 1_000_000:
        raise ValueError("Has to be a whole number.")
    return int(number)


def _flag(value: object) -> bool:
    word = str(value).strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError("Has to be yes or no.")


def _instant(value: object) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        return parse_instant(str(value))
    except ValueError as error:
        raise ValueError(f"{error}.") from None


def _modifiers(value: object) -> tuple[ModifierGroup, ...]:
    if isinstance(value, str):
        return tuple(_group(part) for part in value.split("|") if part.strip())
    if not isinstance(value, list):
        raise ValueError("Has to be a list of groups.")  # noqa: TRY004 - told with the others
    return tuple(_json_group(item) for item in value)


def _group(text: str) -> ModifierGroup:
    """Read "Size (1-1): Small=0; Large=300#L"; the part after # is the option's id."""
    found = _GROUP.match(text)
    if found is None:
        raise ValueError(f"“{text.strip()[:40]}” is not like “Size (1-1): Small=0; Large=300”.")
    options = tuple(_option(part) for part in found["options"].split(";") if part.strip())
    return ModifierGroup(found["title"], options, int(found["least"] or 0), int(found["most"] or 0))


def _option(text: str) -> ModifierOption:
    title, _, price = text.rpartition("=") if "=" in text else (text, "", "0")
    amount, _, name = price.partition("#")
    return ModifierOption(clean_line(title), read_number(amount.strip() or "0"), name.strip())


def _json_group(item: object) -> ModifierGroup:
    if not isinstance(item, dict) or not isinstance(item.get("options"), list):
        raise ValueError("Each group needs a title and options.")  # noqa: TRY004 - told with the others
    options = []
    for option in item["options"]:
        if not isinstance(option, dict):
            raise ValueError("Each option needs a title.")  # noqa: TRY004 - told with the others
        price = read_number(option.get("price", 0))
        options.append(
            ModifierOption(
                clean_line(str(option.get("title", ""))), price, str(option.get("internal_id", ""))
            )
        )
    least, most = _whole(item.get("least", 0)), _whole(item.get("most", 0))
    return ModifierGroup(clean_line(str(item.get("title", ""))), tuple(options), least, most)
