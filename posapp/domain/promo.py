"""Promos: discounts with a name that the settings list, each for its days and its people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from posapp.domain.discount import Discount, DiscountKind, discount_problem

LONGEST_NAME = 80
MANAGERS = "manager"


@dataclass(frozen=True, slots=True)
class Promo:
    """One promo; `first_day` and `last_day` are the shop's days and belong to it, None is open."""

    name: str
    kind: DiscountKind
    value: Decimal
    first_day: date | None = None
    last_day: date | None = None
    role: str = ""  # MANAGERS: only with a manager; "": everybody who sells
    id: str = field(default="", compare=False)

    @property
    def discount(self) -> Discount:
        """Return it as a cart holds it."""
        return Discount(self.kind, self.value, promo=self.name, promo_id=self.id)

    def runs(self, today: date) -> bool:
        """Tell whether it is given on a day of the shop."""
        return (self.first_day is None or self.first_day <= today) and not self.is_over(today)

    def is_over(self, today: date) -> bool:
        """Tell whether its last day has passed."""
        return self.last_day is not None and self.last_day < today


def promo_problems(promo: Promo, currency: str) -> dict[str, str]:
    """Return what keeps a promo from being saved, a sentence by field; empty when nothing does."""
    problems: dict[str, str] = {}
    if not promo.name.strip() or len(promo.name) > LONGEST_NAME:
        problems["name"] = f"From 1 to {LONGEST_NAME} characters."
    if problem := discount_problem(Discount(promo.kind, promo.value, "x"), currency):
        problems["value"] = problem
    if promo.first_day and promo.last_day and promo.last_day < promo.first_day:
        problems["last_day"] = "It would end before it begins."
    if promo.role not in {"", MANAGERS}:
        problems["role"] = "Use manager, or leave it empty."
    return problems
