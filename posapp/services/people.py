"""The people of the shop: who works here, and signing in with a PIN."""

from __future__ import annotations

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from posapp.domain.errors import RefusedError, StaleOrderError
from posapp.domain.people import (
    APPROVAL_LASTS,
    LONGEST_NAME,
    Right,
    Role,
    check_pin,
    may,
    pin_length,
    wait_after,
)
from posapp.domain.text import clean_line
from posapp.domain.who import Who
from posapp.services.permits import permit
from posapp.storage.feed import Topic
from posapp.storage.fields import from_us, to_us
from posapp.storage.people import StaffRow, person, staff
from posapp.storage.store import Store, Transaction

# OWASP's choice for argon2id; about 25 ms on a till.
_MEMORY_KIB, _PASSES = 19_456, 2
COLOURS = ("blue", "green", "violet", "brown", "teal", "plum")


@dataclass(frozen=True, slots=True)
class Entered:
    """A sign-in that has begun: what acts carry, and whose it is."""

    who: Who
    person: StaffRow


def hash_pin(pin: str) -> str:
    """Return a PIN as it is kept: argon2id, as a PHC string. Takes a moment."""
    made = Argon2id(salt=os.urandom(16), length=32, iterations=_PASSES, lanes=1, memory_cost=_MEMORY_KIB)
    return made.derive_phc_encoded(pin.encode())


