"""What staff do with an order: move it, schedule it, undo, take notice of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from posapp.domain.errors import RefusedError, StaleOrderError
from posapp.domain.people import SECOND_THOUGHTS, Right, right_of_move
from posapp.domain.status import FINAL, RowState, Status, SyncState, check_move
from posapp.domain.text import clean_line
from posapp.domain.who import Who
from posapp.services.permits import permit, who_acts
from posapp.services.steps import Facts, change_status, enqueue, read_facts, refresh_sync
from posapp.storage.feed import Topic
from posapp.storage.fields import to_us
from posapp.storage.store import Store, Transaction

UNDO_WINDOW = timedelta(seconds=6)  # a cancel or a delivery made in the window is sent only after this
REASON_LENGTH = 500
RINGING = frozenset({Status.CREATED, Status.CANCELLED})  # until somebody takes notice


@dataclass(frozen=True, slots=True)
class Moved:
    """The outcome of a move; `changed` is false when the order already had the status."""

    pk: int
    code: str
    before: Status
    after: Status
    changed: bool


def move(
    store: Store,
    pk: int,
    target: Status,
    who: Who,
    *,
    reason: str = "",
    expected_version: int | None = None,
    hold: bool = False,
    origin: str = "",
) -> Moved:
    """Change an order's status, with its event and its outbox row, in one transaction.

    `hold` keeps a cancel or a delivery from being sent for as long as undo is offered. Raises RefusedError
    when the rules forbid the move, StaleOrderError when the order is not of `expected_version` any more.
    """
    with store.write(origin) as tx:
        return move_in(tx, pk, target, who, reason=reason, expected_version=expected_version, hold=hold)


def move_in(
    tx: Transaction,
    pk: int,
    target: Status,
    who: Who,
    *,
    reason: str = "",
    expected_version: int | None = None,
    hold: bool = False,
    by_itself: bool = False,
) -> Moved:
    """Do what `move` does as a part of a larger act; what it refuses has written nothing.

    `by_itself`: the program does it at its time, and needs nobody's permission.
    """
    asked = None if by_itself else who_acts(tx, who)
    facts = read_facts(tx, pk)
    if facts.status is target:
        return Moved(pk, facts.code, facts.status, target, changed=False)
    if not by_itself:
        permit(tx, who, right_of_move(facts.status, target), asked)
    check_seen(facts, expected_version)
    check_move(facts.status, target, facts.kind)
    _move(tx, facts, target, who, reason=reason, hold=hold)
    return Moved(pk, facts.code, facts.status, target, changed=True)


def check_seen(facts: Facts, expected_version: int | None) -> None:
    """Raise StaleOrderError when an order is not as the person saw it any more."""
    if expected_version is not None and facts.version != expected_version:
        raise StaleOrderError(
            f"Order #{facts.code} was changed meanwhile.",
            f"It is {facts.status} now.",
            "Look at it again, then decide.",
        )


def _move(tx: Transaction, facts: Facts, target: Status, who: Who, *, reason: str, hold: bool) -> None:
    params = {"from": facts.status.value, "to": target.value}
    if reason:
        params["reason"] = clean_line(reason)[:REASON_LENGTH]
    sync = facts.sync
    if facts.remote is not None:
        held = hold and target in {Status.CANCELLED, Status.DELIVERED}
        enqueue(
            tx,
            facts,
            target,
            who,
            hold_until=tx.now + UNDO_WINDOW if held else None,
            state=_state_behind(facts),
        )
        sync = facts.sync if facts.blocked else SyncState.PENDING
    change_status(tx, facts, target, noticed_by=who.actor, sync=sync)
    _note_notice(tx, facts, who)
    tx.event(facts.pk, "moved", who, params)


def _note_notice(tx: Transaction, facts: Facts, who: Who) -> None:
    """Record how long an order rang, if this person's act is what answers it."""
    if facts.noticed_at is None and facts.status in RINGING:
        fresh = facts.status is Status.CREATED
        since = facts.moments.received_at if fresh else facts.moments.status_at
        seconds = max(0, int((tx.now - since).total_seconds()))
        tx.event(facts.pk, "noticed", who, {"seconds": str(seconds)})


