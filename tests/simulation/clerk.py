"""The part of the referee that looks at what is committed, and keeps a book of every order."""

from __future__ import annotations

from typing import Any

from tests.simulation import field_verdicts, verdicts
from tests.simulation.books import (
    ALL_ORDERS,
    BY_EDIT,
    BY_PERSON,
    CLOSED,
    ORDER,
    PERSON,
    Book,
    RowBook,
    RowSeen,
    Tally,
    rows_of,
)
from tests.simulation.shop import Shop
from tests.simulation.world import World

MOST_REASSERTS = 2


class Clerk:
    """Compares what is committed with what was there before."""

    def __init__(self, world: World, shop: Shop, look: Any) -> None:
        self.touched: set[int] = set()
        self.tally = Tally()
        self.books: dict[str, Book] = {}
        self.sent_at: list[int] = []
        self.started_at: list[int] = []  # when processes began to send
        self.logged: list[str] = []
        self._by_pk: dict[int, Book] = {}
        self._world = world
        self._shop = shop
        self._look = look
        self._person: tuple[int, str] | None = None
        self._throttled: dict[str, int] = {}
        self._told_moved: list[tuple[int, str, bool]] = []

    def book(self, remote_id: str) -> Book:
        """Return what is known of an order."""
        found = self.books.get(remote_id)
        if found is None:
            found = self.books[remote_id] = Book(remote_id)
        return found

    def look_at_touched(self) -> None:
        """Look at all orders that were written since the last look."""
        touched, self.touched = sorted(self.touched), set()
        for pk in touched:
            self.look(pk)

    def look(self, pk: int) -> None:
        """Compare what is committed of an order with what was there before."""
        found = self._look.execute(ORDER, (pk,)).fetchone()
        if found is None:
            self._world.broken("S6", "order", pk, "is gone")
        remote_id, status, sync, settle_at, reasserts, *columns = found
        if remote_id is None:
            return
        book = self._by_pk.get(pk)
        if book is None:
            book = self._by_pk[pk] = self.book(remote_id)
            book.pk = pk
        rows = rows_of(self._look, pk, self._shop.form)
        by_person = self._person is not None and self._person[0] == pk
        verdicts.check_rows(self._world, book, rows, status, sync)
        here = field_verdicts.here_of(self._shop, tuple(columns), self._look, pk)
        if book.status not in {"", status} and not by_person:
            verdicts.check_adopted(self._world, book, status)
        book.status = status
        had_person = any(row.state in PERSON for row in book.rows.values())
        for row in rows:
            known = book.rows.get(row.seq)
            if known is None:
                known = book.rows[row.seq] = RowBook(row.target, "", self._world.now)
                self.tally.add({"status": "changes", "fields": "edits"}.get(row.kind, "reasserts"))
            if row.state != known.state:
                self._row_changed(book, row, known, had_person=had_person, by_person=by_person)
        field_verdicts.check_here(self._world, book, rows, here, by_person=by_person)
        self._count_reasserts(book, rows, settle_at, reasserts, by_person=by_person)

    def _row_changed(
        self, book: Book, row: RowSeen, known: RowBook, *, had_person: bool, by_person: bool
    ) -> None:
        words = row.ours or row.target
        self._world.note("row", book.remote_id, row.seq, words, row.state, row.reason)
        if known.state in CLOSED and self._person == (book.pk, "reconsider"):
            self.tally.add("reconsidered")
        elif known.state in CLOSED:
            verdicts.check_replayed(self._world, book, row, known)
            self.tally.add("replayed")
        known.reason = row.reason
        known.state = row.state
        if row.state in PERSON:
            self.tally.add(row.state)
        if row.state not in CLOSED:
            return
        known.closed_at = self._world.now
        self.tally.add(row.state)
        if row.state == "confirmed":
            if not any(verdicts.is_confirmed_by(word, row) for word in book.words):
                self._world.broken("S2", words, "of", book.remote_id, "was confirmed without its word")
        elif row.reason.startswith(BY_PERSON) or (row.patch and row.reason.startswith(BY_EDIT) and by_person):
            if not by_person:
                self._world.broken("S1", words, "was given up as if by a person:", row.reason)
        else:
            verdicts.check_superseded(self._world, book, row, had_person=had_person)

    def _count_reasserts(
        self, book: Book, rows: list[RowSeen], settle_at: int | None, reasserts: int, *, by_person: bool
    ) -> None:
        count = sum(row.kind == "reassert" for row in rows)
        if settle_at is None or by_person:
            book.reasserts_before = count
        if max(count - book.reasserts_before, reasserts) > MOST_REASSERTS:
            self._world.broken("L2", book.remote_id, "was asserted again more than twice")

    def _look_for_lost(self) -> None:
        known = dict(self._look.execute(ALL_ORDERS).fetchall())
        if len(set(known.values())) < len(known):
            self._world.broken("S7", "an order is there twice")
        for pk in self._by_pk:
            if pk not in known:
                self._world.broken("S6", "order", pk, "was removed")