def _fits(pin: str, kept: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(pin.encode(), kept)
    except InvalidKey:
        return False
    return True


# ------------------------------------------------------------------------------------------ who works here


def add_person(store: Store, name: str, role: Role, pin: str, who: Who, *, origin: str = "") -> StaffRow:
    """Add somebody; the first person of a shop has to be a manager. Raises RefusedError naming the fields."""
    kept = hash_pin(pin)
    with store.write(origin) as tx:
        permit(tx, who, Right.STAFF)
        check_pin(pin, role)
        everybody = staff(tx)
        if not everybody and role is not Role.MANAGER:
            raise RefusedError(
                "The first person has to be a manager.",
                "Otherwise nobody could add the others.",
                "Add a manager first.",
                {"role": "Has to be manager."},
            )
        plain = _name(tx, name)
        made = tx.new_id()
        tx.execute(
            "INSERT INTO staff(id, name, role, colour, pin_hash, version, created_at) "
            "VALUES (?, ?, ?, ?, ?, 1, ?)",
            (made, plain, role.value, COLOURS[len(everybody) % len(COLOURS)], kept, to_us(tx.now)),
        )
        tx.event(None, "staff_added", who, {"name": plain, "role": role.value})
        tx.touch(None, Topic.STAFF)
        return _known(tx, made)


def change_person(
    store: Store,
    person_id: str,
    who: Who,
    *,
    name: str = "",
    role: Role | None = None,
    pin: str = "",
    expected_version: int | None = None,
    origin: str = "",
) -> StaffRow:
    """Give somebody another name or role; a role whose PINs are longer or shorter needs a new `pin` with it.

    Raises RefusedError when nobody would be manager any more.
    """
    kept = hash_pin(pin) if pin else ""
    with store.write(origin) as tx:
        permit(tx, who, Right.STAFF)
        before = _known(tx, person_id)
        if expected_version is not None and before.version != expected_version:
            raise StaleOrderError(f"{before.name} was changed meanwhile.", remedy="Look again, then decide.")
        after = role or before.role
        if before.role is Role.MANAGER and after is not Role.MANAGER:
            _check_manager_stays(tx, before)
        if pin or pin_length(after) != pin_length(before.role):
            check_pin(pin, after)
        plain = _name(tx, name, besides=person_id) if name else before.name
        tx.execute(
            "UPDATE staff SET name = ?, role = ?, pin_hash = coalesce(nullif(?, ''), pin_hash), "
            "version = version + 1 WHERE pk = ?",
            (plain, after.value, kept, before.pk),
        )
        tx.event(None, "staff_changed", who, {"name": plain, "before": before.name, "role": after.value})
        tx.touch(None, Topic.STAFF)
        return _known(tx, person_id)


def set_pin(store: Store, person_id: str, pin: str, who: Who, *, origin: str = "") -> None:
    """Give somebody a new PIN, which also ends the wait after wrong ones."""
    kept = hash_pin(pin)
    with store.write(origin) as tx:
        permit(tx, who, Right.STAFF)
        found = _known(tx, person_id)
        check_pin(pin, found.role)
        tx.execute("UPDATE staff SET pin_hash = ?, version = version + 1 WHERE pk = ?", (kept, found.pk))
        tx.execute("DELETE FROM pin_failures WHERE scope = ?", (person_id,))
        tx.event(None, "pin_set", who, {"name": found.name})
        tx.touch(None, Topic.STAFF)


def remove_person(store: Store, person_id: str, who: Who, *, origin: str = "") -> StaffRow:
    """Let somebody go: their sign-ins end at once, what they did stays. The last manager goes last."""
    with store.write(origin) as tx:
        permit(tx, who, Right.STAFF)
        found = _known(tx, person_id)
        if found.role is Role.MANAGER and len(staff(tx)) > 1:
            _check_manager_stays(tx, found)
        tx.execute("UPDATE staff SET removed_at = ? WHERE pk = ?", (to_us(tx.now), found.pk))
        tx.execute(
            "UPDATE sign_ins SET ended_at = ? WHERE staff_pk = ? AND ended_at IS NULL",
            (to_us(tx.now), found.pk),
        )
        tx.event(None, "staff_removed", who, {"name": found.name})
        tx.touch(None, Topic.STAFF)
        tx.touch(None, Topic.STAFF)
        return found


def _name(tx: Transaction, name: str, besides: str = "") -> str:
    plain = clean_line(name)
    if not plain or len(plain) > LONGEST_NAME:
        why = "Needed." if not plain else f"At most {LONGEST_NAME} characters."
        raise RefusedError("This name cannot be used.", why, fields={"name": why})
    if any(one.name.casefold() == plain.casefold() and one.id != besides for one in staff(tx)):
        why = "Somebody of this name works here already."
        raise RefusedError(why, remedy="Add a letter of the family name.", fields={"name": why})
    return plain


def _known(reader: Store | Transaction, person_id: str) -> StaffRow:
    found = person(reader, person_id)
    if found is None:
        raise RefusedError("This person does not work here any more.", remedy="Look at the list again.")
    return found


def _check_manager_stays(tx: Transaction, leaving: StaffRow) -> None:
    if not any(one.role is Role.MANAGER and one.pk != leaving.pk for one in staff(tx)):
        raise RefusedError(
            f"{leaving.name} is the only manager.",
            "Nobody could change the staff any more.",
            "Make somebody else manager first.",
            {"role": "Has to stay manager."},
        )


# --------------------------------------------------------------------------------------------- signing in


def sign_in(store: Store, person_id: str, pin: str, station: str, *, origin: str = "") -> Entered:
    """Let somebody work at a station. Raises RefusedError for a wrong PIN, and while there is a wait."""
    found = _check(store, [_known(store, person_id)], person_id, pin, station, origin)
    return _enter(store, found, station, origin)


def sign_in_by_pin(store: Store, pin: str, station: str, *, origin: str = "") -> Entered:
    """Let the person work whose PIN it is; wrong ones count for the station.

    Raises RefusedError when it is nobody's, or that of several.
    """
    found = _check(store, list(staff(store)), f"station:{station}", pin, station, origin)
    return _enter(store, found, station, origin)


def sign_out(store: Store, who: Who, *, origin: str = "") -> None:
    """End a sign-in: nothing more can be done in its name."""
    with store.write(origin) as tx:
        ended = tx.execute(
            "UPDATE sign_ins SET ended_at = ? WHERE id = ? AND ended_at IS NULL",
            (to_us(tx.now), who.sign_in),
        )
        if ended.rowcount:
            tx.event(None, "signed_out", who)


def approve(store: Store, manager_id: str, pin: str, right: Right, who: Who, *, origin: str = "") -> str:
    """Let a manager allow one act of somebody else's sign-in, within a minute; return the manager's name."""
    manager = _check(store, [_known(store, manager_id)], manager_id, pin, who.station, origin)
    if not may(manager.role, right):
        raise RefusedError(f"{manager.name} may not approve this.", remedy="Ask a manager.")
    with store.write(origin) as tx:
        found = tx.one("SELECT pk FROM sign_ins WHERE id = ? AND ended_at IS NULL", (who.sign_in,))
        if found is None:
            raise RefusedError("You are signed out.", remedy="Enter your PIN again.")
        tx.execute(
            'INSERT INTO approvals(sign_in_pk, act, manager_pk, at, "until") VALUES (?, ?, ?, ?, ?)',
            (found[0], right.value, manager.pk, to_us(tx.now), to_us(tx.now + APPROVAL_LASTS)),
        )
        tx.event(None, "approved", Who(manager.name, who.station), {"right": right.value, "for": who.actor})
    return manager.name


def _check(
    store: Store, candidates: list[StaffRow], scope: str, pin: str, station: str, origin: str
) -> StaffRow:
    """Return whose PIN it is; a wrong one is counted before it is told. Hashes outside the transaction."""
    _check_wait(store, scope)
    kept = dict(store.all("SELECT pk, pin_hash FROM staff WHERE removed_at IS NULL"))
    fitting = [one for one in candidates if one.pk in kept and _fits(pin, kept[one.pk])]
    if len(fitting) > 1:
        raise RefusedError("Several people have this PIN.", remedy="Say who you are, too.")
    with store.write(origin) as tx:
        if fitting:
            tx.execute("DELETE FROM pin_failures WHERE scope = ?", (scope,))
            return fitting[0]
        wait_s = _count_failure(tx, scope, candidates, station)
    raise RefusedError(
        "This PIN is not right.",
        f"Wait {wait_s} s before the next try." if wait_s else "",
        "Try again, or ask the manager for a new one.",
        {"pin": "Not right."},
    )


def _check_wait(store: Store, scope: str) -> None:
    row = store.one("SELECT wait_until FROM pin_failures WHERE scope = ?", (scope,))
    now = store.clock()
    if row is not None and row[0] is not None and from_us(row[0]) > now:
        seconds = int((from_us(row[0]) - now).total_seconds()) + 1
        raise RefusedError(
            "Too many wrong PINs.", f"The next try is in {seconds} s.", fields={"pin": f"Wait {seconds} s."}
        )


def _count_failure(tx: Transaction, scope: str, candidates: list[StaffRow], station: str) -> int:
    """Count a wrong PIN; return for how many seconds nobody can try."""
    row = tx.one(
        "INSERT INTO pin_failures(scope, failures, last_at) VALUES (?, 1, ?) ON CONFLICT(scope) "
        "DO UPDATE SET failures = pin_failures.failures + 1, last_at = excluded.last_at RETURNING failures",
        (scope, to_us(tx.now)),
    )
    failures = int(row[0]) if row else 1
    wait = wait_after(failures)
    if wait:
        tx.execute("UPDATE pin_failures SET wait_until = ? WHERE scope = ?", (to_us(tx.now + wait), scope))
    named = candidates[0].name if len(candidates) == 1 else ""
    tx.event(None, "pin_wrong", Who(station, station), {"name": named, "failures": str(failures)})
    return int(wait.total_seconds())


def _enter(store: Store, found: StaffRow, station: str, origin: str) -> Entered:
    with store.write(origin) as tx:
        who = Who(found.name, station, tx.new_id())
        tx.execute(
            "INSERT INTO sign_ins(id, staff_pk, station, at) VALUES (?, ?, ?, ?)",
            (who.sign_in, found.pk, station, to_us(tx.now)),
        )
        tx.event(None, "signed_in", who)
    return Entered(who, found)
