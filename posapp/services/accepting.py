"""Accepting an order with the time at which it will be ready, and changing that time."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.errors import RefusedError
from posapp.domain.people import Right
from posapp.domain.status import Status
from posapp.domain.timing import urgency
from posapp.domain.who import Who
from posapp.services.orders import Moved, check_seen, move_in
from posapp.services.permits import permit
from posapp.services.steps import read_facts
from posapp.storage.fields import to_us
from posapp.storage.store import Store, Transaction

IN_WORK = frozenset({Status.ACCEPTED, Status.COOKING})


def accept(
    store: Store,
    pk: int,
    promised_at: datetime,
    who: Who,
    *,
    expected_version: int | None = None,
    origin: str = "",
) -> Moved:
    """Accept an order and promise when it is ready; one that is in work gets another time.

    Raises RefusedError for a time that has passed or from a status that cannot be accepted, StaleOrderError
    when the order is not of `expected_version` any more.
    """
    with store.write(origin) as tx:
        return accept_in(tx, pk, promised_at, who, expected_version=expected_version)


def accept_in(
    tx: Transaction,
    pk: int,
    promised_at: datetime,
    who: Who,
    *,
    expected_version: int | None = None,
    by_itself: bool = False,
) -> Moved:
    """Do what `accept` does as a part of a larger act; `by_itself`: the permission was asked already."""
    if not by_itself:
        permit(tx, who, Right.ACCEPT)
    facts = read_facts(tx, pk)
    check_seen(facts, expected_version)
    if promised_at <= tx.now:
        raise RefusedError(
            "This time has passed.", remedy="Choose a later one.", fields={"promised_at": "In the past."}
        )
    if facts.status not in IN_WORK:
        move_in(tx, pk, Status.ACCEPTED, who, by_itself=by_itself)
    after = read_facts(tx, pk)
    key = urgency(after.status, after.moments._replace(promised_at=promised_at), after.due_at)
    tx.execute(
        "UPDATE orders SET promised_at = ?, urgency = ?, version = version + 1 WHERE pk = ?",
        (to_us(promised_at), key, pk),
    )
    tx.event(pk, "promised", who, {"at": promised_at.isoformat()})
    tx.touch(pk)
    return Moved(pk, facts.code, facts.status, after.status, changed=facts.status is not after.status)
