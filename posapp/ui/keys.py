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
    """The keys of one place; `screen` is the key of the screen that they belong to, "" for everywhere."""

    title: str
    lines: tuple[KeyLine, ...]
    screen: str = ""


def key_groups() -> tuple[KeyGroup, ...]:
    """Return the keys that work now, by place."""
    say = _say
    everywhere = (
        KeyLine(("Ctrl+1", "…", "Ctrl+9"), say("The screens, in the order of the rail")),
        KeyLine(("Ctrl+K",), say("Find every act by its words")),
        KeyLine(("Ctrl+L",), say("Lock: leave, and let somebody else sign in")),
        KeyLine(("/", "Ctrl+F"), say("Search")),
        KeyLine(("F2",), say("New order")),
        KeyLine(("F5",), say("Send and fetch now")),
        KeyLine(("Z", "Ctrl+Z"), say("Undo"), single=True),
        KeyLine(("M",), say("Silence the alarm for 1 minute"), single=True),
        KeyLine(("Esc",), say("Back, close")),
        KeyLine(("Ctrl+Shift+P",), say("Print queue")),
        KeyLine(("F1",), say("These keys")),
        KeyLine(("F11",), say("Full screen")),
    )
    orders = (
        KeyLine(("Enter",), say("Next step")),
        KeyLine(("↑", "↓", "J", "K"), say("Choose an order")),
        KeyLine(("[", "]"), say("Previous, next tab")),
        KeyLine(("0", "…", "9"), say("Search for a number")),
        KeyLine(("A", "1", "3", "4"), say("Accept with a ready time: +15, +30, +45 min"), single=True),
        KeyLine(("Shift+↓", "Ctrl+A"), say("Select several, select all")),
        KeyLine(("E",), say("Edit the order"), single=True),
        KeyLine(("S",), say("Schedule"), single=True),
        KeyLine(("P",), say("Paid: take the payment, or note that it was taken"), single=True),
        KeyLine(("Ctrl+P",), say("Print")),
        KeyLine(("Del",), say("Reject or cancel the order…")),
    )
    new = (
        KeyLine(("A", "…", "Z"), say("Find a dish by typing")),
        KeyLine(("Enter",), say("Add the first dish that is found")),
        KeyLine(("+", "−"), say("More or less of the last dish, or the chosen one")),
        KeyLine(("Del",), say("Take it out of the cart")),
        KeyLine(("PgUp", "PgDn"), say("Previous, next category")),
        KeyLine(("F6",), say("Hold the cart, or take one up")),
        KeyLine(("F7",), say("Customer and address")),
        KeyLine(("F8",), say("For when it is sold")),
        KeyLine(("F9",), say("Pay by cash")),
        KeyLine(("F10",), say("Pay by card")),
        KeyLine(("F12",), say("Take the payment")),
    )
    editor = (
        KeyLine(("Ctrl+S",), say("Save the order")),
        KeyLine(("Ctrl+R",), say("Make everything what it was")),
        KeyLine(("F8",), say("Next error")),
        KeyLine(("F4",), say("Add an item")),
        KeyLine(("F6",), say("From the fields to the lines, and back")),
        KeyLine(("+", "−", "Del"), say("Quantity of a line, take it out")),
    )
    kitchen = (
        KeyLine(("1", "…", "8"), say("Choose a tile")),
        KeyLine(("Enter",), say("Start cooking, ready, changes seen")),
        KeyLine(("Space",), say("Tick the next item")),
        KeyLine(("↑", "↓", "←", "→"), say("Choose an item, another tile")),
        KeyLine(("U",), say("Undo the last act of this board"), single=True),
        KeyLine(("R",), say("Recall the last bumped order"), single=True),
        KeyLine(("E",), say("Show all of a tile"), single=True),
        KeyLine(("S",), say("Choose a scheduled order, Enter starts it"), single=True),
    )
    delivery = (
        KeyLine(("Space",), say("Select an order")),
        KeyLine(("Enter",), say("Assign what is selected, or hand over")),
        KeyLine(("1", "…", "9"), say("Assign to this courier")),
        KeyLine(("←", "→"), say("What waits, what is on the road")),
        KeyLine(("D",), say("Delivered"), single=True),
        KeyLine(("B",), say("Came back undelivered"), single=True),
    )
    sync = (
        KeyLine(("↑", "↓"), say("Choose what to look at")),
        KeyLine(("Space",), say("Go to the fields of a conflict, choose a side")),
        KeyLine(("1",), say("Keep all mine")),
        KeyLine(("2",), say("Take all of the shop's")),
        KeyLine(("Ctrl+Enter",), say("Apply the choices")),
        KeyLine(("R",), say("Retry"), single=True),
        KeyLine(("Del",), say("Discard what waits…")),
    )
    reports = (
        KeyLine(("Ctrl+P",), say("Print the report, or an X report of the shift")),
        KeyLine(("Tab", "←", "→"), say("Go to a chart, through its values")),
    )
    return (
        KeyGroup(say("Everywhere"), everywhere),
        KeyGroup(say("Orders"), orders, "orders"),
        KeyGroup(say("New order"), new, "new"),
        KeyGroup(say("Editing an order"), editor),
        KeyGroup(say("Kitchen"), kitchen, "kitchen"),
        KeyGroup(say("Delivery"), delivery, "delivery"),
        KeyGroup(say("Sync"), sync, "sync"),
        KeyGroup(say("Reports"), reports, "reports"),
    )


def _say(text: str) -> str:
    return translate("keys", text)
