"""Customers by telephone number: who is found, what is told of them, and that an index finds them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posapp.storage import customers
from posapp.storage.customers import find_customers
from posapp.storage.store import Store
from tests.support.shop_orders import START, Clock, put_in, remote_order

ANNA, BORIS = "+977 984-1234567", "+977 985 7654321"


@pytest.fixture
def shop(store: Store, clock: Clock) -> Store:
    for number, (name, phone, street, comment) in enumerate(
        [
            ("Anna", ANNA, "Thamel Marg", ""),
            ("Boris", BORIS, "Durbar Marg", ""),
            ("Anna S.", "9779841234567", "Lazimpat", "Ring twice"),
            ("Anna S.", ANNA, "Thamel Marg", ""),
            ("", "", "Nowhere", ""),
        ]
    ):
        clock.pass_by(minutes=1)
        order = remote_order(
            f"r{number}",
            customer_name=name,
            phone=phone,
            street=street,
            home="7",
            address=f"{street} 7",
            comment=comment,
            created_at=START + timedelta(minutes=number),
        )
        put_in(store, order)
    return store


def test_a_number_is_found_by_its_beginning_in_any_spelling(shop: Store) -> None:
    (hit,) = find_customers(shop, "+977 (984)")

    assert (hit.name, hit.orders, hit.note) == ("Anna S.", 3, "Ring twice")
    assert [address.text for address in hit.addresses] == ["Thamel Marg 7", "Lazimpat 7"]
    assert hit.addresses[0].parts["street"] == "Thamel Marg"
    assert hit.last_at == START + timedelta(minutes=3)


@pytest.mark.parametrize("typed", ["4567", "984 123 45 67", "0984 1234567", "9779841234567"])
def test_a_number_is_found_by_its_end_with_and_without_what_stands_before_it(shop: Store, typed: str) -> None:
    assert [hit.digits for hit in find_customers(shop, typed)] == ["9779841234567"]


@pytest.mark.parametrize(("stored", "typed"), [("9779841234567", "98412"), ("9841234567", "+977 98412")])
def test_the_code_of_the_country_may_be_left_out_or_written(store: Store, stored: str, typed: str) -> None:
    put_in(store, remote_order("n", phone=stored))

    assert [hit.digits for hit in find_customers(store, typed)] == [stored]


@pytest.mark.parametrize("typed", ["", "977", "abc", "12345678", "1234567"[:-1] + "0"])
def test_few_digits_and_strange_ones_find_nobody(shop: Store, typed: str) -> None:
    assert find_customers(shop, typed) == ()


def test_the_order_that_is_edited_is_no_earlier_order(shop: Store) -> None:
    (pk,) = [row[0] for row in shop.all("SELECT pk FROM orders WHERE customer_name = 'Boris'")]

    assert find_customers(shop, BORIS, but_not=pk) == ()
    assert [hit.name for hit in find_customers(shop, BORIS)] == ["Boris"]


def test_no_more_than_five_are_found(store: Store, clock: Clock) -> None:
    for number in range(9):
        put_in(store, remote_order(f"n{number}", phone=f"7701555000{number}"))

    assert len(find_customers(store, "7701")) == 5


@pytest.mark.databases("sqlite")
def test_every_question_is_answered_by_an_index(shop: Store) -> None:
    asked: list[str] = []

    class Explained:
        dialect = shop.dialect

        def one(self, sql: str, params: object = ()) -> tuple[object, ...] | None:
            return (self.all(sql, params) or [None])[0]  # type: ignore[list-item]

        def all(self, sql: str, params: object = ()) -> list[tuple[object, ...]]:
            asked.extend(str(row[3]) for row in shop.all(f"EXPLAIN QUERY PLAN {sql}", params))  # type: ignore[arg-type]
            return shop.all(sql, params)  # type: ignore[arg-type]

    assert len(customers.find_customers(Explained(), "9779")) == 2
    plans = [plan for plan in asked if plan.startswith(("SCAN", "SEARCH"))]
    assert any("orders_phone_digits (phone_digits=?)" in plan for plan in plans)
    assert not [plan for plan in plans if plan.startswith("SCAN orders") and "VIRTUAL" not in plan], plans
