"""Lists: pages that join up, searches as one types, counts that agree."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posapp.domain.errors import UnknownOrderError
from posapp.domain.status import Status
from posapp.domain.timing import Targets
from posapp.services import intake, orders
from posapp.storage.details import find_order, queue_rows
from posapp.storage.queries import (
    alarm,
    count_matching,
    counts,
    hidden_by_filters,
    order_page,
    remote_ids,
    rows_by_pk,
)
from posapp.storage.rows import OrderFilter, OrderRow, Sort, Tab
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, START, Clock, put_in, remote_order

TARGETS = Targets()


def codes(store: Store, chosen: OrderFilter) -> list[str]:
    return [row.code for row in order_page(store, chosen, TARGETS).rows]


def all_pages(store: Store, chosen: OrderFilter, limit: int) -> list[OrderRow]:
    rows: list[OrderRow] = []
    key = None
    while True:
        page = order_page(store, chosen, TARGETS, after=key, limit=limit)
        rows += page.rows
        key = page.next_key
        if key is None:
            return rows


def shop(store: Store, clock: Clock) -> None:
    """Thirty orders, in groups of three of the same minute, in every status."""
    for number in range(30):
        clock.pass_by(seconds=1)
        put_in(
            store,
            remote_order(
                f"r{number}",
                status=list(Status)[number % 8],
                created_at=START + timedelta(minutes=number // 3),
                phone=f"7701{number:07d}",
                brand="Alma" if number % 2 else "Meteor",
                due_at=START + timedelta(hours=number % 5 + 1),
                kind="pickup" if number % 3 == 0 else "delivery",
            ),
        )


@pytest.mark.parametrize("limit", [1, 2, 7, 30])
@pytest.mark.parametrize(
    "chosen",
    [
        OrderFilter(),
        OrderFilter(tab=Tab.DONE),
        OrderFilter(tab=Tab.COOKING),
        OrderFilter(tab=None),
        OrderFilter(tab=None, sort=Sort.OLDEST),
        OrderFilter(tab=Tab.ACTIVE, sort=Sort.DUE),
        OrderFilter(search="7701"),
        OrderFilter(tab=None, search="7701", sort=Sort.NEWEST),
        OrderFilter(brand="Alma", kind="pickup"),
    ],
)
def test_pages_join_up_without_gap_or_double(
    store: Store, clock: Clock, chosen: OrderFilter, limit: int
) -> None:
    shop(store, clock)

    paged = [row.pk for row in all_pages(store, chosen, limit)]
    at_once = [row.pk for row in order_page(store, chosen, TARGETS, limit=1000).rows]

    assert paged == at_once
    assert len(set(paged)) == len(paged) == count_matching(store, chosen) > 0


def test_a_search_can_be_sorted_by_the_newest(store: Store) -> None:
    put_in(store, remote_order("r1", status="cooking", created_at=START - timedelta(hours=5)))
    put_in(store, remote_order("r2", status="delivered", created_at=START))

    assert codes(store, OrderFilter(search="7701")) == ["1001", "1002"]  # what is active first
    assert codes(store, OrderFilter(tab=None, search="7701", sort=Sort.NEWEST)) == ["1002", "1001"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1806", ["1001"]),
        ("701 234 18 06", ["1001"]),
        ("+7 (701) 234-18-06", ["1001"]),
        ("айгерим", ["1001"]),
        ("АЙГЕРИМ", ["1001"]),
        ("йге", ["1001"]),
        ("#1001", ["1001"]),
        ("абая 52", ["1001"]),
        ("06", ["1001"]),
        ("52", []),
        ("Ай", ["1001"]),
        ("sam 999", ["1002"]),
        ('"', []),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
        ("NEAR(a b)", []),
        ("\ud800", ["1001", "1002"]),
        ("  ", ["1001", "1002"]),
    ],
)
def test_what_is_typed_is_found(store: Store, typed: str, found: list[str]) -> None:
    put_in(store, remote_order("r1"))
    put_in(store, remote_order("r2", customer_name="Sam", phone="79990000000", address="Main st 1"))

    assert sorted(codes(store, OrderFilter(search=typed))) == found


def test_a_search_looks_through_all_tabs_and_changed_orders(store: Store) -> None:
    put_in(store, remote_order("r1", status="delivered"))
    put_in(store, remote_order("r1", customer_name="Ольга", raw="1"))

    assert codes(store, OrderFilter(tab=Tab.NEW, search="Ольга")) == ["1001"]
    assert codes(store, OrderFilter(tab=Tab.NEW, search="Айгерим")) == []


def test_hidden_orders_are_counted(store: Store, clock: Clock) -> None:
    shop(store, clock)
    chosen = OrderFilter(brand="Alma")

    shown, everything = count_matching(store, chosen), count_matching(store, OrderFilter())
    assert hidden_by_filters(store, chosen) == everything - shown > 0
    assert hidden_by_filters(store, OrderFilter()) == 0


def test_counts_follow_every_move(store: Store, clock: Clock) -> None:
    shop(store, clock)
    pk = find_order(store, "r0")
    before = counts(store, START)
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    after = counts(store, START)

    assert after.of(Tab.NEW) == before.of(Tab.NEW) - 1
    assert after.of(Tab.ACCEPTED) == before.of(Tab.ACCEPTED) + 1
    assert after.of(Tab.ACTIVE) == before.of(Tab.ACTIVE) == count_matching(store, OrderFilter())


def test_urgent_means_new_ones_first_and_then_the_longest_waiting(store: Store, clock: Clock) -> None:
    (late,) = put_in(store, remote_order("r1", status="cooking"))
    clock.pass_by(minutes=1)
    (cooking,) = put_in(store, remote_order("r2", status="cooking"))
    (new,) = put_in(store, remote_order("r3"))

    assert [row.pk for row in order_page(store, OrderFilter(), TARGETS).rows] == [new, late, cooking]
    assert alarm(store).pks == (new,)


# -- names of orders -----------------------------------------------------------------------------------


def test_an_order_answers_to_its_code_its_id_and_its_remote_id(store: Store) -> None:
    (pk,) = put_in(store, remote_order("abc-1"))
    row = rows_by_pk(store, [pk], TARGETS)[pk]

    for name in (row.code, f"#{row.code}", f" {row.code} ", row.id, "abc-1"):
        assert find_order(store, name) == pk
    assert remote_ids(store, [pk, 77]) == {pk: "abc-1"}


@pytest.mark.parametrize("name", ["", "  ", "#", "abc", "ABC-1", "\ud800", "1001\n2", "%", "x" * 10_000])
def test_other_names_are_unknown(store: Store, name: str) -> None:
    put_in(store, remote_order("abc-1"))

    with pytest.raises(UnknownOrderError, match="There is no order"):
        find_order(store, name)


def test_a_name_of_several_orders_lists_them(store: Store) -> None:
    put_in(store, remote_order("1002"), remote_order("r2"))
    intake.take_in(store, intake.Source("other", "internal", "KZT"), [remote_order("r2")], "counter-1")

    for name in ("1002", "r2"):
        with pytest.raises(UnknownOrderError) as error:
            find_order(store, name)
        assert error.value.detail.count("id 0000") == 2
        assert ("other" in error.value.detail) is (name == "r2")


# -- the outbox ----------------------------------------------------------------------------------------


def test_the_queue_shows_what_is_not_settled_or_what_is_asked_for(store: Store) -> None:
    pks = put_in(store, remote_order("r1"), remote_order("r2"))
    for pk in pks:
        orders.move(store, pk, Status.ACCEPTED, ANNA)
    orders.undo(store, pks[1], ANNA)

    assert [row.order_code for row in queue_rows(store)] == ["1001"]
    assert [row.order_code for row in queue_rows(store, states=["superseded"])] == ["1002"]
    assert len(queue_rows(store, order_pk=pks[1])) == 1
    assert len(queue_rows(store, states=["pending", "superseded"], limit=1)) == 1
