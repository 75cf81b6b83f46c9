"""Every field of a staff order, edited by one command: what the shop then holds is what was typed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from posapp.domain.rules import editable_names
from tests.flow.cli.conftest import Cli
from tests.flow.cli.staff_desk import add, move, show, sync
from tests.support.drf_shop import PASSWORD, DrfShop, staff_order

CODE = "1d07e3229370f01"
# What is typed, and what the shop holds then.
TYPED: dict[str, tuple[str, object]] = {
    "name": ("Сунита श्रेष्ठ “Suni”", "Сунита श्रेष्ठ “Suni”"),
    "phone": ("+977 984-1234567", "+977 984-1234567"),
    "email": ("new@example.com", "new@example.com"),
    "street": ("New Road 5", "New Road 5"),
    "addressline": ("third floor", "third floor"),
    "city": ("Pokhara", "Pokhara"),
    "district": ("kaski", "Kaski"),
    "country": ("Nepal!", "Nepal!"),
    "shipping_cost": ("1,250.50", 1250.5),
    "delivery_class": ("class c", 2),
    "payment_status": ("1", 1),
    "payment_method": ("0", 0),
    "c_name": ("Account", "Account"),
    "c_email": ("account@example.com", "account@example.com"),
    "shipping_date": ("2026-03-07 18:15", "2026-03-07T12:30:00Z"),
    "delivery_date": ("2026-03-08T10:00:00+02:00", "2026-03-08T08:00:00Z"),
    "payment_date": ("", None),
}


def held(shop: DrfShop) -> dict[str, Any]:
    """Return what the shop holds, instants as instants."""
    order = shop.order(1)
    return {name: _instant(name, order[name]) for name in TYPED}


def _instant(name: str, value: object) -> object:
    return datetime.fromisoformat(str(value)) if name.endswith("_date") and value else value


WANTED = {name: _instant(name, value) for name, (_typed, value) in TYPED.items()}


@pytest.mark.parametrize("update", ["patch", "put"])
def test_all_that_was_typed_arrives_and_is_shown(cli: Cli, shop: DrfShop, update: str) -> None:
    assert TYPED.keys() == set(editable_names("staff"))
    shop.control(orders=[{"id": 1, "cart": {"id": 77, **staff_order(1)["cart"]}}])
    add(cli, shop, "--update", update)
    assert sync(cli).code == 0
    before = shop.order(1)
    # Offline: what is edited is saved and waits.
    ran = cli("orders", "edit", CODE, *(f"{name}={typed}" for name, (typed, _) in TYPED.items()))
    assert ran.code == 0, ran.err
    assert shop.order(1) == before
    assert sync(cli).code == 0
    assert held(shop) == WANTED
    untouched = shop.order(1).keys() - TYPED.keys() - {"final_cost"}
    assert {name: _instant(name, shop.order(1)[name]) for name in untouched} == {
        name: _instant(name, before[name]) for name in untouched
    }
    assert [request["status"] for request in shop.requests(update.upper())] == [200]
    assert sync(cli).code == 0
    shown = show(cli, 1)
    assert {name: _instant(name, shown["raw"][name]) for name in TYPED if name not in _NUMBERS} == {
        name: value for name, value in WANTED.items() if name not in _NUMBERS
    }
    order = shown["order"]
    assert (order["customer_name"], order["phone"], order["address"]) == (
        TYPED["name"][0],
        TYPED["phone"][0],
        "New Road 5, third floor, Pokhara, Kaski",
    )
    assert (order["payment_status"], order["sync"]) == ("paid", "synced")
    # The same once more changes nothing and sends nothing.
    ran = cli("orders", "edit", CODE, *(f"{name}={typed}" for name, (typed, _) in TYPED.items()))
    assert "nothing was changed" in ran.out


_NUMBERS = {"shipping_cost", "delivery_class", "payment_status", "payment_method"}


def test_tokens_that_die_in_the_middle_of_a_queue_of_edits_lose_none(cli: Cli, shop: DrfShop) -> None:
    add(cli, shop)
    assert sync(cli).code == 0
    for number in range(1, 9):
        code = f"1d07e3229370f{number:02d}"
        assert cli("orders", "edit", code, f"phone=980000000{number}", f"street=Lane {number}").code == 0
        assert cli("orders", "edit", code, "line.1.quantity=2").code == 0
    move(cli, 4, "accepted")
    # Each token lives for a second, and all that are out are ended; the password still holds.
    shop.control(access_seconds=1, end_refresh=True)
    ran = cli("sync", "--once", "--json", "--timeout", "60")
    assert ran.code == 0, ran.err
    for number in range(1, 9):
        order = shop.order(number)
        assert (order["phone"], order["street"]) == (f"980000000{number}", f"Lane {number}")
        assert [line["quantity"] for line in order["cart"]["products"]] == [2]
        assert show(cli, number)["order"]["sync"] == "synced"
    assert shop.pair(4) == (1, 0)
    assert PASSWORD not in json.dumps(show(cli, 4))
