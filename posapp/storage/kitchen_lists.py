"""Further read queries of the kitchen: the last bumped orders, the median, and who waits for the schedule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import median

from posapp.domain.kitchen import Item
from posapp.domain.status import Kind
from posapp.storage.fields import from_us, to_us
from posapp.storage.kitchen import AT_ONCE, read_items
from posapp.storage.kitchen_rows import Bumped
from posapp.storage.store import Store

RECALLS = 8


def last_bumped(store: Store, section: str, *, limit: int = RECALLS) -> tuple[Bumped, ...]:
    """Return what a section bumped last and is still here, the latest first."""
    rows = store.all(
        "SELECT order_pk, code, at, actor FROM (SELECT bump.order_pk, orders.code, bump.at, bump.actor, "
        "bump.pk, "
        "row_number() OVER (PARTITION BY bump.order_pk ORDER BY bump.at DESC, bump.pk DESC) AS place "
        "FROM kitchen_bumps AS bump JOIN orders ON orders.pk = bump.order_pk "
        "WHERE orders.status = 'cooking' AND ? IN ('', bump.section)) AS bumped "
        "WHERE place = 1 ORDER BY at DESC, pk DESC LIMIT ?",
        (section, limit),
    )
    items = read_items(store, [row[0] for row in rows])
    return tuple(
        Bumped(
            row[0],
            row[1],
            from_us(row[2]),
            row[3],
            _first_title(items.get(row[0], ())),
            _pieces(items.get(row[0], ())),
        )
        for row in rows
    )


def _first_title(items: Sequence[Item]) -> str:
    return items[0].title if items else ""


def _pieces(items: Sequence[Item]) -> int:
    return sum(item.quantity for item in items)


def median_seconds(store: Store, day_start: datetime) -> int | None:
    """Return the median time from acceptance to ready of the orders that got ready since `day_start`."""
    rows = store.all(
        "SELECT kitchen.ready_at - orders.accepted_at FROM kitchen_orders AS kitchen "
        "JOIN orders ON orders.pk = kitchen.order_pk "
        "WHERE kitchen.ready_at >= ? AND orders.accepted_at IS NOT NULL",
        (to_us(day_start),),
    )
    times = [row[0] for row in rows if row[0] >= 0]
    return int(median(times)) // 1_000_000 if times else None


def ready_since(store: Store, pks: Iterable[int]) -> dict[int, datetime]:
    """Return since when these orders wait for the courier or the customer; those not ready are missing."""
    wanted = list(pks)
    result: dict[int, datetime] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        marks = ", ".join("?" * len(some))
        sql = (
            "SELECT order_pk, ready_at FROM kitchen_orders "  # noqa: S608 - marks only
            f"WHERE ready_at IS NOT NULL AND order_pk IN ({marks})"
        )
        result.update((pk, from_us(at)) for pk, at in store.all(sql, some))
    return result


def started_by_themselves(store: Store, after_event: int) -> tuple[int, tuple[tuple[int, str], ...]]:
    """Return the number of the last event, and the orders that the schedule started after `after_event`."""
    top = store.one("SELECT coalesce(max(pk), 0) FROM events")
    last = int(top[0]) if top else 0
    if after_event >= last or after_event < 0:
        return last, ()
    rows = store.all(
        "SELECT events.order_pk, orders.code FROM events JOIN orders ON orders.pk = events.order_pk "
        "WHERE events.pk > ? AND events.pk <= ? AND events.kind = 'auto_started' ORDER BY events.pk",
        (after_event, last),
    )
    return last, tuple((int(pk), str(code)) for pk, code in rows)


def waiting_for_their_time(store: Store) -> list[tuple[int, Kind, datetime, bool]]:
    """Return the scheduled orders that have a time: key, kind, time, and whether it started them already."""
    rows = store.all(
        "SELECT orders.pk, orders.kind, coalesce(orders.planned_at, orders.due_at) AS due, "
        "kitchen.started_for FROM orders LEFT JOIN kitchen_orders AS kitchen ON kitchen.order_pk = orders.pk "
        "WHERE orders.status = 'timing' AND coalesce(orders.planned_at, orders.due_at) IS NOT NULL"
    )
    return [(pk, Kind(kind), from_us(due), started == due) for pk, kind, due, started in rows]
