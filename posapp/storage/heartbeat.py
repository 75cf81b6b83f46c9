"""The thread that looks whether the database server is there, and lets in what was kept when it is back."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from posapp.domain.errors import DatabaseAwayError, PosError
from posapp.storage.feed import ALL_TOPICS, Change
from posapp.storage.presence import Presence
from posapp.storage.store import Store

log = logging.getLogger(__name__)

EVERY_S = 0.8
LIMIT_S = 3.2  # with `EVERY_S` before and the painting after it: people are told within 5 s
_REST_S = 5.0  # after what is kept could not go in for another reason


class Heartbeat:
    """Asks once a second. On a file there is nothing to ask, and `start` does nothing.

    `settle` brings what was kept into the database, and raises PosError when it has to be tried again. It
    runs in a thread of its own, before anybody else may use a server that is back, and when something waits.
    """

    def __init__(
        self,
        store: Store,
        settle: Callable[[], object],
        *,
        every_s: float = EVERY_S,
        limit_s: float = LIMIT_S,
    ) -> None:
        self._store, self._settle = store, settle
        self._every_s, self._limit_s = every_s, limit_s
        self._over = threading.Event()
        self._not_before = 0.0
        self._settling: threading.Thread | None = None
        self._said = ""
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        if self._store.presence is not None:
            self._thread.start()

    def stop(self, timeout_s: float = 6) -> None:
        """End the threads; may be called again, and before `start`."""
        self._over.set()
        if self._store.presence is not None:
            self._store.presence.suspect()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        if self._settling is not None and self._settling.is_alive():
            self._settling.join(timeout_s)

    def _run(self) -> None:
        presence, dialect = self._store.presence, self._store.dialect
        assert presence is not None  # noqa: S101 - `start` looked
        pulse = presence.pulse(self._limit_s)
        failures: tuple[type[Exception], ...] = (*dialect.failures, OSError, ValueError)
        try:
            while not self._over.is_set():
                try:
                    pulse.beat()
                except failures as error:
                    presence.put_away(self._store.clock(), dialect.error(error).detail)
                else:
                    self._answered(presence)
                presence.wait(self._every_s)
        finally:
            pulse.close()

    def _answered(self, presence: Presence) -> None:
        if self._settling is not None and self._settling.is_alive():
            return
        journal = self._store.kept
        waits = journal is not None and journal.figures.waiting > 0 and time.monotonic() >= self._not_before
        if presence.away or waits:
            self._settling = threading.Thread(target=self._let_in, args=(presence,), name="kept", daemon=True)
            self._settling.start()

    def _let_in(self, presence: Presence) -> None:
        store = self._store
        try:
            with presence.let_in():
                self._settle()
            self._said = ""
        except DatabaseAwayError as error:
            log.debug("The server went away again: %s", error)
            return
        except PosError as error:
            self._rest(str(error))
        except Exception:
            log.exception("What was kept could not be brought in")
            self._rest("")
        finally:
            store.close_thread()
        if presence.put_here(store.clock()):
            # Whatever happened meanwhile was not heard.
            store.feed.publish(Change(ALL_TOPICS, frozenset(), origin="", foreign=True))

    def _rest(self, said: str) -> None:
        self._not_before = time.monotonic() + _REST_S
        if said and said != self._said:
            log.warning("What was kept could not be brought in: %s", said)
        self._said = said
