"""Who delivers: couriers come, change, go off duty, and leave their history behind."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from posapp.domain.dispatch import CourierColour, initials_of
from posapp.domain.errors import RefusedError, StaleOrderError
from posapp.domain.people import Right
from posapp.domain.text import clean_line
from posapp.domain.who import Who
from posapp.services.permits import permit
from posapp.storage.dispatch import owed_in
from posapp.storage.feed import Topic
from posapp.storage.fields import maybe_at, to_us
from posapp.storage.store import Store, Transaction

NAME_LENGTH = 80
INITIALS_LENGTH = 2
_COLOURS = tuple(CourierColour)


class CourierFacts(NamedTuple):
    """What an act needs to know of a courier, read inside its transaction."""

    pk: int
    id: str
    name: str
    initials: str
    colour: str
    on_duty: bool
    duty_at: datetime | None
    version: int


def read_courier(tx: Transaction, pk: int, *, removed: bool = False) -> CourierFacts:
    """Return the facts of a courier; raise RefusedError when there is none, or only a removed one."""
    row = tx.one(
        "SELECT pk, id, name, initials, colour, on_duty, duty_at, version FROM couriers "
        "WHERE pk = ? AND (removed_at IS NULL OR ? = 1)",
        (pk, int(removed)),
    )
    if row is None:
        raise RefusedError("This courier is no longer there.", "Somebody removed them from the list.")
    pk, courier_id, name, initials, colour, on_duty, duty_at, version = row
    return CourierFacts(pk, courier_id, name, initials, colour, bool(on_duty), maybe_at(duty_at), version)


def add(store: Store, name: str, who: Who, *, initials: str = "", colour: str = "", origin: str = "") -> int:
    """Add a courier, on duty from now; without initials and colour they get fitting ones."""
    name = _name(name)
    with store.write(origin) as tx:
        permit(tx, who, Right.COURIERS)
        _check_free(tx, name)
        count = tx.one("SELECT count(*) FROM couriers")
        turn = _COLOURS[int(count[0] if count else 0) % len(_COLOURS)]
        courier_id = tx.new_id()
        row = tx.one(
            "INSERT INTO couriers(id, name, initials, colour, on_duty, duty_at, created_at, version) "
            "VALUES (?, ?, ?, ?, 1, ?, ?, 1) RETURNING pk",
            (
                courier_id,
                name,
                _initials(initials, name),
                _colour(colour) if colour else turn.value,
                to_us(tx.now),
                to_us(tx.now),
            ),
        )
        tx.event(None, "courier_added", who, {"courier": name, "courier_id": courier_id})
        tx.touch(None, Topic.COURIERS)
    assert row is not None  # noqa: S101 - an insert returns its key
    return int(row[0])


def change(
    store: Store,
    pk: int,
    who: Who,
    *,
    name: str,
    initials: str,
    colour: str,
    expected_version: int | None = None,
    origin: str = "",
) -> CourierFacts:
    """Rename a courier, or give another sign; return what it was, for undo."""
    name = _name(name)
    with store.write(origin) as tx:
        permit(tx, who, Right.COURIERS)
        before = _checked(tx, pk, expected_version)
        _check_free(tx, name, but=pk)
        tx.execute(
            "UPDATE couriers SET name = ?, initials = ?, colour = ?, version = version + 1 WHERE pk = ?",
            (name, _initials(initials, name), _colour(colour), pk),
        )
        params = {"courier": name, "courier_id": before.id, "before": before.name}
        tx.event(None, "courier_changed", who, params)
        tx.touch(None, Topic.COURIERS)
    return before


def set_duty(store: Store, pk: int, who: Who, *, on_duty: bool, origin: str = "") -> None:
    """Begin or end a courier's shift; raise RefusedError while something is on the road with them."""
    with store.write(origin) as tx:
        permit(tx, who, Right.DISPATCH)
        courier = read_courier(tx, pk)
        if courier.on_duty == on_duty:
            return
        if not on_duty:
            _check_home(tx, courier)
        tx.execute(
            "UPDATE couriers SET on_duty = ?, duty_at = ?, version = version + 1 WHERE pk = ?",
            (int(on_duty), to_us(tx.now) if on_duty else None, pk),
        )
        if not on_duty:
            _forget_paid(tx, courier)
        kind = "duty_begun" if on_duty else "duty_ended"
        tx.event(None, kind, who, {"courier": courier.name, "courier_id": courier.id})
        tx.touch(None, Topic.COURIERS)


