"""What the Sync Center reads: the queue by what has to happen, a stretch of each part, figures by shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from posapp.storage.details import OPEN_SQL, PERSON_SQL, QUEUE_SQL, quarantine_rows, queue_row, sync_summary
from posapp.storage.fields import maybe_at, to_us
from posapp.storage.publishing import ProductQueueRow, product_queue
from posapp.storage.rows import QuarantineRow, QueueRow, SyncSummary
from posapp.storage.store import Store

RECENT = 20_000  # what was done is looked for among so many of the newest rows
MOST_ASKED = 500
# Of each order the one row that a person is asked about: what only waits behind it is told as a number.
_ASKED = (
    "SELECT seq FROM (SELECT seq, row_number() OVER (PARTITION BY order_pk ORDER BY "  # noqa: S608
    "CASE state WHEN 'conflict' THEN 0 WHEN 'dead' THEN 1 ELSE 2 END, last_error = '', seq) AS place "
    f"FROM outbox WHERE state IN {PERSON_SQL} AND state IN {OPEN_SQL}) AS placed WHERE place = 1"
)
_BEHIND = (
    f"SELECT order_pk, count(*) - 1 FROM outbox WHERE state IN {PERSON_SQL} AND state IN {OPEN_SQL} "  # noqa: S608
    "GROUP BY order_pk"
)
_DONE = (
    "outbox.seq > (SELECT coalesce(max(seq), 0) FROM outbox) - ? AND outbox.state = 'confirmed' "
    "AND outbox.closed_at >= ?"
)
_FIGURES = (
    "SELECT orders.remote, count(CASE WHEN state IN ('pending', 'in_flight') THEN 1 END), "  # noqa: S608
    "min(CASE WHEN state IN ('pending', 'in_flight') THEN outbox.created_at END), "
    "count(DISTINCT CASE WHEN state IN ('parked', 'dead') THEN order_pk END), "
    "count(DISTINCT CASE WHEN state = 'conflict' THEN order_pk END) FROM outbox "
    "JOIN orders ON orders.pk = outbox.order_pk "
    f"WHERE state IN {OPEN_SQL} GROUP BY orders.remote"
)
_PRODUCTS = (
    "SELECT remote, count(*), min(created_at) FROM product_outbox "
    "WHERE state IN ('pending', 'in_flight') GROUP BY remote ORDER BY remote"
)


@dataclass(frozen=True, slots=True)
class ShopFigures:
    """The changes of one shop's orders that are not settled."""

    waiting: int = 0
    oldest: datetime | None = None
    failed: int = 0
    conflicts: int = 0


@dataclass(frozen=True, slots=True)
class ProductsWaiting:
    """Products on their way to a shop."""

    remote: str
    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of one part of the queue, and how many there are in all."""

    rows: tuple[QueueRow, ...]
    count: int


@dataclass(frozen=True, slots=True)
class SyncState:
    """One moment of the database, as the Sync Center shows it."""

    summary: SyncSummary
    shops: dict[str, ShopFigures]
    asked: Part
    behind: dict[int, int]  # by order: changes that wait for its decision
    sending: Part
    waiting: Part
    done: Part
    unread: tuple[QuarantineRow, ...]
    products_refused: tuple[ProductQueueRow, ...]
    products_waiting: tuple[ProductsWaiting, ...]


def sync_state(store: Store, today: datetime, *, waiting: int, done: int) -> SyncState:
    """Return the state of the exchange, with so many rows of what waits and of what was done `today`."""
    with store.snapshot():
        asked = store.all(
            f"{QUEUE_SQL} WHERE outbox.seq IN ({_ASKED}) "
            "ORDER BY outbox.state <> 'conflict', outbox.seq LIMIT ?",
            (MOST_ASKED,),
        )
        return SyncState(
            summary=sync_summary(store),
            shops=_figures(store),
            asked=Part(tuple(queue_row(row) for row in asked), _count(store, _ASKED)),
            behind={row[0]: row[1] for row in store.all(_BEHIND) if row[1]},
            sending=_part(store, "in_flight", waiting),
            waiting=_part(store, "pending", waiting),
            done=_done(store, today, done),
            unread=quarantine_rows(store),
            products_refused=product_queue(store, states=("parked",))[:MOST_ASKED],
            products_waiting=tuple(
                ProductsWaiting(row[0], row[1], maybe_at(row[2])) for row in store.all(_PRODUCTS)
            ),
        )


def _part(store: Store, state: str, limit: int) -> Part:
    told = f"outbox.state = '{state}' AND outbox.state IN {OPEN_SQL}"
    rows = store.all(f"{QUEUE_SQL} WHERE {told} ORDER BY outbox.seq LIMIT ?", (limit,))
    count = len(rows)
    if count == limit:
        count = _count(store, f"SELECT 1 FROM outbox WHERE {told}")  # noqa: S608 - our own words
    return Part(tuple(queue_row(row) for row in rows), count)


def _done(store: Store, today: datetime, limit: int) -> Part:
    span = (RECENT, to_us(today))
    rows = store.all(
        f"{QUEUE_SQL} WHERE {_DONE} ORDER BY outbox.closed_at DESC, outbox.seq DESC LIMIT ?",
        (*span, limit),
    )
    count = store.one(f"SELECT count(*) FROM outbox WHERE {_DONE}", span)  # noqa: S608 - our own words
    return Part(tuple(queue_row(row) for row in rows), int(count[0]) if count else 0)


def _figures(store: Store) -> dict[str, ShopFigures]:
    return {
        row[0]: ShopFigures(int(row[1]), maybe_at(row[2]), int(row[3]), int(row[4]))
        for row in store.all(_FIGURES)
    }


def _count(store: Store, sql: str) -> int:
    row = store.one(f"SELECT count(*) FROM ({sql}) AS found")  # noqa: S608 - our own words
    return int(row[0]) if row else 0


def changes_by_seq(store: Store, seqs: tuple[int, ...]) -> tuple[QueueRow, ...]:
    """Return these rows of the queue, the newest first."""
    marks = ", ".join("?" * len(seqs))
    rows = store.all(f"{QUEUE_SQL} WHERE outbox.seq IN ({marks}) ORDER BY outbox.seq DESC", seqs)
    return tuple(queue_row(row) for row in rows)
