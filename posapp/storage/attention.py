"""What a station sounds for, read again and again: orders that got late, and matters that need a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from posapp.domain.status import Kind
from posapp.domain.timing import Targets
from posapp.storage.details import OPEN_SQL, PERSON_SQL
from posapp.storage.fields import to_us
from posapp.storage.queries import STOPPED_SQL
from posapp.storage.store import Store

# As posapp.domain.timing.late_after says it: a promise counts, if it was made for a time after the start.
_LATE = (
    "SELECT pk FROM (SELECT pk, kind, promised_at, coalesce(accepted_at, status_at) AS begun FROM orders "
    "WHERE urgency IS NOT NULL AND status IN ('accepted', 'cooking', 'edited')) AS active "
    "WHERE CASE WHEN promised_at > begun THEN promised_at "
    "ELSE begun + CASE kind WHEN ? THEN ? ELSE ? END END < ?"
)
# What the Delivery screen shows as late: what cooks too long, and what is past the time for which it is due.
_LATE_OUT = (
    "SELECT count(*) FROM orders WHERE urgency IS NOT NULL "  # noqa: S608 - our own words
    "AND status IN ('cooking', 'ondelivery') AND ("
    f"pk IN ({_LATE}) OR coalesce(planned_at, due_at) < ? OR ({STOPPED_SQL}))"
)
_NEEDING = (
    f"SELECT 'change ' || seq FROM outbox WHERE state IN {PERSON_SQL} AND state IN {OPEN_SQL} "  # noqa: S608
    "UNION ALL SELECT 'unread ' || pk FROM quarantine WHERE solved_at IS NULL "
    "UNION ALL SELECT 'remote ' || name FROM remotes WHERE sign_in = 1"
)


@dataclass(frozen=True, slots=True)
class Attention:
    """The keys of late orders, and a name for each matter that needs a person."""

    late: frozenset[int] = frozenset()
    needing: frozenset[str] = frozenset()
    late_out: int = 0  # orders to hand over or on the road that are late


def attention(store: Store, targets: Targets, now: datetime) -> Attention:
    """Return what deserves a sound at this moment."""
    second = 1_000_000
    pickup, other = targets.seconds(Kind.PICKUP) * second, targets.seconds(Kind.DELIVERY) * second
    params = (Kind.PICKUP.value, pickup, other, to_us(now))
    late, late_out = store.all(_LATE, params), store.one(_LATE_OUT, (*params, to_us(now)))
    return Attention(
        frozenset(int(row[0]) for row in late),
        frozenset(str(row[0]) for row in store.all(_NEEDING)),
        int(late_out[0]) if late_out else 0,
    )
