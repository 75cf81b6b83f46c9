"""The real window over a real database with a small shop's catalogue, open at the New order screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posapp.app import App, build
from posapp.config_fields import Value
from posapp.config_file import save_setting
from posapp.domain.payment import Payment
from posapp.secrets import SecretStore
from posapp.storage.catalogue import product
from posapp.storage.database import open_store
from posapp.storage.sales import DraftRow, SaleRecord, drafts, payments_of, sale_record
from posapp.storage.store import Store
from posapp.ui.screens.new_order import NewOrderPage
from posapp.ui.widgets.buttons import Button
from tests.gui.orders.scene import START, WHO, Clock
from tests.gui.till.menu import fill
from tests.support.clipping import find_clipped

W = TypeVar("W", bound=QWidget)


@dataclass
class Till:
    """The window, and the hands of a cashier; keys and clicks are counted."""

    app: App
    bot: QtBot
    clock: Clock
    messages: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    presses: int = 0
    clicks: int = 0

    @property
    def store(self) -> Store:
        return self.app.store

    @property
    def page(self) -> NewOrderPage:
        return self.find(NewOrderPage, "newOrderPage")

    def find(self, kind: type[W], name: str) -> W:
        found = self.app.window.findChild(kind, name)
        assert found is not None, name
        return found

    def dialog(self, kind: type[W], name: str) -> W:
        """Return a dialog once it has the keys."""
        self.until(lambda: self.app.window.findChild(kind, name) is not None)
        found = self.find(kind, name)
        self.until(lambda: QApplication.activeWindow() is found)
        return found

    def take(self) -> None:
        """Press F12, once the keys of the last sale are no longer in the way."""
        self.until(lambda: QApplication.activeModalWidget() is None and not self.page.payment.hasty)
        self.key(Qt.Key.Key_F12)

    def button(self, name: str) -> Button:
        return self.find(Button, name)

    def rest(self) -> None:
        assert self.app.wait_idle(15)

    def until(self, done: Callable[[], bool]) -> None:
        self.bot.waitUntil(done, timeout=10_000)

    # -- hands

    def key(self, *keys: Qt.Key | str, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            for one in key if isinstance(key, str) else (key,):
                target = QApplication.focusWidget() or self.app.window
                self.presses += 1
                if isinstance(one, str):
                    QTest.sendKeyEvent(QTest.KeyAction.Click, target, Qt.Key.Key_unknown, one, held)
                else:
                    QTest.keyClick(target, one, held)

    def click(self, widget: QWidget) -> None:
        assert widget.isVisible(), widget.objectName()
        assert widget.isEnabled(), widget.objectName()
        self.clicks += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=widget.rect().center())

    def tap(self, dish: str, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        """Click the tile of a dish."""
        grid = self.page.pane.grid
        self.clicks += 1
        QTest.mouseClick(grid.viewport(), button, pos=grid.tile_center(dish))

    def menu_action(self, name: str) -> None:
        menu = QApplication.activePopupWidget()
        assert menu is not None
        action = menu.findChild(QAction, name)
        assert action is not None, name
        action.trigger()
        menu.close()

    # -- eyes

    def cart(self) -> list[tuple[str, int]]:
        return [(line.title, line.quantity) for line in self.page.desk.cart.sale.lines]

    @property
    def total(self) -> str:
        return self.page.panel.totals.big.text.replace("\u202f", " ").replace("\xa0", " ")

    @property
    def found(self) -> list[str]:
        return [product.title for product in self.page.pane.grid.shelf.products]

    def drafts(self) -> tuple[DraftRow, ...]:
        self.rest()
        return drafts(self.store)

    def sold(self, pk: int = 1) -> SaleRecord:
        found = sale_record(self.store, pk)
        assert found is not None
        return found

    def paid(self, pk: int = 1) -> tuple[Payment, ...]:
        return payments_of(self.store, pk)

    def is_sold_out(self, dish: str) -> bool:
        found = product(self.store, dish)
        return found is not None and found.sold_out(self.clock())

    def orders(self) -> int:
        row = self.store.one("SELECT count(*) FROM orders")
        assert row is not None
        return int(row[0])

    def clipped(self) -> list[object]:
        self.rest()
        return list(find_clipped(self.app.window))


Make = Callable[..., Till]


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Iterator[Make]:
    made: list[Till] = []

    def start(
        *,
        dishes: bool = True,
        settings: tuple[tuple[str, str, Value], ...] = (),
        before: Callable[[Store], object] = lambda _store: None,
        size: tuple[int, int] = (1366, 768),
        screen: str = "new",
    ) -> Till:
        for section, key, value in settings:
            save_setting(tmp_path, section, key, value)
        clock = Clock(START)
        store = open_store(tmp_path, clock=clock)
        if dishes and product(store, "margarita") is None:
            fill(store, WHO)
        before(store)
        store.close_thread()
        secrets = SecretStore(tmp_path / "keys", {})
        app = build(tmp_path, clock=clock, start_sync=False, screen=screen, secrets=secrets)
        till = Till(app, qtbot, clock)
        made.append(till)
        app.open()
        app.context.message.connect(lambda text, _undo: till.messages.append(text))
        app.context.problem.connect(lambda error: till.problems.append(str(error)))
        app.window.resize(*size)
        app.window.show()
        app.window.activateWindow()
        till.rest()
        return till

    yield start
    for each in made:
        each.app.close()


@pytest.fixture
def till(make: Make) -> Till:
    return make()
