"""Backups that are verified before they count, and restores that are checked before they replace anything."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from peewee import SqliteDatabase

from posapp.domain.errors import RefusedError, StorageError
from posapp.storage import dialect_sqlite
from posapp.storage.locks import sender_lock, upkeep_lock, window_lock

DATABASE_NAME = "posapp.db"
_REQUIRED_TABLES = frozenset({"orders", "outbox", "events", "meta"})
_PAGES_PER_STEP = 2_000
_FAILURES: tuple[type[Exception], ...] = (OSError, *dialect_sqlite.DRIVER_ERRORS)


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds, or why it is none."""

    file: Path
    ok: bool
    detail: str


def backup_database(database: SqliteDatabase, target: Path) -> BackupReport:
    """Write a verified copy of the open database to `target`; it appears there only when it is whole.

    Raises StorageError when it cannot be written or does not verify, RefusedError when `target` exists.
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
        copy = SqliteDatabase(str(part))
        copy.connect()
        try:
            database.connection().backup(copy.connection(), pages=_PAGES_PER_STEP)
            copy.execute_sql("PRAGMA journal_mode = delete")
        finally:
            copy.close()
        report = verify_file(part)
        if not report.ok:
            raise StorageError("The backup did not verify.", report.detail, "Check the disk and try again.")
        _flush(part)
        part.rename(target)
        _flush(target.parent)
    except _FAILURES as error:
        raise StorageError(
            "The backup could not be written.",
            f"{target}: {getattr(error, 'strerror', None) or error}.",
            "Choose another place; nothing was changed.",
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return BackupReport(target, ok=True, detail=report.detail)


def _flush(path: Path) -> None:
    if os.name != "posix" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def verify_file(path: Path) -> BackupReport:
    """Open a file read-only and check that it is a whole posapp database; never raises for what is in it."""
    if not path.is_file():
        return BackupReport(path, ok=False, detail="There is no such file.")
    database = SqliteDatabase(
        f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, pragmas={"trusted_schema": 0}
    )
    try:
        database.connect()
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
    found = set(database.execute_sql(query).fetchall())
    return [f"It holds “{name}”, which no posapp wrote." for name, _ in sorted(found - known)]


def restore_file(source: Path, data_dir: Path, now: datetime) -> BackupReport:
    """Replace the database of a data directory by a verified backup; the present one is kept in backups/.

    Raises StorageError when a posapp is using the data directory, RefusedError when the backup is not whole.
    """
    report = verify_file(source)
    if not report.ok:
        raise RefusedError("This backup cannot be restored.", report.detail, "Nothing was changed.")
    with contextlib.ExitStack() as stack:
        for lock in (upkeep_lock(data_dir), window_lock(data_dir), sender_lock(data_dir)):
            if not lock.acquire():
                raise StorageError(
                    "posapp is running on this data directory.", remedy="Close it, then restore again."
                )
            stack.callback(lock.release)
        try:
            _replace(source, data_dir, now)
        except OSError as error:
            raise StorageError(
                "The backup could not be restored.", f"{error}.", "The present database was kept."
            ) from error
    return BackupReport(source, ok=True, detail=report.detail)


def _fold_in(database: Path) -> None:
    """Move what the write-ahead log holds into the file, so that a kill between two renames loses nothing."""
    present = dialect_sqlite.make_database(database)
    # A damaged or newer one is kept as it is, with its side files.
    with contextlib.suppress(*dialect_sqlite.DRIVER_ERRORS):
        present.connect()
        present.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    present.close()


def _replace(source: Path, data_dir: Path, now: datetime) -> None:
    present = data_dir / DATABASE_NAME
    fresh = data_dir / (DATABASE_NAME + ".restoring")
    handle = os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with source.open("rb") as reader, os.fdopen(handle, "wb") as out:
        shutil.copyfileobj(reader, out)
        out.flush()
        os.fsync(out.fileno())
    if not verify_file(fresh).ok:
        fresh.unlink()
        raise OSError("the copy did not verify")
    if present.exists():
        _fold_in(present)
        stamp = now.strftime("%Y%m%d-%H%M%S")
        kept = data_dir / "backups" / f"before-restore-{stamp}.db"
        # The side files hold committed work: they stay with the database that they belong to.
        for suffix in ("-wal", "-shm"):
            side = present.with_name(present.name + suffix)
            if side.exists():
                side.rename(kept.with_name(kept.name + suffix))
        present.rename(kept)
    fresh.rename(present)
    _flush(data_dir)
