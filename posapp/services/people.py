"""The people of the shop: who works here, and signing in with a PIN."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posapp.domain.errors import RefusedError, StaleOrderError
from posapp.domain.people import (
    APPROVAL_LASTS,
    LONGEST_NAME,
    Right,
    Role,
    check_pin,
    pin_length,
)
from posapp.domain.text import clean_line
from posapp.domain.who import Who
from posapp.services.permits import permit
from posapp.services.pins import hash_pin, prove, scope_of
from posapp.storage.feed import Topic
from posapp.storage.fields import to_us
from posapp.storage.people import StaffRow, person, staff, token_mark
from posapp.storage.store import Store, Transaction

COLOURS = ("blue", "green", "violet", "brown", "teal", "plum")


@dataclass(frozen=True, slots=True)
class Entered:
    """A sign-in that has begun: what acts carry, and whose it is."""

    who: Who
    person: StaffRow


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
        if kept:
            _forget_pin(tx, before, who)
        tx.event(None, "staff_changed", who, {"name": plain, "before": before.name, "role": after.value})
        tx.touch(None, Topic.STAFF)
        return _known(tx, person_id)


def set_pin(store: Store, person_id: str, pin: str, who: Who, *, origin: str = "") -> None:
    """Give somebody a new PIN: it ends the wait after wrong ones, and what was begun with the old one."""
    kept = hash_pin(pin)
    with store.write(origin) as tx:
        permit(tx, who, Right.STAFF)
        found = _known(tx, person_id)
        check_pin(pin, found.role)
        tx.execute("UPDATE staff SET pin_hash = ?, version = version + 1 WHERE pk = ?", (kept, found.pk))
        _forget_pin(tx, found, who)
        tx.event(None, "pin_set", who, {"name": found.name})
        tx.touch(None, Topic.STAFF)


def recover(store: Store, person_id: str, pin: str, who: Who, *, origin: str = "") -> StaffRow:
    """Give a manager a new PIN without anybody's: who calls has made sure that it is the owner's hand.

    Every sign-in ends, and the entry stays for all to see.
    """
    check_pin(pin, Role.MANAGER)
    kept = hash_pin(pin)
    with store.write(origin) as tx:
        found = _known(tx, person_id)
        if found.role is not Role.MANAGER:
            raise RefusedError(
                f"{found.name} is no manager.", "A manager gives a new PIN.", "Name a manager."
            )
        tx.execute("UPDATE staff SET pin_hash = ?, version = version + 1 WHERE pk = ?", (kept, found.pk))
        _forget_pin(tx, found, Who("", ""))
        tx.event(None, "staff_recovered", who, {"name": found.name})
        tx.touch(None, Topic.STAFF)
        return found


def remove_person(store: Store, person_id: str, who: Who, *, origin: str = "") -> StaffRow:
    """Let somebody go: their sign-ins end at once, what they did stays. The last manager goes last."""
    with store.write(origin) as tx:
        permit(tx, who, Right.STAFF)
        found = _known(tx, person_id)
        if found.role is Role.MANAGER and len(staff(tx)) > 1:
            _check_manager_stays(tx, found)
        tx.execute("UPDATE staff SET removed_at = ? WHERE pk = ?", (to_us(tx.now), found.pk))
        _end_sign_ins(tx, found)
        tx.event(None, "staff_removed", who, {"name": found.name})
        tx.touch(None, Topic.STAFF)
        return found


def _forget_pin(tx: Transaction, found: StaffRow, who: Who) -> None:
    tx.execute("DELETE FROM pin_failures WHERE scope = ?", (found.id,))
    _end_sign_ins(tx, found, besides=who)


def _end_sign_ins(tx: Transaction, found: StaffRow, besides: Who | None = None) -> None:
    tx.execute(
        "UPDATE sign_ins SET ended_at = ? WHERE staff_pk = ? AND ended_at IS NULL AND id <> ?",
        (to_us(tx.now), found.pk, token_mark(besides.sign_in if besides else "")),
    )


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
    candidates = [_known(store, person_id)]
    return prove(store, candidates, person_id, pin, station, _entering(station), origin=origin)


def sign_in_by_pin(store: Store, pin: str, station: str, *, origin: str = "") -> Entered:
    """Let the person work whose PIN it is; wrong ones count for the station.

    Raises RefusedError when it is nobody's, or that of several.
    """
    return prove(store, staff(store), scope_of(station), pin, station, _entering(station), origin=origin)


def _entering(station: str) -> Callable[[Transaction, StaffRow], Entered]:
    def enter(tx: Transaction, found: StaffRow) -> Entered:
        # Only who signs in has the token; the database keeps its mark, so that no copy of it opens anything.
        who = Who(found.name, station, tx.new_id())
        tx.execute(
            "INSERT INTO sign_ins(id, staff_pk, station, at) VALUES (?, ?, ?, ?)",
            (token_mark(who.sign_in), found.pk, station, to_us(tx.now)),
        )
        tx.event(None, "signed_in", who)
        return Entered(who, found)

    return enter


def sign_out(store: Store, who: Who, *, origin: str = "") -> None:
    """End a sign-in: nothing more can be done in its name."""
    with store.write(origin) as tx:
        ended = tx.execute(
            "UPDATE sign_ins SET ended_at = ? WHERE id = ? AND station = ? AND ended_at IS NULL",
            (to_us(tx.now), token_mark(who.sign_in), who.station),
        )
        if ended.rowcount:
            tx.event(None, "signed_out", who)


def approve(store: Store, manager_id: str, pin: str, right: Right, who: Who, *, origin: str = "") -> str:
    """Let a manager allow one act of somebody else's sign-in, within a minute; return the manager's name."""
    asked = _known(store, manager_id)
    if asked.role is not Role.MANAGER:
        raise RefusedError(f"{asked.name} may not approve this.", remedy="Ask a manager.")

    def allow(tx: Transaction, manager: StaffRow) -> str:
        found = tx.one(
            "SELECT sign_ins.pk FROM sign_ins JOIN staff ON staff.pk = sign_ins.staff_pk WHERE "
            "sign_ins.id = ? AND sign_ins.station = ? AND sign_ins.ended_at IS NULL "
            "AND staff.removed_at IS NULL",
            (token_mark(who.sign_in), who.station),
        )
        if found is None:
            raise RefusedError("You are signed out.", remedy="Enter your PIN again.")
        tx.execute(
            'INSERT INTO approvals(sign_in_pk, act, manager_pk, at, "until") VALUES (?, ?, ?, ?, ?)',
            (found[0], right.value, manager.pk, to_us(tx.now), to_us(tx.now + APPROVAL_LASTS)),
        )
        tx.event(None, "approved", Who(manager.name, who.station), {"right": right.value, "for": who.actor})
        return manager.name

    return prove(store, [asked], manager_id, pin, who.station, allow, origin=origin)


def drop_approvals(store: Store, who: Who) -> None:
    """Take back what was approved and not used: it was for one act, and that is over."""
    with store.write() as tx:
        tx.execute(
            'UPDATE approvals SET "until" = at WHERE used_at IS NULL '
            "AND sign_in_pk = (SELECT pk FROM sign_ins WHERE id = ?)",
            (token_mark(who.sign_in),),
        )
