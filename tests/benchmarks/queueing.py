"""Putting a change into a queue that survives a power cut: in the order's own commit, or with a library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import persistqueue
from huey import SqliteHuey

from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services.orders import move
from posapp.storage.dialect_sqlite import SqliteDialect
from posapp.storage.store import Store
from tests.benchmarks.bench import Bench, opened, seconds_of, turned
from tests.benchmarks.figures import Figure, Goal, Line

NAME = "durable queue"
ROUNDS = 5
_BLOCK = 150
_WHO = Who("bench", "bench")
_CHANGE = {"order": 1, "kind": "status", "target": "cooking"}


def run(bench: Bench) -> list[Line]:
    """Queue changes in turn: ours with the change of the order itself, the others alone."""
    with opened(bench.copy_of_filled("queue")) as store:
        rows = store.all("SELECT pk FROM orders WHERE closed_at IS NOT NULL LIMIT ?", (_BLOCK,))
        pks = [int(row[0]) for row in rows]
        _reopen(store, pks)
        ways = {
            "ours": _ours(store, pks),
            "persist-queue": _persist_queue(bench.work / "persist"),
            "huey": _huey(bench.work / "huey.db"),
        }
        rates: dict[str, list[float]] = {name: [] for name in ways}
        commits: list[float] = []
        for number in bench.each_round(ROUNDS):
            for name in turned(list(ways), number):
                before = _commits(store)
                rates[name].append(_BLOCK / seconds_of(ways[name]))
                if name == "ours":
                    commits.append((_commits(store) - before) / _BLOCK - 1)
    ours = Figure("the order's change, its event and the queue in one commit", "/s", tuple(rates["ours"]))
    peers = (
        Figure("persist-queue, the queue alone", "/s", tuple(rates["persist-queue"])),
        Figure("huey with fsync, the queue alone", "/s", tuple(rates["huey"])),
    )
    extra = Figure("more", "commits", tuple(commits))
    return [
        Line("A change queued durably", ours, peers),
        Line("The same: commits beside the order's own", extra, goal=Goal("0", extra.value, 0)),
    ]


def _reopen(store: Store, pks: list[int]) -> None:
    """Make orders of one remote that are cooking."""
    with store.write() as tx:
        for pk in pks:
            tx.execute(
                "UPDATE orders SET status = 'cooking', shadow = 'cooking', closed_at = NULL, "
                "kind = 'delivery', urgency = status_at, sync = 'synced' WHERE pk = ?",
                (pk,),
            )


def _commits(store: Store) -> int:
    assert isinstance(store.dialect, SqliteDialect)
    return store.dialect.tally.read()[0]


def _ours(store: Store, pks: list[int]) -> Any:
    turn = [0]

    def work() -> None:
        turn[0] += 1
        target = Status.ONDELIVERY if turn[0] % 2 else Status.COOKING
        for pk in pks:
            move(store, pk, target, _WHO)

    return work


def _persist_queue(place: Path) -> Any:
    queue = persistqueue.FIFOSQLiteQueue(str(place), auto_commit=True)

    def work() -> None:
        for _ in range(_BLOCK):
            queue.put(_CHANGE)

    return work


def _huey(place: Path) -> Any:
    huey = SqliteHuey(filename=str(place), fsync=True)

    @huey.task()  # type: ignore[untyped-decorator]
    def send(change: dict[str, Any]) -> None:
        """Is only queued."""

    def work() -> None:
        for _ in range(_BLOCK):
            huey.enqueue(send.s(_CHANGE))

    return work
