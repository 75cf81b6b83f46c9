"""The fields of an order in canonical text: what they are here, what the remote showed, and writing them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, Protocol

from posapp.domain.cart import cart_text, known_cart
from posapp.domain.outbox import Change
from posapp.domain.received import RemoteLine, RemoteOrder
from posapp.domain.rules import FieldRule, address_of, from_column, rules_of, to_column
from posapp.domain.status import Kind
from posapp.domain.text import digits_of
from posapp.storage.fields import from_us, to_us
from posapp.storage.store import Transaction

CART = "cart"
STAFF = "staff"
_INSTANTS = frozenset({"due_at", "shipping_at", "delivered_at", "paid_at", "created_at"})
ADDRESS_COLUMNS = frozenset({"street", "home", "apt", "entrance", "level", "addressline", "city", "district"})
_LINE = (
    "title, quantity, product, description, price_unit, delivery_class, additions, notes, discount_percent"
)


@cache
def fields_of(format_name: str) -> Mapping[str, FieldRule]:
    """Return the fields of a format that may change here or there, by name."""
    return {name: rule for name, rule in rules_of(format_name).items() if not rule.read_only}


class Reader(Protocol):
    """What reads rows: a store, or a transaction."""

    def one(self, sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Return one row, None when there is none."""

    def all(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows."""


def read_values(tx: Reader, pk: int, format_name: str, names: Iterable[str]) -> dict[str, str]:
    """Return what these fields of an order are here."""
    wanted = list(names)
    rules = [fields_of(format_name)[name] for name in wanted if name != CART]
    values: dict[str, str] = {}
    if rules:
        columns = ", ".join(rule.column for rule in rules)
        row = tx.one(f"SELECT {columns} FROM orders WHERE pk = ?", (pk,))  # noqa: S608 - our own column names
        assert row is not None  # noqa: S101 - whoever asks has read the order
        for rule, value in zip(rules, row, strict=True):
            values[rule.name] = from_column(rule, _opened(rule.column, value))
    if CART in wanted:
        values[CART] = cart_text(_local_lines(tx, pk), whole=format_name != STAFF)
    return values


def _opened(column: str, value: Any) -> object:
    return from_us(value) if column in _INSTANTS and value is not None else value


def _local_lines(tx: Reader, pk: int) -> list[RemoteLine]:
    rows = tx.all(f"SELECT {_LINE} FROM order_lines WHERE order_pk = ? ORDER BY position", (pk,))  # noqa: S608
    return [
        RemoteLine(
            title=row[0],
            quantity=row[1],
            unit_price=Decimal(0),
            total=Decimal(0),
            product=row[2],
            description=row[3],
            price_unit=row[4],
            delivery_class=row[5],
            additions=tuple((known, title) for known, title in json.loads(row[6])),
            notes=row[7],
            discount_percent=None if row[8] is None else Decimal(row[8]),
        )
        for row in rows
    ]


def received_values(
    order: RemoteOrder, format_name: str, names: Iterable[str], carts: Iterable[str] = ()
) -> dict[str, str]:
    """Return what a remote order shows of these fields; one of `carts` stands for every text of the same."""
    rules = fields_of(format_name)
    values = {
        name: from_column(rules[name], getattr(order, rules[name].column)) for name in names if name != CART
    }
    if CART in names:
        values[CART] = known_cart(cart_text(order.lines, whole=format_name != STAFF), carts)
    return values


def write_values(tx: Transaction, pk: int, format_name: str, values: Mapping[str, str]) -> None:
    """Write fields of an order, but not the cart's lines, and what lists and searches show of them."""
    rules = fields_of(format_name)
    columns: dict[str, Any] = {}
    for name, text in values.items():
        if name == CART:
            continue
        rule = rules[name]
        value = to_column(rule, text)
        columns[rule.column] = to_us(value) if rule.column in _INSTANTS and value is not None else value  # type: ignore[arg-type] # an instant's column
    if "phone" in columns:
        columns["phone_digits"] = digits_of(columns["phone"])[:32]
    if "due_at" in columns:
        columns["due_text"] = ""
    if not columns:
        return
    _set(tx, pk, columns)
    if ADDRESS_COLUMNS & columns.keys():
        put_address(tx, pk, format_name)


def put_address(tx: Transaction, pk: int, format_name: str) -> None:
    """Write the address of an order, which lists and tickets show, from its parts as they are here."""
    rules = fields_of(format_name)
    parts = read_values(
        tx, pk, format_name, [name for name in rules if rules[name].column in ADDRESS_COLUMNS]
    )
    address = address_of(format_name, parts)
    _set(tx, pk, {"address": address, "kind": (Kind.DELIVERY if address else Kind.PICKUP).value})


def _set(tx: Transaction, pk: int, columns: Mapping[str, Any]) -> None:
    assigned = ", ".join(f"{name} = ?" for name in columns)
    tx.execute(f"UPDATE orders SET {assigned} WHERE pk = ?", (*columns.values(), pk))  # noqa: S608


def order_format(tx: Reader, pk: int) -> str:
    """Return the name of an order's format, "" for a counter order."""
    row = tx.one("SELECT format FROM orders WHERE pk = ?", (pk,))
    return str(row[0]) if row is not None else ""


def read_shadow(tx: Reader, pk: int) -> dict[str, str]:
    """Return the remote's last values of the fields that were edited here and are not yet at rest."""
    row = tx.one("SELECT shadow_fields FROM orders WHERE pk = ?", (pk,))
    return load_texts(row[0]) if row is not None else {}


def save_shadow(tx: Transaction, pk: int, shadow: Mapping[str, str]) -> None:
    """Store the remote's last values of edited fields."""
    tx.execute("UPDATE orders SET shadow_fields = ? WHERE pk = ?", (dump_texts(shadow), pk))


def load_texts(text: str | None) -> dict[str, str]:
    """Read a JSON object of texts; empty: none."""
    return dict(json.loads(text)) if text else {}


def dump_texts(values: Mapping[str, str]) -> str:
    """Write a JSON object of texts; none: empty."""
    return json.dumps(dict(values), ensure_ascii=False) if values else ""


def load_patch(text: str | None) -> dict[str, Change]:
    """Read the patch of an outbox row."""
    if not text:
        return {}
    return {name: Change(base, ours, theirs) for name, (base, ours, theirs) in json.loads(text).items()}


def dump_patch(patch: Mapping[str, Change]) -> str:
    """Write the patch of an outbox row."""
    content = {name: [change.base, change.ours, change.theirs] for name, change in patch.items()}
    return json.dumps(content, ensure_ascii=False) if content else ""
