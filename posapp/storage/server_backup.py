"""Backups of a database on a server: by pg_dump where it is installed and fits, else by a copy of our own."""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from posapp.domain.backups import BackupPlan
from posapp.domain.errors import StorageError
from posapp.storage.backup import BackupReport, Observer, put_in_place
from posapp.storage.dialect import Params
from posapp.storage.dump_file import verify_backup
from posapp.storage.fields import from_us, to_us
from posapp.storage.server_tools import Tools, dump, tools_for
from posapp.storage.store import Store
from posapp.storage.transfer import Rows, compare, copy_rows, sum_rows
from posapp.storage.transfer_sqlite import SqliteTarget, remove_file

log = logging.getLogger(__name__)

_TURN = 7_305_801_204  # the advisory lock of whoever makes a backup
_NOTE = "backup_made"
_PUT = "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value"
# Whoever made the last one makes the next; the others step in when it does not.
_GRACE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class LastMade:
    """The newest backup of the shop: when, at which station and where it lies there."""

    at: datetime
    station: str
    file: str


@contextlib.contextmanager
def turn(store: Store) -> Iterator[bool]:
    """Take the turn among all stations of the server; tell whether it is ours."""
    [(mine,)] = store.all(f"SELECT pg_try_advisory_lock({_TURN})")
    try:
        yield bool(mine)
    finally:
        if mine:
            with contextlib.suppress(StorageError):
                store.all(f"SELECT pg_advisory_unlock({_TURN})")


def last_made(store: Store) -> LastMade | None:
    """Return the newest backup of the shop, None before the first."""
    text = store.meta(_NOTE)
    if not text:
        return None
    found = json.loads(text)
    return LastMade(from_us(found["at"]), str(found["station"]), str(found["file"]))


def note_made(store: Store, station: str, file: Path) -> None:
    """Tell all stations that a backup was made here."""
    made = {**asdict(LastMade(store.clock(), station, str(file))), "at": to_us(store.clock())}
    with store.write() as tx:
        tx.execute(_PUT, (_NOTE, json.dumps(made, ensure_ascii=False)))


def due_here(store: Store, plan: BackupPlan) -> bool:
    """Tell whether it is this station's time to make the next one."""
    if plan.hours <= 0:
        return False
    last = last_made(store)
    if last is None:
        return True
    every = timedelta(hours=plan.hours) + (timedelta() if last.station == plan.station else _GRACE)
    return store.clock() - last.at >= every


def needed_room(store: Store) -> int:
    """Return how many bytes a backup may take."""
    return int(store.all("SELECT pg_database_size(current_database())")[0][0])


def ending(store: Store) -> str:
    """Return how the name of a backup ends."""
    return "dump" if _tools(store) is not None else "db"


def _tools(store: Store) -> Tools | None:
    dialect: Any = store.dialect
    return tools_for(dialect.session().raw.info.server_version // 10_000)


def back_up_server(store: Store, target: Path, observer: Observer | None = None) -> BackupReport:
    """Write a verified copy of all data to `target`; it appears there only when it is whole.

    The ending of the name tells its kind. Raises StorageError, or BackupStoppedError.
    """
    part = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    remove_file(part)
    try:
        if target.suffix == ".dump":
            _dump(store, part, observer)
        else:
            _copy(store, part, observer)
        return put_in_place(part, target, observer, verify_backup)
    finally:
        remove_file(part)


def _dump(store: Store, part: Path, observer: Observer | None) -> None:
    found, dialect = _tools(store), store.dialect
    if found is None:
        raise StorageError("pg_dump is not installed here.", remedy="Name a file that ends in .db.")
    [(schema,)] = store.all("SELECT current_schema()")
    os.close(os.open(part, os.O_CREAT | os.O_RDWR | os.O_EXCL, 0o600))
    if observer is not None:
        observer.tell("copy", 0)
    server: Any = dialect
    dump(found, server.server.parameters(), str(schema), part, observer)


def _copy(store: Store, part: Path, observer: Observer | None) -> None:
    """Copy every row of one moment into a file of SQLite of the same schema."""

    def ask(sql: str, params: Params) -> Rows:
        return store.all(sql, params)

    target = SqliteTarget(part, store.dialect.schema_version())
    wanted = target.parts()
    try:
        with store.snapshot():
            store.all("SELECT set_config('idle_in_transaction_session_timeout', '0', true)")
            for each in wanted:
                target.clear(each)
            sums = copy_rows(ask, target, observer, wanted)
        compare(sums, sum_rows(target.read, observer, wanted))
    finally:
        target.close()


def before_upgrade(store: Store, now: datetime) -> Path:
    """Write a verified backup of a database of an older schema, before it is upgraded; return the file."""
    name = f"before-{store.dialect.schema_version() + 1:04d}-{now:%Y%m%d-%H%M%S-%f}.{ending(store)}"
    return back_up_anyhow(store, store.data_dir / "backups" / name)


def back_up_anyhow(store: Store, target: Path, observer: Observer | None = None) -> Path:
    """Write a backup by pg_dump or, when that fails, by a copy of our own; return the file."""
    if target.suffix == ".dump":
        try:
            back_up_server(store, target, observer)
        except StorageError as error:
            log.info("pg_dump failed, a copy of our own is made: %s", error)
            target = target.with_suffix(".db")
        else:
            return target
    back_up_server(store, target, observer)
    return target
