"""What the Sync Center reads, and that none of it reads all that was ever sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from posapp.domain.status import Status
from posapp.domain.timing import Targets
from posapp.services import orders
from posapp.storage import sync_center
from posapp.storage.attention import attention
from posapp.storage.details import sync_summary
from posapp.storage.fields import to_us
from posapp.storage.store import Store
from posapp.storage.sync_center import changes_by_seq, sync_state
from tests.support.shop_orders import ANNA, START, Clock, put_in, remote_order, set_rows


def moved(store: Store, remote_id: str, *targets: Status) -> int:
    (pk,) = put_in(store, remote_order(remote_id))
    for target in targets:
        orders.move(store, pk, target, ANNA)
    return pk


def state(store: Store, **named: Any) -> sync_center.SyncState:
    return sync_state(store, START, **({"waiting": 100, "done": 100} | named))


def test_each_order_that_needs_a_person_is_asked_about_once(store: Store) -> None:
    refused = moved(store, "a", Status.ACCEPTED, Status.COOKING)
    set_rows(store, refused, "parked")
    with store.write() as tx:
        tx.execute(
            "UPDATE outbox SET last_error = 'No.' WHERE order_pk = ? AND target = 'cooking'", (refused,)
        )
    conflict = moved(store, "b", Status.ACCEPTED)
    set_rows(store, conflict, "conflict", theirs="cancelled")

    found = state(store)

    # Conflicts first; of several rows the one that the shop said something about.
    assert [(row.order_pk, row.target) for row in found.asked.rows] == [
        (conflict, "accepted"),
        (refused, "cooking"),
    ]
    assert found.asked.count == 2
    assert found.behind == {refused: 1}


def test_what_waits_is_read_in_stretches_and_counted_whole(store: Store) -> None:
    for number in range(5):
        moved(store, f"r{number}", Status.ACCEPTED)

    found = state(store, waiting=2)

    assert (len(found.waiting.rows), found.waiting.count) == (2, 5)
    assert [row.seq for row in found.waiting.rows] == [1, 2]
    assert state(store, waiting=9).waiting.count == 5


def test_done_is_what_the_shop_has_taken_today(store: Store, clock: Clock) -> None:
    pk = moved(store, "a", Status.ACCEPTED, Status.COOKING, Status.ONDELIVERY)
    with store.write() as tx:
        for seq, state_name, at in ((1, "confirmed", -60), (2, "confirmed", 60), (3, "superseded", 90)):
            tx.execute(
                "UPDATE outbox SET state = ?, closed_at = ? WHERE seq = ?",
                (state_name, to_us(START) + at * 1_000_000, seq),
            )

    found = state(store)

    assert [row.seq for row in found.done.rows] == [2]
    assert found.done.count == 1
    assert [row.seq for row in changes_by_seq(store, (1, 3))] == [3, 1]
    assert pk == 1


def test_figures_are_told_by_shop(store: Store, clock: Clock) -> None:
    moved(store, "a", Status.ACCEPTED)
    clock.pass_by(minutes=5)
    waiting = moved(store, "b", Status.ACCEPTED, Status.COOKING)
    conflict = moved(store, "c", Status.ACCEPTED)
    set_rows(store, conflict, "conflict", theirs="cancelled")

    figures = state(store).shops["alma"]

    assert (figures.waiting, figures.oldest, figures.failed, figures.conflicts) == (3, START, 0, 1)
    assert waiting == 2


class Watched:
    """A store that remembers what it was asked."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[tuple[str, Sequence[Any]]] = []
        real_all, real_one = store.all, store.one

        def every(sql: str, params: Sequence[Any] = ()) -> Any:
            self.asked.append((sql, params))
            return real_all(sql, params)

        def one(sql: str, params: Sequence[Any] = ()) -> Any:
            self.asked.append((sql, params))
            return real_one(sql, params)

        monkeypatch.setattr(store, "all", every)
        monkeypatch.setattr(store, "one", one)


@pytest.mark.databases("sqlite")
def test_nothing_that_is_read_all_the_time_scans_the_whole_outbox(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pk,) = put_in(store, remote_order("a"))
    with store.write() as tx:
        tx.executemany(
            "INSERT INTO outbox(id, order_pk, kind, target, base, forced, undo, station, actor, created_at, "
            "state, attempts, reached, refusals, last_class, last_error, theirs, lease, reason, closed_at) "
            "VALUES (?, ?, 'status', 'cooking', 'accepted', 0, 0, '', '', 1, ?, 0, 0, 0, '', '', '', '', "
            "'', 1)",
            [(str(number), pk, "confirmed" if number % 50 else "parked") for number in range(3_000)],
        )
        tx.execute("ANALYZE")
    plain = store.all
    watched = Watched(store, monkeypatch)

    sync_summary(store)
    state(store)
    attention(store, Targets(15, 10), START)

    scans = [
        (sql, step[3])
        for sql, params in watched.asked
        for step in plain(f"EXPLAIN QUERY PLAN {sql}", params)
        if step[3].startswith("SCAN outbox") and "USING INDEX outbox_open" not in step[3]
        and "USING COVERING INDEX outbox_open" not in step[3]
    ]  # fmt: skip
    assert len(watched.asked) > 12
    assert scans == []
