"""Connections of urllib3 that know whether bytes left, and that keep the deadline of the whole request."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import HTTPResponse


@dataclass(eq=False, slots=True)
class Call:
    """What is known about one request while it is under way; `deadline` is in monotonic seconds."""

    deadline: float
    read_timeout: float
    sent: bool = False  # bytes of the request itself may have reached the remote
    reused: bool = False  # it went out on a connection that had served before
    socket: socket.socket | None = None
    aborted: bool = False

    def left(self) -> float:
        """Return the seconds until the deadline; raise TimeoutError when there are none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time for the whole request is up")
        return left

    def abort(self) -> None:
        """Wake the thread that waits for this answer: its read ends at once, or never begins."""
        self.aborted = True
        if self.socket is not None:
            with contextlib.suppress(OSError):
                # Not SSLSocket.shutdown: that takes the TLS state away under the reading thread.
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)


class _Current(threading.local):
    """The call that each thread has under way."""

    call: Call | None = None


current = _Current()


def _keep_deadline(sock: socket.socket) -> None:
    # A drip-fed answer renews the read timeout with each byte; the deadline ends it nevertheless.
    if current.call is not None:
        sock.settimeout(min(current.call.read_timeout, current.call.left()))


class PlainSocket(socket.socket):
    """A socket whose every read ends at the deadline."""

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        """Read into a buffer, as socket.socket does."""
        _keep_deadline(self)
        return super().recv_into(*args, **kwargs)


class TlsSocket(ssl.SSLSocket):
    """A TLS socket whose every read ends at the deadline."""

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        """Read into a buffer, as ssl.SSLSocket does."""
        _keep_deadline(self)
        return super().recv_into(*args, **kwargs)


class TrackedConnection(HTTPConnection):
    """A connection that tells the current call what happens to it."""

    _served = 0

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        timeout = sock.gettimeout()
        plain = PlainSocket(fileno=sock.detach())
        plain.settimeout(timeout)
        return plain

    def connect(self) -> None:
        """Connect (also through a proxy, and with the TLS handshake): nothing of the request is sent yet."""
        self._served = 0
        try:
            super().connect()
        finally:
            if current.call is not None:
                current.call.sent = False

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send a request."""
        if current.call is not None:
            current.call.reused = self.sock is not None and self._served > 0
        super().request(*args, **kwargs)

    def send(self, data: Any) -> None:
        """Send bytes, connecting first where that is still to be done."""
        if self.sock is None:
            self.connect()
        if current.call is not None:
            current.call.socket = self.sock
            if current.call.aborted:
                raise OSError("the call was given up before anything was sent")
            current.call.sent = True
        super().send(data)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as urllib3 does
        """Read the head of the answer."""
        response = super().getresponse()
        self._served += 1
        return response


class TrackedTlsConnection(TrackedConnection, HTTPSConnection):
    """The same over TLS."""


class TrackedPool(HTTPConnectionPool):
    """A pool of plain connections."""

    ConnectionCls = TrackedConnection


class TrackedTlsPool(HTTPSConnectionPool):
    """A pool of TLS connections."""

    ConnectionCls = TrackedTlsConnection
