"""The single judgements of the referee, and those at the end of a seed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from posapp.remote.api import Answer, NoReply
from posapp.storage.custody import custody_ledger
from posapp.storage.store import Store
from tests.simulation import carts, field_verdicts
from tests.simulation.books import (
    BY_COLLAPSE,
    CLOSED,
    OPEN,
    OVERTAKEN,
    PASSED,
    TEXTS,
    Book,
    RowBook,
    RowSeen,
    Word,
)
from tests.simulation.mix import SECOND, Mix
from tests.simulation.network import Flight
from tests.simulation.shop import Shop, shows, word_of
from tests.simulation.world import BEGIN, World

if TYPE_CHECKING:
    from tests.simulation.referee import Referee


def in_short(answer: Answer) -> str:
    """Return an answer in a few characters."""
    return answer.trouble.value if isinstance(answer, NoReply) else str(answer.status)


def asks_for(flight: Flight, *, whole: bool) -> bool:
    """Tell whether the body of a write asks for what its row wants, and for nothing else."""
    content = json.loads(flight.request.body or b"{}")
    if "order" in content:
        return bool(content["order"] == {"status": flight.word})
    if carts.CART in flight.texts:
        return flight.carried == flight.texts and content.keys() == {"products"}
    if flight.texts:
        return flight.texts.items() <= content.items() and (whole or content.keys() == flight.texts.keys())
    asked = (content.get("order_status"), content.get("delivery_status", 0))
    return shows(asked, flight.word) and (whole or content.keys() <= {"order_status", "delivery_status"})


def is_confirmed_by(word: Word, row: RowSeen) -> bool:
    """Tell whether the shop's word shows what a row wants."""
    return field_verdicts.is_confirmed_by(word, row) if row.patch else shows(word.value, row.target)


def check_rows(world: World, book: Book, rows: list[RowSeen], status: str, sync: str) -> None:
    """Check that no row is lost, and that the order says what its queue says."""
    there = {row.seq for row in rows}
    lost = [seq for seq in book.rows if seq not in there]
    if lost:
        world.broken("S1", "rows of", book.remote_id, "are gone:", *lost)
    states = {row.state for row in rows}
    if not states <= OPEN | CLOSED:
        world.broken("S1", "a row of", book.remote_id, "is in no state that there is:", *sorted(states))
    waiting = [row for row in rows if not row.patch and row.state in OPEN]
    if waiting and waiting[-1].target != status:
        world.broken("S1", book.remote_id, "is", status, "here while", waiting[-1].target, "waits to be sent")
    if sync != _sync_of(states):
        world.broken("S1", book.remote_id, "shows", sync, "but its rows are", *sorted(states))


def check_adopted(world: World, book: Book, status: str) -> None:
    """Check that what was taken over was the shop's word, and not an older one of ours."""
    if not any(shows(word.value, status) and word.shown.who != "us" for word in book.words):
        world.broken("S1", book.remote_id, "was", book.status, "and became", status, "of itself")


def _sync_of(states: set[str]) -> str:
    if "conflict" in states:
        return "conflict"
    if states & {"parked", "dead"}:
        return "failed"
    return "pending" if states & {"pending", "in_flight"} else "synced"


def check_superseded(world: World, book: Book, row: RowSeen, *, had_person: bool) -> None:
    """Check that a change was given up for a good reason."""
    words = row.ours or row.target
    if row.reason in BY_COLLAPSE:
        if any(flight.reached != "no" for flight in book.sends.get(row.seq, ())):
            world.broken("S1", words, "of", book.remote_id, "was given up though it may have arrived")
        if had_person:
            world.broken("S1", words, "of", book.remote_id, "was given up while a person was asked")
        return
    if not row.reason.startswith(PASSED) or row.patch:
        world.broken("S1", words, "of", book.remote_id, "was given up without a reason:", repr(row.reason))
    at = row.reason.removeprefix(PASSED).removesuffix(" already")
    if not any(shows(word.value, at) for word in book.words):
        world.broken("S2", book.remote_id, "was said to be", at, "at the shop without its word")


def check_replayed(world: World, book: Book, row: RowSeen, known: RowBook) -> None:
    """Check that a settled row waits again for the one good reason: the jump that overtook it was refused."""
    later = [flight for seq, flights in book.sends.items() if seq > row.seq for flight in flights]
    refused = any(flight.reached == "refused" for flight in later)
    known.replays += 1
    if known.state != "superseded" or known.reason != OVERTAKEN or row.state != "pending" or not refused:
        world.broken("S1", "the settled row", row.seq, "became", row.state)
    if known.replays > 1:
        world.broken("L2", "the skipped row", row.seq, "was sent after all more than once")


