"""What people decide about edits that met somebody else's: ours over theirs, or theirs here too."""

from __future__ import annotations

from collections.abc import Mapping

from posapp.domain.errors import RefusedError
from posapp.domain.outbox import Change
from posapp.domain.people import Right
from posapp.domain.who import Who
from posapp.services.field_settlement import adopt
from posapp.services.order_fields import (
    STAFF,
    dump_patch,
    load_patch,
    order_format,
    read_shadow,
    read_values,
)
from posapp.services.permits import permit
from posapp.services.steps import read_facts, refresh_sync
from posapp.storage.feed import Topic
from posapp.storage.fields import to_us
from posapp.storage.store import Store, Transaction

_CONFLICTS = "SELECT seq, patch FROM outbox WHERE order_pk = ? AND state = 'conflict' AND patch <> ''"
_WAITING_EDITS = (
    "SELECT seq, patch FROM outbox WHERE order_pk = ? AND patch <> '' AND state IN ('pending', 'parked')"
)
_OPEN_EDITS = (
    "SELECT patch FROM outbox WHERE order_pk = ? AND patch <> '' "
    "AND state IN ('pending', 'in_flight', 'parked', 'conflict', 'dead')"
)


def resolve_fields(
    store: Store, pk: int, choices: Mapping[str, str], who: Who, *, origin: str = ""
) -> tuple[str, ...]:
    """Settle a conflict about fields one by one: each is `mine` or `theirs`; return those that go out.

    Raises RefusedError for a field that is not in conflict, or one that is left out.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.RESOLVE)
        return resolve_fields_in(tx, pk, choices, who)


def resolve_fields_in(tx: Transaction, pk: int, choices: Mapping[str, str], who: Who) -> tuple[str, ...]:
    """Do what `resolve_fields` does as a part of a larger act; what it refuses has written nothing."""
    code = read_facts(tx, pk).code
    rows = [(seq, load_patch(text)) for seq, text in tx.all(_CONFLICTS, (pk,))]
    asked = {name for _, patch in rows for name, change in patch.items() if change.theirs is not None}
    wrong = asked ^ choices.keys() | {name for name in choices if choices[name] not in {"mine", "theirs"}}
    if not asked or wrong:
        raise RefusedError(
            f"The conflict of order #{code} is about other fields by now.",
            remedy="Look at it again, then decide.",
            fields=dict.fromkeys(sorted(wrong), "Say mine or theirs for what is in conflict."),
        )
    back = {
        name: change.theirs
        for _, patch in rows
        for name, change in patch.items()
        if change.theirs is not None and choices[name] == "theirs"
    }
    for seq, patch in rows:
        _send_ours(tx, pk, seq, {name: change for name, change in patch.items() if name not in back})
    if back:
        _drop(tx, pk, back)
        adopt(tx, pk, back, who)
    _release(tx, pk)
    mine = sorted(asked - back.keys())
    words = {"choice": "fields", "mine": ", ".join(mine), "theirs": ", ".join(sorted(back))}
    tx.event(pk, "resolved", who, words)
    refresh_sync(tx, pk)
    return tuple(mine)


def _drop(tx: Transaction, pk: int, names: Mapping[str, str]) -> None:
    """Take fields out of the edits that wait behind the conflict: the decision is the last word."""
    for seq, text in tx.all(_WAITING_EDITS, (pk,)):
        patch = load_patch(text)
        rest = {name: change for name, change in patch.items() if name not in names}
        if not rest:
            tx.execute(
                "UPDATE outbox SET state = 'superseded', closed_at = ?, reason = ? WHERE seq = ?",
                (to_us(tx.now), "their values taken", seq),
            )
        elif len(rest) < len(patch):
            tx.execute("UPDATE outbox SET patch = ? WHERE seq = ?", (dump_patch(rest), seq))


def force_fields(tx: Transaction, pk: int) -> None:
    """Let our values of fields in conflict go out over theirs."""
    for seq, text in tx.all(_CONFLICTS, (pk,)):
        _send_ours(tx, pk, seq, load_patch(text))


def take_fields_back(tx: Transaction, pk: int, who: Who) -> None:
    """Let every field whose edit is not settled be what the remote shows."""
    names = {name for (text,) in tx.all(_OPEN_EDITS, (pk,)) for name in load_patch(text)}
    shadow = read_shadow(tx, pk)
    here = read_values(tx, pk, order_format(tx, pk), names)
    back = {name: shadow[name] for name in names if name in shadow and here[name] != shadow[name]}
    if back:
        adopt(tx, pk, back, who)


def _send_ours(tx: Transaction, pk: int, seq: int, patch: Mapping[str, Change]) -> None:
    """Send what is left of an edit over their values; a remote that takes no fields is not asked."""
    if not patch or order_format(tx, pk) != STAFF:
        reason = "kept here by a person's decision" if patch else "their values taken"
        tx.execute(
            "UPDATE outbox SET state = 'superseded', closed_at = ?, reason = ? WHERE seq = ?",
            (to_us(tx.now), reason, seq),
        )
        return
    ours = {
        name: Change(change.base if change.theirs is None else change.theirs, change.ours)
        for name, change in patch.items()
    }
    tx.execute(
        "UPDATE outbox SET state = 'pending', forced = 1, refusals = 0, not_before = NULL, patch = ?, "
        "last_class = '', last_error = '' WHERE seq = ?",
        (dump_patch(ours), seq),
    )


def _release(tx: Transaction, pk: int) -> None:
    """Let what waited behind the conflict go on, unless the status needs a decision too."""
    if tx.one("SELECT 1 FROM outbox WHERE order_pk = ? AND state IN ('conflict', 'dead')", (pk,)) is None:
        tx.execute(
            "UPDATE outbox SET state = 'pending', refusals = 0, last_class = '', not_before = NULL "
            "WHERE order_pk = ? AND state = 'parked'",
            (pk,),
        )
    tx.execute("UPDATE orders SET reasserts = 0 WHERE pk = ?", (pk,))
    tx.touch(pk, Topic.QUEUE)
