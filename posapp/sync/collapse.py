"""Which queued changes need not be sent any more because later ones overtook them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from posapp.domain.outbox import OVERTAKEN, POINTLESS, OrderSync, Row, Supersede
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
    given_up: dict[int, str] = {}
    settled = next((number for number in range(len(due), 0, -1) if _must_go(due[number - 1])), 0)
    free = due[settled:]
    steps = [row for row in free if not row.patch]
    if steps:
        before = [row for row in due[:settled] if not row.patch]
        # What was sent last is what the remote has; edits of fields in between do not matter here.
        start = before[-1].target if before else _start(view, steps)
        _without_circles(start, steps, given_up)
        _before_cancel([row for row in free if row.seq not in given_up], given_up)
        _by_mode([row for row in steps if row.seq not in given_up], mode, now, given_up)
    rest = [row for row in waiting if row.seq not in given_up]
    return [Supersede(seq, reason) for seq, reason in given_up.items()], rest[0] if rest else None


def _before_cancel(free: Sequence[Row], given_up: dict[int, str]) -> None:
    """Drop what waits before a cancellation, edits too: nobody cooks or brings what is cancelled."""
    cancels = (number for number, row in enumerate(free) if row.target is Status.CANCELLED and not row.patch)
    last = max(cancels, default=0)
    for row in free[:last]:
        given_up[row.seq] = POINTLESS


def _must_go(row: Row) -> bool:
    """Tell whether this row goes out whatever follows: it may have arrived, or a person forced it."""
    return row.state is not RowState.PENDING or row.reached > 0 or row.forced


def _start(view: OrderSync, rows: Sequence[Row]) -> Status | None:
    """Return the value that the remote has before these rows, None when it is not what they began from."""
    return view.shadow if view.shadow is rows[0].base else None


def _without_circles(start: Status | None, rows: Sequence[Row], given_up: dict[int, str]) -> None:
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


def _by_mode(kept: Sequence[Row], mode: str, now: datetime, given_up: dict[int, str]) -> None:
    for row in kept[:-1]:
        old_step = row.target in _INTERMEDIATE and now - row.created_at > MILESTONE_AGE
        if mode == "last" or (mode == "milestones" and old_step):
            given_up[row.seq] = OVERTAKEN
