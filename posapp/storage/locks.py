"""Locks between processes that die with their holder.

The operating system's own, without a library: the window needs its lock before its first paint, and importing
one took a tenth of the start (docs/decisions/0004).
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


RETRY_S = 0.05


class ProcessLock:
    """An operating-system lock on a file beside the database; the file itself stays and means nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def acquire(self, wait_s: float = 0) -> bool:
        """Take the lock, waiting up to `wait_s` seconds; tell whether it is ours now."""
        end = time.monotonic() + wait_s
        while not self._try():
            if time.monotonic() >= end:
                return False
            time.sleep(RETRY_S)
        return True

    def _try(self) -> bool:
        if self._handle is not None:
            return True
        # Python's handles are not inherited by child processes: the lock ends with this process.
        handle = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            _take(handle)
        except OSError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    @property
    def held(self) -> bool:
        """Tell whether this object holds the lock."""
        return self._handle is not None

    def release(self) -> None:
        """Give the lock back; nothing happens if it is not ours."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def window_lock(data_dir: Path) -> ProcessLock:
    """Return the lock of the one window that a data directory may have."""
    return ProcessLock(data_dir / "window.lock")


def sender_lock(data_dir: Path) -> ProcessLock:
    """Return the lock of the one process that may send."""
    return ProcessLock(data_dir / "sender.lock")


def upkeep_lock(data_dir: Path) -> ProcessLock:
    """Return the lock of migrations and restores."""
    return ProcessLock(data_dir / "upkeep.lock")


def backup_lock(data_dir: Path) -> ProcessLock:
    """Return the lock of the one who makes the backups of the schedule."""
    return ProcessLock(data_dir / "backup.lock")
