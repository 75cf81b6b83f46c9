"""The custody ledger of a span: every order that came in and every change that was made is somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from posapp.storage.fields import to_us
from posapp.storage.store import Store

# What each figure counts, over the orders received and the changes made in a span.
_ORDERS = {
    "delivered": "status = 'delivered'",
    "cancelled": "status = 'cancelled'",
    "open": "status NOT IN ('delivered', 'cancelled')",
}
_CHANGES = {
    "confirmed": "state = 'confirmed'",
    "superseded": "state = 'superseded'",
    "waiting": "state IN ('pending', 'in_flight')",
    "person": "state IN ('parked', 'conflict', 'dead')",
}
# Moved here, unlike the shop's last word, and no row of the outbox tells of it. What is gone there is closed.
_ASTRAY = (
    "SELECT count(*) FROM orders WHERE status_at >= ? AND status_at < ? AND remote IS NOT NULL "
    "AND status <> shadow AND missing_at IS NULL AND NOT EXISTS (SELECT 1 FROM outbox "
    "WHERE order_pk = orders.pk AND state IN ('pending', 'in_flight', 'parked', 'conflict', 'dead'))"
)
ORDER_FIGURES, CHANGE_FIGURES = tuple(_ORDERS), tuple(_CHANGES)


@dataclass(frozen=True, slots=True)
class CustodyLedger:
    """Orders and changes of a span by what became of them.

    Orders and changes are numbered as they are written, and none is ever removed: a number between the first
    and the last that is nowhere counts as one that came in, or was made, and is missing. A change after the
    last number leaves another trace: its order is not what the shop showed last, and nothing waits to go out.
    """

    start: datetime
    end: datetime
    came_in: int
    orders: dict[str, int]
    made: int
    changes: dict[str, int]

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
            name: _number(
                store,
                f"SELECT count(*) FROM orders WHERE received_at >= ? AND received_at < ? AND {told}",  # noqa: S608
                span,
            )
            for name, told in _ORDERS.items()
        }
        changes = {
            name: _number(
                store,
                f"SELECT count(*) FROM outbox WHERE created_at >= ? AND created_at < ? AND {told}",  # noqa: S608
                span,
            )
            for name, told in _CHANGES.items()
        }
        gone_orders = _gap(store, "orders", "pk", "received_at", span)
        gone_changes = max(_gap(store, "outbox", "seq", "created_at", span), _number(store, _ASTRAY, span))
    came_in = sum(orders.values()) + gone_orders
    made = sum(changes.values()) + gone_changes
    return CustodyLedger(start, end, came_in, orders, made, changes)


def _gap(store: Store, table: str, key: str, time: str, span: tuple[int, int]) -> int:
    """Return how many of the numbers between a span's first and last are nowhere; none is ever left out."""
    row = store.one(
        f"SELECT z - a + 1 - (SELECT count(*) FROM {table} WHERE {key} BETWEEN a AND z) FROM "  # noqa: S608
        f"(SELECT min({key}) AS a, max({key}) AS z FROM {table} WHERE {time} >= ? AND {time} < ?) AS ends",
        span,
    )
    return int(row[0] or 0) if row is not None else 0


def orders_of(store: Store, ledger: CustodyLedger, figure: str, limit: int = 500) -> tuple[int, ...]:
    """Return the keys of the orders behind a figure, the newest first."""
    rows = store.all(
        "SELECT pk FROM orders WHERE received_at >= ? AND received_at < ? "  # noqa: S608 - a word of our own
        f"AND {_ORDERS[figure]} ORDER BY pk DESC LIMIT ?",
        (to_us(ledger.start), to_us(ledger.end), limit),
    )
    return tuple(row[0] for row in rows)


def changes_of(store: Store, ledger: CustodyLedger, figure: str, limit: int = 500) -> tuple[int, ...]:
    """Return the sequence numbers of the changes behind a figure, the newest first."""
    rows = store.all(
        "SELECT seq FROM outbox WHERE created_at >= ? AND created_at < ? "  # noqa: S608 - a word of our own
        f"AND {_CHANGES[figure]} ORDER BY seq DESC LIMIT ?",
        (to_us(ledger.start), to_us(ledger.end), limit),
    )
    return tuple(row[0] for row in rows)


def _number(store: Store, sql: str, params: Sequence[int]) -> int:
    row = store.one(sql, params)
    return int(row[0]) if row is not None else 0
