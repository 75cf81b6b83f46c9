"""What the training shop of the staff API sells, where it delivers to, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

BRAND = "Mamma Pizza"
UNIT = "Nrs."
VAT = Decimal(13)

# By district: what a delivery of class a, b and c costs. Elsewhere nothing is delivered.
SERVED: dict[str, tuple[int, int, int]] = {
    "Bhaktapur": (200, 280, 390),
    "Kathmandu": (125, 175, 250),
    "Kavrepalanchok": (350, 450, 600),
    "Lalitpur": (150, 210, 300),
}


@dataclass(frozen=True, slots=True)
class Product:
    """One thing to order; `slug` names it in addresses."""

    number: int
    slug: str
    name: str
    price: Decimal
    category: str
    discount: Decimal = Decimal()  # percent
    description: str = ""
    delivery_class: int = 0

    @property
    def final(self) -> Decimal:
        """The price after the discount."""
        return self.price * (100 - self.discount) / 100

    @property
    def path(self) -> str:
        """Where the shop's catalogue has it."""
        return f"/apps/product/{self.slug}/"


def _product(row: tuple[int, str, str, int, str], discount: int = 0, description: str = "") -> Product:
    number, slug, name, price, category = row
    return Product(number, slug, name, Decimal(price), category, Decimal(discount), description)


_ALL = (
    _product((11, "margherita-25", "Margherita 25 cm", 620, "pizza")),
    _product((12, "margherita-30", "Margherita 30 cm", 780, "pizza"), 0, "+ extra cheese · thin crust"),
    _product((13, "tandoori-chicken-30", "Tandoori chicken pizza 30 cm", 980, "pizza")),
    _product((14, "paneer-tikka-30", "Paneer tikka pizza 30 cm", 920, "pizza")),
    _product((15, "four-cheese-30", "Four cheese pizza 30 cm", 1050, "pizza")),
    _product((21, "chicken-momo", "Chicken momo (10 pcs)", 400, "momo"), 20, "Jhol achar"),
    _product((22, "buff-momo", "Buff momo (10 pcs)", 360, "momo"), 20, "Tomato achar"),
    _product((23, "veg-momo", "Veg momo (10 pcs)", 320, "momo"), 20),
    _product((31, "thukpa", "Chicken thukpa", 350, "soup")),
    _product((32, "sel-roti", "सेल रोटी (Sel roti), 4 pcs", 160, "side")),
    _product((33, "garlic-bread", "Garlic bread", 240, "side")),
    _product((41, "mango-lassi", "Mango lassi", 180, "drink")),
    _product((42, "masala-chiya", "मसला चिया (Masala chiya)", 90, "drink")),
    _product((43, "lemon-soda", "Fresh lemon soda", 130, "drink")),
)
PRODUCTS: dict[str, Product] = {product.slug: product for product in _ALL}
CATEGORIES = tuple(dict.fromkeys(product.category for product in _ALL))
BY_PATH: dict[str, Product] = {product.path: product for product in _ALL}
