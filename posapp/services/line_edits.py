"""The lines of an order as an editor leaves them, and as they were."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from posapp.domain.errors import RefusedError
from posapp.domain.fields import line_width
from posapp.domain.text import clean_line
from posapp.services.intake_rows import INSERT_LINE, LINE_COLUMNS
from posapp.services.order_fields import Reader
from posapp.storage.store import Transaction

MOST = 9_999  # of one line
_COLUMNS = tuple(name.strip() for name in LINE_COLUMNS.split(","))


@dataclass(frozen=True, slots=True)
class LineEdit:
    """A line as it shall be: one that is there (`place`, from 0) in another quantity, or a new one."""

    quantity: int
    place: int | None = None
    title: str = ""
    unit_price: Decimal = Decimal(0)
    additions: tuple[tuple[str, str], ...] = field(default=())  # (internal_id, title)
    notes: str = ""
    internal_id: str = ""
    product: str = ""  # its address at a staff shop
    description: str = ""
    price_unit: str = ""
    delivery_class: int | None = None


def read_lines(tx: Reader, pk: int) -> str:
    """Return an order's lines with all that is known of them, as JSON."""
    rows = tx.all(f"SELECT {LINE_COLUMNS} FROM order_lines WHERE order_pk = ? ORDER BY position", (pk,))  # noqa: S608
    return json.dumps([list(row) for row in rows], ensure_ascii=False)


def restore_lines(tx: Transaction, pk: int, text: str) -> None:
    """Put lines back as `read_lines` returned them."""
    tx.execute("DELETE FROM order_lines WHERE order_pk = ?", (pk,))
    tx.executemany(INSERT_LINE, [tuple(row) for row in json.loads(text)])


def put_lines(tx: Transaction, pk: int, lines: Sequence[LineEdit]) -> None:
    """Write the lines of an order; raise RefusedError for one that makes no sense."""
    before = json.loads(read_lines(tx, pk))
    rows = [_row(pk, position, line, before) for position, line in enumerate(lines)]
    tx.execute("DELETE FROM order_lines WHERE order_pk = ?", (pk,))
    tx.executemany(INSERT_LINE, rows)


def _row(pk: int, position: int, line: LineEdit, before: list[list[Any]]) -> tuple[Any, ...]:
    if not 1 <= line.quantity <= MOST:
        raise _refused(f"The quantity of line {position + 1} has to be from 1 to {MOST:,}.")
    if line.place is not None:
        if not 0 <= line.place < len(before):
            raise _refused(f"Line {position + 1} is not there any more.")
        known = dict(zip(_COLUMNS, before[line.place], strict=True))
    else:
        known = _new_line(position, line)
    if known.get("quantity") != line.quantity:
        known["quantity"] = line.quantity
        known["total"] = str(Decimal(known["unit_price"]) * line.quantity)
    known["order_pk"], known["position"] = pk, position
    return tuple(known[name] for name in _COLUMNS)


def _new_line(position: int, line: LineEdit) -> dict[str, Any]:
    title = clean_line(line.title)
    if not title:
        raise _refused(f"Line {position + 1} needs a name.")
    if len(title) > line_width("title"):
        raise _refused(f"The name of line {position + 1} is longer than {line_width('title')} characters.")
    if line.unit_price < 0:
        raise _refused(f"The price of line {position + 1} is below zero.")
    return dict.fromkeys(_COLUMNS, "") | {
        "internal_id": line.internal_id[: line_width("internal_id")],
        "title": title,
        "unit_price": str(line.unit_price),
        "additions": json.dumps(line.additions, ensure_ascii=False),
        "paid_in_bonuses": 0,
        "notes": clean_line(line.notes),
        "product": line.product[: line_width("product")],
        "description": clean_line(line.description)[: line_width("description")],
        "price_unit": clean_line(line.price_unit)[: line_width("price_unit")],
        "delivery_class": line.delivery_class,
        "unit_cost": None,
        "discount_percent": None,
        "quantity": None,
    }


def _refused(sentence: str) -> RefusedError:
    return RefusedError(
        "The lines were not saved.", sentence, "Correct it, then save again.", {"cart": sentence}
    )
