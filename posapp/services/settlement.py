"""The sync engine's view of an order, and its decisions written down, one transaction each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from posapp.domain.outbox import (
    REASSERT,
    Adopt,
    Again,
    Confirm,
    Dead,
    Effect,
    Missing,
    OrderSync,
    Park,
    Reassert,
    Revive,
    Row,
    Seen,
    Settle,
    Supersede,
    ToConflict,
    Watch,
)
from posapp.domain.status import RowState, Status
from posapp.domain.who import SYNC_ACTOR, Who
from posapp.services.steps import change_status, enqueue, read_facts, refresh_sync
from posapp.storage.feed import Topic
from posapp.storage.fields import maybe_at, maybe_us, to_us
from posapp.storage.store import Transaction

_ORDER = (
    "SELECT pk, remote, remote_id, code, status, shadow, settle_at, watch_at, missing_at, reasserts "
    "FROM orders WHERE pk = ? AND remote IS NOT NULL"
)
_ROWS = (
    "SELECT seq, kind, target, base, forced, state, attempts, reached, refusals, created_at, not_before, "
    "hold_until, last_at, last_class, theirs FROM outbox WHERE order_pk = ? "
    "AND state IN ('pending', 'in_flight', 'parked', 'conflict', 'dead') ORDER BY seq"
)
_SENT = "SELECT DISTINCT value FROM sent_log WHERE order_pk = ? AND verdict <> 'refused'"
# What the order was before what we sent; but what a person overwrote was somebody else's.
_BASES = (
    "SELECT DISTINCT base FROM outbox WHERE order_pk = ?1 AND kind = 'status' AND forced = 0 "
    "AND base <> theirs AND (reached > 0 OR seq = (SELECT min(seq) FROM outbox WHERE order_pk = ?1))"
)


def read_view(tx: Transaction, pk: int) -> OrderSync | None:
    """Return the engine's view of an order, None when it is not a remote one."""
    raw = tx.one(_ORDER, (pk,))
    if raw is None:
        return None
    sent = frozenset(Status(row[0]) for row in tx.all(_SENT, (pk,)))
    rows = tuple(
        Row(
            seq=row[0],
            kind=row[1],
            target=Status(row[2]),
            base=Status(row[3]),
            forced=bool(row[4]),
            state=RowState(row[5]),
            attempts=row[6],
            reached=row[7],
            refusals=row[8],
            created_at=maybe_at(row[9]) or tx.now,
            not_before=maybe_at(row[10]),
            hold_until=maybe_at(row[11]),
            last_at=maybe_at(row[12]),
            last_class=row[13],
            theirs=row[14],
        )
        for row in tx.all(_ROWS, (pk,))
    )
    return OrderSync(
        pk=pk,
        remote=raw[1],
        remote_id=raw[2],
        code=raw[3],
        status=Status(raw[4]),
        shadow=Status(raw[5] or raw[4]),
        own=sent | {Status(row[0]) for row in tx.all(_BASES, (pk,))},
        sent=sent,
        rows=rows,
        settle_at=maybe_at(raw[6]),
        watch_at=maybe_at(raw[7]),
        missing_at=maybe_at(raw[8]),
        reasserts=raw[9],
    )


def mark_sending(
    tx: Transaction, view: OrderSync, row: Row, lease: str, not_before: datetime, settle_at: datetime
) -> None:
    """Note, before the first byte leaves, that this row may reach the remote from now on.

    Whatever happens then, the order is watched until a read at or after `settle_at`.
    """
    tx.execute(
        "UPDATE outbox SET state = 'in_flight', attempts = attempts + 1, reached = reached + 1, last_at = ?, "
        "lease = ?, not_before = ? WHERE seq = ? AND state IN ('pending', 'in_flight')",
        (to_us(tx.now), lease, to_us(not_before), row.seq),
    )
    tx.execute(
        "INSERT INTO sent_log(order_pk, outbox_seq, value, sent_at, verdict, detail) "
        "VALUES (?, ?, ?, ?, '', '')",
        (view.pk, row.seq, row.target.value, to_us(tx.now)),
    )
    tx.execute(
        "UPDATE orders SET settle_at = ?, watch_at = coalesce(watch_at, ?) WHERE pk = ?",
        (to_us(settle_at), to_us(settle_at), view.pk),
    )
    tx.touch(view.pk, Topic.QUEUE)


