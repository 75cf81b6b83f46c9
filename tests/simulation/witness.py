"""The part of the referee that knows what people did and were told."""

from __future__ import annotations

from tests.simulation import field_verdicts
from tests.simulation.books import THEIRS, rows_of
from tests.simulation.clerk import Clerk
from tests.simulation.mix import SECOND
from tests.simulation.network import Flight
from tests.simulation.shop import Record, shows, word_of

UNDO = 6 * SECOND


class Witness(Clerk):
    """Sees what people do, at the stations and at the shop."""

    def person_begins(self, pk: int, what: str) -> None:
        """Note that a person acts on an order."""
        self._person = (pk, what)
        self._told_moved.clear()
        if what in {"resolve", "discard", "give up"}:
            states = {row.state for row in rows_of(self._look, pk, self._shop.form)}
            book = self._by_pk.get(pk)
            if book is not None and "dead" in states:
                book.decided_when_gone = True

    def forced(self, pk: int) -> None:
        """Note that a person wants ours to stand over what the shop shows."""
        found = self._look.execute(THEIRS, (pk,)).fetchone()
        if found is not None:
            self._by_pk[pk].forced_over = found[0]

    def moved(self, pk: int, target: str, *, held: bool) -> None:
        """Note that a person was told that an order has moved."""
        self._told_moved.append((pk, target, held))

    def edited(self, pk: int, texts: dict[str, str]) -> None:
        """Note that a person was told that fields are saved."""
        book = self._by_pk[pk]
        self.look_at_touched()
        rows = rows_of(self._look, pk, self._shop.form)
        if field_verdicts.lost_texts(book, rows, texts, self._world.mix.format):
            self._world.broken("S10", "fields of order", pk, "were said to be saved and are not on the disk")

    def keeps(self, pk: int, texts: dict[str, str]) -> None:
        """Note that fields are edited that this shop never takes: what they were is the shop's last word."""
        book = self._by_pk[pk]
        for name, text in texts.items():
            here = book.here[name]
            if text != here:
                agreed = name in book.agreed or name not in book.kept
                book.kept[name] = (text, here if agreed else book.kept[name][1])
                book.agreed.discard(name)

    def decided(self, pk: int) -> None:
        """Note that a person decides about the fields of an order."""
        self._by_pk[pk].decided.update(self._shop.changing)

    def reconsidered(self, pk: int) -> None:
        """Note that a person took a decision back: nothing may be overwritten any more."""
        self._by_pk[pk].forced_over = ""

    def person_told(self) -> None:
        """Note that an act was refused."""
        self.tally.add("refused acts")
        self._person = None

    def person_done(self) -> None:
        """Check that what a person was told is on the disk."""
        self.tally.add("acts")
        self.look_at_touched()
        for pk, target, held in self._told_moved:
            status = self._look.execute("SELECT status FROM orders WHERE pk = ?", (pk,)).fetchone()[0]
            rows = [
                row
                for row in rows_of(self._look, pk, self._shop.form)
                if row.target == target and not row.patch
            ]
            if status != target or not rows:
                self._world.broken("S10", "order", pk, "was said to be", target, "and is not on the disk")
            elif held:
                self._by_pk[pk].rows[rows[-1].seq].held_until = self._world.now + UNDO
        self._person = None

    def others_changed(self, record: Record) -> None:
        """Count what somebody else did at the shop."""
        self.tally.add("foreign")
        if word_of(record.value) == "cancelled":
            self.tally.add("foreign cancels")

    def arrived(self, flight: Flight, saved: bool) -> None:
        """Count what our writes overwrite at the shop."""
        record = self._shop.records.get(flight.remote_id)
        if record is None or not saved or len(record.history) < 2:
            return
        before = record.history[-2]
        if before.who == "them" and record.value != before.value:
            self.tally.add("foreign overwritten")
            if word_of(before.value) == "cancelled":
                forced = shows(before.value, self.book(flight.remote_id).forced_over)
                self.tally.add("cancels overwritten by choice" if forced else "cancels overwritten")

    def is_watched(self, remote_id: str) -> bool:
        """Tell whether a finished order is still looked at for a good while."""
        now = self._world.clock().timestamp() * SECOND
        found = self._look.execute(
            "SELECT settle_at FROM orders WHERE remote_id = ?", (remote_id,)
        ).fetchone()
        return found is not None and found[0] is not None and found[0] - now > 60 * SECOND
