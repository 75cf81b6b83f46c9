"""The read queries of the catalogue, and its rows written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec

from posapp.domain.catalogue import Category, ModifierGroup, Product, search_text
from posapp.storage.fields import maybe_at, maybe_us, to_us
from posapp.storage.reader import Reader, to_text
from posapp.storage.store import Transaction

SEARCH_LIMIT = 60
NO_LIMIT = 1_000_000
_COLUMNS = (
    "products.internal_id, products.title, products.weight, coalesce(categories.name, ''), products.colour, "
    "products.icon, products.station, products.address, products.price, products.tax_percent, "
    "products.modifiers, products.deleted, products.sold_out_until, products.position, products.version, "
    "products.pk"
)
_FROM = f"SELECT {_COLUMNS} FROM products LEFT JOIN categories ON categories.pk = products.category_pk "  # noqa: S608
_STATIONS = (
    "SELECT products.internal_id, products.title, products.station, coalesce(categories.station, '') "
    "FROM products LEFT JOIN categories ON categories.pk = products.category_pk"
)
_PLAIN = ("internal_id", "title", "weight", "category", "colour", "icon", "station", "address")
_GRID = "coalesce(categories.position, 1000000), categories.name, products.position, products.title"


def _product(row: tuple[Any, ...]) -> Product:
    return Product(
        **dict(zip(_PLAIN, row[:8], strict=True)),
        price=Decimal(row[8]),
        tax_percent=Decimal(row[9]),
        modifiers=msgspec.json.decode(row[10], type=tuple[ModifierGroup, ...]),
        deleted=bool(row[11]),
        sold_out_until=maybe_at(row[12]),
        position=row[13],
        version=row[14],
        pk=row[15],
    )


def products(
    reader: Reader, *, category: str = "", with_deleted: bool = False, limit: int = NO_LIMIT
) -> tuple[Product, ...]:
    """Return the products in the order of the grid, all or those of a category."""
    where = ["1 = 1" if with_deleted else "products.deleted = 0"]
    params: list[object] = []
    if category:
        where.append("categories.name = ?")
        params.append(category)
    found = reader.all(f"{_FROM} WHERE {' AND '.join(where)} ORDER BY {_GRID} LIMIT ?", (*params, limit))
    return tuple(_product(row) for row in found)


def search_products(reader: Reader, text: str, limit: int = SEARCH_LIMIT) -> tuple[Product, ...]:
    """Return the products whose title or id has every word typed, those that begin with it first."""
    words = text.casefold().split()[:8]
    if not words:
        return products(reader, limit=limit)
    marks = [f"%{like_pattern(word)}%" for word in words]
    where = " AND ".join(["products.search LIKE ? ESCAPE '\\'"] * len(words))
    first = like_pattern(words[0])
    found = reader.all(
        f"{_FROM} WHERE products.deleted = 0 AND {where} ORDER BY "
        f"products.search LIKE ? ESCAPE '\\' DESC, products.search LIKE ? ESCAPE '\\' DESC, {_GRID} LIMIT ?",
        (*marks, f"{first}%", f"% {first}%", limit),
    )
    return tuple(_product(row) for row in found)


def like_pattern(word: str) -> str:
    """Return a word for LIKE, with an escaped sign for each that means something there."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def product(reader: Reader, internal_id: str) -> Product | None:
    """Return one product, None when there is none of this id."""
    row = reader.one(f"{_FROM} WHERE products.internal_id = ?", (internal_id,))
    return None if row is None else _product(row)


def products_by_id(reader: Reader, internal_ids: Iterable[str]) -> dict[str, Product]:
    """Return the products with these ids, as far as there are any."""
    wanted = list(dict.fromkeys(internal_ids))
    result: dict[str, Product] = {}
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        marks = ", ".join("?" * len(some))
        for row in reader.all(f"{_FROM} WHERE products.internal_id IN ({marks})", some):
            result[row[0]] = _product(row)
    return result


def stations_of(reader: Reader, dishes: Sequence[tuple[str, str]]) -> list[str]:
    """Return the kitchen station of each dish (its id or "", its title), "" where none is known.

    A dish without a station of its own is made at that of its category.
    """
    names = list(dict.fromkeys(text for dish in dishes for text in dish if text))
    known: dict[str, str] = {}
    for start in range(0, len(names), 400):
        some = names[start : start + 400]
        marks = ", ".join("?" * len(some))
        where = f"WHERE products.internal_id IN ({marks}) OR products.title IN ({marks})"
        query = f"{_STATIONS} {where} ORDER BY products.deleted DESC, products.pk DESC"
        for internal_id, title, own, shared in reader.all(query, (*some, *some)):
            known[f"title {title}"] = known[f"id {internal_id}"] = own or shared
    return [known.get(f"id {name}", known.get(f"title {title}", "")) for name, title in dishes]


def categories(reader: Reader) -> tuple[Category, ...]:
    """Return the categories in the order of the grid."""
    rows = reader.all(
        "SELECT name, position, colour, icon, station, pk FROM categories ORDER BY position, name"
    )
    return tuple(Category(*row) for row in rows)


def category_key(tx: Transaction, name: str) -> int | None:
    """Return the key of a category, made at the end of the grid when it is new; None for no name."""
    if not name:
        return None
    row = tx.one("SELECT pk FROM categories WHERE name = ?", (name,))
    if row is None:
        row = tx.one(
            "INSERT INTO categories(name, position, colour, icon) "
            "SELECT ?, coalesce(max(position), 0) + 1, '', '' FROM categories RETURNING pk",
            (name,),
        )
    assert row is not None  # noqa: S101 - an insert returns its key
    return int(row[0])


def write_product(tx: Transaction, item: Product) -> Product:
    """Write a product, new or over the row with its id, and return it with its new version."""
    row = tx.one(
        "INSERT INTO products(internal_id, title, weight, price, category_pk, colour, icon, station, "
        "tax_percent, modifiers, deleted, sold_out_until, position, address, search, version, changed_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?) ON CONFLICT(internal_id) DO UPDATE SET "
        "title = excluded.title, weight = excluded.weight, price = excluded.price, "
        "category_pk = excluded.category_pk, colour = excluded.colour, icon = excluded.icon, "
        "station = excluded.station, tax_percent = excluded.tax_percent, modifiers = excluded.modifiers, "
        "deleted = excluded.deleted, sold_out_until = excluded.sold_out_until, "
        "position = excluded.position, address = excluded.address, search = excluded.search, "
        "version = products.version + 1, changed_at = excluded.changed_at RETURNING version, pk",
        (
            item.internal_id,
            item.title,
            item.weight,
            str(item.price),
            category_key(tx, item.category),
            item.colour,
            item.icon,
            item.station,
            str(item.tax_percent),
            to_text(item.modifiers),
            int(item.deleted),
            maybe_us(item.sold_out_until),
            item.position,
            item.address,
            search_text(item),
            to_us(tx.now),
        ),
    )
    assert row is not None  # noqa: S101 - an insert returns its row
    return replace(item, version=row[0], pk=row[1])
