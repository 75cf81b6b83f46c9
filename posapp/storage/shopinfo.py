"""What staff shops told around their orders: the read queries, and its rows written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from posapp.domain.catalogue import Product
from posapp.domain.shopinfo import DeliveryCost, PriceClasses, ShopInfo, cost_of
from posapp.storage.catalogue import like_pattern, search_products
from posapp.storage.fields import from_us, to_us
from posapp.storage.reader import Reader
from posapp.storage.store import Transaction

SEARCH_LIMIT = 60
_TABLES = ("shop_districts", "shop_delivery_costs", "shop_taxes", "shop_products")
_SERVED = "SELECT count(*) FROM shop_districts WHERE remote = ? AND deliverable = 1"
_COSTS = "SELECT district, price_unit, class_a, class_b, class_c FROM shop_delivery_costs"
_OTHERS = "SELECT name, class_a, class_b, class_c FROM shop_districts WHERE class_a IS NOT NULL"
# Each table's columns; those up to the colon are its key.
_COLUMNS = {
    "shop_districts": "remote, name: deliverable, class_a, class_b, class_c",
    "shop_delivery_costs": "remote, district, price_unit: class_a, class_b, class_c",
    "shop_taxes": "remote, remote_id: address, name, percent",
    "shop_products": (
        "remote, remote_id: address, name, price, discount_percent, final_cost, price_unit, description, "
        "sku, active, stock, stock_unit, tax, category, search"
    ),
}


@dataclass(frozen=True, slots=True)
class FetchedInfo:
    """What is known of a shop: when it was asked, how much there is, what could not be read."""

    fetched_at: datetime
    districts: int
    deliverable: int
    delivery_costs: int
    taxes: int
    products: int
    skipped: int
    problems: tuple[str, ...]


def fetched_info(reader: Reader) -> dict[str, FetchedInfo]:
    """Return what is known of each shop that was asked."""
    found: dict[str, FetchedInfo] = {}
    for remote, at, skipped, problems in reader.all(
        "SELECT remote, fetched_at, skipped, problems FROM shop_info"
    ):
        counts = {name: _count(reader, name, remote) for name in _TABLES}
        served = reader.one(_SERVED, (remote,))
        found[remote] = FetchedInfo(
            fetched_at=from_us(at),
            districts=counts["shop_districts"],
            deliverable=int(served[0]) if served else 0,
            delivery_costs=counts["shop_delivery_costs"],
            taxes=counts["shop_taxes"],
            products=counts["shop_products"],
            skipped=skipped,
            problems=tuple(problems.splitlines()),
        )
    return found


def _count(reader: Reader, table: str, remote: str) -> int:
    row = reader.one(f"SELECT count(*) FROM {table} WHERE remote = ?", (remote,))  # noqa: S608 - our own names
    return int(row[0]) if row else 0


def shipping_cost(
    reader: Reader, remote: str, district: str, delivery_class: int, price_unit: str = ""
) -> Decimal | None:
    """Return what a shop asks for a delivery, None where it does not say; without a unit in any currency."""
    rows = reader.all(f"{_COSTS} WHERE remote = ? AND district = ? ORDER BY price_unit", (remote, district))
    others = reader.one(f"{_OTHERS} AND remote = ? AND name = ?", (remote, district))
    known = [DeliveryCost(row[0], _classes(row[2:]), row[1]) for row in rows]
    return cost_of(known, _classes(others[1:]) if others else None, delivery_class, price_unit)


@dataclass(frozen=True, slots=True)
class CostTable:
    """All delivery prices of one shop, to be asked without waiting for the database."""

    costs: dict[str, tuple[DeliveryCost, ...]]  # by district
    others: dict[str, PriceClasses]

    def shipping_cost(self, district: str, delivery_class: int, price_unit: str = "") -> Decimal | None:
        """Return what a delivery costs, as `shipping_cost` does."""
        return cost_of(self.costs.get(district, ()), self.others.get(district), delivery_class, price_unit)


def cost_tables(reader: Reader) -> dict[str, CostTable]:
    """Return the delivery prices of all shops that were asked."""
    tables: dict[str, CostTable] = {}
    for (remote,) in reader.all("SELECT remote FROM shop_info"):
        costs: dict[str, tuple[DeliveryCost, ...]] = {}
        for row in reader.all(f"{_COSTS} WHERE remote = ? ORDER BY price_unit", (remote,)):
            cost = DeliveryCost(row[0], _classes(row[2:]), row[1])
            costs[cost.district] = (*costs.get(cost.district, ()), cost)
        others = reader.all(f"{_OTHERS} AND remote = ?", (remote,))
        tables[remote] = CostTable(costs, {row[0]: _classes(row[1:]) for row in others})
    return tables


def _classes(row: tuple[Any, ...]) -> PriceClasses:
    return Decimal(row[0]), Decimal(row[1]), Decimal(row[2])


def has_products(reader: Reader, remote: str) -> bool:
    """Tell whether the products of a shop are known."""
    return reader.one("SELECT 1 FROM shop_products WHERE remote = ? LIMIT 1", (remote,)) is not None


def search_shop_products(
    reader: Reader, remote: str, text: str, limit: int = SEARCH_LIMIT
) -> tuple[Product, ...]:
    """Return the products that a shop sells whose name has every word typed, at the price that it asks."""
    words = text.casefold().split()[:8]
    where = "".join(" AND search LIKE ? ESCAPE '\\'" for _ in words)
    marks = [f"%{like_pattern(word)}%" for word in words]
    rows = reader.all(
        "SELECT remote_id, name, coalesce(final_cost, price), address, description FROM shop_products "  # noqa: S608
        f"WHERE remote = ? AND active = 1{where} ORDER BY name, remote_id LIMIT ?",
        (remote, *marks, limit),
    )
    return tuple(Product(row[0], row[1], Decimal(row[2]), weight=row[4], address=row[3]) for row in rows)


def products_to_add(reader: Reader, remote: str, text: str, limit: int = SEARCH_LIMIT) -> tuple[Product, ...]:
    """Return what may be added to an order: of the shop's own products where they are known, else of ours."""
    if remote and has_products(reader, remote):
        return search_shop_products(reader, remote, text, limit)
    return search_products(reader, text, limit)


