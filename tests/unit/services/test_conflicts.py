"""What people decide: mine or theirs, retry, discard."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from posapp.domain.errors import RefusedError
from posapp.domain.status import Status
from posapp.services import conflicts, orders
from posapp.services.edits import save
from posapp.services.intake import Source, take_in
from posapp.storage.details import order_events, queue_rows
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, order_fact, put_in, remote_order, rows_of, set_rows


def moved(store: Store, *targets: Status) -> int:
    (pk,) = put_in(store, remote_order("r1"))
    for target in targets:
        orders.move(store, pk, target, ANNA)
    return pk


def row_ids(store: Store, pk: int) -> list[str]:
    return [row.id for row in queue_rows(store, order_pk=pk)]


def test_mine_sends_what_the_order_is_here_against_theirs(store: Store) -> None:
    pk = moved(store, Status.ACCEPTED, Status.COOKING)
    set_rows(store, pk, "conflict", theirs="cancelled")
    assert order_fact(store, pk, "sync") == "conflict"

    assert conflicts.resolve(store, pk, "mine", ANNA) is Status.COOKING

    assert rows_of(store, pk, "target, base, state, forced")[-1] == ("cooking", "cancelled", "pending", 1)
    assert {row[3] for row in rows_of(store, pk)[:-1]} == {"superseded"}
    assert order_fact(store, pk, "sync") == "pending"


def test_theirs_takes_the_remote_value_and_sends_nothing(store: Store) -> None:
    pk = moved(store, Status.ACCEPTED)
    set_rows(store, pk, "conflict", theirs="cancelled")

    assert conflicts.resolve(store, pk, "theirs", ANNA) is Status.CANCELLED

    assert order_fact(store, pk, "status") == "cancelled"
    assert order_fact(store, pk, "sync") == "synced"
    assert order_fact(store, pk, "closed_at") is not None
    assert {row[3] for row in rows_of(store, pk)} == {"superseded"}


def test_theirs_of_a_refused_change_is_what_the_remote_last_showed(store: Store) -> None:
    pk = moved(store, Status.ACCEPTED, Status.COOKING)
    set_rows(store, pk, "parked", last_error="not allowed")

    assert conflicts.resolve(store, pk, "theirs", ANNA) is Status.CREATED


def test_an_order_that_is_gone_counts_as_cancelled(store: Store) -> None:
    pk = moved(store, Status.ACCEPTED)
    set_rows(store, pk, "dead", last_error="404")

    assert conflicts.resolve(store, pk, "theirs", ANNA) is Status.CANCELLED
    assert order_fact(store, pk, "watch_at") is None


def test_nothing_to_decide_is_refused(store: Store) -> None:
    pk = moved(store, Status.ACCEPTED)

    with pytest.raises(RefusedError, match="needs a decision"):
        conflicts.resolve(store, pk, "mine", ANNA)
    with pytest.raises(RefusedError, match="no choice"):
        conflicts.resolve(store, pk, "both", ANNA)


def test_a_retry_of_any_refused_change_frees_the_whole_order(store: Store) -> None:
    pk = moved(store, Status.ACCEPTED, Status.COOKING)
    set_rows(store, pk, "parked", last_error="not allowed", refusals=2)

    # The second waits behind the first: it could not go out alone.
    conflicts.retry(store, [row_ids(store, pk)[1]], ANNA)

    assert rows_of(store, pk, "state, refusals") == [("pending", 0), ("pending", 0)]
    assert order_fact(store, pk, "sync") == "pending"
    assert order_fact(store, pk, "sync_reason") == ""


def test_a_conflict_is_not_retried(store: Store) -> None:
    pk = moved(store, Status.ACCEPTED, Status.COOKING)
    first, second = row_ids(store, pk)
    with store.write() as tx:
        tx.execute("UPDATE outbox SET state = 'conflict', theirs = 'cancelled' WHERE id = ?", (first,))
        tx.execute("UPDATE outbox SET state = 'parked' WHERE id = ?", (second,))

    for name in (first, second):
        with pytest.raises(RefusedError, match="conflict"):
            conflicts.retry(store, [name], ANNA)
    assert [row[3] for row in rows_of(store, pk)] == ["conflict", "parked"]


def test_settled_changes_can_neither_be_retried_nor_discarded(store: Store) -> None:
    pk = moved(store, Status.ACCEPTED)
    set_rows(store, pk, "confirmed")
    (name,) = row_ids(store, pk)

    with pytest.raises(RefusedError, match="settled"):
        conflicts.retry(store, [name], ANNA)
    with pytest.raises(RefusedError, match="settled"):
        conflicts.discard(store, [name], "wrong", ANNA)


def test_one_wrong_name_leaves_all_as_it_was(store: Store) -> None:
    pk = moved(store, Status.ACCEPTED)
    (name,) = row_ids(store, pk)

    with pytest.raises(RefusedError, match="no queued change"):
        conflicts.discard(store, [name, "nothing"], "wrong", ANNA)
    assert rows_of(store, pk)[0][3] == "pending"
    assert order_fact(store, pk, "status") == "accepted"


def test_discarding_returns_to_the_remote_value_with_the_reason(store: Store) -> None:
    pk = moved(store, Status.ACCEPTED, Status.COOKING)

    assert conflicts.discard(store, row_ids(store, pk), "typed wrong", ANNA) == [pk]

    assert order_fact(store, pk, "status") == "created"
    assert order_fact(store, pk, "sync") == "synced"
    assert rows_of(store, pk, "state, reason") == [("superseded", "discarded: typed wrong")] * 2
    assert order_events(store, pk)[-1].params == {"reason": "typed wrong", "to": "created"}


def test_discarding_needs_a_reason(store: Store) -> None:
    pk = moved(store, Status.ACCEPTED)

    with pytest.raises(RefusedError, match="Say why"):
        conflicts.discard(store, row_ids(store, pk), " \n ", ANNA)


def test_what_may_be_arriving_now_is_not_discarded(store: Store) -> None:
    pk = moved(store, Status.ACCEPTED, Status.COOKING)
    with store.write() as tx:
        tx.execute("UPDATE outbox SET state = 'in_flight' WHERE id = ?", (row_ids(store, pk)[0],))

    with pytest.raises(RefusedError, match="arriving"):
        conflicts.discard(store, [row_ids(store, pk)[1]], "wrong", ANNA)
    assert order_fact(store, pk, "status") == "cooking"


def test_the_beginning_of_an_id_is_enough_if_it_is_the_only_one(store: Store) -> None:
    pk = moved(store, Status.ACCEPTED, Status.COOKING)
    first = row_ids(store, pk)[0]

    assert conflicts.retry(store, [f" {first} "], ANNA) == [pk]
    with pytest.raises(RefusedError, match="more than one"):
        conflicts.retry(store, [first[:8]], ANNA)
    with pytest.raises(RefusedError, match="no queued change"):
        conflicts.retry(store, ["000"], ANNA)


def test_theirs_of_a_refused_edit_leaves_a_cancellation_on_its_way(store: Store) -> None:
    pk = take_in(store, Source("kathmandu", "staff", "NPR"), [remote_order("12")], "counter-1").seen[0][0]
    save(store, pk, {"phone": "9800000001"}, ANNA, ZoneInfo("Asia/Kathmandu"))
    orders.move(store, pk, Status.CANCELLED, ANNA)
    with store.write() as tx:
        tx.execute("UPDATE outbox SET state = 'parked'")
        tx.execute("UPDATE outbox SET last_class = 'refused' WHERE patch <> ''")
    conflicts.resolve(store, pk, "theirs", ANNA)
    assert rows_of(store, pk, "kind, state") == [("fields", "superseded"), ("status", "pending")]


def test_what_is_sent_again_is_not_refused_any_more(store: Store) -> None:
    pk = moved(store, Status.ACCEPTED, Status.COOKING)
    with store.write() as tx:
        tx.execute("UPDATE outbox SET state = 'parked', last_class = 'refused', refusals = 2")
    conflicts.resolve(store, pk, "mine", ANNA)
    assert set(rows_of(store, pk, "state, refusals, last_class")) == {("pending", 0, "")}
