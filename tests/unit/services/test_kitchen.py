"""The kitchen's acts: each in one transaction with its event, each with a way back."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from posapp.domain.errors import RefusedError
from posapp.domain.kitchen import EVERYTHING, Section
from posapp.domain.received import RemoteLine
from posapp.domain.status import Status
from posapp.services import kitchen, orders
from posapp.services.intake import take_in
from posapp.storage.details import order_events
from posapp.storage.kitchen import board_states, tickets
from posapp.storage.kitchen_lists import last_bumped, median_seconds, ready_since
from posapp.storage.kitchen_rows import Ticket
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, SOURCE, START, Clock, order_fact, put_in, remote_order, rows_of
from tests.support.triggers import fill_disk

PIZZA = Section("Pizza", frozenset({"pizzas"}))
BAR = Section("Bar", frozenset({"drinks"}))
SECTIONS = (PIZZA, BAR)


def line(title: str, quantity: int = 1, *additions: str) -> RemoteLine:
    extra = tuple(("", text) for text in additions)
    return RemoteLine(title, quantity, Decimal(100), Decimal(100 * quantity), additions=extra)


BOTH = (line("Маргарита", 2, "Сыр", "Без лука"), line("Кола"))


def cooking(store: Store, remote_id: str = "r1", lines: tuple[RemoteLine, ...] = BOTH) -> int:
    (pk,) = put_in(store, remote_order(remote_id, lines=lines, status="created"))
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    orders.move(store, pk, Status.COOKING, ANNA)
    return pk


def edited(store: Store, remote_id: str, *lines: RemoteLine, comment: str = "") -> None:
    raw = json.dumps([remote_id, comment, [f"{each.quantity} {each.title}" for each in lines]])
    take_in(store, SOURCE, [remote_order(remote_id, lines=lines, comment=comment, raw=raw)], "counter-1")


def ticket(store: Store, pk: int) -> Ticket:
    return tickets(store, [pk])[pk]


def kinds(store: Store, pk: int) -> list[str]:
    return [event.kind for event in order_events(store, pk)]


def key_of(store: Store, pk: int, title: str) -> str:
    return next(each.item.key for each in ticket(store, pk).items if each.item.title == title)


def test_a_tick_is_written_with_its_event_and_makes_the_tile_differ(store: Store) -> None:
    pk = cooking(store)
    before = board_states(store)[pk]

    done = kitchen.tick(store, pk, key_of(store, pk, "Маргарита"), EVERYTHING, ANNA)

    assert done.changed
    assert [item.done("") for item in ticket(store, pk).items] == [True, False]
    event = order_events(store, pk)[-1]
    assert (event.kind, event.actor, event.params) == (
        "item_made",
        "anna",
        {"title": "Маргарита", "quantity": "2"},
    )
    assert board_states(store)[pk] != before
    assert order_fact(store, pk, "version") == before[0]


def test_a_tick_twice_is_one_and_opening_takes_it_back(store: Store) -> None:
    pk = cooking(store)
    key = key_of(store, pk, "Кола")
    kitchen.tick(store, pk, key, "Bar", ANNA)

    assert not kitchen.tick(store, pk, key, "Bar", ANNA).changed
    assert kitchen.tick(store, pk, key, "Bar", ANNA, done=False).changed
    assert not any(item.done("Bar") for item in ticket(store, pk).items)
    assert kinds(store, pk)[-2:] == ["item_made", "item_open"]


def test_an_item_that_is_gone_cannot_be_ticked(store: Store) -> None:
    pk = cooking(store)
    key = key_of(store, pk, "Кола")
    edited(store, "r1", BOTH[0])

    with pytest.raises(RefusedError, match="no longer in order"):
        kitchen.tick(store, pk, key, EVERYTHING, ANNA)


def test_a_bump_leaves_the_status_and_the_shop_alone(store: Store, clock: Clock) -> None:
    pk = cooking(store)
    sent = rows_of(store, pk)
    clock.pass_by(minutes=12)

    done = kitchen.bump(store, pk, EVERYTHING, (), ANNA)

    assert done.ready
    assert order_fact(store, pk, "status") == "cooking"
    assert rows_of(store, pk) == sent
    assert not ticket(store, pk).open_in(Section())
    assert ready_since(store, [pk]) == {pk: clock.now}
    assert median_seconds(store, START) == 720
    assert kinds(store, pk)[-2:] == ["bumped", "ready"]


def test_a_second_bump_writes_nothing(store: Store) -> None:
    pk = cooking(store)
    kitchen.bump(store, pk, EVERYTHING, (), ANNA)
    before = (kinds(store, pk), board_states(store)[pk])

    again = kitchen.bump(store, pk, EVERYTHING, (), ANNA)

    assert not again.changed
    assert again.ready
    assert (kinds(store, pk), board_states(store)[pk]) == before


def test_what_nobody_started_cannot_be_bumped(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    orders.move(store, pk, Status.ACCEPTED, ANNA)

    with pytest.raises(RefusedError, match="not being cooked"):
        kitchen.bump(store, pk, EVERYTHING, (), ANNA)
    assert kinds(store, pk)[-1] == "moved"


def test_an_order_is_ready_when_all_its_sections_are(store: Store) -> None:
    kitchen.put_categories(store, [("", "Маргарита", "Pizzas"), ("", "Кола", "Drinks")])
    pk = cooking(store)
    assert [item.item.title for item in ticket(store, pk).items_of(PIZZA)] == ["Маргарита"]

    assert not kitchen.bump(store, pk, "Pizza", SECTIONS, ANNA).ready
    assert not ticket(store, pk).open_in(PIZZA)
    assert ticket(store, pk).open_in(BAR)
    assert ready_since(store, [pk]) == {}

    assert kitchen.bump(store, pk, "Bar", SECTIONS, ANNA).ready
    assert not ticket(store, pk).open_in(BAR)


def test_without_a_catalogue_every_section_shows_everything(store: Store) -> None:
    pk = cooking(store)

    assert len(ticket(store, pk).items_of(PIZZA)) == len(ticket(store, pk).items_of(BAR)) == 2
    assert not kitchen.bump(store, pk, "Pizza", SECTIONS, ANNA).ready
    assert kitchen.bump(store, pk, "Bar", SECTIONS, ANNA).ready


def test_a_dish_finds_its_category_by_its_id_before_its_title(store: Store) -> None:
    kitchen.put_categories(store, [("d-1", "", "Pizzas"), ("", "Кола", "Drinks"), ("", "", "Lost")])
    dish = RemoteLine("Кола", 1, Decimal(1), Decimal(1), internal_id="d-1")
    pk = cooking(store, lines=(dish, line("Кола")))

    assert [item.item.category for item in ticket(store, pk).items] == ["Pizzas", "Drinks"]


def test_a_recalled_order_is_back_as_it_was_or_as_if_nothing_was_made(store: Store, clock: Clock) -> None:
    first, second = cooking(store, "r1"), cooking(store, "r2")
    kitchen.tick(store, second, key_of(store, second, "Кола"), EVERYTHING, ANNA)
    kitchen.bump(store, first, EVERYTHING, (), ANNA)
    clock.pass_by(seconds=5)
    kitchen.bump(store, second, EVERYTHING, (), ANNA)
    assert [each.pk for each in last_bumped(store, EVERYTHING)] == [second, first]

    assert kitchen.recall(store, second, EVERYTHING, ANNA).changed
    assert ticket(store, second).open_in(Section())
    assert ticket(store, second).ready_at is None
    assert [item.done("") for item in ticket(store, second).items] == [False, True]
    assert [each.pk for each in last_bumped(store, EVERYTHING)] == [first]

    kitchen.bump(store, second, EVERYTHING, (), ANNA)
    kitchen.recall(store, second, EVERYTHING, ANNA, again=True)
    assert not any(item.done("") for item in ticket(store, second).items)
    assert kinds(store, second)[-1] == "made_again"


def test_what_has_left_cannot_be_recalled(store: Store) -> None:
    pk = cooking(store)
    kitchen.bump(store, pk, EVERYTHING, (), ANNA)
    orders.move(store, pk, Status.ONDELIVERY, ANNA)

    with pytest.raises(RefusedError, match="has left the kitchen"):
        kitchen.recall(store, pk, EVERYTHING, ANNA)
    assert last_bumped(store, EVERYTHING) == ()


def test_an_order_that_comes_back_from_the_road_is_still_ready(store: Store) -> None:
    pk = cooking(store)
    kitchen.bump(store, pk, EVERYTHING, (), ANNA)
    orders.move(store, pk, Status.ONDELIVERY, ANNA)
    orders.undo(store, pk, ANNA)

    assert not ticket(store, pk).open_in(Section())


def test_undoing_the_start_forgets_the_bump(store: Store) -> None:
    pk = cooking(store)
    kitchen.bump(store, pk, EVERYTHING, (), ANNA)
    orders.undo(store, pk, ANNA)
    orders.move(store, pk, Status.COOKING, ANNA)

    assert ticket(store, pk).open_in(Section())
    assert ready_since(store, [pk]) == {}


def test_an_edit_stays_marked_until_it_is_acknowledged(store: Store) -> None:
    pk = cooking(store)
    edited(store, "r1", line("Маргарита", 3, "Сыр", "Без лука"), line("Чай"))

    found = ticket(store, pk)
    assert found.changed
    assert [(each.item.title, each.marked.mark.value, each.marked.before) for each in found.items] == [
        ("Маргарита", "changed", 2),
        ("Кола", "removed", 1),
        ("Чай", "added", 0),
    ]
    with pytest.raises(RefusedError, match="changed meanwhile"):
        kitchen.bump(store, pk, EVERYTHING, (), ANNA)

    seen = kitchen.see_edits(store, pk, ANNA)
    assert seen.changed
    assert not ticket(store, pk).changed
    assert kitchen.bump(store, pk, EVERYTHING, (), ANNA).ready
    assert not kitchen.see_edits(store, pk, ANNA).changed


def test_two_edits_are_compared_with_what_the_kitchen_saw_last(store: Store) -> None:
    pk = cooking(store)
    edited(store, "r1", line("Чай"))
    edited(store, "r1", *BOTH, line("Борщ"))

    assert [each.marked.mark.value for each in ticket(store, pk).items] == ["", "", "added"]


def test_an_edit_before_the_kitchen_had_it_marks_nothing(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1", lines=BOTH))
    edited(store, "r1", line("Чай"))
    orders.move(store, pk, Status.ACCEPTED, ANNA)

    assert not ticket(store, pk).changed


def test_an_acknowledgement_can_be_taken_back(store: Store) -> None:
    pk = cooking(store)
    edited(store, "r1", line("Чай"), comment="Аллергия: орехи")
    seen = kitchen.see_edits(store, pk, ANNA)

    assert kitchen.unsee_edits(store, pk, seen.before, ANNA).changed

    assert ticket(store, pk).changed
    assert ticket(store, pk).comment_changed
    assert not kitchen.unsee_edits(store, pk, seen.before, ANNA).changed


def test_an_edit_brings_a_ready_order_back(store: Store) -> None:
    pk = cooking(store)
    kitchen.bump(store, pk, EVERYTHING, (), ANNA)
    edited(store, "r1", *BOTH, line("Борщ"))

    assert ticket(store, pk).open_in(Section())
    assert ready_since(store, [pk]) == {}


def test_more_pieces_of_a_ticked_item_open_it_again(store: Store) -> None:
    pk = cooking(store, lines=(line("Борщ", 1),))
    kitchen.tick(store, pk, key_of(store, pk, "Борщ"), EVERYTHING, ANNA)
    edited(store, "r1", line("Борщ", 2))
    assert not ticket(store, pk).items[0].done(EVERYTHING)

    edited(store, "r1", line("Борщ", 1), comment="!")
    assert ticket(store, pk).items[0].done(EVERYTHING)


def test_a_cancelled_order_stays_until_it_is_bumped(store: Store) -> None:
    pk = cooking(store)
    orders.move(store, pk, Status.CANCELLED, ANNA)
    assert ticket(store, pk).struck

    kitchen.bump(store, pk, EVERYTHING, (), ANNA)

    assert tickets(store, [pk]) == {}
    assert pk not in board_states(store)
    kitchen.put_back(store, pk, ANNA)
    assert ticket(store, pk).struck
    orders.undo(store, pk, ANNA)
    assert not ticket(store, pk).struck
    assert ticket(store, pk).status is Status.COOKING


def test_what_was_never_on_the_board_or_has_left_it_does_not_come_as_cancelled(store: Store) -> None:
    (never,) = put_in(store, remote_order("r1"))
    ready = cooking(store, "r2")
    kitchen.bump(store, ready, EVERYTHING, (), ANNA)
    away = cooking(store, "r3")
    orders.move(store, away, Status.ONDELIVERY, ANNA)
    for pk in (never, ready, away):
        orders.move(store, pk, Status.CANCELLED, ANNA)

    assert board_states(store) == {}


def test_an_edited_order_stays_on_the_board_once_it_was_accepted(store: Store) -> None:
    (pk, fresh) = put_in(store, remote_order("r1"), remote_order("r2"))
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    orders.move(store, pk, Status.EDITED, ANNA)
    orders.move(store, fresh, Status.EDITED, ANNA)

    assert set(board_states(store)) == {pk}


def test_a_failing_act_leaves_nothing_half_done(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    pk = cooking(store)
    before = (kinds(store, pk), board_states(store)[pk])
    fill_disk(store, "events", "new.kind = 'ready'")

    with pytest.raises(Exception, match="disk is full"):
        kitchen.bump(store, pk, EVERYTHING, (), ANNA)

    assert (kinds(store, pk), board_states(store)[pk]) == before
    assert store.all("SELECT * FROM kitchen_bumps") == []
