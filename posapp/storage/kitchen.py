"""The read queries of the kitchen board: tickets with their items, and which of them have changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from posapp.domain.kitchen import Item, Making, keyed, load_making, marked
from posapp.domain.status import Kind, Status
from posapp.storage.fields import from_us, maybe_at, to_us
from posapp.storage.kitchen_rows import Ticket, TicketItem
from posapp.storage.queries import STOPPED_SQL
from posapp.storage.store import Store

_IN_KITCHEN = (
    "SELECT pk FROM orders WHERE status IN ('accepted', 'cooking', 'timing') "
    "UNION ALL SELECT pk FROM orders WHERE status = 'edited' AND accepted_at IS NOT NULL "
    "UNION ALL SELECT order_pk FROM kitchen_orders WHERE struck = 1"
)
_TICKET = (
    "SELECT orders.pk, orders.code, orders.version, coalesce(kitchen.revision, 0), orders.status, "  # noqa: S608 - our own words
    "orders.kind, orders.source, orders.customer_name, orders.comment, orders.accepted_at, "
    "orders.status_at, coalesce(orders.planned_at, orders.due_at), coalesce(kitchen.seen, ''), "
    "coalesce(kitchen.struck, 0), kitchen.ready_at, kitchen.started_for, orders.promised_at, "
    + STOPPED_SQL
    + " FROM orders LEFT JOIN kitchen_orders AS kitchen ON kitchen.order_pk = orders.pk "
)
_LINES = (
    "SELECT order_pk, internal_id, title, quantity, additions, notes, coalesce("
    "(SELECT category FROM dish_categories AS dish WHERE dish.internal_id = line.internal_id "
    "AND line.internal_id <> '' LIMIT 1), "
    "(SELECT category FROM dish_categories AS dish WHERE dish.title = line.title LIMIT 1), '') "
    "FROM order_lines AS line WHERE order_pk IN ({}) ORDER BY order_pk, position"
)
AT_ONCE = 500


class Reader(Protocol):
    """What reads: the store, or a transaction of it."""

    def all(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows."""


def board_states(store: Store) -> dict[int, tuple[int, int]]:
    """Return version and revision of every order that concerns the kitchen, to see which have changed."""
    rows = store.all(
        "SELECT orders.pk, orders.version, coalesce(kitchen.revision, 0) FROM orders "  # noqa: S608 - our own
        "LEFT JOIN kitchen_orders AS kitchen ON kitchen.order_pk = orders.pk "
        f"WHERE orders.pk IN ({_IN_KITCHEN})"
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def tickets(store: Store, pks: Iterable[int]) -> dict[int, Ticket]:
    """Return the tickets of these orders that concern the kitchen; the others are missing."""
    wanted = list(pks)
    result: dict[int, Ticket] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        marks = ", ".join("?" * len(some))
        rows = store.all(f"{_TICKET} WHERE orders.pk IN ({marks}) AND orders.pk IN ({_IN_KITCHEN})", some)
        found = [row[0] for row in rows]
        if not found:
            continue
        items = read_items(store, found)
        ticks, bumps = _ticks(store, found), _bumps(store, found)
        for row in rows:
            ticket = _ticket(
                row, items.get(row[0], ()), ticks.get(row[0], {}), bumps.get(row[0], frozenset())
            )
            result[ticket.pk] = ticket
    return result


def read_items(reader: Reader, pks: Sequence[int]) -> dict[int, tuple[Item, ...]]:
    """Return the items of orders with their keys and categories."""
    if not pks:
        return {}
    lines: dict[int, list[Item]] = {}
    marks = ", ".join("?" * len(pks))
    for pk, internal_id, title, quantity, additions, notes, category in reader.all(_LINES.format(marks), pks):
        extra = tuple(str(name) for _, name in json.loads(additions))
        lines.setdefault(pk, []).append(
            Item(internal_id, title or internal_id, quantity, extra, notes, category)
        )
    return {pk: keyed(each) for pk, each in lines.items()}


def _ticks(reader: Reader, pks: Sequence[int]) -> dict[int, dict[str, dict[str, int]]]:
    marks = ", ".join("?" * len(pks))
    result: dict[int, dict[str, dict[str, int]]] = {}
    sql = f"SELECT order_pk, line_key, section, quantity FROM kitchen_ticks WHERE order_pk IN ({marks})"  # noqa: S608
    for pk, key, section, quantity in reader.all(sql, pks):
        result.setdefault(pk, {}).setdefault(key, {})[section] = quantity
    return result


def _bumps(reader: Reader, pks: Sequence[int]) -> dict[int, frozenset[str]]:
    marks = ", ".join("?" * len(pks))
    result: dict[int, frozenset[str]] = {}
    sql = f"SELECT order_pk, section FROM kitchen_bumps WHERE order_pk IN ({marks})"  # noqa: S608
    for pk, section in reader.all(sql, pks):
        result[pk] = result.get(pk, frozenset()) | {section}
    return result


def _ticket(
    row: tuple[Any, ...],
    items: tuple[Item, ...],
    ticks: Mapping[str, Mapping[str, int]],
    bumped: frozenset[str],
) -> Ticket:
    now, before = Making(items, row[8]), load_making(row[12])
    due = maybe_at(row[11])
    return Ticket(
        pk=row[0],
        code=row[1],
        version=row[2],
        revision=row[3],
        status=Status(row[4]),
        kind=Kind(row[5]),
        source=row[6],
        customer_name=row[7],
        comment=row[8],
        comment_changed=before is not None and before.comment != now.comment,
        accepted_at=maybe_at(row[9]),
        status_at=from_us(row[10]),
        due_at=due,
        items=tuple(TicketItem(each, ticks.get(each.item.key, {})) for each in marked(before, now)),
        struck=bool(row[13]),
        ready_at=maybe_at(row[14]),
        started_by_itself=due is not None and row[15] == to_us(due),
        bumped=bumped,
        promised_at=maybe_at(row[16]),
        stopped=bool(row[17]),
    )
