"""Carts by chance, in the currencies of the shops, with every kind of discount and rounding."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from posapp.domain.discount import Discount, DiscountKind
from posapp.domain.sale import Sale, SaleLine, SaleModifier

# Read at once: each test gets an environment without settings.
MANY = int(os.environ.get("POSAPP_CARTS", "0"))
CURRENCIES = ("KZT", "NPR", "RUB", "USD", "EUR")
STEPS = ("0", "0.05", "0.50", "1", "5", "10")
RATES = ("0", "0", "5", "12", "13", "20", "10.5")


def how_many(usual: int) -> int:
    """Return how many carts to try: POSAPP_CARTS for the long form (100,000)."""
    return MANY or usual


@dataclass(frozen=True, slots=True)
class Case:
    """A cart with its currency and the step of its cash."""

    sale: Sale
    currency: str
    step: Decimal


def cases(count: int, seed: int) -> Iterator[Case]:
    """Yield so many cases, the same ones for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        yield Case(a_sale(chance), chance.choice(CURRENCIES), Decimal(chance.choice(STEPS)))


def minor(chance: random.Random, most: int) -> Decimal:
    """Return an amount in whole minor units; often round, sometimes zero."""
    if chance.random() < 0.3:
        return Decimal(chance.randrange(most // 100 + 1))
    return Decimal(chance.randrange(most)).scaleb(-2)


def a_discount(chance: random.Random) -> Discount:
    if chance.random() < 0.5:
        percent = Decimal(chance.randrange(1, 10_001)).scaleb(-2)
        return Discount(DiscountKind.PERCENT, percent, "regular")
    return Discount(DiscountKind.AMOUNT, minor(chance, 300_000) + Decimal("0.01"), promo=chance.choice("AB"))


def a_line(chance: random.Random) -> SaleLine:
    modifiers = tuple(
        SaleModifier(f"m{index}", minor(chance, 50_000)) for index in range(chance.choice((0, 0, 1, 2)))
    )
    return SaleLine(
        f"dish {chance.randrange(100)}",
        minor(chance, 900_000),
        chance.choice((1, 1, 1, 2, 3, 7, 12, 999)),
        modifiers=modifiers,
        tax_percent=Decimal(chance.choice(RATES)),
        discount=a_discount(chance) if chance.random() < 0.2 else None,
    )


def a_sale(chance: random.Random) -> Sale:
    lines = tuple(a_line(chance) for _ in range(chance.choice((1, 1, 2, 3, 5, 12))))
    discounts = tuple(a_discount(chance) for _ in range(chance.choice((0, 0, 1, 2))))
    cost = minor(chance, 100_000) if chance.random() < 0.3 else Decimal("0")
    return Sale(lines, discounts=discounts, delivery_cost=cost)
