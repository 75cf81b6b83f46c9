"""Which queued changes need not be sent any more because later ones overtook them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from posapp.domain.outbox import OrderSync, Row, Supersede
from posapp.domain.status import WAITING_ROWS, RowState, Status
from posapp.sync.policy import LONGEST_HOLD, ahead

MILESTONE_AGE = timedelta(minutes=10)
_INTERMEDIATE = frozenset({Status.COOKING, Status.ONDELIVERY, Status.TIMING, Status.EDITED})


def collapse(view: OrderSync, mode: str, now: datetime) -> tuple[list[Supersede], Row | None]:
    """Return the rows to give up and the row to send first.

    Only rows that never reached the remote are given up, and none beyond a row that undo still holds back.
    Modes: `all` sends every step, `last` only the newest, `milestones` all but old intermediate ones.
    """
    waiting = [row for row in view.rows if row.state in WAITING_ROWS]
    due = list(takewhile(lambda row: not ahead(row.hold_until, now, LONGEST_HOLD), waiting))
    if not due:
        return [], waiting[0] if waiting else None
    settled = next((number for number in range(len(due), 0, -1) if _must_go(due[number - 1])), 0)
    free = due[settled:]
    start = due[settled - 1].target if settled else _start(view, due)
    given_up: dict[int, str] = {}
    kept = _without_circles(start, free, given_up)
    kept = _after_cancel(kept, given_up)
    _by_mode(kept, mode, now, given_up)
    rest = [row for row in waiting if row.seq not in given_up]
    return [Supersede(seq, reason) for seq, reason in given_up.items()], rest[0] if rest else None


def _after_cancel(free: Sequence[Row], given_up: dict[int, str]) -> list[Row]:
    """Drop what waits before a cancellation."""
    last = max((number for number, row in enumerate(free) if row.target is Status.CANCELLED), default=0)
    for row in free[:last]:
        given_up[row.seq] = "the order was cancelled before this was sent"
    return list(free[last:])


def _must_go(row: Row) -> bool:
    """Tell whether this row goes out whatever follows: it may have arrived, or a person forced it."""
    return row.state is not RowState.PENDING or row.reached > 0 or row.forced


def _start(view: OrderSync, rows: Sequence[Row]) -> Status | None:
    """Return the value that the remote has before these rows, None when it is not what they began from."""
    return view.shadow if view.shadow is rows[0].base else None


def _without_circles(start: Status | None, rows: Sequence[Row], given_up: dict[int, str]) -> list[Row]:
    """Drop every A → B → A: what comes back to a value before anything was sent."""
    values: list[Status | None] = [start]
    kept: list[Row] = []
    for row in rows:
        if row.target in values:
            place = values.index(row.target)
            for dropped in (*kept[place:], row):
                given_up[dropped.seq] = "it was taken back before it was sent"
            del kept[place:]
            del values[place + 1 :]
        else:
            kept.append(row)
            values.append(row.target)
    return kept


def _by_mode(kept: Sequence[Row], mode: str, now: datetime, given_up: dict[int, str]) -> None:
    for row in kept[:-1]:
        old_step = row.target in _INTERMEDIATE and now - row.created_at > MILESTONE_AGE
        if mode == "last" or (mode == "milestones" and old_step):
            given_up[row.seq] = "a later step overtook it"
