"""`posapp queue`: the outbox, every change on its way to a shop and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from posapp.cli.output import table
from posapp.cli.session import Session
from posapp.cli.shapes import queue_error, queue_object
from posapp.domain.errors import RefusedError
from posapp.domain.status import RowState
from posapp.storage.details import latest_queue_rows, queue_rows

if TYPE_CHECKING:
    from posapp.storage.rows import QueueRow

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
    store = session.store
    rows = queue_rows(store, states=states, limit=_NO_CAP) if states else latest_queue_rows(store, _SETTLED)
    return _finish(session, rows, _listing(rows) or "There are no such changes.")


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

    orders = retry(session.store, session.options.ids, session.who)
    rows = _named(session, orders)
    return _finish(session, rows, f"To be sent again:\n{_listing(rows)}")


def _discard(session: Session) -> int:
    from posapp.services.conflicts import discard

    orders = discard(session.store, session.options.ids, session.options.reason, session.who)
    rows = _named(session, orders)
    return _finish(session, rows, f"Given up:\n{_listing(rows)}")


def _named(session: Session, orders: Sequence[int]) -> list[QueueRow]:
    """Return the changes that the command named, as they are now."""
    names = tuple(name.strip() for name in session.options.ids)
    return [
        row
        for pk in dict.fromkeys(orders)
        for row in queue_rows(session.store, order_pk=pk)
        if row.id.startswith(names)
    ]


def _finish(session: Session, rows: Sequence[QueueRow], text: str) -> int:
    return session.out.finish({"queue": [queue_object(row) for row in rows]}, text)


def _listing(rows: Sequence[QueueRow]) -> str:
    if not rows:
        return ""
    return table(
        ("ID", "ORDER", "SHOP", "TO", "STATE", "TRIES", "LAST ERROR"),
        [
            (
                row.id, f"#{row.order_code}", row.remote, row.target, row.state, str(row.attempts),
                queue_error(row),
            )
            for row in rows
        ],
        limit=80,
    )  # fmt: skip
