"""The failure table over real HTTP, line by line."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from posapp.domain.status import Status
from tests.flow.sync.desk import KEY, Desk, eventually
from tests.support.faulty_plan import Fault, FaultKind
from tests.support.faulty_remote import FaultyRemote

ACCEPTED, COOKING, CANCELLED = Status.ACCEPTED, Status.COOKING, Status.CANCELLED

NOT_SAVED = [
    FaultKind.DROP_BEFORE,
    FaultKind.E500,
    FaultKind.E503,
    FaultKind.E429,
    FaultKind.HTML200,
    FaultKind.REDIRECT302,
    FaultKind.UPDATED0,
    FaultKind.FAILED,
]
SAVED = [
    FaultKind.DROP_AFTER,
    FaultKind.E500_AFTER,
    FaultKind.TRUNCATED,
    FaultKind.EMPTY200,
    FaultKind.WRONG_TYPE,
    FaultKind.UPDATED0_AFTER,
]


@pytest.mark.parametrize("kind", NOT_SAVED)
def test_a_write_that_was_not_saved_is_sent_again(desk: Desk, shop: FaultyRemote, kind: FaultKind) -> None:
    shop.next_fault(kind, "update")
    desk.move(1, ACCEPTED)
    assert desk.round().exit_code() == 0
    assert shop.writes(desk.remote_id(1)) == ["accepted"]
    assert shop.count("update") == 2
    assert shop.other_origin == []


@pytest.mark.parametrize("kind", SAVED)
def test_a_write_that_was_saved_is_found_not_sent_again(
    desk: Desk, shop: FaultyRemote, kind: FaultKind
) -> None:
    shop.next_fault(kind, "update")
    desk.move(1, ACCEPTED)
    assert desk.round().exit_code() == 0
    assert shop.writes(desk.remote_id(1)) == ["accepted"]
    assert shop.count("update") == 1


@pytest.mark.parametrize(
    "kind", [*NOT_SAVED[:6], FaultKind.TRUNCATED, FaultKind.EMPTY200, FaultKind.WRONG_TYPE]
)
@pytest.mark.parametrize("call", ["list", "one"])
def test_a_read_that_goes_wrong_is_repeated_and_changes_nothing(
    desk: Desk, shop: FaultyRemote, kind: FaultKind, call: str
) -> None:
    desk.move(1, ACCEPTED)
    assert desk.round().exit_code() == 0
    shop.next_fault(kind, call)
    desk.move(1, COOKING)
    assert desk.round().exit_code() == 0
    assert shop.writes(desk.remote_id(1)) == ["accepted", "cooking"]
    assert [desk.detail(number).row.status for number in desk.numbers()] == ["cooking", "created", "created"]


def test_a_timeout_after_sending_is_read_first(desk: Desk, shop: FaultyRemote) -> None:
    shop.next_fault(Fault(FaultKind.SLOW, seconds=5), "update")
    desk.move(1, ACCEPTED)
    assert desk.round().exit_code() == 0
    assert shop.count("update") == 1


def test_a_write_that_arrives_late_is_answered_with_ours(desk: Desk, shop: FaultyRemote) -> None:
    shop.next_fault(Fault(FaultKind.LATE, seconds=1.2), "update")
    desk.move(1, ACCEPTED, COOKING)
    with desk.staying() as loop:
        remote_id = desk.remote_id(1)
        assert eventually(lambda: shop.writes(remote_id) == ["accepted", "cooking", "accepted"])
        loop.wake(force=True)
        assert eventually(lambda: shop.status(remote_id) == "cooking")
        assert eventually(lambda: desk.detail(1).row.sync == "synced")


def test_nothing_listens(desk: Desk, shop: FaultyRemote) -> None:
    shop.go_offline()
    desk.move(1, ACCEPTED)
    result = desk.round(1)
    assert (result.reachable, result.pending, result.exit_code()) == (False, 1, 4)
    assert desk.states(1) == ["pending"]


def test_a_host_that_never_answers_is_not_reachable(desk: Desk, shop: FaultyRemote) -> None:
    shop.set_faults(1.0, [Fault(FaultKind.HANG, seconds=30)])
    result = desk.round(2)
    assert (result.reachable, result.exit_code()) == (False, 4)


def test_a_portal_is_reachable_but_nothing_is_complete(desk: Desk, shop: FaultyRemote) -> None:
    shop.set_faults(1.0, [FaultKind.HTML200])
    desk.move(1, ACCEPTED)
    result = desk.round(3)
    assert (result.reachable, result.complete, result.exit_code()) == (True, False, 4)
    assert [desk.detail(number).row.status for number in desk.numbers()] == ["accepted", "created", "created"]


def test_a_long_retry_after_ends_the_round_at_once(desk: Desk, shop: FaultyRemote) -> None:
    desk.move(1, ACCEPTED)
    shop.set_faults(1.0, [Fault(FaultKind.E429, retry_after="600")])
    started = time.monotonic()
    result = desk.round(30)
    assert time.monotonic() - started < 5
    assert (result.pending, result.exit_code()) == (1, 4)
    assert [row.attempts for row in desk.detail(1).queue] == [0]


@pytest.mark.parametrize("code", [401, 403])
def test_a_wrong_key_ends_the_round_and_asks_a_person(desk: Desk, shop: FaultyRemote, code: int) -> None:
    for number in desk.numbers():
        desk.move(number, ACCEPTED)
    shop.set_faults(1.0, [Fault(FaultKind.WRONG_KEY, code=code)])
    for _ in range(2):
        started = time.monotonic()
        result = desk.round(30)
        assert time.monotonic() - started < 5
        assert (result.pending, result.attention, result.exit_code()) == (3, 1, 5)
    shop.no_faults()
    assert desk.round().exit_code() == 0
    assert set(shop.statuses().values()) == {"accepted"}


def test_a_missing_key_asks_a_person_and_the_other_shop_goes_on(tmp_path: Path) -> None:
    with FaultyRemote(seed=1) as first, FaultyRemote(seed=2) as second:
        first.add(2)
        second.add(3)
        desk = Desk(tmp_path, first=first, second=second)
        desk.keys.keys["first"] = ""
        result = desk.round()
        assert (result.pulled, result.attention, result.exit_code()) == (3, 1, 5)
        assert first.log == ()
        desk.keys.keys["first"] = KEY
        result = desk.round()
        assert (result.pulled, result.attention, result.exit_code()) == (2, 0, 0)
        desk.close()


def test_a_key_that_no_header_can_carry_stops_only_its_own_shop(tmp_path: Path) -> None:
    with FaultyRemote(seed=1) as first, FaultyRemote(seed=2) as second:
        second.add(3)
        desk = Desk(tmp_path, first=first, second=second)
        desk.keys.keys["first"] = "a\nb"
        result = desk.round()
        assert (result.pulled, result.attention, result.exit_code()) == (3, 1, 5)
        desk.close()


def test_a_refusal_is_for_a_person_and_only_its_order_waits(tmp_path: Path) -> None:
    def refuse(order_id: str, old: str, new: str) -> str | None:
        return "Кухня закрыта" if order_id == stuck else None

    with FaultyRemote(seed=4, refuse=refuse) as shop:
        ids = shop.add(3)
        stuck = ids[1]
        desk = Desk(tmp_path, alma=shop)
        desk.round()
        for number in desk.numbers():
            desk.move(number, ACCEPTED, COOKING)
        result = desk.round()
        assert (result.pending, result.attention, result.exit_code()) == (0, 1, 5)
        assert [shop.status(remote_id) for remote_id in ids] == ["cooking", "created", "cooking"]
        assert desk.states(desk.number(stuck)) == ["parked", "parked"]
        assert "Кухня закрыта" in desk.detail(desk.number(stuck)).queue[0].last_error
        desk.resolve(desk.number(stuck), "theirs")
        assert desk.round().exit_code() == 0
        desk.close()


def test_a_strict_shop_gets_every_step(tmp_path: Path) -> None:
    with FaultyRemote(seed=4, transitions="strict") as shop:
        shop.add(5)
        desk = Desk(tmp_path, alma=shop)
        desk.round()
        for number in desk.numbers():
            desk.whole_day(number)
        assert desk.round().exit_code() == 0
        assert set(shop.statuses().values()) == {"delivered"}
        desk.close()


@pytest.mark.parametrize(("choice", "in_the_end"), [("mine", "cooking"), ("theirs", "cancelled")])
def test_a_cancel_while_we_cook_is_a_conflict(
    desk: Desk, shop: FaultyRemote, choice: str, in_the_end: str
) -> None:
    desk.move(1, ACCEPTED, COOKING)
    assert desk.round().exit_code() == 0
    remote_id = desk.remote_id(1)
    shop.set_status(remote_id, "cancelled")
    result = desk.round()
    assert (result.attention, result.exit_code()) == (1, 5)
    assert desk.detail(1).row.sync == "conflict"
    assert "cancelled" in desk.detail(1).row.sync_reason
    assert shop.status(remote_id) == "cancelled"
    desk.resolve(1, choice)
    assert desk.round().exit_code() == 0
    assert (shop.status(remote_id), desk.detail(1).row.status) == (in_the_end, in_the_end)


def test_an_order_that_is_gone_waits_for_a_second_look(desk: Desk, shop: FaultyRemote) -> None:
    shop.remove(desk.remote_id(1))
    desk.move(1, ACCEPTED)
    result = desk.round(2)
    assert (result.pending, result.attention, result.exit_code()) == (1, 0, 4)


@pytest.mark.parametrize("kind", [FaultKind.LIST_EMPTY, FaultKind.LIST_GAP])
def test_a_list_that_leaves_orders_out_loses_none(desk: Desk, shop: FaultyRemote, kind: FaultKind) -> None:
    shop.next_fault(kind, "list")
    assert desk.round().exit_code() == 0
    assert [desk.detail(number).row.status for number in desk.numbers()] == ["created"] * 3
