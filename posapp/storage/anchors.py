"""Any place of a list of a million at once: every 1,024th key is known, and the way from there is short."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.timing import Targets
from posapp.storage.queries import Key, order_page, walk
from posapp.storage.rows import OrderFilter, Page
from posapp.storage.store import Store

STEP = 1024
_AT_ONCE = 4  # so many in one reading: other jobs come in between


@dataclass(frozen=True, slots=True)
class Anchors:
    """The keys of the last row of every full stretch of `STEP` rows, as far as they were looked for.

    Places count from when they were made: what comes in later at the top moves no other row to another place.
    """

    keys: tuple[Key, ...] = ()
    total: int = 0  # rows in the list, as far as they were counted
    whole: bool = False


def more_anchors(store: Store, chosen: OrderFilter, known: Anchors) -> Anchors:
    """Look for the next few anchors."""
    keys = list(known.keys)
    for _ in range(_AT_ONCE):
        where, params, key, direction = walk(store, chosen, keys[-1] if keys else None)
        found = store.one(
            f"SELECT {key}, orders.pk FROM orders WHERE {where} "  # noqa: S608 - our own column names
            f"ORDER BY {key} {direction}, orders.pk {direction} LIMIT 1 OFFSET {STEP - 1}",
            params,
        )
        if found is None:
            rest = store.one(
                f"SELECT count(*) FROM (SELECT 1 FROM orders WHERE {where} LIMIT {STEP}) AS found",  # noqa: S608
                params,
            )
            return Anchors(tuple(keys), len(keys) * STEP + (int(rest[0]) if rest else 0), whole=True)
        keys.append((int(found[0]), int(found[1])))
    return Anchors(tuple(keys), len(keys) * STEP)


def page_at(
    store: Store, chosen: OrderFilter, targets: Targets, anchors: Anchors, place: int, limit: int
) -> Page:
    """Return the rows from a place on."""
    stretch = min(place // STEP, len(anchors.keys))
    after = anchors.keys[stretch - 1] if stretch else None
    return order_page(store, chosen, targets, after=after, limit=limit, skip=place - stretch * STEP)
