"""Hears of what other processes commit, in a thread, and tells the change feed."""

from __future__ import annotations

import threading

from posapp.storage.store import Store

EVERY_S = 0.25


class Listener:
    """Publishes a foreign change to the store's feed within `every_s` seconds of another process's commit."""

    def __init__(self, store: Store, *, every_s: float = EVERY_S) -> None:
        self._store = store
        self._every_s = every_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self, timeout_s: float = 5) -> None:
        """End the thread; may be called again, and before `start`."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            for change in self._store.dialect.changes(self._over, self._every_s):
                self._store.feed.publish(change)
        finally:
            self._store.close_thread()
