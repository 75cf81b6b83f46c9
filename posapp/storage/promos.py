"""The read queries of promos."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from posapp.domain.discount import DiscountKind
from posapp.domain.promo import Promo
from posapp.storage.reader import Reader

_PROMO = "SELECT id, name, kind, value, first_day, last_day, role FROM promos"


def promos(reader: Reader) -> tuple[Promo, ...]:
    """Return all promos by name."""
    return tuple(_promo(row) for row in reader.all(f"{_PROMO} ORDER BY name"))


def promo(reader: Reader, promo_id: str) -> Promo | None:
    """Return one promo, None when there is none of this id."""
    row = reader.one(f"{_PROMO} WHERE id = ?", (promo_id,))
    return None if row is None else _promo(row)


def promo_called(reader: Reader, name: str) -> Promo | None:
    """Return the promo of a name as people type it, None when there is none."""
    wanted = " ".join(name.split()).casefold()
    return next((one for one in promos(reader) if one.name.casefold() == wanted), None)


def _promo(row: tuple[Any, ...]) -> Promo:
    first, last = (date.fromisoformat(text) if text else None for text in row[4:6])
    return Promo(row[1], DiscountKind(row[2]), Decimal(row[3]), first, last, row[6], row[0])
