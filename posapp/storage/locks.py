"""Locks between processes that die with their holder."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout


class ProcessLock:
    """An operating-system lock on a file beside the database."""

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(str(path), mode=0o600, thread_local=False)

    def acquire(self, wait_s: float = 0) -> bool:
        """Take the lock, waiting up to `wait_s` seconds; tell whether it is ours now."""
        try:
            self._lock.acquire(timeout=wait_s, poll_interval=0.05)
        except Timeout:
            return False
        return True

    @property
    def held(self) -> bool:
        """Tell whether this object holds the lock."""
        return self._lock.is_locked

    def release(self) -> None:
        """Give the lock back; nothing happens if it is not ours."""
        self._lock.release(force=True)


def window_lock(data_dir: Path) -> ProcessLock:
    """Return the lock of the one window that a data directory may have."""
    return ProcessLock(data_dir / "window.lock")


def sender_lock(data_dir: Path) -> ProcessLock:
    """Return the lock of the one process that may send."""
    return ProcessLock(data_dir / "sender.lock")


def upkeep_lock(data_dir: Path) -> ProcessLock:
    """Return the lock of migrations and restores."""
    return ProcessLock(data_dir / "upkeep.lock")
