"""What can go wrong in a command, as an exit code and sentences."""

from __future__ import annotations

import errno
import logging
import sys
from pathlib import Path

from posapp.domain.errors import PosError, StorageError

log = logging.getLogger(__name__)

INTERRUPTED = 130  # what shells expect after Ctrl+C
_UNUSABLE = frozenset(
    {
        errno.EACCES,
        errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC,
        errno.EIO,
        errno.ENOSPC,
        errno.EPERM,
        errno.EROFS,
    }
)


class WaitingError(PosError):
    """Work is left waiting: a remote could not be reached, or the time was up (exit code 4)."""

    exit_code = 4


class BugError(PosError):
    """A mistake of posapp itself (exit code 1)."""

    exit_code = 1


def known_error(error: Exception) -> PosError | None:
    """Return the sentences for an error that is no bug, None for one that is."""
    if isinstance(error, PosError):
        return error
    if _is_database_error(error):
        from posapp.storage.dialect_sqlite import storage_error

        return storage_error(error)
    if isinstance(error, OSError) and error.errno in _UNUSABLE:
        place = f"{error.filename}: " if error.filename else ""
        return StorageError(
            "A file cannot be read or written.",
            f"{place}{error.strerror}.",
            "Check the disk and the rights of the data directory.",
        )
    return None


def _is_database_error(error: Exception) -> bool:
    # Nothing that did not load the driver can raise its errors.
    peewee = sys.modules.get("peewee")
    return peewee is not None and isinstance(error, peewee.PeeweeException | peewee.sqlite3.Error)


def bug(error: Exception, data_dir: Path | None) -> BugError:
    """Write the trace of a mistake into the log, and there only, and return the sentences about it."""
    detail = "Nothing that was saved is lost."
    if data_dir is not None:
        try:
            where = _write_trace(error, data_dir)
        except Exception:  # noqa: BLE001 - the log must never hide what happened
            where = None
        if where is not None:
            detail += f" What happened is in {where}."
    return BugError(
        f"posapp made a mistake ({type(error).__name__}).",
        detail,
        "Please send that file to whoever looks after posapp.",
    )


def _write_trace(error: Exception, data_dir: Path) -> Path | None:
    from posapp.log import FILE_NAME, quiet_terminal, setup_logging

    setup_logging(data_dir)
    quiet_terminal()  # and leave the handlers of others alone
    log.error("A command failed", exc_info=error)
    path = data_dir / "logs" / FILE_NAME
    return path if path.exists() else None