def remove(store: Store, pk: int, who: Who, *, origin: str = "") -> None:
    """Take a courier off the list; what they delivered stays in the history.

    Raises RefusedError while they have orders on the road or cash to hand in.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.COURIERS)
        courier = read_courier(tx, pk)
        _check_home(tx, courier)
        if owed_in(tx, pk)[0]:
            raise RefusedError(
                f"{courier.name} still has cash to hand in.", remedy="Take the cash, then remove them."
            )
        tx.execute(
            "UPDATE couriers SET removed_at = ?, on_duty = 0, version = version + 1 WHERE pk = ?",
            (to_us(tx.now), pk),
        )
        _forget_paid(tx, courier)
        tx.event(None, "courier_removed", who, {"courier": courier.name, "courier_id": courier.id})
        tx.touch(None, Topic.COURIERS)


def restore(store: Store, pk: int, who: Who, *, origin: str = "") -> None:
    """Put a removed courier back onto the list, as undo of the removal."""
    with store.write(origin) as tx:
        permit(tx, who, Right.COURIERS)
        courier = read_courier(tx, pk, removed=True)
        _check_free(tx, courier.name, but=pk)
        tx.execute(
            "UPDATE couriers SET removed_at = NULL, on_duty = ?, version = version + 1 WHERE pk = ?",
            (int(courier.duty_at is not None), pk),
        )
        tx.event(None, "courier_restored", who, {"courier": courier.name, "courier_id": courier.id})
        tx.touch(None, Topic.COURIERS)


def _checked(tx: Transaction, pk: int, expected_version: int | None) -> CourierFacts:
    courier = read_courier(tx, pk)
    if expected_version is not None and courier.version != expected_version:
        raise StaleOrderError(f"{courier.name} was changed meanwhile.", remedy="Look again, then decide.")
    return courier


def _check_home(tx: Transaction, courier: CourierFacts) -> None:
    row = tx.one(
        "SELECT count(*) FROM assignments WHERE courier_pk = ? AND ended_at IS NULL AND order_pk IN "
        "(SELECT pk FROM orders WHERE status = 'ondelivery')",
        (courier.pk,),
    )
    if row is not None and row[0]:
        raise RefusedError(
            f"{courier.name} is on the road.",
            remedy="Note their orders as delivered or as come back first.",
        )


def _forget_paid(tx: Transaction, courier: CourierFacts) -> None:
    """Close what is finished and owes nothing, so that a courier's open list stays as short as a shift."""
    tx.execute(
        "UPDATE assignments SET settled_at = ? WHERE courier_pk = ? AND ended_at IS NULL "
        "AND settled_at IS NULL AND order_pk IN "
        "(SELECT pk FROM orders WHERE status = 'delivered' AND payment_method <> 'cash')",
        (to_us(tx.now), courier.pk),
    )


def _check_free(tx: Transaction, name: str, but: int = 0) -> None:
    rows = tx.all("SELECT name FROM couriers WHERE removed_at IS NULL AND pk <> ?", (but,))
    if name.casefold() in {str(row[0]).casefold() for row in rows}:
        raise RefusedError(
            f"There is a courier called {name} already.",
            remedy="Add a letter, so that nobody mixes them up.",
            fields={"name": "This name is taken."},
        )


def _name(text: str) -> str:
    name = clean_line(text)
    if not name:
        raise RefusedError("A courier needs a name.", fields={"name": "Type a name."})
    if len(name) > NAME_LENGTH:
        raise RefusedError(
            "This name is too long.", f"At most {NAME_LENGTH} characters.", fields={"name": "Too long."}
        )
    return name


def _initials(text: str, name: str) -> str:
    return clean_line(text)[:INITIALS_LENGTH].strip().upper()[:INITIALS_LENGTH] or initials_of(name)


def _colour(word: str) -> str:
    try:
        return CourierColour(word).value
    except ValueError:
        raise RefusedError(f"There is no colour “{word[:20]}”.", fields={"colour": "Unknown."}) from None
