"""Restoring a backup onto a server: all of it in one transaction, after a backup of what is there."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

from peewee import SqliteDatabase

from posapp.domain.errors import StorageError
from posapp.domain.who import Who
from posapp.storage import dialect_sqlite
from posapp.storage.backup import Observer
from posapp.storage.database import random_id, utc_now
from posapp.storage.dialect import Params
from posapp.storage.dialect_postgres import PostgresDialect
from posapp.storage.marks import POSTGRES_OPEN
from posapp.storage.moving_postgres import connected_alone
from posapp.storage.restoring import Restored, join_people, prepared, present_of
from posapp.storage.server import Server
from posapp.storage.server_backup import back_up_anyhow, ending
from posapp.storage.store import Store
from posapp.storage.transfer import Rows, check_version, compare, copy_rows, sum_rows
from posapp.storage.transfer_postgres import PostgresTarget


def restore_server(
    source: Path,
    data_dir: Path,
    server: Server,
    now: datetime,
    who: Who,
    observer: Observer | None = None,
) -> Restored:
    """Replace everything in a server's database by a verified backup; what was there is kept in backups/.

    Raises StorageError while stations use the database, RefusedError when the backup is not whole.
    """
    with prepared(source, data_dir) as (path, report), connected_alone(server) as dialect:
        check_version(dialect.schema_version(), server.url)
        store = Store(dialect, data_dir, utc_now, random_id)
        present = present_of(store.all)
        kept = _set_aside(store, data_dir, now, observer)
        people = join_people(path, present, source, who, now)
        try:
            with closing(_opened(path)) as database:
                _fill(dialect, database, observer)
        except dialect_sqlite.DRIVER_ERRORS as error:
            raise StorageError(
                "The backup could not be restored.", f"{error}.", "The present database was kept."
            ) from error
    return Restored(source, report.detail, people, kept)


def _set_aside(store: Store, data_dir: Path, now: datetime, observer: Observer | None) -> Path:
    name = f"before-restore-{now:%Y%m%d-%H%M%S}.{ending(store)}"
    return back_up_anyhow(store, data_dir / "backups" / name, observer)


def _opened(path: Path) -> SqliteDatabase:
    database = dialect_sqlite.make_database(path)
    database.connect()
    return database


def _fill(dialect: PostgresDialect, database: SqliteDatabase, observer: Observer | None) -> None:
    def ask(sql: str, params: Params) -> Rows:
        rows: Rows = database.execute_sql(sql, params).fetchall()
        return rows

    target = PostgresTarget(dialect)
    try:
        target.empty()
        compare(copy_rows(ask, target, observer), sum_rows(target.read, observer))
        dialect.read(POSTGRES_OPEN)
        target.commit()
    except BaseException:
        target.roll_back()
        raise
