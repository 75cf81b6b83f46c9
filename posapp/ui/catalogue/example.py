"""The example of a list of dishes: every column, filled in so that it explains itself."""

from __future__ import annotations

from decimal import Decimal

from posapp.domain.catalogue import ModifierGroup, ModifierOption, Product
from posapp.domain.product_file import write_csv

_SIZE = ModifierGroup(
    "Size", (ModifierOption("30 cm"), ModifierOption("40 cm", Decimal("900"), "p-1-40")), 1, 1
)
_EXTRAS = ModifierGroup(
    "Extras", (ModifierOption("Cheese", Decimal("250")), ModifierOption("Without onions")), 0, 2
)


def example_file() -> bytes:
    """Return a table of three dishes, as spreadsheets open it."""
    return write_csv(
        (
            Product(
                "p-1",
                "Margherita",
                Decimal("2600"),
                weight="450 g",
                category="Pizza",
                colour="red",
                icon="pizza",
                station="Oven",
                tax_percent=Decimal("12"),
                modifiers=(_SIZE, _EXTRAS),
                position=1,
            ),
            Product("p-2", "Tom yum", Decimal("2900"), weight="350 g", category="Soups", icon="bowl-steam"),
            Product("p-3", "Lemonade", Decimal("700"), weight="0.5 l", category="Drinks", icon="beer-bottle"),
        )
    )
