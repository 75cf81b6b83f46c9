"""The Orders screen in a plain window, over a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posapp.config import Config
from posapp.storage.details import order_detail
from posapp.storage.rows import OrderDetail
from posapp.ui.context import Context
from posapp.ui.screens.orders import OrdersPage
from posapp.ui.screens.orders_view import OrdersView
from posapp.ui.theme import apply_theme, load_theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.inputs import SearchField
from tests.gui.orders.render import SIZE
from tests.gui.orders.scene import SHOP, FewDoors, Morning, morning
from tests.support.clipping import find_clipped

W = TypeVar("W", bound=QWidget)


@dataclass
class Desk:
    """The screen with what stands behind it, and hands to work with."""

    bot: QtBot
    scene: Morning
    ctx: Context
    doors: FewDoors
    page: OrdersPage
    messages: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def view(self) -> OrdersView:
        return self.find(OrdersView, "ordersView")

    @property
    def search(self) -> SearchField:
        return self.find(SearchField, "searchEdit")

    def find(self, kind: type[W], name: str) -> W:
        found = self.page.findChild(kind, name)
        assert found is not None, name
        return found

    def button(self, name: str) -> Button:
        return self.find(Button, name)

    def pk(self, guest: str) -> int:
        return self.scene.by_name[guest]

    def detail(self, guest: str) -> OrderDetail:
        found = order_detail(self.scene.store, self.pk(guest), self.ctx.config.targets)
        assert found is not None
        return found

    def status(self, guest: str) -> str:
        return self.detail(guest).row.status

    def shown(self) -> str:
        """Return the code of the order in the detail."""
        detail = self.page._panel.detail
        return detail.row.code if detail is not None else ""

    def code(self, guest: str) -> str:
        return self.detail(guest).row.code

    def codes(self) -> list[str]:
        return [row.code for row in self.page._column.model.rows]

    def key(self, key: Qt.Key | str) -> None:
        target = QApplication.focusWidget() or self.view
        if isinstance(key, str):
            QTest.keyClicks(target, key)
        else:
            QTest.keyClick(target, key)

    def type_text(self, text: str) -> None:
        """Type any alphabet into what has the focus; QTest's own way knows ASCII only."""
        for char in text:
            press = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, char)
            QApplication.sendEvent(QApplication.focusWidget() or self.view, press)

    def click_row(self, guest: str) -> None:
        index = self.page._column.model.index(self.page._column.model.place_of(self.pk(guest)))
        self.view.scrollTo(index)
        point: QPoint = self.view.visualRect(index).center()
        QTest.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, pos=point)

    def open(self, guest: str) -> None:
        """Have an order open, without a person."""
        self.page.select_order(self.pk(guest), by_person=False)
        self.bot.waitUntil(lambda: self.shown() == self.code(guest))
        self.settle()

    def fits(self) -> None:
        """Fail if something stays cut off; a busy machine lays out a moment later."""

        def nothing_clipped() -> None:
            assert find_clipped(self.page) == [], self.shown()

        self.bot.waitUntil(nothing_clipped)

    def settle(self) -> None:
        """Let all jobs end and what they started too, and the moment after a re-sorting pass."""
        for _ in range(2):
            ended: list[bool] = []
            self.ctx.tasks.run(lambda: True, ended.append)
            self.bot.waitUntil(partial(bool, ended))
            QApplication.processEvents()
        self.bot.waitUntil(lambda: not self.page._desk.guarded)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Morning]:
    made = morning(tmp_path)
    yield made
    made.store.close_thread()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, scene: Morning) -> Iterator[Desk]:
    holder = apply_theme(qapp, load_theme("light"))
    config = Config(remotes=(SHOP,))
    doors = FewDoors(config)
    ctx = Context(scene.store, config, doors, holder)
    page = OrdersPage(ctx)
    made = Desk(qtbot, scene, ctx, doors, page)
    ctx.message.connect(lambda text, _undo: made.messages.append(text))
    ctx.problem.connect(lambda error: made.problems.append(error.title))
    page.resize(SIZE)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    QTest.mouseMove(page, QPoint(SIZE.width() - 40, 300))  # out of the list, wherever the last test left it
    page.activateWindow()
    page.shown()
    qtbot.waitUntil(lambda: bool(made.shown()))
    made.settle()
    yield made
    page.hidden()
    ctx.close()
