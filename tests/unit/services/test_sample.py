"""Sample orders look like a shop's and leave the database as consistent as real ones."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from posapp.domain.errors import RefusedError
from posapp.domain.status import Status
from posapp.domain.timing import Targets
from posapp.services import orders
from posapp.services.sample import fill
from posapp.services.sample_rows import SampleDish, Stock
from posapp.storage.checks import count_problems, integrity_problems
from posapp.storage.details import order_detail
from posapp.storage.fields import to_us
from posapp.storage.queries import count_matching, counts, order_page, total_orders
from posapp.storage.rows import OrderFilter, Tab
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, START, Clock, make_store, put_in, remote_order

STOCK = Stock(
    (
        SampleDish("internal_1_0", "Пепперони", Decimal(2490), "Pizza"),
        SampleDish("internal_2_0", "Мисо", Decimal(1190), "Sushi"),
    ),
    ("Айдана Нұрғалиева", "Сергей Пак"),
    ("пр. Абая", "ул. Навои"),
    ("Позвоните",),
)


def fill_with(store: Store, count: int, seed: int = 1) -> int:
    return fill(store, count, seed=seed, stock=STOCK, station="counter-1")


def test_orders_of_every_status_are_there_and_few_are_active(store: Store) -> None:
    active = fill_with(store, 2_000)

    by_status = counts(store, START).by_status
    assert set(by_status) == set(Status)
    assert active == 40 == count_matching(store, OrderFilter(tab=Tab.ACTIVE))
    assert total_orders(store) == 2_000


def test_counters_search_and_references_are_right(store: Store) -> None:
    fill_with(store, 500)

    assert integrity_problems(store) == []
    assert count_problems(store) == []
    row = order_page(store, OrderFilter(tab=None), Targets(), limit=1).rows[0]
    found = order_page(store, OrderFilter(tab=None, search=row.phone[-6:]), Targets()).rows
    assert row.pk in {match.pk for match in found}


def test_totals_add_up_and_nothing_is_from_the_future(store: Store) -> None:
    fill_with(store, 300)

    late = store.one(
        "SELECT count(*) FROM orders WHERE created_at > ?1 OR received_at > ?1 OR status_at > ?1",
        (to_us(START),),
    )
    assert late == (0,)
    for pk in (1, 150, 300):
        detail = order_detail(store, pk, Targets())
        assert detail is not None
        lines = sum(line.total for line in detail.lines)
        assert lines + detail.delivery_cost == Decimal(detail.row.total)


def test_the_same_seed_makes_the_same_orders(tmp_path: Path) -> None:
    def made(name: str, seed: int) -> list[tuple[object, ...]]:
        store = make_store(tmp_path / name, Clock())
        fill_with(store, 120, seed)
        rows = store.all("SELECT id, customer_name, total, status, created_at FROM orders ORDER BY pk")
        store.close_thread()
        return rows

    assert made("a", 7) == made("b", 7)
    assert made("c", 8) != made("a2", 7)


def test_sample_orders_can_be_moved_and_new_ones_get_the_next_number(store: Store) -> None:
    fill_with(store, 100)
    pk = store.all("SELECT pk FROM orders WHERE status = 'created'")[0][0]

    assert orders.move(store, pk, Status.ACCEPTED, ANNA).changed
    (new,) = put_in(store, remote_order("r1"))
    assert store.one("SELECT code FROM orders WHERE pk = ?", (new,)) == ("1101",)


def test_a_database_with_orders_is_left_alone(store: Store) -> None:
    put_in(store, remote_order("r1"))

    with pytest.raises(RefusedError, match="already"):
        fill_with(store, 10)
    assert total_orders(store) == 1


@pytest.mark.parametrize("count", [1, 2, 5_001])
def test_any_number_of_orders_can_be_made(store: Store, count: int) -> None:
    done: list[int] = []
    fill(store, count, seed=1, stock=STOCK, station="counter-1", progress=done.append)

    assert total_orders(store) == count == done[-1]
