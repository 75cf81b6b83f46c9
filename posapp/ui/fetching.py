"""A fetch that a person watches and may stop: its thread tells, the window shows."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid


class Watch(QObject):
    """One fetch; `told(what, count)` comes into the thread of the window."""

    told = Signal(str, int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._stopped = False
        self._stop: Callable[[], object] | None = None

    @property
    def stopped(self) -> bool:
        """Tell whether the person stopped it."""
        return self._stopped

    def tell(self, what: str, count: int) -> None:
        """Say what is read, and how many there are by now; from any thread."""
        if isValid(self):
            self.told.emit(what, count)

    def at_stop(self, stop: Callable[[], object]) -> None:
        """Call this when the person stops it, or now if that has happened; from any thread."""
        with self._lock:
            self._stop = stop
            stopped = self._stopped
        if stopped:
            stop()

    def stop(self) -> None:
        """Stop it."""
        with self._lock:
            self._stopped = True
            stop = self._stop
        if stop is not None:
            stop()
