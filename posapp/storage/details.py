"""The read queries of single orders, the outbox, the remotes and the quarantine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from posapp.domain.errors import UnknownOrderError
from posapp.domain.text import clean_line
from posapp.domain.timing import Targets
from posapp.storage.fields import from_us, maybe_at
from posapp.storage.queries import ROW_COLUMNS, STOPPED_SQL, order_row
from posapp.storage.rows import (
    EventRow,
    LineRow,
    OrderDetail,
    QuarantineRow,
    QueueRow,
    RemoteRow,
    SentRow,
    SyncSummary,
)
from posapp.storage.store import Store

_MORE = (
    "orders.remote_id, orders.format, orders.status_at, orders.shadow, orders.phone_digits, orders.street, "
    "orders.home, orders.apt, orders.entrance, orders.level, orders.city, orders.due_text, "
    "orders.delivery_cost, orders.products_total, orders.accepted_at, orders.sent_at, orders.noticed_at, "
    "orders.noticed_by"
)
_PLAIN = ("shadow", "phone_digits", "street", "home", "apt", "entrance", "level", "city", "due_text")
_ROW_WIDTH = ROW_COLUMNS.count(",") + 1
QUEUE_SQL = (
    "SELECT outbox.seq, outbox.id, outbox.order_pk, orders.id, orders.code, coalesce(orders.remote, ''), "
    "outbox.kind, outbox.target, outbox.base, outbox.theirs, outbox.state, outbox.attempts, "
    "outbox.last_class, outbox.last_error, outbox.reason, outbox.actor, outbox.station, outbox.created_at, "
    "outbox.hold_until, outbox.not_before, outbox.last_at, outbox.patch "
    "FROM outbox JOIN orders ON orders.pk = outbox.order_pk "
)
_QUEUE_PLAIN = (
    "seq", "id", "order_pk", "order_id", "order_code", "remote", "kind", "target", "base", "theirs", "state",
    "attempts", "last_class", "last_error", "reason", "actor", "station",
)  # fmt: skip
OPEN_SQL = "('pending', 'in_flight', 'parked', 'conflict', 'dead')"
WAITING_SQL = "('pending', 'in_flight')"
PERSON_SQL = "('parked', 'conflict', 'dead')"
_STOPPED = (
    f"SELECT pk, code FROM orders WHERE urgency IS NOT NULL AND {STOPPED_SQL} "  # noqa: S608 - our own words
    "AND status IN ('cooking', 'ondelivery') ORDER BY urgency LIMIT 100"
)
# In the very words of the index outbox_open: with less SQLite reads all that was ever sent.
_STILL_OPEN = f"SELECT {{}} FROM outbox WHERE state IN {OPEN_SQL} AND state IN {{}}"  # noqa: S608


def find_order(store: Store, name: str) -> int:
    """Return the key of the order with this code, local id or remote id.

    Raises UnknownOrderError when there is none, or several (then `detail` lists them).
    """
    plain = clean_line(name).lstrip("#")
    rows = store.all(
        "SELECT pk, code, remote, remote_id, id FROM orders WHERE code = ? "
        "UNION SELECT pk, code, remote, remote_id, id FROM orders WHERE id = ? "
        "UNION SELECT pk, code, remote, remote_id, id FROM orders WHERE remote_id = ? ",
        (plain, plain, plain),
    )
    if len(rows) == 1:
        return int(rows[0][0])
    shown = clean_line(name)[:60]
    if not rows:
        raise UnknownOrderError(
            f"There is no order “{shown}”.", remedy="Give its code, its id here or its id at the shop."
        )
    listed = "; ".join(f"#{row[1]} ({row[2] or 'counter'}, id {row[4]})" for row in rows)
    raise UnknownOrderError(
        f"Several orders answer to “{shown}”.", f"{listed}.", "Give the id of the one that you mean."
    )


def order_detail(store: Store, pk: int, targets: Targets) -> OrderDetail | None:
    """Return everything about one order, None when it does not exist."""
    from posapp.storage.sales import payments_of  # not at each start: it brings the carts along

    with store.snapshot():
        raw = store.one(
            f"SELECT {ROW_COLUMNS}, {_MORE} FROM orders WHERE pk = ?",  # noqa: S608 - our own column names
            (pk,),
        )
        if raw is None:
            return None
        payload = store.one("SELECT raw FROM order_raw WHERE order_pk = ?", (pk,))
        same_phone = store.one(
            "SELECT count(*) FROM (SELECT 1 FROM orders WHERE phone_digits = ? AND phone_digits <> '' "
            "LIMIT 999) AS found",
            (raw[_ROW_WIDTH + 4],),
        )
        row = order_row(raw[:_ROW_WIDTH], targets)
        more = raw[_ROW_WIDTH:]
        plain = dict(zip(_PLAIN, more[3:12], strict=True))
        return OrderDetail(
            row=row,
            remote_id=more[0],
            format=more[1],
            status_at=from_us(more[2]),
            **plain,
            delivery_cost=Decimal(more[12]),
            products_total=Decimal(more[13]),
            accepted_at=maybe_at(more[14]),
            sent_at=maybe_at(more[15]),
            noticed_at=maybe_at(more[16]),
            noticed_by=more[17],
            customer_orders=int(same_phone[0]) if same_phone else 0,
            lines=order_lines(store, pk),
            events=order_events(store, pk),
            queue=queue_rows(store, order_pk=pk),
            sent=_sent_rows(store, pk),
            raw=payload[0] if payload else "",
            payments=payments_of(store, pk),
        )


def order_lines(store: Store, pk: int) -> tuple[LineRow, ...]:
    """Return an order's lines as received."""
    rows = store.all(
        "SELECT title, quantity, unit_price, total, additions, promo_title, promo_code, paid_in_bonuses, "
        "notes, internal_id, unit_cost, discount_percent "
        "FROM order_lines WHERE order_pk = ? ORDER BY position",
        (pk,),
    )
    return tuple(
        LineRow(
            title=row[0],
            quantity=row[1],
            unit_price=Decimal(row[2]),
            total=Decimal(row[3]),
            additions=tuple(title for _, title in json.loads(row[4])),
            promo_title=row[5],
            promo_code=row[6],
            paid_in_bonuses=bool(row[7]),
            notes=row[8],
            internal_id=row[9],
            unit_cost=None if row[10] is None else Decimal(row[10]),
            discount_percent=None if row[11] is None else Decimal(row[11]),
        )
        for row in rows
    )


