"""Fills a file of SQLite with the rows of another database."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from peewee import SqliteDatabase

from posapp.storage import dialect_sqlite
from posapp.storage.dialect import Params
from posapp.storage.transfer import Part, Rows

# What fails is thrown away, and what is whole is flushed before it gets its name.
_PRAGMAS = {"auto_vacuum": 2, "journal_mode": "off", "synchronous": "off"}
_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
# Made beside the rows, or by the migrations for themselves.
_OWN = ("sqlite_", "orders_fts", "order_counts", dialect_sqlite.NOTES_TABLE)
_COUNT = "INSERT INTO order_counts(status, n) SELECT status, count(*) FROM orders GROUP BY status"


class SqliteTarget:
    """A new file with this program's tables; who made it gives it its name once it is whole."""

    def __init__(self, path: Path, version: int = dialect_sqlite.SCHEMA_VERSION) -> None:
        """Make the tables of a schema; a file of that name is replaced."""
        remove_file(path)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_EXCL, 0o600))
        self.database = SqliteDatabase(str(path), pragmas=_PRAGMAS)
        self.database.connect()
        dialect_sqlite.run_migrations(self.database, version)
        # What they write beside a row is copied, or made by `finish` for all rows at once.
        self._triggers: list[tuple[str, str]] = self.database.execute_sql(_TRIGGERS).fetchall()
        self._cleared: set[str] = set()
        for name, _ in self._triggers:
            self.database.execute_sql(f"DROP TRIGGER {name}")

    def fill(self, part: Part, batches: Iterable[Rows]) -> None:
        """Put all rows of a table in."""
        marks = ", ".join("?" * len(part.columns))
        insert = f'INSERT INTO "{part.table}"({part.names}) VALUES ({marks})'  # noqa: S608 - our own names
        connection = self.database.connection()
        for rows in batches:
            with self.database.atomic():
                connection.executemany(insert, rows)

    def parts(self) -> tuple[Part, ...]:
        """Return the tables of this file's schema, for a database of the same."""
        names = [name for name in self.database.get_tables() if not name.startswith(_OWN)]
        found = []
        for table in names:
            rows = self.database.execute_sql(f"PRAGMA table_info({table})").fetchall()
            keys = sorted((row[5], row[1]) for row in rows if row[5])
            found.append(Part(table, tuple(row[1] for row in rows), tuple(name for _, name in keys)))
        return tuple(found)

    def clear(self, part: Part) -> None:
        """Take out what the migrations themselves put into a table, before its first rows come."""
        if part.table not in self._cleared:
            self._cleared.add(part.table)
            self.database.execute_sql(f'DELETE FROM "{part.table}"')  # noqa: S608 - our own names

    def finish(self) -> None:
        """Make the counters, the search's index and the triggers."""
        with self.database.atomic():
            self.database.execute_sql(_COUNT)
            self.database.execute_sql("INSERT INTO orders_fts(orders_fts) VALUES ('rebuild')")
            for _, sql in self._triggers:
                self.database.execute_sql(sql)
        self.database.execute_sql("ANALYZE")

    def read(self, sql: str, params: Params = ()) -> Rows:
        """Read back."""
        rows: Rows = self.database.execute_sql(sql, params).fetchall()
        return rows

    def close(self) -> None:
        """Close the file."""
        if not self.database.is_closed():
            self.database.close()


def remove_file(path: Path) -> None:
    """Remove a database that nobody has open, with its side files."""
    for end in ("", "-journal", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).unlink()
