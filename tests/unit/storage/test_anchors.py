"""Any place of a long list, and searches that end after a page, against the plain way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posapp.domain.status import Status
from posapp.domain.timing import Targets
from posapp.storage import anchors as anchors_module
from posapp.storage.anchors import Anchors, more_anchors, page_at
from posapp.storage.queries import order_page
from posapp.storage.rows import OrderFilter, OrderRow, Sort, Tab
from posapp.storage.store import Store
from tests.support.shop_orders import START, Clock, put_in, remote_order

TARGETS = Targets()
NAMES = ("Әсем Қалиева", "Anna Stone", "Иван Петров")


@pytest.fixture(autouse=True)
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchors_module, "STEP", 4)
    monkeypatch.setattr(anchors_module, "_AT_ONCE", 2)


def shop(store: Store, clock: Clock) -> None:
    """Orders of every status, whose time of making and of arriving differ, three of each minute."""
    for number in range(42):
        clock.pass_by(seconds=1)
        put_in(
            store,
            remote_order(
                f"r{number}",
                status=list(Status)[number % 8],
                created_at=START + timedelta(minutes=number * 17 % 42 // 3),
                customer_name=NAMES[number % 3],
                phone=f"7701{number:07d}",
                brand="Alma" if number % 2 else "Meteor",
            ),
        )


def whole(store: Store, chosen: OrderFilter) -> Anchors:
    found = Anchors()
    while not found.whole:
        before = len(found.keys)
        found = more_anchors(store, chosen, found)
        assert found.whole or len(found.keys) == before + 2
    return found


@pytest.mark.parametrize(
    "chosen",
    [
        *(OrderFilter(tab=tab, sort=sort) for tab in (Tab.ACTIVE, Tab.DONE, Tab.NEW) for sort in Sort),
        OrderFilter(tab=Tab.DONE, brand="Alma"),
    ],
)
def test_every_place_has_the_row_that_it_has_in_the_whole_list(
    store: Store, clock: Clock, chosen: OrderFilter
) -> None:
    shop(store, clock)
    rows = order_page(store, chosen, TARGETS, limit=1000).rows
    assert rows
    found = whole(store, chosen)

    assert found.total == len(rows)
    for place in range(len(rows)):
        page = page_at(store, chosen, TARGETS, found, place, 5)
        assert page.rows == rows[place : place + 5]
        assert (page.next_key is None) == (place + 5 >= len(rows))


def test_the_done_are_the_delivered_and_the_cancelled_those_that_ended_last_first(
    store: Store, clock: Clock
) -> None:
    shop(store, clock)
    by_status = order_page(
        store, OrderFilter(tab=None, statuses=("delivered", "cancelled")), TARGETS, limit=1000
    ).rows

    rows = order_page(store, OrderFilter(tab=Tab.DONE), TARGETS, limit=1000).rows

    assert {row.pk for row in rows} == {row.pk for row in by_status}
    ends = [row.closed_at for row in rows if row.closed_at is not None]
    assert ends == sorted(ends, reverse=True)
    assert len(ends) == len(rows)


def places_of(row: OrderRow) -> str:
    return f"{row.code} {row.phone} {row.customer_name} {row.address}".casefold()


@pytest.mark.parametrize(
    "text", ["қалиева", "Stone", "тро", "0000001", "anna st", "Anna 1", "иван петров", "nobody"]
)
@pytest.mark.parametrize("brand", ["", "Alma"])
def test_a_search_finds_what_a_scan_finds_active_ones_first(
    store: Store, clock: Clock, text: str, brand: str
) -> None:
    shop(store, clock)
    everything = order_page(store, OrderFilter(tab=None), TARGETS, limit=1000).rows
    words = text.casefold().split()
    wanted = {
        row.pk
        for row in everything
        if (not brand or row.brand == brand)
        and all(word in places_of(row) for word in words if len(word) > 2)
        and (text != "Anna 1" or row.code.startswith("1") or row.phone.endswith("1"))
    }

    chosen = OrderFilter(search=text, brand=brand)
    rows: list[OrderRow] = []
    key = None
    while True:
        page = order_page(store, chosen, TARGETS, after=key, limit=3)
        rows += page.rows
        key = page.next_key
        if key is None:
            break

    assert {row.pk for row in rows} == wanted
    assert len(rows) == len(wanted)
    active = [row for row in rows if row.closed_at is None]
    assert rows[: len(active)] == active
    assert [row.created_at for row in active] == sorted((row.created_at for row in active), reverse=True)
    others = [row.pk for row in rows[len(active) :]]
    assert others == sorted(others, reverse=True)
