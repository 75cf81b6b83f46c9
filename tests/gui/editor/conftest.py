"""The running window with hands for the editor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from posapp.app import App
from posapp.services.edit_form import EditForm, read_form
from posapp.storage.details import order_detail
from posapp.storage.rows import OrderDetail
from posapp.storage.store import Store
from posapp.ui.editor.band import ErrorBand
from posapp.ui.editor.rows import NoteLine
from posapp.ui.screens.editor import EditorPage
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.options import DropDown
from tests.gui.editor import scene
from tests.support.clipping import find_clipped

W = TypeVar("W", bound=QWidget)


@dataclass
class Editing:
    """The app, its clock, and what a person does with the editor."""

    app: App
    bot: QtBot
    clock: scene.ChosenClock

    @property
    def store(self) -> Store:
        return self.app.store

    @property
    def page(self) -> EditorPage:
        page = self.app.window.editor.page
        assert page is not None
        return page

    def is_open(self) -> bool:
        return self.app.window.editor.page is not None

    def rest(self) -> None:
        assert self.app.wait_idle(15)

    def select(self, pk: int) -> None:
        """Have an order open on the Orders screen."""
        self.rest()
        self.app.window.open_order(pk)
        self.rest()

    def open(self, pk: int) -> EditorPage:
        """Press E on an order."""
        self.select(pk)
        self.key("e")
        self.rest()
        return self.page

    def find(self, kind: type[W], name: str) -> W:
        found = self.page.findChild(kind, name)
        assert found is not None, name
        return found

    def field(self, name: str) -> QLineEdit:
        return self.find(QLineEdit, f"editor_{name}")

    def focus(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def key(self, key: Qt.Key | str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        target = QApplication.focusWidget() or self.app.window
        if isinstance(key, str):
            QTest.keyClicks(target, key, modifier)
        else:
            QTest.keyClick(target, key, modifier)

    def ctrl(self, key: Qt.Key) -> None:
        self.key(key, Qt.KeyboardModifier.ControlModifier)
        self.rest()

    def write(self, text: str) -> None:
        """Type any alphabet over what the focused field holds; QTest's own way knows ASCII only."""
        line = self.focus()
        assert isinstance(line, QLineEdit)
        line.selectAll()
        self.key(Qt.Key.Key_Delete)
        if len(text) > 60:
            line.insert(text)  # as pasting does
            return
        for char in text:
            press = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, char)
            QApplication.sendEvent(line, press)

    def tab_to(self, widget: QWidget) -> None:
        """Press Tab until a widget has the focus."""
        for _ in range(40):
            if widget.hasFocus():
                return
            self.key(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never reaches {widget.objectName()}")

    def type(self, name: str, text: str) -> None:
        """Go to a field and write."""
        self.field(name).setFocus(Qt.FocusReason.TabFocusReason)
        self.write(text)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())

    def press(self, name: str) -> None:
        """Click a button by its name."""
        found = [item for item in self.app.window.findChildren(QAbstractButton, name) if item.isVisible()]
        assert len(found) == 1, name
        self.click(found[0])
        self.rest()

    def save(self) -> None:
        self.ctrl(Qt.Key.Key_S)

    def note(self, name: str) -> str:
        """Return what is said under a field, "" for nothing."""
        line = self.page.findChild(NoteLine, f"note_{name}")
        return line.text if line is not None and line.isVisible() else ""

    def band(self) -> str:
        band = self.find(ErrorBand, "errorSummary")
        return band.text if band.isVisible() else ""

    def words(self, name: str) -> str:
        """Return a label's text with plain spaces."""
        label = self.find(QWidget, name)
        return str(label.property("text")).replace("\xa0", " ").replace("\u202f", " ")

    def dropped(self, name: str) -> DropDown:
        """Return a list that hangs open."""
        found = [item for item in self.app.window.findChildren(DropDown, name) if item.isVisible()]
        assert len(found) == 1, name
        return found[0]

    def dialog(self) -> Dialog:
        shown = [dialog for dialog in self.app.window.findChildren(Dialog) if dialog.isVisible()]
        assert len(shown) == 1
        return shown[0]

    def form(self, pk: int) -> EditForm:
        return read_form(self.store, pk)

    def detail(self, pk: int) -> OrderDetail:
        found = order_detail(self.store, pk, self.app.context.config.targets)
        assert found is not None
        return found

    def fits(self) -> None:
        """Fail if something is cut off, or has to be scrolled to."""

        def all_in_sight() -> None:
            assert find_clipped(self.app.window) == []
            assert self.find(QScrollArea, "editorFields").verticalScrollBar().maximum() == 0

        self.bot.waitUntil(all_in_sight)


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Editing]]:
    """Start windows in a theme."""
    made: list[App] = []

    def start(theme: str = "light") -> Editing:
        clock = scene.ChosenClock()
        app = scene.start(tmp_path / "data", clock, theme=theme)
        made.append(app)
        with qtbot.waitExposed(app.window):
            app.window.show()
        app.window.activateWindow()
        editing = Editing(app, qtbot, clock)
        editing.rest()
        return editing

    yield start
    for app in made:
        app.close()


@pytest.fixture
def editing(make: Callable[..., Editing]) -> Editing:
    return make()
