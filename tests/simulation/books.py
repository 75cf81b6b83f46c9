"""What the referee remembers of an order, and the queries with which it looks at what is committed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from posapp.remote.api import Answer, NoReply, Trouble
from tests.simulation import carts
from tests.simulation.network import Flight
from tests.simulation.shop import Shown, Value

PERSON = {"parked", "conflict", "dead"}
WAITING = {"pending", "in_flight"}
OPEN = PERSON | WAITING
CLOSED = {"confirmed", "superseded"}
OVERTAKEN = "a later step overtook it"
BY_COLLAPSE = {
    "the order was cancelled before this was sent",
    "it was taken back before it was sent",
    OVERTAKEN,
}
BY_PERSON = (
    "withdrawn by undo",
    "their value taken",
    "discarded: ",
    "sent again by a person's decision",
)
BY_EDIT = (
    "joined with a later edit",
    "it was taken back",
    "kept here by a person's decision",
    "their values taken",
)
PASSED = "the shop is at "
GOOD_FATES = {
    "well",
    "slow",
    "twice",
    "unauthorized",
    "list_gap",
    "list_short",
    "list_empty",
    "list_twice",
} | {"list_bad_row"}

ORDER = (
    "SELECT remote_id, status, sync, settle_at, reasserts, customer_name, street, comment "
    "FROM orders WHERE pk = ?"
)
ROWS = "SELECT seq, kind, target, state, reason, forced, patch FROM outbox WHERE order_pk = ? ORDER BY seq"
THEIRS = (
    "SELECT theirs FROM outbox WHERE order_pk = ? AND state = 'conflict' AND patch = '' "
    "ORDER BY seq DESC LIMIT 1"
)
ALL_ORDERS = "SELECT pk, remote_id FROM orders WHERE remote IS NOT NULL"
TEXTS = (
    ("outbox", "last_error || lease || reason"),
    ("orders", "sync_reason"),
    ("sent_log", "detail"),
    ("remotes", "detail"),
    ("quarantine", "raw || reason"),
    ("events", "params"),
)


@dataclass(frozen=True, slots=True)
class Word:
    """What the shop truly said of an order to a living sender."""

    shown: Shown
    asked_at: int
    life: tuple[str, int]
    has_fields: bool = True

    @property
    def value(self) -> Value:
        """Return the status that was shown."""
        return self.shown.value


class RowSeen(NamedTuple):
    """A row of the outbox as it is committed."""

    seq: int
    kind: str
    target: str
    state: str
    reason: str
    forced: int
    patch: dict[str, list[str | None]]  # base, ours and theirs by field; none: this row is about the status

    @property
    def ours(self) -> dict[str, str]:
        """Return the texts that this row wants."""
        return {name: str(change[1]) for name, change in self.patch.items()}


@dataclass(slots=True)
class RowBook:
    """A row of the outbox as it was seen last."""

    target: str
    state: str
    seen_at: int
    closed_at: int = 0
    held_until: int = 0
    reason: str = ""
    replays: int = 0


@dataclass(slots=True)
class Book:
    """What the referee knows of an order."""

    remote_id: str
    pk: int = 0
    status: str = ""  # here, as it was seen last
    rows: dict[int, RowBook] = field(default_factory=dict)
    sends: dict[int, list[Flight]] = field(default_factory=dict)
    flying: dict[tuple[str, int, int], Flight] = field(default_factory=dict)
    words: list[Word] = field(default_factory=list)  # the last few
    fresh: bool = False  # the last word has not been used up by a write
    foreign_final: Value | None = None
    here: dict[str, str] = field(default_factory=dict)  # fields, as they were seen last
    kept: dict[str, tuple[str, str]] = field(default_factory=dict)  # edited here only: ours, and theirs then
    agreed: set[str] = field(default_factory=set)  # fields that were here what the shop's last word showed
    decided: set[str] = field(default_factory=set)  # fields about which a person has decided
    forced_over: str = ""  # what a person chose to overwrite
    returning: set[str] = field(default_factory=set)  # a cart that the next read brings back
    options: dict[str, str] = field(default_factory=dict)  # of each dish, as they were seen last
    reasserts_before: int = 0
    decided_when_gone: bool = False

    def sent_words(self) -> set[str]:
        """Return the statuses of ours that may have reached the shop."""
        flights = [flight for flights in self.sends.values() for flight in flights]
        return {flight.word for flight in flights if flight.reached != "no"}

    def sent_texts(self, name: str) -> set[str]:
        """Return the texts of ours that may have reached a field at the shop."""
        flights = [flight for flights in self.sends.values() for flight in flights]
        return {
            flight.carried[name] for flight in flights if flight.reached != "no" and name in flight.carried
        }


@dataclass(slots=True)
class Tally:
    """The figures of a seed."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, number: int = 1) -> None:
        """Count something."""
        self.counts[name] += number


def reached(answer: Answer) -> str:
    """Return what an answer says about its own request: "no", "refused", "maybe"."""
    if isinstance(answer, NoReply):
        return "no" if answer.trouble in {Trouble.NOT_SENT, Trouble.CERTIFICATE} else "maybe"
    if answer.status in {401, 403, 404, 429} or (answer.status == 503 and "retry-after" in answer.headers):
        return "no"
    if answer.status in {400, 422} or b'"failed"' in answer.body:
        return "refused"
    return "maybe"


def rows_of(look: Any, pk: int, form: str) -> list[RowSeen]:
    """Return the committed rows of an order's queue."""
    found = look.execute(ROWS, (pk,)).fetchall()
    return [RowSeen._make((*row[:6], _patch_of(row[6], form) if row[6] else {})) for row in found]


def _patch_of(text: str, form: str) -> dict[str, list[str | None]]:
    patch: dict[str, list[str | None]] = json.loads(text)
    if carts.CART in patch:
        patch[carts.CART] = [
            None if one is None else carts.canonical_text(form, one) for one in patch[carts.CART]
        ]
    return patch
