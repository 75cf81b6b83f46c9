"""Accepting with a ready time: what it writes, what it refuses, what ends the promise; who heard the bell."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posapp.domain.errors import RefusedError, StaleOrderError
from posapp.domain.status import Status
from posapp.domain.timing import Targets
from posapp.domain.who import Who
from posapp.services import orders
from posapp.services.accepting import accept
from posapp.storage.details import order_events
from posapp.storage.queries import order_page, rows_by_pk
from posapp.storage.rows import OrderFilter, OrderRow
from posapp.storage.store import Store
from tests.support.shop_orders import Clock, order_fact, put_in, remote_order, rows_of

ANNA = Who("anna", "counter-1")
TARGETS = Targets(delivery_min=15, pickup_min=10)


def row_of(store: Store, pk: int) -> OrderRow:
    return rows_by_pk(store, [pk], TARGETS)[pk]


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def test_accepting_with_a_time_is_one_change_to_send_and_two_lines_of_history(
    store: Store, clock: Clock
) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    clock.pass_by(seconds=20)
    promised = clock() + minutes(45)

    moved = accept(store, pk, promised, ANNA)

    assert (moved.before, moved.after, moved.changed) == (Status.CREATED, Status.ACCEPTED, True)
    assert len(rows_of(store, pk)) == 1
    row = row_of(store, pk)
    assert (row.status, row.promised_at, row.target_s) == ("accepted", promised, 45 * 60)
    assert [event.kind for event in order_events(store, pk)][-3:] == ["noticed", "moved", "promised"]
    assert order_events(store, pk)[-1].params == {"at": promised.isoformat()}


def test_an_order_is_late_at_the_promised_time_and_not_at_the_target(store: Store, clock: Clock) -> None:
    plain, soon = put_in(store, remote_order("r1"), remote_order("r2"))
    orders.move(store, plain, Status.ACCEPTED, ANNA)
    accept(store, soon, clock() + minutes(5), ANNA)

    assert row_of(store, plain).target_s == 15 * 60
    assert row_of(store, soon).target_s == 5 * 60


def test_among_accepted_orders_the_nearest_promise_comes_first(store: Store, clock: Clock) -> None:
    later, plain, soon = put_in(store, *(remote_order(f"r{n}") for n in range(3)))
    accept(store, later, clock() + minutes(45), ANNA)
    orders.move(store, plain, Status.ACCEPTED, ANNA)
    accept(store, soon, clock() + minutes(10), ANNA)

    page = order_page(store, OrderFilter(), TARGETS)

    assert [row.pk for row in page.rows] == [soon, plain, later]


def test_an_order_in_work_gets_another_time_and_nothing_is_sent(store: Store, clock: Clock) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    accept(store, pk, clock() + minutes(15), ANNA)
    orders.move(store, pk, Status.COOKING, ANNA)
    sent = len(rows_of(store, pk))

    moved = accept(store, pk, clock() + minutes(30), ANNA)

    assert not moved.changed
    assert row_of(store, pk).status == "cooking"
    assert row_of(store, pk).promised_at == clock() + minutes(30)
    assert len(rows_of(store, pk)) == sent


def test_the_promise_ends_with_the_acceptance(store: Store, clock: Clock) -> None:
    undone, planned = put_in(store, remote_order("r1"), remote_order("r2"))
    for pk in (undone, planned):
        accept(store, pk, clock() + minutes(30), ANNA)

    orders.undo(store, undone, ANNA)
    orders.schedule(store, planned, clock() + minutes(120), ANNA)

    assert row_of(store, undone).promised_at is None
    assert row_of(store, planned).promised_at is None


def test_a_passed_time_a_finished_order_and_a_changed_one_are_refused_and_nothing_is_written(
    store: Store, clock: Clock
) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    version = row_of(store, pk).version
    with pytest.raises(RefusedError) as passed:
        accept(store, pk, clock(), ANNA)
    assert "promised_at" in passed.value.fields
    with pytest.raises(StaleOrderError):
        accept(store, pk, clock() + minutes(15), ANNA, expected_version=version + 1)
    assert order_fact(store, pk, "status") == "created"

    orders.move(store, pk, Status.CANCELLED, ANNA)
    with pytest.raises(RefusedError):
        accept(store, pk, clock() + minutes(15), ANNA)
    assert order_fact(store, pk, "promised_at") is None


@pytest.mark.parametrize("act", ["move", "accept", "schedule"])
def test_the_first_act_of_a_person_records_how_long_the_order_rang(
    store: Store, clock: Clock, act: str
) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    clock.pass_by(seconds=75)

    match act:
        case "move":
            orders.move(store, pk, Status.ACCEPTED, ANNA)
        case "accept":
            accept(store, pk, clock() + minutes(15), ANNA)
        case _:
            orders.schedule(store, pk, clock() + minutes(90), ANNA)
    orders.move(store, pk, Status.COOKING, ANNA)

    noticed = [event for event in order_events(store, pk) if event.kind == "noticed"]
    assert [(event.params, event.actor) for event in noticed] == [({"seconds": "75"}, "anna")]
