"""A shop's order that is paid here: told to a staff shop through the queue, kept here for all others."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from posapp.domain.errors import RefusedError, StaleOrderError
from posapp.domain.status import PaymentStatus
from posapp.services import payments
from posapp.services.intake import Source, take_in
from posapp.services.shop_payments import mark_paid, telling_shop, unmark_paid
from posapp.storage.details import queue_rows
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, SOURCE, remote_order
from tests.support.till import CARD, RULES

STAFF = Source("kathmandu", "staff", "KZT")
ADDRESS = {"street": "25", "city": "Kathmandu", "district": "Baglung", "email": "a@shop.example", "apt": ""}
UNPAID = PaymentStatus.UNPAID


def staff(store: Store, **changes: Any) -> int:
    order = remote_order("12", code="1d07", home="", **{**ADDRESS, "payment_status": UNPAID, **changes})
    return take_in(store, STAFF, [order], "counter-1").seen[0][0]


def internal(store: Store, **changes: Any) -> int:
    return take_in(store, SOURCE, [remote_order("r1", **changes)], "counter-1").seen[0][0]


def patches(store: Store, pk: int) -> list[dict[str, tuple[str | None, str | None]]]:
    """Return what waits to be told to the shop: fields, from what to what."""
    return [
        {name: (base, ours) for name, (base, ours, *_) in row.patch.items()}
        for row in queue_rows(store, order_pk=pk)
        if row.state == "pending" and row.patch
    ]


def paid_word(store: Store, pk: int) -> str:
    row = store.one("SELECT payment_status FROM orders WHERE pk = ?", (pk,))
    assert row is not None
    return str(row[0])


def test_a_staff_shop_is_told_that_its_order_is_paid(store: Store) -> None:
    pk = staff(store)

    took = mark_paid(store, pk, RULES, ANNA)

    assert [row.received for row in took.payments] == [Decimal("2600.00")]
    assert took.payments[0].method == "cash"
    assert patches(store, pk) == [{"payment_status": ("0", "1")}]
    assert paid_word(store, pk) == "paid"


def test_taking_it_back_before_it_was_sent_tells_the_shop_nothing(store: Store) -> None:
    pk = staff(store)
    took = mark_paid(store, pk, RULES, ANNA)

    unmark_paid(store, took, RULES, ANNA)

    assert patches(store, pk) == []
    assert paid_word(store, pk) == "unpaid"
    assert payments.account(store, pk).balance.due == Decimal("2600.00")


def test_a_part_is_not_told_as_paid(store: Store) -> None:
    pk = staff(store)
    part = [type(CARD)(CARD.method, Decimal("600"))]

    payments.pay(store, pk, part, RULES, ANNA, also=telling_shop(ANNA))

    assert patches(store, pk) == []
    payments.pay(store, pk, [CARD], RULES, ANNA, also=telling_shop(ANNA))
    assert patches(store, pk) == [{"payment_status": ("0", "1")}]


def test_the_internal_api_takes_statuses_only_so_it_stays_here(store: Store) -> None:
    pk = internal(store)  # cash: it says “paid” and is collected on delivery all the same

    took = mark_paid(store, pk, RULES, ANNA)

    assert took.balance.due == 0
    assert patches(store, pk) == []


@pytest.mark.parametrize(
    ("method", "status", "expected"),
    [("card", UNPAID, "card"), ("cash", UNPAID, "cash"), ("", UNPAID, "cash")],
)
def test_it_is_paid_by_the_method_that_the_order_names(
    store: Store, method: str, status: PaymentStatus, expected: str
) -> None:
    pk = internal(store, payment_method=method, payment_status=status)

    assert [row.method.value for row in mark_paid(store, pk, RULES, ANNA).payments] == [expected]


def test_nothing_is_taken_twice(store: Store) -> None:
    pk = staff(store)
    mark_paid(store, pk, RULES, ANNA)

    with pytest.raises(RefusedError, match="is paid already"):
        mark_paid(store, pk, RULES, ANNA)
    with pytest.raises(RefusedError, match="is paid already"):
        mark_paid(store, internal(store, payment_method="card"), RULES, ANNA)


def test_what_was_seen_has_to_be_so_still(store: Store) -> None:
    pk = staff(store)
    row = store.one("SELECT version FROM orders WHERE pk = ?", (pk,))
    assert row is not None

    with pytest.raises(StaleOrderError):
        mark_paid(store, pk, RULES, ANNA, expected_version=row[0] - 1)

    assert payments.account(store, pk).payments == ()
    assert patches(store, pk) == []