def is_quiet(referee: Referee, shop: Shop, look: Any) -> bool:
    """Tell whether nothing is left to happen: all settled, and each order equal to the shop's or flagged."""
    query = (
        "SELECT remote_id, status, sync, settle_at, customer_name, street, comment, pk FROM orders "
        "WHERE remote IS NOT NULL"
    )
    found = {row[0]: row for row in look.execute(query).fetchall()}
    for record in shop.records.values():
        row = found.get(record.remote_id)
        if row is None and word_of(record.value) == "created" and not record.gone:
            return False
        if row is None:
            continue
        if row[2] == "pending":
            return False
        unlike = bool(word_of(record.value)) and not shows(record.value, row[1])
        here = field_verdicts.here_of(shop, row[4:7], look, row[7])
        unlike |= bool(field_verdicts.differing(referee.book(record.remote_id), record, shop.form, here))
        if row[2] == "synced" and (row[3] is not None or record.gone or unlike):
            return False
    return True


def check_end(world: World, referee: Referee, shop: Shop, look: Any, beyond: set[str]) -> None:
    """Check what has to hold when the trouble is over and the time is up."""
    query = "SELECT pk, remote_id, status, sync FROM orders WHERE remote IS NOT NULL"
    found = {row[1]: row for row in look.execute(query).fetchall()}
    for record in shop.records.values():
        row = found.get(record.remote_id)
        if row is None:
            if word_of(record.value) == "created" and not record.gone:
                world.broken("L1", record.remote_id, "never came in")
            continue
        book = referee.book(record.remote_id)
        if row[3] == "pending":
            world.broken("L1", record.remote_id, "still waits")
        if row[3] != "synced":
            referee.tally.add("flagged at the end")
            continue
        differs = ""
        if word_of(record.value) and not shows(record.value, row[2]):
            differs = f"{row[2]} here and {record.value} there"
        fields = field_verdicts.differing(book, record, world.mix.format, book.here)
        differs = differs or ", ".join(f"{name} {book.here[name]} / {record.text(name)}" for name in fields)
        if not differs:
            continue
        # Nobody watches for a write that took longer than two minutes; a person closed what was gone.
        if record.remote_id in beyond:
            referee.tally.add("beyond the watch")
        elif record.gone or book.decided_when_gone:
            referee.tally.add("closed when gone")
        else:
            world.broken("L1", record.remote_id, "is", differs, "silently")


def check_custody(world: World, store: Store) -> None:
    """Check that the ledger which people are shown adds up, too."""
    ledger = custody_ledger(store, BEGIN - timedelta(days=2), BEGIN + timedelta(days=2))
    if not ledger.adds_up:
        lost = f"{ledger.missing_orders} orders and {ledger.missing_changes} changes"
        world.broken("S1", "the custody ledger misses", lost)


def check_secrets(world: World, look: Any, logged: list[str], secret: str) -> None:
    """Check that the secret is in no trace: no table, no log, no line of ours."""
    for table, text in TEXTS:
        query = f"SELECT count(*) FROM {table} WHERE instr({text}, ?)"  # noqa: S608 - our own names
        if look.execute(query, (secret,)).fetchone()[0]:
            world.broken("S9", "the secret is in", table)
    if any(secret in line for line in logged):
        world.broken("S9", "the secret is in the log")


def check_budget(world: World, mix: Mix, referee: Referee, kicks: int) -> None:
    """Check how often a shop that does not answer was asked."""
    for episode in mix.episodes:
        length = (episode.end - episode.start) / SECOND
        if episode.kind not in {"unreached", "lost"} or length < 60:
            continue
        during = range(episode.start + 30 * SECOND, episode.end)
        asked = sum(at in during for at in referee.sent_at)
        # A process that begins knows nothing of the trouble before.
        begun = sum(at in during for at in referee.started_at)
        if asked > budget(length) + 60 * kicks + 8 * begun:
            world.broken("L3", asked, "requests in", round(length), "s without an answer")


def budget(seconds: float) -> float:
    """Return how many requests a silent shop may get in so many seconds, after the first half minute."""
    return 12 + seconds / 4


def check_calm(world: World, referee: Referee, shop: Shop, latency: float) -> None:
    """Check that orders which the shop refuses for ever delay no other."""
    trip = 6 * latency * SECOND + SECOND  # a sign-in, a read and a write, there and back; a look around
    for record in shop.records.values():
        if record.stubborn:
            continue
        before = 0.0
        for row in referee.book(record.remote_id).rows.values():
            if row.state != "confirmed":
                continue
            due = max(row.seen_at, row.held_until, before)
            if row.closed_at > due + trip:
                world.broken("S8", row.target, "of", record.remote_id, "took", (row.closed_at - due) / SECOND)
            before = row.closed_at
