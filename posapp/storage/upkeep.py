"""Keeping a file of SQLite small and its log short, a little at a time; a server looks after itself.

The log (WAL) is written into the file by whoever commits once it has 4 MB more, and begins anew as soon as
nobody reads an older state. A reader that stays for long lets it grow meanwhile. The upkeep empties it when
all is quiet, and says when somebody is in the way.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posapp.domain.errors import StorageError
from posapp.storage.backup import BackupReport, backup_database, held_alone
from posapp.storage.backup_rota import check_room, first_folder
from posapp.storage.database import DATABASE_NAME
from posapp.storage.dialect_sqlite import BUSY_TIMEOUT_S
from posapp.storage.store import Store

log = logging.getLogger(__name__)

LONG_LOG_BYTES = 64_000_000  # longer than any day makes it: somebody reads and does not stop
_SPARE_PAGES = 1_000  # left in the file for the next orders
_STEP_PAGES = 64
_INCREMENTAL = 2


@dataclass(frozen=True, slots=True)
class FileState:
    """How a file of SQLite stands; `shrinks` tells whether it gives free pages back by itself."""

    size: int
    free: int
    log: int
    shrinks: bool


def file_state(store: Store) -> FileState | None:
    """Look at the file; None with a server."""
    if store.dialect.name != "sqlite":
        return None
    page = _number(store, "page_size")
    return FileState(
        _number(store, "page_count") * page,
        _number(store, "freelist_count") * page,
        log_size(store.data_dir),
        _number(store, "auto_vacuum") == _INCREMENTAL,
    )


def log_size(data_dir: Path) -> int:
    """Return how many bytes the write-ahead log has."""
    try:
        return (data_dir / f"{DATABASE_NAME}-wal").stat().st_size
    except OSError:
        return 0


def _number(store: Store, pragma: str) -> int:
    row = store.one(f"PRAGMA {pragma}")
    return int(row[0]) if row else 0


class Upkeep:
    """What a quiet thread does every few minutes, each act shorter than anybody notices."""

    def __init__(self, store: Store, stopped: Callable[[], bool], rest: Callable[[], object]) -> None:
        """`rest` is called between two steps."""
        self._store, self._stopped, self._rest = store, stopped, rest
        self._said = False

    def look(self) -> None:
        """Empty the log, and give free pages back to the system, unless somebody else is at work."""
        store = self._store
        if store.dialect.name != "sqlite":
            return
        try:
            self._empty_log()
            self._shrink()
        except store.dialect.failures as error:  # somebody holds the file: the next look does it
            log.info("Upkeep: %s", error)

    def _empty_log(self) -> None:
        size = log_size(self._store.data_dir)
        if not size:
            return
        # First what needs no lock, so that the second has nothing to copy while others wait.
        self._checkpoint("PASSIVE")
        emptied = self._checkpoint("TRUNCATE")
        if emptied or size < LONG_LOG_BYTES:
            self._said = False
        elif not self._said:
            self._said = True
            log.warning("The database's log has %d MB: some program reads without an end", size // 1_000_000)

    def _checkpoint(self, kind: str) -> bool:
        """Write the log into the file; tell whether all of it is there."""
        with _impatient(self._store) as database:
            busy, _, _ = database.execute_sql(f"PRAGMA wal_checkpoint({kind})").fetchone()
        return not busy

    def _shrink(self) -> None:
        store = self._store
        if _number(store, "auto_vacuum") != _INCREMENTAL:
            return
        number = store.change_number()
        while not self._stopped() and _number(store, "freelist_count") > _SPARE_PAGES:
            with _impatient(store) as database:
                database.execute_sql(f"PRAGMA incremental_vacuum({_STEP_PAGES})").fetchall()
            self._rest()
            if store.change_number() != number:
                return  # somebody is at work


@contextmanager
def _impatient(store: Store) -> Iterator[Any]:
    """Let this thread's connection fail at once where it would have to wait."""
    database = store.database
    database.execute_sql("PRAGMA busy_timeout = 0")
    try:
        yield database
    finally:
        database.execute_sql(f"PRAGMA busy_timeout = {1000 * BUSY_TIMEOUT_S}")


@dataclass(frozen=True, slots=True)
class Compacted:
    """What compacting came to, in bytes, and the backup that was made first."""

    before: int
    after: int
    backup: BackupReport


def compact(store: Store) -> Compacted:
    """Write the whole file anew, without gaps and without anything that was deleted; slow.

    No other posapp may have it open. A verified backup is made first, and stays. Raises StorageError when
    there is no room for both, or when somebody works with it.
    """
    if store.dialect.name != "sqlite":
        raise StorageError(
            "The data are on a database server.",
            "It frees what is not needed by itself.",
            "Whoever looks after it may run VACUUM FULL when the shop is closed.",
        )
    path = store.data_dir / DATABASE_NAME
    with held_alone(store.data_dir):
        state = file_state(store)
        assert state is not None  # noqa: S101 - it is a file
        # The backup, and the log of the new file before it takes the place of the old one.
        first_folder(store.data_dir).mkdir(parents=True, exist_ok=True, mode=0o700)
        check_room(first_folder(store.data_dir), 2 * (state.size + state.log))
        backup = back_up_before(store, "compact")
        try:
            store.database.execute_sql(f"PRAGMA auto_vacuum = {_INCREMENTAL}")  # as new files have it
            store.database.execute_sql("VACUUM")
            store.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        except store.dialect.failures as error:
            raise store.dialect.error(error) from error
    return Compacted(state.size, path.stat().st_size, backup)


def back_up_before(store: Store, what: str) -> BackupReport:
    """Make a verified backup before something is done to the whole file; it is not rotated away."""
    folder = first_folder(store.data_dir)
    target = folder / f"before-{what}-{store.clock():%Y%m%d-%H%M%S}.db"
    return backup_database(store.database, target)
