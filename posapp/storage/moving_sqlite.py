"""Files of SQLite as what a copy comes from, and as what it goes into."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from peewee import SqliteDatabase

from posapp.domain.errors import RefusedError, StorageError
from posapp.domain.who import Who
from posapp.storage import dialect_sqlite
from posapp.storage.backup import Observer, flush, fold_in, held_alone, look, verify_file
from posapp.storage.backup_rota import check_room
from posapp.storage.dialect import Params
from posapp.storage.directory import prepare_directory
from posapp.storage.fields import to_us
from posapp.storage.marks import (
    COPYING,
    MOVED,
    Mark,
    close_sqlite,
    drop_mark,
    marks_of,
    open_sqlite,
    put_mark,
)
from posapp.storage.transfer import (
    Ask,
    Rows,
    Sum,
    check_version,
    compare,
    copy_rows,
    moved_event,
    obstacles,
    parts,
    sum_rows,
)
from posapp.storage.transfer_sqlite import SqliteTarget, remove_file


class _HeldFile:
    """A file that is read inside one transaction; one that is in use is locked against every write."""

    def __init__(self, database: SqliteDatabase, path: Path) -> None:
        self._database = database
        self.size = path.stat().st_size

    def ask(self, sql: str, params: Params = ()) -> Rows:
        rows: Rows = self._database.execute_sql(sql, params).fetchall()
        return rows

    @property
    def marks(self) -> dict[str, Mark]:
        return marks_of(self._database.execute_sql)

    def note_moved(self, mark: Mark) -> None:
        put_mark(self._database.execute_sql, MOVED, mark)
        close_sqlite(self._database.execute_sql, tuple(part.table for part in parts()))
        self._database.commit()
        self._database.begin("DEFERRED")


@contextlib.contextmanager
def held_file(path: Path, *, live: bool) -> Iterator[_HeldFile]:
    """Hold a file; raise StorageError when a posapp uses it, RefusedError for another schema."""
    if not path.is_file():
        raise StorageError("There is no such database.", f"{path}.", "Look at the name.")
    with contextlib.ExitStack() as stack:
        if live:
            stack.enter_context(held_alone(path.parent))
        database = _connected(path, read_only=not live)
        stack.callback(database.close)
        try:
            check_version(_version(database, path), str(path))
            # All other programs wait for it, and are told that the database is busy.
            database.begin("IMMEDIATE" if live else "DEFERRED")
            stack.callback(_end, database)
            yield _HeldFile(database, path)
        except dialect_sqlite.DRIVER_ERRORS as error:
            raise dialect_sqlite.storage_error(error) from error


def _connected(path: Path, *, read_only: bool) -> SqliteDatabase:
    if not read_only:
        database = dialect_sqlite.make_database(path)
    else:
        name = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        database = SqliteDatabase(name, uri=True, pragmas={"trusted_schema": 0})
    try:
        database.connect()
    except dialect_sqlite.DRIVER_ERRORS as error:
        raise dialect_sqlite.storage_error(error) from error
    return database


def _version(database: SqliteDatabase, path: Path) -> int:
    if not database.table_exists("orders") or not database.table_exists("meta"):
        raise RefusedError("This is not a posapp database.", f"{path}.", "Look at the name.")
    return dialect_sqlite.schema_version(database)


def _end(database: SqliteDatabase) -> None:
    with contextlib.suppress(*dialect_sqlite.DRIVER_ERRORS):
        database.rollback()


class _TakenFile:
    """A file that is made under another name, and gets its own when it is whole."""

    def __init__(self, path: Path, now: datetime, *, live: bool) -> None:
        self.kept: Path | None = None
        self.mark: Mark | None = None
        self.content = ""
        self._path, self._now, self._live = path, now, live
        self._part = path.with_name(path.name + ".copying")
        self._database: SqliteDatabase | None = None
        if path.exists():
            self._look()

    def _look(self) -> None:
        if not self._live:
            self.content = f"There is already a file {self._path}."
            return
        self._database = _connected(self._path, read_only=False)
        _version(self._database, self._path)
        marks = marks_of(self._database.execute_sql)
        self.mark = marks.get(COPYING)
        if not marks:
            # An older file is no obstacle once its data were moved away; its tables need not be ours.
            check_version(dialect_sqlite.schema_version(self._database), str(self._path))
            found = obstacles(self.ask)
            self.content = f"{self._path}: {found}" if found else ""

    def ask(self, sql: str, params: Params = ()) -> Rows:
        assert self._database is not None  # noqa: S101 - it is asked for what it has
        rows: Rows = self._database.execute_sql(sql, params).fetchall()
        return rows

    def put(self, mark: Mark, ask: Ask, observer: Observer | None) -> dict[str, Sum]:
        self.close()
        target = SqliteTarget(self._part)
        try:
            sums = copy_rows(ask, target, observer)
            compare(sums, sum_rows(target.read, observer))
            if self._live:
                put_mark(target.database.execute_sql, COPYING, mark)
            target.close()
            self._put_in_place(observer)
        finally:
            target.close()
            remove_file(self._part)
        return sums

    def _put_in_place(self, observer: Observer | None) -> None:
        if observer is not None:
            observer.tell("check", 0)
        report = verify_file(self._part, observer)
        look(observer)
        if not report.ok:
            raise StorageError("The copy did not verify.", report.detail, "Check the disk and try again.")
        flush(self._part)
        if self._live and self._path.exists():
            self._set_aside()
        self._part.rename(self._path)
        flush(self._path.parent)

    def _set_aside(self) -> None:
        fold_in(self._path)
        folder = self._path.parent / "backups"
        kept = folder / f"before-copy-{self._now:%Y%m%d-%H%M%S}.db"
        for end in ("-wal", "-shm"):
            side = self._path.with_name(self._path.name + end)
            if side.exists():
                side.rename(kept.with_name(kept.name + end))
        self._path.rename(kept)
        flush(self._path.parent)
        self.kept = kept

    def release(self, who: Who, now: datetime, source: str) -> None:
        if not self._live:
            return
        if self._database is None:
            self._database = _connected(self._path, read_only=False)
        with self._database.atomic("IMMEDIATE"):
            drop_mark(self._database.execute_sql, COPYING)
            self._database.execute_sql(*moved_event(who, to_us(now), source))

    def close(self) -> None:
        if self._database is not None and not self._database.is_closed():
            self._database.close()
        self._database = None


@contextlib.contextmanager
def taken_file(path: Path, size: int, now: datetime, *, live: bool) -> Iterator[_TakenFile]:
    """Take a file for a copy; raise StorageError when it is in use or there is no room."""
    with contextlib.ExitStack() as stack:
        try:
            if live:
                prepare_directory(path.parent)
                stack.enter_context(held_alone(path.parent))
            else:
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            check_room(path.parent, size)
            taking = _TakenFile(path, now, live=live)
            stack.callback(taking.close)
            yield taking
        except dialect_sqlite.DRIVER_ERRORS as error:
            raise dialect_sqlite.storage_error(error) from error
        except OSError as error:
            raise StorageError(
                "The copy could not be written.",
                f"{error.filename or path}: {os.strerror(error.errno) if error.errno else error}.",
                "Check the disk and the rights of the folder. Nothing was changed.",
            ) from error


def reopen_file(path: Path) -> bool:
    """Let a file whose data were moved be worked with again; tell whether it was one."""
    if not path.is_file():
        raise StorageError("There is no such database.", f"{path}.", "Look at the name.")
    with held_alone(path.parent):
        return forget_marks(path)


def forget_marks(path: Path) -> bool:
    """Take the notes of a move out of a file; tell whether it had any."""
    database: Any = _connected(path, read_only=False)
    try:
        if not database.table_exists("meta") or not marks_of(database.execute_sql):
            return False
        with database.atomic("IMMEDIATE"):
            open_sqlite(database.execute_sql)
        return True
    except dialect_sqlite.DRIVER_ERRORS as error:
        raise dialect_sqlite.storage_error(error) from error
    finally:
        database.close()
