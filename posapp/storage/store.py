"""The open database of one process: transactions with a change feed, reads, and who it is."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posapp.domain.errors import StorageError
from posapp.domain.who import Who
from posapp.storage.dialect import Dialect, Params
from posapp.storage.feed import Change, Feed, Topic
from posapp.storage.fields import to_us

if TYPE_CHECKING:
    from posapp.storage.kept import KeptJournal
    from posapp.storage.presence import Presence

__all__ = ["Params", "Store", "Transaction"]

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
NewId = Callable[[], str]
# Made once: json.dumps with options makes an encoder each time.
_to_json = json.JSONEncoder(ensure_ascii=False).encode
_INSERT_EVENT = "INSERT INTO events(order_pk, at, kind, actor, station, params) VALUES (?, ?, ?, ?, ?, ?)"


class Transaction:
    """One write transaction: fixed SQL, audit events, and a note of what it touches."""

    def __init__(self, connection: Any, dialect: Dialect, clock: Clock, new_id: NewId) -> None:
        self.connection = connection
        self.dialect = dialect
        self._clock = clock
        self._now: datetime | None = None
        self.new_id = new_id
        self.orders: set[int] = set()
        self.topics: set[Topic] = set()
        self.approved_by = ""  # the manager who let this act pass, for the audit
        self.approved: set[str] = set()

    @property
    def now(self) -> datetime:
        """Return the time of this act, the same at each call: not before the end of the act before it."""
        if self._now is None:
            self.dialect.hold(self.connection)
            self._now = self._clock()
        return self._now

    @now.setter
    def now(self, moment: datetime) -> None:
        self._now = moment

    def execute(self, sql: str, params: Params = ()) -> Any:
        """Run one statement and return its cursor."""
        return self.connection.execute(sql, params)

    def executemany(self, sql: str, rows: Sequence[Params]) -> None:
        """Run one statement for many rows."""
        self.connection.executemany(sql, rows)

    def one(self, sql: str, params: Params = ()) -> tuple[Any, ...] | None:
        """Return the first row, or None."""
        row: tuple[Any, ...] | None = self.connection.execute(sql, params).fetchone()
        return row

    def all(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """Return all rows."""
        rows: list[tuple[Any, ...]] = self.connection.execute(sql, params).fetchall()
        return rows

    def event(
        self, order_pk: int | None, kind: str, who: Who, params: Mapping[str, str] | None = None
    ) -> None:
        """Append to the audit."""
        if self.approved_by:
            params = {**(params or {}), "approved_by": self.approved_by}
        text = _to_json(dict(params)) if params else "{}"
        self.execute(_INSERT_EVENT, (order_pk, to_us(self.now), kind, who.actor, who.station, text))

    def events(self, kind: str, who: Who, params: Sequence[tuple[int, Mapping[str, str]]]) -> None:
        """Append one entry of a kind for each of these orders; for what no manager has to approve."""
        now = to_us(self.now)
        texts: dict[tuple[tuple[str, str], ...], str] = {}  # many say the same
        rows = []
        for pk, words in params:
            key = tuple(words.items())
            text = texts.get(key)
            if text is None:
                text = texts[key] = _to_json(dict(words))
            rows.append((pk, now, kind, who.actor, who.station, text))
        self.executemany(_INSERT_EVENT, rows)

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

    presence: Presence | None = None  # of a server; a file is always there
    kept: KeptJournal | None = None  # what is kept here while the server is away

    def __init__(
        self, dialect: Dialect, data_dir: Path, clock: Clock, new_id: NewId, feed: Feed | None = None
    ) -> None:
        self.dialect = dialect
        self.data_dir = data_dir
        self.clock = clock
        self.new_id = new_id
        self.feed = feed or Feed()
        self._mine = _Mine()

    @property
    def database(self) -> Any:
        """Return Peewee's database object."""
        return self.dialect.database

    @contextmanager
    def write(self, origin: str = "") -> Iterator[Transaction]:
        """Open the one write transaction of an act; it is on the disk when the block ends without error.

        One process at a time writes, on both databases: what is read in the block stays true until its end.
        Raises StorageError when the database cannot be used; then nothing was written.
        """
        if self._mine.gathered is not None:
            with self._part(self._mine.gathered) as transaction:
                yield transaction
            return
        dialect = self.dialect
        try:
            connection = dialect.begin()
            try:
                transaction = Transaction(connection, dialect, self.clock, self.new_id)
                yield transaction
                dialect.commit(connection, transaction, origin)
            except BaseException:
                dialect.roll_back(connection)
                raise
        except dialect.failures as error:
            if not self.away:
                log.info("Transaction failed: %s", error)
            raise dialect.error(error) from error
        if transaction.topics and self.feed.heard:
            self.feed.publish(Change(frozenset(transaction.topics), frozenset(transaction.orders), origin))

    @property
    def away(self) -> bool:
        """Tell whether the database is known to be away."""
        return self.presence is not None and self.presence.away

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
        connection = transaction.connection
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
        except self.dialect.failures as error:
            log.info("An act failed: %s", error)
            raise self.dialect.error(error) from error
        finally:
            self._mine.in_part = False

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all reads of the block see one state of the database."""
        try:
            with self.dialect.snapshot():
                yield
        except self.dialect.failures as error:
            raise self.dialect.error(error) from error

    def one(self, sql: str, params: Params = ()) -> tuple[Any, ...] | None:
        """Return the first row of a read, or None."""
        try:
            row: tuple[Any, ...] | None = self.dialect.read(sql, params).fetchone()
        except self.dialect.failures as error:
            raise self.dialect.error(error) from error
        return row

    def all(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a read."""
        try:
            rows: list[tuple[Any, ...]] = self.dialect.read(sql, params).fetchall()
        except self.dialect.failures as error:
            raise self.dialect.error(error) from error
        return rows

    def meta(self, key: str) -> str:
        """Return a fact about the database, "" when unknown."""
        row = self.one("SELECT value FROM meta WHERE key = ?", (key,))
        return str(row[0]) if row else ""

    def change_number(self) -> int:
        """Return a number that changes when another connection than this thread's has committed."""
        try:
            return self.dialect.change_number()
        except self.dialect.failures as error:
            raise self.dialect.error(error) from error

    def close_thread(self) -> None:
        """Close the calling thread's connection."""
        self.dialect.close_thread()
