"""What the read queries of the kitchen answer: tickets, their items, and what was bumped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.kitchen import EVERYTHING, Item, Mark, MarkedItem, Section, ticked_in
from posapp.domain.status import Kind, Status


@dataclass(frozen=True, slots=True)
class TicketItem:
    """One item of a ticket: what an edit did to it, and the pieces ticked by section."""

    marked: MarkedItem
    ticks: Mapping[str, int]

    @property
    def item(self) -> Item:
        """Return the item itself."""
        return self.marked.item

    @property
    def removed(self) -> bool:
        """Tell whether an edit took it out."""
        return self.marked.mark is Mark.REMOVED

    def done(self, section: str) -> bool:
        """Tell whether a section has made it."""
        return ticked_in(self.ticks, section, self.item.quantity)


@dataclass(frozen=True, slots=True)
class Ticket:
    """An order as the kitchen sees it; scheduled ones too."""

    pk: int
    code: str
    version: int
    revision: int
    status: Status
    kind: Kind
    source: str
    customer_name: str
    comment: str
    comment_changed: bool
    accepted_at: datetime | None
    status_at: datetime
    due_at: datetime | None  # what staff planned counts before what the customer asked for
    items: tuple[TicketItem, ...]
    struck: bool  # cancelled while it was on the board
    ready_at: datetime | None
    started_by_itself: bool
    bumped: frozenset[str]
    promised_at: datetime | None  # when staff said that it would be ready
    stopped: bool  # cancelled at the shop only: a person at the counter has to decide

    @property
    def state(self) -> tuple[int, int]:
        """Return what differs after every change."""
        return self.version, self.revision

    @property
    def halted(self) -> bool:
        """Tell whether nobody may go on with it: it is cancelled, here or as yet at the shop only."""
        return self.struck or self.stopped

    @property
    def changed(self) -> bool:
        """Tell whether an edit waits to be acknowledged."""
        return self.comment_changed or any(item.marked.mark is not Mark.NONE for item in self.items)

    def items_of(self, section: Section) -> tuple[TicketItem, ...]:
        """Return the items that a section makes."""
        return tuple(item for item in self.items if section.makes(item.item.category))

    def open_in(self, section: Section) -> bool:
        """Tell whether a section has still to deal with this order, whatever its status."""
        if self.struck:
            return True
        if self.ready_at is not None or section.name in self.bumped or EVERYTHING in self.bumped:
            return False
        return section.name == EVERYTHING or not self.items or bool(self.items_of(section))


@dataclass(frozen=True, slots=True)
class Bumped:
    """An order that left the board and can come back."""

    pk: int
    code: str
    at: datetime
    actor: str
    title: str  # of its first item
    items: int
