"""Edits of fields through a lane: writes that arrive late, values that come back, whole orders, carts."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from posapp.domain.status import Status
from posapp.remote.api import Answer, NoReply, Request, Trouble
from posapp.remote.staff import StaffFormat
from posapp.services import orders
from posapp.services.edit_form import read_form
from posapp.services.edits import save
from posapp.services.field_conflicts import resolve_fields
from posapp.services.line_edits import LineEdit
from posapp.storage.details import queue_rows
from posapp.sync.lane import Lane
from tests.support.drf_shop import staff_order
from tests.unit.sync.bench import WHO, said
from tests.unit.sync.staff_bench import CONFIG, StaffBench

ZONE = ZoneInfo("Asia/Kathmandu")


def edit(bench: StaffBench, number: int, **values: str) -> None:
    save(bench.store, bench.pk(number), values, WHO, ZONE)
    bench.lane.agenda.wake()


def value(bench: StaffBench, number: int, name: str) -> str:
    return read_form(bench.store, bench.pk(number)).values[name]


def states(bench: StaffBench, number: int) -> list[tuple[str, str]]:
    return [(row.what, row.state) for row in queue_rows(bench.store, order_pk=bench.pk(number))]


def writes(bench: StaffBench) -> list[str]:
    return [f"{method} {path}" for method, path in bench.asked if method != "GET"]


def losing(times: int) -> Any:
    """Lose so many writes on their way."""
    left = [times]

    def instead(request: Request) -> Answer | None:
        if request.method == "GET" or left[0] == 0:
            return None
        left[0] -= 1
        return NoReply(Trouble.UNKNOWN, "No answer came in time.")

    return instead


@pytest.fixture
def desk(staff_bench: StaffBench) -> StaffBench:
    staff_bench.put(1)
    staff_bench.run(1)
    return staff_bench


def test_an_older_value_of_ours_that_arrives_late_is_overwritten_again(desk: StaffBench) -> None:
    desk.instead = losing(1)
    edit(desk, 1, phone="9800000001")
    desk.run(5)
    edit(desk, 1, phone="9800000002")
    desk.run(5)
    assert (desk.orders[1]["phone"], value(desk, 1, "phone")) == ("9800000002", "9800000002")
    desk.orders[1]["phone"] = "9800000001"  # the write that was given up has arrived after all
    desk.run(60)
    assert (desk.orders[1]["phone"], value(desk, 1, "phone")) == ("9800000002", "9800000002")
    assert states(desk, 1)[-1] == ("phone", "confirmed")


def test_after_two_times_a_person_is_asked(desk: StaffBench) -> None:
    desk.instead = losing(1)
    edit(desk, 1, phone="9800000001")
    desk.run(5)
    edit(desk, 1, phone="9800000002")
    desk.run(5)
    for _ in range(3):
        desk.orders[1]["phone"] = "9800000001"
        desk.run(45)
    assert desk.fact(1, "sync") == "conflict"
    resolve_fields(desk.store, desk.pk(1), {"phone": "mine"}, WHO)
    desk.lane.agenda.wake()
    desk.run(10)
    assert (desk.orders[1]["phone"], desk.fact(1, "sync")) == ("9800000002", "synced")


def test_what_a_colleague_changes_later_comes_in(desk: StaffBench) -> None:
    edit(desk, 1, phone="9800000001", city="Pokhara")
    desk.run(5)
    desk.orders[1] |= {"phone": "9811111111", "name": "Sunita"}
    desk.run(60)
    assert (value(desk, 1, "phone"), value(desk, 1, "name")) == ("9811111111", "Sunita")
    assert (value(desk, 1, "city"), desk.fact(1, "sync")) == ("Pokhara", "synced")


def test_each_field_of_a_conflict_is_decided_for_itself(desk: StaffBench) -> None:
    desk.run(7)  # what was read last is too old to rest a write on
    edit(desk, 1, phone="9800000001", city="Pokhara", street="New Road")
    desk.orders[1] |= {"phone": "9811111111", "city": "Lalitpur"}
    desk.run(60)
    assert desk.fact(1, "sync") == "conflict"
    assert set(read_form(desk.store, desk.pk(1)).conflicts) == {"phone", "city"}
    resolve_fields(desk.store, desk.pk(1), {"phone": "mine", "city": "theirs"}, WHO)
    desk.lane.agenda.wake()
    desk.run(10)
    there = desk.orders[1]
    assert (there["phone"], there["city"], there["street"]) == ("9800000001", "Lalitpur", "New Road")
    assert (value(desk, 1, "city"), desk.fact(1, "sync")) == ("Lalitpur", "synced")


def test_a_whole_order_that_arrives_late_brings_nothing_old_back(tmp_path: Path, desk: StaffBench) -> None:
    desk.lane = Lane(desk.store, CONFIG, StaffFormat("put"), "counter-1", Random(3))
    desk.put(1, cart={"id": 77, **staff_order(1)["cart"]})
    desk.run(5)
    desk.instead = losing(1)
    orders.move(desk.store, desk.pk(1), Status.ACCEPTED, WHO)  # carries the old number, and gets lost
    desk.lane.agenda.wake()
    desk.run(5)
    edit(desk, 1, phone="9800000002")
    desk.lane.agenda.wake()
    desk.run(5)
    assert desk.orders[1]["phone"] == "9800000002"
    desk.orders[1]["phone"] = "987654321"
    desk.run(60)
    assert (desk.orders[1]["phone"], value(desk, 1, "phone")) == ("9800000002", "9800000002")


def test_the_lines_go_to_the_cart_and_come_back_with_the_shops_prices(desk: StaffBench) -> None:
    priced: dict[str, Any] = {}

    def cart(request: Request) -> Answer | None:
        if not request.path.endswith("/cart/"):
            return None
        sent = json.loads(request.body or b"")
        lines = sent if isinstance(sent, list) else sent["products"]
        for line in lines:
            line |= {"unit_cost": 700.0, "unit_final_cost": 693.0, "total_cost": 693.0 * line["quantity"]}
        priced.update(desk.orders[1]["cart"], products=lines, total=sum(line["total_cost"] for line in lines))
        desk.orders[1]["cart"] = dict(priced)
        return said(priced)

    desk.instead = cart
    new = LineEdit(
        1, title="helmet", unit_price=Decimal(1), product="http://shop.example/helmet/", price_unit="Nrs."
    )
    save(desk.store, desk.pk(1), {}, WHO, ZONE, lines=[LineEdit(2, place=0), new])
    desk.lane.agenda.wake()
    desk.run(60)
    assert [path for path in writes(desk) if path.endswith("apps/order/1/cart/")] == writes(desk)
    assert len(writes(desk)) == 1
    assert states(desk, 1) == [("cart", "confirmed")]
    desk.run(200)
    lines = read_form(desk.store, desk.pk(1)).lines
    assert [(line.title, line.quantity, line.total) for line in lines] == [
        ("electronic bike", 2, Decimal("1386.0")),
        ("helmet", 1, Decimal("693.0")),
    ]


def rewritten(cart: dict[str, Any]) -> dict[str, Any]:
    """Return a cart as another server of the same shop writes it: its own host, other order, no texts."""
    lines = [
        {
            **line,
            "product": line["product"].replace("http://dev.babylandworld.com", "https://back.example"),
            "p_short_description": None,
            "unit_final_cost": 690.0,
            "total_cost": 690.0 * line["quantity"],
        }
        for line in reversed(cart["products"])
    ]
    return {**cart, "products": lines}


def put_cart(desk: StaffBench, *, answered: bool = True) -> None:
    """Let the shop take carts, and write them its own way from then on."""

    def cart(request: Request) -> Answer | None:
        if not request.path.endswith("/cart/"):
            return None
        desk.orders[1]["cart"] = rewritten(
            {**desk.orders[1]["cart"], "products": json.loads(request.body or b"")["products"]}
        )
        return said(desk.orders[1]["cart"]) if answered else NoReply(Trouble.UNKNOWN, "No answer came.")

    desk.instead = cart


@pytest.mark.parametrize("answered", [True, False])
def test_a_cart_that_the_shop_writes_its_own_way_is_ours(desk: StaffBench, *, answered: bool) -> None:
    put_cart(desk, answered=answered)
    car = LineEdit(1, title="kids car", product="http://dev.babylandworld.com/apps/product/kids-car/")
    save(desk.store, desk.pk(1), {}, WHO, ZONE, lines=[LineEdit(2, place=0), car])
    desk.lane.agenda.wake()
    desk.run(300)
    assert (states(desk, 1), desk.fact(1, "sync")) == ([("cart", "confirmed")], "synced")
    assert len(writes(desk)) == 1
    lines = read_form(desk.store, desk.pk(1)).lines
    assert sorted((line.title, line.quantity, line.total) for line in lines) == [
        ("electronic bike", 2, Decimal("1380.0")),
        ("kids car", 1, Decimal("690.0")),
    ]


def test_a_cart_that_only_looks_different_holds_no_edit_up(desk: StaffBench) -> None:
    desk.orders[1]["cart"] = rewritten(desk.orders[1]["cart"])
    put_cart(desk)
    save(desk.store, desk.pk(1), {}, WHO, ZONE, lines=[LineEdit(3, place=0)])
    desk.lane.agenda.wake()
    desk.run(300)
    assert (states(desk, 1), desk.fact(1, "sync")) == ([("cart", "confirmed")], "synced")
    assert [line["quantity"] for line in desk.orders[1]["cart"]["products"]] == [3]


def test_a_cart_with_another_quantity_is_a_conflict(desk: StaffBench) -> None:
    desk.run(7)  # what was read last is too old to rest a write on
    save(desk.store, desk.pk(1), {}, WHO, ZONE, lines=[LineEdit(3, place=0)])
    there = rewritten(desk.orders[1]["cart"])
    there["products"][0]["quantity"] = 4
    desk.orders[1]["cart"] = there
    desk.lane.agenda.wake()
    desk.run(60)
    assert set(read_form(desk.store, desk.pk(1)).conflicts) == {"cart"}
    assert writes(desk) == []


def test_a_lost_order_loses_no_edit(desk: StaffBench) -> None:
    edit(desk, 1, phone="9800000001")
    gone = desk.orders.pop(1)
    desk.run(200)
    assert states(desk, 1) == [("phone", "dead")]
    desk.orders[1] = gone
    desk.lane.agenda.wake()
    desk.run(60)
    assert (desk.orders[1]["phone"], states(desk, 1)) == ("9800000001", [("phone", "confirmed")])


def test_a_shop_that_writes_an_edit_in_its_own_way_is_told_so(desk: StaffBench) -> None:
    def normal(request: Request) -> Answer | None:
        if request.method == "GET":
            return None
        desk.orders[1]["phone"] = "+977980011"
        return said(desk.orders[1])

    desk.instead = normal
    edit(desk, 1, phone="+977 98-00 11")
    desk.run(60)
    [row] = queue_rows(desk.store, order_pk=desk.pk(1))
    assert row.state == "conflict"
    assert row.last_error.startswith("The shop took the edit, but has phone as “+977980011”.")


def test_an_edit_that_others_outran_does_not_take_the_order_back(desk: StaffBench) -> None:
    orders.move(desk.store, desk.pk(1), Status.ACCEPTED, WHO)
    desk.lane.agenda.wake()
    desk.run(7)
    edit(desk, 1, city="Pokhara")
    desk.orders[1] |= {"order_status": 2, "delivery_status": 1}
    desk.run(60)
    there = desk.orders[1]
    assert (there["city"], there["order_status"], there["delivery_status"]) == ("Pokhara", 2, 1)
    assert (desk.fact(1, "status"), desk.fact(1, "sync")) == ("ondelivery", "synced")
