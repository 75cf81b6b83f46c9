"""`posapp backup`, `verify` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from posapp.cli.progress import Bar
from posapp.cli.session import Session
from posapp.cli.signing import system_user
from posapp.domain.errors import RefusedError, StorageError, UsageError
from posapp.domain.people import Right
from posapp.domain.who import Who

if TYPE_CHECKING:
    from posapp.storage.backup import BackupReport
    from posapp.storage.restoring import Restored

_STEPS = {"copy": "Copying…", "compare": "Comparing every row…", "check": "Checking the file…"}


def run(session: Session) -> int:
    """Run the command."""
    from posapp.storage.dump_file import verify_backup

    if session.options.command == "backup" and not session.options.file:
        return _by_the_schedule(session)
    file = Path(session.options.file).expanduser().absolute()
    match session.options.command:
        case "backup":
            return _finish(session, _back_up(session, file), "Saved and verified")
        case "verify":
            return _finish(session, verify_backup(file), "Whole")
        case _:
            return _restored(session, _restore(session, file))


def _back_up(session: Session, file: Path) -> BackupReport:
    """Write a backup to a place that somebody named."""
    from posapp.storage.backup import backup_database
    from posapp.storage.server_backup import back_up_server

    session.ask_permission(Right.EXPORT)
    with Bar(_STEPS) as bar:
        if not session.store.dialect.shared:
            return backup_database(session.store.database, file, bar)
        if file.exists():
            raise RefusedError(
                "There is already a file of that name.", str(file), "Choose another name, or remove it first."
            )
        return back_up_server(session.store, file, bar)


def _restore(session: Session, file: Path) -> Restored:
    """Replace the present database, of whichever kind."""
    from posapp.storage.database import prepare_directory, utc_now
    from posapp.storage.restoring import restore_file

    prepare_directory(session.data_dir)
    who, server = _ask_for_restore(session), session.server
    if server is None:
        return restore_file(file, session.data_dir, utc_now(), who)
    from posapp.storage.restoring_server import restore_server

    with Bar(_STEPS) as bar:
        return restore_server(file, session.data_dir, server, utc_now(), who, bar)


def _restored(session: Session, done: Restored) -> int:
    data = {
        "file": str(done.file),
        "ok": True,
        "detail": done.detail,
        "people": done.people,
        "kept": str(done.kept) if done.kept else "",
    }
    lines = [f"Restored: {done.file} ({done.detail.rstrip('.')}).", done.people_words]
    lines += [f"What was there before is kept: {done.kept}."] if done.kept else []
    return session.out.finish(data, "\n".join(lines))


def _by_the_schedule(session: Session) -> int:
    """Make one more of those that the schedule makes."""
    from posapp.services.backups import back_up_now

    with Bar(_STEPS) as bar:
        made = back_up_now(session.store, session.config.backups, session.who, bar)
    if made.backup is None:
        raise StorageError("A backup is being made already.", remedy="Wait for it; it takes a minute.")
    file = str(made.backup.file)
    copied = f", and copied to {session.config.backups.folder}" if made.copied else ""
    data = {"file": file, "ok": True, "copied": made.copied, "detail": f"{made.backup.size} bytes."}
    return session.out.finish(data, f"Saved and verified: {file}{copied}.", made.trouble)


def _ask_for_restore(session: Session) -> Who:
    """Let a manager restore; anybody may when what is replaced cannot say who that is."""
    from posapp.storage.database import DATABASE_NAME

    station = session.config.station
    nobody = Who(system_user() or station, station)
    if session.server is None and not (session.data_dir / DATABASE_NAME).exists():
        return nobody
    try:
        if not _has_staff(session):
            return nobody
        session.ask_permission(Right.RESTORE)
        return Who(session.who.actor, session.who.station)
    finally:
        session.close()  # nobody may have it open while it is replaced


def _has_staff(session: Session) -> bool:
    """Tell whether the database that is there can name anybody; a missing PIN is no reason to let pass."""
    from posapp.storage.people import has_staff

    try:
        return has_staff(session.store)
    except (StorageError, UsageError):
        return False


def _finish(session: Session, report: BackupReport, done: str) -> int:
    data = {"file": str(report.file), "ok": report.ok, "detail": report.detail}
    if report.ok:
        return session.out.finish(data, f"{done}: {report.file} ({report.detail.rstrip('.')}).")
    problem = RefusedError("This is not a whole backup.", f"{report.file}: {report.detail}")
    return session.out.finish(data, "", problem)
