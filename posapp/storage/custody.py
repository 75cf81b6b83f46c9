"""The custody ledger of a span: every order that came in and every change that was made is somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from posapp.storage.fields import maybe_at, to_us
from posapp.storage.reader import Reader, number_of
from posapp.storage.store import Store

# Given up by a person because the shop answers, twice, that there is no such order.
_GONE = (
    "(status = 'cancelled' AND missing_at IS NOT NULL AND EXISTS (SELECT 1 FROM outbox "
    "WHERE order_pk = orders.pk AND state = 'superseded' AND last_class = 'gone'))"
)
# What each figure counts, over the orders received and the changes made in a span.
_ORDERS = {
    "delivered": "status = 'delivered'",
    "cancelled": f"status = 'cancelled' AND NOT {_GONE}",
    "gone": _GONE,
    "open": "status NOT IN ('delivered', 'cancelled')",
}
_CHANGES = {
    "confirmed": ("confirmed",),
    "superseded": ("superseded",),
    "waiting": ("pending", "in_flight"),
    "person": ("parked", "conflict", "dead"),
}
# Moved here, unlike the shop's last word, and no row of the outbox tells of it. What is gone there is closed.
_ASTRAY = (
    "SELECT pk, code, status_at FROM orders WHERE status_at >= ? AND status_at < ? AND remote IS NOT NULL "
    "AND status <> shadow AND missing_at IS NULL AND NOT EXISTS (SELECT 1 FROM outbox "
    "WHERE order_pk = orders.pk AND state IN ('pending', 'in_flight', 'parked', 'conflict', 'dead'))"
)
_LOST = (
    "SELECT change_log.order_pk, coalesce(orders.code, ''), change_log.kind, change_log.made_at "
    "FROM change_log LEFT JOIN orders ON orders.pk = change_log.order_pk WHERE made_at >= ? AND made_at < ? "
    "AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.seq = change_log.seq) ORDER BY change_log.seq DESC"
)
_LOST_PRODUCTS = (
    "SELECT 0, product_log.internal_id, 'product', made_at FROM product_log WHERE made_at >= ? "
    "AND made_at < ? AND NOT EXISTS (SELECT 1 FROM product_outbox "
    "WHERE product_outbox.seq = product_log.seq) ORDER BY product_log.seq DESC"
)
_GAP = "SELECT max({key}) - min({key}) + 1 - count(*) FROM {table} WHERE {key} BETWEEN ? AND ?"
ORDER_FIGURES, CHANGE_FIGURES = tuple(_ORDERS), tuple(_CHANGES)


@dataclass(frozen=True, slots=True)
class LostChange:
    """A change that was made and is nowhere.

    `what`: status, fields or product; unlogged for a status of which no change tells. `name`: the code of its
    order, "" where the order is gone, too; of a product its id.
    """

    order_pk: int
    name: str
    what: str
    made_at: datetime | None


@dataclass(frozen=True, slots=True)
class CustodyLedger:
    """Orders and changes of a span by what became of them.

    Each change writes itself down in a log beside its queue, which nobody can change: what stands there and
    in no queue is missing, wherever it was. Orders are numbered as they come in, and none is ever removed: a
    number that is nowhere is missing, and so is an order that only the log of its changes knows.
    """

    start: datetime
    end: datetime
    came_in: int
    orders: dict[str, int]
    made: int
    changes: dict[str, int]
    lost: tuple[LostChange, ...] = ()

    @property
    def missing_orders(self) -> int:
        """Return how many orders that came in are nowhere."""
        return self.came_in - sum(self.orders.values())

    @property
    def missing_changes(self) -> int:
        """Return how many changes that were made are nowhere."""
        return self.made - sum(self.changes.values())

    @property
    def adds_up(self) -> bool:
        """Tell whether everything is accounted for."""
        return self.missing_orders == 0 and self.missing_changes == 0


def custody_ledger(store: Store, start: datetime, end: datetime) -> CustodyLedger:
    """Return the ledger of what came in and was changed from `start` until before `end`."""
    span = (to_us(start), to_us(end))
    with store.snapshot():
        orders = {
            name: number_of(
                store,
                f"SELECT count(*) FROM orders WHERE received_at >= ? AND received_at < ? AND {told}",  # noqa: S608
                span,
            )
            for name, told in _ORDERS.items()
        }
        states = _states(store, span)
        lost = lost_changes(store, start, end)
        astray = _astray(store, span, lost)
        unknown = _gap(store, "change_log", "seq", "made_at", span)
        gone_orders = _gap(store, "orders", "pk", "received_at", span) + _newest_gone(store, span)
    changes = {name: sum(states.get(state, 0) for state in told) for name, told in _CHANGES.items()}
    # What was lost before there was a log left a gap, or an order astray: both may be of one change.
    missing = len(lost) + max(unknown, len(astray))
    came_in, made = sum(orders.values()) + gone_orders, sum(changes.values()) + missing
    return CustodyLedger(start, end, came_in, orders, made, changes, (*lost, *astray))


def lost_changes(reader: Reader, start: datetime, end: datetime) -> tuple[LostChange, ...]:
    """Return what the logs tell from `start` until before `end` and no queue has, the newest first."""
    span = (to_us(start), to_us(end))
    rows = [*reader.all(_LOST, span), *reader.all(_LOST_PRODUCTS, span)]
    return tuple(LostChange(row[0], row[1], row[2], maybe_at(row[3])) for row in rows)


def _astray(store: Store, span: tuple[int, int], lost: Sequence[LostChange]) -> tuple[LostChange, ...]:
    """Return the orders that were moved without a change that tells of it."""
    known = {one.order_pk for one in lost}
    rows = [row for row in store.all(_ASTRAY, span) if row[0] not in known]
    return tuple(LostChange(row[0], row[1], "unlogged", maybe_at(row[2])) for row in rows)


def _states(store: Store, span: tuple[int, int]) -> dict[str, int]:
    """Return how many changes of orders and products there are, by state."""
    found: dict[str, int] = {}
    for log, queue in (("change_log", "outbox"), ("product_log", "product_outbox")):
        rows = store.all(
            f"SELECT {queue}.state, count(*) FROM {log} JOIN {queue} ON {queue}.seq = {log}.seq "  # noqa: S608
            f"WHERE {log}.made_at >= ? AND {log}.made_at < ? GROUP BY {queue}.state",
            span,
        )
        for state, count in rows:
            found[state] = found.get(state, 0) + int(count)
    return found


def _gap(store: Store, table: str, key: str, time: str, span: tuple[int, int]) -> int:
    """Return how many of the numbers between a span's first and last are nowhere; none is ever left out."""
    ends = store.one(
        f"SELECT min({key}), max({key}) FROM {table} WHERE {time} >= ? AND {time} < ?",  # noqa: S608
        span,
    )
    if ends is None or ends[0] is None:
        return 0
    return number_of(store, _GAP.format(key=key, table=table), tuple(ends))


