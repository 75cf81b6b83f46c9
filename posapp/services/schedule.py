"""Scheduled orders: started by themselves when their time comes, once, or by a person before it."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from posapp.domain.due import wall_clock
from posapp.domain.errors import RefusedError
from posapp.domain.kitchen import LeadTimes, is_later_day, start_by
from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services.orders import Moved, move_in
from posapp.services.steps import Facts, read_facts
from posapp.storage.fields import to_us
from posapp.storage.kitchen_lists import waiting_for_their_time
from posapp.storage.store import Store, Transaction

_REMEMBER = (
    "INSERT INTO kitchen_orders(order_pk, revision, seen, ready_by, struck, started_for) "
    "VALUES (?, 1, '', '', 0, ?) "
    "ON CONFLICT(order_pk) DO UPDATE SET started_for = excluded.started_for, "
    "revision = kitchen_orders.revision + 1"
)


@dataclass(frozen=True, slots=True)
class Started:
    """An order that the schedule moved to `accepted`."""

    pk: int
    code: str


def start_due(store: Store, lead: LeadTimes, zone: ZoneInfo, who: Who, *, origin: str = "") -> list[Started]:
    """Start the scheduled orders whose time has come; return those that this call started.

    Any number of processes may call it: each order is started once for its time, also if somebody takes the
    start back. `who` is the station itself.
    """
    now = store.clock()
    started: list[Started] = []
    for pk, kind, due_at, done in waiting_for_their_time(store):
        if done or start_by(due_at, kind, lead, zone) > now:
            continue
        with store.write(origin) as tx:
            code = _start(tx, pk, lead, zone, who)
        if code:
            started.append(Started(pk, code))
    return started


def _start(tx: Transaction, pk: int, lead: LeadTimes, zone: ZoneInfo, who: Who) -> str:
    """Start an order if it still is to be started; return its code, else nothing."""
    facts = read_facts(tx, pk)
    due_at = facts.planned_at or facts.due_at
    if facts.status is not Status.TIMING or due_at is None:
        return ""
    # Looked at again: this transaction alone decides.
    row = tx.one("SELECT started_for FROM kitchen_orders WHERE order_pk = ?", (pk,))
    if (row is not None and row[0] == to_us(due_at)) or start_by(due_at, facts.kind, lead, zone) > tx.now:
        return ""
    tx.execute(_REMEMBER, (pk, to_us(due_at)))
    move_in(tx, pk, Status.ACCEPTED, who, by_itself=True)
    tx.event(pk, "auto_started", who, {"due": due_at.isoformat()})
    return facts.code


def start_now(store: Store, pk: int, zone: ZoneInfo, who: Who, *, origin: str = "") -> Moved:
    """Put a scheduled order onto the board before its time.

    One that was accepted before its day is started as such. Raises RefusedError for an order of a later day.
    """
    with store.write(origin) as tx:
        facts = read_facts(tx, pk)
        _check_day(facts, tx, zone)
        target = Status.ACCEPTED if facts.status is Status.TIMING else Status.COOKING
        return move_in(tx, pk, target, who)


def _check_day(facts: Facts, tx: Transaction, zone: ZoneInfo) -> None:
    due_at = facts.planned_at or facts.due_at
    if due_at is not None and is_later_day(due_at, tx.now, zone):
        when = f"{due_at.astimezone(zone):%Y-%m-%d} {wall_clock(due_at, zone)}"
        raise RefusedError(
            f"Order #{facts.code} is for another day: {when}.",
            remedy="If it is wanted today, change its time in Orders first.",
        )
