"""Moves a shop's data from one database to another, so that at no moment both could be worked with.

A copy that people are to work with goes three steps: all rows are in the target, compared, and it is marked
as being copied into; the source notes that its data were moved, and refuses every later write; the target
loses its mark. A kill between them leaves what the next run of the same copy understands.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from posapp.domain.errors import RefusedError, StorageError
from posapp.domain.who import Who
from posapp.storage.backup import Observer
from posapp.storage.database import DATABASE_NAME, TALLY_NAME
from posapp.storage.dialect import Params
from posapp.storage.dialect_sqlite import SqliteDialect, make_database
from posapp.storage.marks import COPYING, MOVED, Mark, moved_error
from posapp.storage.server import Server
from posapp.storage.store import Clock, NewId, Store
from posapp.storage.tally import CommitTally
from posapp.storage.transfer import Ask, Rows, Sum, compare, sum_rows

HERE = "here"


@dataclass(frozen=True, slots=True)
class Place:
    """A database: on a server, the posapp.db of a data directory, or a file that nobody works with."""

    server: Server | None = None
    file: Path | None = None

    @property
    def live(self) -> bool:
        """Tell whether stations work with it, or will."""
        return self.server is not None or (self.file is not None and self.file.name == DATABASE_NAME)

    @property
    def words(self) -> str:
        """Return how people name it."""
        return self.server.url if self.server is not None else str(self.file)


@dataclass(frozen=True, slots=True)
class Moved:
    """What a copy came to."""

    source: Place
    target: Place
    sums: dict[str, Sum]
    kept: Path | None  # where an older database of the target was put

    @property
    def rows(self) -> int:
        """Return how many rows were copied."""
        return sum(found.rows for found in self.sums.values())


class Source(Protocol):
    """A database that nobody else changes for as long as it is held."""

    size: int  # in bytes, about

    def ask(self, sql: str, params: Params = ()) -> Rows:
        """Read."""

    @property
    def marks(self) -> dict[str, Mark]:
        """Return what it notes about itself."""

    def note_moved(self, mark: Mark) -> None:
        """Note that its data were moved, on its disk, and refuse every later write."""


class Taking(Protocol):
    """A database that a copy goes into, and nobody else works with."""

    kept: Path | None

    @property
    def mark(self) -> Mark | None:
        """Return the mark of a copy that was begun."""

    @property
    def content(self) -> str:
        """Return what stands in the way of a copy, "" when it is empty."""

    def put(self, mark: Mark, ask: Ask, observer: Observer | None) -> dict[str, Sum]:
        """Copy, compare and mark everything: all of it or nothing."""

    def ask(self, sql: str, params: Params = ()) -> Rows:
        """Read."""

    def release(self, who: Who, now: datetime, source: str) -> None:
        """Take the mark away, and write down who did it: from now on it can be worked with."""


def move(
    source: Place, target: Place, who: Who, now: datetime, new_id: str, observer: Observer | None = None
) -> Moved:
    """Copy everything from one database to another, empty one.

    Raises RefusedError when the target is not empty or the two do not fit, StorageError when one of them
    cannot be used or is in use, BackupStoppedError when the observer wants it to stop; nothing was changed
    then.
    """
    if source.words == target.words:
        raise RefusedError(
            "This is the same database.", source.words, "Name another one with --from or --to."
        )
    with _held(source) as held, _taken(target, source.words, held.size, now) as taking:
        noted = held.marks.get(MOVED)
        mark = Mark(new_id, source.words, now.strftime("%Y-%m-%d %H:%M"))
        if noted is not None:
            sums = _finish(noted, taking, held, observer)
        else:
            _check(held, taking)
            sums = taking.put(mark, held.ask, observer)
            if source.live and target.live:
                held.note_moved(Mark(mark.id, target.words, mark.at))
        taking.release(who, now, source.words)
        return Moved(source, target, sums, taking.kept)


def _check(held: Source, taking: Taking) -> None:
    if COPYING in held.marks:
        raise StorageError(
            "The data that were to be copied are a copy that is not finished.",
            f"It comes from {held.marks[COPYING].place}.",
            "Finish that one first.",
        )
    if taking.content:
        raise RefusedError(
            "The database that is to be filled is not empty.", taking.content, "Name an empty one."
        )


def _finish(noted: Mark, taking: Taking, held: Source, observer: Observer | None) -> dict[str, Sum]:
    """Go on after a kill between the second step and the third."""
    if taking.mark is None or taking.mark.id != noted.id:
        raise moved_error(noted)
    sums = sum_rows(held.ask, observer)
    compare(sums, sum_rows(taking.ask, observer))
    return sums


@contextlib.contextmanager
def _held(place: Place) -> Iterator[Source]:
    if place.server is not None:
        from posapp.storage.moving_postgres import held_server

        with held_server(place.server) as held:
            yield held
    else:
        from posapp.storage.moving_sqlite import held_file

        assert place.file is not None  # noqa: S101 - one of the two
        with held_file(place.file, live=place.live) as held:
            yield held


@contextlib.contextmanager
def _taken(place: Place, source: str, size: int, now: datetime) -> Iterator[Taking]:
    if place.server is not None:
        from posapp.storage.moving_postgres import taken_server

        with taken_server(place.server, source) as taking:
            yield taking
    else:
        from posapp.storage.moving_sqlite import taken_file

        assert place.file is not None  # noqa: S101 - one of the two
        with taken_file(place.file, size, now, live=place.live) as taking:
            yield taking


def store_of(place: Place, clock: Clock, new_id: NewId) -> Store:
    """Return a database as it is: not made, not upgraded, and whatever it notes about itself."""
    if place.server is not None:
        from posapp.storage.dialect_postgres import PostgresDialect

        return Store(PostgresDialect(place.server), Path(), clock, new_id)
    assert place.file is not None  # noqa: S101 - one of the two
    tally = CommitTally(place.file.with_name(TALLY_NAME))
    dialect = SqliteDialect(make_database(place.file), tally)
    return Store(dialect, place.file.parent, clock, new_id)


def reopen(place: Place) -> bool:
    """Let a database whose data were moved be worked with again; tell whether it was one."""
    if place.server is not None:
        from posapp.storage.moving_postgres import reopen_server

        return reopen_server(place.server)
    from posapp.storage.moving_sqlite import reopen_file

    assert place.file is not None  # noqa: S101 - one of the two
    return reopen_file(place.file)
