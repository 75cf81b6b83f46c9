"""All that only PostgreSQL can do: the writer's lock, telling other stations, trigram search."""

from __future__ import annotations

import contextlib
import itertools
import json
import logging
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import peewee

from posapp.domain.errors import StorageError, UncertainError
from posapp.storage.dialect import Condition, Hits, Params, Touched
from posapp.storage.feed import ALL_TOPICS, Change, Topic
from posapp.storage.postgres_errors import server_error
from posapp.storage.postgres_pulse import Pulse
from posapp.storage.postgres_session import Session, connect, psycopg
from posapp.storage.presence import Presence
from posapp.storage.server import Server

log = logging.getLogger(__name__)

MINIMUM_VERSION = 150_000
CHANNEL = "posapp"
WRITER = 7_305_801_203  # the advisory lock of whoever writes
_MOST_TOLD = 200  # orders named in one message; a message has 8,000 bytes
_RETRY_S = 1.0
_FATE_S = 3.0
_GONE = ("57P", "08")  # what a server says last; without a word the connection was cut
# The marks of the last commits, by which a station finds its own again.
MARKS = 64
_MARKED = (
    "WITH counted AS (UPDATE posapp_commits SET n = n + 1 RETURNING n), "
    "marked AS (UPDATE posapp_marks SET mark = ? FROM counted WHERE slot = counted.n % 64) "
)
_COUNT = _MARKED + "SELECT 1"
_TELL = _MARKED + "SELECT pg_notify(?, ?)"
_FATE = "SELECT EXISTS (SELECT 1 FROM posapp_marks WHERE mark = ?), pg_xact_status(?::text::xid8)"
FAILURES: tuple[type[Exception], ...] = (psycopg.Error, peewee.DatabaseError, peewee.InterfaceError)
# Each statement of a transaction sees what was committed before it, and the lock lets nobody commit in
# between: what an act reads stays true until its end, as on SQLite.
_ALONE = f"SELECT pg_advisory_xact_lock({WRITER}), pg_current_xact_id()::text"


class PostgresDatabase(peewee.PostgresqlDatabase):
    """Peewee's view of the server; truth is a whole number here too."""

    field_types = {  # noqa: RUF012 - Peewee's own way
        **peewee.PostgresqlDatabase.field_types,
        "BOOL": "BIGINT",
        "INT": "BIGINT",
        "VARCHAR": "TEXT",
    }
    index_value_literals = True

    def __init__(self, server: Server, name: str) -> None:
        self._server = server
        self._name = name
        super().__init__("posapp")

    def get_binary_type(self) -> type[bytes]:
        """Return what bytes are wrapped in: nothing."""
        return bytes

    def _connect(self) -> psycopg.Connection[Any]:
        return connect(self._server.parameters(), self._name)

    def _set_server_version(self, conn: psycopg.Connection[Any]) -> None:
        self.server_version = conn.pgconn.server_version


