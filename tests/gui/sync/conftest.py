"""The real window at the Sync Center, over a real database, with hands to work with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posapp.app import App
from posapp.domain.timing import Targets
from posapp.storage.details import order_detail
from posapp.storage.rows import OrderDetail
from posapp.storage.store import Store
from posapp.ui.screens.sync import SyncPage
from posapp.ui.sync_center.cards import FigureCard
from posapp.ui.sync_center.choice import ChoiceCell
from posapp.ui.sync_center.entries import Entry
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.text import PlainLabel
from tests.gui.sync import scene
from tests.support.clipping import find_clipped

W = TypeVar("W", bound=QWidget)


@dataclass
class Center:
    """The window, and hands to work with."""

    app: App
    bot: QtBot
    clock: scene.ChosenClock
    made: dict[str, int]
    messages: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.app.store

    @property
    def page(self) -> SyncPage:
        return self.find(SyncPage, "syncPage")

    @property
    def entries(self) -> list[Entry]:
        return list(self.page.queue.model.rows)

    @property
    def chosen(self) -> str:
        entry = self.page.queue.view.current()
        return entry.key if entry is not None else ""

    def find(self, kind: type[W], name: str) -> W:
        found = self.app.window.findChild(kind, name)
        assert found is not None, name
        return found

    def rest(self) -> None:
        assert self.app.wait_idle(15)
        page = self.app.window.findChild(SyncPage)
        if page is not None:
            self.until(lambda: page._reader.resting)
            assert self.app.wait_idle(15)

    def until(self, done: Callable[[], bool], seconds: float = 10) -> None:
        self.bot.waitUntil(done, timeout=int(seconds * 1000))

    def after_guard(self) -> None:
        self.until(lambda: not self.page._guard.isActive())

    def entry(self, key: str) -> Entry:
        return next(entry for entry in self.entries if entry.key == key)

    def has(self, key: str) -> bool:
        return any(entry.key == key for entry in self.entries)

    def order(self, name: str) -> str:
        return f"order:{self.made[name]}"

    def detail(self, name: str) -> OrderDetail:
        found = order_detail(self.store, self.made[name], Targets())
        assert found is not None
        return found

    def pick(self, key: str) -> None:
        """Click a row of the list."""
        view = self.page.queue.view
        index = self.page.queue.model.index(self.page.queue.model.place_of(key))
        view.scrollTo(index)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())
        self.rest()

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        assert widget.isVisible()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())

    def button(self, name: str) -> Button:
        return self.find(Button, name)

    def press(self, name: str) -> None:
        self.click(self.button(name))
        self.rest()

    def key(self, *keys: Qt.Key | str) -> None:
        for key in keys:
            target = QApplication.focusWidget() or self.app.window
            if key == "Ctrl+Enter":
                QTest.keyClick(target, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            elif isinstance(key, str):
                QTest.keyClicks(target, key)
            else:
                QTest.keyClick(target, key)

    def cell(self, field_name: str, side: str) -> ChoiceCell:
        return self.find(ChoiceCell, f"choice_{field_name}_{side}")

    def choices(self) -> dict[str, str]:
        return {
            name: next((side for side, cell in row.cells.items() if cell.isChecked()), "")
            for name, row in self.page.right.desk.rows.items()
        }

    def card(self, key: str) -> FigureCard:
        return self.find(FigureCard, f"card_{key}")

    def text(self, name: str) -> str:
        return self.find(PlainLabel, name).text()

    def right_texts(self) -> str:
        """Return all words that the right side shows."""
        shown = self.page.right.stack.currentWidget()
        assert shown is not None
        return "\n".join(label.text() for label in shown.findChildren(PlainLabel) if label.isVisible())

    def dialog(self) -> Dialog:
        self.rest()
        [shown] = [dialog for dialog in self.app.window.findChildren(Dialog) if dialog.isVisible()]
        return shown

    def clipped(self) -> list[object]:
        self.rest()
        return list(find_clipped(self.app.window))


Fill = Callable[[Store, scene.ChosenClock], dict[str, int] | None]
Make = Callable[..., Center]


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Iterator[Make]:
    made: list[Center] = []

    def start(fill: Fill = scene.everything, **named: Any) -> Center:
        folder, clock = tmp_path / f"data{len(made)}", scene.ChosenClock()
        store = scene.fresh_store(folder, clock)
        orders = fill(store, clock) or {}
        store.close_thread()
        app = scene.start(folder, clock, **named)
        center = Center(app, qtbot, clock, orders)
        made.append(center)
        app.context.message.connect(lambda text, _undo: center.messages.append(text))
        app.context.problem.connect(lambda error: center.problems.append(str(error)))
        app.window.show()
        app.window.activateWindow()
        center.rest()
        return center

    yield start
    for each in made:
        each.app.close()


@pytest.fixture
def center(make: Make) -> Center:
    return make()
