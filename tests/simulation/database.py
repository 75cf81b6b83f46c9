"""A database file per seed, copied from a template, and a store that can crash at each of its commits.

The file lies in memory where the machine offers that, and is written with `synchronous` off: here processes
die, not the power; what a power cut leaves is the subject of tests/faults.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from peewee import SqliteDatabase, sqlite3  # type: ignore[attr-defined] # the driver that Peewee chose

from posapp.storage.database import DATABASE_NAME, TALLY_NAME, open_store
from posapp.storage.dialect_sqlite import SqliteDialect
from posapp.storage.store import Store, Transaction
from posapp.storage.tally import CommitTally

MEMORY = Path("/dev/shm")
_FAST = {"synchronous": "off", "journal_mode": "wal", "foreign_keys": 1, "temp_store": "memory"}


class CrashError(BaseException):
    """The process dies here; no handler of ordinary errors may see it."""


class SimulatedStore(Store):
    """The production store; `at_commit` is asked before and after each commit and may kill the process."""

    at_commit: Callable[[str], None]

    @contextmanager
    def write(self, origin: str = "") -> Iterator[Transaction]:
        """Open a transaction, with a moment before its commit and one after it."""
        if self.gathers:  # then this is no commit yet
            with super().write(origin) as tx:
                yield tx
            return
        with super().write(origin) as tx:
            yield tx
            self.at_commit("before")
        self.at_commit("after")


class Workshop:
    """The folder of one worker: the template, and the file of the seed that runs."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="posapp-sim-", dir=MEMORY if MEMORY.is_dir() else None))
        self.data_dir = self._folder / "seed"
        self._template = self._folder / "template.db"
        made = self._folder / "made"
        store = open_store(made)
        store.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close_thread()
        shutil.copyfile(made / DATABASE_NAME, self._template)

    def fresh(self) -> None:
        """Put an empty database in place."""
        shutil.rmtree(self.data_dir, ignore_errors=True)
        self.data_dir.mkdir()
        shutil.copyfile(self._template, self.data_dir / DATABASE_NAME)

    def open(self, clock: Callable[[], datetime], new_id: Callable[[], str]) -> SimulatedStore:
        """Open the database as one more process does."""
        path = self.data_dir / DATABASE_NAME
        database = SqliteDatabase(
            str(path), pragmas=_FAST, timeout=1, lock_type="IMMEDIATE", cached_statements=256
        )
        database.connect()
        dialect = SqliteDialect(database, CommitTally(self.data_dir / TALLY_NAME))
        return SimulatedStore(dialect, self.data_dir, clock, new_id)

    def look(self) -> Any:
        """Open the file for the referee, who sees only what has been committed."""
        return sqlite3.connect(self.data_dir / DATABASE_NAME, isolation_level=None, cached_statements=64)

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)


_shops: dict[int, Workshop] = {}


def workshop() -> Workshop:
    """Return this process's workshop."""
    found = _shops.get(os.getpid())
    if found is None:
        found = _shops[os.getpid()] = Workshop()
        atexit.register(found.close)
    return found
