"""Products on their way to a shop: what is sent, the rows of the queue, and the effects of a decision."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from posapp.domain.catalogue import Product
from posapp.domain.money import round_money
from posapp.domain.status import RowState

_FORMATS = frozenset({"internal"})


def takes_products(format_name: str) -> bool:
    """Tell whether shops of a format have calls for a catalogue."""
    return format_name in _FORMATS


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A state of a product that is not settled yet."""

    seq: int
    internal_id: str
    body: str  # JSON, as the shop gets it
    state: RowState
    single: bool  # not to be sent together with others
    batch: str  # the shop's number of the import that it is in
    attempts: int
    created_at: datetime
    not_before: datetime | None
    last_at: datetime | None
    unknown_at: datetime | None  # the last try that may still arrive


@dataclass(frozen=True, slots=True)
class Published:
    """The shop has these."""

    rows: tuple[ProductRow, ...]


@dataclass(frozen=True, slots=True)
class InBatch:
    """The shop has taken these in and works on them under a number; look again then."""

    rows: tuple[ProductRow, ...]
    batch: str
    look_at: datetime


@dataclass(frozen=True, slots=True)
class Singly:
    """Something is wrong with one of these: each is sent by itself, so that it shows which."""

    rows: tuple[ProductRow, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Again:
    """These wait for another try; `unknown` when this one may still arrive."""

    rows: tuple[ProductRow, ...]
    at: datetime
    why: str
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The shop refuses these; a person has to look."""

    rows: tuple[ProductRow, ...]
    why: str


PublishEffect = Published | InBatch | Singly | Again | Refused


def product_body(product: Product, currency: str, now: datetime, *, hide_sold_out: bool) -> str:
    """Return what a shop gets of a product, as JSON text; equal products give equal texts."""
    content: dict[str, Any] = {
        "internal_id": product.internal_id,
        "title": product.title,
        "weight": product.weight,
        "price": f"{round_money(product.price, currency):f}",
        "deleted": product.deleted or (hide_sold_out and product.sold_out(now)),
    }
    return json.dumps(content, ensure_ascii=False)