class PostgresDialect:
    """A database on a server that all stations of a shop use."""

    name = "postgresql"
    shared = True
    failures = FAILURES

    def __init__(self, server: Server, name: str = "posapp") -> None:
        self.server = server
        self.database = PostgresDatabase(server, name)
        self.presence = Presence(partial(Pulse, server))
        self._mine = threading.local()
        self._fences: dict[str, int] = {}
        self._process = uuid.uuid4().hex[:16]  # tells this process's messages from those of others
        self._marks = itertools.count(1)

    # ------------------------------------------------------------------ transactions

    def session(self) -> Session:
        """Return this thread's connection; one that was lost is made anew."""
        session: Session | None = getattr(self._mine, "session", None)
        if session is None or session.lost:
            if session is not None:
                self.close_thread()
            session = self._mine.session = Session(self._connected())
        return session

    def _connected(self) -> psycopg.Connection[Any]:
        """Connect; at once with an error while the server is known to be away."""
        if self.presence.closed_to_me:
            raise psycopg.OperationalError("It does not answer.")
        try:
            raw: psycopg.Connection[Any] = self.database.connection()  # type: ignore[no-untyped-call]
        except FAILURES:
            self.presence.suspect()
            raise
        self.presence.hold(raw, raw.pgconn.socket)
        return raw

    def begin(self) -> Session:
        """Begin with the first statement whose answer is read; it waits for the writer's lock.

        A server that was away since the last act has not heard anything of this one: it begins anew.
        """
        session = self.session()
        if session.in_transaction:
            raise RuntimeError("a write inside a write: an act is one transaction")
        session.begin(_ALONE, self._renewed)
        return session

    def _renewed(self, session: Session) -> psycopg.Connection[Any]:
        self.close_thread()
        self._mine.session = session
        return self._connected()

    def hold(self, connection: Session) -> None:
        """Wait for the writer's lock now."""
        connection.until_begun()

    def commit(self, connection: Session, touched: Touched, origin: str) -> None:
        """Commit and tell the other stations in one round trip; a lost answer is asked for again."""
        connection.until_begun()
        if origin in self._fences:
            connection.execute("SELECT posapp_fence(?)", (self._fences[origin],))
        mark = f"{self._process}.{next(self._marks)}"
        told = self._message(touched, origin) if touched.topics else None
        connection.execute(_TELL if told else _COUNT, (mark, CHANNEL, told) if told else (mark,))
        ended = connection.execute("COMMIT")
        try:
            connection.send_waiting()
        except psycopg.OperationalError as error:
            if error.sqlstate is not None and not error.sqlstate.startswith(_GONE):
                raise
            connection.raw.close()
            if not self._was_committed(connection.number, mark):
                raise
        else:
            if ended.said != "COMMIT":  # the server takes back a transaction that failed, without an error
                raise StorageError("The change could not be saved.", remedy="Do it again.")

    def fence(self, origin: str, token: int) -> None:
        """Let the server refuse commits of `origin` once the sender's lease has another number."""
        if token:
            self._fences[origin] = token
        else:
            self._fences.pop(origin, None)

    def _message(self, touched: Touched, origin: str) -> str:
        orders = sorted(touched.orders) if len(touched.orders) <= _MOST_TOLD else None
        return json.dumps([self._process, origin, sorted(touched.topics), orders])

    def _was_committed(self, number: str, mark: str) -> bool:
        """Ask what became of a transaction whose commit was not answered; raise when nobody can tell.

        A server that crashed may give the number of a lost transaction to the next one: only what was written
        itself, its mark, shows that it was saved.
        """
        end = time.monotonic() + _FATE_S
        while time.monotonic() < end:
            try:
                row = self.session().execute(_FATE, (mark, number)).fetchone()
            except FAILURES as error:
                if isinstance(error, psycopg.errors.InvalidParameterValue):
                    return False  # the server has never heard of this number: it forgot it in a crash
            else:
                if row[0] or row[1] == "aborted":
                    return bool(row[0])
                if row[1] == "committed":
                    break
            time.sleep(0.1)
        raise UncertainError(
            "It is not known whether this was saved.",
            "The database server went away while it was saving.",
            "Look at the order when the server is back, before doing it again.",
        )

    def roll_back(self, connection: Session) -> None:
        """Undo the transaction, if it is not undone with the connection."""
        connection.forget_waiting()
        if connection.in_transaction:
            with contextlib.suppress(psycopg.OperationalError):
                connection.plain("ROLLBACK")

    def read(self, sql: str, params: Params = ()) -> Any:
        """Run a query; once more on a new connection when the old one was lost meanwhile."""
        session = self.session()
        inside = session.in_transaction
        try:
            cursor = session.execute(sql, params)
            session.send_waiting()
            return cursor
        except psycopg.OperationalError:
            if inside or not session.lost:
                raise
            return self.session().execute(sql, params)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read inside one transaction that sees one state; inside a write that is the write's own."""
        session = self.session()
        if session.in_transaction:
            yield
            return
        session.plain("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield
        finally:
            self.roll_back(session)

    @contextmanager
    def erasing(self) -> Iterator[None]:
        """Do nothing: the server's own cleaning frees what is dead, and writes over it."""
        yield

    def close_thread(self) -> None:
        """Close the calling thread's connection."""
        session: Session | None = getattr(self._mine, "session", None)
        self._mine.session = None
        if session is not None:
            self.presence.let_go(session.raw)
            if session.lost:
                self.presence.suspect()
        if not self.database.is_closed():
            self.database.close()

    def error(self, error: Exception) -> StorageError:
        """Turn what the driver says into sentences."""
        return server_error(error)

    # ------------------------------------------------------------------ changes

    def change_number(self) -> int:
        """Return how many commits there were."""
        row = self.read("SELECT n FROM posapp_commits").fetchone()
        return int(row[0]) if row else 0

    def changes(self, over: threading.Event, every_s: float) -> Iterator[Change]:
        """Listen to the server.

        A message is a hint, not a log: before this connection listened, everything may have changed.
        """
        while not over.is_set():
            try:
                session = self.session()
                session.plain(f"LISTEN {CHANNEL}")
                yield Change(ALL_TOPICS, frozenset(), origin="", foreign=True)
                while not over.is_set():
                    for message in session.raw.notifies(timeout=every_s, stop_after=1):
                        change = self._heard(message.payload)
                        if change is not None:
                            yield change
            except FAILURES as error:
                if not self.presence.away:
                    log.info("The database server cannot be heard: %s", error)
                self.close_thread()
                over.wait(_RETRY_S)

    def _heard(self, payload: str) -> Change | None:
        try:
            process, origin, topics, orders = json.loads(payload)
            if process == self._process:
                return None
            known = frozenset(Topic(topic) for topic in topics)
        except (ValueError, TypeError):
            return Change(
                ALL_TOPICS, frozenset(), origin="", foreign=True
            )  # said by hand, or by a newer posapp
        if orders is None:
            return Change(ALL_TOPICS, frozenset(), origin="", foreign=True)
        return Change(known, frozenset(int(pk) for pk in orders), origin=str(origin), foreign=True)

    # ------------------------------------------------------------------ search and checks

    def matching(self, words: Sequence[str]) -> Condition:
        """Ask the index of trigrams."""
        each = " AND ".join(["texts LIKE ? ESCAPE '\\'"] * len(words))
        marks = tuple(f"%{_plain(word.lower())}%" for word in words)
        return Condition(f"orders.pk IN (SELECT pk FROM order_texts WHERE {each})", marks)  # noqa: S608 - marks

    def matching_active(self, words: Sequence[str]) -> Condition:
        """Ask as for all: the planner begins with the active ones by itself."""
        return self.matching(words)

    def matching_newest(self, words: Sequence[str]) -> Hits:
        """Read by key."""
        return Hits("orders", self.matching(words), "orders.pk")

    def matching_phone(self, digits: str, newest: int) -> Condition:
        """Ask the index of trigrams."""
        newest_first = "SELECT pk FROM order_texts WHERE texts LIKE ? ORDER BY pk DESC LIMIT ?"
        return Condition(f"orders.pk IN ({newest_first})", (f"%{digits}%", newest))

    def version(self) -> str:
        """Return the server's version."""
        return f"PostgreSQL {self.read('SHOW server_version').fetchone()[0]}"

    def schema_version(self) -> int:
        """Return the number of the last migration; 0 in an empty database."""
        if self.read("SELECT to_regclass('posapp_schema')").fetchone()[0] is None:
            return 0
        return int(self.read("SELECT max(number) FROM posapp_schema").fetchone()[0] or 0)

    def integrity_problems(self) -> list[str]:
        """Return the constraints that are not enforced, and the indexes that are not whole."""
        rows = self.read(
            "SELECT 'The rule ' || conname || ' is not enforced.' FROM pg_constraint WHERE NOT convalidated "
            "UNION ALL SELECT 'The index ' || indexrelid::regclass || ' is not whole.' FROM pg_index "
            "WHERE NOT indisvalid"
        ).fetchall()
        return [str(row[0]) for row in rows]


def _plain(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
