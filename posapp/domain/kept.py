"""What a station keeps for itself while the database is away: changes of status, until it is back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from posapp.domain.status import Kind, Status


class KeptKind(StrEnum):
    """What a person did."""

    MOVE = "move"
    ACCEPT = "accept"  # with the time at which it will be ready
    BUMP = "bump"  # a section of the kitchen is done with it


class KeptState(StrEnum):
    """What became of a change; exactly one at any moment."""

    WAITING = "waiting"
    GOING = "going"  # on its way into the database: nobody knows yet whether it arrived
    NEEDS = "needs"  # the order moved on meanwhile: a person has to decide
    DONE = "done"
    WITHDRAWN = "withdrawn"  # undone before the database was back
    DROPPED = "dropped"  # a person left the order as the database has it


OPEN = (KeptState.WAITING, KeptState.GOING, KeptState.NEEDS)


@dataclass(frozen=True, slots=True)
class SeenOrder:
    """An order as a person saw it; `id` is "" where the screen does not know it."""

    pk: int
    code: str
    status: Status
    kind: Kind
    version: int
    id: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants of an order; `target` of a bump is the status that stays."""

    order: SeenOrder
    kind: KeptKind
    target: Status
    reason: str = ""
    promised_at: datetime | None = None
    section: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """One entry of the journal; `at` is when the person acted (UTC), `id` is noted with the act itself."""

    seq: int
    id: str
    wish: Wish
    actor: str
    station: str
    sign_in: str = field(repr=False)  # the mark of the sign-in, "" where nobody signs in
    at: datetime
    state: KeptState
    found: str = ""  # the status in the database when it did not fit
    why: str = ""  # in words, what stands against it

    @property
    def order(self) -> SeenOrder:
        """Return the order as the person saw it."""
        return self.wish.order


@dataclass(frozen=True, slots=True)
class KeptFigures:
    """How many changes are kept: they go in by themselves, need a person, or wait behind one that does."""

    waiting: int = 0
    needs: int = 0
    behind: int = 0

    @property
    def all(self) -> int:
        """Return how many are kept here and nowhere else."""
        return self.waiting + self.needs + self.behind
