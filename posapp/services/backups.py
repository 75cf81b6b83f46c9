"""Backups and trials of them that a person asks for, and how backups stand."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from posapp.domain.backups import BackupPlan
from posapp.domain.errors import PosError, StorageError
from posapp.domain.people import Right
from posapp.domain.who import Who
from posapp.services.permits import vouch
from posapp.storage.backup import Observer
from posapp.storage.backup_rota import (
    KeptBackup,
    Made,
    check_room,
    first_folder,
    keep_up,
    newest_in,
    second_folder,
    stamp_of,
)
from posapp.storage.drill import DrillReport, drill
from posapp.storage.dump_file import verify_backup
from posapp.storage.server_backup import LastMade, last_made
from posapp.storage.store import Store

_BEGAN = "SELECT min(applied) FROM schema_migration"
_BETWEEN_LOOKS = timedelta(hours=2)  # the second folder may lag behind by that


@dataclass(frozen=True, slots=True)
class Standing:
    """How backups stand: the newest in both folders, and what is wrong ("" when nothing is)."""

    plan: BackupPlan
    folder: Path
    first: KeptBackup | None
    second_folder: Path | None
    second: KeptBackup | None
    overdue: bool
    second_trouble: str
    elsewhere: LastMade | None = None  # on a server: the newest, where another station made it

    @property
    def newest_at(self) -> datetime | None:
        """Return when the newest was made, here or at another station; None before the first."""
        made = [
            each for each in (self.first and self.first.made_at, self.elsewhere and self.elsewhere.at) if each
        ]
        return max(made, default=None)

    @property
    def fine(self) -> bool:
        """Tell whether nobody has to do anything."""
        return not self.overdue and not self.second_trouble


def standing(store: Store, plan: BackupPlan) -> Standing:
    """Look at both folders."""
    now, stamp = store.clock(), stamp_of(store)
    folder, second = first_folder(store.data_dir), second_folder(plan)
    first = newest_in(folder, stamp, now)
    copied = newest_in(second, stamp, now) if second is not None else None
    last = last_made(store) if store.dialect.shared else None
    elsewhere = last if last is not None and last.station != plan.station else None
    since = max((each for each in (first and first.made_at, last and last.at) if each), default=_began(store))
    # What another station made is in its own second folder.
    ours = elsewhere is None or (first is not None and first.made_at >= elsewhere.at)
    overdue = plan.hours > 0 and since is not None and now - since > 2 * timedelta(hours=plan.hours)
    trouble = _second_trouble(second, first, copied, now) if second is not None and ours else ""
    return Standing(plan, folder, first, second, copied, overdue, trouble, elsewhere)


def _began(store: Store) -> datetime | None:
    """Return when the database was made: a new one owes nobody a backup yet."""
    if store.dialect.shared:
        began: datetime | None = store.all("SELECT min(applied) FROM posapp_schema")[0][0]
        return began
    row = store.one(_BEGAN)
    if row is None or not row[0]:
        return None
    return datetime.fromisoformat(str(row[0])).astimezone()  # the library writes this computer's time


def _second_trouble(folder: Path, first: KeptBackup | None, copied: KeptBackup | None, now: datetime) -> str:
    if not folder.is_dir():
        return "It is not there."
    if not os.access(folder, os.W_OK | os.X_OK):
        return "It cannot be written."
    if first is None or (copied is not None and copied.made_at >= first.made_at):
        return ""
    try:
        check_room(folder, first.size)
    except StorageError as error:
        return error.detail
    except OSError as error:
        return f"It cannot be read: {error.strerror}."
    return "The newest backup is not there." if now - first.made_at > _BETWEEN_LOOKS else ""


def back_up_now(store: Store, plan: BackupPlan, who: Who, observer: Observer | None = None) -> Made:
    """Make a backup now, as the schedule does; slow. Raises StorageError, or BackupStoppedError."""
    vouch(store, who, Right.EXPORT)
    return keep_up(store, plan, now=True, observer=observer)


def newest_backup(store: Store, plan: BackupPlan) -> Path:
    """Return the newest backup of the schedule, from the second folder when the first has none."""
    now, stamp = store.clock(), stamp_of(store)
    for folder in (first_folder(store.data_dir), second_folder(plan)):
        found = newest_in(folder, stamp, now) if folder is not None else None
        if found is not None:
            return found.file
    made = last_made(store) if store.dialect.shared else None
    if made is not None:
        raise StorageError(
            f"The newest backup is at the station {made.station}.",
            f"It lies there as {made.file}.",
            "Try it there, or bring the file here and name it: posapp drill FILE.",
        )
    raise StorageError(
        "There is no backup yet.", remedy="Make one: posapp backup, or Settings → Backup → Back up now."
    )


def check_trial(store: Store, who: Who) -> None:
    """Let somebody try a backup out; an approval is used up. Raises NotPermittedError."""
    vouch(store, who, Right.RESTORE)


def try_restore(
    store: Store, plan: BackupPlan, who: Who, file: Path | None = None, observer: Observer | None = None
) -> DrillReport:
    """Try a backup out, the newest unless one is named; slow. Nothing of the present database changes."""
    check_trial(store, who)
    return drill(file or newest_backup(store, plan), store.data_dir, store, observer)


def not_good(report: DrillReport) -> PosError:
    """Return what is wrong with a backup that was tried."""
    return StorageError(
        "This backup is not good.",
        " ".join(report.problems[:5]),
        "Make a new one and try that; keep this one.",
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding for the doctor."""

    ok: bool
    detail: str
    remedy: str = ""


def judge_backups(store: Store, plan: BackupPlan) -> Judged:
    """Tell how old the newest good backup is; reads it whole."""
    found = standing(store, plan)
    made = found.elsewhere
    if made is not None and (found.first is None or made.at > found.first.made_at):
        detail = (
            f"The newest is {_age(store.clock() - made.at)} old, at the station {made.station}: {made.file}."
        )
    elif found.first is None:
        detail = "None was made by the schedule yet." if plan.hours else "The schedule is switched off."
    else:
        checked = verify_backup(found.first.file)
        if not checked.ok:
            detail = f"{found.first.file.name} is damaged: {checked.detail}"
            return Judged(ok=False, detail=detail, remedy="Make a new one: posapp backup. Check the disk.")
        detail = f"The newest is {_age(store.clock() - found.first.made_at)} old: {found.first.file}."
    if found.overdue:
        remedy = "Keep the window or posapp sync --watch running, or make one: posapp backup."
        return Judged(ok=False, detail=detail, remedy=remedy)
    return Judged(ok=True, detail=detail)


def judge_second(store: Store, plan: BackupPlan) -> Judged:
    """Tell whether the second folder has what it should."""
    found = standing(store, plan)
    if found.second_folder is None:
        return Judged(ok=True, detail="None is set; a second drive survives this one (Settings, Backup).")
    if found.second_trouble:
        remedy = "Connect the drive or mend its rights, then: posapp backup. Or choose another folder."
        return Judged(ok=False, detail=f"{found.second_folder}: {found.second_trouble}", remedy=remedy)
    if found.second is None:
        return Judged(ok=True, detail=f"{found.second_folder}: nothing was copied there yet.")
    return Judged(ok=True, detail=f"The newest is {_age(store.clock() - found.second.made_at)} old.")


def _age(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return "less than an hour"
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"
