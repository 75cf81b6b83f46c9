"""Edits of fields in the outbox: queued, joined with what waits, corrected where the remote refused them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from posapp.domain.outbox import FIELDS, Change
from posapp.domain.status import RowState
from posapp.domain.who import Who
from posapp.services.order_fields import CART, dump_patch, load_patch
from posapp.services.steps import Facts, enqueue
from posapp.storage.feed import Topic
from posapp.storage.fields import to_us
from posapp.storage.store import Transaction

_OPEN = (
    "SELECT seq, state, reached, forced, last_class, patch FROM outbox WHERE order_pk = ? "
    "AND state IN ('pending', 'in_flight', 'parked', 'conflict', 'dead') ORDER BY seq"
)


def queue_edit(
    tx: Transaction, facts: Facts, changed: Mapping[str, Change], who: Who, *, undo: bool = False
) -> None:
    """Queue changed fields; the cart is a call of its own, so it gets a row of its own."""
    fields = {name: change for name, change in changed.items() if name != CART}
    cart = {name: change for name, change in changed.items() if name == CART}
    for patch in (fields, cart):
        if patch:
            rest = _corrected(tx, facts, patch)
            if rest:
                _queue_one(tx, facts, rest, who, undo=undo)


def renew_asked(tx: Transaction, pk: int, changed: Mapping[str, Change]) -> None:
    """Let a conflict about fields that stay here show what they are here by now."""
    for seq, state, _, _, _, text in tx.all(_OPEN, (pk,)):
        patch = load_patch(text)
        if state != "conflict" or not patch.keys() & changed.keys():
            continue
        for name, change in changed.items():
            if name in patch:
                patch[name] = replace(patch[name], ours=change.ours)
        tx.execute("UPDATE outbox SET patch = ? WHERE seq = ?", (dump_patch(patch), seq))
        tx.touch(pk, Topic.QUEUE)


def _corrected(tx: Transaction, facts: Facts, patch: Mapping[str, Change]) -> dict[str, Change]:
    """Put the new values into an edit that the remote refused, and let it go out again; return the rest."""
    rows = tx.all(_OPEN, (facts.pk,))
    asked = next((row for row in rows if row[1] in {"parked", "conflict", "dead"}), None)
    if asked is None or asked[1] != "parked" or not asked[5]:
        return dict(patch)
    refused = load_patch(asked[5])
    if (CART in refused) != (CART in patch):
        return dict(patch)
    # Edits of the same fields that were made since go along, so that none of them comes after this one.
    since = [row for row in rows if row[0] > asked[0] and load_patch(row[5]).keys() & {*refused, *patch}]
    if not all(_is_unsent_edit(row) for row in since):
        return dict(patch)
    joined = refused
    for row in since:
        joined = _join(joined, load_patch(row[5]))
        _supersede(tx, row[0], "joined with a later edit")
    joined = _join(joined, patch)
    state = "pending" if joined else "superseded"
    tx.execute(
        "UPDATE outbox SET patch = ?, state = ?, refusals = 0, last_class = '', last_error = '', "
        "field_errors = '', not_before = NULL, closed_at = ?, reason = ? WHERE seq = ?",
        (
            dump_patch(joined or refused),
            state,
            None if joined else to_us(tx.now),
            "" if joined else "it was taken back",
            asked[0],
        ),
    )
    # What waited behind it goes on.
    tx.execute(
        "UPDATE outbox SET state = 'pending', refusals = 0, last_class = '' "
        "WHERE order_pk = ? AND state = 'parked'",
        (facts.pk,),
    )
    tx.touch(facts.pk, Topic.QUEUE)
    return {}


def _queue_one(tx: Transaction, facts: Facts, patch: Mapping[str, Change], who: Who, *, undo: bool) -> None:
    rows = tx.all(_OPEN, (facts.pk,))
    last = rows[-1] if rows else None
    blocked = any(row[1] in {"parked", "conflict", "dead"} for row in rows)
    joined = dict(patch)
    if last is not None and _is_unsent_edit(last) and (CART in load_patch(last[5])) == (CART in patch):
        joined = _join(load_patch(last[5]), patch)
        reason = "joined with a later edit" if joined else "it was taken back before it was sent"
        _supersede(tx, last[0], reason)
        tx.touch(facts.pk, Topic.QUEUE)
    if joined:
        state = RowState.PARKED if blocked else RowState.PENDING
        text = dump_patch(joined)
        enqueue(tx, facts, facts.status, who, kind=FIELDS, undo=undo, state=state, patch=text)


def _supersede(tx: Transaction, seq: int, reason: str) -> None:
    tx.execute(
        "UPDATE outbox SET state = 'superseded', closed_at = ?, reason = ? WHERE seq = ?",
        (to_us(tx.now), reason, seq),
    )


def _is_unsent_edit(row: tuple[object, ...]) -> bool:
    _, state, reached, forced, _, patch = row
    return bool(patch) and not forced and not reached and state in {"pending", "parked"}


def _join(earlier: Mapping[str, Change], later: Mapping[str, Change]) -> dict[str, Change]:
    """Return both as one change; a field that is again what it was is none."""
    joined = dict(earlier)
    for name, change in later.items():
        base = earlier[name].base if name in earlier else change.base
        joined[name] = Change(base, change.ours)
    return {name: change for name, change in joined.items() if change.base != change.ours}
