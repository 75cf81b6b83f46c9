"""The restore drill: a backup is restored into a scratch directory, opened as a start does, and counted."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from peewee import SqliteDatabase

from posapp.domain.backups import made_at
from posapp.domain.errors import StorageError
from posapp.storage import dialect_sqlite
from posapp.storage.backup import Observer, look
from posapp.storage.backup_rota import check_room
from posapp.storage.checks import count_problems
from posapp.storage.database import DATABASE_NAME, open_file, random_id
from posapp.storage.directory import prepare_directory
from posapp.storage.dump_file import to_sqlite, verify_backup
from posapp.storage.locks import ProcessLock
from posapp.storage.moving_sqlite import forget_marks
from posapp.storage.server_tools import is_dump
from posapp.storage.store import Store

SCRATCH = "drill"
_CHUNK = 4_000_000
# What only ever grows: its keys tell what came after the backup.
_GROWING = {"orders": "orders", "events": "events", "payments": "payments"}
_COUNTED = {**_GROWING, "lines": "order_lines"}
_ALL_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"

Ask = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Counts:
    """What a database holds; `queue` counts the changes by their state."""

    orders: int = 0
    lines: int = 0
    events: int = 0
    payments: int = 0
    queue: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Since:
    """What of a growing table came after the backup, and what of the backup is not here any more."""

    name: str
    added: int
    missing: int


@dataclass(frozen=True, slots=True)
class DrillReport:
    """What came of it; the backup is good when there are no problems.

    `here` is None when there is nothing to compare with: another shop's, or a database that cannot be read.
    """

    file: Path
    made_at: datetime | None
    in_file: Counts
    restored: Counts
    here: Counts | None
    since: tuple[Since, ...]
    upgraded_from: int  # the schema of the file, 0 when it is this program's
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Tell whether the backup could be used today."""
        return not self.problems


def clear_scratch(data_dir: Path) -> None:
    """Remove what a drill left that was killed; one that is under way is left alone."""
    if not (data_dir / SCRATCH).exists():
        return
    lock = _drill_lock(data_dir)
    if lock.acquire():
        shutil.rmtree(data_dir / SCRATCH, ignore_errors=True)
        lock.release()


def _drill_lock(data_dir: Path) -> ProcessLock:
    return ProcessLock(data_dir / "drill.lock")


