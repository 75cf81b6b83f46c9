"""Orders as a remote lists them, and a database whose clock stands still, for tests without a network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from posapp.domain.received import RemoteLine, RemoteOrder
from posapp.domain.who import Who
from posapp.services.intake import Source, take_in
from posapp.storage.database import open_store
from posapp.storage.server import Server
from posapp.storage.store import Store

START = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
ANNA = Who("anna", "counter-1")
SOURCE = Source("alma", "internal", "KZT")


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **length: float) -> None:
        self.now += timedelta(**length)


class Ids:
    """Ids one after the other."""

    def __init__(self) -> None:
        self._number = 0

    def __call__(self) -> str:
        self._number += 1
        return f"00000000-0000-4000-8000-{self._number:012d}"


def make_store(data_dir: Path, clock: Clock, server: Server | None = None) -> Store:
    return open_store(data_dir, server=server, clock=clock, new_id=Ids())


def remote_order(remote_id: str, **changes: Any) -> RemoteOrder:
    order = RemoteOrder(
        remote_id=remote_id,
        status="created",
        created_at=START - timedelta(minutes=1),
        payment_status="paid",
        payment_method="cash",
        source="web",
        brand="Alma",
        kind="delivery",
        customer_remote_id="7",
        customer_name="Айгерим",
        phone="+7 701 234-18-06",
        address="пр. Абая, 52",
        street="пр. Абая",
        home="52",
        apt="",
        entrance="",
        level="",
        city="Алматы",
        comment="",
        change_from="",
        due_at=None,
        due_text="",
        delivery_cost="0.00",
        products_total="2600.00",
        total="2600.00",
        lines=(RemoteLine("Маргарита", 1, Decimal("2600.00"), Decimal("2600.00")),),
        raw=f'{{"id": "{remote_id}"}}',
    )
    return replace(order, **changes)


def put_in(store: Store, *orders: RemoteOrder) -> list[int]:
    """Take orders in and return their keys."""
    return [pk for pk, _ in take_in(store, SOURCE, orders, "counter-1").seen]


def rows_of(store: Store, pk: int, columns: str = "kind, target, base, state") -> Sequence[tuple[Any, ...]]:
    """Return the outbox rows of an order."""
    return store.all(f"SELECT {columns} FROM outbox WHERE order_pk = ? ORDER BY seq", (pk,))  # noqa: S608


def order_fact(store: Store, pk: int, column: str) -> Any:
    """Return one column of an order."""
    row = store.one(f"SELECT {column} FROM orders WHERE pk = ?", (pk,))  # noqa: S608
    assert row is not None
    return row[0]


def set_rows(store: Store, pk: int, state: str, **columns: Any) -> None:
    """Put an order's open rows into a state, as the sync engine would, with its sync state."""
    from posapp.services.steps import refresh_sync

    parts = "".join(f", {name} = ?" for name in columns)
    with store.write() as tx:
        tx.execute(
            f"UPDATE outbox SET state = ?{parts} WHERE order_pk = ? "  # noqa: S608
            "AND state IN ('pending', 'in_flight')",
            (state, *columns.values(), pk),
        )
        refresh_sync(tx, pk)
