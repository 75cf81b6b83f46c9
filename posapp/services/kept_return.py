"""What was kept while the database was away goes in: in its order, once, and never over what others did.

A change goes in by itself when the order still has the status that the person saw; what else changed of the
order meanwhile is no matter of a status. When it has another one, a person decides.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

from posapp.domain.errors import PosError, RefusedError, StorageError, UncertainError
from posapp.domain.kept import Kept, KeptKind, KeptState
from posapp.domain.kitchen import Section
from posapp.domain.people import Right, Role, may
from posapp.domain.status import Status, allowed_moves
from posapp.domain.who import Who
from posapp.services.accepting import IN_WORK, accept_in
from posapp.services.kept import note_act, right_of
from posapp.services.kitchen import bump_in
from posapp.services.orders import move_in
from posapp.services.permits import permit
from posapp.services.steps import Facts, read_facts
from posapp.storage.fields import to_us
from posapp.storage.kept import REMEMBERED, KeptJournal
from posapp.storage.locks import ProcessLock
from posapp.storage.store import Store, Transaction

log = logging.getLogger(__name__)

ORIGIN = "kept"
LOCK_NAME = "kept.lock"
MINE, THEIRS = "mine", "theirs"
_PASSED = {  # what a cook's "ready" is contained in
    Status.ONDELIVERY,
    Status.DELIVERED,
}
_SIGNED_IN = (
    "SELECT staff.role FROM sign_ins JOIN staff ON staff.pk = sign_ins.staff_pk WHERE sign_ins.id = ? "
    "AND sign_ins.station = ? AND sign_ins.at <= ? AND (sign_ins.ended_at IS NULL OR sign_ins.ended_at >= ?) "
    "AND staff.removed_at IS NULL"
)
_ENTERED = timedelta(seconds=5)  # a sign-in is noted by the clock, too: the same one, read a little later


class _Fate(StrEnum):
    DONE = "done"
    SAME = "same"  # others did the same
    TWICE = "twice"  # it is there already


class _MovedOnError(RefusedError):
    """The order is not as the person saw it any more."""

    def __init__(self, facts: Facts, title: str, detail: str = "") -> None:
        super().__init__(title, detail)
        self.found = facts.status.value


def bring_in(store: Store, sections: Callable[[], Sequence[Section]]) -> int:
    """Bring in what is kept, in its order; return how many changes went in.

    What does not fit stays in the journal for a person, and what the same order has behind it waits. Raises
    DatabaseAwayError when the server goes away again: all else is still in the journal.
    """
    journal = store.kept
    if journal is None or not journal.refresh().waiting:
        return 0
    lock = ProcessLock(store.data_dir / LOCK_NAME)
    if not lock.acquire():
        return 0  # another program of this station does it
    try:
        done = _bring_all(store, journal, sections())
        if done:
            _forget_old(store)
        return done
    finally:
        lock.release()


def _bring_all(store: Store, journal: KeptJournal, sections: Sequence[Section]) -> int:
    count = 0
    held: set[int] = set()
    while True:
        entries = journal.entries()
        held |= {entry.order.pk for entry in entries if entry.state is KeptState.NEEDS}
        # Anew each time: people go on meanwhile, and what they do comes behind.
        entry = next((each for each in entries if each.order.pk not in held), None)
        if entry is None:
            return count
        later = [each for each in entries if each.order.pk == entry.order.pk]
        count += _bring_one(store, journal, entry, later, sections)


def _bring_one(
    store: Store, journal: KeptJournal, entry: Kept, later: Sequence[Kept], sections: Sequence[Section]
) -> int:
    journal.put([entry.id], KeptState.GOING, store.clock())
    try:
        fate = _write(store, entry, later, sections)
    except UncertainError:
        raise  # it stays "going": its id tells later
    except StorageError:
        journal.put([entry.id], KeptState.WAITING, store.clock())
        raise
    except PosError as error:
        found = error.found if isinstance(error, _MovedOnError) else ""
        why = " ".join(part for part in (error.title, error.detail) if part)
        log.info("A kept change of order %s needs a person: %s", entry.order.code, why)
        journal.put([entry.id], KeptState.NEEDS, store.clock(), found=found, why=why)
        return 0
    journal.put([entry.id], KeptState.DONE, store.clock(), why=fate.value)
    return 1


def _write(store: Store, entry: Kept, later: Sequence[Kept], sections: Sequence[Section]) -> _Fate:
    who = Who(entry.actor, entry.station)
    with store.write(ORIGIN) as tx:
        if tx.one("SELECT 1 FROM kept_acts WHERE id = ?", (entry.id,)) is not None:
            return _Fate.TWICE
        facts = _facts(tx, entry)
        if _is_so(facts, entry, later):
            note_act(tx, entry.id, entry.station)
            return _Fate.SAME
        if facts.status is not entry.order.status:
            raise _MovedOnError(
                facts,
                f"Order #{facts.code} is {facts.status} now, not {entry.order.status}.",
                "Somebody changed it while the database was away from this computer.",
            )
        _permit(tx, entry)
        entered = tx.now
        # All that the act writes carries the time at which the person acted.
        tx.now = min(entry.at, tx.now)
        _act(tx, facts, entry, sections, who)
        seconds = str(int((entered - tx.now).total_seconds()))
        params = {"at": tx.now.isoformat(), "seconds": seconds}
        tx.now = entered
        tx.event(facts.pk, "brought_in", who, params)
        note_act(tx, entry.id, entry.station)
    return _Fate.DONE


def _facts(tx: Transaction, entry: Kept) -> Facts:
    facts = read_facts(tx, entry.order.pk)
    if entry.order.id:
        row = tx.one("SELECT id FROM orders WHERE pk = ?", (facts.pk,))
        if row is None or row[0] != entry.order.id:
            raise RefusedError(f"Order #{entry.order.code} is not in the database any more.")
    return facts


def _is_so(facts: Facts, entry: Kept, later: Sequence[Kept]) -> bool:
    """Tell whether the order already is what the person wanted, with this step or with a later one."""
    if entry.wish.kind is KeptKind.BUMP:
        return facts.status in _PASSED
    if facts.status is entry.order.status:
        return False
    return facts.status in {each.wish.target for each in later}


def _act(tx: Transaction, facts: Facts, entry: Kept, sections: Sequence[Section], who: Who) -> None:
    wish = entry.wish
    match wish.kind:
        case KeptKind.BUMP:
            bump_in(tx, facts.pk, wish.section, sections, who)
        case KeptKind.ACCEPT if wish.promised_at is not None:
            accept_in(tx, facts.pk, wish.promised_at, who, by_itself=True)
        case _:
            move_in(tx, facts.pk, wish.target, who, reason=wish.reason, by_itself=True)


def _permit(tx: Transaction, entry: Kept) -> None:
    """Ask whether the person could do this when they did it: a journal is no way around the roles."""
    if not entry.sign_in:
        if tx.one("SELECT 1 FROM staff WHERE removed_at IS NULL LIMIT 1") is None:
            return
        raise RefusedError("People have PINs here now, and nobody was signed in for this change.")
    at = to_us(entry.at)
    row = tx.one(_SIGNED_IN, (entry.sign_in, entry.station, to_us(entry.at + _ENTERED), at))
    if row is None:
        raise RefusedError(f"{entry.actor} was not signed in when this was done.")
    if not may(Role(row[0]), right_of(entry.wish)):
        raise RefusedError(f"{entry.actor} may not do this.")


def _forget_old(store: Store) -> None:
    with store.write(ORIGIN) as tx:
        tx.execute("DELETE FROM kept_acts WHERE at < ?", (to_us(tx.now - REMEMBERED),))


def can_take_mine(entry: Kept, found: Status | None, kind: Any) -> bool:
    """Tell whether a kept change can still be made where the order is now."""
    if found is None:
        return False
    if entry.wish.kind is KeptKind.BUMP:
        return found is Status.COOKING
    return entry.wish.target in allowed_moves(found, kind)


def decide(store: Store, act_id: str, choice: str, who: Who, *, origin: str = "") -> Status:
    """Settle a kept change that did not fit: `mine` makes it from where the order is now, `theirs` leaves it.

    Whoever decides needs the right for it. With `theirs`, what was kept of the order behind it goes, too.
    Returns the status that the order has then. Raises RefusedError when nothing of it needs a decision, or
    the move is not possible any more.
    """
    journal = store.kept
    entry = journal.of_id(act_id) if journal is not None else None
    if journal is None or entry is None or entry.state is not KeptState.NEEDS:
        raise RefusedError("This change needs no decision.", remedy="Look at the list again.")
    if choice not in {MINE, THEIRS}:
        raise RefusedError(f"“{choice[:20]}” is no choice.", remedy="Say mine or theirs.")
    closing = [entry]
    if choice == THEIRS:
        closing = [each for each in journal.of_order(entry.order.pk) if each.seq >= entry.seq]
    with store.write(origin) as tx:
        known = tx.one("SELECT 1 FROM kept_acts WHERE id = ?", (entry.id,)) is not None
        after = _decided(tx, entry, choice, who, known=known)
    state = KeptState.DONE if choice == MINE else KeptState.DROPPED
    journal.put([each.id for each in closing], state, store.clock(), why=f"decided by {who.actor}")
    if store.presence is not None:
        store.presence.suspect()  # what waited behind it goes in
    return after


def _decided(tx: Transaction, entry: Kept, choice: str, who: Who, *, known: bool) -> Status:
    row = tx.one("SELECT status FROM orders WHERE pk = ?", (entry.order.pk,))
    if known or row is None:  # decided before, and killed before it was noted here; or the order is gone
        if row is None:
            permit(tx, who, Right.RESOLVE)
        return Status(row[0]) if row is not None else entry.order.status
    facts = read_facts(tx, entry.order.pk)
    note_act(tx, entry.id, entry.station)
    params = {"by": entry.actor, "at": entry.at.isoformat(), "to": entry.wish.target.value}
    if choice == THEIRS:
        permit(tx, who, Right.RESOLVE)
        tx.event(facts.pk, "kept_dropped", who, params | {"from": facts.status.value})
        tx.touch(facts.pk)
        return facts.status
    if entry.wish.kind is KeptKind.BUMP:
        raise RefusedError("Look at the order on the board, then say again that it is ready.")
    accepted = entry.wish.kind is KeptKind.ACCEPT and facts.status in IN_WORK
    if accepted:
        permit(tx, who, Right.ACCEPT)
    tx.event(facts.pk, "kept_taken", who, params | {"from": facts.status.value})
    if accepted:
        return facts.status
    return move_in(tx, facts.pk, entry.wish.target, who, reason=entry.wish.reason).after
