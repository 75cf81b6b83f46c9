"""The training day is believable, has all its lessons, and follows from seed and start alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

import pytest

from posapp.domain.status import PaymentMethod, PaymentStatus, Status
from posapp.sandbox.orders import SHOP_ZONE, payload
from posapp.sandbox.script import DayScript, OrderArrives, OutageBegins, OutageEnds, day_script

START = datetime(2026, 3, 6, 14, 10, tzinfo=UTC)


def arrivals(script: DayScript) -> list[OrderArrives]:
    return [event for event in script.events if isinstance(event, OrderArrives)]


def by_name(script: DayScript) -> dict[str, dict[str, Any]]:
    return {
        event.name: cast(dict[str, Any], payload(event.order, Status.CREATED, PaymentStatus.PAID))
        for event in arrivals(script)
    }


def test_the_same_seed_and_start_give_the_same_day() -> None:
    assert day_script(5, START) == day_script(5, START)


def test_another_seed_or_another_day_has_other_orders() -> None:
    ids = [
        {event.order.id for event in arrivals(script)}
        for script in (
            day_script(5, START),
            day_script(6, START),
            day_script(5, START + timedelta(days=1)),
        )
    ]
    assert not ids[0] & ids[1]
    assert not ids[0] & ids[2]


def test_events_come_in_order_and_orders_are_made_when_they_arrive() -> None:
    script = day_script(1, START)
    times = [event.at for event in script.events]
    assert times == sorted(times)
    assert times[0] >= START
    assert all(event.order.created_at == event.at for event in arrivals(script))
    assert len({event.name for event in script.events}) == len(script.events)
    assert len({event.order.id for event in arrivals(script)}) == len(arrivals(script)) > 100


def test_the_shop_is_away_for_two_minutes() -> None:
    script = day_script(1, START)
    (begins,) = (event.at for event in script.events if isinstance(event, OutageBegins))
    (ends,) = (event.at for event in script.events if isinstance(event, OutageEnds))
    assert ends - begins == timedelta(minutes=2)


@pytest.mark.parametrize("seed", range(5))
def test_every_lesson_is_in_the_day(seed: int) -> None:
    script = day_script(seed, START)
    orders = [event.order for event in arrivals(script)]
    cast_ = by_name(script)
    assert len({order.brand for order in orders}) == 3
    assert {order.source for order in orders} == {"web", "mobile"}
    assert {order.method for order in orders} == set(PaymentMethod)
    assert any(order.change for order in orders)
    assert cast_["nurlan"]["delivery"]["address"] == ""
    assert any("promo" in line for order in cast_.values() for line in order["products"])
    assert any("promo_code" in line for order in cast_.values() for line in order["products"])
    assert any(line["additions"] for order in cast_.values() for line in order["products"])
    assert any("title" not in line for order in cast_.values() for line in order["products"])
    hostile = cast_["stranger"]["comment"]
    assert "<table>" in hostile
    assert "\u202e" in hostile
    assert "\x1b" in hostile
    assert len(hostile) > 800
    assert next(event.name for event in arrivals(script) if event.order.declined_after_cooking) == "bekzat"


def test_the_guests_of_the_morning_pay_what_their_bills_say() -> None:
    guests = by_name(day_script(1, START))
    wanted = {
        "danyar": "12600.00",
        "aigerim": "7460.00",
        "olga": "6480.00",
        "nurlan": "4190.00",
        "aliya": "15870.00",
        "timur": "7230.00",
        "madina": "9350.00",
        "erzhan": "21400.00",
    }
    assert {name: guests[name]["price"]["order_base_total"] for name in wanted} == wanted
    assert guests["aigerim"]["customer"] == {
        "id": 18,
        "name": "Айгерим Сатпаева",
        "mobile_phone": "77012341806",
    }
    assert guests["aigerim"]["delivery"]["address"] == "мкр. Самал-2, 77, кв. 14"
    assert guests["danyar"]["delivery"]["address"] == "ул. Жандосова 58а, под. 3"


@pytest.mark.parametrize("seed", range(5))
def test_totals_add_up_but_for_the_promotions(seed: int) -> None:
    for event in arrivals(day_script(seed, START)):
        order = cast(dict[str, Any], payload(event.order, Status.CREATED, PaymentStatus.PAID))
        price = {name: Decimal(value) for name, value in order["price"].items()}
        assert price["products_base"] + price["delivery_base"] == price["order_base_total"] > 0
        lines = sum(Decimal(line["price"]["base_total"]) for line in order["products"])
        assert (lines != price["products_base"]) is any("promo" in line for line in order["products"])
        assert re.fullmatch(r"7\d{10}", order["customer"]["mobile_phone"])


@pytest.mark.parametrize("hour", range(24))
def test_scheduled_orders_are_due_later_on_the_same_day_of_the_shop(hour: int) -> None:
    start = datetime(2026, 12, 31, hour, 20, tzinfo=SHOP_ZONE)
    for event in arrivals(day_script(2, start)):
        if event.order.due is not None:
            order = cast(dict[str, Any], payload(event.order, Status.CREATED, PaymentStatus.PAID))
            assert re.fullmatch(r"\d\d:\d[05] \d\d:\d\d:\d\d", order["delivery"]["datetime"])
            due = datetime.strptime(order["delivery"]["datetime"], "%H:%M %d:%m:%y").replace(tzinfo=SHOP_ZONE)
            arrived = event.at.astimezone(SHOP_ZONE)
            assert due > arrived
            late = (arrived.hour, arrived.minute) >= (23, 40)
            assert due.date() == arrived.date() or late
