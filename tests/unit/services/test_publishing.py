"""The queue of products: what goes in, what is settled, and what a person decides."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from posapp.domain.catalogue import FURTHER_NOTICE
from posapp.domain.errors import RefusedError
from posapp.domain.publish import Again, InBatch, ProductRow, Published, Refused, Singly
from posapp.services import catalogue, publishing
from posapp.services.publishing import Shop, mark_sending, queue_all, settle
from posapp.storage.publishing import open_product_rows, product_queue, publish_counts
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, Clock
from tests.support.till import pizza

ALMA = Shop("alma", "KZT")
HIDING = Shop("alma", "KZT", hide_sold_out=True)


def rows(store: Store) -> tuple[ProductRow, ...]:
    return open_product_rows(store, "alma")


def bodies(store: Store) -> list[dict[str, object]]:
    return [json.loads(row.body) for row in rows(store)]


def states(store: Store) -> list[str]:
    return [row.state for row in product_queue(store, settled=100)]


def publish_all(store: Store) -> None:
    mark_sending(store, rows(store))
    settle(store, "alma", [Published(rows(store))], "counter-1")


def test_only_what_the_shop_does_not_have_is_queued(store: Store) -> None:
    first = catalogue.save_product(store, pizza(weight="450 г"), "KZT", ANNA)
    catalogue.save_product(store, pizza(internal_id="gone", deleted=True), "KZT", ANNA)

    assert queue_all(store, [ALMA], ANNA) == 1
    assert bodies(store) == [
        {"internal_id": "p-1", "title": "Маргарита", "weight": "450 г", "price": "2600.00", "deleted": False}
    ]
    assert queue_all(store, [ALMA], ANNA) == 0
    publish_all(store)
    assert queue_all(store, [ALMA], ANNA) == 0
    # What the shop does not see is no reason to send it.
    catalogue.save_product(store, replace(first, colour="#000000"), "KZT", ANNA)
    assert queue_all(store, [ALMA], ANNA) == 0
    assert queue_all(store, [ALMA], ANNA, anew=True) == 2


def test_of_two_states_that_wait_only_the_newer_goes_out(store: Store) -> None:
    first = catalogue.save_product(store, pizza(), "KZT", ANNA, shops=[ALMA])
    second = catalogue.save_product(store, replace(first, title="Two"), "KZT", ANNA, shops=[ALMA])
    assert [body["title"] for body in bodies(store)] == ["Two"]
    mark_sending(store, rows(store))
    catalogue.save_product(store, replace(second, title="Three"), "KZT", ANNA, shops=[ALMA])

    assert [body["title"] for body in bodies(store)] == ["Two", "Three"]
    assert states(store) == ["superseded", "in_flight", "pending"]


def test_sold_out_hides_a_product_where_the_setting_says_so(store: Store, clock: Clock) -> None:
    catalogue.save_product(store, pizza(), "KZT", ANNA, shops=[HIDING])
    publish_all(store)
    catalogue.set_sold_out(store, "p-1", FURTHER_NOTICE, ANNA, shops=[ALMA])
    assert rows(store) == ()
    catalogue.set_sold_out(store, "p-1", clock() + timedelta(hours=1), ANNA, shops=[HIDING])
    assert [body["deleted"] for body in bodies(store)] == [True]
    publish_all(store)
    clock.pass_by(hours=2)
    # The time is up: the next round brings it back.
    assert queue_all(store, [HIDING], ANNA) == 1
    assert [body["deleted"] for body in bodies(store)] == [False]


def test_each_state_of_a_row(store: Store, clock: Clock) -> None:
    for number in range(4):
        catalogue.save_product(store, pizza(internal_id=f"p-{number}"), "KZT", ANNA, shops=[ALMA])
    mark_sending(store, rows(store))
    assert {row.attempts for row in rows(store)} == {1}
    one, two, three, four = rows(store)
    at = clock() + timedelta(seconds=5)
    settle(
        store,
        "alma",
        [
            InBatch((one,), "77", at),
            Singly((two,), "which one?"),
            Again((three,), at, "no answer", unknown=True),
            Refused((four,), "price is wrong"),
        ],
        "counter-1",
    )

    found = {row.internal_id: row for row in rows(store)}
    assert (found["p-0"].batch, found["p-0"].state, found["p-0"].not_before) == ("77", "in_flight", at)
    assert (found["p-1"].single, found["p-1"].state) == (True, "pending")
    assert (found["p-2"].not_before, found["p-2"].unknown_at) == (at, clock())
    assert publish_counts(store, "alma").refused == 1
    assert [row.last_error for row in product_queue(store, states=["parked"])] == ["price is wrong"]


def test_a_state_that_may_still_arrive_is_overwritten_afterwards(store: Store, clock: Clock) -> None:
    first = catalogue.save_product(store, pizza(), "KZT", ANNA, shops=[ALMA])
    mark_sending(store, rows(store))
    settle(store, "alma", [Again(rows(store), clock(), "no answer", unknown=True)], "counter-1")
    clock.pass_by(seconds=20)
    catalogue.save_product(store, replace(first, price=Decimal("9")), "KZT", ANNA, shops=[ALMA])
    assert [body["price"] for body in bodies(store)] == ["9.00"]
    publish_all(store)

    (again,) = rows(store)
    assert json.loads(again.body)["price"] == "9.00"
    assert again.not_before == clock() + timedelta(seconds=100)
    clock.pass_by(seconds=101)
    publish_all(store)
    assert rows(store) == ()


def test_a_clock_that_was_put_back_lets_a_state_go_out_once_more_and_no_oftener(
    store: Store, clock: Clock
) -> None:
    first = catalogue.save_product(store, pizza(), "KZT", ANNA, shops=[ALMA])
    mark_sending(store, rows(store))
    settle(store, "alma", [Again(rows(store), clock(), "no answer", unknown=True)], "counter-1")
    clock.pass_by(hours=-1)
    catalogue.save_product(store, replace(first, price=Decimal("9")), "KZT", ANNA, shops=[ALMA])
    publish_all(store)

    (again,) = rows(store)
    assert again.not_before == clock() + timedelta(seconds=120)
    clock.pass_by(seconds=121)
    publish_all(store)
    assert rows(store) == ()


def test_a_sure_failure_leaves_no_doubt(store: Store, clock: Clock) -> None:
    first = catalogue.save_product(store, pizza(), "KZT", ANNA, shops=[ALMA])
    (before,) = rows(store)
    mark_sending(store, [before])
    settle(store, "alma", [Again((before,), clock(), "refused connection")], "counter-1")
    catalogue.save_product(store, replace(first, price=Decimal("9")), "KZT", ANNA, shops=[ALMA])
    (sent,) = rows(store)
    mark_sending(store, [sent])
    settle(store, "alma", [Published((sent,))], "counter-1")

    assert rows(store) == ()


def test_a_person_retries_or_gives_up(store: Store) -> None:
    catalogue.save_product(store, pizza(), "KZT", ANNA, shops=[ALMA])
    settle(store, "alma", [Refused(rows(store), "price is wrong")], "counter-1")
    (row,) = product_queue(store)
    (name,) = publishing.find_rows(store, [row.id])
    assert publishing.retry_products(store, [name], ANNA) == 1
    assert [item.single for item in rows(store)] == [True]
    with pytest.raises(RefusedError, match="reason"):
        publishing.discard_products(store, [name], " ", ANNA)
    assert publishing.discard_products(store, [name], "wrong price", ANNA) == 1
    assert [item.reason for item in product_queue(store, settled=9)] == ["discarded: wrong price"]
    with pytest.raises(RefusedError, match="do not wait"):
        publishing.retry_products(store, [name], ANNA)
    with pytest.raises(RefusedError, match="cannot be given up"):
        publishing.discard_products(store, [name], "x", ANNA)
    assert publishing.find_rows(store, ["", "0000", "nope"]) == []
