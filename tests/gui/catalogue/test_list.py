"""The list of dishes: what it says, how it is searched, and what stands there when it is empty."""

from __future__ import annotations

import time
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from posapp.domain.catalogue import Product
from posapp.domain.product_file import read_products
from posapp.services.catalogue import import_products, preview_import, save_product
from posapp.ui.catalogue.browser import DishList
from posapp.ui.catalogue.model import Show
from posapp.ui.widgets.inputs import ComboBox, SearchField
from tests.gui.catalogue.conftest import ANNA, OpenMenu


def test_dishes_are_listed_with_what_they_cost_and_how_they_stand(menu: OpenMenu) -> None:
    screen = menu(start_sync=False)
    assert screen.titles() == ["Маргарита", "Tom yum", "Lemonade", "Tea"]
    assert screen.state_of("p-1") == "Маргарита, Пицца, 2\u202f600\xa0₸, On sale"
    assert screen.state_of("p-3") == "Lemonade, Drinks, 700\xa0₸, Sold out"
    assert screen.section.summary() == "4 dishes"
    assert screen.words("menuCount") == "4 dishes"
    assert screen.running.clipped() == []


def test_search_and_filters_narrow_as_one_types(menu: OpenMenu) -> None:
    screen = menu(start_sync=False)
    search = screen.running.find(SearchField, "menuSearch")
    search.setFocus()
    search.insert("МАРГ")
    assert screen.titles() == ["Маргарита"]
    assert screen.words("menuCount") == "1 of 4"
    search.setText("p-3")
    assert screen.titles() == ["Lemonade"]
    search.setText("nothing like it")
    assert screen.browser.empty.title == "No dish is like this"
    screen.browser.show_all()
    category = screen.running.find(ComboBox, "menuCategory")
    category.setCurrentIndex(category.findText("Soups"))
    assert screen.titles() == ["Tom yum"]
    category.setCurrentIndex(category.findText("Without category"))
    assert screen.titles() == ["Tea"]
    screen.browser.show_all()
    screen.browser.show_only(Show.SOLD_OUT)
    assert screen.titles() == ["Lemonade"]


def test_an_empty_menu_offers_to_import_and_to_add(menu: OpenMenu) -> None:
    screen = menu(empty=True, start_sync=False)
    assert screen.browser.empty.title == "No dishes yet"
    screen.section.edit(None)
    assert screen.running.dialog().windowTitle() == "Add a dish"


def test_what_a_colleague_changes_comes_in(menu: OpenMenu) -> None:
    screen = menu(start_sync=False)
    save_product(screen.store, Product("p-7", "Borscht", Decimal("1500"), category="Soups"), "KZT", ANNA)
    screen.running.bot.waitUntil(lambda: "Borscht" in screen.titles())


def test_enter_opens_the_current_dish_once(menu: OpenMenu) -> None:
    screen = menu(start_sync=False)
    dishes = screen.running.find(DishList, "menuList")
    dishes.setFocus()
    dishes.setCurrentIndex(dishes.model().index(1, 0))
    QTest.keyClick(dishes, Qt.Key.Key_Return)
    assert screen.running.dialog().windowTitle() == "Tom yum"


def test_five_thousand_dishes_answer_while_one_types(menu: OpenMenu) -> None:
    screen = menu(empty=True, start_sync=False)
    rows = "".join(f"p-{n};Блюдо {n};{n % 90}00;Cat {n % 20}\n" for n in range(5000))
    file = read_products(f"internal_id;title;price;category\n{rows}".encode())
    import_products(screen.store, preview_import(screen.store, file, "KZT"), ANNA)
    screen.running.bot.waitUntil(lambda: screen.browser.model.rowCount() == 5000, timeout=10_000)
    screen.rest()
    search = screen.running.find(SearchField, "menuSearch")
    spent = []
    for text in ("б", "бл", "блюдо", "блюдо 4", "блюдо 49"):
        began = time.perf_counter()
        search.setText(text)
        screen.running.window.grab()
        spent.append(time.perf_counter() - began)
    assert screen.browser.model.rowCount() == sum("49" in str(n) for n in range(5000))
    # Typing goes on at 20 letters in a second; the least of them is no matter of other load.
    assert min(spent) < 0.05


def test_arrows_at_the_ends_of_the_list_stay_there(menu: OpenMenu) -> None:
    screen = menu(start_sync=False)
    dishes = screen.running.find(DishList, "menuList")
    dishes.setFocus()
    dishes.setCurrentIndex(dishes.model().index(0, 0))
    QTest.keyClick(dishes, Qt.Key.Key_Up)
    assert screen.running.settings.list.current == "menu"
    QTest.keyClick(dishes, Qt.Key.Key_End)
    QTest.keyClick(dishes, Qt.Key.Key_Down)
    assert screen.running.settings.list.current == "menu"
    chosen = screen.browser.chosen()
    assert chosen is not None
    assert chosen.product.title == "Tea"
