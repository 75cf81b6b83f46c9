"""Fills a database on a server, in one transaction: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Iterable

from posapp.storage.dialect import Params
from posapp.storage.dialect_postgres import PostgresDialect
from posapp.storage.postgres_schema import index_texts
from posapp.storage.transfer import Part, Rows, parts

_BEGIN = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = '10s'"
# What the trigger of postgres_sql.py makes for each order.
_TEXTS = (
    "INSERT INTO order_texts (pk, texts) SELECT pk, posapp_fold(code || chr(31) || customer_name || chr(31) "
    "|| phone_digits || chr(31) || address) FROM orders"
)
_TRIGGERS = (
    "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
    "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
)
_COUNT = "INSERT INTO order_counts(status, n) SELECT status, count(*) FROM orders GROUP BY status"


class PostgresTarget:
    """The tables of a server; what was in them goes, once the transaction is committed."""

    def __init__(self, dialect: PostgresDialect) -> None:
        """Begin the transaction."""
        self._dialect = dialect
        self._session = dialect.session()
        self._session.plain(_BEGIN)

    def empty(self) -> None:
        """Take everything out."""
        tables = ", ".join(f'"{part.table}"' for part in parts())
        self._session.plain(f"TRUNCATE {tables}, order_counts, order_texts")
        self._switch("DISABLE")  # what they write beside a row is copied, or made by `finish`
        self._session.plain("DROP INDEX IF EXISTS order_texts_trigrams")

    def fill(self, part: Part, batches: Iterable[Rows]) -> None:
        """Put all rows of a table in."""
        self._session.send_waiting()
        with (
            self._session.raw.cursor() as cursor,
            cursor.copy(f'COPY "{part.table}" ({part.names}) FROM STDIN') as copy,
        ):
            for rows in batches:
                for row in rows:
                    copy.write_row(row)

    def finish(self) -> None:
        """Make the counters and the search's texts."""
        self._session.plain(_COUNT)
        self._session.plain(_TEXTS)
        self._switch("ENABLE")
        index_texts(self._dialect)
        self._session.send_waiting()
        self._session.plain("ANALYZE")

    def _switch(self, verb: str) -> None:
        for (table,) in self.read(_TRIGGERS):
            self._session.plain(f"ALTER TABLE {table} {verb} TRIGGER USER")

    def read(self, sql: str, params: Params = ()) -> Rows:
        """Read back, inside the transaction."""
        rows: Rows = self._dialect.read(sql, params).fetchall()
        return rows

    def commit(self) -> None:
        """Bring all of it to the server's disk."""
        self._session.execute("UPDATE posapp_commits SET n = n + 1")
        self._session.execute("COMMIT")
        self._session.send_waiting()

    def roll_back(self) -> None:
        """Leave everything as it was."""
        self._dialect.roll_back(self._session)