def write_shop_info(tx: Transaction, remote: str, info: ShopInfo) -> None:
    """Write what a shop told; where something could not be read, what was known of it stays."""
    if not info.problems:
        forget_rows(tx, remote)
    rows: dict[str, Iterable[tuple[Any, ...]]] = {
        "shop_districts": (
            (remote, item.name, int(item.deliverable), *_texts(item.costs)) for item in info.districts
        ),
        "shop_delivery_costs": (
            (remote, item.district, item.price_unit, *_texts(item.costs)) for item in info.delivery_costs
        ),
        "shop_taxes": (
            (remote, item.remote_id, item.address, item.name, str(item.percent)) for item in info.taxes
        ),
        "shop_products": _product_rows(remote, info),
    }
    for table, found in rows.items():
        tx.executemany(_upsert(table, _COLUMNS[table]), list(found))
    note = (remote, to_us(tx.now), info.skipped, "\n".join(info.problems))
    tx.execute(_upsert("shop_info", "remote: fetched_at, skipped, problems"), note)


def _upsert(table: str, columns: str) -> str:
    key, _, values = columns.partition(": ")
    names = [*key.split(", "), *values.split(", ")]
    marks = ", ".join("?" * len(names))
    news = ", ".join(f"{name} = excluded.{name}" for name in values.split(", "))
    return (
        f"INSERT INTO {table}({', '.join(names)}) VALUES ({marks}) "  # noqa: S608 - our own names
        f"ON CONFLICT({key}) DO UPDATE SET {news}"
    )


def forget_rows(tx: Transaction, remote: str) -> None:
    """Forget what a shop told."""
    for table in ("shop_info", *_TABLES):
        tx.execute(f"DELETE FROM {table} WHERE remote = ?", (remote,))  # noqa: S608 - our own names


def _product_rows(remote: str, info: ShopInfo) -> Iterable[tuple[Any, ...]]:
    for item in info.products:
        yield (
            remote,
            item.remote_id,
            item.address,
            item.name,
            str(item.price),
            str(item.discount_percent),
            None if item.final_cost is None else str(item.final_cost),
            item.price_unit,
            item.description,
            item.sku,
            int(item.active),
            None if item.stock is None else str(item.stock),
            item.stock_unit,
            item.tax,
            item.category,
            f"{item.name} {item.sku}".casefold(),
        )


def _texts(costs: PriceClasses | None) -> tuple[str | None, ...]:
    return (None, None, None) if costs is None else tuple(str(cost) for cost in costs)
