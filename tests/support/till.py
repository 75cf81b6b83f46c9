"""A counter with a few products, for tests of sales."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from posapp.domain.catalogue import ModifierGroup, ModifierOption, Product
from posapp.domain.payment import Tender
from posapp.domain.sale import Sale, SaleLine
from posapp.domain.sale_rules import SaleRules
from posapp.domain.status import PaymentMethod
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA

RULES = SaleRules("KZT", ZoneInfo("Asia/Almaty"))
CASH = Tender(PaymentMethod.CASH)
CARD = Tender(PaymentMethod.CARD, reference="0077")
SIZES = ModifierGroup("Size", (ModifierOption("S"), ModifierOption("L", Decimal("300.00"), "l-1")), 1, 1)


def pizza(**changes: Any) -> Product:
    values: dict[str, Any] = {
        "price": Decimal("2600.00"),
        "category": "Pizza",
        "tax_percent": Decimal("12"),
    } | changes
    return Product(values.pop("internal_id", "p-1"), values.pop("title", "Маргарита"), **values)


def a_line(price: str = "2600.00", quantity: int = 1, **more: Any) -> SaleLine:
    return SaleLine(more.pop("title", "Маргарита"), Decimal(price), quantity, **more)


def a_sale(*lines: SaleLine, **more: Any) -> Sale:
    return Sale(lines or (a_line(),), **more)


def sums(store: Store, table: str) -> int:
    row = store.one(f"SELECT count(*) FROM {table}")  # noqa: S608 - a name of the test
    return int(row[0]) if row else 0


def events(store: Store, pk: int | None = None) -> list[str]:
    where = "order_pk IS NULL" if pk is None else f"order_pk = {pk}"
    return [row[0] for row in store.all(f"SELECT kind FROM events WHERE {where} ORDER BY pk")]  # noqa: S608


__all__ = ["ANNA", "CARD", "CASH", "RULES", "SIZES", "a_line", "a_sale", "events", "pizza", "sums"]
