"""A shop's own server: one status transaction beside one statement, and a change seen at another station."""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from posapp.services.sample import fill
from posapp.storage.database import open_store
from posapp.storage.dialect_postgres import CHANNEL, WRITER, PostgresDialect
from posapp.storage.server import Server
from posapp.storage.store import Store
from tests.benchmarks.bench import Bench, run_child, sample_stock, turned
from tests.benchmarks.figures import Figure, Goal, Line
from tests.benchmarks.transaction import _OTHER, _instances, _ours, _prepare, _queries, _rate, _target
from tests.support.postgres import MissingServerError, PostgresServer

NAME = "server"
ROUNDS = 9
ORDERS, SHOWN = 2_000, 30
_ALL_COOK = (
    "UPDATE orders SET status = 'cooking', shadow = 'cooking', closed_at = NULL, kind = 'delivery', "
    "urgency = status_at, sync = 'synced'"
)
# What a status change has to do on a server that several stations use, in one round trip: nobody else writes
# meanwhile, the order, its change in the queue, its event, the count of commits, and the others are told.
_ONE = f"""
WITH alone AS MATERIALIZED (SELECT pg_advisory_xact_lock({WRITER})),
found AS (SELECT o.pk FROM orders o, alone WHERE o.pk = $1 AND NOT EXISTS (SELECT 1 FROM outbox
  WHERE order_pk = $1 AND state IN ('parked', 'conflict', 'dead')) FOR UPDATE OF o),
moved AS (UPDATE orders SET status = $2, status_at = $3, accepted_at = $3, sent_at = NULL, closed_at = NULL,
  urgency = $3, version = version + 1, sync = 'pending' FROM found WHERE orders.pk = found.pk
  RETURNING orders.pk),
queued AS (INSERT INTO outbox(id, order_pk, kind, target, base, forced, undo, station, actor, created_at,
  state, patch, attempts, reached, refusals, last_class, last_error, theirs, lease, reason)
  SELECT $4, pk, 'status', $2, $5, 0, 0, 'bench', 'bench', $3, 'pending', '', 0, 0, 0, '', '', '', '', ''
  FROM moved),
told AS (INSERT INTO events(order_pk, at, kind, actor, station, params)
  SELECT pk, $3, 'moved', 'bench', 'bench', $6 FROM moved),
counted AS (UPDATE posapp_commits SET n = n + 1)
SELECT pg_notify($7, $8) FROM moved
"""  # noqa: S608 - our own words


def run(bench: Bench) -> list[Line]:
    """Measure on a server of our own, which writes to the disk as in a shop."""
    try:
        with _server() as running:
            made, small = running.fresh(), running.fresh()
            with _opened(bench.work / "station", made) as store:
                fill(store, ORDERS, seed=1, stock=sample_stock(), station="bench")
                lines = [_transactions(bench, store, made)]
            with _opened(bench.work / "live", small) as store:
                fill(store, SHOWN, seed=1, stock=sample_stock(), station="bench")
                with store.write() as tx:
                    tx.execute(_ALL_COOK)
            return [*lines, *_live(bench, small)]
    except MissingServerError as missing:
        sys.stderr.write(f"{NAME}: left out, {missing}\n")
        return []


@contextlib.contextmanager
def _server() -> Iterator[PostgresServer]:
    with tempfile.TemporaryDirectory(prefix="posapp-pg-", ignore_cleanup_errors=True) as folder:
        running = PostgresServer(Path(folder), durable=True)
        try:
            yield running
        finally:
            running.stop()


@contextlib.contextmanager
def _opened(data_dir: Path, server: Server) -> Iterator[Store]:
    store = open_store(data_dir, server=server)
    try:
        yield store
    finally:
        store.close_thread()


def _transactions(bench: Bench, store: Store, server: Server) -> Line:
    dialect = PostgresDialect(server)
    raw = dialect.session().raw
    pks = _prepare(store)
    ways: dict[str, Callable[[int, int], None]] = {
        "ours": lambda pk, n: _ours(store, pk, n),
        "raw": lambda pk, n: _one_statement(raw, pk, n),
        "instances": _instances,
        "queries": _queries,
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    done = dict.fromkeys(ways, 0)
    try:
        for number in bench.each_round(ROUNDS):
            for name in turned(list(ways), number):
                rates[name].append(_rate(ways[name], pks[name], done[name]))
                done[name] += 1
    finally:
        dialect.close_thread()
    ours = Figure("`services.orders.move`", "/s", tuple(rates["ours"]))
    limit = Figure("one statement with pg_notify on a bare connection", "/s", tuple(rates["raw"]))
    peers = (
        Figure("Peewee instances, `save()`", "/s", tuple(rates["instances"])),
        Figure("Peewee queries", "/s", tuple(rates["queries"])),
    )
    goal = Goal("≥ 50 % of the one statement", ours.ratio_to(limit), 0.5, at_least=True)
    return Line("One status transaction on PostgreSQL", ours, peers, limit, goal)


def _one_statement(raw: Any, pk: int, number: int) -> None:
    import psycopg

    now, target = time.time_ns() // 1000, _target(number)
    params = json.dumps({"from": _OTHER[target], "to": target})
    told = json.dumps(["bench", "", ["orders", "queue"], [pk]])
    row = psycopg.RawCursor(raw).execute(
        _ONE, (pk, target, now, str(uuid.uuid4()), _OTHER[target], params, CHANNEL, told)
    )
    assert row.rowcount == 1


def _live(bench: Bench, server: Server) -> list[Line]:
    found = [run_child("live_windows", bench.work / "live", server.url) for _ in bench.each_round(3)]
    middle = Figure("two windows, one server", "ms", tuple(one["seen_ms"] for one in found))
    worst = Figure("", "ms", tuple(one["worst_ms"] for one in found))
    return [
        Line(
            "A change at one station, painted at another",
            middle,
            goal=Goal("≤ 50 ms", middle.value, 50),
        ),
        Line("The same, the slowest of 40", worst, goal=Goal("≤ 1,000 ms", max(worst.samples), 1000)),
    ]
