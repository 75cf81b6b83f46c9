"""What a staff shop tells around its orders is kept, and asked for by the editor."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

from posapp.domain.shopinfo import DeliveryCost, ShopDistrict, ShopInfo, ShopProduct, ShopTax
from posapp.domain.who import Who
from posapp.services import remotes
from posapp.services.shopinfo import keep_shop_info
from posapp.storage.feed import Change, Topic
from posapp.storage.shopinfo import (
    cost_tables,
    fetched_info,
    has_products,
    search_shop_products,
    shipping_cost,
)
from posapp.storage.store import Store

WHO = Who("Aigerim", "counter-1")


def three(*amounts: int) -> tuple[Decimal, Decimal, Decimal]:
    a, b, c = (Decimal(amount) for amount in amounts)
    return a, b, c


MOMO = ShopProduct(
    "21",
    "https://shop.example/apps/product/chicken-momo/",
    "Chicken momo (10 pcs)",
    Decimal("400.00"),
    Decimal(20),
    Decimal("320.00"),
    "Nrs.",
    "Jhol achar",
)
INFO = ShopInfo(
    districts=(
        ShopDistrict("Kathmandu", deliverable=True, costs=three(120, 170, 240)),
        ShopDistrict("Lalitpur", deliverable=True, costs=three(150, 210, 300)),
        ShopDistrict("Nuwakot", deliverable=False),
    ),
    delivery_costs=(
        DeliveryCost("Kathmandu", three(125, 175, 250), "Nrs."),
        DeliveryCost("Kathmandu", three(1, 2, 3), "$"),
    ),
    products=(
        MOMO,
        ShopProduct("22", "https://shop.example/apps/product/buff-momo/", "Buff momo", Decimal(360)),
        ShopProduct(
            "23", "https://shop.example/apps/product/veg-momo/", "Veg momo", Decimal(1), active=False
        ),
        ShopProduct("31", "https://shop.example/apps/product/100-juice/", "Juice 100% mango", Decimal(180)),
    ),
    taxes=(ShopTax("1", "https://shop.example/apps/tax/1/", "VAT", Decimal(13)),),
    skipped=2,
)


def test_the_cost_of_a_delivery_is_known_by_district_class_and_currency(store: Store) -> None:
    keep_shop_info(store, "thamel", INFO, WHO)
    asked = [
        ("Kathmandu", 0, "Nrs.", Decimal(125)),
        ("Kathmandu", 2, "Nrs.", Decimal(250)),
        ("Kathmandu", 1, "$", Decimal(2)),
        ("Kathmandu", 0, "€", Decimal(120)),
        ("Lalitpur", 1, "Nrs.", Decimal(210)),
        ("Lalitpur", 1, "", Decimal(210)),
        ("Nuwakot", 0, "", None),
        ("Kathmandu", 3, "", None),
        ("Kathmandu", -1, "", None),
        ("Atlantis", 0, "", None),
    ]
    table = cost_tables(store)["thamel"]
    for district, delivery_class, unit, wanted in asked:
        assert shipping_cost(store, "thamel", district, delivery_class, unit) == wanted
        assert table.shipping_cost(district, delivery_class, unit) == wanted
    assert shipping_cost(store, "another", "Kathmandu", 0) is None


def test_products_are_found_by_the_words_of_their_names_at_the_price_to_pay(store: Store) -> None:
    keep_shop_info(store, "thamel", INFO, WHO)

    def found(text: str) -> list[str]:
        return [product.title for product in search_shop_products(store, "thamel", text)]

    assert found("MOMO") == ["Buff momo", "Chicken momo (10 pcs)"]
    assert found("momo chick") == ["Chicken momo (10 pcs)"]
    assert found("100%") == ["Juice 100% mango"]
    assert found("_omo") == []
    assert len(found("")) == 3
    (momo,) = search_shop_products(store, "thamel", "chicken")
    assert (momo.price, momo.address, momo.weight) == (Decimal("320.00"), MOMO.address, "Jhol achar")
    assert search_shop_products(store, "another", "momo") == ()
    assert (has_products(store, "thamel"), has_products(store, "another")) == (True, False)


def test_it_is_told_when_and_how_much_was_fetched(store: Store) -> None:
    heard: list[Change] = []
    store.feed.subscribe(heard.append)
    keep_shop_info(store, "thamel", INFO, WHO)
    known = fetched_info(store)["thamel"]
    assert known.fetched_at == store.clock()
    assert (known.districts, known.deliverable, known.delivery_costs) == (3, 2, 2)
    assert (known.products, known.taxes, known.skipped, known.problems) == (4, 1, 2, ())
    assert Topic.CATALOGUE in heard[-1].topics
    row = store.one("SELECT actor, params FROM events WHERE kind = 'shop_info_fetched'")
    assert row is not None
    assert (row[0], json.loads(row[1])["products"]) == ("Aigerim", "4")


def test_what_the_shop_names_no_more_goes_unless_something_could_not_be_read(store: Store) -> None:
    keep_shop_info(store, "thamel", INFO, WHO)
    keep_shop_info(store, "patan", INFO, WHO)
    dearer = replace(MOMO, final_cost=Decimal(350))
    broken = ShopInfo(products=(dearer,), problems=("The taxes could not be read: 502.",))
    keep_shop_info(store, "thamel", broken, WHO)
    known = fetched_info(store)["thamel"]
    assert (known.products, known.taxes, known.problems) == (4, 1, ("The taxes could not be read: 502.",))
    assert search_shop_products(store, "thamel", "chicken")[0].price == Decimal(350)
    keep_shop_info(store, "thamel", ShopInfo(products=(dearer,)), WHO)
    known = fetched_info(store)["thamel"]
    assert (known.products, known.taxes, known.districts) == (1, 0, 0)
    assert fetched_info(store)["patan"].products == 4


def test_a_shop_that_is_disconnected_is_forgotten(store: Store) -> None:
    keep_shop_info(store, "thamel", INFO, WHO)
    remotes.forget(store, "thamel")
    assert fetched_info(store) == {}
    assert cost_tables(store) == {}
    assert not has_products(store, "thamel")
