"""A sale at the counter: what is in the cart and for whom, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from posapp.domain.discount import Discount, shares
from posapp.domain.money import line_total, round_money, total_of

ZERO = Decimal("0")


@dataclass(frozen=True, slots=True)
class SaleModifier:
    """A chosen option with what it adds to the price of one."""

    title: str
    price: Decimal = ZERO
    internal_id: str = ""


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One line of the cart; `id` tells it from the others while it is edited."""

    title: str
    unit_price: Decimal
    quantity: int = 1
    internal_id: str = ""
    modifiers: tuple[SaleModifier, ...] = ()
    notes: str = ""
    tax_percent: Decimal = ZERO
    discount: Discount | None = None
    id: str = ""

    @property
    def price_of_one(self) -> Decimal:
        """Return the price of one with its modifiers."""
        return self.unit_price + total_of(modifier.price for modifier in self.modifiers)


@dataclass(frozen=True, slots=True)
class Buyer:
    """For whom it is, and where it goes; for pickup all of it may be empty."""

    name: str = ""
    phone: str = ""
    address: str = ""
    street: str = ""
    home: str = ""
    apt: str = ""
    entrance: str = ""
    level: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class Sale:
    """A whole cart."""

    lines: tuple[SaleLine, ...] = ()
    kind: str = "pickup"  # a posapp.domain.status.Kind value
    table: str = ""
    buyer: Buyer = field(default_factory=Buyer)
    comment: str = ""
    discounts: tuple[Discount, ...] = ()  # of the whole, one after the other
    delivery_cost: Decimal = ZERO
    due_at: str = ""  # ISO 8601 with offset; "" for as soon as possible
    payment_method: str = ""  # what the customer said, while nothing is paid


@dataclass(frozen=True, slots=True)
class PricedLine:
    """What a line comes to: `total` = `gross` − `discount`; `tax` is contained in it."""

    unit_price: Decimal
    gross: Decimal
    discount: Decimal
    total: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class TaxShare:
    """The tax of one rate: contained in the amounts that make up `base`."""

    percent: Decimal
    base: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class DiscountShare:
    """What one discount came to."""

    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Priced:
    """What a cart comes to: `total` = `products` + `delivery`, `products` = the sum of the lines."""

    lines: tuple[PricedLine, ...]
    gross: Decimal
    discount: Decimal
    products: Decimal
    delivery: Decimal
    total: Decimal
    tax: Decimal
    taxes: tuple[TaxShare, ...]
    discounts: tuple[DiscountShare, ...]


def price_sale(sale: Sale, currency: str) -> Priced:
    """Return what a sale comes to: each line is rounded half up once, each total is the sum of its lines."""
    gross = [line_total(line.price_of_one, line.quantity, currency) for line in sale.lines]
    left = list(gross)
    taken: list[DiscountShare] = []
    for index, line in enumerate(sale.lines):
        if line.discount is not None:
            (off,) = shares(line.discount, [left[index]], currency)
            left[index] -= off
            taken.append(DiscountShare(line.discount.name, off))
    for discount in sale.discounts:
        offs = shares(discount, left, currency)
        left = [amount - off for amount, off in zip(left, offs, strict=True)]
        taken.append(DiscountShare(discount.name, total_of(offs)))
    lines = tuple(
        PricedLine(
            round_money(line.price_of_one, currency),
            whole,
            whole - net,
            net,
            tax_in(net, line.tax_percent, currency),
        )
        for line, whole, net in zip(sale.lines, gross, left, strict=True)
    )
    products = round_money(total_of(left), currency)
    delivery = round_money(sale.delivery_cost, currency)
    return Priced(
        lines=lines,
        gross=round_money(total_of(gross), currency),
        discount=round_money(total_of(line.discount for line in lines), currency),
        products=products,
        delivery=delivery,
        total=products + delivery,
        tax=round_money(total_of(line.tax for line in lines), currency),
        taxes=_by_rate(sale.lines, lines),
        discounts=_by_name(taken),
    )


def tax_in(amount: Decimal, percent: Decimal, currency: str) -> Decimal:
    """Return the tax of so many percent that an amount contains."""
    return round_money(amount * percent / (100 + percent), currency)


def _by_rate(lines: Iterable[SaleLine], priced: Iterable[PricedLine]) -> tuple[TaxShare, ...]:
    found: dict[Decimal, TaxShare] = {}
    for line, result in zip(lines, priced, strict=True):
        rate = line.tax_percent.normalize() + 0
        if not rate:
            continue
        before = found.get(rate, TaxShare(rate, ZERO, ZERO))
        found[rate] = TaxShare(rate, before.base + result.total, before.tax + result.tax)
    return tuple(found[rate] for rate in sorted(found))


def _by_name(taken: Iterable[DiscountShare]) -> tuple[DiscountShare, ...]:
    found: dict[str, Decimal] = {}
    for share in taken:
        found[share.name] = found.get(share.name, ZERO) + share.amount
    return tuple(DiscountShare(name, amount) for name, amount in found.items())
