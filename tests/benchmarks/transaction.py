"""One status change as a durable transaction, beside raw SQL, Peewee, and what the disk can do."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import peewee

from posapp.domain.status import Status, SyncState
from posapp.domain.who import Who
from posapp.services.orders import move
from posapp.services.steps import _ENQUEUE, _FACTS, _UPDATE
from posapp.storage.dialect_sqlite import _PRAGMAS
from posapp.storage.models import Event, Order, Outbox
from posapp.storage.store import _INSERT_EVENT, Store
from tests.benchmarks.bench import Bench, opened, seconds_of, turned
from tests.benchmarks.figures import Figure, Goal, Line

NAME = "status transaction"
ROUNDS = 9
_BLOCK = 120  # transactions of one kind in a row
_WHO = Who("bench", "bench")
_OTHER = {"cooking": "ondelivery", "ondelivery": "cooking"}


def run(bench: Bench) -> list[Line]:
    """Move the same orders to and fro in four ways, in turn, on one file."""
    with opened(bench.copy_of_filled("transaction")) as store:
        pks = _prepare(store)
        path = store.data_dir / "posapp.db"
        with closing(_raw_connection(store, path)) as raw:
            ways: dict[str, Callable[[int, int], None]] = {
                "ours": lambda pk, n: _ours(store, pk, n),
                "raw": lambda pk, n: _raw(raw, pk, n),
                "instances": _instances,
                "queries": _queries,
            }
            rates: dict[str, list[float]] = {name: [] for name in (*ways, "fsync")}
            done = dict.fromkeys(ways, 0)
            for number in bench.each_round(ROUNDS):
                for name in turned(list(ways), number):
                    rates[name].append(_rate(ways[name], pks[name], done[name]))
                    done[name] += 1
                rates["fsync"].append(_fsync_rate(bench.work / "fsync"))
    ours = Figure("`services.orders.move`", "/s", tuple(rates["ours"]))
    limit = Figure("the same statements on a bare connection", "/s", tuple(rates["raw"]))
    peers = (
        Figure("Peewee instances, `save()`", "/s", tuple(rates["instances"])),
        Figure("Peewee queries", "/s", tuple(rates["queries"])),
        Figure("one write and fdatasync, nothing else", "/s", tuple(rates["fsync"])),
    )
    goal = Goal("≥ 80 % of raw SQL", ours.ratio_to(limit), 0.8, at_least=True)
    return [Line("One status transaction, `synchronous=FULL`", ours, peers, limit, goal)]


def _prepare(store: Store) -> dict[str, list[int]]:
    """Make orders of one remote that are cooking, a block of them for each way."""
    names = ("ours", "raw", "instances", "queries")
    rows = store.all("SELECT pk FROM orders WHERE closed_at IS NOT NULL LIMIT ?", (_BLOCK * len(names),))
    with store.write() as tx:
        for (pk,) in rows:
            tx.execute(
                "UPDATE orders SET status = 'cooking', shadow = 'cooking', closed_at = NULL, "
                "kind = 'delivery', urgency = status_at, sync = 'synced' WHERE pk = ?",
                (pk,),
            )
    chosen = [row[0] for row in rows]
    return {name: chosen[place * _BLOCK :][:_BLOCK] for place, name in enumerate(names)}


def _rate(change: Callable[[int, int], None], pks: list[int], number: int) -> float:
    def block() -> None:
        for pk in pks:
            change(pk, number)

    return len(pks) / seconds_of(block)


def _target(number: int) -> str:
    return "ondelivery" if number % 2 == 0 else "cooking"


def _ours(store: Store, pk: int, number: int) -> None:
    move(store, pk, Status(_target(number)), _WHO)


def _raw_connection(store: Store, path: Path) -> Any:
    """Return a connection of the driver that Peewee uses, with the same pragmas."""
    driver = type(store.database.connection())
    connection: Any = driver(str(path), isolation_level=None, timeout=10, cached_statements=256)
    for name, value in _PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}")
    return connection


def _raw(connection: Any, pk: int, number: int) -> None:
    """Do what a move does to the database, and nothing more."""
    now = time.time_ns() // 1000
    target = _target(number)
    execute = connection.execute
    execute("BEGIN IMMEDIATE")
    execute(_FACTS, (pk,)).fetchone()
    enqueued = (str(uuid.uuid4()), pk, "status", target, _OTHER[target], 0, 0)
    execute(_ENQUEUE, (*enqueued, "bench", "bench", now, None, "pending", ""))
    execute(_UPDATE, (target, now, now, None, None, now, None, now, "bench", "pending", pk))
    params = json.dumps({"from": _OTHER[target], "to": target})
    execute(_INSERT_EVENT, (pk, now, "moved", "bench", "bench", params))
    execute("COMMIT")


def _atomic() -> Any:
    database = Order._meta.database.obj
    return database.atomic("IMMEDIATE") if isinstance(database, peewee.SqliteDatabase) else database.atomic()


def _instances(pk: int, number: int) -> None:
    """Do it as Peewee's first page shows: get, change, save."""
    from posapp.storage.database import utc_now

    with _atomic():
        now, target = utc_now(), _target(number)
        order = Order.get_by_id(pk)
        Outbox.select().where(Outbox.order == pk, Outbox.state.in_(("parked", "conflict", "dead"))).exists()
        Outbox.create(
            id=str(uuid.uuid4()), order=order, kind="status", target=target, base=order.status,
            station="bench", actor="bench", created_at=now, state="pending",
        )  # fmt: skip
        before, order.status = order.status, target
        order.status_at = order.accepted_at = order.urgency = now
        order.sync = SyncState.PENDING.value
        order.version += 1
        order.save()
        params = json.dumps({"from": before, "to": target})
        Event.create(order=order, at=now, kind="moved", actor="bench", station="bench", params=params)


def _queries(pk: int, number: int) -> None:
    """Do it with Peewee's query builder and the few columns that change."""
    from posapp.storage.database import utc_now

    with _atomic():
        now, target = utc_now(), _target(number)
        before: str = Order.select(Order.status).where(Order.pk == pk).scalar()
        Outbox.select().where(Outbox.order == pk, Outbox.state.in_(("parked", "conflict", "dead"))).exists()
        Outbox.insert(
            id=str(uuid.uuid4()), order=pk, kind="status", target=target, base=before, station="bench",
            actor="bench", created_at=now, state="pending",
        ).execute()  # fmt: skip
        Order.update(
            status=target, status_at=now, accepted_at=now, urgency=now, sync="pending",
            version=Order.version + 1,
        ).where(Order.pk == pk).execute()  # fmt: skip
        params = json.dumps({"from": before, "to": target})
        Event.insert(
            order=pk, at=now, kind="moved", actor="bench", station="bench", params=params
        ).execute()  # fmt: skip


def _fsync_rate(path: Path) -> float:
    """Return how often per second the disk confirms a write of one page."""
    sync = getattr(os, "fdatasync", os.fsync)
    count = 50
    with path.open("wb", buffering=0) as file:
        page = bytes(4096)

        def writes() -> None:
            for _ in range(count):
                file.write(page)
                sync(file.fileno())

        return count / seconds_of(writes)
