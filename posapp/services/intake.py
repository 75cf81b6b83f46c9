"""Taking in what a remote lists: new orders with their lines and customers, and rows that made no sense."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.cart import same_cart
from posapp.domain.received import RemoteOrder
from posapp.domain.status import FINAL, Status
from posapp.domain.text import digits_of
from posapp.domain.timing import Moments, urgency
from posapp.domain.who import SYNC_ACTOR, Who
from posapp.services.intake_rows import (
    DETAILS,
    LINE_COLUMNS,
    LINES,
    ORDERS,
    SAVE_CUSTOMERS,
    SAVE_NEXT_CODE,
    SAVE_RAW,
    details,
    keep_words,
    line_rows,
)
from posapp.services.kitchen_marks import watched
from posapp.services.order_fields import (
    ADDRESS_COLUMNS,
    CART,
    STAFF,
    fields_of,
    order_format,
    put_address,
    read_shadow,
    read_values,
    received_values,
)
from posapp.services.steps import read_facts
from posapp.storage.fields import maybe_us, to_us
from posapp.storage.store import Store, Transaction

CHUNK = 500


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
                    pk, raw, forgotten = known[order.remote_id]
                    seen.append((pk, Status(order.status)))
                    if raw != order.raw and not forgotten:
                        with watched(tx, pk):
                            _update(tx, pk, order, station)
            seen += _insert(tx, source, fresh, station)
            new += len(fresh)
    return TakenIn(new, tuple(seen))


def update_details(tx: Transaction, pk: int, order: RemoteOrder, station: str) -> None:
    """Take over the details of an order that was read by id, if the payload differs from the last one."""
    row = tx.one(
        "SELECT order_raw.raw, orders.anonymised_at FROM orders "
        "LEFT JOIN order_raw ON order_raw.order_pk = orders.pk WHERE orders.pk = ?",
        (pk,),
    )
    if row is None or (row[0] != order.raw and row[1] is None):
        with watched(tx, pk):
            _update(tx, pk, order, station)


def _known(tx: Transaction, remote: str, orders: Iterable[RemoteOrder]) -> dict[str, tuple[int, str, bool]]:
    """Return the orders that are here by their remote ids: key, payload, whether the customer is forgotten.

    The shop still lists forgotten customers; nothing of that is taken over any more.
    """
    ids = [order.remote_id for order in orders]
    marks = ", ".join("?" * len(ids))
    rows = tx.all(
        "SELECT remote_id, pk, raw, anonymised_at FROM orders "  # noqa: S608 - marks only
        "LEFT JOIN order_raw ON order_raw.order_pk = orders.pk "
        f"WHERE remote = ? AND remote_id IN ({marks})",
        (remote, *ids),
    )
    return {row[0]: (row[1], row[2] or "", row[3] is not None) for row in rows}


def _insert(
    tx: Transaction, source: Source, orders: Sequence[RemoteOrder], station: str
) -> list[tuple[int, Status]]:
    if not orders:
        return []
    codes = _codes(tx, orders)
    customers = _customers(tx, source.name, orders)
    top = tx.one("SELECT coalesce(max(pk), 0) FROM orders")
    first = (int(top[0]) if top else 0) + 1
    rows, lines, raws, words = [], [], [], []
    seen: list[tuple[int, Status]] = []
    states: dict[tuple[str, datetime | None], tuple[int | None, ...]] = {}
    now = to_us(tx.now)
    for pk, (order, code) in enumerate(zip(orders, codes, strict=True), start=first):
        status, customer = Status(order.status), customers.get(order.customer_remote_id)
        state = states.get((status, order.due_at))
        if state is None:
            state = states[status, order.due_at] = _state(tx, status, order.due_at)
        made = to_us(order.created_at)
        rows.append(
            (pk, tx.new_id(), code, source.name, order.remote_id, source.format, status.value, now,
             status.value, now, customer, source.currency, made, now, *state, *details(order))
        )  # fmt: skip
        lines += line_rows(pk, order)
        raws.append((pk, order.raw, now))
        words.append((pk, {"remote": source.name, "status": status.value, "source": order.source}))
        seen.append((pk, status))
        tx.touch(pk)
    ORDERS.put(tx, rows)
    LINES.put(tx, lines)
    tx.executemany(SAVE_RAW, raws)
    tx.events("received", Who(SYNC_ACTOR, station), words)
    return seen


def _codes(tx: Transaction, orders: Sequence[RemoteOrder]) -> list[str]:
    """Return each order's code: the remote's own as long as no other order has it, else a running number."""
    own: list[str] = []
    taken = _taken(tx, [order.code for order in orders if order.code])
    for order in orders:
        own.append("" if order.code in taken else order.code)
        taken.add(order.code)
    running = iter(_new_codes(tx, own.count(""), frozenset(own)))
    return [code or next(running) for code in own]


def _new_codes(tx: Transaction, count: int, taken: frozenset[str]) -> list[str]:
    """Return the next running numbers; one that is taken (by a remote's own code) is passed over."""
    row = tx.one("SELECT value FROM meta WHERE key = 'next_code'")
    number = int(row[0]) if row else 1
    codes: list[str] = []
    while len(codes) < count:
        tried = [str(each) for each in range(number, number + count - len(codes))]
        here = _taken(tx, tried)
        codes += [code for code in tried if code not in taken and code not in here]
        number += len(tried)
    tx.execute(SAVE_NEXT_CODE, (str(number),))
    return codes


def _taken(tx: Transaction, codes: Sequence[str]) -> set[str]:
    """Return which of these codes orders have already."""
    if not codes:
        return set()
    marks = ", ".join("?" * len(codes))
    return {row[0] for row in tx.all(f"SELECT code FROM orders WHERE code IN ({marks})", codes)}  # noqa: S608


def _state(tx: Transaction, status: Status, due_at: datetime | None) -> tuple[int | None, ...]:
    """Return since when a new order is accepted, closed and taken notice of, and its urgency."""
    now = to_us(tx.now)
    accepted = None if status in {Status.CREATED, Status.TIMING} else tx.now
    return (
        maybe_us(accepted),
        now if status in FINAL else None,
        None if status is Status.CREATED else now,
        urgency(status, Moments(tx.now, tx.now, accepted), due_at),
    )


def _customers(tx: Transaction, remote: str, orders: Sequence[RemoteOrder]) -> dict[str, int]:
    """Write down who ordered, the latest name and number last; return their keys by the remote's ids."""
    now = to_us(tx.now)
    rows = [
        (
            remote,
            order.customer_remote_id,
            order.customer_name,
            order.phone,
            digits_of(order.phone)[:32],
            now,
            now,
        )
        for order in orders
        if order.customer_remote_id
    ]
    if not rows:
        return {}
    tx.executemany(SAVE_CUSTOMERS, rows)
    ids = list(dict.fromkeys(row[1] for row in rows))
    marks = ", ".join("?" * len(ids))
    found = tx.all(
        f"SELECT remote_id, pk FROM customers WHERE remote = ? AND remote_id IN ({marks})",  # noqa: S608 - marks only
        (remote, *ids),
    )
    return {str(name): int(pk) for name, pk in found}


def _update(tx: Transaction, pk: int, order: RemoteOrder, station: str) -> None:
    """Write an order's details again; what staff see in the history is only a real difference.

    Fields that were edited here and are not at rest are the engine's to judge: they stay as they are.
    """
    tx.execute(SAVE_RAW, (pk, order.raw, to_us(tx.now)))
    shadow = read_shadow(tx, pk)
    skipped = _skipped(shadow, order_format(tx, pk)) if shadow else frozenset()
    names = [name for name in DETAILS if name not in skipped]
    values = dict(zip(DETAILS, details(order), strict=True))
    if not order.cart_id:
        names.remove("cart_id")  # only some answers tell it
    before = tx.one(f"SELECT {', '.join(names)} FROM orders WHERE pk = ?", (pk,))  # noqa: S608 - our own names
    changed = [name for name, old in zip(names, before or (), strict=False) if old != values[name]]
    if changed:
        assigned = ", ".join(f"{name} = ?" for name in changed)
        tx.execute(
            f"UPDATE orders SET {assigned}, version = version + 1 WHERE pk = ?",  # noqa: S608
            (*(values[name] for name in changed), pk),
        )
        if "address" in skipped and ADDRESS_COLUMNS.intersection(changed):
            # Theirs and ours together: neither side's whole address is right.
            put_address(tx, pk, order_format(tx, pk))
    # Lines that are the same but for what only the remote knows, their prices, are no longer an edit.
    if (CART not in shadow or _has_our_cart(tx, pk, order)) and _put_lines(tx, pk, order):
        changed.append("lines")
    if not changed:
        return
    if "due_at" in changed:
        facts = read_facts(tx, pk)
        due = facts.planned_at or facts.due_at
        key = urgency(facts.status, facts.moments, due)
        tx.execute("UPDATE orders SET urgency = ? WHERE pk = ?", (key, pk))
    made = {"phone_digits", "due_text"}  # from others that are told
    if ADDRESS_COLUMNS.intersection(changed):
        made |= {"address"}
    shown = ", ".join(name for name in changed if name not in made)
    tx.event(pk, "updated", Who(SYNC_ACTOR, station), {"fields": shown})
    tx.touch(pk)


def _has_our_cart(tx: Transaction, pk: int, order: RemoteOrder) -> bool:
    format_name = order_format(tx, pk)
    here = read_values(tx, pk, format_name, [CART])[CART]
    return same_cart(received_values(order, format_name, [CART])[CART], here)


def _put_lines(tx: Transaction, pk: int, order: RemoteOrder) -> bool:
    """Write an order's lines again if they differ; tell whether they did."""
    before = tx.all(
        f"SELECT {LINE_COLUMNS} FROM order_lines WHERE order_pk = ? ORDER BY position",  # noqa: S608
        (pk,),
    )
    rows = line_rows(pk, order)
    if order_format(tx, pk) == STAFF:
        rows = keep_words(before, rows)
    if before == rows:
        return False
    tx.execute("DELETE FROM order_lines WHERE order_pk = ?", (pk,))
    LINES.put(tx, rows)
    return True


def _skipped(shadow: Mapping[str, str], format_name: str) -> frozenset[str]:
    """Return the columns of edited fields, and those that are made from them."""
    rules = fields_of(format_name)
    columns = {rules[name].column for name in shadow if name != CART}
    if "phone" in columns:
        columns.add("phone_digits")
    if "due_at" in columns:
        columns.add("due_text")
    if ADDRESS_COLUMNS & columns:
        columns |= {"address", "kind"}
    return frozenset(columns)
