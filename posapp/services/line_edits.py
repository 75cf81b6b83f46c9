"""The lines of an order as an editor leaves them, and as they were."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Any

from posapp.domain.discount import Discount, DiscountKind
from posapp.domain.errors import RefusedError
from posapp.domain.fields import line_width
from posapp.domain.line_price import after_discount, line_sum, price_of_one
from posapp.domain.line_text import option_text
from posapp.domain.sale import Sale, SaleLine, SaleModifier
from posapp.domain.text import clean_line
from posapp.services.intake_rows import INSERT_LINE, LINE_COLUMNS
from posapp.services.order_fields import Reader
from posapp.storage.store import Transaction

MOST = 9_999  # of one line
LONGEST_NOTE = 1_000
_COLUMNS = tuple(name.strip() for name in LINE_COLUMNS.split(","))
NO_PRICES = "This shop sets its prices itself. Give the discount in the shop."


class Keep(Enum):
    """What is not to be changed."""

    AS_IT_IS = 0


AS_IT_IS = Keep.AS_IT_IS


@dataclass(frozen=True, slots=True)
class LineEdit:
    """A line as it shall be: one that is there (`place`, from 0), or a new one."""

    quantity: int
    place: int | None = None
    title: str = ""
    unit_price: Decimal = Decimal(0)
    additions: tuple[SaleModifier, ...] | Keep = AS_IT_IS
    notes: str | Keep = AS_IT_IS
    discount: Discount | Keep | None = AS_IT_IS
    internal_id: str = ""
    product: str = ""  # its address at a staff shop
    description: str = ""
    price_unit: str = ""
    delivery_class: int | None = None


def read_lines(tx: Reader, pk: int) -> str:
    """Return an order's lines with all that is known of them, as JSON."""
    rows = tx.all(f"SELECT {LINE_COLUMNS} FROM order_lines WHERE order_pk = ? ORDER BY position", (pk,))  # noqa: S608
    return json.dumps([list(row) for row in rows], ensure_ascii=False)


def line_totals(text: str) -> list[Decimal]:
    """Return what lines cost, as `read_lines` returned them."""
    place = _COLUMNS.index("total")
    return [Decimal(row[place]) for row in json.loads(text)]


def restore_lines(tx: Transaction, pk: int, text: str) -> None:
    """Put lines back as `read_lines` returned them."""
    tx.execute("DELETE FROM order_lines WHERE order_pk = ?", (pk,))
    tx.executemany(INSERT_LINE, [tuple(row) for row in json.loads(text)])


def put_lines(tx: Transaction, pk: int, lines: Sequence[LineEdit], *, priced_there: bool = False) -> None:
    """Write the lines of an order; raise RefusedError for one that makes no sense.

    `priced_there`: the shop sets what its lines cost, so a discount is refused.
    """
    before = json.loads(read_lines(tx, pk))
    rows = [
        _row(pk, position, line, before, priced_there=priced_there) for position, line in enumerate(lines)
    ]
    tx.execute("DELETE FROM order_lines WHERE order_pk = ?", (pk,))
    tx.executemany(INSERT_LINE, rows)


def edited_sale(sale: Sale, lines: Sequence[LineEdit]) -> Sale:
    """Return the cart of our own order with its lines as they are to be."""
    made = []
    for position, line in enumerate(lines):
        if line.place is None:
            known = SaleLine(line.title, line.unit_price, internal_id=line.internal_id)
        elif line.place < len(sale.lines):
            known = sale.lines[line.place]
        else:
            raise refused(position, "quantity", f"Line {position + 1} is not there any more.")
        made.append(
            replace(
                known,
                quantity=line.quantity,
                modifiers=known.modifiers if isinstance(line.additions, Keep) else line.additions,
                notes=known.notes if isinstance(line.notes, Keep) else line.notes,
                discount=known.discount if isinstance(line.discount, Keep) else line.discount,
            )
        )
    return replace(sale, lines=tuple(made))


