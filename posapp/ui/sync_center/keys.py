"""What a key means in the Sync Center."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from posapp.ui.keys import is_plain, letter_of


class Key(StrEnum):
    """The meanings of keys."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    ENTER = "enter"
    BACK = "back"
    MINE = "mine"
    THEIRS = "theirs"
    APPLY = "apply"
    RETRY = "retry"
    EDIT = "edit"
    OPEN = "open"
    DISCARD = "discard"
    COPY = "copy"


COMMITS = frozenset({Key.APPLY, Key.RETRY, Key.EDIT, Key.OPEN, Key.DISCARD, Key.COPY, Key.ENTER})
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEYS = {
    Qt.Key.Key_Up: Key.UP,
    Qt.Key.Key_Down: Key.DOWN,
    Qt.Key.Key_Left: Key.LEFT,
    Qt.Key.Key_Right: Key.RIGHT,
    Qt.Key.Key_Return: Key.ENTER,
    Qt.Key.Key_Enter: Key.ENTER,
    Qt.Key.Key_Space: Key.ENTER,
    Qt.Key.Key_Escape: Key.BACK,
    Qt.Key.Key_Delete: Key.DISCARD,
    Qt.Key.Key_1: Key.MINE,
    Qt.Key.Key_2: Key.THEIRS,
}
_LETTERS = {
    "J": Key.DOWN,
    "K": Key.UP,
    "R": Key.RETRY,
    "E": Key.EDIT,
    "O": Key.OPEN,
    "C": Key.COPY,
}


def key_of(event: QKeyEvent, *, letters: bool) -> Key | None:
    """Return what a key means, None for others; `letters` allows single-letter keys."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if held == Qt.KeyboardModifier.ControlModifier and event.key() in _ENTER:
        return Key.APPLY
    if not is_plain(event):
        return None
    key = Qt.Key(event.key())
    if key in _KEYS:
        return _KEYS[key]
    return _LETTERS.get(letter_of(event)) if letters else None
