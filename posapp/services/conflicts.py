"""What people decide about changes that cannot go out by themselves: mine or theirs, retry, discard."""

from __future__ import annotations

from collections.abc import Sequence

from posapp.domain.errors import RefusedError
from posapp.domain.people import Right
from posapp.domain.status import RowState, Status
from posapp.domain.text import clean_line
from posapp.domain.who import Who
from posapp.services.field_conflicts import force_fields, take_fields_back
from posapp.services.order_fields import load_patch
from posapp.services.permits import permit
from posapp.services.steps import change_status, enqueue, read_facts, refresh_sync
from posapp.storage.feed import Topic
from posapp.storage.fields import to_us
from posapp.storage.store import Store, Transaction

_OPEN = "('pending', 'in_flight', 'parked', 'conflict', 'dead')"
_PERSON = "('parked', 'conflict', 'dead')"
_ANEW = "state = 'pending', refusals = 0, last_class = ''"
STEPS, EDITS = "patch = ''", "patch <> ''"  # rows about the status, rows about fields


def resolve(store: Store, pk: int, choice: str, who: Who, *, origin: str = "") -> Status:
    """Settle an order that needs a person: `mine` sends ours again, `theirs` takes the remote's value.

    Returns the status that the order has then. Raises RefusedError when nothing of it needs a person.
    """
    with store.write(origin) as tx:
        return resolve_in(tx, pk, choice, who)


def resolve_in(tx: Transaction, pk: int, choice: str, who: Who) -> Status:
    """Do what `resolve` does as a part of a larger act; what it refuses has written nothing."""
    if choice not in {"mine", "theirs"}:
        raise RefusedError(f"“{choice[:20]}” is no choice.", remedy="Say mine or theirs.")
    permit(tx, who, Right.RESOLVE)
    facts = read_facts(tx, pk)
    if not facts.blocked:
        raise RefusedError(f"Nothing about order #{facts.code} needs a decision.", remedy="Look at it again.")
    asked, fields = _asked(tx, pk), _asked_fields(tx, pk)
    after = _send_mine(tx, pk, who) if choice == "mine" else _take_theirs(tx, pk, who, "their value taken")
    about_fields = EDITS in asked and fields != ""
    if about_fields:
        sides = {"mine": "", "theirs": ""} | {choice: fields}
        tx.event(pk, "resolved", who, {"choice": "fields"} | sides)
    if STEPS in asked or not about_fields:
        tx.event(pk, "resolved", who, {"choice": choice, "to": after.value})
    refresh_sync(tx, pk)
    return after


def _send_mine(tx: Transaction, pk: int, who: Who) -> Status:
    """Send what was refused again, step by step; a conflict is overwritten with what the order is here."""
    facts = read_facts(tx, pk)
    force_fields(tx, pk)
    conflict = tx.one("SELECT 1 FROM outbox WHERE order_pk = ? AND state = 'conflict' AND patch = ''", (pk,))
    if conflict is None:
        _send_again(tx, pk)
        return facts.status
    permit(tx, who, Right.REASSERT)
    theirs = tx.one(
        f"SELECT theirs FROM outbox WHERE order_pk = ? AND state IN {_OPEN} AND theirs <> '' "  # noqa: S608
        "ORDER BY seq DESC LIMIT 1",
        (pk,),
    )
    _supersede_open(tx, pk, "sent again by a person's decision", STEPS)
    _send_again(tx, pk)
    base = Status(theirs[0]) if theirs else (facts.shadow or facts.status)
    enqueue(tx, facts, facts.status, who, base=base, forced=True)
    tx.execute("UPDATE orders SET missing_at = NULL, reasserts = 0 WHERE pk = ?", (pk,))
    return facts.status


def _send_again(tx: Transaction, pk: int) -> None:
    """Let everything of this order that is not settled go out anew, in its order."""
    tx.execute(
        f"UPDATE outbox SET {_ANEW} WHERE order_pk = ? AND state IN {_PERSON}",  # noqa: S608
        (pk,),
    )
    tx.execute(
        f"UPDATE outbox SET not_before = NULL WHERE order_pk = ? AND state IN {_OPEN}",  # noqa: S608
        (pk,),
    )
    tx.execute("UPDATE orders SET missing_at = NULL, reasserts = 0 WHERE pk = ?", (pk,))
    tx.touch(pk, Topic.QUEUE)


def _take_theirs(tx: Transaction, pk: int, who: Who, reason: str) -> Status:
    """Give up what waits and show what the remote shows; an order that is gone there counts as cancelled.

    Where only fields need a decision, the steps of the status go on, and the other way round.
    """
    facts = read_facts(tx, pk)
    gone = tx.one("SELECT 1 FROM outbox WHERE order_pk = ? AND state = 'dead'", (pk,)) is not None
    asked = [STEPS, EDITS] if gone else _asked(tx, pk)
    conflict = tx.one(
        "SELECT theirs FROM outbox WHERE order_pk = ? AND state = 'conflict' AND patch = '' "
        "ORDER BY seq DESC LIMIT 1",
        (pk,),
    )
    theirs = Status(conflict[0]) if conflict and conflict[0] else facts.shadow
    after = Status.CANCELLED if gone else (theirs or facts.status) if STEPS in asked else facts.status
    if after is Status.CANCELLED and EDITS not in asked:
        asked = [*asked, EDITS]  # nobody needs an edit of what is cancelled
    if EDITS in asked:
        take_fields_back(tx, pk, who)
    for subject in asked:
        _supersede_open(tx, pk, reason, subject)
    if not gone:
        _send_again(tx, pk)
    if after is not facts.status:
        change_status(tx, facts, after, noticed_by=who.actor)
    if gone:
        tx.execute("UPDATE orders SET watch_at = NULL, settle_at = NULL WHERE pk = ?", (pk,))
    tx.execute("UPDATE orders SET reasserts = 0 WHERE pk = ?", (pk,))
    return after


