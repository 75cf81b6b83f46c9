"""A remote order as rows of the database: which columns, in which order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from posapp.domain.cart import same_product
from posapp.domain.received import RemoteOrder
from posapp.domain.status import SyncState
from posapp.domain.text import digits_of
from posapp.services.many_rows import ManyRows, Value
from posapp.storage.fields import maybe_us

DETAILS = (
    "payment_status", "payment_method", "source", "brand", "kind", "customer_name", "phone", "phone_digits",
    "address", "street", "home", "apt", "entrance", "level", "city", "comment", "change_from", "due_at",
    "due_text", "delivery_cost", "products_total", "total", "addressline", "district", "country", "email",
    "account_name", "account_email", "delivery_class", "shipping_at", "delivered_at", "paid_at", "cart_id",
)  # fmt: skip
_DIGITS_AT = DETAILS.index("phone_digits")
_INSTANTS_AT = [DETAILS.index(name) for name in ("due_at", "shipping_at", "delivered_at", "paid_at")]
_received = attrgetter(*(name for name in DETAILS if name != "phone_digits"))
IDENTITY = (
    "pk", "id", "code", "remote", "remote_id", "format", "status", "status_at", "shadow", "shadow_at",
    "customer_pk", "currency", "created_at", "received_at", "accepted_at", "closed_at", "noticed_at",
    "urgency",
)  # fmt: skip
# Only one of the formats has them.
_STAFF: dict[str, Value] = {
    "addressline": "", "district": "", "country": "", "email": "", "account_name": "", "account_email": "",
    "delivery_class": None, "shipping_at": None, "delivered_at": None, "paid_at": None, "cart_id": "",
}  # fmt: skip
ORDERS = ManyRows(
    "orders",
    IDENTITY + DETAILS,
    _STAFF,
    {"noticed_by": "", "version": 1, "sync": SyncState.SYNCED.value, "sync_reason": "", "reasserts": 0},
)
LINE_COLUMNS = (
    "order_pk, position, internal_id, title, quantity, unit_price, total, additions, promo_id, promo_title, "
    "promo_code_id, promo_code, paid_in_bonuses, notes, product, description, price_unit, delivery_class, "
    "unit_cost, discount_percent"
)
_PLACES = {name: place for place, name in enumerate(LINE_COLUMNS.split(", "))}
_ADDITIONS, _NOTES = _PLACES["additions"], _PLACES["notes"]
_PRODUCT, _TITLE = _PLACES["product"], _PLACES["title"]
Row = tuple[Any, ...]
_FEW_HAVE: dict[str, Value] = {
    "promo_id": "", "promo_title": "", "promo_code_id": "", "promo_code": "", "paid_in_bonuses": 0,
    "notes": "", "product": "", "description": "", "price_unit": "", "delivery_class": None,
    "unit_cost": None, "discount_percent": None,
}  # fmt: skip
LINES = ManyRows("order_lines", LINE_COLUMNS.split(", "), _FEW_HAVE)
INSERT_LINE = LINES.full
SAVE_NEXT_CODE = (
    "INSERT INTO meta(key, value) VALUES ('next_code', ?) "
    "ON CONFLICT(key) DO UPDATE SET value = excluded.value"
)
SAVE_RAW = (
    "INSERT INTO order_raw(order_pk, raw, received_at) VALUES (?, ?, ?) "
    "ON CONFLICT(order_pk) DO UPDATE SET raw = excluded.raw, received_at = excluded.received_at"
)
# Made once: json.dumps with options makes an encoder each time.
_to_json = json.JSONEncoder(ensure_ascii=False).encode
SAVE_CUSTOMERS = (
    "INSERT INTO customers(remote, remote_id, name, phone, phone_digits, first_at, last_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT(remote, remote_id) DO UPDATE SET name = excluded.name, "
    "phone = excluded.phone, phone_digits = excluded.phone_digits, last_at = excluded.last_at"
)
SAVE_CUSTOMER = f"{SAVE_CUSTOMERS} RETURNING pk"


def details(order: RemoteOrder) -> tuple[Any, ...]:
    """Return the details of a remote order in the order of DETAILS."""
    values = list(_received(order))
    values.insert(_DIGITS_AT, digits_of(order.phone)[:32])
    for place in _INSTANTS_AT:
        values[place] = maybe_us(values[place])
    return tuple(values)


def line_rows(pk: int, order: RemoteOrder) -> list[tuple[Any, ...]]:
    """Return the lines of a remote order in the order of LINE_COLUMNS."""
    return [
        (
            pk,
            position,
            line.internal_id,
            line.title,
            line.quantity,
            str(line.unit_price),
            str(line.total),
            _to_json(line.additions) if line.additions else "[]",
            line.promo_id,
            line.promo_title,
            line.promo_code_id,
            line.promo_code,
            int(line.paid_in_bonuses),
            line.notes,
            line.product,
            line.description,
            line.price_unit,
            line.delivery_class,
            None if line.unit_cost is None else str(line.unit_cost),
            None if line.discount_percent is None else str(line.discount_percent),
        )
        for position, line in enumerate(order.lines)
    ]


def keep_words(before: Sequence[Row], rows: Sequence[Row]) -> list[Row]:
    """Return lines of a shop that knows neither options nor notes with those that were written here."""
    left = [row for row in before if row[_ADDITIONS] != "[]" or row[_NOTES]]
    kept = []
    for row in rows:
        found = next((old for old in left if _same_product(old, row)), None)
        if found is not None and row[_ADDITIONS] == "[]" and not row[_NOTES]:
            left.remove(found)
            words = {_ADDITIONS: found[_ADDITIONS], _NOTES: found[_NOTES]}
            kept.append(tuple(words.get(place, value) for place, value in enumerate(row)))
        else:
            kept.append(row)
    return kept


def _same_product(one: Row, other: Row) -> bool:
    return same_product(one[_PRODUCT], one[_TITLE], other[_PRODUCT], other[_TITLE])
