"""The palette of commands that Ctrl+K opens: every screen and every act of this one, found by typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from posapp.ui.alarm import AlarmKeeper
from posapp.ui.context import Context
from posapp.ui.keys import KeyLine, key_groups, translate
from posapp.ui.pages import Page, page_specs
from posapp.ui.sync_view import SyncView
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.inputs import SearchField
from posapp.ui.widgets.options import Option, OptionList

_KEYS = {
    "Enter": Qt.Key.Key_Return,
    "Space": Qt.Key.Key_Space,
    "Del": Qt.Key.Key_Delete,
    "F6": Qt.Key.Key_F6,
    "F7": Qt.Key.Key_F7,
    "F8": Qt.Key.Key_F8,
    "F9": Qt.Key.Key_F9,
    "F10": Qt.Key.Key_F10,
    "F12": Qt.Key.Key_F12,
}
_TYPING = (QLineEdit, QPlainTextEdit, QComboBox)
_SHOWN = 320


class Shell(Protocol):
    """What the palette needs of the window."""

    ctx: Context
    keeper: AlarmKeeper
    sync_view: SyncView

    @property
    def page(self) -> Page:
        """Return the screen that is open."""

    @property
    def screen_key(self) -> str:
        """Return the key of the screen that is open."""

    def open_screen(self, key: str) -> None:
        """Open a screen."""

    def show_keys(self) -> None:
        """Show the list of keys."""

    def toggle_full_screen(self) -> None:
        """Fill the screen, or leave it."""

    def undo(self) -> None:
        """Take back the last act."""


@dataclass(frozen=True, slots=True)
class Command:
    """One entry: what it does, the key that does the same, and the act itself."""

    text: str
    key: str
    icon: str
    run: Callable[[], object]


def commands(shell: Shell) -> tuple[Command, ...]:
    """Return the acts of the screen that is open, the screens, and what the window does."""
    letters = bool(shell.ctx.config.get("look", "letter_keys"))
    acts = [
        Command(line.does, line.keys[0], "lightning", partial(_press, shell.page, line.keys[0]))
        for group in key_groups()
        if group.screen == shell.screen_key
        for line in group.lines
        if _is_act(line, letters=letters)
    ]
    screens = [
        Command(spec.title, f"Ctrl+{number}", spec.icon, partial(shell.open_screen, spec.key))
        for number, spec in enumerate(page_specs(), start=1)
    ]
    return (*acts, *screens, *_everywhere(shell))


def _everywhere(shell: Shell) -> tuple[Command, ...]:
    say = _say
    return (
        Command(say("Search"), "/", "magnifying-glass", shell.page.focus_search),
        Command(say("Send and fetch now"), "F5", "arrows-clockwise", shell.sync_view.sync_now),
        Command(say("Open the drawer…"), "", "money", shell.ctx.drawer_wanted.emit),
        Command(say("Lock"), "Ctrl+L", "user", shell.ctx.lock_wanted.emit),
        Command(say("Undo"), "Ctrl+Z", "arrow-u-up-left", shell.undo),
        Command(say("Silence the alarm for 1 minute"), "M", "bell-ringing", shell.keeper.silence),
        Command(say("These keys"), "F1", "info", shell.show_keys),
        Command(say("Full screen"), "F11", "desktop", shell.toggle_full_screen),
    )


def _is_act(line: KeyLine, *, letters: bool) -> bool:
    """Tell whether a line of the table is one act: not a walk, not a choice by number."""
    key = line.keys[0]
    letter = len(key) == 1 and key.isalpha() and key.isascii()
    return "…" not in line.keys and (key in _KEYS or (letter and letters))


def _press(page: Page, name: str) -> None:
    """Give the screen the key that the table names, as if it had been pressed outside of any text."""
    focus = QApplication.focusWidget()
    if isinstance(focus, _TYPING):
        focus.clearFocus()
    key, text = (_KEYS[name], "") if name in _KEYS else (Qt.Key(ord(name)), name.lower())
    page.handle_key(QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text))


def found(entries: Sequence[Command], typed: str) -> list[Command]:
    """Return the entries that have all the words, those that begin with what was typed first."""
    words = typed.casefold().split()
    having = [entry for entry in entries if all(word in entry.text.casefold() for word in words)]
    return sorted(having, key=lambda entry: not entry.text.casefold().startswith(typed.casefold().strip()))


class PaletteDialog(Dialog):
    """Finds an act by its words; Enter does the marked one after the dialog has closed."""

    def __init__(self, entries: Sequence[Command], parent: QWidget) -> None:
        super().__init__(_say("What do you want to do?"), "", parent, icon="lightning-fill")
        self.setObjectName("paletteDialog")
        self._entries = tuple(entries)
        self.search = SearchField(_say("Type a word"), key="")
        self.search.setObjectName("paletteSearch")
        self.list = OptionList(_say("Commands"))
        self.list.setObjectName("paletteList")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFixedHeight(_SHOWN)
        self.body.addWidget(self.search)
        self.body.addWidget(self.list)
        self.add_safe(self.tr("Close"))
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._filter)
        self.list.chosen.connect(self._take)
        self._filter("")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Down | Qt.Key.Key_Up:
                    self.list.step(1 if event.key() == Qt.Key.Key_Down else -1)
                    return True
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    if not event.isAutoRepeat():
                        self.list.take_marked()
                    return True
        return super().eventFilter(watched, event)

    def _filter(self, typed: str) -> None:
        options = [
            Option(entry.text, right=entry.key, icon=entry.icon, value=entry)
            for entry in found(self._entries, typed)
        ]
        self.list.put(options, current=0)

    def _take(self, option: Option) -> None:
        entry = option.value
        self.accept()
        if isinstance(entry, Command):
            # Once the dialog is gone and the focus is back where the work is.
            QTimer.singleShot(0, entry.run)


def _say(text: str) -> str:
    return translate("keys", text)
