"""A server on 127.0.0.1 that plays scripted bytes, so that a test decides over every byte of an answer."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Sequence
from enum import Enum
from types import TracebackType
from typing import Self


class Act(Enum):
    """What can happen besides sending bytes."""

    CLOSE = "close"  # end the connection in good order
    RESET = "reset"  # break it off
    HOLD = "hold"  # say nothing until the server is closed


Step = bytes | float | Act  # a float waits so many seconds
Script = Sequence[Step]


def ok(body: bytes = b"{}", *headers: str, status: str = "200 OK", kind: str = "application/json") -> bytes:
    """Return a whole, well-formed answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class RawServer:
    """Answers the n-th request (over all connections) with the n-th script; the last one repeats.

    After a script without CLOSE or RESET the connection stays open for the next request. With a `greeting`
    it says just that and hangs up.
    """

    def __init__(self, *scripts: Script, tls: ssl.SSLContext | None = None, greeting: bytes = b"") -> None:
        self._scripts = scripts or ([ok()],)
        self._tls = tls
        self._greeting = greeting
        self._end = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.requests: list[bytes] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._start(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http{'s' if self._tls else ''}://localhost:{self.port}"

    def close(self) -> None:
        """Break every connection and wait for the threads."""
        self._end.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _start(self, work: object, *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._end.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._serve, connection)

    def _serve(self, plain: socket.socket) -> None:
        connection = plain
        try:
            plain.settimeout(10)
            if self._greeting:
                plain.sendall(self._greeting)
                return
            if self._tls is not None:
                connection = self._tls.wrap_socket(plain, server_side=True)
            with self._lock:
                self._open.add(connection)
            while not self._end.is_set():
                request = _read_request(connection)
                if not request:
                    return
                with self._lock:
                    script = self._scripts[min(len(self.requests), len(self._scripts) - 1)]
                    self.requests.append(request)
                if not self._play(connection, script):
                    return
        except OSError:
            return
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _play(self, connection: socket.socket, script: Script) -> bool:
        for step in script:
            if isinstance(step, bytes):
                connection.sendall(step)
            elif isinstance(step, float):
                self._end.wait(step)
            elif step is Act.HOLD:
                self._end.wait(30)
                return False
            else:
                if step is Act.RESET:
                    linger = struct.pack("ii", 1, 0)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                return False
        return True


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        part = connection.recv(65536)
        if not part:
            return b""
        body += part
    return head + b"\r\n\r\n" + body
