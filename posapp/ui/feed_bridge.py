"""The change feed as a Qt signal: commits of any thread or process arrive in the GUI thread, bundled."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from posapp.storage.feed import Change, Feed


class FeedBridge(QObject):
    """Emits `changed(Change)` in the GUI thread; what arrives within one turn of the loop is one signal."""

    changed = Signal(object)
    _arrived = Signal()

    def __init__(self, feed: Feed, parent: QObject | None = None) -> None:
        """Listen to `feed` until `close`."""
        super().__init__(parent)
        self._lock = threading.Lock()
        self._pending: Change | None = None
        self._arrived.connect(self._wake)
        self._unsubscribe = feed.subscribe(self._receive)

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()

    def _receive(self, change: Change) -> None:
        with self._lock:
            before = self._pending
            self._pending = change if before is None else _joined(before, change)
        if before is None:
            with contextlib.suppress(RuntimeError):  # the bridge may be deleted already
                self._arrived.emit()

    @Slot()
    def _wake(self) -> None:
        QTimer.singleShot(0, self._deliver)

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            change, self._pending = self._pending, None
        if change is not None:
            self.changed.emit(change)


def _joined(first: Change, second: Change) -> Change:
    return replace(
        first,
        topics=first.topics | second.topics,
        orders=first.orders | second.orders,
        origin=first.origin if first.origin == second.origin else "",
        foreign=first.foreign or second.foreign,
    )
