"""`posapp queue`: the outbox, every change on its way to a shop and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from posapp.cli.output import table
from posapp.cli.session import Session
from posapp.cli.shapes import (
    conflict_values,
    kept_object,
    moment,
    product_queue_object,
    queue_error,
    queue_object,
)
from posapp.domain.errors import DatabaseAwayError, RefusedError
from posapp.domain.status import RowState
from posapp.storage.details import latest_queue_rows, queue_rows
from posapp.storage.publishing import product_queue, product_queue_by_id

if TYPE_CHECKING:
    from posapp.domain.kept import Kept
    from posapp.storage.publishing import ProductQueueRow
    from posapp.storage.rows import QueueRow
    from posapp.storage.store import Store

_ALL = "all"
_NO_CAP = 2**62
_SETTLED = 1_000  # scripts ask often, and the settled ones stay for 90 days


def run(session: Session) -> int:
    """Run the action."""
    match session.options.action:
        case "list":
            return _list(session)
        case "retry":
            return _retry(session)
        case _:
            return _discard(session)


def _list(session: Session) -> int:
    states = _states(session.options.state)
    kept = _kept(session)
    try:
        store = session.store
    except DatabaseAwayError as error:
        if not kept:
            raise
        data = {"queue": [], "kept": [kept_object(entry) for entry in kept]}
        return session.out.finish(data, _kept_listing(kept), error)
    rows = queue_rows(store, states=states, limit=_NO_CAP) if states else latest_queue_rows(store, _SETTLED)
    return _finish(session, rows, product_queue(store, states=states, settled=_SETTLED), kept=kept)


def _states(words: Sequence[str]) -> tuple[str, ...]:
    """Return the states that are asked for; none: no state was asked for."""
    if _ALL in words:
        return tuple(RowState)
    unknown = [word for word in words if word not in tuple(RowState)]
    if unknown:
        raise RefusedError(
            f"There is no state “{unknown[0][:40]}”.",
            remedy=f"Use one of: {', '.join(RowState)}, {_ALL}.",
            fields={"state": "Unknown state."},
        )
    return tuple(dict.fromkeys(words))


def _retry(session: Session) -> int:
    from posapp.services.conflicts import retry
    from posapp.services.publishing import find_rows, retry_products

    store, ids = session.store, session.options.ids
    products = find_rows(store, ids)
    if products:
        retry_products(store, products, session.who)
    others = _others(store, ids)
    orders = retry(store, others, session.who) if others or not products else []
    return _finish(
        session, _named(session, orders), product_queue_by_id(store, products), "To be sent again:"
    )


def _discard(session: Session) -> int:
    from posapp.services.conflicts import discard
    from posapp.services.publishing import discard_products, find_rows

    store, ids, reason = session.store, session.options.ids, session.options.reason
    products = find_rows(store, ids)
    if products:
        discard_products(store, products, reason, session.who)
    others = _others(store, ids)
    orders = discard(store, others, reason, session.who) if others or not products else []
    return _finish(session, _named(session, orders), product_queue_by_id(store, products), "Given up:")


def _others(store: Store, ids: Sequence[str]) -> list[str]:
    """Return the ids that no product in the queue has."""
    from posapp.services.publishing import find_rows

    return [name for name in ids if not find_rows(store, [name])]


def _named(session: Session, orders: Sequence[int]) -> list[QueueRow]:
    """Return the changes that the command named, as they are now."""
    names = tuple(name.strip() for name in session.options.ids)
    return [
        row
        for pk in dict.fromkeys(orders)
        for row in queue_rows(session.store, order_pk=pk)
        if row.id.startswith(names)
    ]


def _kept(session: Session) -> tuple[Kept, ...]:
    """Return what is kept on this computer, and not in the database yet."""
    if session.server is None:
        return ()
    from posapp.storage.kept import KeptJournal

    journal = KeptJournal(session.data_dir)
    try:
        return journal.entries()
    finally:
        journal.close()


def _kept_listing(kept: Sequence[Kept]) -> str:
    cells = [
        (
            f"#{entry.order.code}", entry.order.status.value, entry.wish.target.value, entry.state.value,
            entry.actor, moment(entry.at) or "", entry.why,
        )
        for entry in kept
    ]  # fmt: skip
    head = "1 change is" if len(kept) == 1 else f"{len(kept)} changes are"
    listed = table(("ORDER", "FROM", "TO", "STATE", "BY", "AT", "WHY"), cells, limit=60)
    return f"{head} kept on this computer:\n{listed}"


def _finish(
    session: Session,
    rows: Sequence[QueueRow],
    products: Sequence[ProductQueueRow],
    head: str = "",
    kept: Sequence[Kept] = (),
) -> int:
    listed = [queue_object(row) for row in rows] + [product_queue_object(row) for row in products]
    data: dict[str, Any] = {"queue": listed}
    text = _listing(rows, products) or "There are no such changes."
    if kept:
        data["kept"] = [kept_object(entry) for entry in kept]
        text = f"{text}\n\n{_kept_listing(kept)}"
    return session.out.finish(data, f"{head}\n{text}" if head else text)


def _against(row: QueueRow) -> str:
    """Return what stands against a change; of a conflict all three values, whatever else was said."""
    asked = conflict_values(row).items()
    said = [
        f"{name}: was {given.base or '-'}, here {given.ours or '-'}, at the shop {given.theirs or '-'}"
        for name, given in asked
    ]
    return "; ".join(said) or queue_error(row)


def _listing(rows: Sequence[QueueRow], products: Sequence[ProductQueueRow]) -> str:
    if not rows and not products:
        return ""
    cells = [
        (
            row.id, f"#{row.order_code}", row.remote, row.what, row.state, str(row.attempts),
            _against(row),
        )
        for row in rows
    ]  # fmt: skip
    cells += [
        (
            row.id, "product", row.remote, row.title or row.internal_id, row.state, str(row.attempts),
            queue_error(row),
        )
        for row in products
    ]  # fmt: skip
    return table(("ID", "ORDER", "SHOP", "TO", "STATE", "TRIES", "LAST ERROR"), cells, limit=80)
