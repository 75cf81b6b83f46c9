"""What stands where until something changes: made once per change, so that a second costs next to nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from posapp.domain.due import day_bounds
from posapp.domain.status import Status
from posapp.storage.kitchen_rows import Ticket
from posapp.ui.kitchen.facts import View, lane, late_from, left_to_make, starts_at, tiles


@dataclass(frozen=True, slots=True)
class Plan:
    """The board and the lane as they are from `since` until `until`, if no order changes meanwhile."""

    shown: tuple[Ticket, ...]
    waiting: tuple[Ticket, ...]
    left: tuple[tuple[str, int], ...]
    to_start: int
    cooking: int
    late_at: tuple[datetime, ...]
    since: datetime
    until: datetime

    def late(self, now: datetime) -> int:
        """Return how many orders are late."""
        return bisect_right(self.late_at, now)

    def holds(self, now: datetime) -> bool:
        """Tell whether nothing moved by itself; clocks can be set back, too."""
        return self.since <= now < self.until


def make_plan(tickets: Iterable[Ticket], view: View) -> Plan:
    """Return what stands where now."""
    known = list(tickets)
    shown, waiting = tiles(known, view), lane(known, view)
    working = [ticket for ticket in shown if not ticket.halted]
    cooking = sum(ticket.status is Status.COOKING for ticket in working)
    late_at = sorted(at for ticket in working if (at := late_from(ticket, view)) is not None)
    return Plan(
        tuple(shown),
        tuple(waiting),
        tuple(left_to_make(working, view)),
        len(working) - cooking,
        cooking,
        tuple(late_at),
        view.now,
        _until(waiting, view),
    )


def _until(waiting: Iterable[Ticket], view: View) -> datetime:
    """Return when the next order leaves the lane; at midnight dates read differently."""
    today = view.now.astimezone(view.zone).date()
    ends = [day_bounds(today + timedelta(days=1), view.zone)[0]]
    ends += [at for ticket in waiting if (at := starts_at(ticket, view)) is not None and at > view.now]
    return min(ends)
