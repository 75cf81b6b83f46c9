"""What the keys do in every screen, before and after the screen's own."""

from __future__ import annotations

from typing import Protocol

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from posapp.ui.alarm import AlarmKeeper
from posapp.ui.context import Context
from posapp.ui.keys import is_ctrl, is_plain, letter_of
from posapp.ui.pages import NEW, Page
from posapp.ui.sync_view import SyncView
from posapp.ui.widgets.dialog import Dialog

_TYPING = (QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)
_CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
_PRESSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class Shell(Protocol):
    """What the keys need of the window."""

    ctx: Context
    keeper: AlarmKeeper
    sync_view: SyncView

    @property
    def page(self) -> Page:
        """Return the screen that is open."""

    def locked_key(self, event: QKeyEvent) -> bool:
        """Take a key while the window is locked; False when it is not."""

    def screen_keys(self) -> tuple[str, ...]:
        """Return the keys of all screens."""

    def open_screen(self, key: str) -> None:
        """Open a screen."""

    def show_keys(self) -> None:
        """Show the list of keys."""

    def open_dialog(self, dialog: Dialog) -> None:
        """Open a dialog over the window."""

    @property
    def screen_key(self) -> str:
        """Return the key of the screen that is open."""

    def toggle_full_screen(self) -> None:
        """Fill the screen, or leave it."""

    def undo(self) -> None:
        """Take back the last act."""


class WindowKeys(QObject):
    """Looks at each key that reaches the window before the widget with the focus does.

    While somebody types, only keys that no text needs are taken.
    """

    def __init__(self, window: QWidget, shell: Shell) -> None:
        super().__init__(window)
        self._window = window
        self._shell = shell
        self._offered = (0, 0)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyRelease:
            self._offered = (0, 0)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._concerns(watched):
            this = (int(shiboken6.getCppPointer(event)[0]), event.key())
            climbing = this == self._offered and watched is not QApplication.focusWidget()
            # What nobody below wanted climbs through the parents up to the window, as the same event.
            self._offered = (0, 0) if watched is self._window else this
            return not climbing and self._act(event)
        return False

    def _concerns(self, watched: QObject) -> bool:
        if not isinstance(watched, QWidget) or watched.window() is not self._window:
            return False
        return QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None

    def _act(self, event: QKeyEvent) -> bool:
        if self._shell.locked_key(event):
            return True
        if self._anywhere(event):
            return True
        focus = QApplication.focusWidget()
        if isinstance(focus, _TYPING):
            return False
        if self._outside_text(event):
            return True
        if isinstance(focus, QAbstractButton) and event.key() in _PRESSING:
            return False
        return self._shell.page.handle_key(event)

    def _anywhere(self, event: QKeyEvent) -> bool:
        """Take the keys that work while somebody types, too."""
        window = self._shell
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            number = event.key() - Qt.Key.Key_1
            if 0 <= number < len(window.screen_keys()):
                window.open_screen(window.screen_keys()[number])
                return True
            if is_ctrl(event, "K"):
                self._show_commands()
                return True
            if is_ctrl(event, "L"):
                window.ctx.lock_wanted.emit()
                return True
            if is_ctrl(event, "F"):
                window.page.focus_search()
                return True
            return is_ctrl(event, "P") and window.page.handle_key(event)
        if event.modifiers() == _CTRL_SHIFT and letter_of(event) == "P":
            window.ctx.print_queue_wanted.emit()
            return True
        if event.isAutoRepeat() or not is_plain(event):
            return False
        act = {
            Qt.Key.Key_F1: window.show_keys,
            Qt.Key.Key_F2: self._new_order,
            Qt.Key.Key_F5: window.sync_view.sync_now,
            Qt.Key.Key_F11: window.toggle_full_screen,
        }.get(Qt.Key(event.key()))
        if act is not None:
            act()
        return act is not None

    def _new_order(self) -> None:
        self._shell.open_screen(NEW)
        if self._shell.screen_key == NEW:
            self._shell.page.focus_search()

    def _show_commands(self) -> None:
        from posapp.ui.palette import PaletteDialog, commands

        self._shell.open_dialog(PaletteDialog(commands(self._shell), self._window))

    def _outside_text(self, event: QKeyEvent) -> bool:
        window = self._shell
        if is_ctrl(event, "Z"):
            if not event.isAutoRepeat():
                window.undo()
            return True
        if not is_plain(event):
            return False
        if event.text() == "/":
            window.page.focus_search()
            return True
        # There, whatever is typed looks for a dish.
        if window.screen_key == NEW or not window.ctx.config.get("look", "letter_keys"):
            return False
        letter = letter_of(event)
        if letter not in {"M", "Z"}:
            return False
        if not event.isAutoRepeat():
            window.keeper.silence() if letter == "M" else window.undo()
        return True
