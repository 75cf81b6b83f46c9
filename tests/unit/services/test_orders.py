"""Moves, schedules and undo: each in one transaction with its event and its outbox row."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posapp.domain.errors import RefusedError, StaleOrderError, UnknownOrderError
from posapp.domain.status import Status
from posapp.services import orders
from posapp.storage.details import order_events
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, START, Clock, order_fact, put_in, remote_order, rows_of, set_rows


def kinds(store: Store, pk: int) -> list[str]:
    return [event.kind for event in order_events(store, pk)]


def test_a_move_writes_the_order_its_event_and_its_change(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))

    moved = orders.move(store, pk, Status.ACCEPTED, ANNA)

    assert (moved.before, moved.after, moved.changed) == (Status.CREATED, Status.ACCEPTED, True)
    assert order_fact(store, pk, "status") == "accepted"
    assert order_fact(store, pk, "sync") == "pending"
    assert rows_of(store, pk) == [("status", "accepted", "created", "pending")]
    event = order_events(store, pk)[-1]
    assert (event.kind, event.actor, event.station) == ("moved", "anna", "counter-1")
    assert event.params == {"from": "created", "to": "accepted"}


def test_the_status_it_already_has_writes_nothing(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    before = (order_fact(store, pk, "version"), kinds(store, pk))

    assert not orders.move(store, pk, Status.CREATED, ANNA).changed
    assert (order_fact(store, pk, "version"), kinds(store, pk)) == before
    assert rows_of(store, pk) == []


def test_a_forbidden_move_leaves_everything_as_it_was(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    before = (order_fact(store, pk, "version"), kinds(store, pk))

    with pytest.raises(RefusedError, match="cannot become delivered"):
        orders.move(store, pk, Status.DELIVERED, ANNA)
    assert (order_fact(store, pk, "version"), kinds(store, pk)) == before
    assert rows_of(store, pk) == []


def test_a_pickup_goes_from_the_kitchen_to_the_customer(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1", kind="pickup", status="cooking"))

    with pytest.raises(RefusedError):
        orders.move(store, pk, Status.ONDELIVERY, ANNA)
    assert orders.move(store, pk, Status.DELIVERED, ANNA).changed
    assert order_fact(store, pk, "urgency") is None
    assert order_fact(store, pk, "closed_at") is not None


def test_whoever_saw_an_older_version_is_told(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    version = order_fact(store, pk, "version")
    orders.move(store, pk, Status.ACCEPTED, ANNA)

    with pytest.raises(StaleOrderError, match="changed meanwhile"):
        orders.move(store, pk, Status.CANCELLED, ANNA, expected_version=version)


def test_an_order_that_is_not_there_is_unknown(store: Store) -> None:
    with pytest.raises(UnknownOrderError):
        orders.move(store, 99, Status.ACCEPTED, ANNA)


def test_a_change_waits_behind_one_that_needs_a_person(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    set_rows(store, pk, "parked", last_error="no")

    orders.move(store, pk, Status.COOKING, ANNA)

    assert [row[3] for row in rows_of(store, pk)] == ["parked", "parked"]
    assert order_fact(store, pk, "sync") == "failed"


@pytest.mark.parametrize(("target", "held"), [(Status.CANCELLED, True), (Status.ACCEPTED, False)])
def test_only_what_ends_an_order_is_held_for_undo(store: Store, target: Status, held: bool) -> None:
    (pk,) = put_in(store, remote_order("r1"))

    orders.move(store, pk, target, ANNA, hold=True)

    (row,) = rows_of(store, pk, "hold_until IS NOT NULL")
    assert bool(row[0]) is held


def test_a_reason_is_kept_on_one_line(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))

    orders.move(store, pk, Status.CANCELLED, ANNA, reason="no\x1b[31m\n onions \u202e left")

    assert order_events(store, pk)[-1].params["reason"] == "no[31m onions left"


def test_a_move_answers_the_alarm(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    assert order_fact(store, pk, "noticed_at") is None

    orders.move(store, pk, Status.ACCEPTED, ANNA)

    assert order_fact(store, pk, "noticed_by") == "anna"
    assert orders.acknowledge(store, [pk], ANNA) == 0


def test_acknowledging_counts_each_order_once(store: Store, clock: Clock) -> None:
    pks = put_in(store, remote_order("r1"), remote_order("r2"))
    clock.pass_by(seconds=42)

    assert orders.acknowledge(store, pks, ANNA) == 2
    assert orders.acknowledge(store, pks, ANNA) == 0
    assert order_events(store, pks[0])[-1].params == {"seconds": "42"}


# -- undo ----------------------------------------------------------------------------------------------


def test_undo_before_sending_withdraws_the_change(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    orders.move(store, pk, Status.ACCEPTED, ANNA)

    undone = orders.undo(store, pk, ANNA)

    assert undone.withdrawn
    assert order_fact(store, pk, "status") == "created"
    assert order_fact(store, pk, "sync") == "synced"
    assert rows_of(store, pk, "state, reason") == [("superseded", "withdrawn by undo")]


def test_undo_after_sending_sends_the_earlier_status(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    set_rows(store, pk, "confirmed")

    undone = orders.undo(store, pk, ANNA)

    assert not undone.withdrawn
    assert rows_of(store, pk)[-1] == ("status", "created", "accepted", "pending")
    assert order_fact(store, pk, "sync") == "pending"


@pytest.mark.parametrize("changes", [{"state": "in_flight"}, {"state": "pending", "reached": 1}])
def test_what_may_have_arrived_is_not_withdrawn(store: Store, changes: dict[str, object]) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    more = dict(changes)
    set_rows(store, pk, str(more.pop("state")), **more)

    assert not orders.undo(store, pk, ANNA).withdrawn
    assert [row[1] for row in rows_of(store, pk)] == ["accepted", "created"]


def test_undo_of_a_schedule_forgets_the_planned_time(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    orders.schedule(store, pk, store.clock() + timedelta(hours=2), ANNA)
    assert order_fact(store, pk, "planned_at") is not None

    orders.undo(store, pk, ANNA)

    assert order_fact(store, pk, "planned_at") is None
    assert order_fact(store, pk, "status") == "created"


def test_undo_takes_back_step_after_step_and_then_stops(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    for target in (Status.ACCEPTED, Status.COOKING):
        orders.move(store, pk, target, ANNA)

    assert orders.undo(store, pk, ANNA).after is Status.ACCEPTED
    assert orders.undo(store, pk, ANNA).after is Status.CREATED
    with pytest.raises(RefusedError, match="no step"):
        orders.undo(store, pk, ANNA)
    assert {row[3] for row in rows_of(store, pk)} == {"superseded"}


def test_a_step_that_the_undone_one_overtook_is_sent_after_all(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1", status="accepted"))
    orders.move(store, pk, Status.COOKING, ANNA)
    orders.move(store, pk, Status.ONDELIVERY, ANNA)
    with store.write() as tx:  # as the engine does offline, when steps are collapsed
        tx.execute("UPDATE outbox SET state = 'superseded' WHERE target = 'cooking'")

    assert orders.undo(store, pk, ANNA).after is Status.COOKING

    assert rows_of(store, pk)[-1] == ("status", "cooking", "accepted", "pending")
    assert order_fact(store, pk, "sync") == "pending"


def test_undo_reopens_a_finished_order(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1", status="ondelivery"))
    orders.move(store, pk, Status.DELIVERED, ANNA, hold=True)
    orders.undo(store, pk, ANNA)

    assert order_fact(store, pk, "status") == "ondelivery"
    assert order_fact(store, pk, "closed_at") is None
    assert order_fact(store, pk, "urgency") is not None


def test_an_order_that_nobody_moved_has_nothing_to_undo(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1", status="cooking"))

    with pytest.raises(RefusedError, match="no step"):
        orders.undo(store, pk, ANNA)


# -- schedule ------------------------------------------------------------------------------------------


def test_scheduling_moves_to_timing_and_may_be_repeated(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))

    orders.schedule(store, pk, START + timedelta(hours=2), ANNA)
    first = order_fact(store, pk, "urgency")
    orders.schedule(store, pk, START + timedelta(hours=1), ANNA)

    assert order_fact(store, pk, "status") == "timing"
    assert order_fact(store, pk, "urgency") < first
    assert rows_of(store, pk) == [("status", "timing", "created", "pending")]


def test_a_time_that_has_passed_cannot_be_planned(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))

    with pytest.raises(RefusedError, match="passed"):
        orders.schedule(store, pk, START, ANNA)
    assert order_fact(store, pk, "status") == "created"


def test_a_delivered_order_cannot_be_scheduled(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1", status="delivered"))

    with pytest.raises(RefusedError):
        orders.schedule(store, pk, START + timedelta(hours=1), ANNA)
    assert order_fact(store, pk, "planned_at") is None
