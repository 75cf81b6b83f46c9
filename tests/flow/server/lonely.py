"""Two computers of a shop and the server between them, which dies: what the tests of that have in common."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from posapp.domain.kept import KeptKind, SeenOrder, Wish
from posapp.domain.people import Role
from posapp.domain.status import Kind, Status
from posapp.domain.who import Who
from posapp.services import orders
from posapp.services.kept import do_or_keep
from posapp.services.kept_return import bring_in
from posapp.storage.heartbeat import Heartbeat
from posapp.storage.kept import KeptJournal
from posapp.storage.store import Store
from tests.support.postgres import PostgresServer
from tests.support.shop_orders import ANNA

BORIS = Who("boris", "kitchen-1")
PATIENCE_S = 60  # for a machine that does much else
Mortal = tuple[PostgresServer, str]


def until(true: Callable[[], object], patience_s: float = PATIENCE_S) -> float:
    """Wait for something; return how long it took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < patience_s, "it never happened"
        time.sleep(0.02)
    return time.monotonic() - begun


@contextmanager
def beating(store: Store) -> Iterator[None]:
    """Look for the server as a window does."""
    heart = Heartbeat(store, lambda: bring_in(store, tuple))
    heart.start()
    try:
        yield
    finally:
        heart.stop()
        store.close_thread()
        if store.kept is not None:
            store.kept.close()


def seen(store: Store, pk: int) -> SeenOrder:
    """Return an order as a screen shows it now."""
    row = store.one("SELECT code, status, kind, version, id FROM orders WHERE pk = ?", (pk,))
    assert row is not None
    return SeenOrder(pk, row[0], Status(row[1]), Kind(row[2]), row[3], row[4])


def move(store: Store, order: SeenOrder, target: Status, who: Who = ANNA, role: Role | None = None) -> object:
    """Move an order as the window does; return what the database made of it, or what is kept."""
    wish = Wish(order, KeptKind.MOVE, target, reason="no answer" if target is Status.CANCELLED else "")
    return do_or_keep(
        store, wish, who, role,
        lambda tx, version: orders.move_in(
            tx, order.pk, target, who, reason=wish.reason, expected_version=version
        ),
        seen=lambda: order.version,
    )  # fmt: skip


def after(order: SeenOrder, status: Status) -> SeenOrder:
    return SeenOrder(order.pk, order.code, status, order.kind, order.version, order.id)


def status_of(store: Store, pk: int) -> str:
    row = store.one("SELECT status FROM orders WHERE pk = ?", (pk,))
    assert row is not None
    return str(row[0])


def journal_of(store: Store) -> KeptJournal:
    assert store.kept is not None
    return store.kept


def events(store: Store, kind: str) -> list[tuple[object, ...]]:
    """Return who did it, at which station and when, oldest first."""
    return store.all("SELECT actor, station, at FROM events WHERE kind = ? ORDER BY pk", (kind,))
