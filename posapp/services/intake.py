"""Taking in what a remote lists: new orders with their lines and customers, and rows that made no sense."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from posapp.domain.received import BadRow, RemoteOrder
from posapp.domain.status import FINAL, Status, SyncState
from posapp.domain.text import digits_of
from posapp.domain.timing import Moments, urgency
from posapp.domain.who import SYNC_ACTOR, Who
from posapp.services.steps import read_facts
from posapp.storage.feed import Topic
from posapp.storage.fields import maybe_us, to_us
from posapp.storage.store import Store, Transaction

CHUNK = 500
RAW_LIMIT = 65_536
_DETAILS = (
    "payment_status", "payment_method", "source", "brand", "kind", "customer_name", "phone", "phone_digits",
    "address", "street", "home", "apt", "entrance", "level", "city", "comment", "change_from", "due_at",
    "due_text", "delivery_cost", "products_total", "total",
)  # fmt: skip
_IDENTITY = (
    "pk", "id", "code", "remote", "remote_id", "format", "status", "status_at", "shadow", "shadow_at",
    "customer_pk", "currency", "created_at", "received_at", "accepted_at", "closed_at", "noticed_at",
    "noticed_by", "urgency", "version", "sync", "sync_reason", "reasserts",
)  # fmt: skip
_INSERT_ORDER = (
    f"INSERT INTO orders({', '.join(_IDENTITY + _DETAILS)}) "  # noqa: S608 - our own column names
    f"VALUES ({', '.join('?' * len(_IDENTITY + _DETAILS))})"
)
_UPDATE_DETAILS = (
    f"UPDATE orders SET {', '.join(f'{name} = ?' for name in _DETAILS)}, "  # noqa: S608
    "version = version + 1 WHERE pk = ?"
)
_LINE_COLUMNS = (
    "order_pk, position, internal_id, title, quantity, unit_price, total, additions, promo_id, promo_title, "
    "promo_code_id, promo_code, paid_in_bonuses, notes"
)
_INSERT_LINE = f"INSERT INTO order_lines({_LINE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_SAVE_RAW = (
    "INSERT INTO order_raw(order_pk, raw, received_at) VALUES (?, ?, ?) "
    "ON CONFLICT(order_pk) DO UPDATE SET raw = excluded.raw, received_at = excluded.received_at"
)
_SAVE_CUSTOMER = (
    "INSERT INTO customers(remote, remote_id, name, phone, phone_digits, first_at, last_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT(remote, remote_id) DO UPDATE SET name = excluded.name, "
    "phone = excluded.phone, phone_digits = excluded.phone_digits, last_at = excluded.last_at RETURNING pk"
)


@dataclass(frozen=True, slots=True)
class Source:
    """The remote that orders come from, as far as intake cares."""

    name: str
    format: str
    currency: str


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a list brought: how many new orders, and every listed order's key with its remote status."""

    new: int
    seen: tuple[tuple[int, Status], ...]


def take_in(
    store: Store, source: Source, orders: Sequence[RemoteOrder], station: str, *, origin: str = ""
) -> TakenIn:
    """Store listed orders: new ones whole, of known ones the details; never a status (the engine decides).

    Works in chunks of 500, each one transaction, so that a long list never holds others up.
    """
    new = 0
    seen: list[tuple[int, Status]] = []
    for start in range(0, len(orders), CHUNK):
        chunk = orders[start : start + CHUNK]
        with store.write(origin) as tx:
            known = _known(tx, source.name, chunk)
            fresh = [order for order in chunk if order.remote_id not in known]
            for order in chunk:
                if order.remote_id in known:
                    pk, raw = known[order.remote_id]
                    seen.append((pk, Status(order.status)))
                    if raw != order.raw:
                        _update(tx, pk, order, station)
            seen += _insert(tx, source, fresh, station)
            new += len(fresh)
    return TakenIn(new, tuple(seen))


def update_details(tx: Transaction, pk: int, order: RemoteOrder, station: str) -> None:
    """Take over the details of an order that was read by id, if the payload differs from the last one."""
    row = tx.one("SELECT raw FROM order_raw WHERE order_pk = ?", (pk,))
    if row is None or row[0] != order.raw:
        _update(tx, pk, order, station)


