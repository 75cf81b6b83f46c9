"""Filters and sort orders of the finished orders against a plain scan, whichever way finds them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from posapp.domain.status import Status, SyncState
from posapp.domain.timing import Targets
from posapp.storage import groups
from posapp.storage.fields import to_us
from posapp.storage.groups import few_of
from posapp.storage.queries import count_matching, order_page
from posapp.storage.rows import OrderFilter, Sort, Tab
from posapp.storage.store import Store
from tests.support.shop_orders import START, Clock, put_in, remote_order

TARGETS = Targets()
COLUMNS = (
    "pk, status, closed_at, created_at, planned_at, due_at, brand, source, remote, kind, sync, "
    "payment_method, payment_status"
)
NAMES = COLUMNS.split(", ")


def scanned(rows: list[dict[str, Any]], chosen: OrderFilter) -> list[int]:
    """Return the keys of the finished orders that pass, in order, found by looking at each order there is."""

    def due(row: dict[str, Any]) -> int:
        return int(row["planned_at"] or row["due_at"] or row["created_at"])

    def passes(row: dict[str, Any]) -> bool:
        if row["status"] not in {"delivered", "cancelled"}:
            return False
        plain = all(
            getattr(chosen, name) in {"", row[name]} for name in ("brand", "source", "remote", "kind", "sync")
        )
        paid = chosen.payment in {"", row["payment_method"], row["payment_status"]}
        if chosen.due_from and chosen.due_until:
            plain = plain and to_us(chosen.due_from) <= due(row) < to_us(chosen.due_until)
        return plain and paid

    found = [row for row in rows if passes(row)]
    match chosen.sort:
        case Sort.DUE:
            found.sort(key=lambda row: (due(row), row["pk"]))
        case Sort.OLDEST:
            found.sort(key=lambda row: (row["created_at"], row["pk"]))
        case Sort.NEWEST:
            found.sort(key=lambda row: (row["created_at"], row["pk"]), reverse=True)
        case _:
            found.sort(key=lambda row: (row["closed_at"], row["pk"]), reverse=True)
    return [row["pk"] for row in found]


def pages(store: Store, chosen: OrderFilter, limit: int = 9) -> list[int]:
    """Return the keys of the whole list, read in pages."""
    found: list[int] = []
    key = None
    while True:
        page = order_page(store, chosen, TARGETS, after=key, limit=limit)
        found += [row.pk for row in page.rows]
        key = page.next_key
        if key is None:
            return found


def shop(store: Store, clock: Clock) -> list[dict[str, Any]]:
    """Ninety orders: most are of one brand and paid by card, a few are not; some are not finished."""
    rng = random.Random(3)
    for number in range(90):
        clock.pass_by(seconds=rng.choice((0, 1, 60)))
        put_in(
            store,
            remote_order(
                f"r{number}",
                status=rng.choice((Status.DELIVERED, Status.DELIVERED, Status.CANCELLED, Status.COOKING)),
                created_at=START - timedelta(minutes=rng.randrange(30)),
                due_at=rng.choice((None, START + timedelta(hours=rng.randrange(72)))),
                brand=rng.choice(("Alma", "Alma", "Alma", "Alma", "Meteor", "")),
                source=rng.choice(("web", "mobile")),
                kind="pickup" if number % 40 == 0 else "delivery",
                payment_method=rng.choice(("card", "card", "cash")),
                payment_status="unpaid" if number % 30 == 1 else "paid",
            ),
        )
    with store.write() as tx:
        tx.execute("UPDATE orders SET sync = 'failed' WHERE pk % 20 = 0")
        tx.execute("UPDATE orders SET sync = 'local', remote = NULL, remote_id = NULL WHERE pk % 11 = 0")
        tx.execute("UPDATE orders SET planned_at = created_at + 60000000 WHERE pk % 13 = 0")
    rows = store.all(f"SELECT {COLUMNS} FROM orders")  # noqa: S608 - our own names
    return [dict(zip(NAMES, row, strict=True)) for row in rows]


def filters() -> Iterator[OrderFilter]:
    """Return filters alone and together, with each order of the list."""
    day = datetime(START.year, START.month, START.day, tzinfo=UTC) + timedelta(days=1)
    spans: tuple[tuple[datetime | None, datetime | None], ...] = (
        (None, None),
        (day, day + timedelta(days=1)),
    )
    some: list[dict[str, Any]] = [
        *({}, {"brand": "Meteor"}, {"brand": "Alma"}, {"brand": "nothing"}, {"source": "web"}),
        *({"kind": "pickup"}, {"payment": "cash"}, {"payment": "unpaid"}, {"payment": "waiting_for_payment"}),
        *({"sync": state.value} for state in SyncState),
        *({"remote": "shop"}, {"remote": "elsewhere"}),
        {"brand": "Alma", "source": "mobile", "kind": "delivery", "payment": "card", "sync": "synced"},
        {"brand": "Meteor", "payment": "cash", "sync": "failed"},
    ]
    for wanted, sort, (first, last) in product(some, Sort, spans):
        yield OrderFilter(tab=Tab.DONE, sort=sort, due_from=first, due_until=last, **wanted)


@pytest.mark.parametrize("few", [0, 8, 5_000])
def test_filtered_lists_are_those_of_a_plain_scan(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(groups, "FEW", few)
    rows = shop(store, clock)
    ways, sizes = set(), set()
    for chosen in filters():
        wanted = scanned(rows, chosen)
        assert pages(store, chosen) == wanted, chosen
        assert count_matching(store, chosen) == len(wanted), chosen
        ways.add(few_of(store, chosen) is None)
        sizes.add(len(wanted))
    assert ways == {True, False}
    assert {0, 1} < sizes
    assert max(sizes) > 40


def test_very_many_groups_are_no_help(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = shop(store, clock)
    chosen = OrderFilter(tab=Tab.DONE, brand="Meteor")
    assert few_of(store, chosen) is not None
    monkeypatch.setattr(groups, "_MOST_GROUPS", 3)
    assert few_of(store, chosen) is None
    assert pages(store, chosen) == scanned(rows, chosen)
