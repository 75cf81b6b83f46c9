"""What a shop tells around its orders: districts, delivery costs, products and taxes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

PriceClasses = tuple[Decimal, Decimal, Decimal]  # by delivery class: 0, 1, 2


@dataclass(frozen=True, slots=True)
class ShopDistrict:
    """A district: whether the shop delivers there, and at what prices if it says so."""

    name: str
    deliverable: bool
    costs: PriceClasses | None = None


@dataclass(frozen=True, slots=True)
class DeliveryCost:
    """What the delivery to a district costs, in one of the shop's currencies."""

    district: str
    costs: PriceClasses
    price_unit: str = ""  # "Nrs." or "$"


@dataclass(frozen=True, slots=True)
class ShopProduct:
    """A product of the shop's own catalogue; `address` names it in carts."""

    remote_id: str
    address: str
    name: str
    price: Decimal
    discount_percent: Decimal = Decimal("0")
    final_cost: Decimal | None = None  # after the discount, where the shop says it
    price_unit: str = ""
    description: str = ""
    slug: str = ""
    sku: str = ""
    active: bool = True
    stock: Decimal | None = None  # None: the shop does not say
    stock_unit: str = ""
    tax: str = ""  # its address
    category: str = ""  # its address


@dataclass(frozen=True, slots=True)
class ShopTax:
    """A tax that products name by its address; it is contained in their prices."""

    remote_id: str
    address: str
    name: str
    percent: Decimal


def cost_of(
    costs: Iterable[DeliveryCost], others: PriceClasses | None, delivery_class: int, price_unit: str = ""
) -> Decimal | None:
    """Return what a delivery costs of the prices of one district; `others` are those without a currency."""
    if delivery_class not in range(3):
        return None
    found = next((cost.costs for cost in costs if price_unit in {"", cost.price_unit}), others)
    return found[delivery_class] if found else None


@dataclass(frozen=True, slots=True)
class ShopInfo:
    """All of it as it was read; what could not be read is told."""

    districts: tuple[ShopDistrict, ...] = ()
    delivery_costs: tuple[DeliveryCost, ...] = ()
    products: tuple[ShopProduct, ...] = ()
    taxes: tuple[ShopTax, ...] = ()
    skipped: int = 0  # rows that made no sense
    problems: tuple[str, ...] = ()  # sentences: what could not be read at all, or not to its end

    def shipping_cost(self, district: str, delivery_class: int, price_unit: str = "") -> Decimal | None:
        """Return what a delivery costs, None where the shop does not say; without a unit in any currency."""
        known = [cost for cost in self.delivery_costs if cost.district == district]
        others = next((item.costs for item in self.districts if item.name == district), None)
        return cost_of(known, others, delivery_class, price_unit)

    def tax_percent(self, product: ShopProduct) -> Decimal | None:
        """Return a product's tax, None where the shop does not say."""
        return next((tax.percent for tax in self.taxes if tax.address == product.tax), None)
