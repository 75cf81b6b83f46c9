"""A catalogue as a small shop has one, for the tests of the counter and for the pictures."""

from __future__ import annotations

from decimal import Decimal

from posapp.domain.catalogue import Category, ModifierGroup, ModifierOption, Product
from posapp.domain.who import Who
from posapp.services.catalogue import save_category, save_product
from posapp.storage.store import Store

CRUST = ModifierGroup(
    "Crust",
    (
        ModifierOption("Classic crust"),
        ModifierOption("Thin crust"),
        ModifierOption("Cheese crust", Decimal(600)),
    ),
    1,
    1,
)
EXTRAS = ModifierGroup(
    "Extras",
    (
        ModifierOption("extra mozzarella", Decimal(400), "x-mozzarella"),
        ModifierOption("jalapeño", Decimal(250)),
        ModifierOption("no onion", Decimal(0)),
    ),
    0,
    2,
)
CATEGORIES = (
    Category("Pizza", 1, "#C2410C", "pizza"),
    Category("Snacks", 2, "#8A5A00", "bowl-food"),
    Category("Drinks", 3, "#B3243F", "beer-bottle"),
    Category("Desserts", 4, "#5B45B0", "cake"),
)
_DISHES = (
    ("margarita", "Маргарита", "30 см", 2890, "Pizza", "#C2410C", "", (EXTRAS,)),
    ("pepperoni", "Пепперони", "25 см", 2490, "Pizza", "#B3243F", "", (EXTRAS,)),
    ("4cheese", "Четыре сыра", "30 см", 4190, "Pizza", "#8A5A00", "", ()),
    ("meat", "Мясная", "30 см", 4390, "Pizza", "", "", (CRUST, EXTRAS)),
    ("hawaii", "Гавайская", "30 см", 3890, "Pizza", "#8A5A00", "", ()),
    ("bbq", "Барбекю", "30 см", 4290, "Pizza", "", "", ()),
    ("vegan", "Вегетариан.", "30 см", 3490, "Pizza", "#1F6B45", "", ()),
    ("diablo", "Диабло", "30 см", 3990, "Pizza", "", "", ()),
    ("fries", "Картофель фри", "150 г", 990, "Snacks", "", "", ()),
    ("wings", "Крылья BBQ", "12 шт", 3590, "Snacks", "#C2410C", "", ()),
    ("cesar", "Цезарь", "220 г", 2290, "Snacks", "#1F6B45", "leaf", ()),
    ("borsch", "Борщ", "350 мл", 1690, "Snacks", "#B3243F", "bowl-steam", ()),
    ("cola", "Coca-Cola", "1 л", 690, "Drinks", "", "", ()),
    ("mors", "Морс", "0,5 л", 790, "Drinks", "", "", ()),
    ("tiramisu", "Тирамису", "120 г", 1890, "Desserts", "", "", ()),
    ("cheesecake", "Чизкейк", "130 г", 1790, "Desserts", "", "", ()),
)


def fill(store: Store, who: Who, currency: str = "KZT") -> None:
    """Put the catalogue in."""
    for group in CATEGORIES:
        save_category(store, group, who)
    for place, (key, title, weight, price, category, colour, icon, groups) in enumerate(_DISHES):
        product = Product(
            key, title, Decimal(price), weight, category, colour, icon, modifiers=groups, position=place
        )
        save_product(store, product, currency, who)