def note_read(tx: Transaction, pk: int) -> None:
    """Note that the order could be read: what it waited for is over, or a person did not want to wait."""
    tx.execute(
        "UPDATE outbox SET not_before = NULL WHERE order_pk = ? AND not_before IS NOT NULL "
        "AND state IN ('pending', 'in_flight')",
        (pk,),
    )


def note_answer(tx: Transaction, seq: int, verdict: str, detail: str, *, unsent: bool) -> None:
    """Write the answer beside the last write of this row; forget the write if nothing can have arrived."""
    last = tx.one("SELECT max(pk) FROM sent_log WHERE outbox_seq = ?", (seq,))
    if last is None or last[0] is None:
        return
    if unsent:
        tx.execute("DELETE FROM sent_log WHERE pk = ?", (last[0],))
        return
    tx.execute(
        "UPDATE sent_log SET answered_at = ?, verdict = ?, detail = ? WHERE pk = ?",
        (to_us(tx.now), verdict, detail[:500], last[0]),
    )


def apply(tx: Transaction, view: OrderSync, effects: Iterable[Effect], station: str) -> None:
    """Write down a decision of the engine."""
    who = Who(SYNC_ACTOR, station)
    changed_rows = False
    for effect in effects:
        changed_rows |= _apply_one(tx, view, effect, who)
    if changed_rows:
        refresh_sync(tx, view.pk)


def _apply_one(tx: Transaction, view: OrderSync, effect: Effect, who: Who) -> bool:
    """Write one effect; tell whether it changed a row of the outbox."""
    match effect:
        case Seen() | Settle() | Watch() | Missing():
            _apply_to_order(tx, view, effect, who)
            return False
        case Adopt(value):
            facts = read_facts(tx, view.pk)
            change_status(tx, facts, value)
            # A cancellation rings until somebody takes notice; any other step says that somebody has.
            noticed = None if value is Status.CANCELLED else to_us(facts.noticed_at or tx.now)
            tx.execute("UPDATE orders SET noticed_at = ? WHERE pk = ?", (noticed, view.pk))
            tx.event(view.pk, "adopted", who, {"from": facts.status.value, "to": value.value})
            return True
        case Reassert(value, base):
            enqueue(tx, read_facts(tx, view.pk), value, who, kind=REASSERT, base=base)
            tx.execute("UPDATE orders SET reasserts = reasserts + 1 WHERE pk = ?", (view.pk,))
            tx.event(view.pk, "reasserted", who, {"from": base.value, "to": value.value})
            return True
        case _:
            _apply_to_rows(tx, view, effect, who)
            return True


def _apply_to_order(
    tx: Transaction, view: OrderSync, effect: Seen | Settle | Watch | Missing, who: Who
) -> None:
    match effect:
        case Seen(value, foreign):
            tx.execute(
                "UPDATE orders SET shadow = ?, shadow_at = ? WHERE pk = ?",
                (value.value, to_us(tx.now), view.pk),
            )
            if foreign:
                tx.event(view.pk, "foreign", who, {"to": value.value})
                tx.touch(view.pk)
        case Settle(at):
            tx.execute("UPDATE orders SET settle_at = ? WHERE pk = ?", (maybe_us(at), view.pk))
            if at is None:
                tx.execute("UPDATE orders SET reasserts = 0 WHERE pk = ?", (view.pk,))
        case Watch(at):
            tx.execute("UPDATE orders SET watch_at = ? WHERE pk = ?", (maybe_us(at), view.pk))
        case Missing(since):
            tx.execute("UPDATE orders SET missing_at = ? WHERE pk = ?", (maybe_us(since), view.pk))


