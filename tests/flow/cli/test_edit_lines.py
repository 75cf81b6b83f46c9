"""The lines of an order by commands: quantities, options, discounts and notes, where a shop takes them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.flow.cli.conftest import Cli, Ran
from tests.flow.cli.staff_desk import add, show, sync
from tests.support.drf_shop import DrfShop
from tests.support.faulty_remote import FaultyRemote


def edit(cli: Cli, code: str, *changes: str) -> Ran:
    return cli("orders", "edit", code, *changes, "--json")


def lines(cli: Cli, code: str) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = cli("orders", "show", code, "--json").data["lines"]
    return shown


def words(cli: Cli, code: str, kind: str) -> list[str]:
    events = cli("orders", "show", code, "--json").data["events"]
    return [event["detail"] for event in events if event["kind"] == kind]


@pytest.fixture
def sold(cli: Cli, data_dir: object) -> str:
    del data_dir
    order = {"lines": [{"title": "Margherita", "unit_price": "780", "quantity": 2}]}
    ran = cli("orders", "add", "-", "--json", stdin=json.dumps(order))
    assert ran.code == 0, ran.err
    code: str = ran.data["order"]["code"]
    return code


def test_our_own_order_takes_options_with_prices_discounts_and_new_lines(cli: Cli, sold: str) -> None:
    ran = edit(
        cli, sold, "line.1.additions=extra cheese +50; no onions", "line.1.discount=10% regular guest",
        "line.1.notes=well done", "line.2.title=Lassi", "line.2.unit_price=180", "line.2.discount=30",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert ran.data["order"]["total"] == "1644.00"  # (780 + 50) × 2 − 10 % + 180 − 30
    assert [
        (line["title"], line["quantity"], line["additions"], line["notes"]) for line in lines(cli, sold)
    ] == [
        ("Margherita", 2, ["extra cheese", "no onions"], "well done"),
        ("Lassi", 1, [], ""),
    ]
    assert edit(cli, sold, "line.1.discount=", "line.1.additions=", "line.2.quantity=0", "name=Ram").code == 0
    assert cli("orders", "show", sold, "--json").data["order"]["total"] == "1560.00"
    assert len(lines(cli, sold)) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ("line.1.discount=120%", "line.1.discount"),
        ("line.1.quantity=many", "line.1.quantity"),
        ("line.1.price=5", "line.1.price"),
        ("line.1.title=Calzone", "line.1.title"),
        ("line.2.quantity=1", "line.2.title"),
        ("line.4.title=Lassi", "line.4.title"),
        ("line.1.additions=cheaper -900", "line.1.additions"),
    ],
)
def test_a_part_of_a_line_that_makes_no_sense_is_named_and_nothing_is_saved(
    cli: Cli, sold: str, change: str, field: str
) -> None:
    before = cli("orders", "show", sold, "--json").data
    ran = edit(cli, sold, "phone=9841234567", change)
    assert (ran.code, next(iter(ran.data["error"]["fields"]))) == (3, field)
    assert cli("orders", "show", sold, "--json").data == before


def test_an_order_of_the_internal_api_keeps_its_options_and_discounts_here(
    cli: Cli, connected: FaultyRemote
) -> None:
    assert sync(cli).code == 0
    order = cli("orders", "list", "--json").data["orders"][0]
    code, before = order["code"], lines(cli, order["code"])
    price = before[0]["unit_price"]
    assert edit(cli, code, "line.1.additions=no onions", "line.1.discount=50%", "line.1.notes=hot").code == 0
    edited = lines(cli, code)
    assert (edited[0]["additions"], edited[0]["notes"]) == (["no onions"], "hot")
    assert edited[0]["unit_price"] != price
    connected.orders[order["remote_id"]]["comment"] = "Ring twice"  # the shop tells of the order anew
    assert sync(cli).code == 0
    assert lines(cli, code) == edited
    assert ["statuses" in text for text in words(cli, code, "edited")] == [True]
    refused = edit(cli, code, "line.1.discount=50")
    assert (refused.code, list(refused.data["error"]["fields"])) == (3, ["line.1.discount"])


def test_a_staff_shop_gets_quantities_while_options_and_notes_stay_here(cli: Cli, shop: DrfShop) -> None:
    add(cli, shop)
    sync(cli)
    code = "1d07e3229370f03"
    assert edit(cli, code, "line.1.additions=red; with bell", "line.1.notes=gift wrap").code == 0
    assert (show(cli, 3)["queue"], show(cli, 3)["order"]["sync"]) == ([], "synced")
    assert ["stay here" in text for text in words(cli, code, "edited")] == [True]
    assert edit(cli, code, "line.1.quantity=7").code == 0
    assert sync(cli).code == 0
    assert [line["quantity"] for line in shop.order(3)["cart"]["products"]] == [7]
    shop.control(orders=[{"id": 3, "c_name": "Colleague"}])
    assert sync(cli).code == 0
    [line] = lines(cli, code)
    assert (line["quantity"], line["additions"], line["notes"]) == (7, ["red", "with bell"], "gift wrap")
    refused = edit(cli, code, "line.1.discount=20%")
    assert (refused.code, refused.data["error"]["fields"]) == (
        3,
        {"line.1.discount": "This shop sets its prices itself. Give the discount in the shop."},
    )
