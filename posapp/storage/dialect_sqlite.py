"""All that only SQLite can do: pragmas, full-text search, triggers, partial indexes, maintenance."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from peewee import (  # type: ignore[attr-defined] # the stubs do not tell of the driver that Peewee chose
    DatabaseError,
    InterfaceError,
    SqliteDatabase,
    sqlite3,
)

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


def integrity_problems(database: SqliteDatabase, *, quick: bool = False) -> list[str]:
    """Return what `integrity_check` (or the quick one) and `foreign_key_check` complain about."""
    check = "quick_check" if quick else "integrity_check"
    found = [str(row[0]) for row in database.execute_sql(f"PRAGMA {check}").fetchall()]
    problems = [line for line in found if line != "ok"]
    for table, rowid, parent, _ in database.execute_sql("PRAGMA foreign_key_check").fetchall():
        problems.append(f"Row {rowid} of {table} points to a missing row of {parent}.")
    return problems


def count_problems(database: SqliteDatabase) -> list[str]:
    """Compare the counters with the orders; return what differs."""
    real = dict(database.execute_sql("SELECT status, count(*) FROM orders GROUP BY status").fetchall())
    kept = dict(database.execute_sql("SELECT status, n FROM order_counts WHERE n <> 0").fetchall())
    return [
        f"{status}: {kept.get(status, 0)} counted, {real.get(status, 0)} there"
        for status in sorted(real.keys() | kept.keys())
        if real.get(status, 0) != kept.get(status, 0)
    ]


def fts_query(words: Sequence[str]) -> str:
    """Return a full-text expression that finds all `words` (three characters or more) anywhere."""
    return " AND ".join('"' + word.replace('"', '""') + '"' for word in words)


def fts_phone_query(digits: str) -> str:
    """Return a full-text expression that finds these digits (three or more) in telephone numbers."""
    return f'phone_digits : "{digits}"'
