"""Rows of orders as they are by what is kept here, and what can be shown of those that were loaded last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from posapp.domain.kept import Kept, KeptKind, SeenOrder, Wish
from posapp.domain.kitchen import EVERYTHING
from posapp.domain.status import FINAL, Kind, Status
from posapp.domain.timing import Moments, Targets, age_from, late_after
from posapp.storage.kitchen_rows import Ticket
from posapp.storage.rows import OrderDetail, OrderFilter, OrderRow, Tab

KEPT = "kept"  # in the place of a sync state


def seen_order(row: OrderRow) -> SeenOrder:
    """Return an order as its row shows it."""
    return SeenOrder(row.pk, row.code, Status(row.status), Kind(row.kind), row.version, row.id)


def seen_ticket(ticket: Ticket) -> SeenOrder:
    """Return an order as the kitchen's board shows it."""
    return SeenOrder(ticket.pk, ticket.code, ticket.status, ticket.kind, ticket.version)


def kept_row(row: OrderRow, entry: Kept, targets: Targets) -> OrderRow:
    """Return a row with a kept change; its version is none that the database gives, so that it is painted."""
    status, kind = entry.wish.target, Kind(row.kind)
    running = row.age_from if row.status in {Status.ACCEPTED, Status.COOKING} else None
    promised = entry.wish.promised_at or row.promised_at
    moments = Moments(row.received_at, entry.at, running or entry.at, entry.at, promised)
    return replace(
        row,
        status=status.value,
        sync=KEPT,
        sync_reason="",
        age_from=age_from(status, moments),
        target_s=late_after(status, kind, moments, targets),
        closed_at=entry.at if status in FINAL else None,
        unacknowledged=False,
        promised_at=promised,
        version=-entry.seq,
    )


def row_with(row: OrderRow, entries: Iterable[Kept], targets: Targets) -> OrderRow:
    """Return a row of the database with all that is kept of its order."""
    for entry in entries:
        row = kept_row(row, entry, targets)
    return row


def ticket_with(ticket: Ticket, entries: Iterable[Kept]) -> Ticket:
    """Return a ticket of the database with all that is kept of its order."""
    for entry in entries:
        ticket = kept_ticket(ticket, entry)
    return ticket


def kept_ticket(ticket: Ticket, entry: Kept) -> Ticket:
    """Return a ticket with a kept change: started, or done by a section."""
    if entry.wish.kind is not KeptKind.BUMP:
        return replace(ticket, status=entry.wish.target, status_at=entry.at, version=-entry.seq)
    section = entry.wish.section
    ready = entry.at if section == EVERYTHING else ticket.ready_at
    return replace(ticket, bumped=ticket.bumped | {section}, ready_at=ready, version=-entry.seq)


def move_wish(row: OrderRow, target: Status, reason: str = "") -> Wish:
    """Return the wish to move an order on."""
    return Wish(seen_order(row), KeptKind.MOVE, target, reason)


def detail_of(row: OrderRow) -> OrderDetail:
    """Return what a row alone tells of an order, for a panel that could not read more."""
    nothing = Decimal(0)
    return OrderDetail(
        row=row, remote_id=None, format=row.format, status_at=row.received_at, shadow=None,
        phone_digits="", street="", home="", apt="", entrance="", level="", city="", due_text="",
        delivery_cost=nothing, products_total=nothing, accepted_at=None, sent_at=None, noticed_at=None,
        noticed_by="", customer_orders=0, lines=(), events=(), queue=(), sent=(), raw="",
    )  # fmt: skip


_TABS = {
    Tab.NEW: {"created", "edited"},
    Tab.ACCEPTED: {"accepted"},
    Tab.COOKING: {"cooking"},
    Tab.ONDELIVERY: {"ondelivery"},
    Tab.TIMING: {"timing"},
    Tab.DONE: {"delivered", "cancelled"},
}
_MOST = 1000


class LastRows:
    """The rows that were loaded last: what a list can still show while the database is away."""

    def __init__(self) -> None:
        self._rows: dict[int, OrderRow] = {}

    def note(self, rows: Iterable[OrderRow]) -> None:
        """Remember rows, the newest knowledge of each."""
        for row in rows:
            self._rows[row.pk] = row
        while len(self._rows) > _MOST:
            del self._rows[next(iter(self._rows))]

    def begin(self, rows: Iterable[OrderRow]) -> None:
        """Forget what was, because these are all active orders."""
        self._rows = {pk: row for pk, row in self._rows.items() if row.status in FINAL}
        self.note(rows)

    def matching(self, chosen: OrderFilter) -> list[OrderRow]:
        """Return the rows of a tab, or those in which all words are found."""
        words = chosen.search.casefold().split()
        if words:
            return [row for row in self._rows.values() if all(word in _texts(row) for word in words)]
        if chosen.tab in {None, Tab.ACTIVE}:
            return [row for row in self._rows.values() if row.status not in FINAL]
        return [row for row in self._rows.values() if row.status in _TABS[chosen.tab]]


def _texts(row: OrderRow) -> str:
    digits = "".join(letter for letter in row.phone if letter.isdigit())
    return f"{row.code} {row.customer_name} {row.phone} {digits} {row.address}".casefold()
