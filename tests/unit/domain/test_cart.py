"""Cart texts: what a shop may rewrite is the same cart, what a person notices is not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from posapp.domain.cart import cart_lines, cart_text, known_cart, same_cart
from posapp.domain.received import RemoteLine

BIKE = RemoteLine(
    title="electronic bike",
    quantity=5,
    unit_price=Decimal("693"),
    total=Decimal("3465"),
    product="http://dev.babylandworld.com/apps/product/electronic-bike/",
    description="electronic bike",
    price_unit="Nrs.",
    delivery_class=0,
)
RATTLE = replace(
    BIKE, title="rattle", product="http://dev.babylandworld.com/apps/product/rattle/", quantity=2
)
OURS = cart_text([BIKE, RATTLE])


@pytest.mark.parametrize(
    "lines",
    [
        [BIKE, RATTLE],
        [RATTLE, BIKE],
        [replace(BIKE, product="https://shop.example:8443/apps/product/electronic-bike"), RATTLE],
        [replace(BIKE, product="/apps/product/electronic-bike/"), RATTLE],
        [replace(BIKE, description="", price_unit="", delivery_class=None), RATTLE],
        [replace(BIKE, title="Electronic bike, red"), RATTLE],
        [replace(BIKE, product=""), RATTLE],
        [replace(BIKE, unit_price=Decimal("700"), total=Decimal("3500")), RATTLE],
    ],
)
def test_what_a_shop_may_rewrite_is_the_same_cart(lines: list[RemoteLine]) -> None:
    theirs = cart_text(lines)
    assert same_cart(OURS, theirs)
    assert same_cart(theirs, OURS)
    assert known_cart(theirs, ["[]", OURS]) == OURS


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [BIKE],
        [BIKE, RATTLE, RATTLE],
        [RATTLE, RATTLE],
        [replace(BIKE, quantity=4), RATTLE],
        [replace(BIKE, quantity=2), replace(RATTLE, quantity=5)],
        [replace(BIKE, product="http://dev.babylandworld.com/apps/product/kids-car/"), RATTLE],
        [replace(BIKE, product="http://dev.babylandworld.com/apps/product/electronic-bike/?size=2"), RATTLE],
        [replace(BIKE, product="", title="kids car"), RATTLE],
        [replace(BIKE, product="http://[broken/apps/product/electronic-bike/"), RATTLE],
    ],
)
def test_another_product_or_quantity_is_another_cart(lines: list[RemoteLine]) -> None:
    theirs = cart_text(lines)
    assert not same_cart(OURS, theirs)
    assert known_cart(theirs, [OURS]) == theirs


def test_what_is_sent_keeps_the_address_as_the_shop_told_it() -> None:
    assert [line.product for line in cart_lines(OURS)] == [BIKE.product, RATTLE.product]
