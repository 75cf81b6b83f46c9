"""Edits of an order's fields by commands, against Django REST Framework with its own field rules."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.flow.cli.conftest import Cli, Ran
from tests.flow.cli.staff_desk import add, move, show, sync
from tests.support.drf_shop import DrfShop, staff_order
from tests.support.faulty_remote import FaultyRemote


def edit(cli: Cli, number: int, *changes: str) -> Ran:
    return cli("orders", "edit", f"1d07e3229370f{number:02d}", *changes, "--json")


@pytest.fixture
def desk(cli: Cli, shop: DrfShop) -> DrfShop:
    """Return the shop, connected, with its orders here."""
    add(cli, shop)
    assert sync(cli).code == 0
    return shop


def changes(shop: DrfShop) -> list[dict[str, Any]]:
    return [json.loads(request["body"]) for request in shop.requests("PATCH") if request["status"] == 200]


def test_an_edit_arrives_with_just_its_fields(cli: Cli, desk: DrfShop) -> None:
    ran = edit(cli, 3, "phone=+977 9812345678", "city=Pokhara")
    assert (ran.code, ran.data["order"]["phone"], ran.data["order"]["sync"]) == (
        0,
        "+977 9812345678",
        "pending",
    )
    assert ran.data["order"]["address"] == "25, add-1234, Pokhara, Baglung"
    [row] = show(cli, 3)["queue"]
    assert (row["kind"], row["target"], row["state"]) == ("fields", "phone, city", "pending")
    assert sync(cli).code == 0
    assert changes(desk) == [{"phone": "+977 9812345678", "city": "Pokhara"}]
    assert (desk.order(3)["phone"], desk.order(3)["city"]) == ("+977 9812345678", "Pokhara")
    shown = show(cli, 3)
    assert (shown["order"]["sync"], shown["queue"][0]["state"]) == ("synced", "confirmed")


def test_an_edit_after_the_access_token_died_arrives(cli: Cli, shop: DrfShop) -> None:
    shop.control(access_seconds=1)
    add(cli, shop)
    sync(cli)
    time.sleep(3)
    edit(cli, 1, "phone=9800000001", "city=Lalitpur")
    assert sync(cli).code == 0
    assert (shop.order(1)["phone"], shop.order(1)["city"]) == ("9800000001", "Lalitpur")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ("name=" + "x" * 101, "name"),
        ("district=Atlantis", "district"),
        ("email=nobody", "email"),
        ("shipping_cost=-1", "shipping_cost"),
        ("final_cost=1", "final_cost"),
        ("nonsense=1", "nonsense"),
        ("street=", "street"),
    ],
)
def test_a_field_that_is_not_valid_is_named_and_nothing_is_saved(
    cli: Cli, desk: DrfShop, change: str, field: str
) -> None:
    before = show(cli, 2)["order"]
    ran = edit(cli, 2, "phone=9800000002", change)
    assert (ran.code, list(ran.data["error"]["fields"])) == (3, [field])
    assert show(cli, 2)["order"] == before
    assert show(cli, 2)["queue"] == []
    assert desk.requests("PATCH") == []


def test_what_only_the_shop_refuses_is_named_and_can_be_corrected(cli: Cli, desk: DrfShop) -> None:
    desk.control(refuse={"city": ["We do not deliver there."]})
    edit(cli, 2, "city=Jumla", "phone=9800000002")
    move(cli, 2, "accepted")
    ran = sync(cli)
    assert (ran.code, ran.data["attention"]) == (5, 1)
    shown = show(cli, 2)
    assert shown["order"]["sync"] == "failed"
    assert [row["state"] for row in shown["queue"]] == ["parked", "parked"]
    assert "city" in shown["queue"][0]["last_error"]
    assert "We do not deliver there." in shown["queue"][0]["last_error"]
    desk.control(refuse={})
    assert edit(cli, 2, "city=Kathmandu").code == 0
    assert sync(cli).code == 0
    assert (desk.order(2)["city"], desk.order(2)["phone"], desk.pair(2)) == (
        "Kathmandu",
        "9800000002",
        (1, 0),
    )


def test_edits_of_different_fields_here_and_there_both_survive(cli: Cli, desk: DrfShop) -> None:
    edit(cli, 4, "phone=9800000004")
    desk.control(orders=[{"id": 4, "city": "Pokhara", "name": "Sunita"}])
    assert sync(cli).code == 0
    there, here = desk.order(4), show(cli, 4)["order"]
    assert (there["phone"], there["city"], there["name"]) == ("9800000004", "Pokhara", "Sunita")
    assert (here["phone"], here["customer_name"]) == ("9800000004", "Sunita")
    assert here["address"] == "25, add-1234, Pokhara, Baglung"


def test_parts_of_an_address_changed_here_and_there_make_one_address(cli: Cli, desk: DrfShop) -> None:
    edit(cli, 4, "addressline=second floor")
    assert sync(cli).code == 0
    desk.control(orders=[{"id": 4, "street": "New Road"}])
    assert sync(cli).code == 0
    shown = show(cli, 4)
    assert shown["order"]["address"] == "New Road, second floor, Kathmandu, Baglung"
    told = [event["detail"] for event in shown["events"] if event["kind"] == "updated"]
    assert told == ["The shop changed: street."]


@pytest.mark.parametrize(("choice", "winner"), [("mine", "9800000005"), ("theirs", "9811111115")])
def test_the_same_field_changed_on_both_sides_is_a_conflict_that_nobody_wins_silently(
    cli: Cli, desk: DrfShop, choice: str, winner: str
) -> None:
    edit(cli, 5, "phone=9800000005", "street=New Road")
    desk.control(orders=[{"id": 5, "phone": "9811111115"}])
    assert sync(cli).code == 5
    shown = show(cli, 5)
    assert (shown["order"]["sync"], shown["order"]["phone"]) == ("conflict", "9800000005")
    assert desk.order(5)["phone"] == "9811111115"
    assert desk.requests("PATCH") == []
    assert "phone" in shown["queue"][0]["last_error"]
    three = {"base": "987654321", "ours": "9800000005", "theirs": "9811111115"}
    assert shown["queue"][0]["values"] == {"phone": three}
    assert cli("queue", "list", "--json").data["queue"][0]["values"] == {"phone": three}
    for told in (cli("orders", "show", "1d07e3229370f05").out, cli("queue", "list").out):
        assert all(value in told for value in three.values())
    assert cli("orders", "resolve", "1d07e3229370f05", choice).code == 0
    assert sync(cli).code == 0
    assert (desk.order(5)["phone"], show(cli, 5)["order"]["phone"]) == (winner, winner)
    assert desk.order(5)["street"] == ("New Road" if choice == "mine" else "25")
    assert show(cli, 5)["order"]["sync"] == "synced"
    decided = [event["detail"] for event in show(cli, 5)["events"] if event["kind"] == "resolved"]
    assert decided == ["Decided: ours of phone." if choice == "mine" else "Decided: the shop's of phone."]


def test_an_edit_and_a_move_arrive_in_their_order(cli: Cli, desk: DrfShop) -> None:
    move(cli, 6, "accepted")
    edit(cli, 6, "phone=9800000006")
    move(cli, 6, "cooking")
    edit(cli, 6, "phone=9800000066")
    assert sync(cli).code == 0
    assert changes(desk) == [
        {"order_status": 1, "delivery_status": 0},
        {"phone": "9800000006"},
        {"order_status": 2, "delivery_status": 0},
        {"phone": "9800000066"},
    ]


def test_edits_that_wait_are_sent_as_one_and_what_is_taken_back_is_not_sent(cli: Cli, desk: DrfShop) -> None:
    edit(cli, 7, "phone=9800000007")
    edit(cli, 7, "phone=9800000077", "city=Pokhara")
    edit(cli, 7, "city=Kathmandu")
    assert sync(cli).code == 0
    assert changes(desk) == [{"phone": "9800000077"}]
    assert [row["state"] for row in show(cli, 7)["queue"]] == ["superseded", "superseded", "confirmed"]


def test_an_answer_that_got_lost_is_found_by_reading(cli: Cli, desk: DrfShop) -> None:
    desk.control(fail_after=1)
    edit(cli, 8, "phone=9800000008")
    assert sync(cli).code == 0
    assert (desk.order(8)["phone"], len(desk.requests("PATCH"))) == ("9800000008", 1)


def test_a_cancellation_makes_waiting_edits_pointless(cli: Cli, desk: DrfShop) -> None:
    edit(cli, 9, "phone=9800000009")
    move(cli, 9, "cancelled")
    assert sync(cli).code == 0
    assert (desk.order(9)["order_status"], desk.order(9)["phone"]) == (4, "987654321")
    shown = show(cli, 9)
    assert (shown["order"]["phone"], shown["order"]["sync"]) == ("987654321", "synced")
    assert [row["state"] for row in shown["queue"]] == ["superseded", "confirmed"]


def test_a_shop_that_takes_whole_orders_only_gets_fields_so_too(cli: Cli, shop: DrfShop) -> None:
    cart = {"id": 77, **staff_order(1)["cart"]}
    shop.control(no_patch=True, orders=[{"id": 1, "cart": cart}])
    add(cli, shop)
    sync(cli)
    shop.control(orders=[{"id": 1, "c_name": "Colleague"}])
    edit(cli, 1, "phone=9800000001")
    assert sync(cli).code == 0
    [sent] = [json.loads(request["body"]) for request in shop.requests("PUT")]
    assert (sent["phone"], sent["cart"], sent["c_name"]) == ("9800000001", 77, "Colleague")


def test_a_shop_that_answers_well_and_changes_nothing_needs_a_person(cli: Cli, desk: DrfShop) -> None:
    desk.control(ignore=["c_name"])
    edit(cli, 10, "c_name=Somebody")
    ran = cli("sync", "--once", "--json", "--timeout", "20")
    assert (ran.code, ran.data["attention"]) == (5, 1)
    assert "c_name" in show(cli, 10)["queue"][0]["last_error"]
    assert len(desk.requests("PATCH")) == 3


# ---------------------------------------------------------------------------------- the internal API


def test_an_edit_of_an_internal_order_stays_here_and_sends_edited(cli: Cli, connected: FaultyRemote) -> None:
    assert sync(cli).code == 0
    order = cli("orders", "list", "--json").data["orders"][0]
    cli("orders", "move", order["code"], "accepted")
    ran = cli("orders", "edit", order["code"], "street=Abay", "phone=+7 701 000 00 00", "--json")
    assert (ran.code, ran.data["order"]["status"]) == (0, "edited")
    assert "Abay" in ran.data["order"]["address"]
    assert sync(cli).code == 0
    assert connected.orders[order["remote_id"]]["status"] == "edited"
    assert sync(cli).code == 0
    after = cli("orders", "show", order["code"], "--json").data
    assert (after["order"]["phone"], after["order"]["sync"]) == ("+7 701 000 00 00", "synced")
    [kept] = [event["detail"] for event in after["events"] if event["kind"] == "edited"]
    assert "this shop takes only statuses" in kept


def test_what_an_internal_shop_changes_too_is_a_conflict(cli: Cli, connected: FaultyRemote) -> None:
    assert sync(cli).code == 0
    order = cli("orders", "list", "--json").data["orders"][0]
    assert cli("orders", "edit", order["code"], "name=Aigerim", "comment=No onions").code == 0
    connected.orders[order["remote_id"]]["customer"]["name"] = "Aigerim S."
    assert sync(cli).code == 5
    shown = cli("orders", "show", order["code"], "--json").data
    assert (shown["order"]["sync"], shown["order"]["customer_name"]) == ("conflict", "Aigerim")
    assert cli("orders", "resolve", order["code"], "theirs").code == 0
    assert sync(cli).code == 0
    shown = cli("orders", "show", order["code"], "--json").data
    assert (shown["order"]["sync"], shown["order"]["customer_name"]) == ("synced", "Aigerim S.")


def test_a_note_too_small_for_the_order_is_warned_of_and_a_decimal_comma_is_read(
    cli: Cli, connected: FaultyRemote
) -> None:
    assert sync(cli).code == 0
    order = cli("orders", "list", "--json").data["orders"][0]
    connected.orders[order["remote_id"]]["payment_method"] = "cash"
    cli("orders", "edit", order["code"], "payment_method=cash")
    ran = cli("orders", "edit", order["code"], "change=12,50")
    assert ran.code == 0
    assert "less than the total. Ask the customer." in ran.out
    ran = cli("orders", "edit", order["code"], "change=1,000,000")
    assert (ran.code, "Ask the customer" in ran.out) == (0, False)


def test_after_theirs_on_a_cancellation_no_edit_is_sent_any_more(cli: Cli, desk: DrfShop) -> None:
    move(cli, 11, "accepted")
    move(cli, 11, "cooking")
    assert sync(cli).code == 0
    move(cli, 11, "ondelivery")
    edit(cli, 11, "phone=9800000011")
    desk.control(orders=[{"id": 11, "order_status": 4}], forget=True)
    assert sync(cli).code == 5
    assert show(cli, 11)["order"]["sync"] == "conflict"
    assert cli("orders", "resolve", "1d07e3229370f11", "theirs").code == 0
    assert sync(cli).code == 0
    shown = show(cli, 11)
    assert desk.requests("PATCH") == []
    assert (shown["order"]["status"], shown["order"]["phone"]) == ("cancelled", "987654321")
    assert {row["state"] for row in shown["queue"]} <= {"confirmed", "superseded"}
    assert shown["order"]["sync"] == "synced"


def test_an_edit_that_waits_while_the_shop_cancels_is_given_up(cli: Cli, desk: DrfShop) -> None:
    edit(cli, 11, "phone=9800000011")
    desk.control(orders=[{"id": 11, "order_status": 4}], forget=True)
    assert sync(cli).code == 0
    shown = show(cli, 11)
    assert desk.requests("PATCH") == []
    assert (shown["order"]["status"], shown["order"]["phone"]) == ("cancelled", "987654321")
    assert [row["state"] for row in shown["queue"]] == ["superseded"]
    told = [event["detail"] for event in shown["events"] if event["kind"] == "superseded"]
    assert told, "the history says that the edit was given up"
