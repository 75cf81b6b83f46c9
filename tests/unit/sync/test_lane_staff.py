"""A lane with the staff API: a list in pages that holds every order, over a real database."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from posapp.config import RemoteConfig
from posapp.domain.status import Status
from posapp.remote.api import Answer, NoReply, Request, Trouble
from posapp.remote.staff import StaffFormat
from posapp.services import orders
from posapp.storage.store import Store
from posapp.sync import lane as lanes
from posapp.sync.lane import Lane
from tests.support.drf_shop import staff_order
from tests.support.shop_orders import Clock, make_store, order_fact, rows_of
from tests.unit.sync.bench import WHO, said

CONFIG = RemoteConfig("kathmandu", "https://shop.example", format="staff", currency="NPR")
LIST = "apps/order/all/"


class Bench:
    """One lane and a back end in memory; `instead` may answer in its place."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.orders: dict[int, dict[str, Any]] = {}
        self.page_size = 2
        self.asked: list[tuple[str, str]] = []
        self.instead: Callable[[Request], Answer | None] = lambda request: None
        self.tokens = itertools.count(1)
        self.lane = Lane(store, CONFIG, StaffFormat(), "counter-1", Random(3))

    def put(self, *numbers: int, **changes: Any) -> None:
        for number in numbers:
            self.orders[number] = staff_order(number, **changes)

    def run(self, seconds: float = 0) -> None:
        end = self.clock.now + timedelta(seconds=seconds)
        while self.clock.now <= end:
            for _ in range(40):
                found = self.lane.poll(self.clock.now, self.tokens, urgent=False)
                for dispatch in found:
                    self.lane.answered(dispatch.token, self.answer(dispatch.request), self.clock.now)
                if not found:
                    break
            due = self.lane.next_due(self.clock.now, urgent=False)
            self.clock.now = max(due or end, self.clock.now + timedelta(milliseconds=50))
        self.clock.now = end

    def answer(self, request: Request) -> Answer:
        self.asked.append((request.method, request.path))
        found = self.instead(request)
        if found is not None:
            return found
        if request.path.startswith(LIST):
            return self.page(int(request.path.partition("?page=")[2] or 1))
        number = int(request.path.split("/")[2])
        if number not in self.orders:
            return said({"detail": "Not found."}, 404)
        self.orders[number] |= json.loads(request.body or b"{}")
        return said(self.orders[number])

    def page(self, number: int) -> Answer:
        rows = list(self.orders.values())[(number - 1) * self.page_size :][: self.page_size]
        more = number * self.page_size < len(self.orders)
        following = f"https://shop.example/{LIST}?page={number + 1}" if more else None
        return said({"count": len(self.orders), "next": following, "previous": None, "results": rows})

    def reads(self) -> list[str]:
        """Return the orders that were read by id."""
        return [path.split("/")[2] for method, path in self.asked if method == "GET" and LIST not in path]

    def pk(self, number: int) -> int:
        row = self.store.one("SELECT pk FROM orders WHERE remote_id = ?", (str(number),))
        assert row is not None
        return int(row[0])

    def fact(self, number: int, column: str) -> Any:
        return order_fact(self.store, self.pk(number), column)

    def count(self) -> int:
        row = self.store.one("SELECT count(*) FROM orders")
        assert row is not None
        return int(row[0])


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    clock = Clock()
    store = make_store(tmp_path, clock)
    yield Bench(store, clock)
    store.close_thread()


def cut_page(number: int) -> Callable[[Request], Answer | None]:
    lost = NoReply(Trouble.UNKNOWN, "No whole answer came.")
    return lambda request: lost if request.path.endswith(f"?page={number}") else None


def test_all_pages_make_the_list(bench: Bench) -> None:
    bench.put(*range(1, 8))
    bench.run()
    assert bench.count() == 7
    assert [path for _, path in bench.asked] == [LIST, *(f"{LIST}?page={number}" for number in (2, 3, 4))]
    assert (bench.lane.lists, bench.lane.list_failed) == (1, False)


def test_while_a_page_is_missing_nothing_counts_as_vanished(bench: Bench) -> None:
    bench.put(*range(1, 8))
    bench.run(5)
    bench.instead = cut_page(2)
    bench.asked.clear()
    bench.run(30)
    assert bench.lane.list_failed
    assert bench.reads() == []
    bench.instead = lambda request: None
    del bench.orders[7]
    bench.run(60)
    assert set(bench.reads()) == {"7"}


def test_the_orders_of_the_pages_that_came_are_here(bench: Bench) -> None:
    bench.put(*range(1, 8))
    bench.instead = cut_page(3)
    bench.run(1)
    assert bench.count() == 4
    assert not bench.lane.kick_done(0)


def test_a_list_without_end_is_given_up(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "MOST_PAGES", 5)
    bench.put(1, 2)
    endless = said({"next": "?page=1", "results": [staff_order(1)]})
    bench.instead = lambda request: endless if request.path.startswith(LIST) else None
    bench.run()
    assert len(bench.asked) == 5
    assert bench.lane.list_failed


def test_a_kick_between_two_pages_asks_for_the_whole_list_again(bench: Bench) -> None:
    bench.put(*range(1, 4))
    [dispatch] = bench.lane.poll(bench.clock.now, bench.tokens, urgent=False)
    kick = bench.lane.kick(bench.clock.now)
    bench.lane.answered(dispatch.token, bench.answer(dispatch.request), bench.clock.now)
    assert not bench.lane.kick_done(kick)
    bench.run()
    assert [path for _, path in bench.asked].count(LIST) == 2
    assert bench.lane.kick_done(kick)


def test_finished_orders_and_pairs_that_say_nothing_cost_no_reads(bench: Bench) -> None:
    bench.put(1, 2, order_status=3, delivery_status=2)
    bench.put(3, order_status=3, delivery_status=0)
    bench.run(100)
    assert bench.reads() == []
    assert (bench.fact(1, "status"), bench.fact(3, "status")) == ("delivered", "created")


def test_active_orders_are_watched_from_the_first_list_on(bench: Bench) -> None:
    bench.put(1, order_status=2)
    bench.run(100)
    assert 2 <= len(bench.reads()) <= 6
    bench.orders[1]["order_status"] = 4
    bench.run(15)
    assert (bench.fact(1, "status"), bench.fact(1, "sync")) == ("cooking", "conflict")


def test_a_pair_that_says_nothing_is_no_conflict_and_does_not_hold_our_change_back(bench: Bench) -> None:
    bench.put(1)
    bench.run()
    orders.move(bench.store, bench.pk(1), Status.ACCEPTED, WHO)
    bench.lane.agenda.wake()
    bench.orders[1] |= {"order_status": 3, "delivery_status": 1}
    bench.run(1)
    assert (bench.orders[1]["order_status"], bench.orders[1]["delivery_status"]) == (1, 0)
    assert rows_of(bench.store, bench.pk(1), "state") == [("confirmed",)]


def test_changes_between_statuses_of_one_pair_are_confirmed_and_stay(bench: Bench) -> None:
    bench.put(1)
    bench.run()
    for status in (Status.TIMING, Status.ACCEPTED, Status.EDITED):
        orders.move(bench.store, bench.pk(1), status, WHO)
        bench.lane.agenda.wake()
        bench.run(200)
        assert (bench.fact(1, "status"), bench.fact(1, "sync")) == (status.value, "synced")
    assert (bench.orders[1]["order_status"], bench.orders[1]["delivery_status"]) == (1, 0)
