"""Changes of status on a database server: done there or, while it is away, kept on this computer.

Each act has an id that is noted in its own transaction. When the server goes away in the middle of one,
nobody knows whether it arrived: then it is kept under the same id, and goes in later only if it is not there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from posapp.domain.errors import DatabaseAwayError, RefusedError, StaleOrderError
from posapp.domain.kept import Kept, KeptKind, Wish
from posapp.domain.people import Right, Role, may, right_of_move
from posapp.domain.status import check_move
from posapp.domain.text import clean_line
from posapp.domain.who import Who
from posapp.services.orders import REASON_LENGTH
from posapp.storage.fields import to_us
from posapp.storage.kept import KeptJournal
from posapp.storage.people import token_mark
from posapp.storage.store import Store, Transaction

log = logging.getLogger(__name__)
T = TypeVar("T")


def right_of(wish: Wish) -> Right:
    """Return the right that a change needs."""
    if wish.kind is KeptKind.BUMP:
        return Right.KITCHEN
    if wish.kind is KeptKind.ACCEPT:
        return Right.ACCEPT
    return right_of_move(wish.order.status, wish.target)


def do_or_keep(
    store: Store,
    wish: Wish,
    who: Who,
    role: Role | None,
    act: Callable[[Transaction, int | None], T],
    *,
    seen: Callable[[], int | None] = lambda: None,
    origin: str = "",
) -> T | Kept:
    """Do `act` in one transaction, with the version that `seen` gives; keep the wish if the server is away.

    `role` is that of the person as last known, None where nobody signs in. What an order has in the journal
    already comes first: its next change is kept behind it. Raises what the act raises, and RefusedError when
    the wish cannot be kept.
    """
    journal = store.kept
    if journal is None:
        version = seen()
        with store.write(origin) as tx:
            return act(tx, version)
    act_id = store.new_id()
    if not journal.holds(wish.order.pk):
        try:
            version = seen()
            with store.write(origin) as tx:
                note_act(tx, act_id, who.station)
                return act(tx, version)
        except DatabaseAwayError as error:
            log.debug("Kept here: %s", error)
    return _keep(store, journal, act_id, wish, who, role)


def note_act(tx: Transaction, act_id: str, station: str) -> None:
    """Note in an act's own transaction that it arrived."""
    tx.execute("INSERT INTO kept_acts(id, station, at) VALUES (?, ?, ?)", (act_id, station, to_us(tx.now)))


def _keep(store: Store, journal: KeptJournal, act_id: str, wish: Wish, who: Who, role: Role | None) -> Kept:
    _check_right(who, role, right_of(wish))
    order = wish.order
    if wish.kind is KeptKind.MOVE or (wish.kind is KeptKind.ACCEPT and order.status is not wish.target):
        if order.status is wish.target:
            raise StaleOrderError(f"Order #{order.code} is {order.status} already.")
        check_move(order.status, wish.target, order.kind)
    wish = Wish(
        order, wish.kind, wish.target, clean_line(wish.reason)[:REASON_LENGTH], wish.promised_at, wish.section
    )
    mark = token_mark(who.sign_in) if who.sign_in else ""
    entry = journal.add(act_id, wish, who, mark, store.clock())
    if store.presence is not None:
        store.presence.suspect()  # it may be back already
    return entry


def _check_right(who: Who, role: Role | None, right: Right) -> None:
    """Ask what was last known of the person: nobody can approve anything while the database is away."""
    if not who.sign_in or (role is not None and may(role, right)):
        return
    raise RefusedError(
        "This needs a manager.",
        "While the database is away, no manager can approve it here.",
        "Wait until it is back, or let a manager do it at a station where they are signed in.",
    )


def keep(store: Store, wish: Wish, who: Who, role: Role | None) -> Kept:
    """Keep a change that could not be made, as `do_or_keep` does; raise RefusedError where it cannot be."""
    journal = store.kept
    if journal is None:
        raise RefusedError("Nothing is kept on this computer.", "The database is a file of its own.")
    return _keep(store, journal, store.new_id(), wish, who, role)


def take_back(store: Store, pk: int, who: Who, role: Role | None) -> Kept | None:
    """Withdraw the last kept change of an order; None when nothing of it is kept here.

    Raises RefusedError while the change is on its way into the database.
    """
    journal = store.kept
    if journal is None or not journal.holds(pk):
        return None
    last = journal.of_order(pk)[-1]
    _check_right(who, role, right_of(last.wish))
    back = journal.withdraw(pk, store.clock())
    if back is None and journal.holds(pk):
        raise RefusedError(
            f"The last change of order #{last.order.code} is on its way into the database.",
            remedy="Take it back when the database is here again.",
        )
    return back
