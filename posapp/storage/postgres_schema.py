"""Brings a database on a server up to this program's schema: all of it, or nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from playhouse.migrations import Migration

from posapp.domain.errors import StorageError
from posapp.storage import dialect_sqlite
from posapp.storage.dialect_postgres import MARKS, MINIMUM_VERSION, WRITER, PostgresDialect
from posapp.storage.postgres_sql import migrated

log = logging.getLogger(__name__)

_ICU = "und-x-icu"
# The row is locked until the commit: nobody takes the lease between the look and the commit.
_FENCE = (
    "CREATE FUNCTION posapp_fence(mine bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
    "PERFORM 1 FROM posapp_sender WHERE token = mine FOR SHARE; IF NOT FOUND THEN "
    "RAISE EXCEPTION USING ERRCODE = 'PS001', MESSAGE = 'the lease of the sender has gone to another'; "
    "END IF; END $$"
)
_FIRST = (
    "CREATE TABLE posapp_schema (number BIGINT PRIMARY KEY, name TEXT, applied TIMESTAMPTZ DEFAULT now())",
    "CREATE TABLE posapp_commits (n BIGINT NOT NULL) WITH (fillfactor = 50)",
    "INSERT INTO posapp_commits VALUES (0)",
    "CREATE TABLE posapp_sender (holder TEXT NOT NULL, token BIGINT NOT NULL, beat TIMESTAMPTZ NOT NULL)",
    "INSERT INTO posapp_sender VALUES ('', 0, '-infinity')",
    _FENCE,
)
# Added since: made with the next migration, or alone.
_MARKS = (
    "CREATE TABLE posapp_marks (slot BIGINT PRIMARY KEY, mark TEXT NOT NULL) WITH (fillfactor = 50)",
    f"INSERT INTO posapp_marks SELECT slot, '' FROM generate_series(0, {MARKS - 1}) AS slots(slot)",  # noqa: S608 - our own
)
_MAY_ADD = (
    "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm' "
    "AND has_database_privilege(current_database(), 'CREATE')"
)
_TRIGRAMS = "CREATE INDEX IF NOT EXISTS order_texts_trigrams ON order_texts USING gin (texts gin_trgm_ops)"


class _Translating:
    """What a migration gets for a database: it writes SQLite's words, the server hears its own."""

    def __init__(self, dialect: PostgresDialect) -> None:
        self._session = dialect.session()

    def execute_sql(self, sql: str, params: tuple[object, ...] = ()) -> Any:
        cursor: Any = None
        for statement in migrated(sql):
            cursor = self._session.execute(statement, params)
        return cursor


def bring_up_to_date(
    dialect: PostgresDialect, facts: dict[str, str], back_up: Callable[[], object] = lambda: None
) -> None:
    """Run the migrations that are missing, one station at a time, and put the first facts into `meta`.

    Data of an older schema are backed up before, while nobody can write.
    """
    if dialect.session().raw.info.server_version < MINIMUM_VERSION:
        raise StorageError(
            "The database server is too old.",
            f"It is {dialect.version()}; posapp needs PostgreSQL 15 or newer.",
            "Upgrade the server, or ask whoever runs it.",
        )
    found = dialect.schema_version()
    if found == dialect_sqlite.SCHEMA_VERSION and _has_marks(dialect):
        return
    if found > dialect_sqlite.SCHEMA_VERSION:
        raise StorageError(
            "This database was made by a newer posapp.",
            f"Its schema is number {found}; this program knows {dialect_sqlite.SCHEMA_VERSION}.",
            "Install the newer posapp on this station too. Nothing was changed.",
        )
    if found == 0 and _holds_other_tables(dialect):
        raise StorageError(
            "This database is not posapp's.",
            "It holds the tables of another program. Nothing was changed.",
            "Give posapp a database of its own: posapp database init.",
        )
    session = dialect.session()
    session.plain(f"BEGIN; SET LOCAL lock_timeout = '60s'; SELECT pg_advisory_xact_lock({WRITER})")
    try:
        found = dialect.schema_version()
        if 0 < found < dialect_sqlite.SCHEMA_VERSION:
            session.plain("SET LOCAL idle_in_transaction_session_timeout = 0")
            back_up()
        _migrate(dialect, found, facts)
        session.plain("COMMIT")
    except BaseException:
        dialect.roll_back(session)
        raise


def _has_marks(dialect: PostgresDialect) -> bool:
    return dialect.read("SELECT to_regclass('posapp_marks')").fetchone()[0] is not None


def _holds_other_tables(dialect: PostgresDialect) -> bool:
    row = dialect.read("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() ").fetchone()
    return bool(row[0])


def _migrate(dialect: PostgresDialect, found: int, facts: dict[str, str]) -> None:
    session = dialect.session()
    if found == 0:
        for statement in (*_FIRST, _fold(dialect)):
            session.execute(statement)
    if not _has_marks(dialect):
        for statement in _MARKS:
            session.execute(statement)
    translating = _Translating(dialect)
    for migration in Migration.load_directory(str(dialect_sqlite.MIGRATIONS)):
        if migration.idx <= found:
            continue
        log.info("Migrating the database: %s", migration.name)
        migration.load().up(None, translating)
        session.execute(
            "INSERT INTO posapp_schema(number, name) VALUES (?, ?)", (migration.idx, migration.name)
        )
    index_texts(dialect)
    for key, value in facts.items():
        session.execute(
            "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT(key) DO NOTHING", (key, value)
        )


def _fold(dialect: PostgresDialect) -> str:
    """Return the function that folds letters for the search, by Unicode's rules where the server has them."""
    icu = dialect.read("SELECT 1 FROM pg_collation WHERE collname = ?", (_ICU,)).fetchone()
    collation = _ICU if icu else "default"
    return (
        "CREATE FUNCTION posapp_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS "
        f'$$ SELECT lower($1 COLLATE "{collation}") COLLATE "C" $$'
    )


def index_texts(dialect: PostgresDialect) -> None:
    """Make the search's index; on a server without trigrams a search reads all texts and finds the same."""
    session = dialect.session()
    if dialect.read("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'").fetchone() is None:
        if dialect.read(_MAY_ADD).fetchone() is None:
            log.info("The server has no pg_trgm: searches will be slower")
            return
        session.execute("CREATE EXTENSION pg_trgm")
    session.execute(_TRIGRAMS)
