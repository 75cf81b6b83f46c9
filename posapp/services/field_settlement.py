"""The decisions of the sync engine about fields, written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from posapp.domain.outbox import (
    FIELDS,
    REASSERT,
    AdoptFields,
    Change,
    FieldsConflict,
    OrderSync,
    Row,
    SeenFields,
)
from posapp.domain.status import RowState
from posapp.domain.who import Who
from posapp.services.kitchen_marks import watched
from posapp.services.order_fields import (
    CART,
    STAFF,
    dump_patch,
    load_patch,
    order_format,
    read_shadow,
    read_values,
    save_shadow,
    write_values,
)
from posapp.services.steps import enqueue, read_facts
from posapp.storage.fields import to_us
from posapp.storage.store import Transaction

_OPEN_EDITS = (
    "SELECT seq, patch FROM outbox WHERE order_pk = ? AND patch <> '' "
    "AND state IN ('pending', 'in_flight', 'parked', 'conflict', 'dead') ORDER BY seq"
)


def about(row: Row) -> dict[str, str]:
    """Return what the history says of a row: its status, or the names of its fields."""
    if row.patch:
        return {"fields": ", ".join(row.patch)}
    return {"to": row.target.value}


def take_over(tx: Transaction, view: OrderSync, effect: SeenFields | AdoptFields, who: Who) -> None:
    """Note what the remote shows of edited fields, and take it over where it shall stand here too."""
    save_shadow(tx, view.pk, read_shadow(tx, view.pk) | dict(effect.values))
    if isinstance(effect, AdoptFields):
        adopt(tx, view.pk, effect.values, who)


def adopt(tx: Transaction, pk: int, values: Mapping[str, str], who: Who) -> None:
    """Write the remote's values here, as far as they are known; the next read, due now, tells more."""
    format_name = order_format(tx, pk)
    with watched(tx, pk):
        write_values(tx, pk, format_name, values)
    shadow = {name: text for name, text in read_shadow(tx, pk).items() if name not in values}
    if format_name == STAFF:
        # They are compared until the order has been read after the last write of ours could arrive.
        shadow |= {name: text for name, text in values.items() if name != CART}
    save_shadow(tx, pk, shadow)
    tx.execute(
        "UPDATE orders SET watch_at = 0, settle_at = coalesce(settle_at, ?) WHERE pk = ?", (to_us(tx.now), pk)
    )
    if CART in values or format_name != STAFF:
        # What was pulled meanwhile left these out, and a cart's prices are in the payload only.
        tx.execute("UPDATE order_raw SET raw = '' WHERE order_pk = ?", (pk,))
    tx.execute("UPDATE orders SET version = version + 1 WHERE pk = ?", (pk,))
    tx.event(pk, "updated", who, {"fields": ", ".join(sorted(values))})
    tx.touch(pk)


def give_up(tx: Transaction, view: OrderSync, row: Row, who: Who) -> None:
    """Let the fields of an edit that will never be sent be what the remote shows."""
    # As they are by now: several may be given up at once.
    others = [(seq, load_patch(text)) for seq, text in tx.all(_OPEN_EDITS, (view.pk,))]
    later = {name for seq, patch in others if seq > row.seq for name in patch}
    # What an earlier edit made of a field is still on its way.
    earlier = {
        name: change.ours
        for seq, patch in others
        if seq < row.seq
        for name, change in patch.items()
        if name in row.patch and name not in later
    }
    write_values(tx, view.pk, order_format(tx, view.pk), earlier)
    _move_base(tx, row, others)
    shadow = read_shadow(tx, view.pk)
    back = {name for name in row.patch if name in shadow} - later - earlier.keys()
    if back:
        adopt(tx, view.pk, {name: shadow[name] for name in back}, who)


def _move_base(tx: Transaction, row: Row, edits: Sequence[tuple[int, Mapping[str, Change]]]) -> None:
    """Let a later edit begin where the one that is given up began: nobody will see what that one made."""
    found = tx.one("SELECT patch FROM outbox WHERE seq = ?", (row.seq,))
    given_up = load_patch(found[0]) if found is not None else {}
    for seq, patch in edits:
        if seq <= row.seq:
            continue
        moved = {
            name: replace(patch[name], base=old.base)
            for name, old in given_up.items()
            if name in patch and patch[name].base == old.ours
        }
        given_up = {name: old for name, old in given_up.items() if name not in patch}
        if moved:
            tx.execute("UPDATE outbox SET patch = ? WHERE seq = ?", (dump_patch({**patch, **moved}), seq))


def send_again(tx: Transaction, view: OrderSync, patch: Mapping[str, Change], who: Who) -> None:
    """Queue our values once more."""
    facts = read_facts(tx, view.pk)
    enqueue(tx, facts, facts.status, who, kind=REASSERT, patch=dump_patch(patch))
    tx.execute("UPDATE orders SET reasserts = reasserts + 1 WHERE pk = ?", (view.pk,))
    tx.event(view.pk, "reasserted", who, {"fields": ", ".join(sorted(patch))})


def ask(tx: Transaction, view: OrderSync, effect: FieldsConflict, who: Who) -> None:
    """Let a person decide about fields; without a row of its own the conflict gets one."""
    seq = effect.seq
    if seq is None:
        facts = read_facts(tx, view.pk)
        enqueue(
            tx, facts, facts.status, who, kind=FIELDS, state=RowState.CONFLICT, patch=dump_patch(effect.patch)
        )
        seq = row_of(tx, view, effect)
        patch = dict(effect.patch)
    else:
        row = next(row for row in view.rows if row.seq == seq)
        patch = {name: effect.patch.get(name, Change(old.base, old.ours)) for name, old in row.patch.items()}
    tx.execute(
        "UPDATE outbox SET state = 'conflict', patch = ?, last_error = ? WHERE seq = ?",
        (dump_patch(patch), effect.reason, seq),
    )
    tx.event(view.pk, "conflict", who, {"fields": ", ".join(sorted(effect.patch))})


def row_of(tx: Transaction, view: OrderSync, effect: FieldsConflict) -> int:
    """Return the row that a conflict is about, the newest when it got one of its own."""
    if effect.seq is not None:
        return effect.seq
    found = tx.one("SELECT max(seq) FROM outbox WHERE order_pk = ?", (view.pk,))
    assert found is not None  # noqa: S101 - `ask` has added it
    return int(found[0])


def forget_settled(tx: Transaction, view: OrderSync) -> None:
    """Stop comparing the fields that are the same here and at the remote."""
    shadow = read_shadow(tx, view.pk)
    if shadow:
        here = read_values(tx, view.pk, order_format(tx, view.pk), shadow)
        save_shadow(tx, view.pk, {name: text for name, text in shadow.items() if here[name] != text})
