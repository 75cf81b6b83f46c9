"""What an order editor begins with: the fields, the lines, and what the remote says of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from posapp.domain.errors import UnknownOrderError
from posapp.domain.money import total_of
from posapp.domain.outbox import Change
from posapp.domain.status import Status
from posapp.services.line_edits import line_totals
from posapp.services.order_fields import CART, fields_of, load_patch, load_texts, read_shadow, read_values
from posapp.storage.details import order_lines
from posapp.storage.fields import maybe_at
from posapp.storage.rows import LineRow
from posapp.storage.store import Store

_ORDER = (
    "SELECT code, format, remote, status, kind, currency, total, delivery_cost, products_total, brand, "
    "source, version FROM orders WHERE pk = ?"
)
_ROWS = (
    "SELECT state, patch, field_errors, last_error, last_at FROM outbox WHERE order_pk = ? AND patch <> '' "
    "AND state IN ('pending', 'in_flight', 'parked', 'conflict', 'dead') ORDER BY seq"
)


@dataclass(frozen=True, slots=True)
class EditForm:
    """An order as its editor begins; `values` are canonical, "cart" among them, and the base of a save."""

    pk: int
    code: str
    format: str
    remote: str | None
    status: Status
    kind: str
    brand: str
    source: str
    currency: str
    total: Decimal  # as received
    delivery_cost: Decimal
    products_total: Decimal
    values: Mapping[str, str]
    lines: tuple[LineRow, ...]
    refused: Mapping[str, str]  # the remote's words by field, of an edit that it refused
    refusal: str  # its words as a whole
    refused_at: datetime | None  # when it said so last
    conflicts: Mapping[str, Change]  # by field: what it was, ours, theirs
    version: int
    items_received: Decimal | None = None  # what the lines came to before they were edited here


def read_form(store: Store, pk: int) -> EditForm:
    """Return what the editor of an order begins with; raise UnknownOrderError when it does not exist."""
    with store.snapshot():
        row = store.one(_ORDER, (pk,))
        if row is None:
            raise UnknownOrderError("This order no longer exists.", remedy="Go back to the list.")
        rows = store.all(_ROWS, (pk,))
        values = read_values(store, pk, row[1], [*fields_of(row[1]), CART])
        lines = order_lines(store, pk)
        received = _items_received(store, pk)
    refused = [found for found in rows if found[0] == "parked" and found[3]]
    return EditForm(
        pk=pk,
        code=row[0],
        format=row[1],
        remote=row[2],
        status=Status(row[3]),
        kind=row[4],
        currency=row[5],
        total=Decimal(row[6]),
        delivery_cost=Decimal(row[7]),
        products_total=Decimal(row[8]),
        brand=row[9],
        source=row[10],
        version=row[11],
        items_received=received,
        values=values,
        lines=lines,
        refused={name: words for found in refused for name, words in load_texts(found[2]).items()},
        refusal=refused[0][3] if refused else "",
        refused_at=maybe_at(refused[0][4]) if refused else None,
        conflicts={
            name: change
            for found in rows
            if found[0] == "conflict"
            for name, change in load_patch(found[1]).items()
            if change.theirs is not None
        },
    )


def _items_received(store: Store, pk: int) -> Decimal | None:
    """Return what the lines came to as the shop sent them, None where they are as it sent them."""
    cart = read_shadow(store, pk).get(CART)
    if cart is None:
        return None
    found = store.all(
        "SELECT params FROM events WHERE order_pk = ? AND kind = 'edited' ORDER BY pk DESC LIMIT 50", (pk,)
    )
    for (text,) in found:
        params = json.loads(text)
        if "lines" in params and json.loads(params["before"]).get(CART) == cart:
            return total_of(line_totals(params["lines"]))
    return None