def drill(file: Path, data_dir: Path, live: Store | None, observer: Observer | None = None) -> DrillReport:
    """Try a backup out; the present database is only counted. Raises StorageError if that cannot be done."""
    prepare_directory(data_dir)
    lock = _drill_lock(data_dir)
    if not lock.acquire():
        raise StorageError("A restore is being tried already.", remedy="Wait for it; it takes a minute.")
    scratch = data_dir / SCRATCH
    try:
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(mode=0o700)
        _bring(file, scratch, observer)
        return _try(file, scratch, live, observer)
    except OSError as error:
        raise StorageError(
            "The restore could not be tried.",
            f"{error.filename or file}: {error.strerror or error}.",
            "Check the disk. Nothing was changed.",
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        lock.release()


def _bring(file: Path, scratch: Path, observer: Observer | None) -> None:
    """Copy a whole backup to where a start would look for its database."""
    _tell(observer, "check")
    found = verify_backup(file, observer)
    look(observer)
    if not found.ok:
        raise StorageError(
            "This backup cannot be restored.",
            f"{file}: {found.detail}",
            "Try an older one, and make a new one.",
        )
    packed = is_dump(file)
    # An upgrade keeps a copy beside it; pg_dump packs what it copies to a fifth or so.
    check_room(scratch, (10 if packed else 2) * file.stat().st_size)
    _tell(observer, "copy")
    if packed:
        to_sqlite(file, scratch / DATABASE_NAME, observer)
        return
    handle = os.open(scratch / DATABASE_NAME, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    with file.open("rb") as reader, os.fdopen(handle, "wb") as out:
        while chunk := reader.read(_CHUNK):
            look(observer)
            out.write(chunk)
    forget_marks(scratch / DATABASE_NAME)


def _tell(observer: Observer | None, what: str) -> None:
    if observer is not None:
        observer.tell(what, 0)


def _try(file: Path, scratch: Path, live: Store | None, observer: Observer | None) -> DrillReport:
    before, version = _read_plainly(scratch / DATABASE_NAME)
    _tell(observer, "open")
    # Not bound to the models: those are the running program's.
    store = Store(open_file(scratch), scratch, _no_clock(live), random_id)
    try:
        look(observer)
        restored = _count(store.all, _tables(store.all))
        problems = [
            f"{name}: {old:,} in the file, {new:,} after opening it."
            for name, old, new in _pairs(before, restored)
            if old != new
        ]
        problems += [f"Counters differ: {problem}." for problem in count_problems(store)]
        problems += [f"{problem}." for problem in store.dialect.integrity_problems()]
        here, since = _compare(store, live)
    finally:
        store.close_thread()
    upgraded = version if version != dialect_sqlite.SCHEMA_VERSION else 0
    return DrillReport(file, made_at(file.name), before, restored, here, since, upgraded, tuple(problems))


def _no_clock(live: Store | None) -> Any:
    from posapp.storage.database import utc_now

    return live.clock if live is not None else utc_now


def _read_plainly(path: Path) -> tuple[Counts, int]:
    database = SqliteDatabase(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    database.connect()
    try:

        def ask(sql: str) -> list[tuple[Any, ...]]:
            rows: list[tuple[Any, ...]] = database.execute_sql(sql).fetchall()
            return rows

        return _count(ask, _tables(ask)), dialect_sqlite.schema_version(database)
    finally:
        database.close()


def _tables(ask: Ask) -> frozenset[str]:
    return frozenset(str(name) for (name,) in ask(_ALL_TABLES))


def _count(ask: Ask, tables: frozenset[str]) -> Counts:
    """Count; what a file of an older version has no table for is 0."""
    found = {
        name: int(ask(f"SELECT count(*) FROM {table}")[0][0]) if table in tables else 0  # noqa: S608 - ours
        for name, table in _COUNTED.items()
    }
    queue = ask("SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state")
    return Counts(**found, queue={str(state): int(number) for state, number in queue})


def _pairs(one: Counts, other: Counts) -> list[tuple[str, int, int]]:
    pairs = [(name, int(getattr(one, name)), int(getattr(other, name))) for name in _COUNTED]
    first, second = dict(one.queue or {}), dict(other.queue or {})
    states = sorted(first.keys() | second.keys())
    return pairs + [(f"changes {state}", first.get(state, 0), second.get(state, 0)) for state in states]


def _compare(restored: Store, live: Store | None) -> tuple[Counts | None, tuple[Since, ...]]:
    """Count the present database, and explain by time what differs."""
    if live is None:
        return None, ()
    with contextlib.suppress(StorageError):
        if live.meta("installation") == restored.meta("installation"):
            with live.snapshot():
                tables = frozenset(_COUNTED.values()) if live.dialect.shared else _tables(live.all)
                here = _count(live.all, tables)
                since = tuple(_since(name, table, restored, live) for name, table in _GROWING.items())
            return here, since
    return None, ()


def _since(name: str, table: str, restored: Store, live: Store) -> Since:
    [(known, last)] = restored.all(f"SELECT count(*), coalesce(max(pk), 0) FROM {table}")  # noqa: S608 - ours
    [(old, new)] = live.all(
        f"SELECT count(CASE WHEN pk <= ? THEN 1 END), count(CASE WHEN pk > ? THEN 1 END) FROM {table}",  # noqa: S608
        (last, last),
    )
    return Since(name, added=int(new), missing=max(0, int(known) - int(old)))
