"""What a shop tells around its orders: the decoding of each list, and reading them all over a transport."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.districts import DISTRICTS
from posapp.domain.shopinfo import DeliveryCost, ShopDistrict, ShopInfo, ShopProduct, ShopTax
from posapp.remote.api import Answer, FormatSettings, NoReply, Purpose, Request, Trouble
from posapp.remote.shopinfo import read_shop_info
from posapp.remote.staff_info import (
    DELIVERY_COSTS,
    MOST_PAGES,
    PRODUCTS,
    TAXES,
    Listing,
    list_request,
    read_districts,
    read_part,
)
from tests.support import drf_stock
from tests.unit.remote.samples import answer
from tests.unit.remote.test_mutations import damaged

SHOP = FormatSettings("NPR", ZoneInfo("Asia/Kathmandu"), "https://shop.example/pos")
COST, PRODUCT, TAX = drf_stock.delivery_costs()[1], drf_stock.products()[0], drf_stock.taxes()[1]
LISTS: list[tuple[Listing[Any], dict[str, Any]]] = [
    (DELIVERY_COSTS, COST),
    (PRODUCTS, PRODUCT),
    (TAXES, TAX),
]


class Shop:
    """A transport that answers from a table of paths; what is not in it does not exist."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        self.answers = answers
        self.asked: list[Request] = []

    def send(self, request: Request) -> Answer:
        self.asked.append(request)
        return self.answers.get(request.path, answer({"detail": "Not found."}, 404))

    def close(self) -> None:
        pass


def whole_shop(**changes: Answer) -> Shop:
    answers: dict[str, Answer] = {
        "apps/info/districts/": answer(drf_stock.districts(list(DISTRICTS))),
        "apps/delivery-cost/": answer(drf_stock.delivery_costs()),
        "apps/product/": answer(drf_stock.products()),
        "apps/tax/": answer(drf_stock.taxes()),
    }
    return Shop(answers | {name.replace("__", "/").replace("_", "-"): made for name, made in changes.items()})


@pytest.mark.parametrize(("listing", "row"), LISTS)
def test_a_list_is_read_in_each_of_its_shapes(listing: Listing[Any], row: dict[str, Any]) -> None:
    page = {"count": 1, "next": None, "previous": None, "results": [row]}
    for body in (row, [row], page):
        part = read_part(listing, answer(body), SHOP.base_url)
        assert (len(part.items), part.skipped, part.problem, part.next_request) == (1, 0, "", None)


def test_rows_read_as_the_shop_shows_them() -> None:
    assert read_part(DELIVERY_COSTS, answer(COST), "").items == (
        DeliveryCost("Baglung", (Decimal("100.0"), Decimal("150.5"), Decimal("210.0")), "Nrs."),
    )
    assert read_part(TAXES, answer(TAX), "").items == (
        ShopTax("38", "http://dev.babylandworld.com/apps/tax/38/", "VAT", Decimal("13.0")),
    )
    assert read_part(PRODUCTS, answer(PRODUCT), "").items == (
        ShopProduct(
            remote_id="187",
            address="http://dev.babylandworld.com/apps/product/electronic-bike/",
            name="electronic bike",
            price=Decimal("770.0"),
            discount_percent=Decimal("10.0"),
            final_cost=Decimal("693.0"),
            price_unit="Nrs.",
            description="electronic bike",
            slug="electronic-bike",
            sku="electronic-bike-2020",
            stock=Decimal("20.0"),
            stock_unit="piece",
            tax="http://dev.babylandworld.com/apps/tax/37/",
            category="http://dev.babylandworld.com/apps/category/121/",
        ),
    )


@pytest.mark.parametrize(
    ("listing", "bad"),
    [
        (DELIVERY_COSTS, COST | {"district_name": ""}),
        (DELIVERY_COSTS, COST | {"price_class_b": None}),
        (DELIVERY_COSTS, COST | {"price_class_b": -1.0}),
        (PRODUCTS, PRODUCT | {"url": None}),
        (PRODUCTS, PRODUCT | {"name": 5}),
        (PRODUCTS, PRODUCT | {"price": "1,5"}),
        (PRODUCTS, PRODUCT | {"id": True}),
        (PRODUCTS, PRODUCT | {"stock_amount": {}}),
        (TAXES, TAX | {"percent": "NaN"}),
        (TAXES, 42),
        (TAXES, None),
    ],
)
def test_a_bad_row_is_counted_and_the_good_one_beside_it_kept(listing: Listing[Any], bad: object) -> None:
    good = next(row for known, row in LISTS if known is listing)
    part = read_part(listing, answer([bad, good]), SHOP.base_url)
    assert (len(part.items), part.skipped, part.problem) == (1, 1, "")


def test_districts_have_their_prices_where_the_shop_delivers() -> None:
    part = read_districts(answer(drf_stock.districts(list(DISTRICTS))))
    assert [item.name for item in part.items] == list(DISTRICTS)
    assert part.items[2] == ShopDistrict(
        "Baglung", deliverable=True, costs=(Decimal("100.0"), Decimal("150.5"), Decimal("210.0"))
    )
    assert part.items[0] == ShopDistrict("Achham", deliverable=False)


