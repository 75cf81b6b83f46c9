"""Short words for building what the engine decides about."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from posapp.domain.outbox import OrderSync, Row
from posapp.domain.status import RowState, Status

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CREATED, ACCEPTED, TIMING, EDITED = Status.CREATED, Status.ACCEPTED, Status.TIMING, Status.EDITED
COOKING, ONDELIVERY = Status.COOKING, Status.ONDELIVERY
DELIVERED, CANCELLED = Status.DELIVERED, Status.CANCELLED


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def row(seq: int, base: Status, target: Status, **more: Any) -> Row:
    values: dict[str, Any] = {
        "kind": "status",
        "forced": False,
        "state": RowState.PENDING,
        "attempts": 0,
        "reached": 0,
        "refusals": 0,
        "created_at": ago(60),
        **more,
    }
    return Row(seq=seq, base=base, target=target, **values)


def chain(*statuses: Status, **more: Any) -> tuple[Row, ...]:
    """Return waiting rows that lead through these statuses."""
    pairs = itertools.pairwise(statuses)
    return tuple(row(seq, base, target, **more) for seq, (base, target) in enumerate(pairs, start=1))


def view(*rows: Row, status: Status | None = None, shadow: Status = CREATED, **more: Any) -> OrderSync:
    sent = frozenset(more.pop("sent", ()))
    own = frozenset(more.pop("own", ())) | sent | ({rows[0].base} if rows else set())
    here = status or (rows[-1].target if rows else shadow)
    values: dict[str, Any] = {"settle_at": None, "watch_at": None, "missing_at": None, "reasserts": 0, **more}
    return OrderSync(
        pk=1,
        remote="alma",
        remote_id="5f0c",
        code="1",
        status=here,
        shadow=shadow,
        own=own,
        sent=sent,
        rows=rows,
        **values,
    )
