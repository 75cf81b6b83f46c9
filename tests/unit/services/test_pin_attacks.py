"""Guessing PINs: at once, by turns with one's own, with the clock moved, with odd input; stale sign-ins."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from posapp.domain.errors import PosError, RefusedError
from posapp.domain.people import NotAllowedError, Right, Role, SignInNeededError
from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services import orders, people
from posapp.services.pins import ends_at
from posapp.storage.backup import backup_database
from posapp.storage.database import open_store
from posapp.storage.people import StaffRow, signed_in, staff
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, Clock, put_in, remote_order

STATION = ANNA.station
BOSS_PIN, CLERK_PIN = "735928", "1397"


@pytest.fixture
def hired(store: Store) -> tuple[StaffRow, Who, StaffRow, Who]:
    """Return the manager and somebody of the counter, both signed in."""
    boss = people.add_person(store, "Olga", Role.MANAGER, BOSS_PIN, ANNA)
    manager = people.sign_in(store, boss.id, BOSS_PIN, STATION).who
    clerk = people.add_person(store, "Aigerim", Role.COUNTER, CLERK_PIN, manager)
    return boss, manager, clerk, people.sign_in(store, clerk.id, CLERK_PIN, STATION).who


Hired = tuple[StaffRow, Who, StaffRow, Who]


def looked_at(store: Store) -> int:
    """Return how many wrong PINs were held against the right one."""
    row = store.one("SELECT count(*) FROM events WHERE kind = 'pin_wrong'")
    return int(row[0]) if row else 0


def test_of_many_tries_at_once_five_are_looked_at(store: Store, hired: Hired) -> None:
    boss = hired[0]
    start, said = threading.Barrier(12), list[str]()

    def guess(number: int) -> None:
        start.wait()
        try:
            people.sign_in(store, boss.id, str(100_200 + number * 17), STATION)
        except RefusedError as error:
            said.append(error.title)
        finally:
            store.close_thread()

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert looked_at(store) == 5
    assert sorted(said) == ["This PIN is not right."] * 5 + ["Too many wrong PINs."] * 7
    with pytest.raises(RefusedError, match="Too many"):
        people.sign_in(store, boss.id, BOSS_PIN, STATION)


def _guess_elsewhere(data_dir: Path, person_id: str, first: int) -> None:
    store = open_store(data_dir)
    for number in range(4):
        with contextlib.suppress(RefusedError):
            people.sign_in(store, person_id, str(first + number * 17), STATION)
    store.close_thread()


def test_programs_of_their_own_share_the_five_tries(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    boss = people.add_person(store, "Olga", Role.MANAGER, BOSS_PIN, ANNA)
    spawn = multiprocessing.get_context("spawn")
    programs = [
        spawn.Process(target=_guess_elsewhere, args=(tmp_path, boss.id, 100_200 + 1000 * number))
        for number in range(3)
    ]
    for program in programs:
        program.start()
    for program in programs:
        program.join(60)

    assert [program.exitcode for program in programs] == [0, 0, 0]
    assert looked_at(store) == 5
    store.close_thread()


def test_ones_own_pin_between_two_guesses_does_not_start_the_count_anew(store: Store, hired: Hired) -> None:
    for guess in range(5):
        with pytest.raises(RefusedError, match="not right"):
            people.sign_in_by_pin(store, f"80{guess}1", STATION)
        if guess < 4:
            assert people.sign_in_by_pin(store, CLERK_PIN, STATION).person.name == "Aigerim"

    with pytest.raises(RefusedError, match="Too many"):
        people.sign_in_by_pin(store, CLERK_PIN, STATION)


def test_wrong_pins_of_a_station_end_with_the_hour(store: Store, hired: Hired, clock: Clock) -> None:
    for _ in range(4):
        with pytest.raises(RefusedError, match="not right"):
            people.sign_in_by_pin(store, "8001", STATION)
    clock.pass_by(hours=1, seconds=1)

    for _ in range(4):
        with pytest.raises(RefusedError, match="Try again") as caught:
            people.sign_in_by_pin(store, "8001", STATION)
        assert caught.value.detail == ""


def test_the_wait_of_a_person_holds_without_the_name_too(store: Store, hired: Hired, clock: Clock) -> None:
    for _ in range(5):
        with pytest.raises(RefusedError, match="not right"):
            people.sign_in(store, hired[0].id, "111222", STATION)

    with pytest.raises(RefusedError, match="not right"):
        people.sign_in_by_pin(store, BOSS_PIN, STATION)
    clock.pass_by(seconds=31)
    assert people.sign_in_by_pin(store, BOSS_PIN, STATION).person.id == hired[0].id


def test_a_clock_set_back_lengthens_a_wait_by_no_more_than_the_wait(
    store: Store, hired: Hired, clock: Clock
) -> None:
    boss = hired[0]
    for _ in range(5):
        with pytest.raises(RefusedError, match="not right"):
            people.sign_in(store, boss.id, "111222", STATION)
    clock.pass_by(days=-2)
    with pytest.raises(RefusedError, match="Too many"):
        people.sign_in(store, boss.id, BOSS_PIN, STATION)
    until = ends_at(store, boss.id)
    assert until is not None
    assert until - clock.now <= timedelta(seconds=30)
    clock.pass_by(seconds=31)

    assert people.sign_in(store, boss.id, BOSS_PIN, STATION).person.id == boss.id


@pytest.mark.parametrize("odd", ["", "١٣٩٧", "1397\0", " 1397", "\ud800\ud801", "1" * 200_000, "' OR 1=1 --"])
def test_odd_input_is_a_wrong_pin(store: Store, hired: Hired, odd: str) -> None:
    with pytest.raises(RefusedError, match="not right"):
        people.sign_in(store, hired[2].id, odd, STATION)
    with pytest.raises(RefusedError, match="not right"):
        people.sign_in_by_pin(store, odd, STATION)
    with pytest.raises(RefusedError):
        people.set_pin(store, hired[2].id, odd, hired[1])


def test_a_new_pin_ends_what_was_begun_with_the_old_one(store: Store, hired: Hired) -> None:
    _, manager, clerk, who = hired
    people.set_pin(store, clerk.id, "8024", manager)
    assert signed_in(store, who.sign_in) is None
    again = people.sign_in(store, clerk.id, "8024", STATION).who

    people.change_person(store, clerk.id, manager, pin="6172")

    assert signed_in(store, again.sign_in) is None
    assert signed_in(store, manager.sign_in) is not None
    people.set_pin(store, hired[0].id, "418203", manager)  # one's own: one goes on working
    assert signed_in(store, manager.sign_in) is not None


def test_another_role_counts_at_once(store: Store, hired: Hired) -> None:
    (pk,) = put_in(store, remote_order("1"))
    _, manager, clerk, who = hired
    people.change_person(store, clerk.id, manager, role=Role.COOK)

    with pytest.raises(NotAllowedError):
        orders.move(store, pk, Status.ACCEPTED, who)


def accepted(store: Store, who: Who) -> int:
    (pk,) = put_in(store, remote_order("1"))
    orders.move(store, pk, Status.ACCEPTED, who)
    return pk


def test_an_approval_is_for_its_act_its_sign_in_and_its_station(store: Store, hired: Hired) -> None:
    boss, _, clerk, who = hired
    pk = accepted(store, who)
    other = people.sign_in(store, clerk.id, CLERK_PIN, "bar").who
    people.approve(store, boss.id, BOSS_PIN, Right.REFUND, who)
    with pytest.raises(NotAllowedError):
        orders.move(store, pk, Status.CANCELLED, who)
    people.approve(store, boss.id, BOSS_PIN, Right.CANCEL, who)
    for elsewhere in (other, Who(who.actor, "bar", who.sign_in)):
        with pytest.raises((NotAllowedError, SignInNeededError)):
            orders.move(store, pk, Status.CANCELLED, elsewhere)
    with pytest.raises(RefusedError, match="signed out"):
        people.approve(store, boss.id, BOSS_PIN, Right.CANCEL, Who(who.actor, "bar", who.sign_in))

    orders.move(store, pk, Status.CANCELLED, who)


def test_an_approval_that_is_taken_back_or_whose_manager_is_none_any_more_is_none(
    store: Store, hired: Hired, clock: Clock
) -> None:
    boss, manager, _, who = hired
    pk = accepted(store, who)
    people.approve(store, boss.id, BOSS_PIN, Right.CANCEL, who)
    clock.pass_by(seconds=1)
    people.drop_approvals(store, who)
    with pytest.raises(NotAllowedError):
        orders.move(store, pk, Status.CANCELLED, who)

    people.approve(store, boss.id, BOSS_PIN, Right.CANCEL, who)
    clock.pass_by(hours=-1)
    with pytest.raises(NotAllowedError):
        orders.move(store, pk, Status.CANCELLED, who)
    clock.pass_by(hours=1)
    people.add_person(store, "Second", Role.MANAGER, "418203", manager)
    people.change_person(store, boss.id, manager, role=Role.COOK, pin="2580")
    with pytest.raises(NotAllowedError):
        orders.move(store, pk, Status.CANCELLED, who)


def test_somebody_removed_while_the_pin_is_checked_does_not_get_in(
    store: Store, hired: Hired, monkeypatch: pytest.MonkeyPatch
) -> None:
    from posapp.services import pins

    _, manager, clerk, _ = hired
    fits = pins._fits

    def slow(pin: str, kept: str) -> bool:
        people.remove_person(store, clerk.id, manager)
        return fits(pin, kept)

    monkeypatch.setattr(pins, "_fits", slow)
    with pytest.raises(PosError):
        people.sign_in(store, clerk.id, CLERK_PIN, STATION)

    assert [one.name for one in staff(store)] == ["Olga"]


def test_neither_pins_nor_tokens_are_in_the_data_or_a_backup(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    boss = people.add_person(store, "Olga", Role.MANAGER, BOSS_PIN, ANNA)
    who = people.sign_in(store, boss.id, BOSS_PIN, STATION).who
    with pytest.raises(RefusedError) as caught:
        people.sign_in(store, boss.id, "590217", STATION)
    backup_database(store.database, tmp_path / "copy.db")
    store.close_thread()

    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Olga" in written  # what is there can be found
    for secret in (BOSS_PIN, "590217", who.sign_in):
        assert secret.encode() not in written
        assert secret not in f"{caught.value} {who!r}"
