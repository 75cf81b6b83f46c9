"""Items, what edits did to them, sections, and the times to start: pure rules."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from posapp.domain.kitchen import (
    EVERYTHING,
    Item,
    LeadTimes,
    Making,
    Mark,
    Section,
    differs,
    dump_making,
    is_allergy,
    is_later_day,
    is_ready,
    is_without,
    keyed,
    load_making,
    marked,
    parse_sections,
    sections_of,
    start_by,
    ticked_in,
    waits_for_its_day,
)
from posapp.domain.status import Kind

ALMATY = ZoneInfo("Asia/Almaty")
BERLIN = ZoneInfo("Europe/Berlin")
LEAD = LeadTimes(delivery_min=30, pickup_min=15)


def dish(title: str, quantity: int = 1, *additions: str, category: str = "") -> Item:
    return Item("", title, quantity, additions, category=category)


def making(*dishes: Item, comment: str = "") -> Making:
    return Making(keyed(dishes), comment)


def marks(before: Making, now: Making) -> list[tuple[str, str, int]]:
    return [(each.item.title, each.mark.value, each.before) for each in marked(before, now)]


def test_equal_lines_have_a_key_each_and_keep_it_when_others_come() -> None:
    first = keyed([dish("Борщ"), dish("Борщ"), dish("Чай")])
    second = keyed([dish("Суп"), dish("Борщ", 5), dish("Борщ")])

    assert len({item.key for item in first}) == 3
    assert [item.key for item in first[:2]] == [item.key for item in second[1:]]


def test_an_edit_is_told_as_added_removed_and_changed_quantity() -> None:
    before = making(dish("Борщ"), dish("Чай", 2), dish("Суп"))
    now = making(dish("Борщ"), dish("Чай", 3), dish("Плов"))

    assert marks(before, now) == [
        ("Борщ", "", 1),
        ("Чай", "changed", 2),
        ("Суп", "removed", 1),
        ("Плов", "added", 0),
    ]


def test_another_addition_is_another_dish_to_make() -> None:
    before, now = making(dish("Пицца", 1, "Сыр")), making(dish("Пицца", 1, "Без лука"))

    assert [mark for _, mark, _ in marks(before, now)] == [Mark.REMOVED, Mark.ADDED]


def test_a_comment_alone_is_a_difference_and_the_order_of_lines_is_none() -> None:
    plain = making(dish("Борщ"), dish("Чай"))

    assert differs(plain, making(dish("Борщ"), dish("Чай"), comment="Аллергия"))
    assert not differs(plain, making(dish("Чай"), dish("Борщ")))
    assert not differs(None, plain)


def test_what_was_seen_survives_the_database() -> None:
    seen = making(dish("Пицца «Ассорти»", 2, "Сыр", category="Pizza"), comment="<b>\u202eнет")

    assert load_making(dump_making(seen)) == seen
    assert load_making("") is None


@pytest.mark.parametrize("words", ["Без лука", "no onions", "− сыр", "बिना प्याज", "Пиязсыз"])
def test_what_takes_away_is_known_in_the_languages_of_the_shops(words: str) -> None:
    assert is_without(words)


@pytest.mark.parametrize("words", ["Двойной сыр", "Noodles", "Безе", "Халапеньо", "Notting sauce"])
def test_what_adds_is_no_taking_away(words: str) -> None:
    assert not is_without(words)


def test_an_allergy_is_found_in_a_comment() -> None:
    assert is_allergy("У ребёнка АЛЛЕРГИЯ на орехи")
    assert is_allergy("nut allergy!")
    assert not is_allergy("Позвоните за 5 минут")


def test_sections_are_read_from_the_settings() -> None:
    pizza, bar, rest = parse_sections(["Pizza: Pizzas,  Sides", " Bar :Drinks", "All", ": x"])

    assert (pizza.name, pizza.categories) == ("Pizza", frozenset({"pizzas", "sides"}))
    assert pizza.makes("PIZZAS")
    assert not pizza.makes("Drinks")
    assert pizza.makes("")
    assert bar.makes("drinks")
    assert rest.makes("anything")


def test_an_order_is_ready_when_all_that_make_something_of_it_are_done() -> None:
    sections = (Section("Pizza", frozenset({"pizzas"})), Section("Bar", frozenset({"drinks"})))
    both = [dish("Маргарита", category="Pizzas"), dish("Кола", category="Drinks")]

    assert sections_of(both, sections) == ("Pizza", "Bar")
    assert not is_ready(both, sections, ["Pizza"])
    assert is_ready(both, sections, ["Pizza", "Bar"])
    assert is_ready(both[:1], sections, ["Pizza"])
    assert is_ready(both, sections, [EVERYTHING])
    assert not is_ready([dish("Борщ", category="Soups")], sections, [])


def test_a_tick_counts_for_the_pieces_that_it_says_and_the_whole_kitchens_for_all() -> None:
    assert ticked_in({"Pizza": 2}, "Pizza", 2)
    assert not ticked_in({"Pizza": 2}, "Pizza", 3)
    assert not ticked_in({"Pizza": 2}, "Bar", 2)
    assert ticked_in({"Pizza": 2}, EVERYTHING, 2)
    assert ticked_in({EVERYTHING: 1}, "Bar", 1)


def test_the_start_is_the_lead_time_before_and_never_before_the_day() -> None:
    due = datetime(2026, 5, 21, 20, 30, tzinfo=ALMATY)
    past_midnight = datetime(2026, 5, 22, 0, 10, tzinfo=ALMATY)

    assert start_by(due, Kind.DELIVERY, LEAD, ALMATY) == datetime(2026, 5, 21, 20, 0, tzinfo=ALMATY)
    assert start_by(due, Kind.PICKUP, LEAD, ALMATY) == datetime(2026, 5, 21, 20, 15, tzinfo=ALMATY)
    assert start_by(past_midnight, Kind.DELIVERY, LEAD, ALMATY) == datetime(2026, 5, 22, tzinfo=ALMATY)


def test_the_lead_time_is_real_time_across_the_change_of_clocks() -> None:
    # At 03:00 the clocks go back to 02:00: half an hour before 02:10 (the second one) is the first 02:40.
    due = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert due.astimezone(BERLIN).hour == 2

    begins = start_by(due, Kind.DELIVERY, LEAD, BERLIN)

    assert begins == datetime(2026, 10, 25, 0, 40, tzinfo=UTC)
    assert begins.astimezone(BERLIN).strftime("%H:%M") == "02:40"


def test_tomorrow_is_the_shops_tomorrow() -> None:
    now = datetime(2026, 5, 21, 20, 0, tzinfo=UTC)  # 01:00 of the 22nd in Almaty

    assert not is_later_day(datetime(2026, 5, 22, 3, tzinfo=UTC), now, ALMATY)
    assert is_later_day(datetime(2026, 5, 22, 19, 30, tzinfo=UTC), now, ALMATY)
    assert not is_later_day(None, now, ALMATY)


def test_an_order_accepted_before_its_day_waits_for_its_start() -> None:
    accepted = datetime(2026, 5, 21, 19, tzinfo=ALMATY)
    due = datetime(2026, 5, 22, 12, tzinfo=ALMATY)
    start = start_by(due, Kind.DELIVERY, LEAD, ALMATY)

    assert waits_for_its_day(due, accepted, start, datetime(2026, 5, 22, 11, 29, tzinfo=ALMATY), ALMATY)
    assert not waits_for_its_day(due, accepted, start, start, ALMATY)
    same_day = datetime(2026, 5, 22, 8, tzinfo=ALMATY)
    assert not waits_for_its_day(due, same_day, start, same_day, ALMATY)
