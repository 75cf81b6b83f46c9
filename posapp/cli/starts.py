"""Starts scheduled orders beside `sync --watch` and seals the audit: both happen without a window, too."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from posapp.config import load
from posapp.domain.errors import PosError
from posapp.domain.who import station_itself
from posapp.log import level_of
from posapp.services.audit import seal
from posapp.services.schedule import start_due

if TYPE_CHECKING:
    from posapp.storage.store import Store

log = logging.getLogger(__name__)

EVERY_S = 2.0


class StartThread:
    """A thread of its own: a slow answer of a shop must not make an order start late."""

    def __init__(self, store: Store, *, every_s: float = EVERY_S) -> None:
        self._store = store
        self._every_s = every_s
        self._over = threading.Event()
        self._said = ""
        self._thread = threading.Thread(target=self._run, name="starts", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """End."""
        self._over.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            while not self._over.is_set():
                self._look()
                self._over.wait(self._every_s)
        finally:
            self._store.close_thread()

    def _look(self) -> None:
        try:
            config = load(self._store.data_dir)
            start_due(self._store, config.kitchen.lead, config.zone, station_itself(config.station))
            seal(self._store)
            self._said = ""
        except PosError as error:
            # Not each two seconds for as long as it lasts.
            if str(error) != self._said:
                self._said = str(error)
                words = "Scheduled orders cannot be started, nor the audit sealed: %s"
                log.log(level_of(error), words, error)
