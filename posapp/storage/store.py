"""The open database of one process: transactions with a change feed, reads, and who it is."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from peewee import SqliteDatabase

from posapp.domain.errors import StorageError
from posapp.domain.who import Who
from posapp.storage.dialect_sqlite import DRIVER_ERRORS
from posapp.storage.feed import Change, Feed, Topic
from posapp.storage.fields import to_us
from posapp.storage.tally import CommitTally

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
NewId = Callable[[], str]
Params = Sequence[Any]
# Made once: json.dumps with options makes an encoder each time.
_to_json = json.JSONEncoder(ensure_ascii=False).encode
_INSERT_EVENT = "INSERT INTO events(order_pk, at, kind, actor, station, params) VALUES (?, ?, ?, ?, ?, ?)"


def storage_error(error: Exception) -> StorageError:
    """Turn what the database driver says into a sentence for people."""
    text = _cause(error)
    lower = text.lower()
    if "locked" in lower or "busy" in lower:
        return StorageError(
            "The database is busy.", text, "Another program holds it; close it or try again in a minute."
        )
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


class Transaction:
    """One write transaction: fixed SQL, audit events, and a note of what it touches."""

    def __init__(self, connection: Any, now: datetime, new_id: NewId) -> None:
        self._connection = connection
        self.now = now
        self.new_id = new_id
        self.orders: set[int] = set()
        self.topics: set[Topic] = set()
        self.approved_by = ""  # the manager who let this act pass, for the audit
        self.approved: set[str] = set()

    def execute(self, sql: str, params: Params = ()) -> Any:
        """Run one statement and return its cursor."""
        return self._connection.execute(sql, params)

    def executemany(self, sql: str, rows: Sequence[Params]) -> None:
        """Run one statement for many rows."""
        self._connection.executemany(sql, rows)

    def one(self, sql: str, params: Params = ()) -> tuple[Any, ...] | None:
        """Return the first row, or None."""
        row: tuple[Any, ...] | None = self._connection.execute(sql, params).fetchone()
        return row

    def all(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """Return all rows."""
        rows: list[tuple[Any, ...]] = self._connection.execute(sql, params).fetchall()
        return rows

    def event(
        self, order_pk: int | None, kind: str, who: Who, params: Mapping[str, str] | None = None
    ) -> None:
        """Append to the audit."""
        if self.approved_by:
            params = {**(params or {}), "approved_by": self.approved_by}
        text = _to_json(dict(params)) if params else "{}"
        self.execute(_INSERT_EVENT, (order_pk, to_us(self.now), kind, who.actor, who.station, text))

    def touch(self, order_pk: int | None, *topics: Topic) -> None:
        """Note that this order, or something of these topics, changes with this transaction."""
        if order_pk is not None:
            self.orders.add(order_pk)
            self.topics.add(Topic.ORDERS)
        self.topics.update(topics)


class _Mine(threading.local):
    """What this thread is in the middle of."""

    gathered: Transaction | None = None
    in_part: bool = False


class Store:
    """The database of this process; connections are per thread."""

    def __init__(
        self,
        database: SqliteDatabase,
        data_dir: Path,
        clock: Clock,
        new_id: NewId,
        tally: CommitTally,
        feed: Feed | None = None,
    ) -> None:
        self.database = database
        self.tally = tally
        self.data_dir = data_dir
        self.clock = clock
        self.new_id = new_id
        self.feed = feed or Feed()
        self._mine = _Mine()

    @contextmanager
    def write(self, origin: str = "") -> Iterator[Transaction]:
        """Open the one write transaction of an act; it is on the disk when the block ends without error.

        Raises StorageError when the database cannot be used; then nothing was written. The statements go to
        the driver's connection itself (docs/decisions/0001): an act has six, and each is a little faster.
        """
        if self._mine.gathered is not None:
            with self._part(self._mine.gathered) as transaction:
                yield transaction
            return
        connection = self.database.connection()
        if connection.in_transaction:
            raise RuntimeError("a write inside a write: an act is one transaction")
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                transaction = Transaction(connection, self.clock(), self.new_id)
                yield transaction
                self.tally.note()
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except DRIVER_ERRORS as error:
            log.info("Transaction failed: %s", error)
            raise storage_error(error) from error
        if transaction.topics and self.feed.heard:
            self.feed.publish(Change(frozenset(transaction.topics), frozenset(transaction.orders), origin))

    @contextmanager
    def gather(self, origin: str = "") -> Iterator[None]:
        """Let all acts of the block, in this thread, be one commit; one that fails is undone alone.

        None of them is on the disk before the block ends without error: nobody may be told of them earlier.
        """
        if self._mine.gathered is not None:
            raise RuntimeError("acts are gathered already")
        with self.write(origin) as transaction:
            self._mine.gathered = transaction
            try:
                yield
            finally:
                self._mine.gathered = None

    @property
    def gathers(self) -> bool:
        """Tell whether this thread is inside `gather`."""
        return self._mine.gathered is not None

    @contextmanager
    def _part(self, transaction: Transaction) -> Iterator[Transaction]:
        """Do one of the gathered acts: all of it, or nothing of it."""
        connection = self.database.connection()
        if self._mine.in_part:
            raise RuntimeError("a write inside a write: an act is one transaction")
        self._mine.in_part = True
        try:
            if not connection.in_transaction:
                raise StorageError("The database cannot be used.", remedy="Check the disk, then try again.")
            connection.execute("SAVEPOINT act")
            try:
                yield transaction
            except BaseException:
                # After some failures the driver has taken everything back already.
                if connection.in_transaction:
                    connection.execute("ROLLBACK TO act")
                    connection.execute("RELEASE act")
                raise
            connection.execute("RELEASE act")
        except DRIVER_ERRORS as error:
            log.info("An act failed: %s", error)
            raise storage_error(error) from error
        finally:
            self._mine.in_part = False

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all reads of the block see one state of the database."""
        try:
            with self.database.atomic("DEFERRED"):
                yield
        except DRIVER_ERRORS as error:
            raise storage_error(error) from error

    def one(self, sql: str, params: Params = ()) -> tuple[Any, ...] | None:
        """Return the first row of a read, or None."""
        try:
            row: tuple[Any, ...] | None = self.database.execute_sql(sql, params).fetchone()
        except DRIVER_ERRORS as error:
            raise storage_error(error) from error
        return row

    def all(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a read."""
        try:
            rows: list[tuple[Any, ...]] = self.database.execute_sql(sql, params).fetchall()
        except DRIVER_ERRORS as error:
            raise storage_error(error) from error
        return rows

    def meta(self, key: str) -> str:
        """Return a fact about the database, "" when unknown."""
        row = self.one("SELECT value FROM meta WHERE key = ?", (key,))
        return str(row[0]) if row else ""

    def data_version(self) -> int:
        """Return a number that changes when another connection than this thread's has committed."""
        row = self.one("PRAGMA data_version")
        return int(row[0]) if row else 0

    def close_thread(self) -> None:
        """Close the calling thread's connection."""
        if not self.database.is_closed():
            self.database.close()
