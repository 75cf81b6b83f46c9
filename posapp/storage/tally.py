"""Counts the commits of all processes, so that one can tell its own changes from those of others."""

from __future__ import annotations

import mmap
import os
import struct
import threading
from pathlib import Path

_FORMAT = struct.Struct("=Q")


class CommitTally:
    """A number in memory that all processes of a database share, and how much of it this process added.

    `note` is called inside a write transaction: the database's own write lock lets one process at a time
    count. Only differences mean anything, and nothing but the telling apart depends on them: a crash between
    counting and committing costs one reading too many. The memory is that of a small mapped file: writing
    the file itself would change its time stamp, which the commit's own flush would then have to carry.
    """

    def __init__(self, path: Path) -> None:
        """Open the shared number; raises OSError when the file cannot be made."""
        handle = os.open(path, os.O_CREAT | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o600)
        try:
            if os.fstat(handle).st_size < _FORMAT.size:
                # Written, not only made long: the block is there, whatever becomes of the disk later.
                os.write(handle, _FORMAT.pack(0))
            self._shared = mmap.mmap(handle, _FORMAT.size)
        finally:
            os.close(handle)
        self._lock = threading.Lock()
        self._own = 0

    def note(self) -> None:
        """Count one commit of this process; the caller holds the database's write lock."""
        with self._lock:
            _FORMAT.pack_into(self._shared, 0, (self._total() + 1) % 2**64)
            self._own += 1

    def read(self) -> tuple[int, int]:
        """Return the commits of all processes and those of the other ones, from an arbitrary start."""
        with self._lock:
            total = self._total()
            return total, total - self._own

    def _total(self) -> int:
        return int(_FORMAT.unpack_from(self._shared, 0)[0])
