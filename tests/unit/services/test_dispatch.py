"""Couriers and their orders: runs, undo of a whole act, two stations at once, cash to the last coin."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.errors import RefusedError, StaleOrderError
from posapp.domain.status import Status
from posapp.domain.timing import Targets
from posapp.domain.who import Who
from posapp.services import couriers, dispatch, orders, shifts
from posapp.services.together import Act, Seen, Why, undo
from posapp.storage.details import order_events
from posapp.storage.dispatch import CourierRow, DispatchBoard, DispatchRow, dispatch_board
from posapp.storage.server import Server
from posapp.storage.store import Store
from tests.support.shop_orders import (
    ANNA,
    Clock,
    make_store,
    order_fact,
    put_in,
    remote_order,
    rows_of,
    set_rows,
)
from tests.support.till import RULES
from tests.support.triggers import fill_disk

BORIS = Who("boris", "counter-2")


def board(store: Store) -> DispatchBoard:
    return dispatch_board(store, Targets())


def courier(store: Store, pk: int) -> CourierRow:
    (found,) = [row for row in board(store).couriers if row.pk == pk]
    return found


def on_road(store: Store, pk: int) -> list[str]:
    return [row.order.code for row in board(store).road if row.courier == pk]


def cooking(store: Store, *ids: str, **changes: object) -> list[int]:
    return put_in(store, *(remote_order(each, status="cooking", **changes) for each in ids))


def seen(store: Store, *pks: int) -> list[Seen]:
    return [Seen(pk, order_fact(store, pk, "version")) for pk in pks]


def kinds(store: Store, pk: int) -> list[str]:
    return [event.kind for event in order_events(store, pk)]


@pytest.fixture
def marat(store: Store) -> int:
    return couriers.add(store, "Марат О.", ANNA)


# -- giving orders to a courier --------------------------------------------------------------------------


def test_a_run_sends_its_orders_out_with_one_courier(store: Store, marat: int) -> None:
    pks = cooking(store, "r1", "r2")

    act = dispatch.assign(store, seen(store, *pks), marat, ANNA)

    assert [step.after for step in act.steps] == [Status.ONDELIVERY] * 2
    assert (act.left_out, act.courier) == ((), "Марат О.")
    assert len(on_road(store, marat)) == 2
    assert rows_of(store, pks[0]) == [("status", "ondelivery", "cooking", "pending")]
    runs = {order_events(store, pk)[-1].params["run"] for pk in pks}
    assert len(runs) == 1
    event = order_events(store, pks[0])[-1]
    assert (event.kind, event.actor, event.params["courier"]) == ("assigned", "anna", "Марат О.")


def test_undo_takes_the_whole_run_back_and_nothing_is_sent(store: Store, marat: int) -> None:
    pks = cooking(store, "r1", "r2")
    act = dispatch.assign(store, seen(store, *pks), marat, ANNA)

    back = undo(store, act, ANNA)

    assert len(back.steps) == 2
    assert on_road(store, marat) == []
    assert {order_fact(store, pk, "status") for pk in pks} == {"cooking"}
    assert {row[3] for pk in pks for row in rows_of(store, pk)} == {"superseded"}
    assert kinds(store, pks[0])[-2:] == ["undone", "unassigned"]


def test_undo_after_sending_sends_the_earlier_status(store: Store, marat: int) -> None:
    (pk,) = cooking(store, "r1")
    act = dispatch.assign(store, seen(store, pk), marat, ANNA)
    set_rows(store, pk, "confirmed")

    undo(store, act, ANNA)

    assert rows_of(store, pk)[-1] == ("status", "cooking", "ondelivery", "pending")


def test_those_that_cannot_go_are_left_out_and_told(store: Store, marat: int) -> None:
    (good,) = cooking(store, "good")
    (pickup,) = cooking(store, "pickup", kind="pickup")
    (fresh,) = put_in(store, remote_order("fresh"))
    (gone,) = put_in(store, remote_order("gone", status="delivered"))
    (lost,) = cooking(store, "lost")
    with store.write() as tx:
        tx.execute("UPDATE orders SET status = 'cancelled' WHERE pk = ?", (lost,))
        tx.event(lost, "adopted", Who("sync", "counter-1"), {"to": "cancelled"})

    act = dispatch.assign(store, [Seen(pk) for pk in (good, pickup, fresh, gone, lost, 999)], marat, ANNA)

    assert [step.pk for step in act.steps] == [good]
    assert [left.why for left in act.left_out] == [
        Why.PICKUP,
        Why.IMPOSSIBLE,
        Why.DELIVERED,
        Why.CANCELLED_THERE,
        Why.GONE,
    ]
    assert order_fact(store, fresh, "status") == "created"


def test_two_stations_that_give_away_the_same_order(store: Store, marat: int) -> None:
    sergey = couriers.add(store, "Сергей Т.", BORIS)
    (pk,) = cooking(store, "r1")
    both_saw = seen(store, pk)
    dispatch.assign(store, both_saw, marat, ANNA)

    act = dispatch.assign(store, both_saw, sergey, BORIS)

    assert [left.why for left in act.left_out] == [Why.CHANGED]
    assert (on_road(store, marat), on_road(store, sergey)) == ([order_fact(store, pk, "code")], [])


def test_an_order_on_the_road_changes_hands_and_undo_gives_it_back(store: Store, marat: int) -> None:
    sergey = couriers.add(store, "Сергей Т.", ANNA)
    (pk,) = cooking(store, "r1")
    dispatch.assign(store, seen(store, pk), marat, ANNA)
    stale = seen(store, pk)

    act = dispatch.assign(store, seen(store, pk), sergey, ANNA)
    assert len(on_road(store, sergey)) == 1
    assert dispatch.deliver(store, stale, BORIS).left_out[0].why is Why.CHANGED
    assert len(rows_of(store, pk)) == 1

    undo(store, act, ANNA)
    assert (len(on_road(store, marat)), on_road(store, sergey)) == (1, [])


def test_undo_leaves_out_what_somebody_changed_since(store: Store, marat: int) -> None:
    first, second = cooking(store, "r1", "r2")
    act = dispatch.assign(store, seen(store, first, second), marat, ANNA)
    dispatch.deliver(store, seen(store, first), BORIS)

    back = undo(store, act, ANNA)

    assert [step.pk for step in back.steps] == [second]
    assert [left.why for left in back.left_out] == [Why.DELIVERED]
    assert order_fact(store, first, "status") == "delivered"


def test_undo_twice_changes_nothing_the_second_time(store: Store, marat: int) -> None:
    (pk,) = cooking(store, "r1")
    act = dispatch.assign(store, seen(store, pk), marat, ANNA)
    undo(store, act, ANNA)
    before = order_fact(store, pk, "version")

    assert undo(store, act, ANNA).steps == ()
    assert order_fact(store, pk, "version") == before


def test_an_order_that_comes_back_is_nobodys_until_undo(store: Store, marat: int) -> None:
    (pk,) = cooking(store, "r1")
    dispatch.assign(store, seen(store, pk), marat, ANNA)

    act = dispatch.came_back(store, seen(store, pk), ANNA)
    assert order_fact(store, pk, "status") == "cooking"
    assert kinds(store, pk)[-2:] == ["moved", "came_back"]
    assert [row.order.pk for row in board(store).waiting] == [pk]

    undo(store, act, ANNA)
    assert on_road(store, marat) == [order_fact(store, pk, "code")]


def test_unassigning_leaves_the_order_on_the_road_without_anybody(store: Store, marat: int) -> None:
    (pk,) = cooking(store, "r1")
    dispatch.assign(store, seen(store, pk), marat, ANNA)

    act = dispatch.unassign(store, seen(store, pk), ANNA)
    assert [(row.order.pk, row.courier) for row in board(store).road] == [(pk, None)]
    assert dispatch.unassign(store, seen(store, pk), ANNA).left_out[0].why is Why.CHANGED

    undo(store, act, ANNA)
    assert on_road(store, marat) == [order_fact(store, pk, "code")]


def test_a_pickup_is_handed_over_at_the_counter_and_held_for_undo(store: Store) -> None:
    (pk,) = cooking(store, "r1", kind="pickup")

    act = dispatch.deliver(store, seen(store, pk), ANNA)

    assert order_fact(store, pk, "status") == "delivered"
    assert rows_of(store, pk, "hold_until IS NOT NULL") == [(1,)]
    undo(store, act, ANNA)
    assert order_fact(store, pk, "status") == "cooking"


def test_without_couriers_orders_go_out_all_the_same(store: Store) -> None:
    (pk,) = cooking(store, "r1")

    act = dispatch.send_out(store, seen(store, pk), ANNA)

    assert [(row.order.pk, row.courier) for row in board(store).road] == [(pk, None)]
    undo(store, act, ANNA)
    assert order_fact(store, pk, "status") == "cooking"


def test_a_step_back_on_the_orders_screen_puts_the_order_back_to_the_counter(
    store: Store, marat: int
) -> None:
    (pk,) = cooking(store, "r1")
    dispatch.assign(store, seen(store, pk), marat, ANNA)
    orders.undo(store, pk, ANNA)
    sergey = couriers.add(store, "Сергей Т.", ANNA)

    assert [row.order.pk for row in board(store).waiting] == [pk]
    assert dispatch.assign(store, seen(store, pk), sergey, ANNA).left_out == ()
    assert (on_road(store, marat), len(on_road(store, sergey))) == ([], 1)


def test_an_order_cancelled_on_the_road_stays_with_its_courier_until_it_is_back(
    store: Store, marat: int
) -> None:
    (pk,) = cooking(store, "r1")
    dispatch.assign(store, seen(store, pk), marat, ANNA)
    orders.move(store, pk, Status.CANCELLED, ANNA)

    assert [(row.order.pk, row.courier) for row in board(store).cancelled] == [(pk, marat)]
    dispatch.unassign(store, seen(store, pk), ANNA)
    assert board(store).cancelled == ()


def test_an_act_that_the_disk_refuses_leaves_nothing_behind(store: Store, marat: int) -> None:
    first, second = cooking(store, "r1", "r2")
    fill_disk(store, "assignments", f"new.order_pk = {second}")

    with pytest.raises(Exception, match="disk is full"):
        dispatch.assign(store, seen(store, first, second), marat, ANNA)

    assert {order_fact(store, pk, "status") for pk in (first, second)} == {"cooking"}
    assert rows_of(store, first) == []


# -- cash ------------------------------------------------------------------------------------------------


def delivered(store: Store, marat: int, *ids: str, **changes: object) -> list[int]:
    pks = cooking(store, *ids, **changes)
    dispatch.assign(store, [Seen(pk) for pk in pks], marat, ANNA)
    dispatch.deliver(store, [Seen(pk) for pk in pks], ANNA)
    return pks


def test_cash_is_due_whatever_the_shop_says_of_the_payment(store: Store, marat: int, clock: Clock) -> None:
    delivered(store, marat, "cash", payment_status="paid", total="2600.00")
    delivered(store, marat, "card", payment_method="card")
    clock.pass_by(minutes=5)

    found = courier(store, marat)
    assert found.cash == {"KZT": Decimal("2600.00")}
    assert found.deliveries == 2


def test_a_courier_brings_back_what_customers_gave_with_the_change_that_went_along(
    store: Store, marat: int
) -> None:
    delivered(store, marat, "note", total="7460.00", change_from="10000")
    delivered(store, marat, "exact", total="1000.50", change_from="1000.50")
    delivered(store, marat, "card", payment_method="card", total="500.00", change_from="1000")

    found = courier(store, marat)
    assert found.cash == {"KZT": Decimal("11000.50")}
    assert found.change == {"KZT": Decimal("2540.00")}

    act = dispatch.take_cash(store, marat, Decimal("11000.50"), "KZT", ANNA, expected=Decimal("11000.50"))
    assert act.difference == 0
    assert courier(store, marat).cash == courier(store, marat).change == {}


def test_taking_the_cash_records_what_was_missing_and_undo_makes_it_due_again(
    store: Store, marat: int
) -> None:
    delivered(store, marat, "r1", "r2", total="1000.50")

    act = dispatch.take_cash(store, marat, Decimal("2000"), "KZT", ANNA, expected=Decimal("2001.00"))

    assert act.difference == Decimal("-1.00")
    assert courier(store, marat).cash == {}
    (row,) = store.all("SELECT actor, params FROM events WHERE kind = 'cash_returned'")
    assert row[0] == "anna"
    for part in ('"expected": "2001.00"', '"amount": "2000"', '"difference": "-1.00"', "Марат О."):
        assert part in row[1]

    dispatch.undo_cash(store, act, ANNA)
    assert courier(store, marat).cash == {"KZT": Decimal("2001.00")}
    with pytest.raises(RefusedError, match="due again already"):
        dispatch.undo_cash(store, act, BORIS)


def test_a_sum_that_changed_meanwhile_is_not_taken(store: Store, marat: int) -> None:
    delivered(store, marat, "r1")
    delivered(store, marat, "r2")

    with pytest.raises(StaleOrderError, match="changed meanwhile"):
        dispatch.take_cash(store, marat, Decimal("2600"), "KZT", ANNA, expected=Decimal("2600.00"))
    assert courier(store, marat).cash == {"KZT": Decimal("5200.00")}


@pytest.mark.parametrize("amount", ["-1", "10.001"])
def test_an_amount_that_nobody_can_count_is_refused(store: Store, marat: int, amount: str) -> None:
    with pytest.raises(RefusedError, match="cannot be counted"):
        dispatch.take_cash(store, marat, Decimal(amount), "KZT", ANNA, expected=Decimal(0))


def test_an_order_delivered_again_after_undo_is_not_due_twice(store: Store, marat: int) -> None:
    (pk,) = delivered(store, marat, "r1")
    dispatch.take_cash(store, marat, Decimal("2600"), "KZT", ANNA, expected=Decimal("2600.00"))
    orders.undo(store, pk, ANNA)
    assert on_road(store, marat) == [order_fact(store, pk, "code")]

    dispatch.deliver(store, seen(store, pk), ANNA)
    assert courier(store, marat).cash == {}


money = st.decimals(min_value=0, max_value=999_999, places=2)


@given(amounts=st.lists(st.tuples(money, st.sampled_from(["cash", "card"])), max_size=6))
def test_the_cash_due_is_the_exact_sum_of_the_cash_orders(
    tmp_path_factory: pytest.TempPathFactory, amounts: list[tuple[Decimal, str]]
) -> None:
    store = make_store(tmp_path_factory.mktemp("db"), Clock())
    try:
        marat = couriers.add(store, "Marat", ANNA)
        for number, (amount, method) in enumerate(amounts):
            delivered(store, marat, f"r{number}", total=f"{amount:f}", payment_method=method)

        due = sum((amount for amount, method in amounts if method == "cash"), Decimal(0))
        assert courier(store, marat).cash.get("KZT", Decimal(0)) == due
        act = dispatch.take_cash(store, marat, due, "KZT", ANNA, expected=due)
        assert act.difference == 0
        assert courier(store, marat).cash == {}
    finally:
        store.close_thread()


def test_the_change_to_carry_follows_what_the_customer_gives(store: Store) -> None:
    def row(remote_id: str, change: str) -> DispatchRow:
        (pk,) = cooking(store, remote_id, total="7460.00", change_from=change)
        (found,) = [row for row in board(store).waiting if row.order.pk == pk]
        return found

    assert row("note", "10000").collect.carried == Decimal("2540.00")
    assert (row("none", "").collect.change, row("exact", "7460").collect.change) == (None, Decimal("0.00"))
    short = row("short", "5000").collect
    assert (short.too_little, short.carried, short.brought_back) == (True, Decimal(0), Decimal("7460.00"))


# -- who delivers ----------------------------------------------------------------------------------------


def test_a_courier_gets_initials_and_a_colour_and_may_change_both(store: Store, marat: int) -> None:
    assert courier(store, marat).initials == "МО"
    other = couriers.add(store, "Данияр К.", ANNA)
    assert courier(store, other).colour != courier(store, marat).colour

    before = couriers.change(store, marat, ANNA, name="Marat\u202e Ó", initials="x", colour="red")

    assert (before.name, before.initials) == ("Марат О.", "МО")
    found = courier(store, marat)
    assert (found.name, found.initials, found.colour) == ("Marat Ó", "X", "red")


@pytest.mark.parametrize("name", ["", " \u202e ", "x" * 81, "марат о."])
def test_names_that_help_nobody_are_refused(store: Store, marat: int, name: str) -> None:
    with pytest.raises(RefusedError) as caught:
        couriers.add(store, name, ANNA)
    assert "name" in caught.value.fields
    assert len(board(store).couriers) == 1


def test_two_stations_that_rename_the_same_courier(store: Store, marat: int) -> None:
    version = courier(store, marat).version
    couriers.change(store, marat, ANNA, name="A", initials="", colour="red", expected_version=version)

    with pytest.raises(StaleOrderError):
        couriers.change(store, marat, BORIS, name="B", initials="", colour="red", expected_version=version)
    assert courier(store, marat).name == "A"


def test_nobody_goes_home_with_orders_or_is_removed_with_cash(store: Store, marat: int) -> None:
    (pk,) = cooking(store, "r1")
    dispatch.assign(store, seen(store, pk), marat, ANNA)
    with pytest.raises(RefusedError, match="on the road"):
        couriers.set_duty(store, marat, ANNA, on_duty=False)
    with pytest.raises(RefusedError, match="on the road"):
        couriers.remove(store, marat, ANNA)

    dispatch.deliver(store, seen(store, pk), ANNA)
    with pytest.raises(RefusedError, match="cash to hand in"):
        couriers.remove(store, marat, ANNA)
    couriers.set_duty(store, marat, ANNA, on_duty=False)
    assert not courier(store, marat).on_duty
    assert courier(store, marat).cash == {"KZT": Decimal("2600.00")}


def test_a_removed_courier_stays_in_the_history_and_can_come_back(store: Store, marat: int) -> None:
    (pk,) = delivered(store, marat, "r1", payment_method="card")
    couriers.remove(store, marat, ANNA)

    assert board(store).couriers == ()
    assert [e.params["courier"] for e in order_events(store, pk) if e.kind == "assigned"] == ["Марат О."]
    act: Act = dispatch.send_out(store, [], ANNA)
    assert act.steps == ()
    with pytest.raises(RefusedError, match="no longer there"):
        dispatch.assign(store, [Seen(pk)], marat, ANNA)

    couriers.restore(store, marat, ANNA)
    assert courier(store, marat).on_duty


def test_a_second_process_sees_the_same_board(
    store: Store, server: Server | None, marat: int, tmp_path: Path, clock: Clock
) -> None:
    (pk,) = cooking(store, "r1")
    other = make_store(tmp_path / "data", clock, server)
    dispatch.assign(other, seen(other, pk), marat, BORIS)
    other.close_thread()

    assert on_road(store, marat) == [order_fact(store, pk, "code")]


def test_the_cash_of_a_courier_is_in_the_drawer_of_the_shift_that_takes_it(store: Store, marat: int) -> None:
    shifts.open_shift(store, Decimal("5000"), RULES, ANNA)
    delivered(store, marat, "note", total="7460.00", change_from="10000")
    owed = Decimal("10000.00")

    act = dispatch.take_cash(store, marat, owed, "KZT", ANNA, expected=owed)
    # 2,540 of what came back is change that had been taken from this drawer.
    assert shifts.x_report(store, ANNA).expected_cash == Decimal("12460.00")
    dispatch.undo_cash(store, act, ANNA)
    assert shifts.x_report(store, ANNA).expected_cash == Decimal("5000.00")
    # At another station without a shift it goes into no drawer of ours.
    dispatch.take_cash(store, marat, owed, "KZT", BORIS, expected=owed)
    assert shifts.x_report(store, ANNA).expected_cash == Decimal("5000.00")