def _state_behind(facts: Facts) -> RowState:
    # A change made while another one of this order needs a person waits behind it.
    return RowState.PARKED if facts.blocked else RowState.PENDING


def schedule(store: Store, pk: int, planned_at: datetime, who: Who, *, origin: str = "") -> Moved:
    """Plan an order for a later time: set the time and move it to `timing`.

    Raises RefusedError for a time that has passed, or from a status that cannot be scheduled.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.ACCEPT)
        facts = read_facts(tx, pk)
        if planned_at <= tx.now:
            raise RefusedError(
                "This time has passed.", remedy="Choose a later one.", fields={"due_at": "In the past."}
            )
        if facts.status is not Status.TIMING:
            check_move(facts.status, Status.TIMING, facts.kind)
        tx.execute("UPDATE orders SET planned_at = ? WHERE pk = ?", (to_us(planned_at), pk))
        planned = read_facts(tx, pk)
        if facts.status is Status.TIMING:
            change_status(tx, planned, Status.TIMING, noticed_by=who.actor)
        else:
            _move(tx, planned, Status.TIMING, who, reason="", hold=False)
        tx.event(pk, "scheduled", who, {"at": planned_at.isoformat()})
    return Moved(pk, facts.code, facts.status, Status.TIMING, changed=True)


@dataclass(frozen=True, slots=True)
class Undone:
    """The outcome of an undo; `withdrawn` when nothing had been sent yet."""

    pk: int
    code: str
    before: Status
    after: Status
    withdrawn: bool


def undo(store: Store, pk: int, who: Who, *, expected: Status | None = None, origin: str = "") -> Undone:
    """Take the last step of an order back, whatever the table of moves says.

    `expected` is the status that this step led to: raises StaleOrderError when the order has gone on since.
    Before sending, the queued change is withdrawn; afterwards the earlier status is sent. Raises RefusedError
    when there is no step to take back.
    """
    with store.write(origin) as tx:
        if expected is not None and (facts := read_facts(tx, pk)).status is not expected:
            raise StaleOrderError(
                f"Order #{facts.code} has gone on meanwhile.", f"It is {facts.status} now, not {expected}."
            )
        return undo_in(tx, pk, who)


def undo_in(tx: Transaction, pk: int, who: Who) -> Undone:
    """Do what `undo` does as a part of a larger act; what it refuses has written nothing."""
    facts = read_facts(tx, pk)
    earlier = _last_step(tx, facts)
    long_ago = facts.status in FINAL and tx.now - facts.moments.status_at > SECOND_THOUGHTS
    permit(tx, who, Right.STEP_BACK if long_ago else right_of_move(earlier, facts.status))
    withdrawn = facts.remote is None or _withdraw(tx, facts, earlier, who)
    if not withdrawn:
        enqueue(tx, facts, earlier, who, undo=True, state=_state_behind(facts))
    if facts.status is Status.TIMING:
        # The plan goes with the step; a time that the customer asked for stays.
        tx.execute("UPDATE orders SET planned_at = NULL WHERE pk = ?", (pk,))
    change_status(tx, facts, earlier, noticed_by=who.actor)
    if facts.remote is not None:
        refresh_sync(tx, pk)
    _note_notice(tx, facts, who)
    tx.event(pk, "undone", who, {"from": facts.status.value, "to": earlier.value})
    return Undone(pk, facts.code, facts.status, earlier, withdrawn)


def _last_step(tx: Transaction, facts: Facts) -> Status:
    """Return the status before the last step that a person made and nobody has undone."""
    undone = 0
    rows = tx.all(
        "SELECT kind, params FROM events WHERE order_pk = ? "
        "AND kind IN ('moved', 'undone', 'adopted', 'resolved') ORDER BY pk DESC LIMIT 50",
        (facts.pk,),
    )
    for kind, text in rows:
        if kind == "undone":
            undone += 1
        elif kind != "moved":
            break
        elif undone:
            undone -= 1
        elif (params := json.loads(text)).get("to") == facts.status.value:
            return Status(params["from"])
        else:
            break
    raise RefusedError(
        f"There is no step of order #{facts.code} to undo.", "Its last change was not made here."
    )


def _withdraw(tx: Transaction, facts: Facts, earlier: Status, who: Who) -> bool:
    """Withdraw the last queued change if it never reached the remote; tell whether that was possible."""
    row = tx.one(
        "SELECT seq, state, reached, target, base FROM outbox WHERE order_pk = ? AND kind = 'status' "
        "AND state IN ('pending', 'in_flight', 'parked', 'conflict', 'dead') ORDER BY seq DESC LIMIT 1",
        (facts.pk,),
    )
    if row is None or row[3] != facts.status.value or row[4] != earlier.value:
        return False
    never_sent = row[1] == "pending" and row[2] == 0
    if not never_sent and row[1] != "parked":
        return False
    tx.execute(
        "UPDATE outbox SET state = 'superseded', closed_at = ?, reason = 'withdrawn by undo' WHERE seq = ?",
        (to_us(tx.now), row[0]),
    )
    tx.touch(facts.pk, Topic.QUEUE)
    if row[1] == "parked":
        _release(tx, facts.pk)
    _send_skipped(tx, facts, earlier, row[0], who)
    return True


def _release(tx: Transaction, pk: int) -> None:
    """Let what waited behind a refused change go on when nothing of the order needs a person any more."""
    asked = (
        "SELECT 1 FROM outbox WHERE order_pk = ? "
        "AND (state IN ('conflict', 'dead') OR state = 'parked' AND last_class = 'refused') LIMIT 1"
    )
    if tx.one(asked, (pk,)) is None:
        tx.execute("UPDATE outbox SET state = 'pending' WHERE order_pk = ? AND state = 'parked'", (pk,))


def _send_skipped(tx: Transaction, facts: Facts, earlier: Status, withdrawn: int, who: Who) -> None:
    """Send the earlier status after all if it was given up because the withdrawn change overtook it.

    What is on its way still is what the remote will have: only another than that is sent.
    """
    last = tx.one(
        "SELECT target FROM outbox WHERE order_pk = ? AND patch = '' "
        "AND state IN ('pending', 'in_flight', 'parked', 'conflict', 'dead') ORDER BY seq DESC LIMIT 1",
        (facts.pk,),
    )
    if last is not None:
        if last[0] != earlier.value:
            state = _state_behind(read_facts(tx, facts.pk))
            enqueue(tx, facts, earlier, who, base=Status(last[0]), undo=True, state=state)
        return
    row = tx.one(
        "SELECT state FROM outbox WHERE order_pk = ? AND seq < ? AND target = ? ORDER BY seq DESC LIMIT 1",
        (facts.pk, withdrawn, earlier.value),
    )
    if row is not None and row[0] == RowState.SUPERSEDED:
        state = _state_behind(read_facts(tx, facts.pk))
        enqueue(tx, facts, earlier, who, base=facts.shadow, undo=True, state=state)


def acknowledge(store: Store, pks: Sequence[int], who: Who, *, origin: str = "") -> int:
    """Record that a person has taken notice of these orders; return how many were still ringing."""
    count = 0
    with store.write(origin) as tx:
        permit(tx, who, Right.NOTICE)
        for pk in pks:
            if tx.one("SELECT 1 FROM orders WHERE pk = ? AND noticed_at IS NULL", (pk,)) is None:
                continue
            _note_notice(tx, read_facts(tx, pk), who)
            tx.execute(
                "UPDATE orders SET noticed_at = ?, noticed_by = ?, version = version + 1 WHERE pk = ?",
                (to_us(tx.now), who.actor, pk),
            )
            tx.touch(pk)
            count += 1
    return count
