"""What a key means on the kitchen board: a bump bar's keys, by their place on the keyboard."""

from __future__ import annotations

import sys
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from posapp.ui.keys import is_plain, letter_of

_EVDEV_OFFSET = 8
_FIRST_DIGIT = 2  # the place of the key 1; on French keyboards it types another sign


class KitchenKey(StrEnum):
    """The acts that keys stand for."""

    NEXT = "next"
    TICK = "tick"
    UNDO = "undo"
    RECALL = "recall"
    SCHEDULED = "scheduled"
    UNFOLD = "unfold"
    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    BACK = "back"


MOVING = frozenset({KitchenKey.LEFT, KitchenKey.RIGHT, KitchenKey.UP, KitchenKey.DOWN})
_KEYS = {
    Qt.Key.Key_Return: KitchenKey.NEXT,
    Qt.Key.Key_Enter: KitchenKey.NEXT,
    Qt.Key.Key_Space: KitchenKey.TICK,
    Qt.Key.Key_Left: KitchenKey.LEFT,
    Qt.Key.Key_Right: KitchenKey.RIGHT,
    Qt.Key.Key_Up: KitchenKey.UP,
    Qt.Key.Key_Down: KitchenKey.DOWN,
    Qt.Key.Key_Escape: KitchenKey.BACK,
    Qt.Key.Key_Plus: KitchenKey.UNFOLD,
}
_LETTERS = {"U": KitchenKey.UNDO, "R": KitchenKey.RECALL, "S": KitchenKey.SCHEDULED, "E": KitchenKey.UNFOLD}


def tile_number(event: QKeyEvent) -> int:
    """Return which tile a number key means, 0 for other keys."""
    if not is_plain(event):
        return 0
    key = event.key()
    if Qt.Key.Key_1 <= key <= Qt.Key.Key_8:
        return int(key) - int(Qt.Key.Key_1) + 1
    code = event.nativeScanCode()
    if not code or sys.platform == "darwin":
        return 0
    place = (code & 0xFF if sys.platform == "win32" else code - _EVDEV_OFFSET) - _FIRST_DIGIT
    return place + 1 if 0 <= place < 8 else 0


def kitchen_key(event: QKeyEvent, *, letters: bool) -> KitchenKey | None:
    """Return the act that a key stands for, None for others; `letters` allows single-letter keys."""
    if not is_plain(event):
        return None
    found = _KEYS.get(Qt.Key(event.key()))
    if found is None and letters:
        found = _LETTERS.get(letter_of(event))
    return found
