"""A database with a few rows in every table, and orders whose history is sealed."""

from __future__ import annotations

from typing import Any

from posapp.domain.people import Role
from posapp.domain.status import Status
from posapp.domain.who import station_itself
from posapp.services import orders, people
from posapp.services.audit import seal
from posapp.storage.store import Store
from posapp.storage.tables import TABLES
from posapp.storage.transfer import parts
from tests.support.shop_orders import ANNA, Clock, put_in, remote_order

# Letters that a format of rows could stumble over.
ODD = "Жұлдыз\t“\\N”\n\\. 'x' |"
_FIXED: dict[tuple[str, str], Any] = {
    ("orders", "status"): "created",
    ("orders", "remote"): "alma",
    ("orders", "kind"): "delivery",
    ("orders", "payment_status"): "paid",
    ("orders", "payment_method"): "cash",
    ("orders", "source"): "web",
    ("orders", "sync"): "synced",
    ("orders", "total"): "100.00",
    ("orders", "delivery_cost"): "0.00",
    ("orders", "products_total"): "100.00",
    ("orders", "currency"): "KZT",
    ("shift_reports", "kind"): "X",
    ("staff", "role"): "cook",
    ("staff", "removed_at"): 7,
    ("meta", "key"): "fact",
}
_MADE = ("audit_chain", "change_log", "product_log")  # by others, beside the rows


def fill(store: Store, clock: Clock, manager_pin: str = "") -> list[int]:
    """Put something into every table; return the keys of the orders that acts were done on."""
    pks = put_in(store, *(remote_order(f"r{number}") for number in range(3)))
    orders.move(store, pks[0], Status.ACCEPTED, ANNA)
    if manager_pin:
        people.add_person(store, "Olga", Role.MANAGER, manager_pin, station_itself("counter-1"))
    clock.pass_by(minutes=1)
    assert seal(store) > 3
    models = {model._meta.table_name: model for model in TABLES}
    with store.write() as tx:
        for part in parts():
            if part.table in _MADE:
                continue
            marks = ", ".join("?" * len(part.columns))
            insert = f'INSERT INTO "{part.table}"({part.names}) VALUES ({marks})'  # noqa: S608
            for number in (501, 502):
                fields = models[part.table]._meta.sorted_fields
                tx.execute(insert, [_value(part.table, field, number) for field in fields])
    return pks


def _value(table: str, field: Any, number: int) -> Any:
    name, kind = field.column_name, field.field_type
    if (table, name) in _FIXED:
        fixed = _FIXED[table, name]
        return f"{fixed} {number}" if name == "key" else fixed
    if kind == "BLOB":
        return bytes([0, 255, number % 256])
    if field.null and number == 502 and name != "remote_id":
        return None
    return f"{name} {number} {ODD}" if kind in {"TEXT", "VARCHAR"} else number
