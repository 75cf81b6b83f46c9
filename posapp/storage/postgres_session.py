"""One connection to a PostgreSQL server, with the manners of SQLite's: `?` marks, truth as 0 and 1."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from posapp.domain.errors import StorageError
from posapp.storage.postgres_sql import spelled

if sys.modules.get("psycopg", ...) is None:  # the door that posapp.storage keeps shut
    del sys.modules["psycopg"]
try:
    import psycopg
except ImportError as missing:  # pragma: no cover - the driver is installed wherever the tests run
    raise StorageError(
        "This posapp cannot talk to PostgreSQL.",
        "The settings name a database server, but its driver is not installed.",
        "Install it: pip install posapp[postgresql]. Or empty the address in posapp.toml.",
    ) from missing
from psycopg import pq
from psycopg.adapt import Buffer, Dumper, Loader
from psycopg.types.numeric import Int8Dumper
from psycopg.types.string import StrDumperUnknown

__all__ = ["Session", "connect", "psycopg"]

# What it says of a connection that broke; the heartbeat tells it, once.
logging.getLogger("psycopg").setLevel(logging.ERROR)

_BOUNDS = ("SAVEPOINT", "RELEASE", "ROLLBACK")
_IDLE, _UNKNOWN = pq.TransactionStatus.IDLE, pq.TransactionStatus.UNKNOWN
# What a station asks for on each connection. A writer that its network lost must not keep the others waiting,
# and a server that went away must be noticed before people wonder.
_OPTIONS = {
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "5s",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "standard_conforming_strings": "on",
}
_NETWORK = {
    "connect_timeout": "4",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "2",
    "tcp_user_timeout": "5000",
}


class _Texts(StrDumperUnknown):
    """Texts; NUL, which SQLite keeps and PostgreSQL refuses, becomes the sign for what cannot be shown."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", "\ufffd") if "\0" in obj else obj)


class _Truth(Dumper):
    """Truth is a whole number in both databases."""

    oid = psycopg.adapters.types["int8"].oid

    def dump(self, obj: bool) -> Buffer | None:  # noqa: FBT001 - the driver's signature
        return b"1" if obj else b"0"


class _Whole(Loader):
    """What sums of whole numbers come as."""

    def load(self, data: Buffer) -> int:
        return int(bytes(data))


def connect(parameters: Mapping[str, str], name: str) -> psycopg.Connection[Any]:
    """Connect; each statement outside of a transaction is one of its own."""
    options = " ".join(f"-c {key}={value}" for key, value in _OPTIONS.items())
    connection = psycopg.connect(
        "", autocommit=True, application_name=name, options=options, client_encoding="utf8",
        prepare_threshold=2, **{**_NETWORK, **parameters},  # type: ignore[arg-type]
    )  # fmt: skip
    connection.prepared_max = 400
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.adapters.register_dumper(str, _Texts)
    connection.adapters.register_dumper(bool, _Truth)
    connection.adapters.register_loader("numeric", _Whole)
    return connection


class Later:
    """A statement of a transaction that is sent with the next one whose answer is read, and its result."""

    __slots__ = ("_cursor", "_row", "_session", "params", "sql")

    def __init__(self, session: Session, sql: str, params: Sequence[Any]) -> None:
        self.sql = spelled(sql)
        self.params = params
        self._session = session
        self._cursor: psycopg.RawCursor[Any] | None = None
        self._row: Any = None

    def send(self, raw: psycopg.Connection[Any]) -> None:
        """Give the statement to the driver."""
        self._cursor = psycopg.RawCursor(raw).execute(self.sql, self.params or None)

    def _done(self) -> psycopg.RawCursor[Any]:
        if self._cursor is None:
            self._session.send_waiting()
        assert self._cursor is not None  # noqa: S101 - sending raises, or sets it
        return self._cursor

    @property
    def rowcount(self) -> int:
        """Return how many rows it concerned."""
        return self._done().rowcount

    @property
    def row(self) -> Any:
        """Return the one row that was answered, None before; may be asked again."""
        if self._row is None and self._cursor is not None and self._cursor.pgresult is not None:
            self._row = self._cursor.fetchone()
        return self._row

    @property
    def said(self) -> str:
        """Return the server's own word for what it did."""
        return self._done().statusmessage or ""

    def fetchone(self) -> Any:
        """Return the next row, or None."""
        return self._done().fetchone()

    def fetchall(self) -> list[Any]:
        """Return all rows."""
        return self._done().fetchall()


class Session:
    """A connection as transactions use it: what needs no answer waits, and goes out with what does."""

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self.raw = raw
        self._waiting: list[Later] = []
        self._alone: Later | None = None  # what a transaction asks for first
        self._renew: Callable[[Session], psycopg.Connection[Any]] | None = None  # until it has begun

    @property
    def number(self) -> str:
        """Return the number of the transaction under way, by which the server knows it."""
        row = self._alone.row if self._alone is not None else None
        return str(row[1]) if row else ""

    @property
    def in_transaction(self) -> bool:
        """Tell whether a transaction is open; none is on a lost connection."""
        return self._renew is not None or self.raw.pgconn.transaction_status not in {_IDLE, _UNKNOWN}

    @property
    def lost(self) -> bool:
        """Tell whether the server has gone."""
        return self.raw.closed

    def begin(self, alone: str, renew: Callable[[Session], psycopg.Connection[Any]]) -> None:
        """Begin a transaction with the next statement, with `alone` first; `renew` makes a new connection."""
        self._alone = Later(self, alone, ())
        self._waiting += [Later(self, "BEGIN", ()), self._alone]
        self._renew = renew

    def until_begun(self) -> None:
        """Begin now, if that still waits."""
        if self._renew is not None:
            self.send_waiting()

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Later:
        """Run one statement of a transaction, at the latest when its result is looked at."""
        later = Later(self, sql, params)
        self._waiting.append(later)
        # A mistake has to show inside the part of a transaction that it belongs to.
        if not self.in_transaction or sql.startswith(_BOUNDS):
            self.send_waiting()
        return later

    def send_waiting(self) -> None:
        """Send what waits, in one round trip."""
        waiting, self._waiting = self._waiting, []
        renew, self._renew = self._renew, None
        try:
            self._send(waiting)
        except psycopg.OperationalError:
            if renew is None or not self.lost:
                raise
            # Nothing of this transaction can be there: its COMMIT goes out later.
            self.raw = renew(self)
            self._send(waiting)

    def _send(self, waiting: Sequence[Later]) -> None:
        if len(waiting) == 1:
            waiting[0].send(self.raw)
        elif waiting:
            with self.raw.pipeline():
                for later in waiting:
                    later.send(self.raw)

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for many rows, in one go."""
        self.send_waiting()
        psycopg.RawCursor(self.raw).executemany(spelled(sql), rows)

    def plain(self, sql: str) -> psycopg.Cursor[Any]:
        """Run several statements in one round trip; the cursor is at the first one's result."""
        self.send_waiting()
        return self.raw.execute(sql, prepare=False)

    def forget_waiting(self) -> None:
        """Drop what was not sent: its transaction is undone."""
        self._waiting.clear()
        self._renew = None
