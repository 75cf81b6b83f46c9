"""A request that a lane lets leave, and what it remembers of it until the answer comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from posapp.domain.outbox import Row
from posapp.remote.api import Request


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A request to carry; its answer goes back with the token."""

    token: int
    remote: str
    request: Request


@dataclass(frozen=True, slots=True)
class Job:
    """What an answer will be about: the list (no order), an order's read, or a write of a row."""

    started: datetime
    number: int = 0
    kicks: int = 0
    pk: int | None = None
    row: Row | None = None
    remote_id: str = ""
    pages: int = 1
    listed: set[int] = field(default_factory=set)  # the orders of the list's pages so far
