"""The read queries of dispatch: what is to be handed over, who has what, and the cash that comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from posapp.domain.dispatch import Collect, area_of, back_at, to_collect
from posapp.domain.timing import Targets
from posapp.storage.fields import from_us, maybe_at
from posapp.storage.queries import ROW_COLUMNS, STOPPED_SQL, order_row
from posapp.storage.reader import Reader
from posapp.storage.rows import OrderRow
from posapp.storage.store import Store, Transaction

_MORE = (
    "orders.format, orders.district, orders.street, orders.sent_at, kitchen_orders.ready_at, " + STOPPED_SQL
)
_NOTHING = Decimal(0)
_ROW_WIDTH = ROW_COLUMNS.count(",") + 1
_FROM = "FROM orders LEFT JOIN kitchen_orders ON kitchen_orders.order_pk = orders.pk"
_COURIERS = (
    "SELECT pk, id, name, initials, colour, on_duty, duty_at, version FROM couriers "
    "WHERE removed_at IS NULL ORDER BY created_at, pk"
)
# What couriers were given and have not accounted for yet. The couriers are named, and the status is wrapped
# where no index can find it, so that it begins at these few and not at the orders of a status or at all that
# was ever given: a million.
_OWED = (
    "SELECT assignments.courier_pk, orders.currency, orders.format, orders.payment_method, "
    "orders.payment_status, orders.total, orders.change_from, assignments.order_pk FROM assignments "
    "JOIN orders ON orders.pk = assignments.order_pk "
    "WHERE assignments.courier_pk IN (SELECT pk FROM couriers) AND assignments.ended_at IS NULL "
    "AND assignments.settled_at IS NULL AND coalesce(orders.status, '') = 'delivered'"
)
_OWED_BY_ONE = _OWED.replace("IN (SELECT pk FROM couriers)", "= ?")
_CANCELLED = (
    "SELECT assignments.order_pk, assignments.courier_pk FROM assignments "
    "JOIN orders ON orders.pk = assignments.order_pk "
    "WHERE assignments.courier_pk IN (SELECT pk FROM couriers) AND assignments.ended_at IS NULL "
    "AND assignments.settled_at IS NULL AND coalesce(orders.status, '') = 'cancelled'"
)
_HOLDERS = (
    "SELECT assignments.order_pk, assignments.courier_pk FROM orders "
    "JOIN assignments ON assignments.order_pk = orders.pk "
    "WHERE orders.status = 'ondelivery' AND assignments.ended_at IS NULL"
)
_DROPS = (
    "SELECT orders.closed_at, orders.sent_at FROM assignments "
    "JOIN orders ON orders.pk = assignments.order_pk WHERE assignments.courier_pk = ? "
    "AND assignments.assigned_at >= ? AND assignments.ended_at IS NULL "
    "AND coalesce(orders.status, '') = 'delivered'"
)


@dataclass(frozen=True, slots=True)
class DispatchRow:
    """An order that waits for a courier or customer, or is on the road; `courier` is who has it."""

    order: OrderRow
    collect: Collect
    area: str
    sent_at: datetime | None
    ready_at: datetime | None
    courier: int | None = None
    stopped: bool = False  # cancelled at the shop alone: a person has to decide


@dataclass(frozen=True, slots=True)
class CourierRow:
    """A courier, with what the shift so far has brought; `cash` is by currency and not handed in yet."""

    pk: int
    id: str
    name: str
    initials: str
    colour: str
    on_duty: bool
    duty_at: datetime | None
    version: int
    deliveries: int = 0
    last_drop: datetime | None = None
    back_at: datetime | None = None
    cash: Mapping[str, Decimal] = field(default_factory=dict)
    change: Mapping[str, Decimal] = field(default_factory=dict)  # of this, the change that was taken along


@dataclass(frozen=True, slots=True)
class DispatchBoard:
    """One moment of dispatch: what waits, what is on the road, what was cancelled there, and who drives."""

    waiting: tuple[DispatchRow, ...]
    road: tuple[DispatchRow, ...]
    cancelled: tuple[DispatchRow, ...]
    couriers: tuple[CourierRow, ...]


def dispatch_board(store: Store, targets: Targets) -> DispatchBoard:
    """Return all that the Delivery screen shows."""
    with store.snapshot():
        holders = dict(store.all(_HOLDERS))
        waiting = _rows(store, "orders.status = 'cooking'", "orders.accepted_at", targets, {})
        road = _rows(store, "orders.status = 'ondelivery'", "orders.sent_at", targets, holders)
        cancelled = _cancelled(store, targets)
        return DispatchBoard(waiting, road, cancelled, _couriers(store))


def _rows(
    store: Store, where: str, sort: str, targets: Targets, holders: Mapping[int, int]
) -> tuple[DispatchRow, ...]:
    found = store.all(
        f"SELECT {ROW_COLUMNS}, {_MORE} {_FROM} WHERE {where} "
        f"ORDER BY {sort} NULLS FIRST, orders.pk LIMIT 1000"
    )
    paid = paid_here(store, (raw[0] for raw in found))
    return tuple(_row(raw, targets, holders.get(raw[0]), paid.get(raw[0], _NOTHING)) for raw in found)


def paid_here(reader: Reader, pks: Iterable[int]) -> dict[int, Decimal]:
    """Return what was paid for these orders at a counter: that no courier collects once more."""
    marks = ", ".join(str(int(pk)) for pk in pks)
    if not marks:
        return {}
    rows = reader.all(
        f"SELECT order_pk, amount FROM payments WHERE order_pk IN ({marks}) "  # noqa: S608 - whole numbers
        "AND (kind = 'payment' OR (kind = 'reversal' AND amount LIKE '-%'))"
    )
    paid: dict[int, Decimal] = {}
    for pk, amount in rows:
        paid[pk] = paid.get(pk, _NOTHING) + Decimal(amount)
    return paid


def _row(raw: tuple[Any, ...], targets: Targets, courier: int | None, paid: Decimal) -> DispatchRow:
    order = order_row(raw[:_ROW_WIDTH], targets)
    format_, district, street, sent_at, ready_at, stopped = raw[_ROW_WIDTH:]
    collect = to_collect(
        format_=format_,
        method=order.payment_method,
        payment_status=order.payment_status,
        total=order.total,
        change_from=order.change_from,
    ).less(paid)
    area = area_of(district, street)
    return DispatchRow(
        order, collect, area, maybe_at(sent_at), maybe_at(ready_at), courier, stopped=bool(stopped)
    )


def _cancelled(store: Store, targets: Targets) -> tuple[DispatchRow, ...]:
    """Return the orders that were cancelled while a courier had them, until somebody says they are back."""
    holders = dict(store.all(_CANCELLED))
    if not holders:
        return ()
    marks = ", ".join(str(int(pk)) for pk in holders)
    return _rows(store, f"orders.pk IN ({marks})", "orders.closed_at", targets, holders)


def couriers(store: Store) -> tuple[CourierRow, ...]:
    """Return everybody who delivers, with what their shift has brought."""
    with store.snapshot():
        return _couriers(store)


def _couriers(store: Store) -> tuple[CourierRow, ...]:
    owed = store.all(_OWED)
    paid = paid_here(store, (row[7] for row in owed))
    cash = _sums(owed, paid, lambda collect: collect.brought_back)
    change = _sums(owed, paid, lambda collect: collect.carried)
    return tuple(
        CourierRow(
            pk=raw[0],
            id=raw[1],
            name=raw[2],
            initials=raw[3],
            colour=raw[4],
            on_duty=bool(raw[5]),
            duty_at=maybe_at(raw[6]),
            version=raw[7],
            cash=cash.get(raw[0], {}),
            change=change.get(raw[0], {}),
            **_drops(store, raw[0], raw[6]),
        )
        for raw in store.all(_COURIERS)
    )


def _drops(store: Store, courier: int, since: int | None) -> dict[str, Any]:
    """Return how many orders a courier delivered in this shift, when the last, and when to expect them."""
    if since is None:
        return {}
    drops = store.all(_DROPS, (courier, since))
    if not drops:
        return {}
    dropped, sent = max(drops, key=lambda drop: int(drop[0]))
    last = from_us(dropped)
    return {"deliveries": len(drops), "last_drop": last, "back_at": back_at(maybe_at(sent), last)}


def _sums(
    rows: Iterable[tuple[Any, ...]], paid: Mapping[int, Decimal], part: Callable[[Collect], Decimal]
) -> dict[int, dict[str, Decimal]]:
    """Return sums by courier and currency from rows of courier, currency and the order's money."""
    cash: dict[int, dict[str, Decimal]] = {}
    for courier, currency, format_, method, status, total, change, pk in rows:
        collect = to_collect(
            format_=format_, method=method, payment_status=status, total=total, change_from=change
        ).less(paid.get(pk, _NOTHING))
        amount = part(collect)
        if amount:
            purse = cash.setdefault(courier, {})
            purse[currency] = purse.get(currency, Decimal(0)) + amount
    return cash


def owed_in(tx: Transaction, courier: int) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Return by currency the cash that a courier has not handed in, and what of it was change taken along.

    To be asked inside the act that takes the cash.
    """
    rows = tx.all(_OWED_BY_ONE, (courier,))
    paid = paid_here(tx, (row[7] for row in rows))
    owed = _sums(rows, paid, lambda collect: collect.brought_back).get(courier, {})
    return owed, _sums(rows, paid, lambda collect: collect.carried).get(courier, {})
