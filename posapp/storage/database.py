"""Opening the database: directories and rights, version checks, migrations with a backup before each."""

from __future__ import annotations

import logging
import os
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from peewee import SqliteDatabase

from posapp.domain.errors import StorageError
from posapp.storage import dialect_sqlite, models
from posapp.storage.directory import prepare_directory
from posapp.storage.feed import Feed
from posapp.storage.locks import upkeep_lock
from posapp.storage.marks import refuse_marked
from posapp.storage.server import Server
from posapp.storage.store import Clock, NewId, Store
from posapp.storage.tally import CommitTally

if TYPE_CHECKING:
    from posapp.storage.dialect_postgres import PostgresDialect

__all__ = ["open_store", "prepare_directory", "random_id", "utc_now"]

log = logging.getLogger(__name__)

DATABASE_NAME = "posapp.db"
TALLY_NAME = "commits"
FIRST_CODE = 1001
_FIRST_FACT = "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT(key) DO NOTHING"


def utc_now() -> datetime:
    """Return the real time."""
    return datetime.now(UTC)


def random_id() -> str:
    """Return a new random UUID."""
    return str(uuid.uuid4())


def open_store(
    data_dir: Path,
    *,
    server: Server | None = None,
    clock: Clock = utc_now,
    new_id: NewId = random_id,
    feed: Feed | None = None,
) -> Store:
    """Open (or make) the database of a data directory, migrated to this program's schema.

    With a `server` the data are there, and the directory holds what is this station's own. Raises
    StorageError for everything that makes it unusable: read-only, full, damaged, newer, in use, away.
    """
    if server is not None:
        return _open_shared(server, data_dir, clock, new_id, feed)
    dialect = open_file(data_dir)
    models.DB.initialize(dialect.database)
    return Store(dialect, data_dir, clock, new_id, feed)


def _open_shared(server: Server, data_dir: Path, clock: Clock, new_id: NewId, feed: Feed | None) -> Store:
    # Imported here, as the driver below: a station alone needs none of it.
    from posapp.storage.kept import KeptJournal

    prepare_directory(data_dir)
    dialect = _open_server(server, data_dir)
    models.DB.initialize(dialect.database)
    store = Store(dialect, data_dir, clock, new_id, feed)
    store.presence = dialect.presence
    store.kept = KeptJournal(data_dir, dialect.presence.tell)
    return store


def open_file(data_dir: Path) -> dialect_sqlite.SqliteDialect:
    """Open (or make) the SQLite database of a directory as every start does, without the models."""
    version = dialect_sqlite.sqlite_version()
    if version < dialect_sqlite.MINIMUM_VERSION:
        raise StorageError(
            f"SQLite {'.'.join(map(str, version))} is too old.",
            "Versions before 3.51.3 can damage a database that two programs use.",
            "Install posapp's requirements again: they bring a newer one.",
        )
    prepare_directory(data_dir)
    path = data_dir / DATABASE_NAME
    try:
        # Made here, so that it and the files that SQLite puts beside it are the owner's only.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        tally = CommitTally(data_dir / TALLY_NAME)
    except OSError as error:
        raise StorageError(
            "The database cannot be written.", f"{path}: {error.strerror}.", "Mend the rights or the disk."
        ) from error
    database = dialect_sqlite.make_database(path)
    try:
        # Before the connection that would turn the file's journal to ours.
        if dialect_sqlite.is_foreign(path):
            raise StorageError(
                "This database is not posapp's.",
                f"{path} holds the tables of another program. Nothing was changed.",
                "Move that file away, or choose another place with --data-dir.",
            )
        dialect_sqlite.begin_file(path)
        database.connect()
        if dialect_sqlite.schema_version(database):
            refuse_marked(database.execute_sql)
        _bring_up_to_date(database, data_dir)
    except dialect_sqlite.DRIVER_ERRORS as error:
        database.close()
        raise dialect_sqlite.storage_error(error) from error
    except BaseException:
        database.close()
        raise
    return dialect_sqlite.SqliteDialect(database, tally)


def _open_server(server: Server, data_dir: Path) -> PostgresDialect:
    # Imported here: without a server nobody pays for its driver.
    from posapp.storage.dialect_postgres import FAILURES, PostgresDialect
    from posapp.storage.postgres_errors import server_error
    from posapp.storage.postgres_schema import bring_up_to_date

    dialect = PostgresDialect(server)

    def back_up() -> None:
        from posapp.storage.server_backup import before_upgrade

        before_upgrade(Store(dialect, data_dir, utc_now, random_id), utc_now())

    try:
        if dialect.schema_version():
            refuse_marked(dialect.read)
        bring_up_to_date(dialect, first_facts(), back_up)
    except FAILURES as error:
        dialect.close_thread()
        raise server_error(error) from error
    except BaseException:
        dialect.close_thread()
        raise
    return dialect


def first_facts() -> dict[str, str]:
    """Return what a new database knows about itself."""
    return {"installation": random_id(), "next_code": str(FIRST_CODE)}


def _bring_up_to_date(database: SqliteDatabase, data_dir: Path) -> None:
    found = dialect_sqlite.schema_version(database)
    if found == dialect_sqlite.SCHEMA_VERSION:
        return
    if found > dialect_sqlite.SCHEMA_VERSION:
        raise StorageError(
            "This database was made by a newer posapp.",
            f"Its schema is number {found}; this program knows {dialect_sqlite.SCHEMA_VERSION}.",
            "Install the newer posapp again. Nothing was changed.",
        )
    lock = upkeep_lock(data_dir)
    if not lock.acquire(wait_s=30):
        raise StorageError(
            "The database is being upgraded by another posapp.", remedy="Try again in a minute."
        )
    try:
        if dialect_sqlite.schema_version(database) < dialect_sqlite.SCHEMA_VERSION:
            _migrate(database, data_dir)
    finally:
        lock.release()


def _migrate(database: SqliteDatabase, data_dir: Path) -> None:
    # Imported here: a start with an up-to-date file does not pay for them.
    from playhouse.migrations import Runner

    from posapp.storage.backup import backup_database

    runner = Runner(database, directory=str(dialect_sqlite.MIGRATIONS), table_name=dialect_sqlite.NOTES_TABLE)
    has_data = database.table_exists("orders")
    for migration in runner.status():
        if migration.applied is not None or migration.path is None:
            continue
        if has_data:
            stamp = utc_now().strftime("%Y%m%d-%H%M%S-%f")  # a second start may follow at once
            backup_database(database, data_dir / "backups" / f"before-{migration.name}-{stamp}.db")
            has_data = False  # one, before the first step, is what a person goes back to
        log.info("Migrating the database: %s", migration.name)
        runner.up(migration.name)
    with database.atomic("IMMEDIATE"):
        for key, value in first_facts().items():
            database.execute_sql(_FIRST_FACT, (key, value))
        dialect_sqlite.set_schema_version(database, dialect_sqlite.SCHEMA_VERSION)