def _row(
    pk: int, position: int, line: LineEdit, before: list[list[Any]], *, priced_there: bool
) -> tuple[Any, ...]:
    if not 1 <= line.quantity <= MOST:
        raise refused(
            position, "quantity", f"The quantity of line {position + 1} has to be from 1 to {MOST:,}."
        )
    if line.place is not None:
        if not 0 <= line.place < len(before):
            raise refused(position, "quantity", f"Line {position + 1} is not there any more.")
        known = dict(zip(_COLUMNS, before[line.place], strict=True))
    else:
        known = _new_line(position, line)
    if known.get("quantity") != line.quantity:
        # What an option adds is in the total alone.
        one = _price_of_one(known) if line.place is not None else Decimal(known["unit_price"])
        known["quantity"], known["total"] = line.quantity, str(line_sum(one, line.quantity))
    if not isinstance(line.additions, Keep):
        known["additions"] = _additions(known["additions"], line.additions)
    if not isinstance(line.notes, Keep):
        known["notes"] = _note(position, line.notes)
    if not isinstance(line.discount, Keep):
        _put_discount(known, position, line.discount, priced_there=priced_there)
    known["order_pk"], known["position"] = pk, position
    return tuple(known[name] for name in _COLUMNS)


def _price_of_one(known: dict[str, Any]) -> Decimal:
    return price_of_one(Decimal(known["total"]), known["quantity"], Decimal(known["unit_price"]))


def _additions(before: str, wanted: Sequence[SaleModifier]) -> str:
    """Return options as their column holds them; those that stay keep the number that the shop gave them."""
    numbers = {title: number for number, title in json.loads(before)}
    titles = [clean_line(option_text(item)) for item in wanted]
    content = [
        [item.internal_id or numbers.get(title, ""), title]
        for item, title in zip(wanted, titles, strict=True)
    ]
    return json.dumps(content, ensure_ascii=False)


def _note(position: int, text: str) -> str:
    note = clean_line(text)
    if len(note) > LONGEST_NOTE:
        raise refused(position, "notes", f"The note of line {position + 1} is longer than {LONGEST_NOTE:,}.")
    return note


def _is_other_discount(known: dict[str, Any], wanted: Discount | None) -> bool:
    percent = known["discount_percent"]
    before = Decimal(percent) if percent is not None else Decimal(0)
    if wanted is None:
        return bool(before)
    return wanted.kind is not DiscountKind.PERCENT or wanted.value != before


def _put_discount(
    known: dict[str, Any], position: int, wanted: Discount | None, *, priced_there: bool
) -> None:
    if not _is_other_discount(known, wanted):
        return
    if priced_there:
        raise refused(position, "discount", NO_PRICES)
    if wanted is not None and wanted.kind is not DiscountKind.PERCENT:
        sentence = "The order of a shop takes a discount in percent. Write it like 10%."
        raise refused(position, "discount", sentence)
    cost = known["unit_cost"]
    full = Decimal(cost) if cost is not None else line_sum(_price_of_one(known), 1)
    price = after_discount(full, wanted)
    known["unit_cost"], known["discount_percent"] = (str(full), str(wanted.value)) if wanted else (None, None)
    known["unit_price"], known["total"] = str(price), str(price * known["quantity"])


def _new_line(position: int, line: LineEdit) -> dict[str, Any]:
    title = clean_line(line.title)
    if not title:
        raise refused(position, "title", f"Line {position + 1} needs a name.")
    if len(title) > line_width("title"):
        words = f"The name of line {position + 1} is longer than {line_width('title')} characters."
        raise refused(position, "title", words)
    if line.unit_price < 0:
        raise refused(position, "unit_price", f"The price of line {position + 1} is below zero.")
    return dict.fromkeys(_COLUMNS, "") | {
        "internal_id": line.internal_id[: line_width("internal_id")],
        "title": title,
        "unit_price": str(line.unit_price),
        "additions": "[]",
        "paid_in_bonuses": 0,
        "notes": "",
        "product": line.product[: line_width("product")],
        "description": clean_line(line.description)[: line_width("description")],
        "price_unit": clean_line(line.price_unit)[: line_width("price_unit")],
        "delivery_class": line.delivery_class,
        "unit_cost": None,
        "discount_percent": None,
        "quantity": None,
    }


def refused(position: int, part: str, sentence: str) -> RefusedError:
    """Return what is said of one line that cannot be; `position` is its place in the new order."""
    return RefusedError(
        "The lines were not saved.",
        sentence,
        "Correct it, then save again.",
        {f"line.{position + 1}.{part}": sentence},
    )