def order_events(store: Store, pk: int) -> tuple[EventRow, ...]:
    """Return an order's history, the oldest first."""
    rows = store.all(
        "SELECT at, kind, actor, station, params FROM events WHERE order_pk = ? ORDER BY pk", (pk,)
    )
    return tuple(EventRow(from_us(row[0]), row[1], row[2], row[3], json.loads(row[4])) for row in rows)


def _sent_rows(store: Store, pk: int) -> tuple[SentRow, ...]:
    rows = store.all(
        "SELECT value, sent_at, answered_at, verdict, detail, fields FROM sent_log WHERE order_pk = ? "
        "ORDER BY pk",
        (pk,),
    )
    return tuple(
        SentRow(row[0], from_us(row[1]), maybe_at(row[2]), row[3], row[4], _sent_names(row[5]))
        for row in rows
    )


def _sent_names(text: str) -> tuple[str, ...]:
    return tuple(name for name in json.loads(text) if name != "*") if text else ()


def queue_rows(
    store: Store, *, states: Sequence[str] = (), order_pk: int | None = None, limit: int = 1000
) -> tuple[QueueRow, ...]:
    """Return outbox rows in order; of one order all, else those of `states`, or all that are not settled.

    `latest_queue_rows` returns the settled ones too.
    """
    if order_pk is not None:
        found = store.all(f"{QUEUE_SQL} WHERE outbox.order_pk = ? ORDER BY outbox.seq", (order_pk,))
    elif states:
        marks = ", ".join("?" * len(states))
        found = store.all(
            f"{QUEUE_SQL} WHERE outbox.state IN ({marks}) ORDER BY outbox.seq LIMIT ?", (*states, limit)
        )
    else:
        found = store.all(
            f"{QUEUE_SQL} WHERE outbox.state IN {OPEN_SQL} ORDER BY outbox.seq LIMIT ?", (limit,)
        )
    return tuple(queue_row(row) for row in found)


