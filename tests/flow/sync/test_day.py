"""Thirty orders through their whole day: exactly once, in order, with and without trouble."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from posapp.domain.status import Status
from tests.flow.sync.desk import Desk
from tests.support.faulty_plan import TEN_WAYS, Fault, FaultKind
from tests.support.faulty_remote import FaultyRemote

QUICK = tuple(
    Fault(kind, seconds=0.05, retry_after="1" if kind is FaultKind.E429 else None) for kind in TEN_WAYS
)


def first_times(writes: list[str]) -> list[str]:
    return list(dict.fromkeys(writes))


def test_thirty_orders_are_pulled_moved_and_written_once(tmp_path: Path) -> None:
    with FaultyRemote(seed=11) as shop:
        ids = shop.add(30)
        for remote_id in ids:
            shop.orders[remote_id]["a_field_of_tomorrow"] = {"of": remote_id}
        desk = Desk(tmp_path, alma=shop)
        first = desk.round()
        assert (first.pulled, first.pending, first.attention, first.quarantined) == (30, 0, 0, 0)
        for remote_id in ids:
            detail = desk.detail(desk.number(remote_id))
            assert detail.row.total == str(shop.orders[remote_id]["price"]["order_base_total"])
            assert json.loads(detail.raw)["a_field_of_tomorrow"] == {"of": remote_id}
        for number in desk.numbers():
            desk.whole_day(number)
        second = desk.round()
        assert (second.pending, second.attention, second.exit_code()) == (0, 0, 0)
        expected = {remote_id: steps(desk, remote_id) for remote_id in ids}
        assert {remote_id: shop.writes(remote_id) for remote_id in ids} == expected
        assert second.pushed == sum(len(writes) for writes in expected.values())
        before = shop.count("update")
        third = desk.round()
        assert (third.pulled, third.pushed, third.exit_code()) == (0, 0, 0)
        assert shop.count("update") == before
        assert len(desk.numbers()) == 30
        assert shop.max_in_flight_per_order == 1
        desk.close()


def steps(desk: Desk, remote_id: str) -> list[str]:
    return [str(row.target) for row in desk.detail(desk.number(remote_id)).queue]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_with_four_of_ten_requests_going_wrong_everything_arrives(tmp_path: Path, seed: int) -> None:
    with FaultyRemote(seed=seed) as shop:
        ids = shop.add(12)
        desk = Desk(tmp_path, alma=shop)
        shop.set_faults(0.4, QUICK)
        pulled = 0
        while pulled < 12:
            pulled += desk.round(10).pulled
        for number in desk.numbers():
            desk.whole_day(number)
        rounds = 0
        while desk.round(15).pending:
            rounds += 1
            assert rounds < 6
        assert len(shop.faults_met()) == 10
        for remote_id in ids:
            assert first_times(shop.writes(remote_id)) == steps(desk, remote_id)
            check_word(desk, shop, remote_id)
        assert shop.max_in_flight_per_order == 1
        assert not any(entry.overlapping for entry in shop.log)
        assert shop.other_origin == []
        assert desk.summary().attention == 0
        shop.no_faults()
        before = shop.count("update")
        assert desk.round().exit_code() == 0
        assert shop.count("update") == before
        assert all(desk.is_as_at(shop, number) for number in desk.numbers())
        desk.close()


def check_word(desk: Desk, shop: FaultyRemote, remote_id: str) -> None:
    """Check that each change is called confirmed only after the shop had it."""
    saved = shop.writes(remote_id)
    for row in desk.detail(desk.number(remote_id)).queue:
        assert row.state == "confirmed"
        assert row.target in saved


def test_work_goes_on_without_network_and_arrives_in_order_afterwards(desk: Desk, shop: FaultyRemote) -> None:
    shop.go_offline()
    for number in desk.numbers():
        desk.whole_day(number)
    away = desk.round(2)
    assert (away.reachable, away.exit_code(), away.pushed) == (False, 4, 0)
    assert away.pending == sum(len(desk.states(number)) for number in desk.numbers())
    shop.go_online()
    assert desk.round().exit_code() == 0
    for number in desk.numbers():
        detail = desk.detail(number)
        assert shop.writes(desk.remote_id(number)) == [str(row.target) for row in detail.queue]


@pytest.mark.parametrize(("mode", "sent"), [("all", 3), ("milestones", 3), ("last", 1)])
def test_what_goes_out_depends_on_the_mode(desk: Desk, shop: FaultyRemote, mode: str, sent: int) -> None:
    desk.collapse(mode)
    desk.move(1, Status.ACCEPTED, Status.COOKING, Status.EDITED)
    assert desk.round().exit_code() == 0
    assert len(shop.writes(desk.remote_id(1))) == sent


def test_two_shops_are_independent(tmp_path: Path) -> None:
    with FaultyRemote(seed=1) as ill, FaultyRemote(seed=2) as well:
        ill.add(4)
        well.add(4)
        desk = Desk(tmp_path, ill=ill, well=well)
        assert desk.round().pulled == 8
        for number in desk.numbers():
            desk.move(number, Status.ACCEPTED)
        ill.set_faults(1.0, [Fault(FaultKind.HANG, seconds=30)])
        result = desk.round(3)
        assert (result.pushed, result.pending, result.reachable, result.exit_code()) == (4, 4, False, 4)
        done = [entry.at for entry in well.log if entry.call == "update"]
        assert len(done) == 4
        assert done[-1] - done[0] < 1
        ill.no_faults()
        assert desk.round().exit_code() == 0
        desk.close()
