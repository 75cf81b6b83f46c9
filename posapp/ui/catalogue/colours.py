"""The colours that dishes and categories may wear: names in the database, colours by theme on the screen."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from posapp.ui.theme import current_theme

translate = QCoreApplication.translate

# Light theme, dark theme: each with 3:1 against its surface.
_COLOURS = {
    "red": ("#c73636", "#f07272"),
    "orange": ("#b85c00", "#f0a04b"),
    "yellow": ("#8f6f00", "#e3c23c"),
    "green": ("#2f7d32", "#72c276"),
    "teal": ("#0b7a75", "#4fc4bd"),
    "blue": ("#2563c9", "#7fa9f5"),
    "violet": ("#7a45c2", "#b794f0"),
    "pink": ("#b5346f", "#ee86b4"),
    "grey": ("#66707a", "#a2acb6"),
}
ICONS = (
    "pizza",
    "bowl-food",
    "bowl-steam",
    "cake",
    "beer-bottle",
    "leaf",
    "fire",
    "star",
    "tag",
    "tray",
    "pill",
)


def colour_names() -> tuple[tuple[str, str], ...]:
    """Return the colours as (name, word)."""
    words = (
        translate("colours", "Red"),
        translate("colours", "Orange"),
        translate("colours", "Yellow"),
        translate("colours", "Green"),
        translate("colours", "Teal"),
        translate("colours", "Blue"),
        translate("colours", "Violet"),
        translate("colours", "Pink"),
        translate("colours", "Grey"),
    )
    return tuple(zip(_COLOURS, words, strict=True))


def icon_names() -> tuple[tuple[str, str], ...]:
    """Return the icons as (name, word)."""
    words = (
        translate("icons", "Pizza"),
        translate("icons", "Bowl"),
        translate("icons", "Hot bowl"),
        translate("icons", "Cake"),
        translate("icons", "Drink"),
        translate("icons", "Leaf"),
        translate("icons", "Fire"),
        translate("icons", "Star"),
        translate("icons", "Label"),
        translate("icons", "Tray"),
        translate("icons", "Pill"),
    )
    return tuple(zip(ICONS, words, strict=True))


def colour_of(name: str) -> QColor | None:
    """Return the colour of a name, or of "#rrggbb" as files may have it; None for neither."""
    pair = _COLOURS.get(name.strip().lower())
    if pair is not None:
        return QColor(pair[current_theme().name == "dark"])
    colour = QColor(name) if name.startswith("#") else QColor()
    return colour if colour.isValid() else None
