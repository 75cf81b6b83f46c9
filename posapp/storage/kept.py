"""The journal of a station: changes of status that it keeps while the database server is away.

A file of SQLite beside the settings, as durable as the database of a station alone: each entry is one
transaction, on the disk before anybody is told of it. The journal is this station's own; it is no copy of the
shop's data.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from peewee import sqlite3  # type: ignore[attr-defined] # the stubs do not tell of the driver that Peewee chose

from posapp.domain.errors import StorageError
from posapp.domain.kept import OPEN, Kept, KeptFigures, KeptKind, KeptState, SeenOrder, Wish
from posapp.domain.status import Kind, Status
from posapp.domain.who import Who
from posapp.storage.fields import from_us, maybe_at, maybe_us, to_us

KEPT_NAME = "kept.db"
REMEMBERED = timedelta(days=90)  # what is settled
_TABLE = (
    "CREATE TABLE IF NOT EXISTS kept (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, "
    "order_pk INTEGER NOT NULL, order_id TEXT NOT NULL, code TEXT NOT NULL, order_kind TEXT NOT NULL, "
    "version INTEGER NOT NULL, kind TEXT NOT NULL, base TEXT NOT NULL, target TEXT NOT NULL, "
    "reason TEXT NOT NULL, promised_at INTEGER, section TEXT NOT NULL, actor TEXT NOT NULL, "
    "station TEXT NOT NULL, sign_in TEXT NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL, "
    "found TEXT NOT NULL DEFAULT '', why TEXT NOT NULL DEFAULT '', closed_at INTEGER)"
)
_COLUMNS = (
    "seq, id, order_pk, code, base, order_kind, version, order_id, kind, target, reason, promised_at, "
    "section, actor, station, sign_in, at, state, found, why"
)
_INSERT = (
    "INSERT INTO kept(id, order_pk, code, base, order_kind, version, order_id, kind, target, reason, "
    "promised_at, section, actor, station, sign_in, at, state) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')"
)
_IS_OPEN = f"state IN ({', '.join(repr(state.value) for state in OPEN)})"
_COUNTS = (
    "SELECT CASE WHEN state = 'needs' THEN 'needs' WHEN order_pk IN (SELECT order_pk FROM kept "  # noqa: S608
    f"WHERE state = 'needs') THEN 'behind' ELSE 'waiting' END, count(*) FROM kept WHERE {_IS_OPEN} GROUP BY 1"
)


class KeptJournal:
    """The journal of one data directory; may be used from any thread, and by several processes."""

    def __init__(self, data_dir: Path, tell: Callable[[], None] = lambda: None) -> None:
        """Look at what is kept; the file is made with its first entry. `tell` hears of each change."""
        self._path = data_dir / KEPT_NAME
        self._tell = tell
        self._lock = threading.RLock()
        self._connection: Any = None
        self.figures = KeptFigures()  # as of the last look, for those who must not wait for the disk
        self.refresh()

    def refresh(self) -> KeptFigures:
        """Count anew; another process may have done something."""
        with self._open(make=False) as connection:
            if connection is not None:
                counted = dict(connection.execute(_COUNTS).fetchall())
                self.figures = KeptFigures(**counted)
        return self.figures

    def add(self, act: str, wish: Wish, who: Who, mark: str, now: datetime) -> Kept:
        """Keep a change; it is on the disk when this returns. Raises StorageError when it cannot be."""
        order = wish.order
        values = (
            act, order.pk, order.code, order.status.value, order.kind.value, order.version, order.id,
            wish.kind.value, wish.target.value, wish.reason, maybe_us(wish.promised_at), wish.section,
            who.actor, who.station, mark, to_us(now),
        )  # fmt: skip
        with self._written() as connection:
            seq = connection.execute(_INSERT, values).lastrowid
            connection.execute("DELETE FROM kept WHERE closed_at < ?", (to_us(now - REMEMBERED),))
        return Kept(seq, act, wish, who.actor, who.station, mark, now, KeptState.WAITING)

    def put(
        self, ids: Sequence[str], state: KeptState, now: datetime, *, found: str = "", why: str = ""
    ) -> None:
        """Note what became of changes."""
        closed = None if state in OPEN else to_us(now)
        with self._written() as connection:
            connection.executemany(
                "UPDATE kept SET state = ?, found = ?, why = ?, closed_at = ? WHERE id = ?",
                [(state.value, found, why, closed, act) for act in ids],
            )

    def withdraw(self, pk: int, now: datetime) -> Kept | None:
        """Take the last change of an order back, unless it is on its way; return what was taken back."""
        with self._written() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM kept WHERE order_pk = ? AND {_IS_OPEN} ORDER BY seq DESC LIMIT 1",  # noqa: S608
                (pk,),
            ).fetchone()
            if row is None or row[17] != KeptState.WAITING:
                return None
            connection.execute(
                "UPDATE kept SET state = 'withdrawn', closed_at = ? WHERE seq = ?", (to_us(now), row[0])
            )
        return _entry(row)

    def holds(self, pk: int) -> bool:
        """Tell whether anything of an order has to go in before what people do with it next.

        Where a person has to decide, it has not: they see what the database has, and go on from there.
        """
        entries = self.of_order(pk) if self.figures.waiting else ()
        return bool(entries) and entries[0].state is not KeptState.NEEDS

    def of_order(self, pk: int) -> tuple[Kept, ...]:
        """Return what is kept of an order, the oldest first."""
        return self._read(f"order_pk = ? AND {_IS_OPEN} ORDER BY seq", (pk,))

    def entries(self) -> tuple[Kept, ...]:
        """Return all that is kept, the oldest first."""
        return self._read(f"{_IS_OPEN} ORDER BY seq")

    def of_id(self, act: str) -> Kept | None:
        """Return an entry, whatever became of it."""
        return next(iter(self._read("id = ?", (act,))), None)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _read(self, condition: str, params: Sequence[object] = ()) -> tuple[Kept, ...]:
        with self._open(make=False) as connection:
            if connection is None:
                return ()
            rows = connection.execute(f"SELECT {_COLUMNS} FROM kept WHERE {condition}", params).fetchall()  # noqa: S608
        return tuple(_entry(row) for row in rows)

    @contextmanager
    def _written(self) -> Iterator[Any]:
        """Open a transaction that is on the disk when the block ends."""
        with self._open(make=True) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            self.refresh()
        self._tell()

    @contextmanager
    def _open(self, *, make: bool) -> Iterator[Any]:
        with self._lock:
            try:
                if self._connection is None and (make or self._path.exists()):
                    self._connection = self._connect()
                yield self._connection
            except (sqlite3.Error, OSError) as error:
                raise StorageError(
                    "Nothing can be kept on this computer.",
                    f"{self._path}: {error}.",
                    "Mend the disk or its rights; what was kept before is not touched.",
                ) from error

    def _connect(self) -> Any:
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(
            str(self._path), timeout=10, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA journal_mode = wal")
            connection.execute("PRAGMA synchronous = full")
            connection.execute(_TABLE)
        except sqlite3.Error:
            connection.close()
            raise
        return connection


def _entry(row: tuple[Any, ...]) -> Kept:
    pk, code, base, order_kind, version, order_id, kind, target, reason, promised, section = row[2:13]
    order = SeenOrder(pk, code, Status(base), Kind(order_kind), version, order_id)
    wish = Wish(order, KeptKind(kind), Status(target), reason, maybe_at(promised), section)
    actor, station, mark, at, state, found, why = row[13:]
    return Kept(row[0], row[1], wish, actor, station, mark, from_us(at), KeptState(state), found, why)
