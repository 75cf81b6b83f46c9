"""Backups that are made by themselves: due, verified, copied to a second folder, the oldest removed."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from posapp.domain.backups import BackupPlan, file_name, is_due, made_at, newest, shop_stamp, surplus
from posapp.domain.errors import PosError, StorageError
from posapp.storage.backup import Observer, backup_database, look, put_in_place
from posapp.storage.database import DATABASE_NAME
from posapp.storage.dump_file import verify_backup
from posapp.storage.locks import backup_lock
from posapp.storage.server_backup import back_up_anyhow, due_here, ending, needed_room, note_made, turn
from posapp.storage.store import Store

log = logging.getLogger(__name__)

_SPARE_BYTES = 50_000_000  # left free beside a backup, for the day's work
_CHUNK = 4_000_000
_PART_ENDS = (".part", ".part-journal", ".part-wal", ".part-shm")


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """One backup in a folder; it was verified before it got its name."""

    file: Path
    made_at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Made:
    """What a look at the schedule came to; `trouble` is the second folder's."""

    backup: KeptBackup | None = None
    copied: bool = False
    trouble: PosError | None = None


def first_folder(data_dir: Path) -> Path:
    """Return where backups are made."""
    return data_dir / "backups"


def second_folder(plan: BackupPlan) -> Path | None:
    """Return where each is copied to, None for nowhere."""
    return Path(plan.folder).expanduser() if plan.folder.strip() else None


def stamp_of(store: Store) -> str:
    """Return what our own files have in their names."""
    return shop_stamp(store.meta("installation"))


def kept_in(folder: Path, stamp: str) -> list[KeptBackup]:
    """Return this shop's scheduled backups in a folder, the newest first; those of others are not ours."""
    found = []
    with contextlib.suppress(OSError):
        for entry in folder.iterdir():
            at = made_at(entry.name, stamp)
            if at is not None and entry.is_file():
                found.append(KeptBackup(entry, at, entry.stat().st_size))
    return sorted(found, key=lambda kept: kept.made_at, reverse=True)


def newest_in(folder: Path, stamp: str, now: datetime) -> KeptBackup | None:
    """Return the newest that the clock has reached."""
    kept = kept_in(folder, stamp)
    last = newest((one.made_at for one in kept), now)
    return next((one for one in kept if one.made_at == last), None)


def keep_up(store: Store, plan: BackupPlan, *, now: bool = False, observer: Observer | None = None) -> Made:
    """Make the backup that is due (or one `now`), and bring the newest to the second folder.

    One process at a time does it; the others have nothing to do then. What is wrong with the second folder is
    told in the answer and stops nothing. Raises StorageError when the first cannot be written.
    """
    lock = backup_lock(store.data_dir)
    if not lock.acquire():
        if now:
            raise StorageError("A backup is being made already.", remedy="Wait for it; it takes a minute.")
        return Made()
    try:
        if not store.dialect.shared:
            return _Rota(store, plan, observer).run(now=now)
        with turn(store) as mine:
            if mine:
                return _Rota(store, plan, observer).run(now=now)
        if now:
            raise StorageError(
                "A backup is being made at another station.", remedy="Wait for it; it takes a minute."
            )
        return Made()
    except OSError as error:
        raise StorageError(
            "The backup could not be made.",
            f"{error.filename or store.data_dir}: {error.strerror or error}.",
            "Check the disk and the rights of the folder.",
        ) from error
    finally:
        lock.release()


