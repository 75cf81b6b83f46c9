"""The settings' menu over a database with dishes, with a real shop where one is wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from posapp.domain.catalogue import FURTHER_NOTICE, Category, Product
from posapp.domain.who import Who
from posapp.services.catalogue import save_category, save_product, set_sold_out
from posapp.storage.catalogue import product
from posapp.storage.database import open_store
from posapp.storage.store import Store
from posapp.ui.catalogue.browser import DishList, MenuBrowser
from posapp.ui.catalogue.publishbar import PublishLine
from posapp.ui.settings.menu import MenuSection
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.text import PlainLabel
from tests.gui.shell.conftest import Make, Running, make, shop
from tests.support.till import SIZES

__all__ = ["make", "shop"]
ANNA = Who("Anna", "Counter 2")


@dataclass
class Screen:
    """The menu on the screen, with hands to work with."""

    running: Running

    @property
    def section(self) -> MenuSection:
        found = self.running.settings.section("menu")
        assert isinstance(found, MenuSection)
        return found

    @property
    def store(self) -> Store:
        return self.running.app.store

    @property
    def browser(self) -> MenuBrowser:
        return self.section.browser

    def rest(self) -> None:
        """Wait until all is read and shown."""
        self.running.rest()
        self.running.bot.waitUntil(lambda: self.section.reader.resting, timeout=10_000)
        self.running.rest()

    def titles(self) -> list[str]:
        return [dish.product.title for dish in self.browser.model.rows]

    def state_of(self, internal_id: str) -> str:
        model = self.browser.model
        return model.spoken(model.rows[model.place_of(internal_id)])

    def press(self, name: str, inside: QWidget | None = None) -> None:
        found = (inside or self.running.window).findChild(Button, name)
        assert found is not None, name
        assert found.isEnabled(), name
        found.click()
        self.rest()

    def open(self, internal_id: str) -> Any:
        dish_list = self.running.find(DishList, "menuList")
        dish_list.opened.emit(self.browser.model.rows[self.browser.model.place_of(internal_id)])
        return self.running.dialog()

    def line(self, name: str = "alma") -> PublishLine:
        return self.running.find(PublishLine, f"publish_{name}")

    def words(self, name: str) -> str:
        return self.running.find(PlainLabel, name).text()

    def product(self, internal_id: str) -> Product:
        found = product(self.store, internal_id)
        assert found is not None
        return found


def fill(data_dir: Path) -> None:
    """Put a small menu into a database."""
    data_dir.mkdir(exist_ok=True)
    store = open_store(data_dir)
    for place, (name, colour) in enumerate((("Пицца", "red"), ("Soups", "orange"), ("Drinks", "blue")), 1):
        save_category(store, Category(name, place, colour), ANNA)
    dishes = (
        Product("p-1", "Маргарита", Decimal("2600"), "450 г", "Пицца", "red", "pizza", modifiers=(SIZES,)),
        Product("p-2", "Tom yum", Decimal("2900"), "350 g", "Soups", "orange", "bowl-steam"),
        Product("p-3", "Lemonade", Decimal("700"), "0.5 l", "Drinks", "blue", "beer-bottle"),
        Product("p-4", "Tea", Decimal("500"), "", "", "", ""),
    )
    for dish in dishes:
        save_product(store, dish, "KZT", ANNA)
    set_sold_out(store, "p-3", FURTHER_NOTICE, ANNA)
    store.close_thread()


OpenMenu = Callable[..., Screen]


@pytest.fixture
def menu(make: Make, tmp_path: Path) -> OpenMenu:
    """Open Settings → Menu over a small menu, or an empty one."""

    def start(*, empty: bool = False, **named: Any) -> Screen:
        if not empty:
            fill(tmp_path / "data")
        running = make(screen="settings", **named)
        running.window.open_settings("menu")
        screen = Screen(running)
        screen.rest()
        return screen

    return start
