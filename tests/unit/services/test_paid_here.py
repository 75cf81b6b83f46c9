"""What was paid at a counter: no courier collects it once more, nor has to bring it back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from posapp.domain.dispatch import Collect
from posapp.domain.payment import Tender
from posapp.domain.status import PaymentMethod
from posapp.domain.timing import Targets
from posapp.services import couriers, dispatch
from posapp.services.payments import pay
from posapp.services.shop_payments import mark_paid, unmark_paid
from posapp.services.together import Seen
from posapp.storage.dispatch import CourierRow, DispatchBoard, dispatch_board
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, put_in, remote_order
from tests.support.till import RULES


@pytest.fixture
def marat(store: Store) -> int:
    return couriers.add(store, "Marat", ANNA)


def board(store: Store) -> DispatchBoard:
    return dispatch_board(store, Targets())


def courier(store: Store) -> CourierRow:
    (found,) = board(store).couriers
    return found


def cooking(store: Store, remote_id: str, **changes: object) -> int:
    (pk,) = put_in(store, remote_order(remote_id, status="cooking", **changes))
    return pk


def delivered(store: Store, marat: int, remote_id: str, **changes: object) -> int:
    pk = cooking(store, remote_id, **changes)
    dispatch.assign(store, [Seen(pk)], marat, ANNA)
    dispatch.deliver(store, [Seen(pk)], ANNA)
    return pk


def test_what_was_paid_at_the_counter_no_courier_collects(store: Store, marat: int) -> None:
    whole = delivered(store, marat, "whole", total="7460.00", change_from="10000")
    part = delivered(store, marat, "part", total="1000.00", change_from="2000")
    wrong = delivered(store, marat, "wrong", total="500.00")
    mark_paid(store, whole, RULES, ANNA)
    pay(store, part, [Tender(PaymentMethod.CARD, Decimal("400"))], RULES, ANNA)
    unmark_paid(store, mark_paid(store, wrong, RULES, ANNA), RULES, ANNA)

    found = courier(store)  # 600 of 1 000 with the change from 2 000, and 500
    assert found.cash == {"KZT": Decimal("2500.00")}
    assert found.change == {"KZT": Decimal("1400.00")}
    dispatch.take_cash(store, marat, Decimal("2500"), "KZT", ANNA, expected=Decimal("2500.00"))
    assert courier(store).cash == {}


def test_what_is_on_its_way_and_paid_says_so(store: Store) -> None:
    pk = cooking(store, "r1", total="2600.00")
    assert board(store).waiting[0].collect == Collect(Decimal("2600.00"), cash=True)

    mark_paid(store, pk, RULES, ANNA)

    assert board(store).waiting[0].collect == Collect(Decimal(0), cash=False)
