"""The whole menu as a screen shows it, with how each dish stands at the shops; the order of categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from posapp.domain.catalogue import Category, Product
from posapp.domain.people import Right
from posapp.domain.publish import product_body
from posapp.domain.status import RowState
from posapp.domain.who import Who
from posapp.services.permits import permit
from posapp.services.publishing import Shop
from posapp.storage.catalogue import categories, products
from posapp.storage.details import remote_rows
from posapp.storage.feed import Topic
from posapp.storage.fields import from_us
from posapp.storage.publishing import open_states, published_states
from posapp.storage.store import Store


class Standing(StrEnum):
    """How a product stands at the shops; the gravest where they differ."""

    NONE = ""  # no shop takes it, or has ever had it
    PUBLISHED = "published"
    CHANGED = "changed"  # other here than at the shop, and not queued
    WAITING = "waiting"
    REFUSED = "refused"


_GRAVITY = tuple(Standing)


@dataclass(frozen=True, slots=True)
class Place:
    """How one product stands: since when the shops have it, or which shop refuses it and why."""

    standing: Standing = Standing.NONE
    at: datetime | None = None
    shop: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class ShopMenu:
    """How one shop stands: how many products wait to be queued, are on their way, and were refused."""

    name: str
    changed: int
    waiting: int
    refused: int
    last_at: datetime | None
    trouble: str = ""  # why the shop cannot be reached, "" while it can


@dataclass(frozen=True, slots=True)
class Menu:
    """All products with the deleted ones, the categories, and how it stands with the shops."""

    products: tuple[Product, ...] = ()
    categories: tuple[Category, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    shops: tuple[ShopMenu, ...] = ()


def read_menu(store: Store, shops: Sequence[Shop]) -> Menu:
    """Read all of it; some tenths of a second for thousands of products."""
    found = products(store, with_deleted=True)
    places: dict[str, Place] = {}
    troubles = {row.name: row.trouble for row in remote_rows(store)}
    figures = tuple(
        replace(_at_shop(store, shop, found, places), trouble=troubles.get(shop.name, "")) for shop in shops
    )
    return Menu(found, categories(store), places, figures)


def _at_shop(store: Store, shop: Shop, items: Sequence[Product], places: dict[str, Place]) -> ShopMenu:
    queued, has, now = open_states(store, shop.name), published_states(store, shop.name), store.clock()
    counts = dict.fromkeys(Standing, 0)
    for item in items:
        body = product_body(item, shop.currency, now, hide_sold_out=shop.hide_sold_out)
        place = _place(shop.name, item, body, queued.get(item.internal_id), has.get(item.internal_id))
        counts[place.standing] += 1
        before = places.get(item.internal_id)
        if before is None or _GRAVITY.index(place.standing) > _GRAVITY.index(before.standing):
            places[item.internal_id] = place
    last = max((at for _, at in has.values()), default=None)
    return ShopMenu(
        shop.name,
        counts[Standing.CHANGED],
        counts[Standing.WAITING],
        counts[Standing.REFUSED],
        None if last is None else from_us(last),
    )


def _place(
    shop: str, item: Product, body: str, queued: tuple[str, str, str] | None, has: tuple[str, int] | None
) -> Place:
    if queued is not None:
        text, state, why = queued
        if text != body:
            return Place(Standing.CHANGED, shop=shop)
        return Place(Standing.REFUSED if state == RowState.PARKED else Standing.WAITING, shop=shop, why=why)
    if has is None:
        return Place(Standing.NONE if item.deleted else Standing.CHANGED, shop=shop)
    return Place(Standing.PUBLISHED if has[0] == body else Standing.CHANGED, from_us(has[1]), shop)


def order_categories(store: Store, names: Sequence[str], who: Who, *, origin: str = "") -> None:
    """Put the categories into this order; those that are not named come after, as they are."""
    with store.write(origin) as tx:
        permit(tx, who, Right.CATALOGUE)
        rest = [item.name for item in categories(tx) if item.name not in names]
        tx.executemany(
            "UPDATE categories SET position = ? WHERE name = ?",
            [(place, name) for place, name in enumerate([*names, *rest], start=1)],
        )
        tx.event(None, "categories_ordered", who, {"count": str(len(names))})
        tx.touch(None, Topic.CATALOGUE)