def latest_queue_rows(store: Store, settled: int) -> tuple[QueueRow, ...]:
    """Return every outbox row that is not settled, and the last `settled` of the others, in order."""
    last = f"SELECT seq FROM outbox WHERE state NOT IN {OPEN_SQL} ORDER BY seq DESC LIMIT ?"  # noqa: S608
    found = store.all(
        f"{QUEUE_SQL} WHERE outbox.state IN {OPEN_SQL} OR outbox.seq IN ({last}) ORDER BY outbox.seq",
        (settled,),
    )
    return tuple(queue_row(row) for row in found)


def queue_row(row: tuple[Any, ...]) -> QueueRow:
    """Return an outbox row that QUEUE_SQL read."""
    plain = dict(zip(_QUEUE_PLAIN, row[:17], strict=True))
    return QueueRow(
        **plain,
        created_at=from_us(row[17]),
        hold_until=maybe_at(row[18]),
        not_before=maybe_at(row[19]),
        last_at=maybe_at(row[20]),
        patch=json.loads(row[21]) if row[21] else {},
    )


def remote_rows(store: Store) -> tuple[RemoteRow, ...]:
    """Return what is known of the remotes' connections."""
    rows = store.all(
        "SELECT name, last_ok_at, last_pull_at, trouble_since, trouble, detail, sign_in, clock_skew_s "
        "FROM remotes ORDER BY name"
    )
    return tuple(
        RemoteRow(
            row[0], maybe_at(row[1]), maybe_at(row[2]), maybe_at(row[3]), row[4], row[5], bool(row[6]), row[7]
        )
        for row in rows
    )


def quarantine_rows(store: Store, limit: int = 200) -> tuple[QuarantineRow, ...]:
    """Return what could not be read and has not been solved, the newest first."""
    rows = store.all(
        "SELECT pk, remote, remote_id, reason, raw, first_at, last_at, times FROM quarantine "
        "WHERE solved_at IS NULL ORDER BY last_at DESC LIMIT ?",
        (limit,),
    )
    return tuple(
        QuarantineRow(
            row[0], row[1], row[2], row[3], raw=row[4], first_at=from_us(row[5]), last_at=from_us(row[6]),
            times=row[7],
        )
        for row in rows
    )  # fmt: skip


_PRODUCTS_OPEN = (
    "SELECT state, count(*) FROM product_outbox WHERE state IN ('pending', 'in_flight', 'parked') "
    "GROUP BY state"
)


def sync_summary(store: Store) -> SyncSummary:
    """Return the truth about sync; every part is read from the database, never from memory."""
    with store.snapshot():
        waiting = store.one(_STILL_OPEN.format("count(*), min(created_at)", WAITING_SQL))
        failed = store.one(_STILL_OPEN.format("count(DISTINCT +order_pk)", "('parked', 'dead')"))
        conflicts = store.one(_STILL_OPEN.format("count(DISTINCT +order_pk)", "('conflict')"))
        people = store.one(_STILL_OPEN.format("count(DISTINCT +order_pk)", PERSON_SQL))
        unread = store.one("SELECT count(*) FROM quarantine WHERE solved_at IS NULL")
        stopped = store.all(_STOPPED)
        dishes = dict(store.all(_PRODUCTS_OPEN))
        remotes = remote_rows(store)
    assert waiting and failed and conflicts and people and unread  # noqa: S101, PT018 - aggregates have a row
    return SyncSummary(
        stopped=tuple((int(pk), str(code)) for pk, code in stopped),
        waiting=int(waiting[0]),
        oldest_waiting=maybe_at(waiting[1]),
        attention=int(people[0]) + sum(remote.sign_in for remote in remotes),
        failed=int(failed[0]),
        conflicts=int(conflicts[0]),
        quarantined=int(unread[0]),
        remotes=remotes,
        products_waiting=dishes.get("pending", 0) + dishes.get("in_flight", 0),
        products_refused=dishes.get("parked", 0),
    )
