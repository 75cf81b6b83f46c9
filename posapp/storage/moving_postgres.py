"""A database on a server as what a copy comes from, and as what it goes into."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from posapp.domain.errors import StorageError
from posapp.domain.who import Who
from posapp.storage.backup import Observer
from posapp.storage.database import first_facts
from posapp.storage.dialect import Params
from posapp.storage.dialect_postgres import FAILURES, WRITER, PostgresDialect
from posapp.storage.fields import to_us
from posapp.storage.marks import (
    COPYING,
    MOVED,
    POSTGRES_GUARD,
    POSTGRES_OPEN,
    Mark,
    drop_mark,
    marks_of,
    put_mark,
)
from posapp.storage.postgres_errors import server_error
from posapp.storage.postgres_schema import bring_up_to_date
from posapp.storage.server import Server
from posapp.storage.transfer import (
    Ask,
    Rows,
    Sum,
    check_version,
    compare,
    copy_rows,
    moved_event,
    obstacles,
    sum_rows,
)
from posapp.storage.transfer_postgres import PostgresTarget

_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name = 'posapp' AND usename = current_user AND pid <> pg_backend_pid()"
)
_NAME = "posapp copy"
# Not the transaction's own lock: a snapshot that is taken while one waits for that is too old.
_LOCK = f"SELECT pg_advisory_lock({WRITER})"
_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL idle_in_transaction_session_timeout = 0"


class _HeldServer:
    """A database that is read inside one transaction, under the writer's lock."""

    def __init__(self, dialect: PostgresDialect) -> None:
        self._dialect = dialect
        self.size = int(dialect.read("SELECT pg_database_size(current_database())").fetchone()[0])

    def ask(self, sql: str, params: Params = ()) -> Rows:
        rows: Rows = self._dialect.read(sql, params).fetchall()
        return rows

    @property
    def marks(self) -> dict[str, Mark]:
        return marks_of(self._dialect.read)

    def note_moved(self, mark: Mark) -> None:
        session = self._dialect.session()
        put_mark(session.execute, MOVED, mark)
        session.send_waiting()
        session.plain(POSTGRES_GUARD)
        session.plain("COMMIT")


@contextlib.contextmanager
def connected_alone(server: Server) -> Iterator[PostgresDialect]:
    """Connect as the only station; raise StorageError when another one is there."""
    dialect = PostgresDialect(server, _NAME)
    try:
        others = int(dialect.read(_OTHERS).fetchone()[0])
        if others:
            raise StorageError(
                "Another station is using the database.",
                f"{others} connections of posapp are open at {server.url}.",
                "Close posapp on all stations, posapp sync --watch too; then try again.",
            )
        dialect.session().plain(_LOCK)
        yield dialect
    except FAILURES as error:
        raise server_error(error) from error
    finally:
        dialect.close_thread()


@contextlib.contextmanager
def held_server(server: Server) -> Iterator[_HeldServer]:
    """Hold a server's database; raise StorageError while stations use it, RefusedError for another schema."""
    with connected_alone(server) as dialect:
        check_version(dialect.schema_version(), server.url)
        session = dialect.session()
        session.plain(_SNAPSHOT)
        try:
            yield _HeldServer(dialect)
        finally:
            dialect.roll_back(session)


class _TakenServer:
    """A server's database that is filled in one transaction."""

    kept: Path | None = None

    def __init__(self, dialect: PostgresDialect, source: str) -> None:
        self._dialect = dialect
        marks = marks_of(dialect.read)
        self.mark = marks.get(COPYING)
        if MOVED in marks:
            # What is there is an older state of what comes back; of anything else it may be the only one.
            self.content = "" if marks[MOVED].place == source else f"Its data are in {marks[MOVED].place}."
        else:
            self.content = "" if self.mark is not None else obstacles(self.ask)

    def ask(self, sql: str, params: Params = ()) -> Rows:
        rows: Rows = self._dialect.read(sql, params).fetchall()
        return rows

    def put(self, mark: Mark, ask: Ask, observer: Observer | None) -> dict[str, Sum]:
        before, run = self.mark, self._run
        put_mark(run, COPYING, mark)
        target = PostgresTarget(self._dialect)
        try:
            target.empty()
            sums = copy_rows(ask, target, observer)
            compare(sums, sum_rows(target.read, observer))
            put_mark(run, COPYING, mark)
            run(POSTGRES_OPEN)
            target.commit()
        except BaseException:
            # On a connection that was lost the mark stays: the next run of the copy knows it.
            with contextlib.suppress(*FAILURES, StorageError):
                target.roll_back()
                if before is None:
                    drop_mark(run, COPYING)
            raise
        return sums

    def _run(self, sql: str, params: Any = ()) -> Any:
        return self._dialect.read(sql, params)

    def release(self, who: Who, now: datetime, source: str) -> None:
        session = self._dialect.session()
        session.plain("BEGIN")
        drop_mark(self._run, COPYING)
        self._run(*moved_event(who, to_us(now), source))
        self._run("UPDATE posapp_commits SET n = n + 1")
        session.plain("COMMIT")


@contextlib.contextmanager
def taken_server(server: Server, source: str) -> Iterator[_TakenServer]:
    """Take a server's database for a copy; its tables are made if there are none."""
    with connected_alone(server) as dialect:
        if dialect.schema_version() == 0:
            bring_up_to_date(dialect, first_facts())
        check_version(dialect.schema_version(), server.url)
        yield _TakenServer(dialect, source)


def reopen_server(server: Server) -> bool:
    """Let a database whose data were moved be worked with again; tell whether it was one."""
    with connected_alone(server) as dialect:
        if MOVED not in marks_of(dialect.read):
            return False
        session = dialect.session()
        session.plain(f"BEGIN; {POSTGRES_OPEN}")
        drop_mark(session.execute, MOVED)
        session.send_waiting()
        session.plain("COMMIT")
        return True