def _known(tx: Transaction, remote: str, orders: Iterable[RemoteOrder]) -> dict[str, tuple[int, str]]:
    ids = [order.remote_id for order in orders]
    marks = ", ".join("?" * len(ids))
    rows = tx.all(
        "SELECT remote_id, pk, raw FROM orders "  # noqa: S608 - marks only
        "LEFT JOIN order_raw ON order_raw.order_pk = orders.pk "
        f"WHERE remote = ? AND remote_id IN ({marks})",
        (remote, *ids),
    )
    return {row[0]: (row[1], row[2] or "") for row in rows}


def _details(order: RemoteOrder) -> tuple[Any, ...]:
    values = {name: getattr(order, name, None) for name in _DETAILS}
    values["phone_digits"] = digits_of(order.phone)[:32]
    values["due_at"] = maybe_us(order.due_at)
    return tuple(values.values())


def _insert(
    tx: Transaction, source: Source, orders: Sequence[RemoteOrder], station: str
) -> list[tuple[int, Status]]:
    if not orders:
        return []
    codes = iter(_codes(tx, orders))
    top = tx.one("SELECT coalesce(max(pk), 0) FROM orders")
    first = (int(top[0]) if top else 0) + 1
    rows, lines, raws = [], [], []
    seen: list[tuple[int, Status]] = []
    who = Who(SYNC_ACTOR, station)
    for pk, order in enumerate(orders, start=first):
        customer = _customer(tx, source.name, order)
        rows.append(_identity(tx, pk, next(codes), source, order, customer) + _details(order))
        lines += _line_rows(pk, order)
        raws.append((pk, order.raw, to_us(tx.now)))
        seen.append((pk, Status(order.status)))
        tx.touch(pk)
    tx.executemany(_INSERT_ORDER, rows)
    tx.executemany(_INSERT_LINE, lines)
    tx.executemany(_SAVE_RAW, raws)
    for (pk, status), order in zip(seen, orders, strict=True):
        tx.event(pk, "received", who, {"remote": source.name, "status": status.value, "source": order.source})
    return seen


def _codes(tx: Transaction, orders: Sequence[RemoteOrder]) -> list[str]:
    """Return each order's code: the remote's own as long as no other order has it, else a running number."""
    own: list[str] = []
    for order in orders:
        taken = order.code in own or tx.one("SELECT 1 FROM orders WHERE code = ?", (order.code,)) is not None
        own.append("" if taken else order.code)
    running = iter(_new_codes(tx, own.count(""), frozenset(own)))
    return [code or next(running) for code in own]


def _new_codes(tx: Transaction, count: int, taken: frozenset[str]) -> list[str]:
    """Return the next running numbers; one that is taken (by a remote's own code) is passed over."""
    row = tx.one("SELECT value FROM meta WHERE key = 'next_code'")
    number = int(row[0]) if row else 1
    codes: list[str] = []
    while len(codes) < count:
        code = str(number)
        if code not in taken and tx.one("SELECT 1 FROM orders WHERE code = ?", (code,)) is None:
            codes.append(code)
        number += 1
    tx.execute("INSERT OR REPLACE INTO meta(key, value) VALUES ('next_code', ?)", (str(number),))
    return codes


def _identity(
    tx: Transaction, pk: int, code: str, source: Source, order: RemoteOrder, customer: int | None
) -> tuple[Any, ...]:
    status = Status(order.status)
    now = to_us(tx.now)
    accepted = None if status in {Status.CREATED, Status.TIMING} else tx.now
    moments = Moments(tx.now, tx.now, accepted)
    noticed: datetime | None = None if status is Status.CREATED else tx.now
    return (
        pk,
        tx.new_id(),
        code,
        source.name,
        order.remote_id,
        source.format,
        status.value,
        now,
        status.value,
        now,
        customer,
        source.currency,
        to_us(order.created_at),
        now,
        maybe_us(accepted),
        now if status in FINAL else None,
        maybe_us(noticed),
        "",
        urgency(status, moments, order.due_at),
        1,
        SyncState.SYNCED.value,
        "",
        0,
    )


