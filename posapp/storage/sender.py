"""Who may send: one process of all, whether they share a file or a server.

On a file it is an operating-system lock, which dies with its holder. On a server it is a lease: a row that
its holder renews every few seconds. Each new holder gets a higher number, and a commit of the sender under an
old number is refused: a station that slept through its lease cannot begin to send once more.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Protocol

from posapp.storage.locks import sender_lock
from posapp.storage.store import Store

log = logging.getLogger(__name__)

LEASE_S = 10.0
BEAT_S = 2.0
_SPARE = 0.2  # of the lease: the time in which its holder lets go before the server gives it to another
_TAKE = (
    "UPDATE posapp_sender SET holder = ?1, token = token + 1, beat = clock_timestamp() "
    "WHERE holder = '' OR beat < clock_timestamp() - make_interval(secs => ?2) RETURNING token"
)
_BEAT = "UPDATE posapp_sender SET beat = clock_timestamp() WHERE holder = ? AND token = ? RETURNING token"
_LEAVE = "UPDATE posapp_sender SET holder = '' WHERE holder = ? AND token = ? RETURNING token"


class SenderLock(Protocol):
    """The right to send."""

    @property
    def held(self) -> bool:
        """Tell whether it is ours at this moment."""

    def acquire(self) -> bool:
        """Try to take it; tell whether it is ours now."""

    def release(self) -> None:
        """Give it back; nothing happens if it is not ours."""


def sender_lock_of(store: Store, origin: str) -> SenderLock:
    """Return the sender's lock of a store; writes of `origin` are the sender's."""
    if store.dialect.name == "sqlite":
        return sender_lock(store.data_dir)
    return SenderLease(store, origin)


class SenderLease:
    """A lease on the server, renewed by a thread of its own for as long as it is ours."""

    def __init__(
        self, store: Store, origin: str, *, lease_s: float = LEASE_S, beat_s: float = BEAT_S
    ) -> None:
        self._dialect = store.dialect
        self._holder = store.new_id()
        self._origin = origin
        self._lease_s, self._beat_s = lease_s, beat_s
        self._token = 0
        self._beaten = 0.0  # when the server last took our word, by this computer's own clock
        self._lapsed = False
        self._word = threading.Lock()  # what one thread was told of the lease stays true for the others
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def held(self) -> bool:
        """Tell whether the lease is ours; it is not shortly before the server may give it to somebody else.

        What is under way by then has to be cut, so that two stations never ask for one order at a time. Once
        it was not, it has to be taken anew.
        """
        with self._word:
            return self._still()

    def _still(self) -> bool:
        if time.monotonic() - self._beaten >= self._lease_s * (1 - _SPARE):
            self._lapsed = True
        return bool(self._token) and not self._lapsed

    def acquire(self) -> bool:
        """Take the lease if nobody renews it; false also when the server is away."""
        if self._token:
            if self.held:
                return True
            self.release()
        asked = time.monotonic()
        token = self._ask(_TAKE, (self._holder, self._lease_s))
        if not token:
            return False
        self._token, self._beaten, self._lapsed = token, asked, False
        self._dialect.fence(self._origin, token)
        self._over.clear()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)
        self._thread.start()
        return True

    def release(self) -> None:
        """Let another station send at once."""
        if not self._token:
            return
        self._over.set()
        if self._thread is not None:
            self._thread.join(5)
        self._ask(_LEAVE, (self._holder, self._token))
        self._dialect.fence(self._origin, 0)
        self._token = 0

    def _keep(self) -> None:
        try:
            while not self._over.wait(self._beat_s) and self.held:
                asked = time.monotonic()
                if not self._ask(_BEAT, (self._holder, self._token)):
                    continue
                with self._word:
                    if self._still():
                        self._beaten = asked
        finally:
            self._dialect.close_thread()

    def _ask(self, sql: str, params: tuple[object, ...]) -> int:
        try:
            row = self._dialect.read(sql, params).fetchone()
        except self._dialect.failures as error:
            log.debug("The lease of the sender could not be asked for: %s", error)
            return 0
        return int(row[0]) if row else 0
