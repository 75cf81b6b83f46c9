"""The menu goes to the shop over real HTTP: few and many, offline, refused, hidden when sold out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from posapp import config_file
from posapp.config import RemoteConfig
from posapp.domain.catalogue import FURTHER_NOTICE
from posapp.domain.product_file import read_products
from posapp.services.catalogue import import_products, preview_import, save_product
from posapp.ui.catalogue.model import Show
from posapp.ui.widgets.controls import Toggle
from posapp.ui.widgets.text import PlainLabel
from tests.gui.catalogue.conftest import ANNA, OpenMenu, Screen, fill
from tests.support.faulty_remote import FaultyRemote


def publish(screen: Screen) -> None:
    screen.running.bot.waitUntil(screen.line().publish.isEnabled, timeout=5_000)
    screen.line().publish.click()


def words(screen: Screen) -> str:
    return screen.line().words.text()


def done(screen: Screen) -> None:
    """Wait until all is at the shop, or refused."""
    screen.running.bot.waitUntil(lambda: not screen.line().watching, timeout=20_000)
    screen.rest()


def test_few_are_published_at_once(menu: OpenMenu, shop: FaultyRemote) -> None:
    screen = menu(remote=shop)
    assert words(screen) == "4 not published yet"
    publish(screen)
    screen.running.bot.waitUntil(lambda: words(screen).startswith("All is at the shop"), timeout=10_000)
    assert set(shop.shelf.products) == {"p-1", "p-2", "p-3", "p-4"}
    assert (shop.count("upsert"), shop.count("import")) == (4, 0)
    assert "At the shop since" in screen.state_of("p-1")
    assert not screen.line().publish.isEnabled()
    save_product(screen.store, replace(screen.product("p-2"), price=Decimal("3000")), "KZT", ANNA)
    screen.running.bot.waitUntil(lambda: words(screen) == "1 changed since the last publish")
    assert "Not published yet" in screen.state_of("p-2")
    assert shop.count("upsert") == 4


def test_many_are_imported_while_a_bar_fills(menu: OpenMenu, shop: FaultyRemote) -> None:
    screen = menu(remote=shop)
    rows = "".join(f"m-{n};Dish {n};{n + 1}\n" for n in range(60))
    file = read_products(f"internal_id;title;price\n{rows}".encode())
    import_products(screen.store, preview_import(screen.store, file, "KZT"), ANNA)
    screen.running.bot.waitUntil(lambda: words(screen) == "64 not published yet")
    publish(screen)
    screen.running.bot.waitUntil(lambda: screen.line().watching, timeout=5_000)
    assert screen.line().bar.isVisible()
    done(screen)
    assert len(shop.shelf.products) == 64
    assert (shop.count("upsert"), shop.count("import")) == (0, 1)
    assert shop.count("progress") >= 2
    assert not screen.line().bar.isVisible()


def test_who_stops_watching_stops_nothing(menu: OpenMenu, shop: FaultyRemote) -> None:
    shop.go_offline()
    screen = menu(remote=shop)
    publish(screen)
    screen.running.bot.waitUntil(lambda: "goes out by itself" in words(screen), timeout=15_000)
    assert "4 waiting" in words(screen)
    assert "Waiting to go out" in screen.state_of("p-1")
    screen.press("stopWatchingButton")
    assert not screen.line().bar.isVisible()
    shop.go_online()
    screen.running.app.sync.wake(force=True)
    screen.running.bot.waitUntil(lambda: words(screen).startswith("All is at the shop"), timeout=15_000)
    assert len(shop.shelf.products) == 4


def test_what_is_refused_says_the_shops_words(menu: OpenMenu, shop: FaultyRemote) -> None:
    shop.shelf.refuse = lambda name: "Цена неверна" if name == "p-2" else None
    screen = menu(remote=shop)
    publish(screen)
    screen.running.bot.waitUntil(lambda: words(screen) == "1 refused", timeout=10_000)
    done(screen)
    assert "Refused: Цена неверна" in screen.state_of("p-2")
    screen.press("showRefusedButton")
    assert screen.titles() == ["Tom yum"]
    assert screen.browser.show_choice.currentData() == Show.REFUSED
    assert screen.running.clipped() == []
    shop.shelf.refuse = lambda _name: None
    publish(screen)
    screen.running.bot.waitUntil(lambda: words(screen).startswith("All is at the shop"), timeout=10_000)


def test_what_is_sold_out_is_hidden_where_the_switch_says_so(menu: OpenMenu, shop: FaultyRemote) -> None:
    screen = menu(remote=shop)
    publish(screen)
    screen.running.bot.waitUntil(lambda: words(screen).startswith("All is at the shop"), timeout=10_000)
    screen.running.find(Toggle, "hideSoldOut").click()
    screen.running.bot.waitUntil(lambda: words(screen) == "1 changed since the last publish", timeout=5_000)
    publish(screen)
    screen.running.bot.waitUntil(lambda: shop.shelf.products["p-3"]["deleted"] is True, timeout=10_000)
    dialog = screen.open("p-2")
    dialog.form.choose("sold_out_until", FURTHER_NOTICE)
    screen.press("saveDishButton")
    screen.running.bot.waitUntil(lambda: shop.shelf.products["p-2"]["deleted"] is True, timeout=10_000)


def test_a_staff_shop_says_that_it_takes_no_products(menu: OpenMenu, tmp_path: Path) -> None:
    fill(tmp_path / "data")
    staff = RemoteConfig("thamel", "http://127.0.0.1:9", format="staff", currency="NPR")
    config_file.add_remote(tmp_path / "data", staff)
    screen = menu(empty=True, start_sync=False)
    texts = [label.text() for label in screen.section.findChildren(PlainLabel)]
    assert any(text.startswith("thamel: this shop's API takes no products.") for text in texts)
    assert "Not published yet" not in screen.state_of("p-1")
    assert not screen.running.find(Toggle, "hideSoldOut").isVisible()