def test_bad_details_of_districts_are_counted() -> None:
    body = {"all": ["Dang", 5], "detail": [{"Dang": [0, 1, 2]}, {"Dang": "x"}, [], {"Bara": [0, 1, "x", 3]}]}
    part = read_districts(answer(body))
    assert (part.items, part.skipped) == ((ShopDistrict("Dang", deliverable=False),), 4)


@pytest.mark.parametrize("body", [{}, [], {"all": {}}, b"{", b"<html>", b"42"])
def test_another_answer_is_never_an_empty_shop(body: object) -> None:
    assert read_districts(answer(body)).problem
    lists: list[Listing[Any]] = [PRODUCTS, TAXES] if body != [] else []
    for listing in lists:
        assert read_part(listing, answer(body), SHOP.base_url).problem.startswith(f"The {listing.name} could")


def test_what_a_delivery_costs_and_which_tax_a_product_has() -> None:
    info = read_shop_info(whole_shop(), SHOP)
    assert (info.skipped, info.problems) == (0, ())
    assert (len(info.districts), len(info.products)) == (77, 3)
    assert [info.shipping_cost("Baglung", number) for number in (-1, 0, 1, 2, 3)] == [
        None, Decimal("100.0"), Decimal("150.5"), Decimal("210.0"), None,
    ]  # fmt: skip
    assert info.shipping_cost("Baglung", 0, "$") == Decimal("100.0"), "the districts have no unit"
    assert info.shipping_cost("Achham", 0) is None
    assert ShopInfo(delivery_costs=info.delivery_costs).shipping_cost("Baglung", 0, "$") is None
    assert info.tax_percent(info.products[0]) == Decimal("0.0")


def test_pages_are_followed_at_our_own_address() -> None:
    first = {"next": "https://shop.example/pos/apps/product/?page=2", "results": [PRODUCT]}
    second = {"next": None, "results": [PRODUCT | {"id": 188}]}
    shop = whole_shop(apps__product__=answer(first))
    shop.answers["apps/product/?page=2"] = answer(second)
    info = read_shop_info(shop, SHOP)
    assert [product.remote_id for product in info.products] == ["187", "188"]
    assert {request.method for request in shop.asked} == {"GET"}
    assert {request.purpose for request in shop.asked} == {Purpose.INFO}


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/pos/apps/product/?page=2", "https://shop.example/pos/apps/order/all/?page=2", "x"],
)
def test_no_other_address_is_asked_and_what_came_is_kept(address: str) -> None:
    shop = whole_shop(apps__product__=answer({"next": address, "results": [PRODUCT]}))
    info = read_shop_info(shop, SHOP)
    assert len(info.products) == 1
    assert info.problems == ("The products go on at an address that is not the shop's; it was not followed.",)
    assert len(shop.asked) == 4


def test_a_list_without_end_is_given_up() -> None:
    endless = {"next": "?page=2", "results": [PRODUCT]}
    shop = whole_shop(apps__product__=answer(endless))
    shop.answers["apps/product/?page=2"] = answer(endless)
    info = read_shop_info(shop, SHOP)
    assert (len(info.products), len(shop.asked)) == (MOST_PAGES, MOST_PAGES + 3)
    assert "more than 200 pages" in info.problems[0]


def test_what_cannot_be_read_is_told_and_the_rest_is_there() -> None:
    shop = whole_shop(apps__tax__=NoReply(Trouble.UNKNOWN, "No whole answer came."))
    del shop.answers["apps/delivery-cost/"]
    info = read_shop_info(shop, SHOP)
    assert (len(info.districts), len(info.products), info.taxes, info.delivery_costs) == (77, 3, (), ())
    assert [problem.partition(" could")[0] for problem in info.problems] == [
        "The delivery costs",
        "The taxes",
    ]


# ---------------------------------------------------------------------------------------------- damage

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(("listing", "row"), LISTS)
@given(data=st.data())
def test_any_value_in_any_field_is_taken_or_counted(
    listing: Listing[Any], row: dict[str, Any], data: st.DataObject
) -> None:
    field = data.draw(st.sampled_from(sorted(row)))
    part = read_part(listing, answer([row | {field: data.draw(JSON)}]), SHOP.base_url)
    assert len(part.items) + part.skipped == 1 or part.problem


@given(JSON)
def test_any_answer_about_districts_is_read_or_told(body: object) -> None:
    part = read_districts(answer(body))
    assert part.problem or isinstance(body, dict)
    shaped = read_districts(answer({"all": body, "deliverable": body, "detail": body}))
    assert all(item.name for item in shaped.items)


@pytest.mark.timeout(0)
@pytest.mark.parametrize(("listing", "row"), LISTS)
def test_damaged_lists_are_read_or_told(listing: Listing[Any], row: dict[str, Any]) -> None:
    rng = random.Random(7)
    for _ in range(300):
        body = damaged(rng, [json.dumps(row).encode()], (b"[", b"]"))
        part = read_part(listing, answer(body), SHOP.base_url)
        assert part.problem or part.items or part.skipped
        assert not part.problem or part.problem.endswith(".")
        assert part.next_request is None


def test_the_requests_are_reads_of_the_documented_addresses() -> None:
    assert [list_request(listing).path for listing, _ in LISTS] == [
        "apps/delivery-cost/", "apps/product/", "apps/tax/",
    ]  # fmt: skip