def _close(tx: Transaction, seq: int, state: RowState, reason: str) -> None:
    tx.execute(
        "UPDATE outbox SET state = ?, closed_at = ?, reason = ? WHERE seq = ?",
        (state.value, to_us(tx.now), reason, seq),
    )


def _apply_to_rows(tx: Transaction, view: OrderSync, effect: Effect, who: Who) -> None:
    match effect:
        case Confirm(seq, how):
            row = next(row for row in view.rows if row.seq == seq)
            _close(tx, seq, RowState.CONFIRMED, how)
            tx.event(view.pk, "confirmed", who, {"to": row.target.value, "how": how})
        case Supersede(seq, reason):
            row = next(row for row in view.rows if row.seq == seq)
            _close(tx, seq, RowState.SUPERSEDED, reason)
            tx.event(view.pk, "superseded", who, {"to": row.target.value, "reason": reason})
        case Again():
            _try_again(tx, effect)
        case Park(seq, error):
            tx.execute(
                "UPDATE outbox SET state = 'parked', last_class = 'refused', last_error = ? WHERE seq = ?",
                (error, seq),
            )
            _park_behind(tx, view, seq)
            tx.event(view.pk, "refused", who, {"detail": error})
        case ToConflict():
            _conflict(tx, view, effect, who)
        case Dead(error):
            _dead(tx, view, error, who)
        case Revive():
            tx.execute(
                "UPDATE outbox SET state = 'pending', refusals = 0, not_before = NULL "
                "WHERE order_pk = ? AND state IN ('dead', 'parked')",
                (view.pk,),
            )
        case _:
            raise AssertionError(effect)


def _try_again(tx: Transaction, effect: Again) -> None:
    tx.execute(
        "UPDATE outbox SET state = ?, not_before = ?, last_class = ?, last_error = ?, "
        "reached = max(0, reached - ?), attempts = max(0, attempts - ?), refusals = refusals + ? "
        "WHERE seq = ?",
        (
            effect.state.value,
            to_us(effect.not_before),
            effect.verdict,
            effect.error,
            int(effect.unsent),
            int(not effect.counts),
            int(effect.refused),
            effect.seq,
        ),
    )


def _park_behind(tx: Transaction, view: OrderSync, seq: int) -> None:
    tx.execute(
        "UPDATE outbox SET state = 'parked' WHERE order_pk = ? AND seq > ? "
        "AND state IN ('pending', 'in_flight')",
        (view.pk, seq),
    )


def _conflict(tx: Transaction, view: OrderSync, effect: ToConflict, who: Who) -> None:
    facts = read_facts(tx, view.pk)
    seq = effect.seq
    if seq is None:
        enqueue(tx, facts, facts.status, who, base=effect.theirs, state=RowState.CONFLICT)
        found = tx.one("SELECT max(seq) FROM outbox WHERE order_pk = ?", (view.pk,))
        assert found is not None  # noqa: S101 - the row was added above
        seq = int(found[0])
    tx.execute(
        "UPDATE outbox SET state = 'conflict', theirs = ?, last_error = ? WHERE seq = ?",
        (effect.theirs.value, effect.reason, seq),
    )
    _park_behind(tx, view, seq)
    tx.event(view.pk, "conflict", who, {"ours": facts.status.value, "theirs": effect.theirs.value})


def _dead(tx: Transaction, view: OrderSync, error: str, who: Who) -> None:
    if not view.rows:
        facts = read_facts(tx, view.pk)
        enqueue(tx, facts, facts.status, who, state=RowState.DEAD)
    tx.execute(
        "UPDATE outbox SET state = 'dead', last_class = 'gone', last_error = ? WHERE order_pk = ? "
        "AND state IN ('pending', 'in_flight', 'parked', 'conflict', 'dead')",
        (error, view.pk),
    )
    tx.event(view.pk, "gone", who, {"detail": error})
