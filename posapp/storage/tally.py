"""Counts the commits of all processes, so that one can tell its own changes from those of others."""

from __future__ import annotations

import contextlib
import os
import struct
import threading
import weakref
from pathlib import Path

_FORMAT = struct.Struct("=Q")


class CommitTally:
    """A number in a file that all processes of a database share, and how much of it this process added.

    `note` is called inside a write transaction: the database's own write lock lets one process at a time
    count. Only differences mean anything, and nothing but the telling apart depends on them: a full disk or
    a crash between counting and committing costs one reading too many.
    """

    def __init__(self, path: Path) -> None:
        """Open the shared number; raises OSError when the file cannot be made."""
        self._handle = os.open(path, os.O_CREAT | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o600)
        weakref.finalize(self, os.close, self._handle)
        self._lock = threading.Lock()
        self._own = 0

    def note(self) -> None:
        """Count one commit of this process; the caller holds the database's write lock."""
        with self._lock, contextlib.suppress(OSError):
            total = self._total() + 1
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, _FORMAT.pack(total % 2**64))
            self._own += 1

    def read(self) -> tuple[int, int]:
        """Return the commits of all processes and those of the other ones, from an arbitrary start."""
        with self._lock:
            total = self._total()
            return total, total - self._own

    def _total(self) -> int:
        try:
            os.lseek(self._handle, 0, os.SEEK_SET)
            content = os.read(self._handle, _FORMAT.size)
        except OSError:
            return 0
        return int(_FORMAT.unpack(content)[0]) if len(content) == _FORMAT.size else 0
