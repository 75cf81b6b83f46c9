"""The JSON shapes of orders, lines, events and queued changes; other programs rely on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from posapp.cli.wording import event_sentence
from posapp.domain.kept import Kept
from posapp.domain.outbox import STATUS
from posapp.domain.status import RowState
from posapp.storage.publishing import ProductQueueRow
from posapp.storage.rows import EventRow, LineRow, OrderRow, QueueRow


def moment(at: datetime | None) -> str | None:
    """Write an instant as ISO 8601 in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat()


def order_object(row: OrderRow, remote_id: str | None) -> dict[str, Any]:
    """Return the shape O."""
    return {
        "id": row.id,
        "code": row.code,
        "remote": row.remote,
        "remote_id": remote_id,
        "status": row.status,
        "payment_status": row.payment_status,
        "payment_method": row.payment_method,
        "source": row.source,
        "brand": row.brand,
        "customer_name": row.customer_name,
        "phone": row.phone,
        "address": row.address,
        "total": row.total,
        "currency": row.currency,
        "created_at": moment(row.created_at),
        "due_at": moment(row.planned_at or row.due_at),
        "kind": row.kind,
        "version": row.version,
        "sync": row.sync,
    }


def order_objects(rows: Sequence[OrderRow], remote_ids: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return the shape O of several orders."""
    return [order_object(row, remote_ids.get(row.pk)) for row in rows]


def line_object(line: LineRow) -> dict[str, Any]:
    """Return the shape of a line."""
    return {
        "title": line.title,
        "quantity": line.quantity,
        "unit_price": str(line.unit_price),
        "total": str(line.total),
        "additions": list(line.additions),
        "notes": line.notes,
    }


def event_object(event: EventRow) -> dict[str, Any]:
    """Return the shape E."""
    return {
        "at": moment(event.at),
        "kind": event.kind,
        "actor": event.actor,
        "station": event.station,
        "detail": event_sentence(event),
    }


def queue_object(row: QueueRow) -> dict[str, Any]:
    """Return the shape Q; of a change that was given up, `last_error` says why.

    A change in conflict has `values` too: of each field that a person is asked about base, ours and theirs.
    """
    asked = {name: values._asdict() for name, values in conflict_values(row).items()}
    shape = {
        "id": row.id,
        "order_id": row.order_id,
        "kind": row.kind,
        "target": row.what,
        "state": row.state,
        "attempts": row.attempts,
        "last_error": queue_error(row),
        "created_at": moment(row.created_at),
    }
    return shape | {"values": asked} if asked else shape


class Values(NamedTuple):
    """What a field was before, what it is here, and what the shop has."""

    base: str
    ours: str
    theirs: str


def conflict_values(row: QueueRow) -> dict[str, Values]:
    """Return the three values of each field that a person is asked about, none without a conflict."""
    if row.state != RowState.CONFLICT:
        return {}
    if not row.patch:
        # A row that the exchange made for the question knows no earlier value.
        base = row.base if row.base not in {row.target, row.theirs} else ""
        return {STATUS: Values(base, row.target, row.theirs)}
    return {
        name: Values(base or "", ours or "", theirs)
        for name, (base, ours, theirs) in row.patch.items()
        if theirs is not None
    }


def kept_object(entry: Kept) -> dict[str, Any]:
    """Return a change that is kept on this computer while the database is away."""
    return {
        "id": entry.id,
        "order_id": entry.order.id or None,
        "code": entry.order.code,
        "kind": entry.wish.kind.value,
        "base": entry.order.status.value,
        "target": entry.wish.target.value,
        "state": entry.state.value,
        "actor": entry.actor,
        "station": entry.station,
        "created_at": moment(entry.at),
        "reason": entry.wish.reason,
        "why": entry.why,
    }


def product_queue_object(row: ProductQueueRow) -> dict[str, Any]:
    """Return the shape Q of a product on its way; its target is the product's id."""
    return {
        "id": row.id,
        "order_id": None,
        "kind": "product",
        "target": row.internal_id,
        "state": row.state,
        "attempts": row.attempts,
        "last_error": queue_error(row),
        "created_at": moment(row.created_at),
    }


def queue_error(row: QueueRow | ProductQueueRow) -> str:
    """Return what stands against a change: the reason why it was given up, else the last error."""
    return row.reason or row.last_error if row.state == "superseded" else row.last_error
