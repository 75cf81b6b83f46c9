"""What the two databases do each in its own way: the store and the queries ask for it here.

All other SQL is written once, in the words that both understand: standard SQL with `?` marks, truth as 0
and 1, `ON CONFLICT` with the table's name before old values, derived tables with a name, `RETURNING` for new
keys.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from posapp.domain.errors import StorageError
from posapp.storage.feed import Change, Topic

Params = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """A piece of SQL with its parameters."""

    sql: str
    params: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """Where a search reads `orders` from, newest first by `key`, which counts up as they come in."""

    tables: str
    condition: Condition
    key: str


class Touched(Protocol):
    """What a transaction changed."""

    @property
    def orders(self) -> AbstractSet[int]:
        """Return the keys of the orders."""

    @property
    def topics(self) -> AbstractSet[Topic]:
        """Return what kinds of things."""


class Dialect(Protocol):
    """One database as one process uses it; connections are per thread."""

    name: str
    shared: bool  # several stations use it, not only the processes of one data directory
    database: Any  # Peewee's object
    failures: tuple[type[Exception], ...]

    def begin(self) -> Any:
        """Begin this thread's write transaction, the only one of all processes; return its connection.

        On a server it waits for the others with its first question, or when `hold` is called.
        """

    def hold(self, connection: Any) -> None:
        """Return once this thread's transaction is the only one that writes."""

    def commit(self, connection: Any, touched: Touched, origin: str) -> None:
        """Bring the transaction to the disk; who listens in other processes is told."""

    def roll_back(self, connection: Any) -> None:
        """Undo the transaction, if there is one."""

    def read(self, sql: str, params: Params = ()) -> Any:
        """Run a query outside of a write; return its cursor."""

    def snapshot(self) -> AbstractContextManager[None]:
        """Let all reads of the block see one state."""

    def error(self, error: Exception) -> StorageError:
        """Turn what the driver says into sentences for people."""

    def fence(self, origin: str, token: int) -> None:
        """Refuse commits of `origin` unless the sender's lease has this number; 0: nothing is refused."""

    def changes(self, over: threading.Event, every_s: float) -> Iterator[Change]:
        """Yield what other processes commit, until `over` is set; for a thread of its own."""

    def change_number(self) -> int:
        """Return a number that differs after another connection's commit."""

    def matching(self, words: Sequence[str]) -> Condition:
        """Return the condition on `orders`: all these words, of three characters or more, in its texts."""

    def matching_active(self, words: Sequence[str]) -> Condition:
        """Return the same condition for active orders alone, which may be quicker."""

    def matching_newest(self, words: Sequence[str]) -> Hits:
        """Return how to read those orders with the newest first, without looking at all that match."""

    def matching_phone(self, digits: str, newest: int) -> Condition:
        """Return the condition for these digits in the phone number, among so many of the newest hits."""

    def version(self) -> str:
        """Return the version of the database's own program."""

    def schema_version(self) -> int:
        """Return the number of the last migration."""

    def integrity_problems(self) -> list[str]:
        """Return what the database's own checks complain about."""

    def erasing(self) -> AbstractContextManager[None]:
        """Let what this thread deletes in the block be overwritten, where that is not the server's matter."""

    def close_thread(self) -> None:
        """Close the calling thread's connection."""
