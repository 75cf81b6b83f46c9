"""The training shop plays its script: list, updates, a declined payment, the picture at tour time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from posapp.domain.status import PaymentStatus, Status
from posapp.sandbox.script import day_script
from posapp.sandbox.shop import Held, Shop

START = datetime(2026, 3, 6, 14, 10, tzinfo=UTC)


def shop_at(event: str) -> Shop:
    shop = Shop(day_script(1, START))
    moment = shop.time_of(event)
    assert moment is not None
    shop.catch_up(moment)
    return shop


def held(shop: Shop, name: str) -> Held:
    return next(one for one in shop.orders.values() if one.name == name)


def status(shop: Shop, name: str) -> tuple[str, str]:
    one = held(shop, name)
    return str(one.status), str(one.payment_status)


def test_orders_are_listed_from_their_arrival_until_somebody_moves_them() -> None:
    shop = Shop(day_script(1, START))
    assert shop.listed() == []
    assert shop.catch_up(START + timedelta(seconds=30)) == ["erzhan", "igor"]
    erzhan, igor = shop.orders
    assert [order["id"] for order in shop.listed()] == [erzhan, igor]
    assert shop.update(erzhan, Status.TIMING) == {
        "processing_object": {"id": 1, "status": "succeeded", "info": "Updated: 1"}
    }
    assert [order["id"] for order in shop.listed()] == [igor]
    moved = shop.one(erzhan)
    assert moved is not None
    assert moved["status"] == "timing"
    assert shop.one("nobody") is None


def test_the_outage_begins_and_ends_by_the_script() -> None:
    assert not shop_at("bekzat").outage
    assert shop_at("outage").outage
    assert not shop_at("outage-over").outage


def test_the_payment_is_declined_a_while_after_cooking_began() -> None:
    shop = shop_at("outage-over")
    bekzat = held(shop, "bekzat")
    shop.update(bekzat.order.id, Status.ACCEPTED)
    shop.catch_up(shop.now + timedelta(minutes=10))
    assert status(shop, "bekzat") == ("accepted", "paid")
    shop.update(bekzat.order.id, Status.COOKING)
    began = shop.now
    shop.update(bekzat.order.id, Status.COOKING)  # a repeated write does not put it off
    assert shop.time_of("bekzat-declined") == began + timedelta(seconds=75)
    shop.catch_up(began + timedelta(seconds=74))
    assert status(shop, "bekzat") == ("cooking", "paid")
    assert shop.catch_up(began + timedelta(seconds=75)) == ["bekzat-declined"]
    assert status(shop, "bekzat") == ("cancelled", "failed")
    shop.update(bekzat.order.id, Status.COOKING)
    assert shop.time_of("bekzat-declined") is None


def test_an_order_that_was_delivered_in_time_is_not_declined() -> None:
    shop = shop_at("outage-over")
    bekzat = held(shop, "bekzat")
    shop.update(bekzat.order.id, Status.COOKING)
    shop.update(bekzat.order.id, Status.DELIVERED)
    shop.catch_up(shop.now + timedelta(minutes=5))
    assert status(shop, "bekzat") == ("delivered", "paid")


def test_with_the_acts_of_the_staff_sixteen_orders_are_active_at_tour_time() -> None:
    script = day_script(1, START)
    shop = Shop(script)
    for act in script.staff_acts:
        shop.catch_up(START + act.at)
        order = held(shop, act.order)
        assert order.status is not Status.CANCELLED, act
        shop.update(order.order.id, act.status)
    tour = shop.time_of("tour")
    assert tour is not None
    shop.catch_up(tour)
    counts = Counter(one.status for one in shop.orders.values())
    assert counts == {
        Status.CREATED: 2,
        Status.EDITED: 1,
        Status.ACCEPTED: 2,
        Status.COOKING: 5,
        Status.ONDELIVERY: 4,
        Status.TIMING: 2,
        Status.CANCELLED: 2,
    }
    assert held(shop, "bekzat").payment_status is PaymentStatus.FAILED


def test_in_small_steps_or_in_one_the_day_is_the_same() -> None:
    stepped, jumped = Shop(day_script(4, START)), Shop(day_script(4, START))
    names = []
    for minute in range(60):
        names += stepped.catch_up(START + timedelta(minutes=minute))
    assert names == jumped.catch_up(START + timedelta(minutes=59))
    assert stepped.listed() == jumped.listed()
