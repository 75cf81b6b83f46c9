"""The judge: it sees every request, every answer and every commit, and knows the shop's true history."""

from __future__ import annotations

from typing import Any, Protocol

from posapp.remote.api import Answer, NoReply, Reply
from tests.simulation import field_verdicts, verdicts
from tests.simulation.books import GOOD_FATES, OPEN, Book, RowSeen, Word, reached, rows_of
from tests.simulation.menu import MenuReferee
from tests.simulation.mix import SECOND
from tests.simulation.network import Flight
from tests.simulation.shop import Shop, is_final, shows
from tests.simulation.witness import Witness
from tests.simulation.world import World

FRESH = 5 * SECOND
WORDS_KEPT = 4


class Sender(Protocol):
    """A process that has a lane."""

    name: str
    life: int


class Referee(Witness):
    """Watches one seed and stops it when a promise is broken."""

    def __init__(self, world: World, shop: Shop, look: Any) -> None:
        super().__init__(world, shop, look)
        self.menu: MenuReferee | None = None
        if shop.goods is not None and world.mix.menu is not None:
            self.menu = MenuReferee(world, shop.goods, look, self.tally, world.mix.menu)

    def sender_starts(self, sender: Sender) -> None:
        """Note that a process begins to send: it knows nothing but the database."""
        self.tally.add("senders")
        self.started_at.append(self._world.now)

    def sender_gone(self, sender: Sender) -> None:
        """Forget what only that process knew, and what it was waiting for."""
        self.tally.add("ends")
        for book in self.books.values():
            book.words = [word for word in book.words if word.life[0] != sender.name]
            book.flying = {key: flight for key, flight in book.flying.items() if key[0] != sender.name}
            book.foreign_final = None
        if self.menu is not None:
            self.menu.sender_gone(sender)

    def sent(self, sender: Sender, flight: Flight) -> None:
        """Judge a request that leaves."""
        world = self._world
        self.tally.add(flight.kind)
        self.sent_at.append(world.now)
        if world.now < self._throttled.get("shop", 0) and not world.clock_was_put:
            world.broken("L4", "a request left although the shop had asked to wait")
        if flight.kind == "product" and self.menu is not None:
            self.menu.sent(sender, flight)
        if flight.kind in {"list", "product"}:
            return
        book = self.book(flight.remote_id)
        if book.flying:
            world.broken("S4", "two requests about", flight.remote_id, "at once")
        book.flying[sender.name, sender.life, flight.token] = flight
        if flight.kind == "write":
            self._write_leaves(sender, book, flight)

    def _write_leaves(self, sender: Sender, book: Book, flight: Flight) -> None:
        world = self._world
        head = next((row for row in rows_of(self._look, book.pk, self._shop.form) if row.state in OPEN), None)
        if head is None:
            world.broken("S3", "a write of", book.remote_id, "that no row of the outbox asks for")
            return
        flight.seq, flight.word, flight.texts = head.seq, "" if head.patch else head.target, head.ours
        flight.carried = field_verdicts.carried(flight.request, world.mix.format)
        if head.state != "in_flight":
            world.broken(
                "S3", "the first open row of", book.remote_id, "is", head.state, "and something is sent"
            )
        if not verdicts.asks_for(flight, whole=flight.request.method == "PUT"):
            world.broken("S3", "what is sent of", book.remote_id, "is not its oldest change:", head)
        held = book.rows[head.seq].held_until if head.seq in book.rows else 0
        if world.now < held and not world.clock_was_put:
            world.broken("S3", "a held change of", book.remote_id, "left before its time")
        self._rests_on_word(sender, book, head)
        book.sends.setdefault(head.seq, []).append(flight)
        book.fresh = False

    def _rests_on_word(self, sender: Sender, book: Book, row: RowSeen) -> None:
        world = self._world
        word = book.words[-1] if book.words and book.fresh else None
        mine = word is not None and word.life == (sender.name, sender.life)
        old = word is not None and world.now - word.asked_at > FRESH and not world.clock_was_put
        if word is None or not mine or old:
            world.broken("S11", "a write of", book.remote_id, "rests on no fresh word of the shop")
            return
        if row.patch:
            field_verdicts.check_write(world, book, row, rows_of(self._look, book.pk, self._shop.form), word)
            return
        final = book.foreign_final
        if final is not None and not (shows(final, row.target) or shows(final, book.forced_over)):
            world.broken("S5", row.target, "was sent of", book.remote_id, "although somebody made it", final)

    def answer_comes(self, sender: Sender, flight: Flight, answer: Answer) -> None:
        """Note what the sender is told, before it hears it."""
        self._world.note("answer", flight.kind, flight.remote_id, flight.word, verdicts.in_short(answer))
        if flight.kind == "product" and self.menu is not None:
            self.menu.answer_comes(sender, flight, answer)
            return
        if flight.kind != "list":
            book = self.book(flight.remote_id)
            book.flying.pop((sender.name, sender.life, flight.token), None)
            flight.reached = reached(answer)
        if not isinstance(answer, Reply) or answer.status != 200 or flight.fate not in GOOD_FATES:
            return
        if flight.kind == "write" and not flight.saved_well:
            return
        # The shop's own "succeeded" is its word of this moment.
        asked_at = self._world.now if flight.kind == "write" else flight.sent_at
        has_fields = flight.kind != "write" or self._world.mix.format == "staff"
        for remote_id, shown in flight.shown.items():
            word = Word(shown, asked_at, (sender.name, sender.life), has_fields)
            self._hears(self.book(remote_id), word)

    def _note_throttle(self, answer: Answer) -> None:
        if isinstance(answer, NoReply) or "retry-after" not in answer.headers:
            return
        until = self._world.now + int(answer.headers["retry-after"]) * SECOND
        self._throttled["shop"] = max(until, self._throttled.get("shop", 0))

    def throttled_until(self) -> int:
        """Return until when the shop wants to be left alone."""
        return self._throttled.get("shop", 0)

    def _hears(self, book: Book, word: Word) -> None:
        book.words = [*book.words[-WORDS_KEPT + 1 :], word]
        book.fresh = True
        if word.has_fields:
            shown = word.shown.fields
            book.agreed = {name for name, text in book.here.items() if shown[name][0] == text}
        if book.forced_over and not shows(word.value, book.forced_over):
            book.forced_over = ""
        ours = any(shows(word.value, one) for one in book.sent_words())
        book.foreign_final = (
            word.value if is_final(word.value) and word.shown.who == "them" and not ours else None
        )

    def answer_taken(self, sender: Sender, flight: Flight, answer: Answer) -> None:
        """Look at the order that an answer was about, once it is dealt with."""
        if self.logged:
            self._world.broken("bug", self.logged[0])
        if flight.kind == "product" and self.menu is not None:
            self.menu.look()
        # From here on it is on the disk, and holds for the next process too.
        self._note_throttle(answer)
        if flight.kind == "list":
            self._look_for_lost()
