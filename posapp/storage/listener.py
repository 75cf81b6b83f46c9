"""Hears of what other processes commit: a thread that asks the database whether it was changed."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

from posapp.domain.errors import StorageError
from posapp.storage.feed import ALL_TOPICS, Change
from posapp.storage.store import Store

log = logging.getLogger(__name__)

EVERY_S = 0.25


@dataclass(frozen=True, slots=True)
class _Seen:
    version: int
    total: int
    others: int


class Listener:
    """Publishes a foreign change to the store's feed within `every_s` seconds of another process's commit.

    The database tells that something was committed, this process's own threads included; the tally tells
    whose it was. A change that nobody counted (a repair by hand) is taken for a foreign one.
    """

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
            seen = self._look()
            while not self._over.wait(self._every_s):
                now = self._look()
                if seen is not None and now is not None and _foreign(seen, now):
                    self._store.feed.publish(Change(ALL_TOPICS, frozenset(), origin="", foreign=True))
                if now is not None and (seen is None or now.version != seen.version):
                    seen = now
        finally:
            self._store.close_thread()

    def _look(self) -> _Seen | None:
        try:
            version = self._store.data_version()
        except StorageError as error:
            log.info("The database cannot be asked for changes: %s", error)
            return None
        return _Seen(version, *self._store.tally.read())


def _foreign(before: _Seen, now: _Seen) -> bool:
    """Tell whether a commit between the two looks was not this process's own."""
    return now.version != before.version and (now.others != before.others or now.total == before.total)
