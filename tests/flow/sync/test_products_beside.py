"""The catalogue goes out beside the orders, from the program that stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from posapp.domain.status import Status
from posapp.services import catalogue
from posapp.services.publishing import Shop, queue_all, shops_among
from posapp.storage.catalogue import product, products_by_id
from posapp.storage.publishing import publish_counts
from posapp.sync.publish_round import publish, shops_of
from tests.flow.sync.desk import WHO, Desk, eventually, quick_transport
from tests.support.faulty_plan import Fault, FaultKind
from tests.support.faulty_remote import FaultyRemote
from tests.support.till import pizza

ALMA = (Shop("alma", "KZT"),)


def many(desk: Desk, count: int) -> None:
    for number in range(count):
        catalogue.save_product(desk.store, pizza(internal_id=f"p-{number}"), "KZT", WHO)


def waiting(desk: Desk) -> int:
    return publish_counts(desk.store, "alma").waiting


def test_few_leave_at_once_by_upsert(desk: Desk, shop: FaultyRemote) -> None:
    with desk.staying():
        assert eventually(lambda: shop.count("list") >= 2)
        many(desk, 2)
        assert queue_all(desk.store, ALMA, WHO) == 2
        assert eventually(lambda: set(shop.shelf.products) == {"p-0", "p-1"}, 3)
        assert eventually(lambda: waiting(desk) == 0)
    assert (shop.count("upsert"), shop.count("import")) == (2, 0)


def test_many_leave_as_an_import_that_is_asked_for(desk: Desk, shop: FaultyRemote) -> None:
    many(desk, 12)
    with desk.staying():
        queue_all(desk.store, ALMA, WHO)
        assert eventually(lambda: waiting(desk) == 0)
    assert len(shop.shelf.products) == 12
    assert (shop.count("upsert"), shop.count("import")) == (0, 1)


def test_what_waits_goes_out_when_the_shop_is_back(desk: Desk, shop: FaultyRemote) -> None:
    shop.go_offline()
    with desk.staying() as loop:
        many(desk, 2)
        queue_all(desk.store, ALMA, WHO)
        assert not eventually(lambda: waiting(desk) < 2, 0.5)
        shop.go_online()
        loop.wake(force=True)
        assert eventually(lambda: waiting(desk) == 0)
    assert set(shop.shelf.products) == {"p-0", "p-1"}


def test_orders_are_not_held_up_by_a_catalogue_that_hangs(desk: Desk, shop: FaultyRemote) -> None:
    shop.next_fault(Fault(FaultKind.SLOW_BEFORE, seconds=1.8), "upsert")
    with desk.staying():
        many(desk, 1)
        queue_all(desk.store, ALMA, WHO)
        assert eventually(lambda: shop.count("upsert") == 1)
        desk.move(1, Status.ACCEPTED)
        assert eventually(lambda: desk.states(1) == ["confirmed"], 1)
        assert waiting(desk) == 1


def test_what_is_sold_out_comes_back_by_itself(desk: Desk, shop: FaultyRemote) -> None:
    desk.config = replace(desk.config, values={**desk.config.values, ("sales", "hide_sold_out"): True})
    shops = shops_among(desk.config.remotes, hide_sold_out=True)
    with desk.staying():
        many(desk, 1)
        until = desk.store.clock() + timedelta(seconds=1.5)
        catalogue.set_sold_out(desk.store, "p-0", until, WHO, shops=shops)
        assert eventually(lambda: shop.shelf.products.get("p-0", {}).get("deleted") is True, 3)
        assert eventually(lambda: shop.shelf.products["p-0"]["deleted"] is False, 8)
    kinds = desk.store.all("SELECT kind FROM events WHERE kind = 'products_returned'")
    assert len(kinds) == 1


def test_a_round_of_publishing_works_beside_the_staying_program(desk: Desk, shop: FaultyRemote) -> None:
    with desk.staying():
        assert eventually(lambda: shop.count("list") >= 2)
        many(desk, 15)
        shops = shops_of(desk.config)
        queue_all(desk.store, shops, WHO)
        result = publish(desk.store, desk.config, desk.keys, shops, 10, transports=quick_transport)
    assert (result.waiting, result.refused, result.exit_code()) == (0, 0, 0)
    assert len(shop.shelf.products) == 15


def test_a_key_that_is_wrong_asks_the_shop_once(desk: Desk, shop: FaultyRemote) -> None:
    desk.keys.set("", "alma", "another")
    many(desk, 3)
    queue_all(desk.store, ALMA, WHO)
    with desk.staying():
        assert eventually(lambda: shop.count() >= 2)
        assert not eventually(lambda: shop.count("upsert") > 1, 1)
    assert waiting(desk) == 3


def test_no_order_of_chance_loses_a_product(desk: Desk, shop: FaultyRemote) -> None:
    """Answers are lost, cut and refused in turn; in the end the shop has everything as it is here."""
    rng = Random(7)
    shop.set_faults(0.3, [FaultKind.DROP_BEFORE, FaultKind.DROP_AFTER, FaultKind.E500])
    with desk.staying() as loop:
        many(desk, 5)
        for _ in range(4):
            name = f"p-{rng.randrange(5)}"
            item = product(desk.store, name)
            assert item is not None
            catalogue.save_product(desk.store, replace(item, price=item.price + 1), "KZT", WHO, shops=ALMA)
        queue_all(desk.store, ALMA, WHO)
        assert eventually(lambda: shop.count("upsert") >= 3)
        shop.no_faults()
        loop.wake(force=True)
        found = {
            item.internal_id: f"{item.price:f}"
            for item in products_by_id(desk.store, [f"p-{number}" for number in range(5)]).values()
        }
        assert eventually(
            lambda: {key: value["price"] for key, value in shop.shelf.products.items()} == found, 15
        )
