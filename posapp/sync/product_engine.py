"""The queue of products: what is done next, and what an answer means; functions of rows, time and answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from posapp.domain.publish import Again, InBatch, ProductRow, Published, PublishEffect, Refused, Singly
from posapp.domain.status import RowState
from posapp.remote.api import Verdict
from posapp.remote.internal_products import MOST_TOGETHER, ProductOutcome, Stage
from posapp.sync.policy import ahead, backoff

TOGETHER = 10  # from so many on, they go out in one import
FIRST_LOOK = timedelta(seconds=1)
LONGEST_LOOK = timedelta(seconds=10)
LONGEST_IMPORT = timedelta(minutes=15)  # then each is sent by itself
HASTY_TRIES = 4  # so often soon again for a person who waits; then a shop in trouble gets its rest


@dataclass(frozen=True, slots=True)
class SendOne:
    """Store this product."""

    row: ProductRow


@dataclass(frozen=True, slots=True)
class SendMany:
    """Import these products."""

    rows: tuple[ProductRow, ...]


@dataclass(frozen=True, slots=True)
class AskImport:
    """Ask how far the shop is with these."""

    batch: str
    rows: tuple[ProductRow, ...]


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Nothing before this."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Nothing:
    """The queue is empty."""


Step = SendOne | SendMany | AskImport | WaitUntil | Nothing


def next_step(rows: Sequence[ProductRow], now: datetime) -> Step:
    """Return what to do next with the rows that wait or are on their way, in order.

    While the shop works on an import nothing else is sent: what is newer must not be overtaken by it. Rows
    that were on their way when a process ended are sent again, for that does no harm.
    """
    under_way = [row for row in rows if row.state is RowState.IN_FLIGHT and row.batch]
    if under_way:
        batch = under_way[0].batch
        together = tuple(row for row in under_way if row.batch == batch)
        looks = [row.not_before for row in together if row.not_before and ahead(row.not_before, now)]
        return WaitUntil(max(looks)) if looks else AskImport(batch, together)
    seen: set[str] = set()
    ready: list[ProductRow] = []
    waits: list[datetime] = []
    for row in rows:
        if row.internal_id in seen:
            continue  # an older state of it goes first
        seen.add(row.internal_id)
        if row.not_before is not None and ahead(row.not_before, now):
            waits.append(row.not_before)
        else:
            ready.append(row)
    many = tuple(row for row in ready if not row.single)[:MOST_TOGETHER]
    if len(many) >= TOGETHER:
        return SendMany(many)
    if ready:
        return SendOne(ready[0])
    return WaitUntil(min(waits)) if waits else Nothing()


def after_one(
    row: ProductRow, outcome: ProductOutcome, now: datetime, rng: Random, *, hurry: bool = False
) -> PublishEffect:
    """Return what the answer to one product means."""
    match outcome.verdict:
        case Verdict.OK if outcome.stage is Stage.SUCCEEDED or not outcome.batch:
            return Published((row,))
        case Verdict.OK:
            # This shop stores it later, as with an import.
            return InBatch((row,), outcome.batch, now + FIRST_LOOK)
        case Verdict.REFUSED | Verdict.GONE:
            return Refused((row,), outcome.detail)
        case _:
            return _again((row,), outcome, now, rng, hurry=hurry)


def after_many(
    rows: tuple[ProductRow, ...], outcome: ProductOutcome, now: datetime, rng: Random, *, hurry: bool = False
) -> PublishEffect:
    """Return what the answer to an import means."""
    match outcome.verdict:
        case Verdict.OK if outcome.stage is Stage.SUCCEEDED:
            return Published(rows)
        case Verdict.OK if outcome.batch:
            return InBatch(rows, outcome.batch, now + FIRST_LOOK)
        case Verdict.OK:
            return Singly(rows, "The shop gave the import no number to ask for.")
        case Verdict.REFUSED | Verdict.GONE:
            return Singly(rows, outcome.detail)
        case _:
            return _again(rows, outcome, now, rng, hurry=hurry)


def after_look(
    rows: tuple[ProductRow, ...], outcome: ProductOutcome, now: datetime, rng: Random, *, hurry: bool = False
) -> PublishEffect:
    """Return what the answer to the question for an import means."""
    match outcome.verdict:
        case Verdict.OK if outcome.stage is Stage.SUCCEEDED:
            return Published(rows)
        case Verdict.REFUSED | Verdict.GONE:
            return Singly(rows, outcome.detail)
        case Verdict.OK | Verdict.UNREADABLE:
            began = min(row.last_at or now for row in rows)
            if now - began > LONGEST_IMPORT:
                return Singly(rows, "The shop did not finish the import.")
            wait = min(LONGEST_LOOK, max(FIRST_LOOK, (now - began) / 4))
            return InBatch(rows, rows[0].batch, now + wait)
        case _:
            return _again(rows, outcome, now, rng, hurry=hurry)


def _again(
    rows: tuple[ProductRow, ...], outcome: ProductOutcome, now: datetime, rng: Random, *, hurry: bool
) -> Again:
    tries = max(row.attempts for row in rows) + 1
    trouble_for = now - min(row.created_at for row in rows)
    wait = backoff(tries, trouble_for, rng, hurry=hurry and tries <= HASTY_TRIES)
    unknown = outcome.verdict in {Verdict.UNKNOWN, Verdict.PORTAL, Verdict.UNREADABLE}
    return Again(rows, now + wait, outcome.detail, unknown=unknown)
