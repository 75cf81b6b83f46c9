"""Restoring a backup: opened and upgraded in a scratch place, joined with the people of today, put in place.

Orders and money are those of the backup. People are not: who was dismissed since stays dismissed, and a PIN
or a role that was changed since stays as it is (docs/decisions/0009).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from posapp.domain.errors import RefusedError, StorageError
from posapp.domain.who import Who
from posapp.storage import dialect_sqlite
from posapp.storage.backup import DATABASE_NAME, BackupReport, flush, fold_in, held_alone
from posapp.storage.backup_rota import check_room
from posapp.storage.database import open_file
from posapp.storage.dump_file import to_sqlite, verify_backup
from posapp.storage.fields import to_us
from posapp.storage.moving_sqlite import forget_marks
from posapp.storage.server_tools import is_dump
from posapp.storage.transfer import Ask

SCRATCH = "restore"
_PERSON = "id, name, role, colour, pin_hash, version, created_at, removed_at"
_FAILURES = "scope, failures, last_at, wait_until"
_EVENT = (
    "INSERT INTO events(order_pk, at, kind, actor, station, params) VALUES (NULL, ?, 'restored', ?, ?, ?)"
)

_FAILED: tuple[type[Exception], ...] = (OSError, ValueError, *dialect_sqlite.DRIVER_ERRORS)
_NOBODY = Who("", "")


@dataclass(frozen=True, slots=True)
class Present:
    """What of the present database outlives a restore."""

    installation: str
    people: tuple[tuple[Any, ...], ...]
    failures: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore came to; `people` counts those who are as they were before it, not as in the backup.

    `people` is None when there was nobody to ask: no present database, a damaged one, or another shop's.
    """

    file: Path
    detail: str
    people: int | None
    kept: Path | None  # the database that was replaced

    @property
    def people_words(self) -> str:
        """Return what became of people and PINs."""
        if self.people is None:
            return "People and PINs are those of the backup: look at them (Settings, People)."
        if not self.people:
            return "People and PINs are as they were."
        noun = "1 person" if self.people == 1 else f"{self.people} people"
        return f"Orders and money are those of the backup; {noun} stayed as they were before it, PINs too."


def present_of(ask: Ask) -> Present:
    """Read who works here."""
    [(installation,)] = ask("SELECT value FROM meta WHERE key = 'installation'", ())
    people = ask(f"SELECT {_PERSON} FROM staff ORDER BY pk", ())  # noqa: S608 - our own columns
    failures = ask(f"SELECT {_FAILURES} FROM pin_failures", ())  # noqa: S608
    return Present(str(installation), tuple(people), tuple(failures))


@contextlib.contextmanager
def prepared(source: Path, data_dir: Path) -> Iterator[tuple[Path, BackupReport]]:
    """Yield a scratch copy of a backup of either kind, opened and upgraded as a start does.

    Raises RefusedError when the backup is not whole, StorageError when there is no room.
    """
    report = verify_backup(source)
    if not report.ok:
        raise RefusedError("This backup cannot be restored.", report.detail, "Nothing was changed.")
    scratch = data_dir / SCRATCH
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    try:
        check_room(scratch, (10 if is_dump(source) else 2) * source.stat().st_size)
        path = scratch / DATABASE_NAME
        if is_dump(source):
            to_sqlite(source, path)
        else:
            _copy_file(source, path)
            forget_marks(path)
        dialect = open_file(scratch)
        dialect.close_thread()
        yield path, report
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _copy_file(source: Path, path: Path) -> None:
    handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    with source.open("rb") as reader, os.fdopen(handle, "wb") as out:
        shutil.copyfileobj(reader, out)


