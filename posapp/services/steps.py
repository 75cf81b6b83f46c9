"""The one place where an order's status changes in the database, with its clocks and its sync state."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from posapp.domain.errors import UnknownOrderError
from posapp.domain.outbox import sync_state
from posapp.domain.status import FINAL, Kind, RowState, Status, SyncState
from posapp.domain.timing import Moments, urgency
from posapp.domain.who import Who
from posapp.services.kitchen_marks import follow_status
from posapp.storage.feed import Topic
from posapp.storage.fields import from_us, maybe_at, maybe_us, to_us
from posapp.storage.store import Transaction

_FACTS = (
    "SELECT pk, code, remote, status, kind, due_at, planned_at, received_at, status_at, accepted_at, "
    "sent_at, noticed_at, version, shadow, sync, EXISTS (SELECT 1 FROM outbox WHERE order_pk = orders.pk "
    "AND state IN ('parked', 'conflict', 'dead')), promised_at FROM orders WHERE pk = ?"
)
_UPDATE = (
    "UPDATE orders SET status = ?, status_at = ?, accepted_at = ?, sent_at = ?, closed_at = ?, urgency = ?, "
    "promised_at = ?, noticed_at = ?, noticed_by = CASE WHEN noticed_at IS NULL THEN ? ELSE noticed_by END, "
    "version = version + 1, sync = ? WHERE pk = ?"
)
_ENQUEUE = (
    "INSERT INTO outbox(seq, id, order_pk, kind, target, base, forced, undo, station, actor, created_at, "
    "hold_until, state, patch, attempts, reached, refusals, last_class, last_error, theirs, lease, reason) "
    # A number that a lost row had is not given again: the ledger tells by it what is missing.
    "VALUES ((SELECT coalesce(max(seq), 0) + 1 FROM change_log), "
    "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, '', '', '', '', '')"
)


# A look into a dict is several times faster than calling the enumeration.
_STATUSES = {status.value: status for status in Status}
_KINDS = {kind.value: kind for kind in Kind}
_SYNC_STATES = {state.value: state for state in SyncState}


class Facts(NamedTuple):
    """What an act needs to know of an order, read inside its transaction.

    A tuple: making one is a measurable part of an act, and a frozen dataclass costs thrice that.
    """

    pk: int
    code: str
    remote: str | None
    status: Status
    kind: Kind
    due_at: datetime | None
    planned_at: datetime | None
    moments: Moments
    noticed_at: datetime | None
    version: int
    shadow: Status | None
    sync: SyncState
    blocked: bool  # a row of this order waits for a person


def read_facts(tx: Transaction, pk: int) -> Facts:
    """Return the facts of an order; raise UnknownOrderError when it does not exist."""
    raw = tx.one(_FACTS, (pk,))
    if raw is None:
        raise UnknownOrderError("This order no longer exists.", remedy="Go back to the list.")
    return Facts(
        pk=raw[0],
        code=raw[1],
        remote=raw[2],
        status=_STATUSES[raw[3]],
        kind=_KINDS[raw[4]],
        due_at=maybe_at(raw[5]),
        planned_at=maybe_at(raw[6]),
        moments=Moments(
            from_us(raw[7]), from_us(raw[8]), maybe_at(raw[9]), maybe_at(raw[10]), maybe_at(raw[16])
        ),
        noticed_at=maybe_at(raw[11]),
        version=raw[12],
        shadow=_STATUSES[raw[13]] if raw[13] else None,
        sync=_SYNC_STATES[raw[14]],
        blocked=bool(raw[15]),
    )


def moments_after(facts: Facts, target: Status, now: datetime) -> Moments:
    """Return the order's clocks once it has the target status."""
    accepted, sent, promised = facts.moments.accepted_at, facts.moments.sent_at, facts.moments.promised_at
    match target:
        case Status.CREATED | Status.TIMING:
            accepted = promised = None
        case Status.ACCEPTED | Status.COOKING:
            accepted = accepted or now
        case Status.ONDELIVERY:
            sent = now
        case _:
            pass
    return Moments(facts.moments.received_at, now, accepted, sent, promised)


def change_status(
    tx: Transaction, facts: Facts, target: Status, *, noticed_by: str = "", sync: SyncState | None = None
) -> None:
    """Write the new status with its clocks; `noticed_by` is the person whose act answers the alarm."""
    now = tx.now
    moments = moments_after(facts, target, now)
    noticed = facts.noticed_at or (now if noticed_by else None)
    tx.execute(
        _UPDATE,
        (
            target.value,
            to_us(now),
            maybe_us(moments.accepted_at),
            maybe_us(moments.sent_at),
            to_us(now) if target in FINAL else None,
            urgency(target, moments, facts.planned_at or facts.due_at),
            maybe_us(moments.promised_at),
            maybe_us(noticed),
            noticed_by,
            sync or facts.sync,
            facts.pk,
        ),
    )
    follow_status(tx, facts.pk, facts.status, target)
    tx.touch(facts.pk)


def enqueue(  # noqa: PLR0913 - a row has so many sides
    tx: Transaction,
    facts: Facts,
    target: Status,
    who: Who,
    *,
    kind: str = "status",
    base: Status | None = None,
    hold_until: datetime | None = None,
    forced: bool = False,
    undo: bool = False,
    state: RowState = RowState.PENDING,
    patch: str = "",
) -> None:
    """Add a change to the outbox, in the order's own transaction; `patch`: of fields, not of the status."""
    row: tuple[Any, ...] = (
        tx.new_id(),
        facts.pk,
        kind,
        target.value,
        (base or facts.status).value,
        int(forced),
        int(undo),
        who.station,
        who.actor,
        to_us(tx.now),
        maybe_us(hold_until),
        state.value,
        patch,
    )
    tx.execute(_ENQUEUE, row)
    tx.touch(facts.pk, Topic.QUEUE)


def refresh_sync(tx: Transaction, pk: int) -> SyncState:
    """Compute the order's sync state and its reason from its rows, and store them."""
    rows = tx.all(
        "SELECT state, last_error, theirs FROM outbox WHERE order_pk = ? "
        "AND state IN ('pending', 'in_flight', 'parked', 'conflict', 'dead') ORDER BY seq",
        (pk,),
    )
    remote = tx.one("SELECT remote FROM orders WHERE pk = ?", (pk,))
    states = frozenset(RowState(row[0]) for row in rows)
    state = sync_state(states, is_local=remote is None or remote[0] is None)
    reason = next((row[1] for row in rows if row[0] in {"parked", "conflict", "dead"} and row[1]), "")
    tx.execute(
        "UPDATE orders SET sync = ?, sync_reason = ?, version = version + 1 "
        "WHERE pk = ? AND (sync <> ? OR sync_reason <> ?)",
        (state.value, reason, pk, state.value, reason),
    )
    tx.touch(pk, Topic.QUEUE)
    return state
