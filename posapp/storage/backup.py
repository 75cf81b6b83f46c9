"""Backups that are verified before they count, and restores that are checked before they replace anything."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from peewee import SqliteDatabase

from posapp.domain.errors import PosError, RefusedError, StorageError
from posapp.storage import dialect_sqlite
from posapp.storage.locks import backup_lock, sender_lock, upkeep_lock, window_lock
from posapp.storage.marks import sqlite_guards

DATABASE_NAME = "posapp.db"
_REQUIRED_TABLES = frozenset({"orders", "outbox", "events", "meta"})
_PAGES_PER_STEP = 2_000
_STEPS_PER_LOOK = 200_000  # of SQLite's machine, between two looks whether a check is to stop
_LOCKS = (upkeep_lock, window_lock, sender_lock, backup_lock)  # all that a restore waits for
_FAILURES: tuple[type[Exception], ...] = (OSError, *dialect_sqlite.DRIVER_ERRORS)


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds, or why it is none."""

    file: Path
    ok: bool
    detail: str


class Observer(Protocol):
    """Who watches a backup: is told "copy" and "check" with how much is done, in percent, and may stop it."""

    @property
    def stopped(self) -> bool:
        """Tell whether it is to stop."""

    def tell(self, what: str, count: int) -> None:
        """Hear how far it is."""


class BackupStoppedError(PosError):
    """Somebody stopped it; the exit code is what shells expect after Ctrl+C."""

    exit_code = 130


