"""The next step of several orders at once: one transaction, one undo, and nothing hidden."""

from __future__ import annotations

from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services import bulk, orders
from posapp.services.together import Seen, Why, undo
from posapp.storage.feed import Change
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, order_fact, put_in, remote_order, rows_of, set_rows


def test_each_order_gets_its_own_next_step(store: Store) -> None:
    pks = put_in(
        store,
        remote_order("new"),
        remote_order("cooking", status="cooking"),
        remote_order("pickup", status="cooking", kind="pickup"),
    )

    act = bulk.next_step(store, [Seen(pk) for pk in pks], ANNA)

    assert [step.after for step in act.steps] == [Status.ACCEPTED, Status.ONDELIVERY, Status.DELIVERED]
    assert order_fact(store, pks[0], "noticed_by") == "anna"


def test_all_of_it_is_one_commit(store: Store) -> None:
    pks = put_in(store, *(remote_order(f"r{number}") for number in range(5)))
    heard: list[Change] = []
    store.feed.subscribe(heard.append)

    act = bulk.next_step(store, [Seen(pk) for pk in pks], ANNA)
    undo(store, act, ANNA)

    assert [set(change.orders) for change in heard] == [set(pks), set(pks)]
    assert {order_fact(store, pk, "status") for pk in pks} == {"created"}
    assert {row[3] for pk in pks for row in rows_of(store, pk)} == {"superseded"}


def test_an_order_that_the_shop_cancelled_meanwhile_is_told(store: Store) -> None:
    pks = put_in(store, *(remote_order(f"r{number}") for number in range(3)))
    seen = [Seen(pk, order_fact(store, pk, "version")) for pk in pks]
    with store.write() as tx:
        tx.execute("UPDATE orders SET status = 'cancelled', version = version + 1 WHERE pk = ?", (pks[1],))
        tx.event(pks[1], "adopted", Who("sync", "counter-1"), {"to": "cancelled"})

    act = bulk.next_step(store, seen, ANNA)

    assert [step.pk for step in act.steps] == [pks[0], pks[2]]
    assert [(left.pk, left.why) for left in act.left_out] == [(pks[1], Why.CANCELLED_THERE)]


def test_an_order_that_somebody_else_moved_is_left_out_of_the_act_and_of_its_undo(store: Store) -> None:
    first, second = put_in(store, remote_order("r1"), remote_order("r2"))
    seen = [Seen(pk, order_fact(store, pk, "version")) for pk in (first, second)]
    orders.move(store, second, Status.ACCEPTED, Who("boris", "counter-2"))

    act = bulk.next_step(store, seen, ANNA)
    assert [left.why for left in act.left_out] == [Why.CHANGED]
    assert order_fact(store, second, "status") == "accepted"

    orders.move(store, first, Status.COOKING, Who("boris", "counter-2"))
    assert [left.pk for left in undo(store, act, ANNA).left_out] == [first]
    assert order_fact(store, first, "status") == "cooking"


def test_what_ends_an_order_waits_for_undo_and_afterwards_is_compensated(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1", status="ondelivery"))
    act = bulk.next_step(store, [Seen(pk)], ANNA, hold=True)
    assert rows_of(store, pk, "hold_until IS NOT NULL") == [(1,)]
    set_rows(store, pk, "confirmed")

    undo(store, act, ANNA)

    assert rows_of(store, pk)[-1] == ("status", "ondelivery", "delivered", "pending")


def test_nothing_can_be_done_with_finished_orders(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1", status="delivered"))

    act = bulk.next_step(store, [Seen(pk)], ANNA)

    assert (act.steps, [left.why for left in act.left_out]) == ((), [Why.DELIVERED])
