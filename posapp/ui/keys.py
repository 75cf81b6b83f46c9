"""The keyboard: physical letters on every layout, and the map of keys that F1 shows."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent

translate = QCoreApplication.translate

# Scan codes of the letter rows: the place of a key does not depend on the layout. X11 and Wayland count as
# evdev does, plus 8; Windows counts in "set 1"; where there is none (0), the key's own letter has to do.
_ROWS = (("QWERTYUIOP", 16), ("ASDFGHJKL", 30), ("ZXCVBNM", 44))
_PLACES = {start + number: letter for row, start in _ROWS for number, letter in enumerate(row)}
_EVDEV_OFFSET = 8


def letter_of(event: QKeyEvent) -> str:
    """Return the letter A to Z whose key was pressed, by its place on the keyboard; "" for other keys."""
    code = event.nativeScanCode()
    if code:
        place = code & 0xFF if sys.platform == "win32" else code - _EVDEV_OFFSET
        return _PLACES.get(place, "") if sys.platform != "darwin" else _by_key(event)
    return _by_key(event)


def _by_key(event: QKeyEvent) -> str:
    key = event.key()
    return chr(key) if Qt.Key.Key_A <= key <= Qt.Key.Key_Z else ""


def is_plain(event: QKeyEvent) -> bool:
    """Tell whether no modifier but Shift or the keypad's is held."""
    held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    return held == Qt.KeyboardModifier.NoModifier


def is_ctrl(event: QKeyEvent, letter: str) -> bool:
    """Tell whether this is Ctrl (Command on a Mac) with that letter's key."""
    return event.modifiers() == Qt.KeyboardModifier.ControlModifier and letter_of(event) == letter


@dataclass(frozen=True, slots=True)
class KeyLine:
    """What one key, or keys that belong together, does; `single` marks letters that can be switched off."""

    keys: tuple[str, ...]
    does: str
    single: bool = False


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """The keys of one place."""

    title: str
    lines: tuple[KeyLine, ...]


def key_groups() -> tuple[KeyGroup, ...]:
    """Return the keys that work now, by place."""
    say = _say
    everywhere = (
        KeyLine(("Ctrl+1", "Ctrl+2"), say("Orders, Settings")),
        KeyLine(("/", "Ctrl+F"), say("Search")),
        KeyLine(("F5",), say("Send and fetch now")),
        KeyLine(("Z", "Ctrl+Z"), say("Undo"), single=True),
        KeyLine(("M",), say("Silence the alarm for 1 minute"), single=True),
        KeyLine(("Esc",), say("Back, close")),
        KeyLine(("F1",), say("These keys")),
        KeyLine(("F11",), say("Full screen")),
    )
    orders = (
        KeyLine(("Enter",), say("Next step")),
        KeyLine(("↑", "↓", "J", "K"), say("Choose an order")),
        KeyLine(("[", "]"), say("Previous, next tab")),
        KeyLine(("0", "…", "9"), say("Search for a number")),
        KeyLine(("S",), say("Schedule"), single=True),
        KeyLine(("Del",), say("Cancel the order…")),
    )
    return (KeyGroup(say("Everywhere"), everywhere), KeyGroup(say("Orders"), orders))


def _say(text: str) -> str:
    return translate("keys", text)
