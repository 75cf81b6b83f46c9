"""The decisions of the sync engine, written down."""

from __future__ import annotations

from collections.abc import Iterable

from posapp.domain.outbox import (
    REASSERT,
    Adopt,
    AdoptFields,
    Again,
    Confirm,
    Dead,
    Effect,
    FieldsConflict,
    Missing,
    OrderSync,
    Park,
    Reassert,
    ReassertFields,
    Replay,
    Revive,
    Seen,
    SeenFields,
    Settle,
    Supersede,
    ToConflict,
    Watch,
)
from posapp.domain.status import RowState, Status
from posapp.domain.who import SYNC_ACTOR, Who
from posapp.services import field_settlement as on_fields
from posapp.services.order_fields import dump_texts
from posapp.services.steps import change_status, enqueue, read_facts, refresh_sync
from posapp.storage.fields import maybe_us, to_us
from posapp.storage.store import Transaction


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
        case SeenFields() | AdoptFields():
            on_fields.take_over(tx, view, effect, who)
            return False
        case ReassertFields(patch):
            on_fields.send_again(tx, view, patch, who)
            return True
        case FieldsConflict():
            on_fields.ask(tx, view, effect, who)
            _park_behind(tx, view, on_fields.row_of(tx, view, effect))
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
                on_fields.forget_settled(tx, view)
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
            tx.event(view.pk, "confirmed", who, on_fields.about(row) | {"how": how})
        case Supersede(seq, reason):
            row = next(row for row in view.rows if row.seq == seq)
            _close(tx, seq, RowState.SUPERSEDED, reason)
            on_fields.give_up(tx, view, row, who)
            tx.event(view.pk, "superseded", who, on_fields.about(row) | {"reason": reason})
        case Again():
            _try_again(tx, effect)
        case Park(seq, error, fields):
            tx.execute(
                "UPDATE outbox SET state = 'parked', last_class = 'refused', last_error = ?, "
                "field_errors = ? WHERE seq = ?",
                (error, dump_texts(fields), seq),
            )
            _park_behind(tx, view, seq)
            tx.event(view.pk, "refused", who, {"detail": error})
        case Replay():
            _replay(tx, view, effect, who)
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
        "reached = CASE WHEN reached > 0 THEN reached - ? ELSE 0 END, "
        "attempts = CASE WHEN attempts > 0 THEN attempts - ? ELSE 0 END, refusals = refusals + ? "
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


def _replay(tx: Transaction, view: OrderSync, effect: Replay, who: Who) -> None:
    """Let steps that were given up wait again, in their old places before the refused one."""
    for seq in effect.skipped:
        tx.execute(
            "UPDATE outbox SET state = 'pending', closed_at = NULL, reason = '', not_before = NULL "
            "WHERE seq = ? AND state = 'superseded'",
            (seq,),
        )
    tx.execute(
        "UPDATE outbox SET state = 'pending', refusals = refusals + 1, not_before = NULL, "
        "last_class = 'refused', last_error = ? WHERE seq = ?",
        (effect.error, effect.seq),
    )
    row = next(row for row in view.rows if row.seq == effect.seq)
    tx.event(view.pk, "replayed", who, {"to": row.target.value, "detail": effect.error})


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