class _Rota:
    """One look, under the lock."""

    def __init__(self, store: Store, plan: BackupPlan, observer: Observer | None) -> None:
        self._store, self._plan, self._observer = store, plan, observer
        self._stamp = stamp_of(store)
        self._folder = first_folder(store.data_dir)
        self._time = store.clock()

    def run(self, *, now: bool) -> Made:
        _tidy(self._folder, self._stamp)
        kept = kept_in(self._folder, self._stamp)
        made = None
        if now or self._due(one.made_at for one in kept):
            made = self._make()
            self._rotate(self._folder, made.file)
        last = made or newest_in(self._folder, self._stamp, self._time)
        second = second_folder(self._plan)
        if second is None or last is None or (self._plan.hours <= 0 and not now):
            return Made(made)
        try:
            return Made(made, copied=self._bring(last, second))
        except PosError as error:
            return Made(made, trouble=error)

    def _due(self, times: Iterable[datetime]) -> bool:
        if self._store.dialect.shared:
            return due_here(self._store, self._plan)
        return is_due(times, self._time, self._plan)

    def _make(self) -> KeptBackup:
        if self._store.dialect.shared:
            return self._make_of_server()
        database = self._store.data_dir / DATABASE_NAME
        sides = (database, database.with_name(DATABASE_NAME + "-wal"))
        check_room(self._folder, sum(side.stat().st_size for side in sides if side.exists()))
        target = self._folder / file_name(self._stamp, self._time)
        if not target.exists():  # asked for twice within a second
            backup_database(self._store.database, target, self._observer)
            log.info("A backup was made: %s", target.name)
        return KeptBackup(target, self._time, target.stat().st_size)

    def _make_of_server(self) -> KeptBackup:
        check_room(self._folder, needed_room(self._store))
        target = self._folder / file_name(self._stamp, self._time, ending(self._store))
        if not target.exists():
            target = back_up_anyhow(self._store, target, self._observer)
            note_made(self._store, self._plan.station, target)
            log.info("A backup was made: %s", target.name)
        return KeptBackup(target, self._time, target.stat().st_size)

    def _bring(self, last: KeptBackup, folder: Path) -> bool:
        """Copy the newest backup to the second folder, unless it is there; tell whether it was copied."""
        if not folder.is_dir():
            raise StorageError(
                "The second folder for backups is not there.",
                f"{folder}.",
                "Connect the drive, or choose another folder in Settings → Backup.",
            )
        target = folder / last.file.name
        try:
            _tidy(folder, self._stamp)
            if target.exists() and target.stat().st_size == last.size:
                return False
            check_room(folder, last.size)
            self._copy(last, target)
            self._rotate(folder, target)
        except OSError as error:
            raise StorageError(
                "The backup could not be copied to the second folder.",
                f"{folder}: {error.strerror or error}.",
                "Check the drive and its rights. The backup on this PC is whole.",
            ) from error
        return True

    def _copy(self, last: KeptBackup, target: Path) -> None:
        part = target.with_name(target.name + ".part")
        try:
            handle = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            with last.file.open("rb") as reader, os.fdopen(handle, "wb") as out:
                done = 0
                while chunk := reader.read(_CHUNK):
                    look(self._observer)
                    out.write(chunk)
                    out.flush()
                    os.fsync(out.fileno())
                    done += len(chunk)
                    if self._observer is not None:
                        self._observer.tell("second", 100 * done // last.size)
            put_in_place(part, target, self._observer, verify_backup)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        log.info("The backup was copied to the second folder: %s", target.name)

    def _rotate(self, folder: Path, good: Path) -> None:
        """Remove the oldest beyond those that are kept; never `good`, which was verified just now."""
        kept = {one.made_at: one.file for one in kept_in(folder, self._stamp)}
        for at in surplus(kept, self._time, self._plan.keep):
            if kept[at] != good:
                kept[at].unlink(missing_ok=True)


def check_room(folder: Path, needed: int) -> None:
    """Raise StorageError unless there is room for so many bytes, with some left for the day's work."""
    free, needed = shutil.disk_usage(folder).free, needed + _SPARE_BYTES
    if free < needed:
        raise StorageError(
            "There is no room for a backup.",
            f"{folder}: {free // 1_000_000:,} MB are free, {needed // 1_000_000:,} MB needed.",
            "Free some space, or keep fewer backups. What was saved is safe.",
        )


def _tidy(folder: Path, stamp: str) -> None:
    """Remove what a killed program left half-written; only our own."""
    for entry in folder.iterdir():
        for end in _PART_ENDS:
            if entry.name.endswith(end) and made_at(entry.name.removesuffix(end), stamp) is not None:
                entry.unlink(missing_ok=True)
