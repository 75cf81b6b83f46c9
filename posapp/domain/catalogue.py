"""What the shop sells: products with their modifiers, categories, and what a product has to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from posapp.domain.due import LATEST
from posapp.domain.errors import RefusedError
from posapp.domain.fields import line_width
from posapp.domain.money import round_money, total_of

# Sold out until somebody says otherwise.
FURTHER_NOTICE = LATEST
WIDTHS: Mapping[str, int] = {
    "internal_id": line_width("internal_id"),
    "title": line_width("title"),
    "weight": 64,
    "category": 200,
    "colour": 16,
    "icon": 64,
    "station": 64,
    "address": line_width("product"),
}
MOST_GROUPS, MOST_OPTIONS = 20, 50
HIGHEST_PRICE = Decimal("999999999")


@dataclass(frozen=True, slots=True)
class ModifierOption:
    """One choice: what it adds to the price of one, below zero to take off."""

    title: str
    price: Decimal = Decimal("0")
    internal_id: str = ""


@dataclass(frozen=True, slots=True)
class ModifierGroup:
    """Choices of which at least `least` and at most `most` are taken; `most` 0: as many as there are."""

    title: str
    options: tuple[ModifierOption, ...]
    least: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class Product:
    """One product; `version` is that of the row that was read, 0 for a new one."""

    internal_id: str
    title: str
    price: Decimal
    weight: str = ""
    category: str = ""
    colour: str = ""
    icon: str = ""
    station: str = ""  # the kitchen's, where it is made
    tax_percent: Decimal = Decimal("0")  # contained in the price
    modifiers: tuple[ModifierGroup, ...] = ()
    deleted: bool = False
    sold_out_until: datetime | None = None
    position: int = 0
    address: str = ""  # of the product at a staff shop
    version: int = field(default=0, compare=False)
    pk: int = field(default=0, compare=False)

    def sold_out(self, now: datetime) -> bool:
        """Tell whether it cannot be sold at this moment."""
        return self.sold_out_until is not None and self.sold_out_until > now


@dataclass(frozen=True, slots=True)
class Category:
    """A group of products in the grid."""

    name: str
    position: int = 0
    colour: str = ""
    icon: str = ""
    station: str = ""  # of its products that name none
    pk: int = field(default=0, compare=False)


def product_problems(product: Product, currency: str) -> dict[str, str]:
    """Return what is wrong with a product, a sentence by field; empty when it may be saved."""
    problems: dict[str, str] = {}
    for name in ("internal_id", "title"):
        if not getattr(product, name).strip():
            problems[name] = "Must not be empty."
    for name, width in WIDTHS.items():
        if len(getattr(product, name)) > width:
            problems[name] = f"At most {width} characters."
    if not 0 <= product.price <= HIGHEST_PRICE:
        problems["price"] = "Has to be 0 or more."
    elif product.price != round_money(product.price, currency):
        problems["price"] = f"Has more decimals than {currency} has."
    if not 0 <= product.tax_percent < 100:
        problems["tax_percent"] = "Has to be from 0 to below 100."
    if problem := _modifier_problem(product, currency):
        problems["modifiers"] = problem
    return problems


def _modifier_problem(product: Product, currency: str) -> str:
    if len(product.modifiers) > MOST_GROUPS:
        return f"At most {MOST_GROUPS} groups."
    for group in product.modifiers:
        if problem := _group_problem(group, currency):
            return f"{group.title or 'A group'}: {problem}"
    zero = Decimal("0")
    cheapest = total_of(sum((min(zero, o.price) for o in g.options), zero) for g in product.modifiers)
    return "With them, the price could fall below zero." if 0 <= product.price < -cheapest else ""


def _group_problem(group: ModifierGroup, currency: str) -> str:
    count = len(group.options)
    if not group.title.strip() or not count:
        return "needs a title and at least one option."
    if count > MOST_OPTIONS:
        return f"at most {MOST_OPTIONS} options."
    if any(not option.title.strip() for option in group.options):
        return "every option needs a title."
    if len({option.title for option in group.options}) != count:
        return "two options have the same title."
    if not 0 <= group.least <= count or not 0 <= group.most <= count or 0 < group.most < group.least:
        return "the least and the most do not fit together."
    if any(option.price != round_money(option.price, currency) for option in group.options):
        return f"a price has more decimals than {currency} has."
    return ""


def check_product(product: Product, currency: str) -> None:
    """Raise RefusedError with its fields unless the product may be saved."""
    problems = product_problems(product, currency)
    if problems:
        raise RefusedError(
            f"The product “{product.title[:60] or product.internal_id[:60]}” cannot be saved.",
            " ".join(f"{name}: {text}" for name, text in problems.items()),
            fields=problems,
        )


def in_minor_units(product: Product, currency: str) -> Product:
    """Return a product whose prices are written with the decimals of the currency."""

    def option(item: ModifierOption) -> ModifierOption:
        return replace(item, price=round_money(item.price, currency))

    groups = tuple(replace(group, options=tuple(map(option, group.options))) for group in product.modifiers)
    return replace(product, price=round_money(product.price, currency), modifiers=groups)


def check_choices(product: Product, chosen: Sequence[str]) -> dict[str, str]:
    """Return what is wrong with the chosen options (by title), a sentence by group."""
    problems: dict[str, str] = {}
    for group in product.modifiers:
        titles = {option.title for option in group.options}
        count = sum(title in titles for title in chosen)
        if count < group.least:
            problems[group.title] = f"Choose at least {group.least}."
        elif group.most and count > group.most:
            problems[group.title] = f"Choose at most {group.most}."
    return problems


def search_text(product: Product) -> str:
    """Return what a search looks through: title and id, without differences of case."""
    return f"{product.title} {product.internal_id}".casefold()
