"""Follows the database for the board: reads only the orders that changed, in the jobs' thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from posapp.domain.due import start_of_day
from posapp.domain.errors import PosError
from posapp.domain.kept import Kept
from posapp.domain.kitchen import KitchenSetup
from posapp.storage.feed import Change, Topic
from posapp.storage.kitchen import board_states, tickets
from posapp.storage.kitchen_lists import last_bumped, median_seconds
from posapp.storage.kitchen_rows import Bumped, Ticket
from posapp.ui.away.rows import ticket_with
from posapp.ui.context import Context

_RETRY_MS = 5000


@dataclass(frozen=True, slots=True)
class _Found:
    tickets: dict[int, Ticket]
    asked: frozenset[int]
    median: int | None
    bumped: tuple[Bumped, ...]


class KitchenReader(QObject):
    """Keeps `tickets` true; `changed` gives the keys of the orders that differ from before.

    A change of this process names its orders. One of another process does not: then the versions of all
    tickets are compared, and what differs is read.
    """

    changed = Signal(object)  # frozenset[int]
    failed = Signal(object)  # PosError

    def __init__(self, ctx: Context, setup: Callable[[], KitchenSetup], parent: QObject) -> None:
        """Read for the section that `setup` names at that moment."""
        super().__init__(parent)
        self._ctx, self._setup = ctx, setup
        self.tickets: dict[int, Ticket] = {}
        self.median: int | None = None
        self.bumped: tuple[Bumped, ...] = ()
        self.loaded = False
        self.reads = 0  # tickets read, to notice when too much is
        self._wanted: set[int] = set()
        self._compare = True
        self._reading = False
        self._retry = QTimer(self)
        self._retry.setSingleShot(True)
        self._retry.setInterval(_RETRY_MS)
        self._retry.timeout.connect(self.refresh)
        self._read_last: dict[int, Ticket] = {}  # those with something kept here, as the database has them
        ctx.feed.changed.connect(self._heard)
        ctx.away.touched.connect(self._look_at_kept)

    def refresh(self) -> None:
        """Compare all, and read what differs."""
        self._compare = True
        self._read()

    def _look_at_kept(self, pk: int) -> None:
        """Show a ticket as it is by what is kept here; the next reading has the database's."""
        away = self._ctx.away
        self._ctx.tasks.run(lambda: away.entries_of(pk), lambda kept: self._put_kept(pk, kept), owner=self)

    def _put_kept(self, pk: int, kept: tuple[Kept, ...]) -> None:
        ticket = self._read_last.get(pk) or self.tickets.get(pk)
        if ticket is not None:
            self._read_last[pk] = ticket
            self.tickets[pk] = ticket_with(ticket, kept)
            self.changed.emit(frozenset({pk}))

    def _heard(self, change: Change) -> None:
        if change.foreign:
            self.refresh()
        elif Topic.ORDERS in change.topics:
            self._wanted |= change.orders
            self._read()

    def _read(self) -> None:
        if self._reading or not (self._wanted or self._compare):
            return
        self._reading = True
        store, section = self._ctx.store, self._setup().section.name
        wanted, compare = frozenset(self._wanted), self._compare
        known = {pk: ticket.state for pk, ticket in self.tickets.items()}
        day = start_of_day(self._ctx.clock(), self._ctx.zone)
        self._wanted.clear()
        self._compare = False

        def work() -> _Found:
            asked = set(wanted)
            with store.snapshot():
                if compare:
                    states = board_states(store)
                    asked |= {pk for pk, state in states.items() if known.get(pk) != state}
                    asked |= known.keys() - states.keys()
                found = tickets(store, asked)
                return _Found(
                    found, frozenset(asked), median_seconds(store, day), last_bumped(store, section)
                )

        self._ctx.tasks.run(work, self._take, failed=self._fail, owner=self)

    def _take(self, found: _Found) -> None:
        self._reading = False
        self.reads += len(found.tickets)
        before = {pk: self.tickets.get(pk) for pk in found.asked}
        for pk in found.asked:
            self._read_last.pop(pk, None)
        for pk in found.asked - found.tickets.keys():
            self.tickets.pop(pk, None)
        self.tickets |= found.tickets
        first, self.loaded = not self.loaded, True
        lists = (self.median, self.bumped)
        self.median, self.bumped = found.median, found.bumped
        differing = frozenset(pk for pk, old in before.items() if old != found.tickets.get(pk))
        if differing or first or lists != (self.median, self.bumped):
            self.changed.emit(differing)
        self._read()

    def _fail(self, error: PosError) -> None:
        self._reading = False
        self._compare = True
        self._retry.start()
        self.failed.emit(error)
