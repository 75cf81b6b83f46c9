"""Which finished orders still name their customers, which of them have to, and taking the names out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from posapp.domain.dispatch import to_collect
from posapp.domain.privacy import Hold, sale_without_customer, without_customer
from posapp.domain.status import FINAL
from posapp.domain.text import digits_of
from posapp.storage.details import OPEN_SQL
from posapp.storage.fields import to_us
from posapp.storage.reader import Reader, to_text
from posapp.storage.sales import sale_from
from posapp.storage.store import Transaction

_OLDEST_FIRST = (
    "SELECT closed_at, pk FROM orders WHERE closed_at IS NOT NULL AND closed_at < ? "
    "AND (closed_at, pk) > (?, ?) AND anonymised_at IS NULL ORDER BY closed_at, pk LIMIT ?"
)
_FINAL = ", ".join(f"'{status.value}'" for status in sorted(FINAL))
_UNREAD = (
    "SELECT orders.pk FROM orders JOIN quarantine ON quarantine.remote = orders.remote "
    "AND quarantine.remote_id = orders.remote_id WHERE orders.pk IN ({}) AND quarantine.solved_at IS NULL"
)
_SHIFT = (
    "SELECT {0}.order_pk FROM {0} JOIN shifts ON shifts.pk = {0}.shift_pk "
    "WHERE {0}.order_pk IN ({{}}) AND shifts.closed_at IS NULL"
)
# Each finds those of {} that have to wait; the first reason that is found is told.
_HOLDS: tuple[tuple[Hold, str], ...] = (
    (Hold.ACTIVE, f"SELECT pk FROM orders WHERE pk IN ({{}}) AND status NOT IN ({_FINAL})"),  # noqa: S608
    (Hold.SENDING, "SELECT pk FROM orders WHERE pk IN ({}) AND sync NOT IN ('synced', 'local')"),
    (
        Hold.SENDING,
        f"SELECT order_pk FROM outbox WHERE order_pk IN ({{}}) AND state IN {OPEN_SQL}",  # noqa: S608
    ),
    (Hold.UNREAD, _UNREAD),
    (
        Hold.PRINTING,
        "SELECT order_pk FROM print_jobs WHERE order_pk IN ({}) AND state IN ('queued', 'printing')",
    ),
    (Hold.SHIFT, _SHIFT.format("sales")),
    (Hold.SHIFT, _SHIFT.format("payments")),
)
_CARRIED = (
    "SELECT orders.pk, orders.format, orders.payment_method, orders.payment_status, orders.total, "
    "orders.change_from FROM orders JOIN assignments ON assignments.order_pk = orders.pk "
    "WHERE orders.pk IN ({}) AND orders.status = 'delivered' AND assignments.ended_at IS NULL "
    "AND assignments.settled_at IS NULL"
)
_FORGET_ORDERS = (
    "UPDATE orders SET anonymised_at = ?, customer_pk = NULL, customer_name = '', phone = '', "
    "phone_digits = '', address = '', street = '', home = '', apt = '', entrance = '', level = '', "
    "addressline = '', email = '', account_name = '', account_email = '', comment = '', shadow_fields = '', "
    "sync_reason = '', version = version + 1 WHERE pk IN ({})"
)
_FORGET_AROUND = (
    "UPDATE order_raw SET raw = '{{}}' WHERE order_pk IN ({})",
    "UPDATE order_lines SET notes = '' WHERE order_pk IN ({}) AND notes <> ''",
    "UPDATE outbox SET last_error = '', reason = '', field_errors = '' WHERE order_pk IN ({})",
    "UPDATE sent_log SET detail = '' WHERE order_pk IN ({})",
    "UPDATE payments SET person = '', reason = '' WHERE order_pk IN ({}) AND (person <> '' OR reason <> '')",
    "UPDATE kitchen_orders SET seen = '' WHERE order_pk IN ({})",
    "DELETE FROM print_jobs WHERE order_pk IN ({})",
    (
        "DELETE FROM quarantine WHERE solved_at IS NOT NULL AND EXISTS (SELECT 1 FROM orders WHERE orders.pk "
        "IN ({}) AND orders.remote = quarantine.remote AND orders.remote_id = quarantine.remote_id)"
    ),
)
_NOBODYS = (
    "DELETE FROM customers WHERE pk = ? AND NOT EXISTS (SELECT 1 FROM orders WHERE orders.customer_pk = ?)"
)
_ENTRIES = "SELECT pk, order_pk, at, kind, actor, station, params FROM events WHERE order_pk = ? "
Place = tuple[int, int]  # closed_at and key of the last order that was looked at
START: Place = (0, 0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A finished order that is old enough."""

    pk: int
    closed_at: int
    hold: Hold | None = None

    @property
    def place(self) -> Place:
        """Return where the next look begins."""
        return self.closed_at, self.pk


def old_orders(reader: Reader, before: datetime, after: Place, limit: int) -> list[Candidate]:
    """Return orders that were finished before a moment and name their customers, the oldest first."""
    rows = reader.all(_OLDEST_FIRST, (to_us(before), *after, limit))
    return [Candidate(int(row[1]), int(row[0])) for row in rows]


