"""All that only SQLite can do: pragmas, full-text search, triggers, partial indexes, maintenance."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peewee import (  # type: ignore[attr-defined] # the stubs do not tell of the driver that Peewee chose
    DatabaseError,
    InterfaceError,
    SqliteDatabase,
    sqlite3,
)

from posapp.domain.errors import StorageError
from posapp.storage.dialect import Condition, Hits, Touched
from posapp.storage.feed import ALL_TOPICS, Change
from posapp.storage.marks import SAYING
from posapp.storage.tally import CommitTally

log = logging.getLogger(__name__)

MINIMUM_VERSION = (3, 51, 3)  # older ones can corrupt a WAL file that two connections use
NOTES_TABLE = "schema_migration"  # the migrations' own; it is made before all others
MIGRATIONS = Path(__file__).with_name("migrations")
SCHEMA_VERSION = max(int(path.name[:4]) for path in MIGRATIONS.glob("[0-9]*.py"))
BUSY_TIMEOUT_S = 10
# Peewee translates what a statement raises when it begins. What fetching further rows, or running one for
# many, raises comes as the driver has it. Damaged files hold texts, and cause messages, that are not UTF-8.
DRIVER_ERRORS: tuple[type[Exception], ...] = (
    DatabaseError,
    InterfaceError,
    sqlite3.Error,
    UnicodeDecodeError,
)

# The file is not mapped into memory: each page that was ever read would count as the program's, for each
# thread anew, all day long; searching is about a tenth faster with it, the rest is not. And a disk that fails
# would end the program with a signal instead of an error.
_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "temp_store": "memory",
    "cache_size": -16_000,
    "journal_size_limit": 67_108_864,
    "trusted_schema": 0,
}


def sqlite_version() -> tuple[int, ...]:
    """Return the version of the SQLite library that Peewee uses."""
    memory = SqliteDatabase(":memory:")
    try:
        text = str(memory.execute_sql("SELECT sqlite_version()").fetchone()[0])
    finally:
        memory.close()
    return tuple(int(part) for part in text.split("."))


def make_database(path: Path) -> SqliteDatabase:
    """Return a database object for `path`; connections are per thread and opened on first use."""
    return SqliteDatabase(
        str(path),
        pragmas=_PRAGMAS,
        timeout=BUSY_TIMEOUT_S,
        lock_type="IMMEDIATE",
        cached_statements=256,
    )


def begin_file(path: Path) -> None:
    """Let a new file give back what it no longer needs, step by step (upkeep.py); of others nothing changes.

    It has to be said before anything is written, and once: each time costs a write.
    """
    if path.exists() and path.stat().st_size:
        return
    plain = SqliteDatabase(
        str(path), pragmas=(("auto_vacuum", 2), ("journal_mode", "wal")), timeout=BUSY_TIMEOUT_S
    )
    try:
        plain.connect()
    finally:
        plain.close()


def is_foreign(path: Path) -> bool:
    """Tell whether a file holds another program's tables; the file stays as it is."""
    plain = SqliteDatabase(str(path), timeout=BUSY_TIMEOUT_S)
    try:
        found = plain.execute_sql("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    finally:
        plain.close()
    return bool(found) and (NOTES_TABLE,) not in found


def data_version(database: SqliteDatabase) -> int:
    """Return a number that changes when another connection has committed."""
    return int(database.execute_sql("PRAGMA data_version").fetchone()[0])


def schema_version(database: SqliteDatabase) -> int:
    """Return the number of the last migration that this file has seen."""
    return int(database.execute_sql("PRAGMA user_version").fetchone()[0])


def set_schema_version(database: SqliteDatabase, version: int) -> None:
    """Record the number of the last migration."""
    database.execute_sql(f"PRAGMA user_version = {int(version)}")


def run_migrations(database: SqliteDatabase, version: int = SCHEMA_VERSION) -> None:
    """Make the tables of a schema in an empty file, as all starts up to that number would have."""
    from playhouse.migrations import Runner

    runner = Runner(database, directory=str(MIGRATIONS), table_name=NOTES_TABLE)
    for migration in runner.status():
        if int(migration.name[:4]) <= version:
            runner.up(migration.name)
    set_schema_version(database, version)


def integrity_problems(database: SqliteDatabase, *, quick: bool = False) -> list[str]:
    """Return what `integrity_check` (or the quick one) and `foreign_key_check` complain about."""
    check = "quick_check" if quick else "integrity_check"
    found = [str(row[0]) for row in database.execute_sql(f"PRAGMA {check}").fetchall()]
    problems = [line for line in found if line != "ok"]
    for table, rowid, parent, _ in database.execute_sql("PRAGMA foreign_key_check").fetchall():
        problems.append(f"Row {rowid} of {table} points to a missing row of {parent}.")
    return problems


def storage_error(error: Exception) -> StorageError:
    """Turn what the database driver says into a sentence for people."""
    text = _cause(error)
    lower = text.lower()
    if "locked" in lower or "busy" in lower:
        return StorageError(
            "The database is busy.", text, "Another program holds it; close it or try again in a minute."
        )
    if SAYING in lower:
        return StorageError("The data were moved.", text, "Close posapp and start it again: it says where.")
    if "full" in lower:
        return StorageError("The disk is full.", text, "Free some space; nothing that was saved is lost.")
    if "i/o error" in lower:
        return StorageError(
            "The disk cannot be read or written.",
            text,
            "It may be full or failing: free some space, then check it.",
        )
    if "readonly" in lower or "read-only" in lower:
        return StorageError(
            "The database cannot be written.", text, "Check the rights of the data directory."
        )
    if any(word in lower for word in ("malformed", "not a database", "corrupt", "decode")):
        return StorageError(
            "The database file is damaged.",
            text,
            "Restore a backup: posapp restore FILE. Keep the damaged file.",
        )
    return StorageError(
        "The database cannot be used.", text, "Check the disk and the rights of the data directory."
    )


def _cause(error: BaseException) -> str:
    """Return what the driver said first: a failing rollback may stand before the failure behind it."""
    said: BaseException | None = error
    while said is not None and "cannot rollback" in str(said):
        said = said.__context__
    return str(said or error)


@dataclass(frozen=True, slots=True)
class _Seen:
    version: int
    total: int
    others: int


class SqliteDialect:
    """A file of the data directory, with a tally of the commits of all its processes beside it."""

    name = "sqlite"
    shared = False
    failures = DRIVER_ERRORS

    def __init__(self, database: SqliteDatabase, tally: CommitTally) -> None:
        self.database: SqliteDatabase = database
        self.tally = tally
        self.read = database.execute_sql  # the query's own way, without one more call

    def begin(self) -> Any:
        """Take the file's write lock.

        The statements of an act go to the driver's connection itself (docs/decisions/0001): it has six, and
        each is a little faster.
        """
        connection: Any = self.database.connection()
        if connection.in_transaction:
            raise RuntimeError("a write inside a write: an act is one transaction")
        connection.execute("BEGIN IMMEDIATE")
        return connection

    def hold(self, connection: Any) -> None:
        """Do nothing: a transaction begins with the lock."""

    def commit(self, connection: Any, _touched: Touched, _origin: str) -> None:
        """Count the commit and make it; the other processes look at the file themselves."""
        self.tally.note()
        connection.execute("COMMIT")

    def roll_back(self, connection: Any) -> None:
        """Undo the transaction, if SQLite has not done it already."""
        if connection.in_transaction:
            connection.execute("ROLLBACK")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read inside one transaction."""
        with self.database.atomic("DEFERRED"):
            yield

    def error(self, error: Exception) -> StorageError:
        """Turn what the driver says into sentences."""
        return storage_error(error)

    def fence(self, origin: str, token: int) -> None:
        """Do nothing: the lock of the operating system needs no fence."""

    def change_number(self) -> int:
        """Return a number that changes when another connection than this thread's has committed."""
        return data_version(self.database)

    def changes(self, over: threading.Event, every_s: float) -> Iterator[Change]:
        """Ask the file whether it was changed, and the tally whose commit it was.

        The database tells that something was committed, this process's own threads included; the tally tells
        whose it was. A change that nobody counted (a repair by hand) is taken for a foreign one.
        """
        seen = self._look()
        while not over.wait(every_s):
            now = self._look()
            if seen is not None and now is not None and _foreign(seen, now):
                yield Change(ALL_TOPICS, frozenset(), origin="", foreign=True)
            if now is not None and (seen is None or now.version != seen.version):
                seen = now

    def _look(self) -> _Seen | None:
        try:
            version = self.change_number()
        except DRIVER_ERRORS as error:
            log.info("The database cannot be asked for changes: %s", error)
            return None
        return _Seen(version, *self.tally.read())

    def matching(self, words: Sequence[str]) -> Condition:
        """Ask the index of trigrams."""
        sql = "orders.pk IN (SELECT rowid FROM orders_fts WHERE orders_fts MATCH ?)"
        return Condition(sql, (_match(words),))

    def matching_active(self, words: Sequence[str]) -> Condition:
        """Ask the index from the oldest active order on."""
        # The sum keeps SQLite from looking for the least key among all orders.
        sql = (
            "orders.pk IN (SELECT rowid FROM orders_fts WHERE orders_fts MATCH ? AND rowid >= "
            "(SELECT min(active.pk + 0) FROM orders AS active WHERE active.urgency IS NOT NULL))"
        )
        return Condition(sql, (_match(words),))

    def matching_newest(self, words: Sequence[str]) -> Hits:
        """Let the index go backwards."""
        tables = "orders_fts JOIN orders ON orders.pk = orders_fts.rowid"
        return Hits(tables, Condition("orders_fts MATCH ?", (_match(words),)), "orders_fts.rowid")

    def matching_phone(self, digits: str, newest: int) -> Condition:
        """Ask the index of trigrams."""
        sql = (
            "orders.pk IN (SELECT rowid FROM orders_fts WHERE orders_fts MATCH ? ORDER BY rowid DESC LIMIT ?)"
        )
        return Condition(sql, (f'phone_digits : "{digits}"', newest))

    def version(self) -> str:
        """Return the version of the library."""
        return "SQLite " + ".".join(map(str, sqlite_version()))

    def schema_version(self) -> int:
        """Return the number in the file's head."""
        return schema_version(self.database)

    def integrity_problems(self) -> list[str]:
        """Read the whole file."""
        return integrity_problems(self.database)

    @contextmanager
    def erasing(self) -> Iterator[None]:
        """Overwrite what is deleted: in the pages of the tables, and in the search index."""
        self.database.execute_sql("PRAGMA secure_delete = ON")
        self._set_search("secure-delete", 1)
        try:
            yield
        finally:
            self._set_search("secure-delete", 0)
            self.database.execute_sql("PRAGMA secure_delete = OFF")

    def _set_search(self, name: str, value: int) -> None:
        connection = self.begin()
        try:
            connection.execute("INSERT INTO orders_fts(orders_fts, rank) VALUES (?, ?)", (name, value))
            self.tally.note()
            connection.execute("COMMIT")
        except BaseException:
            self.roll_back(connection)
            raise

    def close_thread(self) -> None:
        """Close the calling thread's connection."""
        if not self.database.is_closed():
            self.database.close()


def _match(words: Sequence[str]) -> str:
    return " AND ".join('"' + word.replace('"', '""') + '"' for word in words)


def _foreign(before: _Seen, now: _Seen) -> bool:
    """Tell whether a commit between the two looks was not this process's own."""
    return now.version != before.version and (now.others != before.others or now.total == before.total)
