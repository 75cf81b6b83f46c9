"""The read queries of the queue of products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from posapp.domain.publish import ProductRow
from posapp.domain.status import RowState
from posapp.storage.fields import from_us, maybe_at
from posapp.storage.reader import Reader, number_of

_OPEN = "('pending', 'in_flight', 'parked')"
_QUEUE = (
    "SELECT product_outbox.id, remote, product_outbox.internal_id, coalesce(products.title, ''), state, "
    "attempts, last_error, reason, actor, product_outbox.station, created_at FROM product_outbox "
    "LEFT JOIN products ON products.internal_id = product_outbox.internal_id "
)


@dataclass(frozen=True, slots=True)
class ProductQueueRow:
    """One state of a product in the queue, as people see it."""

    id: str
    remote: str
    internal_id: str
    title: str
    state: str
    attempts: int
    last_error: str
    reason: str
    actor: str
    station: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PublishCounts:
    """How the publishing of products stands with one remote, or with all."""

    waiting: int
    refused: int
    confirmed: int


def open_product_rows(reader: Reader, remote: str) -> tuple[ProductRow, ...]:
    """Return what waits to be sent to a remote, or is on its way, in order."""
    rows = reader.all(
        "SELECT seq, internal_id, body, state, single, batch, attempts, created_at, not_before, last_at, "
        "unknown_at FROM product_outbox WHERE remote = ? AND state IN ('pending', 'in_flight') ORDER BY seq",
        (remote,),
    )
    return tuple(
        ProductRow(
            seq=row[0],
            internal_id=row[1],
            body=row[2],
            state=RowState(row[3]),
            single=bool(row[4]),
            batch=row[5],
            attempts=row[6],
            created_at=from_us(row[7]),
            not_before=maybe_at(row[8]),
            last_at=maybe_at(row[9]),
            unknown_at=maybe_at(row[10]),
        )
        for row in rows
    )


def _queue_row(row: tuple[Any, ...]) -> ProductQueueRow:
    return ProductQueueRow(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9], from_us(row[10])
    )


def product_queue(
    reader: Reader, *, states: Sequence[str] = (), settled: int = 0
) -> tuple[ProductQueueRow, ...]:
    """Return the rows in these states, in order; without states all that wait and the last `settled`."""
    if states:
        marks = ", ".join("?" * len(states))
        rows = reader.all(f"{_QUEUE} WHERE state IN ({marks}) ORDER BY seq", tuple(states))
    else:
        last = f"SELECT seq FROM product_outbox WHERE state NOT IN {_OPEN} ORDER BY seq DESC LIMIT ?"  # noqa: S608
        rows = reader.all(f"{_QUEUE} WHERE state IN {_OPEN} OR seq IN ({last}) ORDER BY seq", (settled,))
    return tuple(_queue_row(row) for row in rows)


def product_queue_by_id(reader: Reader, ids: Sequence[str]) -> tuple[ProductQueueRow, ...]:
    """Return these rows, in order."""
    marks = ", ".join("?" * len(ids))
    rows = reader.all(f"{_QUEUE} WHERE product_outbox.id IN ({marks}) ORDER BY seq", tuple(ids))
    return tuple(_queue_row(row) for row in rows)


def publish_counts(reader: Reader, remote: str, *, since_seq: int = 0) -> PublishCounts:
    """Return how many products wait for a remote, how many it refused, and how many it has taken since."""
    rows = reader.all(
        "SELECT state, count(*) FROM product_outbox WHERE remote = ? AND (seq > ? OR state IN ('pending', "
        "'in_flight', 'parked')) GROUP BY state",
        (remote, since_seq),
    )
    counts = dict(rows)
    waiting = counts.get("pending", 0) + counts.get("in_flight", 0)
    return PublishCounts(waiting, counts.get("parked", 0), counts.get("confirmed", 0))


def confirmed_count(reader: Reader, remote: str) -> int:
    """Return how many states of products a remote has ever confirmed."""
    return number_of(
        reader, "SELECT count(*) FROM product_outbox WHERE remote = ? AND state = 'confirmed'", (remote,)
    )


def open_states(reader: Reader, remote: str) -> dict[str, tuple[str, str, str]]:
    """Return (body, state, error) of what is not settled at a remote, the newest of each product."""
    rows = reader.all(
        f"SELECT internal_id, body, state, last_error FROM product_outbox WHERE remote = ? "  # noqa: S608
        f"AND state IN {_OPEN} ORDER BY seq",
        (remote,),
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def published_states(reader: Reader, remote: str) -> dict[str, tuple[str, int]]:
    """Return (body, since when) of what a remote has confirmed of each product."""
    rows = reader.all("SELECT internal_id, body, at FROM product_published WHERE remote = ?", (remote,))
    return {row[0]: (row[1], row[2]) for row in rows}
