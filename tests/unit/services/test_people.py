"""The people of a shop: who works here, PINs and their waits, approvals."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posapp.domain.errors import RefusedError
from posapp.domain.people import NotAllowedError, Right, Role, SignInNeededError, right_of_move, wait_after
from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services import orders, people
from posapp.services.pins import ends_at
from posapp.storage.database import open_store
from posapp.storage.people import has_staff, person, signed_in, staff
from posapp.storage.server import Server
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, Clock, Ids, order_fact, put_in, remote_order

STATION = ANNA.station
BOSS_PIN, COOK_PIN = "735928", "2580"


def hire(store: Store) -> tuple[Who, Who]:
    """Return a signed-in manager and a signed-in counter person."""
    boss = people.add_person(store, "Olga", Role.MANAGER, BOSS_PIN, ANNA)
    manager = people.sign_in(store, boss.id, BOSS_PIN, STATION).who
    clerk = people.add_person(store, "Aigerim", Role.COUNTER, "1397", manager)
    return manager, people.sign_in(store, clerk.id, "1397", STATION).who


def test_a_shop_without_staff_lets_the_station_do_everything(store: Store) -> None:
    (pk,) = put_in(store, remote_order("1"))

    orders.move(store, pk, Status.CANCELLED, ANNA)

    assert order_fact(store, pk, "status") == "cancelled"


def test_once_people_work_here_nothing_is_done_unsigned(store: Store) -> None:
    (pk,) = put_in(store, remote_order("1"))
    hire(store)

    with pytest.raises(SignInNeededError):
        orders.move(store, pk, Status.ACCEPTED, ANNA)
    with pytest.raises(SignInNeededError):
        orders.move(store, pk, Status.ACCEPTED, Who("Olga", STATION, "made up"))

    assert order_fact(store, pk, "status") == "created"


def test_a_sign_in_ends_with_the_lock_and_with_the_job(store: Store) -> None:
    (pk,) = put_in(store, remote_order("1"))
    manager, clerk = hire(store)
    here = signed_in(store, clerk.sign_in)
    assert here is not None
    assert (here.person.name, here.station) == ("Aigerim", STATION)

    people.sign_out(store, clerk)
    with pytest.raises(SignInNeededError):
        orders.move(store, pk, Status.ACCEPTED, clerk)
    again = people.sign_in(store, here.person.id, "1397", STATION).who
    people.remove_person(store, here.person.id, manager)
    with pytest.raises(SignInNeededError):
        orders.move(store, pk, Status.ACCEPTED, again)

    assert signed_in(store, again.sign_in) is None
    assert [one.name for one in staff(store)] == ["Olga"]


def test_a_sign_in_of_one_station_is_none_at_another(store: Store) -> None:
    (pk,) = put_in(store, remote_order("1"))
    manager, _ = hire(store)

    with pytest.raises(SignInNeededError):
        orders.move(store, pk, Status.ACCEPTED, Who(manager.actor, "bar", manager.sign_in))


def test_the_first_person_is_a_manager_and_one_stays(store: Store) -> None:
    with pytest.raises(RefusedError) as caught:
        people.add_person(store, "Daniyar", Role.COOK, COOK_PIN, ANNA)
    assert caught.value.fields == {"role": "Has to be manager."}

    manager, _ = hire(store)
    boss = next(one for one in staff(store) if one.role is Role.MANAGER)
    with pytest.raises(RefusedError):
        people.remove_person(store, boss.id, manager)
    with pytest.raises(RefusedError):
        people.change_person(store, boss.id, manager, role=Role.COUNTER, pin="2580")

    assert person(store, boss.id) == boss


def test_the_last_person_may_go_and_the_station_acts_again(store: Store) -> None:
    boss = people.add_person(store, "Olga", Role.MANAGER, BOSS_PIN, ANNA)
    manager = people.sign_in(store, boss.id, BOSS_PIN, STATION).who

    people.remove_person(store, boss.id, manager)

    assert not has_staff(store)
    (pk,) = put_in(store, remote_order("1"))
    orders.move(store, pk, Status.ACCEPTED, ANNA)


@pytest.mark.parametrize("pin", ["", "12", "12345", "0000", "1234", "9876", "7890", "12a4", "１２３５"])
def test_pins_that_anybody_would_guess_are_refused(store: Store, pin: str) -> None:
    manager, _ = hire(store)

    with pytest.raises(RefusedError) as caught:
        people.add_person(store, "Daniyar", Role.COOK, pin, manager)

    assert "pin" in caught.value.fields
    assert len(staff(store)) == 2


def test_two_people_of_one_name_are_told_apart(store: Store) -> None:
    manager, _ = hire(store)

    with pytest.raises(RefusedError) as caught:
        people.add_person(store, " aigerim ", Role.COOK, COOK_PIN, manager)

    assert "name" in caught.value.fields


def test_a_role_with_longer_pins_needs_a_new_one(store: Store) -> None:
    manager, _ = hire(store)
    clerk = next(one for one in staff(store) if one.role is Role.COUNTER)
    with pytest.raises(RefusedError) as caught:
        people.change_person(store, clerk.id, manager, role=Role.MANAGER)
    assert "pin" in caught.value.fields

    people.change_person(store, clerk.id, manager, role=Role.MANAGER, pin="418203", name="Aigerim S")

    assert people.sign_in(store, clerk.id, "418203", STATION).person.name == "Aigerim S"
    with pytest.raises(RefusedError):
        people.sign_in(store, clerk.id, "1397", STATION)


def test_wrong_pins_slow_down_and_a_restart_does_not_reset_it(
    store: Store, server: Server | None, clock: Clock
) -> None:
    hire(store)
    boss = next(one for one in staff(store) if one.role is Role.MANAGER)
    for _ in range(4):
        with pytest.raises(RefusedError, match="not right"):
            people.sign_in(store, boss.id, "111222", STATION)
    assert ends_at(store, boss.id) is None
    with pytest.raises(RefusedError, match="not right"):
        people.sign_in(store, boss.id, "111222", STATION)

    again = open_store(store.data_dir, server=server, clock=clock, new_id=Ids())
    with pytest.raises(RefusedError, match="Too many"):
        people.sign_in(again, boss.id, BOSS_PIN, STATION)
    again.close_thread()
    clock.pass_by(seconds=31)
    with pytest.raises(RefusedError, match="not right"):
        people.sign_in(store, boss.id, "111222", STATION)
    clock.pass_by(seconds=31)
    with pytest.raises(RefusedError, match="Too many"):
        people.sign_in(store, boss.id, BOSS_PIN, STATION)
    clock.pass_by(seconds=31)

    assert people.sign_in(store, boss.id, BOSS_PIN, STATION).person.id == boss.id
    assert ends_at(store, boss.id) is None


def test_the_waits_grow_and_end() -> None:
    waits = [wait_after(count) for count in range(14)]

    assert waits[:5] == [timedelta(0)] * 5
    assert waits[5:8] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert waits[-1] == timedelta(minutes=15)


def test_a_pin_alone_says_who_it_is_and_wrong_ones_slow_the_station(store: Store) -> None:
    hire(store)

    assert people.sign_in_by_pin(store, BOSS_PIN, STATION).person.name == "Olga"
    for _ in range(5):
        with pytest.raises(RefusedError, match="not right"):
            people.sign_in_by_pin(store, "0001", STATION)
    with pytest.raises(RefusedError, match="Too many"):
        people.sign_in_by_pin(store, BOSS_PIN, STATION)

    assert people.sign_in_by_pin(store, BOSS_PIN, "bar").person.name == "Olga"


def test_a_pin_of_two_people_needs_a_name_too(store: Store) -> None:
    manager, _ = hire(store)
    twin = people.add_person(store, "Daniyar", Role.COOK, "1397", manager)

    with pytest.raises(RefusedError, match="Several people"):
        people.sign_in_by_pin(store, "1397", STATION)

    assert people.sign_in(store, twin.id, "1397", STATION).person.id == twin.id


def test_a_manager_approves_one_act(store: Store, clock: Clock) -> None:
    first, second = put_in(store, remote_order("1"), remote_order("2"))
    _, clerk = hire(store)
    boss = next(one for one in staff(store) if one.role is Role.MANAGER)
    for pk in (first, second):
        orders.move(store, pk, Status.ACCEPTED, clerk)
    with pytest.raises(NotAllowedError) as caught:
        orders.move(store, first, Status.CANCELLED, clerk)

    people.approve(store, boss.id, BOSS_PIN, caught.value.right, clerk)
    orders.move(store, first, Status.CANCELLED, clerk, reason="called")
    with pytest.raises(NotAllowedError):
        orders.move(store, second, Status.CANCELLED, clerk)
    people.approve(store, boss.id, BOSS_PIN, Right.CANCEL, clerk)
    clock.pass_by(seconds=61)
    with pytest.raises(NotAllowedError):
        orders.move(store, second, Status.CANCELLED, clerk)

    row = store.one(
        "SELECT actor, params FROM events WHERE order_pk = ? AND kind = 'moved' ORDER BY pk DESC", (first,)
    )
    assert row is not None
    assert row[0] == "Aigerim"
    assert '"approved_by": "Olga"' in row[1]


def test_an_approval_outlives_an_act_that_failed(store: Store) -> None:
    (pk,) = put_in(store, remote_order("1"))
    _, clerk = hire(store)
    boss = next(one for one in staff(store) if one.role is Role.MANAGER)
    orders.move(store, pk, Status.ACCEPTED, clerk)
    people.approve(store, boss.id, BOSS_PIN, Right.CANCEL, clerk)

    with pytest.raises(RefusedError, match="changed meanwhile"):
        orders.move(store, pk, Status.CANCELLED, clerk, expected_version=1)
    orders.move(store, pk, Status.CANCELLED, clerk)

    assert order_fact(store, pk, "status") == "cancelled"


def test_only_a_manager_approves(store: Store) -> None:
    _, clerk = hire(store)
    other = next(one for one in staff(store) if one.role is Role.COUNTER)

    with pytest.raises(RefusedError, match="may not approve"):
        people.approve(store, other.id, "1397", Right.CANCEL, clerk)


def test_no_pin_is_kept_or_told(store: Store) -> None:
    manager, _ = hire(store)
    clerk = next(one for one in staff(store) if one.role is Role.COUNTER)
    people.set_pin(store, clerk.id, "8024", manager)
    with pytest.raises(RefusedError) as caught:
        people.sign_in(store, clerk.id, "4711", STATION)
    store.close_thread()

    kept = b"".join(path.read_bytes() for path in store.data_dir.rglob("posapp.db*"))
    for pin in (BOSS_PIN, "8024", "4711"):
        assert pin.encode() not in kept
        assert pin not in str(caught.value)


@pytest.mark.parametrize(
    ("before", "after", "right"),
    [
        ("created", "accepted", Right.ACCEPT),
        ("edited", "accepted", Right.ACCEPT),
        ("edited", "cooking", Right.FORWARD),
        ("timing", "accepted", Right.FORWARD),
        ("accepted", "timing", Right.ACCEPT),
        ("cooking", "edited", Right.EDIT),
        ("cooking", "delivered", Right.FORWARD),
        ("ondelivery", "cooking", Right.DISPATCH),
        ("created", "cancelled", Right.CANCEL_NEW),
        ("timing", "cancelled", Right.CANCEL),
        ("delivered", "ondelivery", Right.STEP_BACK),
        ("cooking", "accepted", Right.STEP_BACK),
    ],
)
def test_what_a_move_needs(before: str, after: str, right: Right) -> None:
    assert right_of_move(Status(before), Status(after)) is right