def backup_database(database: SqliteDatabase, target: Path, observer: Observer | None = None) -> BackupReport:
    """Write a verified copy of the open database to `target`; it appears there only when it is whole.

    Raises StorageError when it cannot be written or does not verify, RefusedError when `target` exists,
    BackupStoppedError when the observer wants it to stop.
    """
    if target.exists():
        raise RefusedError(
            "There is already a file of that name.", str(target), "Choose another name, or remove it first."
        )
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_RDWR | os.O_EXCL, 0o600))
        _copy(database, part, observer)
        report = put_in_place(part, target, observer)
    except _FAILURES as error:
        raise StorageError(
            "The backup could not be written.",
            f"{target}: {getattr(error, 'strerror', None) or error}.",
            "Choose another place; nothing was changed.",
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return report


def _copy(database: SqliteDatabase, part: Path, observer: Observer | None) -> None:
    # What fails is thrown away, and flushed before it gets its name: it needs no journal of its own.
    copy = SqliteDatabase(str(part), pragmas={"journal_mode": "off", "synchronous": "off"})
    copy.connect()
    handle = os.open(part, os.O_RDWR)

    def step(_status: int, left: int, total: int) -> None:
        # A little at a time: one flush of everything at the end would hold up whoever saves an order then.
        os.fsync(handle)
        look(observer)
        if observer is not None:
            observer.tell("copy", 100 * (total - left) // max(1, total))

    try:
        # One state for all of it: otherwise each commit of another connection begins the copy anew.
        with database.atomic("DEFERRED"):
            database.execute_sql("SELECT count(*) FROM sqlite_master").fetchone()
            database.connection().backup(copy.connection(), pages=_PAGES_PER_STEP, progress=step)
        copy.execute_sql("PRAGMA journal_mode = delete")
    finally:
        os.close(handle)
        copy.close()


def look(observer: Observer | None) -> None:
    """Raise BackupStoppedError if the observer wants it to stop."""
    if observer is not None and observer.stopped:
        raise BackupStoppedError("Stopped.", "Nothing was changed.")


class Verify(Protocol):
    """Looks at a file and tells whether it is a whole backup; never raises for what is in it."""

    def __call__(self, path: Path, observer: Observer | None = None) -> BackupReport:
        """Look."""


def put_in_place(
    part: Path, target: Path, observer: Observer | None = None, verify: Verify | None = None
) -> BackupReport:
    """Verify what was written under another name, bring it to the disk, and give it its own."""
    if observer is not None:
        observer.tell("check", 0)
    report = (verify or verify_file)(part, observer)
    look(observer)
    if not report.ok:
        raise StorageError("The backup did not verify.", report.detail, "Check the disk and try again.")
    flush(part)
    part.rename(target)
    flush(target.parent)
    return BackupReport(target, ok=True, detail=report.detail)


def flush(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    if os.name != "posix" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def verify_file(path: Path, observer: Observer | None = None) -> BackupReport:
    """Open a file read-only and check that it is a whole posapp database; never raises for what is in it.

    An observer that wants to stop makes it end early, with a report that is not good.
    """
    if not path.is_file():
        return BackupReport(path, ok=False, detail="There is no such file.")
    database = SqliteDatabase(
        f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, pragmas={"trusted_schema": 0}
    )
    try:
        database.connect()
        if observer is not None:
            database.connection().set_progress_handler(lambda: observer.stopped, _STEPS_PER_LOOK)
        return _inspect(database, path)
    except dialect_sqlite.DRIVER_ERRORS as error:
        return BackupReport(path, ok=False, detail=f"This is not a whole posapp database: {error}.")
    finally:
        if not database.is_closed():
            database.close()


def _inspect(database: SqliteDatabase, path: Path) -> BackupReport:
    version = dialect_sqlite.schema_version(database)
    if not set(database.get_tables()) >= _REQUIRED_TABLES:
        return BackupReport(path, ok=False, detail="This is not a posapp database.")
    if version > dialect_sqlite.SCHEMA_VERSION:
        return BackupReport(path, ok=False, detail=f"It was made by a newer posapp (schema {version}).")
    problems = dialect_sqlite.integrity_problems(database) or _foreign_code(database)
    if problems:
        return BackupReport(path, ok=False, detail=problems[0])
    orders = database.execute_sql("SELECT count(*) FROM orders").fetchone()[0]
    waiting = database.execute_sql(
        "SELECT count(*) FROM outbox WHERE state IN ('pending', 'in_flight', 'parked', 'conflict', 'dead')"
    ).fetchone()[0]
    return BackupReport(path, ok=True, detail=f"{orders} orders, {waiting} changes not yet settled.")


def _foreign_code(database: SqliteDatabase) -> list[str]:
    """Return the triggers and views that no migration made: they would run with every later change."""
    from playhouse.migrations import Runner

    query = "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"
    own = SqliteDatabase(":memory:")
    own.connect()
    known = set()
    try:
        runner = Runner(own, directory=str(dialect_sqlite.MIGRATIONS))
        # Those of every migration: an upgrade that was interrupted has more than its number tells.
        for migration in runner.status():
            runner.up(migration.name)
            known.update(own.execute_sql(query).fetchall())
    finally:
        own.close()
    known.update(sqlite_guards(tuple(database.get_tables())))  # of a file whose data were moved
    found = set(database.execute_sql(query).fetchall())
    return [f"It holds “{name}”, which no posapp wrote." for name, _ in sorted(found - known)]


@contextlib.contextmanager
def held_alone(data_dir: Path) -> Iterator[None]:
    """Keep every other posapp from a data directory; raise StorageError when one is there."""
    with contextlib.ExitStack() as stack:
        for lock in (lock_of(data_dir) for lock_of in _LOCKS):
            if not lock.acquire():
                raise StorageError(
                    "posapp is running on this data directory.", remedy="Close it, then try again."
                )
            stack.callback(lock.release)
        yield


def fold_in(database: Path) -> None:
    """Move what the write-ahead log holds into the file, so that a kill between two renames loses nothing."""
    present = dialect_sqlite.make_database(database)
    # A damaged or newer one is kept as it is, with its side files.
    with contextlib.suppress(*dialect_sqlite.DRIVER_ERRORS):
        present.connect()
        present.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    present.close()