def join_people(path: Path, present: Present | None, source: Path, who: Who, now: datetime) -> int | None:
    """Let the people of today stay as they are, end all sign-ins, and write the restore down."""
    database = dialect_sqlite.make_database(path)
    database.connect()
    try:
        with database.atomic("IMMEDIATE"):
            kept = _join(database.execute_sql, present)
            database.execute_sql("UPDATE sign_ins SET ended_at = ? WHERE ended_at IS NULL", (to_us(now),))
            params = json.dumps({"file": source.name, "kept": str(kept or 0)}, ensure_ascii=False)
            database.execute_sql(_EVENT, (to_us(now), who.actor, who.station, params))
    finally:
        database.close()
    return kept


def _join(run: Any, present: Present | None) -> int | None:
    [(installation,)] = run("SELECT value FROM meta WHERE key = 'installation'").fetchall()
    if present is None or present.installation != str(installation):
        return None
    kept = sum(_keep(run, person) for person in present.people)
    run("DELETE FROM pin_failures")
    for row in present.failures:
        run(f"INSERT INTO pin_failures({_FAILURES}) VALUES (?, ?, ?, ?)", row)  # noqa: S608 - our own columns
    return kept


def _keep(run: Any, person: tuple[Any, ...]) -> bool:
    """Bring one person of today into the backup; tell whether anything of them differed."""
    found = run(f"SELECT {_PERSON} FROM staff WHERE id = ?", (person[0],)).fetchone()  # noqa: S608
    if found is None:
        run(f"INSERT INTO staff({_PERSON}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", person)  # noqa: S608
        return True
    newer = person if person[5] >= found[5] else found
    removed = person[7] if person[7] is not None else found[7]
    wanted = (*newer[:7], removed)
    if wanted == found:
        return False
    run(
        "UPDATE staff SET name = ?, role = ?, colour = ?, pin_hash = ?, version = ?, created_at = ?, "
        "removed_at = ? WHERE id = ?",
        (*wanted[1:], wanted[0]),
    )
    return True


# ------------------------------------------------------------------------------------------------ a file


def restore_file(source: Path, data_dir: Path, now: datetime, who: Who = _NOBODY) -> Restored:
    """Replace the database of a data directory by a verified backup; the present one is kept in backups/.

    Raises StorageError when a posapp is using the data directory, RefusedError when the backup is not whole.
    """
    report = verify_backup(source)
    if not report.ok:
        raise RefusedError("This backup cannot be restored.", report.detail, "Nothing was changed.")
    try:
        with held_alone(data_dir):
            present = _present_of_file(data_dir / DATABASE_NAME)
            with prepared(source, data_dir) as (path, _):
                people = join_people(path, present, source, who, now)
                kept = _replace(path, data_dir, now)
    except _FAILED as error:
        raise StorageError(
            "The backup could not be restored.", f"{error}.", "The present database was kept."
        ) from error
    return Restored(source, report.detail, people, kept)


def _present_of_file(path: Path) -> Present | None:
    """Return the people of a file, None when it cannot tell."""
    if not path.exists():
        return None
    database = dialect_sqlite.make_database(path)
    try:
        database.connect()
        return present_of(lambda sql, params: database.execute_sql(sql, params).fetchall())
    except _FAILED:
        return None
    finally:
        database.close()


def _replace(fresh: Path, data_dir: Path, now: datetime) -> Path | None:
    present, kept = data_dir / DATABASE_NAME, None
    fold_in(fresh)
    flush(fresh)
    if present.exists():
        fold_in(present)
        kept = data_dir / "backups" / f"before-restore-{now:%Y%m%d-%H%M%S}.db"
        # The side files hold committed work: they stay with the database that they belong to.
        for suffix in ("-wal", "-shm"):
            side = present.with_name(present.name + suffix)
            if side.exists():
                side.rename(kept.with_name(kept.name + suffix))
        flush(data_dir)
        _name_twice(present, kept)
    # In one step: whenever it ends, one of the two is there, and never none.
    fresh.replace(present)
    flush(data_dir)
    return kept


def _name_twice(present: Path, kept: Path) -> None:
    """Give the present database a second name, or move it where a disk has no such thing."""
    try:
        os.link(present, kept)
        flush(kept.parent)
    except OSError:
        present.rename(kept)
