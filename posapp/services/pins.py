"""PINs: how they are kept, and proving one — each try is counted before it is looked at.

Counting first is what makes the wait hold when many try at once, and when a program is ended in the middle.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from posapp.domain.errors import RefusedError
from posapp.domain.people import wait_after
from posapp.domain.who import Who
from posapp.storage.fields import from_us, to_us
from posapp.storage.people import StaffRow
from posapp.storage.store import Store, Transaction

# OWASP's choice for argon2id; about 25 ms on a till.
_MEMORY_KIB, _PASSES = 19_456, 2
_STATION = "station:"
_FORGOTTEN = timedelta(hours=1)  # so long after the last wrong one, those of a station no longer count
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Try:
    """One try, already counted."""

    scope: str
    count: int
    wait: timedelta


def hash_pin(pin: str) -> str:
    """Return a PIN as it is kept: argon2id, as a PHC string. Takes a moment."""
    made = Argon2id(salt=os.urandom(16), length=32, iterations=_PASSES, lanes=1, memory_cost=_MEMORY_KIB)
    return made.derive_phc_encoded(_bytes(pin))


def _bytes(pin: str) -> bytes:
    return pin.encode("utf-8", "surrogatepass")


def _fits(pin: str, kept: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(_bytes(pin), kept)
    except InvalidKey:
        return False
    return True


def scope_of(station: str) -> str:
    """Return where wrong PINs count for which no person was named."""
    return _STATION + station


def prove(
    store: Store,
    candidates: Sequence[StaffRow],
    scope: str,
    pin: str,
    station: str,
    act: Callable[[Transaction, StaffRow], T],
    *,
    origin: str = "",
) -> T:
    """Do `act` for the one whose PIN it is, in the transaction that forgives the try.

    Raises RefusedError for a wrong PIN, and while there is a wait. Hashes outside of every transaction.
    """
    this = _begin(store, scope, origin)
    kept = dict(store.all("SELECT pk, pin_hash FROM staff WHERE removed_at IS NULL"))
    waiting = _waiting(store) if scope.startswith(_STATION) else frozenset()
    fitting = [one for one in candidates if one.pk in kept and _fits(pin, kept[one.pk])]
    fitting = [one for one in fitting if one.id not in waiting]  # a wait holds, whichever way somebody tries
    if len(fitting) > 1:
        raise RefusedError("Several people have this PIN.", remedy="Say who you are, too.")
    with store.write(origin) as tx:
        if fitting and _still(tx, fitting[0], kept[fitting[0].pk]):
            _forgive(tx, this)
            return act(tx, fitting[0])
        named = candidates[0].name if len(candidates) == 1 else ""
        facts = {"name": named, "failures": str(this.count)}
        tx.event(None, "pin_wrong", Who(station, station), facts)
    wait_s = int(this.wait.total_seconds())
    raise RefusedError(
        "This PIN is not right.",
        f"Wait {wait_s} s before the next try." if wait_s else "",
        "Try again, or ask the manager for a new one.",
        {"pin": "Not right."},
    )


def _begin(store: Store, scope: str, origin: str) -> _Try:
    """Count a try as if it were wrong; raise RefusedError while there is a wait. One writes at a time."""
    with store.write(origin) as tx:
        left = _left(tx, scope)
        this = _count(tx, scope) if not left else None
    if this is None:
        seconds = int(left.total_seconds()) + 1
        raise RefusedError(
            "Too many wrong PINs.", f"The next try is in {seconds} s.", fields={"pin": f"Wait {seconds} s."}
        )
    return this


def _left(tx: Transaction, scope: str) -> timedelta:
    """Return how long nobody may try; after the clock was set back, the whole wait begins anew."""
    row = tx.one("SELECT failures, wait_until FROM pin_failures WHERE scope = ?", (scope,))
    if row is None or row[1] is None:
        return timedelta(0)
    left, longest = from_us(row[1]) - tx.now, wait_after(int(row[0]))
    if left > longest:
        left = longest
        tx.execute(
            "UPDATE pin_failures SET wait_until = ?, last_at = ? WHERE scope = ?",
            (to_us(tx.now + left), to_us(tx.now), scope),
        )
    return max(left, timedelta(0))


def _count(tx: Transaction, scope: str) -> _Try:
    if scope.startswith(_STATION):
        before = to_us(tx.now - _FORGOTTEN)
        tx.execute("DELETE FROM pin_failures WHERE scope = ? AND last_at < ?", (scope, before))
    row = tx.one(
        "INSERT INTO pin_failures(scope, failures, last_at) VALUES (?, 1, ?) ON CONFLICT(scope) "
        "DO UPDATE SET failures = pin_failures.failures + 1, last_at = excluded.last_at RETURNING failures",
        (scope, to_us(tx.now)),
    )
    count = int(row[0]) if row else 1
    wait = wait_after(count)
    if wait:
        tx.execute("UPDATE pin_failures SET wait_until = ? WHERE scope = ?", (to_us(tx.now + wait), scope))
    return _Try(scope, count, wait)


def _forgive(tx: Transaction, this: _Try) -> None:
    """Let a person begin anew; a station, where anybody has a PIN for that, only without this try."""
    if not this.scope.startswith(_STATION):
        tx.execute("DELETE FROM pin_failures WHERE scope = ?", (this.scope,))
        return
    tx.execute(
        "UPDATE pin_failures SET wait_until = CASE WHEN failures = ? THEN NULL ELSE wait_until END, "
        "failures = failures - 1 WHERE scope = ? AND failures > 0",
        (this.count, this.scope),
    )


def _waiting(store: Store) -> frozenset[str]:
    now = to_us(store.clock())
    return frozenset(
        str(row[0]) for row in store.all("SELECT scope FROM pin_failures WHERE wait_until > ?", (now,))
    )


def _still(tx: Transaction, found: StaffRow, kept: str) -> bool:
    """Tell whether the person is still here with this PIN: hashing took a while."""
    row = tx.one("SELECT pin_hash FROM staff WHERE pk = ? AND removed_at IS NULL", (found.pk,))
    return row is not None and row[0] == kept


def ends_at(store: Store, person_id: str) -> datetime | None:
    """Return until when a person's PIN is not taken, None when it is."""
    row = store.one("SELECT failures, wait_until FROM pin_failures WHERE scope = ?", (person_id,))
    if row is None or row[1] is None:
        return None
    now = store.clock()
    until = min(from_us(row[1]), now + wait_after(int(row[0])))
    return until if until > now else None