def _newest_gone(store: Store, span: tuple[int, int]) -> int:
    """Return how many orders are only known by their changes, beyond the newest order that is there."""
    return number_of(
        store,
        "SELECT count(DISTINCT order_pk) FROM change_log WHERE made_at >= ? AND made_at < ? "
        "AND order_pk > (SELECT coalesce(max(pk), 0) FROM orders)",
        span,
    )


def orders_of(store: Store, ledger: CustodyLedger, figure: str, limit: int = 500) -> tuple[int, ...]:
    """Return the keys of the orders behind a figure, the newest first."""
    rows = store.all(
        "SELECT pk FROM orders WHERE received_at >= ? AND received_at < ? "  # noqa: S608 - a word of our own
        f"AND {_ORDERS[figure]} ORDER BY pk DESC LIMIT ?",
        (to_us(ledger.start), to_us(ledger.end), limit),
    )
    return tuple(row[0] for row in rows)


def changes_of(store: Store, ledger: CustodyLedger, figure: str, limit: int = 500) -> tuple[int, ...]:
    """Return the sequence numbers of the changes of orders behind a figure, the newest first."""
    rows = _behind(store, ledger, figure, "seq", "change_log", "outbox", limit)
    return tuple(int(row[0]) for row in rows)


def product_changes_of(store: Store, ledger: CustodyLedger, figure: str, limit: int = 500) -> tuple[str, ...]:
    """Return the ids of the changes of products behind a figure, the newest first."""
    rows = _behind(store, ledger, figure, "id", "product_log", "product_outbox", limit)
    return tuple(str(row[0]) for row in rows)


def _behind(
    store: Store, ledger: CustodyLedger, figure: str, key: str, log: str, queue: str, limit: int
) -> Sequence[tuple[Any, ...]]:
    states = _CHANGES[figure]
    marks = ", ".join("?" * len(states))
    return store.all(
        f"SELECT {queue}.{key} FROM {log} JOIN {queue} ON {queue}.seq = {log}.seq "  # noqa: S608 - our own words
        f"WHERE {log}.made_at >= ? AND {log}.made_at < ? AND state IN ({marks}) "
        f"ORDER BY {queue}.seq DESC LIMIT ?",
        (to_us(ledger.start), to_us(ledger.end), *states, limit),
    )
