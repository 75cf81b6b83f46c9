"""Whether the database server is there: who finds out tells it here, and everybody else need not wait for it.

Each connection has a cord. A server that went silent (a cable was pulled, the machine hangs) lets whoever
asked it wait for ever; once that is known, all cords are pulled, and every waiting thread goes on with an
error. Until the server is back, nobody but those who look for it may try to connect: a try can take seconds.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

log = logging.getLogger(__name__)


class Pulse(Protocol):
    """What asks the server whether it is there, for one thread."""

    def beat(self) -> None:
        """Return once the server has answered; raise an error of its driver when it does not."""

    def close(self) -> None:
        """Close its connection."""


class Presence:
    """The server as this process knows it; may be asked from any thread."""

    def __init__(self, pulse: Callable[[float], Pulse]) -> None:
        """Begin with a server that is there; `pulse` asks it, and waits for so many seconds at most."""
        self.pulse = pulse
        self._lock = threading.Lock()
        self._cords: dict[int, socket.socket] = {}
        self._listeners: list[Callable[[], None]] = []
        self._mine = threading.local()
        self._doubt = threading.Event()
        self.since: datetime | None = None  # when it was found to be away; None while it is there
        self.why = ""

    @property
    def away(self) -> bool:
        """Tell whether the server is known to be away."""
        return self.since is not None

    @property
    def closed_to_me(self) -> bool:
        """Tell whether the calling thread should not even try to connect."""
        return self.since is not None and not getattr(self._mine, "let_in", False)

    @contextmanager
    def let_in(self) -> Iterator[None]:
        """Let the calling thread connect whatever is known."""
        self._mine.let_in = True
        try:
            yield
        finally:
            self._mine.let_in = False

    # -- cords -----------------------------------------------------------------------------------------

    def hold(self, connection: Any, number: int) -> None:
        """Keep a cord to a connection: a second handle of its socket, which has the given number."""
        try:
            cord = socket.fromfd(number, socket.AF_INET, socket.SOCK_STREAM)
        except OSError:
            return  # it is gone already
        key = id(connection)
        with self._lock:
            self._cords[key] = cord
        weakref.finalize(connection, self._drop, key, cord)

    def let_go(self, connection: Any) -> None:
        """Forget a connection that is closed."""
        with self._lock:
            cord = self._cords.pop(id(connection), None)
        if cord is not None:
            cord.close()

    def _drop(self, key: int, cord: socket.socket) -> None:
        cord.close()
        with self._lock:
            if self._cords.get(key) is cord:
                del self._cords[key]

    def cut(self) -> None:
        """Pull all cords: whoever waits for an answer has an error now."""
        with self._lock:
            for cord in self._cords.values():
                with contextlib.suppress(OSError):
                    cord.shutdown(socket.SHUT_RDWR)

    # -- what is known ---------------------------------------------------------------------------------

    def suspect(self) -> None:
        """Let whoever looks for the server look now: something went wrong with it, or waits for it."""
        self._doubt.set()

    def wait(self, longest_s: float) -> None:
        """Wait until somebody suspects something, or for so long."""
        self._doubt.wait(longest_s)
        self._doubt.clear()

    def put_away(self, now: datetime, why: str) -> None:
        """Take the server for away; told once, until it is back."""
        first = self.since is None
        self.why = why
        if first:
            self.since = now
        self.cut()
        if first:
            log.warning("The database server is away: %s", why)
            self.tell()

    def put_here(self, now: datetime) -> bool:
        """Take the server for there; tell whether it was away."""
        since, self.since, self.why = self.since, None, ""
        if since is None:
            return False
        log.info("The database server is back after %d s", (now - since).total_seconds())
        self.tell()
        return True

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener`, in any thread, whenever something differs; return the function that ends it."""
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def tell(self) -> None:
        """Tell everybody that something differs: the server's presence, or what is kept meanwhile."""
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener()
            except Exception:
                log.exception("A listener of the server's presence failed")
