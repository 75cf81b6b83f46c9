"""What a key means on the Delivery screen."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from posapp.ui.keys import is_ctrl, is_plain, letter_of


class Act(StrEnum):
    """The acts that keys stand for."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    ENTER = "enter"
    TICK = "tick"
    DELIVERED = "delivered"
    CAME_BACK = "came_back"
    NONE_CHOSEN = "none_chosen"
    ALL_CHOSEN = "all_chosen"


COMMITS = frozenset({Act.ENTER, Act.DELIVERED, Act.CAME_BACK})
_KEYS = {
    Qt.Key.Key_Up: Act.UP,
    Qt.Key.Key_Down: Act.DOWN,
    Qt.Key.Key_Left: Act.LEFT,
    Qt.Key.Key_Right: Act.RIGHT,
    Qt.Key.Key_Return: Act.ENTER,
    Qt.Key.Key_Enter: Act.ENTER,
    Qt.Key.Key_Space: Act.TICK,
    Qt.Key.Key_Escape: Act.NONE_CHOSEN,
}
_LETTERS = {"J": Act.DOWN, "K": Act.UP, "D": Act.DELIVERED, "B": Act.CAME_BACK}


def act_of(event: QKeyEvent, *, letters: bool) -> Act | None:
    """Return the act that a key stands for, None for others; `letters` allows single-letter keys."""
    if is_ctrl(event, "A"):
        return Act.ALL_CHOSEN
    if not is_plain(event):
        return None
    key = Qt.Key(event.key())
    if key in _KEYS:
        return _KEYS[key]
    return _LETTERS.get(letter_of(event)) if letters else None


def courier_of(event: QKeyEvent) -> int:
    """Return the number of the courier that a digit names, 0 for other keys."""
    text = event.text()
    return int(text) if is_plain(event) and len(text) == 1 and text.isdecimal() else 0
