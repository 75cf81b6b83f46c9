"""A lane with the staff API: a list in pages that holds every order, over a real database."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from posapp.domain.status import Status
from posapp.remote.api import Answer, NoReply, Request, Trouble
from posapp.services import orders
from posapp.sync import lane as lanes
from tests.support.drf_shop import staff_order
from tests.support.shop_orders import rows_of
from tests.unit.sync.bench import WHO, said
from tests.unit.sync.staff_bench import LIST, StaffBench


def cut_page(number: int) -> Callable[[Request], Answer | None]:
    lost = NoReply(Trouble.UNKNOWN, "No whole answer came.")
    return lambda request: lost if request.path.endswith(f"?page={number}") else None


def test_all_pages_make_the_list(staff_bench: StaffBench) -> None:
    staff_bench.put(*range(1, 8))
    staff_bench.run()
    assert staff_bench.count() == 7
    assert [path for _, path in staff_bench.asked] == [
        LIST,
        *(f"{LIST}?page={number}" for number in (2, 3, 4)),
    ]
    assert (staff_bench.lane.lists, staff_bench.lane.list_failed) == (1, False)


def test_while_a_page_is_missing_nothing_counts_as_vanished(staff_bench: StaffBench) -> None:
    staff_bench.put(*range(1, 8))
    staff_bench.run(5)
    staff_bench.instead = cut_page(2)
    staff_bench.asked.clear()
    staff_bench.run(30)
    assert staff_bench.lane.list_failed
    assert staff_bench.reads() == []
    staff_bench.instead = lambda request: None
    del staff_bench.orders[7]
    staff_bench.run(60)
    assert set(staff_bench.reads()) == {"7"}


def test_the_orders_of_the_pages_that_came_are_here(staff_bench: StaffBench) -> None:
    staff_bench.put(*range(1, 8))
    staff_bench.instead = cut_page(3)
    staff_bench.run(1)
    assert staff_bench.count() == 4
    assert not staff_bench.lane.kick_done(0)


def test_a_list_without_end_is_given_up(staff_bench: StaffBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "MOST_PAGES", 5)
    staff_bench.put(1, 2)
    endless = said({"next": "?page=1", "results": [staff_order(1)]})
    staff_bench.instead = lambda request: endless if request.path.startswith(LIST) else None
    staff_bench.run()
    assert len(staff_bench.asked) == 5
    assert staff_bench.lane.list_failed


def test_a_kick_between_two_pages_asks_for_the_whole_list_again(staff_bench: StaffBench) -> None:
    staff_bench.put(*range(1, 4))
    [dispatch] = staff_bench.lane.poll(staff_bench.clock.now, staff_bench.tokens, urgent=False)
    kick = staff_bench.lane.kick(staff_bench.clock.now)
    staff_bench.lane.answered([(dispatch.token, staff_bench.answer(dispatch.request))], staff_bench.clock.now)
    assert not staff_bench.lane.kick_done(kick)
    staff_bench.run()
    assert [path for _, path in staff_bench.asked].count(LIST) == 2
    assert staff_bench.lane.kick_done(kick)


def test_finished_orders_and_pairs_that_say_nothing_cost_no_reads(staff_bench: StaffBench) -> None:
    staff_bench.put(1, 2, order_status=3, delivery_status=2)
    staff_bench.put(3, order_status=3, delivery_status=0)
    staff_bench.run(100)
    assert staff_bench.reads() == []
    assert (staff_bench.fact(1, "status"), staff_bench.fact(3, "status")) == ("delivered", "created")


def test_active_orders_are_watched_from_the_first_list_on(staff_bench: StaffBench) -> None:
    staff_bench.put(1, order_status=2)
    staff_bench.run(100)
    assert 2 <= len(staff_bench.reads()) <= 6
    staff_bench.orders[1]["order_status"] = 4
    staff_bench.run(15)
    assert (staff_bench.fact(1, "status"), staff_bench.fact(1, "sync")) == ("cooking", "conflict")


def test_a_pair_that_says_nothing_is_no_conflict_and_does_not_hold_our_change_back(
    staff_bench: StaffBench,
) -> None:
    staff_bench.put(1)
    staff_bench.run()
    orders.move(staff_bench.store, staff_bench.pk(1), Status.ACCEPTED, WHO)
    staff_bench.lane.agenda.wake()
    staff_bench.orders[1] |= {"order_status": 3, "delivery_status": 1}
    staff_bench.run(1)
    assert (staff_bench.orders[1]["order_status"], staff_bench.orders[1]["delivery_status"]) == (1, 0)
    assert rows_of(staff_bench.store, staff_bench.pk(1), "state") == [("confirmed",)]


def test_changes_between_statuses_of_one_pair_are_confirmed_and_stay(staff_bench: StaffBench) -> None:
    staff_bench.put(1)
    staff_bench.run()
    for status in (Status.TIMING, Status.ACCEPTED, Status.EDITED):
        orders.move(staff_bench.store, staff_bench.pk(1), status, WHO)
        staff_bench.lane.agenda.wake()
        staff_bench.run(200)
        assert (staff_bench.fact(1, "status"), staff_bench.fact(1, "sync")) == (status.value, "synced")
    assert (staff_bench.orders[1]["order_status"], staff_bench.orders[1]["delivery_status"]) == (1, 0)
