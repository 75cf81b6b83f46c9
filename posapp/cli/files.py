"""`posapp backup`, `verify` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from posapp.cli.session import Session
from posapp.domain.errors import RefusedError, StorageError, UsageError
from posapp.domain.people import Right

if TYPE_CHECKING:
    from posapp.storage.backup import BackupReport


def run(session: Session) -> int:
    """Run the command."""
    from posapp.storage.backup import backup_database, restore_file, verify_file

    if session.server is not None and session.options.command != "verify":
        raise RefusedError(
            "The data are on a database server.",
            "This command copies and restores posapp.db, the file of a station without a server.",
            "Use the server's own pg_dump and pg_restore; docs/operations.md has the commands.",
        )
    if session.options.command == "backup" and not session.options.file:
        return _by_the_schedule(session)
    file = Path(session.options.file).expanduser().absolute()
    match session.options.command:
        case "backup":
            session.ask_permission(Right.EXPORT)
            return _finish(session, backup_database(session.store.database, file), "Saved and verified")
        case "verify":
            return _finish(session, verify_file(file), "Whole")
        case _:
            from posapp.storage.database import prepare_directory, utc_now

            prepare_directory(session.data_dir)
            _ask_for_restore(session)
            return _finish(session, restore_file(file, session.data_dir, utc_now()), "Restored")


def _by_the_schedule(session: Session) -> int:
    """Make one more of those that the schedule makes."""
    from posapp.services.backups import back_up_now

    made = back_up_now(session.store, session.config.backups, session.who)
    if made.backup is None:
        raise StorageError(
            "The data are on a server.", remedy="Its own backups keep them; ask whoever looks after it."
        )
    file = str(made.backup.file)
    copied = f", and copied to {session.config.backups.folder}" if made.copied else ""
    data = {"file": file, "ok": True, "copied": made.copied, "detail": f"{made.backup.size} bytes."}
    return session.out.finish(data, f"Saved and verified: {file}{copied}.", made.trouble)


def _ask_for_restore(session: Session) -> None:
    """Let a manager restore; anybody may when what is replaced cannot say who that is."""
    from posapp.storage.database import DATABASE_NAME

    if not (session.data_dir / DATABASE_NAME).exists():
        return
    try:
        if _has_staff(session):
            session.ask_permission(Right.RESTORE)
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
