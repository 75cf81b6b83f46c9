"""The judgements about fields: what we changed arrives, theirs comes in, both: a person decides."""

from __future__ import annotations

import json
from typing import Any

from posapp.remote.api import Request
from tests.simulation import carts
from tests.simulation.books import OPEN, Book, RowSeen, Word
from tests.simulation.shop import FIELDS, Record, Shop
from tests.simulation.world import World

_COLUMNS = {"name": 0, "street": 1, "comment": 2}


def here_of(shop: Shop, columns: tuple[str, ...], look: Any, pk: int) -> dict[str, str]:
    """Return the fields of an order here, by name."""
    here = {name: columns[_COLUMNS[name]] for name in FIELDS[shop.form]}
    if shop.has_carts:
        here[carts.CART] = carts.here_text(shop.form, look.execute(carts.LINES, (pk,)).fetchall())
    return here


def carried(request: Request, form: str) -> dict[str, str]:
    """Return the fields that a write carries."""
    content = json.loads(request.body or b"{}")
    if request.path.endswith("/cart/"):
        return {carts.CART: carts.sent_text(content)}
    return {name: content[name] for name in FIELDS[form] if name in content}


def check_here(
    world: World, book: Book, rows: list[RowSeen], here: dict[str, str], *, by_person: bool
) -> None:
    """Check that fields are here what waits to be sent, or else the shop's word."""
    waiting: dict[str, str] = {}
    back: set[str] = set()  # a field is again what the shop has when an edit of it is given up
    for row in rows:
        if row.state in OPEN:
            waiting |= row.ours
        elif row.state == "superseded" and book.rows[row.seq].closed_at == world.now:
            back |= row.ours.keys()
            # The lines of a cart that is given up come with the next read.
            book.returning |= row.ours.keys() & {carts.CART}
    for name, text in here.items():
        if waiting.get(name, text) != text:
            world.broken(
                "F1", name, "of", book.remote_id, "is", text, "while", waiting[name], "waits to be sent"
            )
        if book.here and book.here[name] != text and not by_person and name not in {*waiting, *back}:
            _check_adopted(world, book, name, text)
    if carts.is_doubled(here.get(carts.CART, "-*0")):
        world.broken("F5", "a line of", book.remote_id, "is there twice:", here[carts.CART])
    book.here = here


def _check_adopted(world: World, book: Book, name: str, text: str) -> None:
    shown = [word.shown.fields[name] for word in book.words if word.has_fields]
    # A whole order (PUT) carries fields back that nobody meant: whose they are cannot be said then.
    whole = world.mix.update == "put"
    whole |= name in book.returning
    book.returning.discard(name)
    if not any(value == text and (who != "us" or whole) for value, who in shown):
        world.broken(
            "F4", name, "of", book.remote_id, "was", book.here[name], "and became", text, "of itself"
        )


def is_confirmed_by(word: Word, row: RowSeen) -> bool:
    """Tell whether the shop's word shows all that an edit wants."""
    return word.has_fields and all(word.shown.fields[name][0] == text for name, text in row.ours.items())


def check_write(world: World, book: Book, row: RowSeen, rows: list[RowSeen], word: Word) -> None:
    """Check that no edit overwrites what somebody else was seen to have written."""
    for name, (base, ours, _) in row.patch.items():
        text, who = word.shown.fields[name]
        later = any(
            other.ours.get(name) == text for other in rows if other.seq > row.seq and other.state in OPEN
        )
        mine = text in {base, ours} or text in book.sent_texts(name) or later
        if who == "them" and not mine:
            world.broken("F2", name, "of", book.remote_id, "overwrote", text, "that somebody else wrote")


def differing(book: Book, record: Record, form: str, here: dict[str, str]) -> list[str]:
    """Return the fields that are not here what they are there, although nobody has decided so."""
    found = []
    for name, text in here.items():
        kept = book.kept.get(name) if form != "staff" else None
        free = form != "staff" and (
            name in book.decided or (kept is not None and record.text(name) == kept[1])
        )
        if text != record.text(name) and not free:
            found.append(name)
    return found


def lost_texts(book: Book, rows: list[RowSeen], texts: dict[str, str], form: str) -> list[str]:
    """Return which of the texts that a person saved are not on the disk, or not on their way."""
    waiting = {name for row in rows if row.state in OPEN for name in row.ours}
    lost = [name for name, text in texts.items() if book.here.get(name) != text]
    if form == "staff" and book.words:
        shown = book.words[-1].shown.fields
        lost += [
            name
            for name, text in texts.items()
            if name not in waiting and shown[name][0] != text and shown[name][1] != "them"
        ]
    return lost
