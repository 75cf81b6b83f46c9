"""What a key means on the Orders screen."""

from __future__ import annotations

import sys
import unicodedata
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from posapp.ui.keys import is_ctrl, is_plain, letter_of

_EVDEV_OFFSET = 8
# The places of keys that are no letters everywhere: where US keyboards have brackets and the slash.
_PLACES = {26: "[", 27: "]", 53: "/"}


class Act(StrEnum):
    """The acts that keys stand for."""

    NEXT = "next"
    UP = "up"
    DOWN = "down"
    FIRST = "first"
    LAST = "last"
    PAGE_UP = "page_up"
    PAGE_DOWN = "page_down"
    SCHEDULE = "schedule"
    READY = "ready"
    EDIT = "edit"
    CANCEL = "cancel"
    PRINT = "print"
    PAY = "pay"
    BACK = "back"
    UNDO = "undo"
    SILENCE = "silence"
    SEARCH = "search"
    NEXT_TAB = "next_tab"
    PREVIOUS_TAB = "previous_tab"


GUARDED = frozenset(
    {Act.NEXT, Act.READY, Act.SCHEDULE, Act.CANCEL, Act.PAY}
)  # they mean the order that is open
ONCE = GUARDED | {Act.EDIT, Act.PRINT, Act.UNDO, Act.SILENCE}  # not again and again while the key is held
_KEYS = {
    Qt.Key.Key_Return: Act.NEXT,
    Qt.Key.Key_Enter: Act.NEXT,
    Qt.Key.Key_Up: Act.UP,
    Qt.Key.Key_Down: Act.DOWN,
    Qt.Key.Key_Home: Act.FIRST,
    Qt.Key.Key_End: Act.LAST,
    Qt.Key.Key_PageUp: Act.PAGE_UP,
    Qt.Key.Key_PageDown: Act.PAGE_DOWN,
    Qt.Key.Key_Delete: Act.CANCEL,
    Qt.Key.Key_Escape: Act.BACK,
}
_LETTERS = {
    "J": Act.DOWN,
    "K": Act.UP,
    "S": Act.SCHEDULE,
    "E": Act.EDIT,
    "A": Act.READY,
    "P": Act.PAY,
    "Z": Act.UNDO,
    "M": Act.SILENCE,
}
_SIGNS = {"/": Act.SEARCH, "[": Act.PREVIOUS_TAB, "]": Act.NEXT_TAB}


def act_of(event: QKeyEvent, *, letters: bool) -> Act | None:
    """Return the act that a key stands for, None for others; `letters` allows single-letter keys."""
    if is_ctrl(event, "P"):
        return Act.PRINT
    if not is_plain(event):
        return None
    key = Qt.Key(event.key())
    if key in _KEYS:
        return _KEYS[key]
    sign = _sign_of(event)
    if sign:
        return _SIGNS[sign]
    return _LETTERS.get(letter_of(event)) if letters else None


def digit_of(event: QKeyEvent) -> str:
    """Return the digit that a key types, in ASCII whatever the alphabet; "" for others."""
    text = event.text()
    if not is_plain(event) or len(text) != 1 or not text.isdecimal():
        return ""
    return str(unicodedata.decimal(text))


def _sign_of(event: QKeyEvent) -> str:
    text = event.text()
    if text in _SIGNS:
        return text
    code = event.nativeScanCode()
    if not code or sys.platform == "darwin" or not text.isalpha():
        return ""
    # A letter on one of these keys: a layout such as the Russian one.
    place = code & 0xFF if sys.platform == "win32" else code - _EVDEV_OFFSET
    return _PLACES.get(place, "")
