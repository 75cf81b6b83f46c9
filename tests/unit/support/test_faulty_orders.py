"""The orders of the faulty server: seeded, and with every corner among any twelve."""

from __future__ import annotations

import json
import random
from decimal import Decimal

from tests.support.faulty_orders import make_orders


def test_the_same_seed_gives_the_same_orders_but_for_the_time() -> None:
    first = make_orders(random.Random(3), 30)
    again = make_orders(random.Random(3), 30)
    assert [order["id"] for order in first] == [order["id"] for order in again]
    assert len({order["id"] for order in first}) == 30


def test_every_corner_occurs() -> None:
    orders = make_orders(random.Random(1), 12)
    text = json.dumps(orders, ensure_ascii=False)
    assert "Нұрлан" in text
    assert any("loyalty" in order for order in orders)
    assert any("title" not in line for order in orders for line in order["products"])
    assert any("promo" in line for order in orders for line in order["products"])
    assert any(line["additions"] for order in orders for line in order["products"])
    assert any(order["change"] for order in orders)
    assert any(order["payment_method"] == "cash" and not order["change"] for order in orders)
    assert any(order["delivery"]["datetime"] for order in orders)
    assert any(not order["delivery"]["address"] for order in orders)


def test_totals_are_of_two_decimals_and_some_do_not_add_up() -> None:
    differences = set()
    for order in make_orders(random.Random(2), 24):
        price = {name: Decimal(value) for name, value in order["price"].items()}
        assert price["delivery_base"] + price["products_base"] == price["order_base_total"]
        assert all(value.as_tuple().exponent == -2 for value in price.values())
        lines = sum(Decimal(line["price"]["base_total"]) for line in order["products"])
        differences.add(lines - price["products_base"])
    assert differences == {Decimal(), Decimal("100.00")}
