"""The colours and pictures of dishes: what the catalogue says, else one that its category always has."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from PySide6.QtGui import QColor

from posapp import resources
from posapp.domain.catalogue import Category, Product
from posapp.ui.catalogue.colours import colour_of
from posapp.ui.icons import icon_file
from posapp.ui.theme import Theme

# For those without a colour of their own: far enough apart to be told at a glance.
_USUAL = ("#C2410C", "#8A5A00", "#B3243F", "#5B45B0", "#1F6B45", "#1565C0", "#00707A", "#6D4C41")
_ICONS = {
    "pizza": ("pizza", "пицц"),
    "beer-bottle": ("drink", "напит", "beverage", "bar", "сусын"),
    "cake": ("dessert", "десерт", "cake", "sweet", "тәтті"),
    "leaf": ("salad", "салат", "vegan"),
    "bowl-steam": ("soup", "суп", "сорпа", "noodle", "momo"),
}
_DISH = "bowl-food"
_OF_ICON = {
    "pizza-fill": "#C2410C",
    "beer-bottle-fill": "#B3243F",
    "cake-fill": "#5B45B0",
    "leaf-fill": "#1F6B45",
    "bowl-steam-fill": "#8A5A00",
}


@lru_cache(maxsize=256)
def known_icon(name: str) -> str:
    """Return the icon of that name if there is one, else ""."""
    plain = name.removesuffix("-fill")
    if not plain or not plain.replace("-", "").isascii() or not plain.replace("-", "").isalnum():
        return ""
    return f"{plain}-fill" if (resources.path("icons") / icon_file(f"{plain}-fill")).is_file() else ""


@lru_cache(maxsize=256)
def icon_of_words(words: str) -> str:
    """Return the icon that a category's name asks for."""
    plain = words.casefold()
    found = (icon for icon, parts in _ICONS.items() if any(part in plain for part in parts))
    return f"{next(found, _DISH)}-fill"


def category_icon(group: Category | None, name: str) -> str:
    """Return the icon of a category."""
    return known_icon(group.icon if group is not None else "") or icon_of_words(name)


def dish_icon(product: Product, groups: Mapping[str, Category]) -> str:
    """Return the icon of a dish."""
    return known_icon(product.icon) or category_icon(groups.get(product.category), product.category)


def dish_colour(product: Product, groups: Mapping[str, Category]) -> QColor:
    """Return the colour of a dish, its category's, or the one that this category always has."""
    group = groups.get(product.category)
    for text in (product.colour, group.colour if group is not None else ""):
        found = colour_of(text)
        if found is not None:
            return found
    usual = _OF_ICON.get(category_icon(group, product.category))
    if usual:
        return QColor(usual)
    return QColor(_USUAL[sum(product.category.encode()) % len(_USUAL)])


def ground(colour: QColor, theme: Theme) -> QColor:
    """Return the pale ground in a colour."""
    if theme.name == "dark":
        return _mixed(colour, theme.palette.surface, 0.3)
    return QColor.fromHslF(max(colour.hslHueF(), 0.0), min(colour.hslSaturationF(), 0.72) * 0.95, 0.91)


def ink(colour: QColor, theme: Theme) -> QColor:
    """Return the colour as a picture wears it on that ground: dark on pale, pale on dark."""
    hue, sat, light = colour.hslHueF(), colour.hslSaturationF(), colour.lightnessF()
    if theme.name == "dark":
        return QColor.fromHslF(max(hue, 0.0), min(sat, 0.75), max(light, 0.68))
    return QColor.fromHslF(max(hue, 0.0), sat, min(light, 0.36))


def _mixed(one: QColor, other: QColor, part: float) -> QColor:
    pairs = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return QColor(*(round(a * part + b * (1 - part)) for a, b in pairs))