def _customer(tx: Transaction, remote: str, order: RemoteOrder) -> int | None:
    if not order.customer_remote_id:
        return None
    now = to_us(tx.now)
    row = tx.one(
        _SAVE_CUSTOMER,
        (
            remote,
            order.customer_remote_id,
            order.customer_name,
            order.phone,
            digits_of(order.phone)[:32],
            now,
            now,
        ),
    )
    return int(row[0]) if row else None


def _line_rows(pk: int, order: RemoteOrder) -> list[tuple[Any, ...]]:
    return [
        (
            pk,
            position,
            line.internal_id,
            line.title,
            line.quantity,
            str(line.unit_price),
            str(line.total),
            json.dumps(line.additions, ensure_ascii=False),
            line.promo_id,
            line.promo_title,
            line.promo_code_id,
            line.promo_code,
            int(line.paid_in_bonuses),
            line.notes,
        )
        for position, line in enumerate(order.lines)
    ]


def _update(tx: Transaction, pk: int, order: RemoteOrder, station: str) -> None:
    """Write an order's details again; what staff see in the history is only a real difference."""
    columns = ", ".join(_DETAILS)
    before = tx.one(f"SELECT {columns} FROM orders WHERE pk = ?", (pk,))  # noqa: S608
    details = _details(order)
    tx.execute(_SAVE_RAW, (pk, order.raw, to_us(tx.now)))
    lines = _line_rows(pk, order)
    old_lines = tx.all(
        f"SELECT {_LINE_COLUMNS} FROM order_lines WHERE order_pk = ? ORDER BY position",  # noqa: S608
        (pk,),
    )
    changed = [name for name, old, new in zip(_DETAILS, before or (), details, strict=False) if old != new]
    if old_lines != lines:
        changed.append("lines")
        tx.execute("DELETE FROM order_lines WHERE order_pk = ?", (pk,))
        tx.executemany(_INSERT_LINE, lines)
    if not changed:
        return
    tx.execute(_UPDATE_DETAILS, (*details, pk))
    if "due_at" in changed:
        facts = read_facts(tx, pk)
        due = facts.planned_at or facts.due_at
        key = urgency(facts.status, facts.moments, due)
        tx.execute("UPDATE orders SET urgency = ? WHERE pk = ?", (key, pk))
    shown = ", ".join(name for name in changed if name not in {"phone_digits", "due_text"})
    tx.event(pk, "updated", Who(SYNC_ACTOR, station), {"fields": shown})
    tx.touch(pk)


def quarantine(store: Store, remote: str, rows: Sequence[BadRow], *, origin: str = "") -> int:
    """Keep rows that made no sense, each different one once; return how many were not there yet."""
    if not rows:
        return 0
    new = 0
    with store.write(origin) as tx:
        for row in rows:
            raw = row.raw[:RAW_LIMIT]
            digest = hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()
            now = to_us(tx.now)
            found = tx.one(
                "SELECT pk, solved_at FROM quarantine WHERE remote = ? AND digest = ?", (remote, digest)
            )
            if found is not None:
                tx.execute(
                    "UPDATE quarantine SET last_at = ?, times = times + 1, reason = ?, solved_at = NULL "
                    "WHERE pk = ?",
                    (now, row.reason, found[0]),
                )
                if found[1] is not None:
                    tx.touch(None, Topic.QUARANTINE)
                continue
            tx.execute(
                "INSERT INTO quarantine(remote, remote_id, reason, raw, digest, first_at, last_at, times) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
                (remote, row.remote_id[:64], row.reason, raw, digest, now, now),
            )
            new += 1
            tx.touch(None, Topic.QUARANTINE)
    return new


def solve_quarantine(store: Store, remote: str, remote_ids: Iterable[str], *, origin: str = "") -> None:
    """Close the quarantined rows of orders that can be read by now."""
    wanted = frozenset(remote_ids)
    waiting = store.all(
        "SELECT pk, remote_id FROM quarantine WHERE remote = ? AND solved_at IS NULL AND remote_id <> ''",
        (remote,),
    )
    solved = [pk for pk, remote_id in waiting if remote_id in wanted]
    if not solved:
        return
    with store.write(origin) as tx:
        for pk in solved:
            tx.execute("UPDATE quarantine SET solved_at = ? WHERE pk = ?", (to_us(tx.now), pk))
        tx.touch(None, Topic.QUARANTINE)
