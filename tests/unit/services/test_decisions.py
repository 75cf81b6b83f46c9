"""Decisions about conflicts: field by field, the money that they come to, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from posapp.domain.errors import RefusedError, StaleOrderError
from posapp.domain.received import RemoteLine
from posapp.domain.status import Status
from posapp.services import orders
from posapp.services.conflict_case import ConflictCase, outcome, preselected, read_case
from posapp.services.decisions import decide, give_up, take_back
from posapp.services.edits import save
from posapp.services.intake import Source, take_in
from posapp.services.line_edits import LineEdit
from posapp.services.order_fields import dump_patch, load_patch
from posapp.services.steps import refresh_sync
from posapp.storage.custody import custody_ledger
from posapp.storage.details import order_events
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, START, Clock, order_fact, put_in, remote_order, rows_of, set_rows

STAFF = Source("kathmandu", "staff", "NPR")
ZONE = ZoneInfo("Asia/Kathmandu")
LINE = RemoteLine("Momo", 2, Decimal("400.00"), Decimal("800.00"), product="/apps/product/momo/")


def staff(store: Store, **changes: Any) -> int:
    given = {
        "code": "1d07", "home": "", "street": "25", "city": "Kathmandu", "district": "Baglung",
        "email": "a@shop.example", "apt": "", "payment_status": "unpaid", "lines": (LINE,),
        "products_total": "800.00", "delivery_cost": "100.00", "total": "900.00",
    } | changes  # fmt: skip
    return take_in(store, STAFF, [remote_order("12", **given)], "counter-1").seen[0][0]


def ask(store: Store, pk: int, **theirs: str) -> None:
    """Let the shop show other values of what was edited here, as the sync engine notes it."""
    with store.write("sync") as tx:
        for seq, text in tx.all("SELECT seq, patch FROM outbox WHERE order_pk = ? AND patch <> ''", (pk,)):
            patch = {
                name: type(change)(change.base, change.ours, theirs.get(name))
                for name, change in load_patch(text).items()
            }
            state = "conflict" if patch.keys() & theirs.keys() else "parked"
            tx.execute(
                "UPDATE outbox SET patch = ?, state = ? WHERE seq = ?", (dump_patch(patch), state, seq)
            )
        refresh_sync(tx, pk)


def case_of(store: Store, pk: int) -> ConflictCase:
    found = read_case(store, pk)
    assert found is not None
    return found


def edited(store: Store, **changes: str) -> int:
    pk = staff(store)
    save(
        store,
        pk,
        {"street": "Thamel 27", "phone": "9800000001", "shipping_cost": "150"} | changes,
        ANNA,
        ZONE,
    )
    return pk


def snapshot(store: Store, pk: int) -> tuple[Sequence[tuple[Any, ...]], Sequence[tuple[Any, ...]]]:
    rows = rows_of(store, pk, "seq, kind, target, base, forced, state, theirs, patch, last_error")
    order = store.all(
        "SELECT status, status_at, accepted_at, closed_at, sync, street, phone, delivery_cost, "
        "shadow_fields, missing_at, reasserts FROM orders WHERE pk = ?",
        (pk,),
    )
    return rows, order


def test_only_fields_that_both_sides_changed_are_asked_about(store: Store) -> None:
    pk = edited(store)
    ask(store, pk, street="Lazimpat 4")

    case = case_of(store, pk)

    assert [(field.name, field.base, field.ours, field.theirs) for field in case.fields] == [
        ("street", "25", "Thamel 27", "Lazimpat 4")
    ]
    assert (case.here_by, case.here_station, case.here_at) == ("anna", "counter-1", START)
    assert set(case.money.waiting) == {"phone", "shipping_cost"}


def test_each_field_goes_its_own_way(store: Store) -> None:
    pk = edited(store)
    ask(store, pk, street="Lazimpat 4", phone="9811111111")

    made = decide(store, case_of(store, pk), {"street": "theirs", "phone": "mine"}, ANNA)

    assert made.sends
    assert order_fact(store, pk, "street") == "Lazimpat 4"
    assert order_fact(store, pk, "phone") == "9800000001"
    [(state, forced, patch)] = rows_of(store, pk, "state, forced, patch")
    assert (state, forced, set(load_patch(patch))) == ("pending", 1, {"phone", "shipping_cost"})
    assert order_events(store, pk)[-1].params == {"choice": "fields", "mine": "phone", "theirs": "street"}


def test_what_differs_by_now_is_not_decided(store: Store) -> None:
    pk = edited(store)
    ask(store, pk, street="Lazimpat 4")
    seen = case_of(store, pk)
    ask(store, pk, street="Patan 1")
    before = snapshot(store, pk)

    with pytest.raises(StaleOrderError, match="something else"):
        decide(store, seen, {"street": "mine"}, ANNA)
    with pytest.raises(RefusedError, match="decided yet"):
        decide(store, case_of(store, pk), {}, ANNA)

    assert snapshot(store, pk) == before


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_a_decision_about_fields_can_be_taken_back(store: Store, choice: str) -> None:
    pk = edited(store)
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    ask(store, pk, street="Lazimpat 4", phone="9811111111")
    set_rows(store, pk, "parked")
    before = snapshot(store, pk)

    made = decide(store, case_of(store, pk), dict.fromkeys(("street", "phone"), choice), ANNA, hold=True)
    assert snapshot(store, pk) != before
    take_back(store, made, ANNA)

    assert snapshot(store, pk) == before
    assert order_events(store, pk)[-1].kind == "reopened"
    assert read_case(store, pk) is not None


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_a_decision_about_the_status_can_be_taken_back(store: Store, clock: Clock, choice: str) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    orders.move(store, pk, Status.COOKING, ANNA)
    set_rows(store, pk, "conflict", theirs="cancelled")
    before = snapshot(store, pk)
    clock.pass_by(minutes=3)

    case = case_of(store, pk)
    assert case.cancelled_there
    assert preselected(case) == {}
    made = decide(store, case, {"status": choice}, ANNA, hold=True)
    assert made.status is (Status.COOKING if choice == "mine" else Status.CANCELLED)
    take_back(store, made, ANNA)

    rows, order = snapshot(store, pk)
    assert order == before[1]
    assert list(rows)[: len(before[0])] == list(before[0])
    assert {row[5] for row in list(rows)[len(before[0]) :]} <= {"superseded"}
    ledger = custody_ledger(store, START, clock.now)
    assert ledger.missing_changes == 0


def test_what_was_sent_cannot_be_taken_back(store: Store) -> None:
    pk = edited(store)
    ask(store, pk, street="Lazimpat 4")
    made = decide(store, case_of(store, pk), {"street": "mine"}, ANNA)
    with store.write("sync") as tx:
        tx.execute("UPDATE outbox SET state = 'in_flight', reached = 1 WHERE order_pk = ?", (pk,))
    before = snapshot(store, pk)

    with pytest.raises(StaleOrderError, match="cannot be taken back"):
        take_back(store, made, ANNA)

    assert snapshot(store, pk) == before


def test_an_order_that_changed_since_is_left_alone(store: Store) -> None:
    pk = edited(store)
    ask(store, pk, street="Lazimpat 4")
    made = decide(store, case_of(store, pk), {"street": "theirs"}, ANNA)
    save(store, pk, {"street": "Patan 9"}, ANNA, ZONE)

    with pytest.raises(StaleOrderError):
        take_back(store, made, ANNA)

    assert order_fact(store, pk, "street") == "Patan 9"


def test_a_held_decision_leaves_after_the_time_for_undo(store: Store, clock: Clock) -> None:
    pk = edited(store)
    ask(store, pk, street="Lazimpat 4")

    decide(store, case_of(store, pk), {"street": "mine"}, ANNA, hold=True)

    [(hold,)] = rows_of(store, pk, "hold_until")
    assert hold == (clock.now.timestamp() + 6) * 1_000_000


def test_what_was_given_up_can_be_taken_back(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    set_rows(store, pk, "parked", last_error="The shop is closed.", last_class="refused")
    before = snapshot(store, pk)

    with pytest.raises(RefusedError, match="Say why"):
        give_up(store, pk, " ", ANNA)
    made = give_up(store, pk, "Entered twice", ANNA)
    assert order_fact(store, pk, "status") == "created"
    take_back(store, made, ANNA)

    assert snapshot(store, pk) == before
    with pytest.raises(StaleOrderError):
        take_back(store, made, ANNA)


def test_money_that_was_taken_is_the_shops(store: Store) -> None:
    pk = edited(store, payment_status="0", payment_date="2026-03-05 12:00")
    save(store, pk, {"c_name": "Sunita"}, ANNA, ZONE)
    ask(store, pk, street="Lazimpat 4", shipping_cost="120")
    assert preselected(case_of(store, pk)) == {"street": "mine", "shipping_cost": "mine"}

    pk2 = staff_paid_elsewhere(store)
    assert preselected(case_of(store, pk2)) == {"payment_status": "theirs", "street": "mine"}


def staff_paid_elsewhere(store: Store) -> int:
    order = remote_order(
        "13", code="1d08", home="", street="25", city="Kathmandu", district="Baglung", apt="",
        email="a@shop.example", payment_status="failed", total="900.00",
    )  # fmt: skip
    pk = take_in(store, STAFF, [order], "counter-1").seen[0][0]
    save(store, pk, {"payment_status": "0", "street": "Thamel 27"}, ANNA, ZONE)
    ask(store, pk, payment_status="1", street="Lazimpat 4")
    return pk


def test_the_result_counts_total_and_cash(store: Store) -> None:
    pk = staff_paid_elsewhere(store)
    case = case_of(store, pk)

    paid = outcome(case, {"payment_status": "theirs", "street": "mine"})
    unpaid = outcome(case, {"payment_status": "mine", "street": "mine"})

    assert (paid.total, paid.collect.amount) == (Decimal("900.00"), Decimal(0))
    assert (unpaid.total, unpaid.collect.amount, unpaid.collect.cash) == (
        Decimal("900.00"),
        Decimal("900.00"),
        True,
    )


def test_the_result_counts_lines_and_shipping_of_the_chosen_side(store: Store) -> None:
    pk = edited(store)  # shipping 100 → 150
    save(store, pk, {}, ANNA, ZONE, lines=[LineEdit(3, place=0)])  # 2 → 3 of 400
    cart = next(
        patch["cart"] for (text,) in rows_of(store, pk, "patch") if "cart" in (patch := load_patch(text))
    )
    ask(store, pk, cart=cart.base.replace('"quantity":2', '"quantity":1'), shipping_cost="120")
    # The shop's total is that of its own values.
    with store.write() as tx:
        tx.execute("UPDATE orders SET total = '520.00', products_total = '400.00' WHERE pk = ?", (pk,))
    case = case_of(store, pk)

    theirs = outcome(case, {"cart": "theirs", "shipping_cost": "theirs"})
    mine = outcome(case, {"cart": "mine", "shipping_cost": "mine"})

    assert (theirs.total, theirs.counted) == (Decimal("520.00"), False)
    assert (mine.total, mine.counted) == (Decimal("1350.00"), True)
    assert mine.collect.amount == Decimal("1350.00")


def test_nothing_is_collected_for_what_is_cancelled(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1", payment_status="unpaid"))
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    orders.move(store, pk, Status.COOKING, ANNA)
    set_rows(store, pk, "conflict", theirs="cancelled")
    case = case_of(store, pk)

    assert outcome(case, {"status": "theirs"}).collect.amount == Decimal(0)
    assert outcome(case, {"status": "mine"}).collect.amount == Decimal("2600.00")
