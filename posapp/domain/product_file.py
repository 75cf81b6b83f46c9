"""The text of files of products: CSV as spreadsheets write it, and JSON; read into rows, and written."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from decimal import Decimal
from typing import Any

from posapp.domain.catalogue import ModifierGroup, ModifierOption, Product
from posapp.domain.errors import RefusedError
from posapp.domain.product_values import COLUMNS, TEXTS, read_value

_OTHER_NAMES = {"id": "internal_id", "tax": "tax_percent", "color": "colour", "product": "address"}
MOST_ROWS = 20_000
MOST_BYTES = 50_000_000
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row: where it stands, the values that it gives, and what cannot be read, by column."""

    number: int  # as a spreadsheet counts, the head is 1; in JSON the first product is 1
    values: Mapping[str, Any]
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProductFile:
    """A file read: its rows, and what is to be said about the whole."""

    rows: tuple[FileRow, ...]
    notes: tuple[str, ...] = ()


def read_products(data: bytes) -> ProductFile:
    """Read a file of either kind; raise RefusedError when it is neither, or far too large."""
    if len(data) > MOST_BYTES:
        raise RefusedError("This file is too large.", f"At most {MOST_BYTES:,} bytes are read.")
    text, notes = _decoded(data)
    start = text.lstrip()[:1]
    rows = _json_rows(text) if start in {"[", "{"} else _csv_rows(text)
    if len(rows) > MOST_ROWS:
        raise RefusedError("This file is too large.", f"At most {MOST_ROWS:,} products are read.")
    return ProductFile(_marked(rows), notes)


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), ()
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        # What Excel writes in a Russian Windows unless it is told otherwise.
        return data.decode("cp1251", "replace"), ("The file is not UTF-8; it was read as Windows-1251.",)


def _json_rows(text: str) -> list[FileRow]:
    try:
        content = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise RefusedError("This is not valid JSON.", f"{error}.") from None
    found = content.get("products") if isinstance(content, dict) else content
    if not isinstance(found, list):
        raise RefusedError("There are no products in this file.", "A list, or {“products”: […]}, is needed.")
    return [_row(number, item) for number, item in enumerate(found, start=1)]


def _csv_rows(text: str) -> list[FileRow]:
    first, _, rest = text.partition("\n")
    told = re.match(r"sep=(.)\s*\Z", first)
    if told:
        text = rest
    head = text.partition("\n")[0]
    separator = told[1] if told else max(";,\t", key=head.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise RefusedError("This table cannot be read.", f"{error}.") from None
    if not table:
        raise RefusedError("The file is empty.")
    names = [_column(cell) for cell in table[0]]
    _check_head(names)
    before = 2 if told else 1
    rows = []
    for number, cells in enumerate(table[1:], start=before + 1):
        if any(cell.strip() for cell in cells):
            item: dict[str, Any] = dict(zip(names, (_unquoted(cell) for cell in cells), strict=False))
            item.pop("", None)
            rows.append(_row(number, item, extra=len(cells) > len(names)))
    return rows


def _column(cell: str) -> str:
    name = re.sub(r"[\s-]+", "_", cell.strip().lower())
    return _OTHER_NAMES.get(name, name)


def _check_head(names: Sequence[str]) -> None:
    unknown = [name for name in names if name and name not in COLUMNS]
    twice = {name for name in names if name and names.count(name) > 1}
    if "internal_id" not in names or unknown or twice:
        wrong = ", ".join(f"“{name[:40]}”" for name in (*unknown, *sorted(twice)))
        raise RefusedError(
            "The first line has to name the columns.",
            f"These are unknown or there twice: {wrong}." if wrong else "internal_id is missing.",
            "Use: " + ", ".join(COLUMNS) + ".",
        )


def _unquoted(cell: str) -> str:
    # What `write_csv` puts before a text that a spreadsheet would compute.
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:2] in _FORMULA else text


def _row(number: int, item: object, *, extra: bool = False) -> FileRow:
    if not isinstance(item, dict):
        return FileRow(number, {}, {"row": "This is not a product."})
    values: dict[str, Any] = {}
    problems: dict[str, str] = {"row": "There are more cells than columns."} if extra else {}
    for key, value in item.items():
        name = _column(str(key))
        if name not in COLUMNS:
            problems[str(key)[:40]] = "There is no such column."
            continue
        try:
            values[name] = read_value(name, value)
        except ValueError as error:
            problems[name] = str(error)
    if not values.get("internal_id") and "internal_id" not in problems:
        problems["internal_id"] = "Must not be empty."
    return FileRow(number, values, problems)


def _marked(rows: Sequence[FileRow]) -> tuple[FileRow, ...]:
    """Mark the rows whose id was given by one before."""
    first: dict[str, int] = {}
    found: list[FileRow] = []
    for row in rows:
        name = str(row.values.get("internal_id", ""))
        if name and name in first:
            twice = {"internal_id": f"Row {first[name]} has it too."}
            found.append(FileRow(row.number, row.values, {**row.problems, **twice}))
            continue
        first.setdefault(name, row.number)
        found.append(row)
    return tuple(found)


def product_object(product: Product) -> dict[str, Any]:
    """Return a product as JSON has it; `read_products` reads it again."""
    until = product.sold_out_until
    return {
        "internal_id": product.internal_id,
        "title": product.title,
        "weight": product.weight,
        "price": str(product.price),
        "category": product.category,
        "colour": product.colour,
        "icon": product.icon,
        "station": product.station,
        "tax_percent": str(product.tax_percent),
        "modifiers": [
            {
                "title": group.title,
                "least": group.least,
                "most": group.most,
                "options": [
                    {"title": option.title, "price": str(option.price), "internal_id": option.internal_id}
                    for option in group.options
                ],
            }
            for group in product.modifiers
        ],
        "deleted": product.deleted,
        "sold_out_until": None if until is None else until.astimezone(UTC).isoformat(),
        "position": product.position,
        "address": product.address,
    }


def write_csv(products: Sequence[Product]) -> bytes:
    """Write products so that spreadsheets open them: UTF-8 with a mark, separated by semicolons."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for product in products:
        values = product_object(product) | {"modifiers": _modifiers_text(product.modifiers)}
        values["deleted"] = "yes" if product.deleted else ""
        writer.writerow([_safe(name, values[name]) for name in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def _safe(name: str, value: object) -> str:
    text = "" if value is None else str(value)
    # A spreadsheet would take it for a formula.
    return f"'{text}" if name in TEXTS and text.startswith(_FORMULA) else text


def _modifiers_text(groups: Sequence[ModifierGroup]) -> str:
    def written(option: ModifierOption) -> str:
        return f"{option.title}={option.price}" + (f"#{option.internal_id}" if option.internal_id else "")

    return " | ".join(
        f"{group.title} ({group.least}-{group.most}): " + "; ".join(map(written, group.options))
        for group in groups
    )