def _asked(tx: Transaction, pk: int) -> list[str]:
    """Return what a person is asked about: the status, fields, or both; what only waits behind is not."""
    rows = tx.all(
        f"SELECT patch = '', state = 'parked' AND last_class <> 'refused' FROM outbox "  # noqa: S608
        f"WHERE order_pk = ? AND state IN {_PERSON} ORDER BY seq",
        (pk,),
    )
    asked = {STEPS if is_step else EDITS for is_step, only_waits in rows if not only_waits}
    return sorted(asked or {STEPS, EDITS})


def _asked_fields(tx: Transaction, pk: int) -> str:
    """Return the names of the fields that a person is asked about, as the history tells them."""
    rows = tx.all(
        f"SELECT patch, state FROM outbox WHERE order_pk = ? AND {EDITS} AND (state IN ('conflict', 'dead') "  # noqa: S608
        "OR state = 'parked' AND last_class = 'refused') ORDER BY seq",
        (pk,),
    )
    names: dict[str, None] = {}
    for patch, state in rows:
        for name, change in load_patch(patch).items():
            if state != RowState.CONFLICT or change.theirs is not None:
                names[name] = None
    return ", ".join(names)


def _supersede_open(tx: Transaction, pk: int, reason: str, subject: str) -> None:
    tx.execute(
        f"UPDATE outbox SET state = 'superseded', closed_at = ?, reason = ? "  # noqa: S608
        f"WHERE order_pk = ? AND state IN {_OPEN} AND {subject}",
        (to_us(tx.now), reason, pk),
    )
    tx.touch(pk, Topic.QUEUE)


def _row(tx: Transaction, name: str) -> tuple[int, RowState]:
    """Return (order, state) of the outbox row with this id, or with an id that begins so."""
    plain = clean_line(name)
    found = tx.all(
        "SELECT order_pk, state FROM outbox WHERE id = ? "
        "OR (length(?) >= 4 AND substr(id, 1, length(?)) = ?)",
        (plain, plain, plain, plain),
    )
    if len(found) != 1:
        raise RefusedError(
            f"There is {'no' if not found else 'more than one'} queued change “{clean_line(name)[:40]}”.",
            remedy="posapp queue list shows their ids.",
        )
    return int(found[0][0]), RowState(found[0][1])


def retry(store: Store, names: Sequence[str], who: Who, *, origin: str = "") -> list[int]:
    """Send refused changes again, with all that waits of the same orders; return the keys of these.

    A waiting row is made due at once. Raises RefusedError for rows that are settled, or of an order that is
    in conflict.
    """
    orders: list[int] = []
    with store.write(origin) as tx:
        permit(tx, who, Right.RESOLVE)
        for name in names:
            pk, state = _row(tx, name)
            if state in {RowState.CONFIRMED, RowState.SUPERSEDED}:
                raise RefusedError("This change is settled already.", f"It is {state}.")
            if tx.one("SELECT 1 FROM outbox WHERE order_pk = ? AND state = 'conflict'", (pk,)):
                raise RefusedError(
                    "The order of this change is in conflict with the remote.",
                    remedy="posapp orders resolve ORDER mine|theirs",
                )
            _send_again(tx, pk)
            tx.event(pk, "retried", who, {})
            refresh_sync(tx, pk)
            orders.append(pk)
    return orders


def discard(store: Store, names: Sequence[str], reason: str, who: Who, *, origin: str = "") -> list[int]:
    """Give changes up for a reason; each order goes back to the remote's value. Returns their keys.

    Raises RefusedError for rows that are settled, or that may be arriving at this moment.
    """
    orders: list[int] = []
    with store.write(origin) as tx:
        permit(tx, who, Right.DISCARD)
        for name in names:
            pk, state = _row(tx, name)
            if pk in orders:
                continue
            if state in {RowState.CONFIRMED, RowState.SUPERSEDED}:
                raise RefusedError("This change is settled already.", f"It is {state}.")
            discard_in(tx, pk, reason, who)
            orders.append(pk)
    return orders


def discard_in(tx: Transaction, pk: int, reason: str, who: Who) -> Status:
    """Give the waiting changes of an order up as a part of a larger act; return the status it has then."""
    why = clean_line(reason)[:500]
    if not why:
        raise RefusedError("Say why.", remedy="Add --reason TEXT.", fields={"reason": "Needed."})
    if tx.one("SELECT 1 FROM outbox WHERE order_pk = ? AND state = 'in_flight'", (pk,)):
        raise RefusedError(
            "This change may be arriving at the shop right now.",
            "It can be discarded once its outcome is known.",
            "Try again in a minute.",
        )
    after = _take_theirs(tx, pk, who, f"discarded: {why}")
    tx.event(pk, "discarded", who, {"reason": why, "to": after.value})
    refresh_sync(tx, pk)
    return after