def holds(reader: Reader, pks: Sequence[int]) -> dict[int, Hold]:
    """Return which of these orders have to keep their customer for now, and why; but for their payments."""
    found: dict[int, Hold] = {}
    if not pks:
        return found
    marks = ", ".join("?" * len(pks))
    for hold, sql in _HOLDS:
        for (pk,) in reader.all(sql.format(marks), pks):
            found.setdefault(int(pk), hold)
    for pk, *facts in reader.all(_CARRIED.format(marks), pks):
        keys = ("format_", "method", "payment_status", "total", "change_from")
        if to_collect(**dict(zip(keys, facts, strict=True))).brought_back:
            found.setdefault(int(pk), Hold.CASH)
    return found


def with_money(reader: Reader, pks: Sequence[int]) -> list[int]:
    """Return which of these orders have an account here: those of the counter, and those with payments."""
    if not pks:
        return []
    marks = ", ".join("?" * len(pks))
    rows = reader.all(
        f"SELECT pk FROM orders WHERE pk IN ({marks}) AND (remote IS NULL "  # noqa: S608 - marks only
        "OR EXISTS (SELECT 1 FROM payments WHERE payments.order_pk = orders.pk))",
        pks,
    )
    return [int(row[0]) for row in rows]


def orders_of_number(reader: Reader, numbers: Sequence[str]) -> list[Candidate]:
    """Return all orders under a telephone number, in every way it is stored, the oldest first."""
    marks = ", ".join("?" * len(numbers))
    rows = reader.all(
        f"SELECT pk, coalesce(closed_at, 0) FROM orders WHERE phone_digits IN ({marks}) ORDER BY pk",  # noqa: S608
        numbers,
    )
    return [Candidate(int(row[0]), int(row[1])) for row in rows]


def take_out(tx: Transaction, pks: Sequence[int]) -> None:
    """Take everything that tells of the customers out of these orders; money, dishes and times stay.

    Their entries in the audit keep their place and their seals: see `seal_of`.
    """
    marks = ", ".join("?" * len(pks))
    customers = tx.all(
        f"SELECT DISTINCT customer_pk FROM orders WHERE pk IN ({marks}) AND customer_pk IS NOT NULL",  # noqa: S608
        pks,
    )
    tx.execute(_FORGET_ORDERS.format(marks), (to_us(tx.now), *pks))
    for sql in _FORGET_AROUND:
        tx.execute(sql.format(marks), pks)
    tx.executemany(_NOBODYS, [(pk, pk) for (pk,) in customers])
    _rewrite(tx, "sales", "order_pk", "cart", pks, _cart)
    _rewrite(tx, "outbox", "seq", "patch", pks, _names_only)
    _rewrite(tx, "sent_log", "pk", "fields", pks, _names_only)
    _rewrite(tx, "events", "pk", "params", pks, _entry)


def take_out_of_drafts(tx: Transaction, numbers: Sequence[str]) -> int:
    """Take a customer out of the carts that are not sold yet; return out of how many."""
    count = 0
    for pk, text in tx.all("SELECT pk, cart FROM drafts"):
        sale = sale_from(text)
        if digits_of(sale.buyer.phone) in numbers:
            tx.execute(
                "UPDATE drafts SET cart = ?, version = version + 1 WHERE pk = ?",
                (to_text(sale_without_customer(sale)), pk),
            )
            count += 1
    return count


def take_out_of_customers(tx: Transaction, numbers: Sequence[str]) -> None:
    """Remove the customers with this number that no order names any more."""
    marks = ", ".join("?" * len(numbers))
    tx.execute(
        f"DELETE FROM customers WHERE phone_digits IN ({marks}) AND NOT EXISTS "  # noqa: S608 - marks only
        "(SELECT 1 FROM orders WHERE orders.customer_pk = customers.pk)",
        numbers,
    )


def _rewrite(
    tx: Transaction, table: str, key: str, column: str, pks: Sequence[int], change: Callable[[str], str]
) -> None:
    """Write a column of the rows of these orders anew where that changes it."""
    marks = ", ".join("?" * len(pks))
    rows = tx.all(f"SELECT {key}, {column} FROM {table} WHERE order_pk IN ({marks})", pks)  # noqa: S608
    changed = [(after, pk) for pk, before in rows if (after := change(before)) != before]
    tx.executemany(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", changed)  # noqa: S608 - our own names


def _cart(text: str) -> str:
    sale = sale_from(text)
    bare = sale_without_customer(sale)
    return text if bare == sale else to_text(bare)


def _names_only(text: str) -> str:
    """Return the fields of a write without their values."""
    if not text:
        return text
    content: dict[str, Any] = json.loads(text)
    bare = {name: ["", "", None] if isinstance(value, list) else "" for name, value in content.items()}
    return json.dumps(bare, ensure_ascii=False)


def _entry(text: str) -> str:
    params = json.loads(text)
    bare = without_customer(params)
    return text if bare == params else json.dumps(bare, ensure_ascii=False)


def seal_of(reader: Reader, order_pk: int, before: int | None = None) -> str:
    """Return a hash over an order's entries of the audit as they are now, those before a key or all."""
    where, params = ("AND pk < ? ", (order_pk, before)) if before is not None else ("", (order_pk,))
    rows = reader.all(f"{_ENTRIES}{where}ORDER BY pk", params)
    text = json.dumps([list(row) for row in rows], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def seal_holds(reader: Reader, order_pk: int) -> bool:
    """Tell whether an order's entries are those that its last anonymising left behind."""
    row = reader.one(
        "SELECT pk, params FROM events WHERE order_pk = ? AND kind = 'anonymised' ORDER BY pk DESC LIMIT 1",
        (order_pk,),
    )
    if row is None:
        return False
    kept: object = json.loads(row[1]).get("seal")
    return kept == seal_of(reader, order_pk, int(row[0]))
