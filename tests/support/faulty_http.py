"""A lean HTTP/1.1 server on 127.0.0.1 in its own thread, with full control over each answer."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

MAX_HEAD = 64 * 1024
JSON_TYPE = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived; header names are in lower case."""

    at: float
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


def response(
    status: int,
    body: bytes = b"",
    *,
    content_type: str = JSON_TYPE,
    headers: dict[str, str] | None = None,
    declared: int | None = None,
) -> bytes:
    """Build the bytes of an answer; `declared` is the Content-Length to claim when it is not the true one."""
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        f"Date: {formatdate(usegmt=True)}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body) if declared is None else declared}",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class Connection(asyncio.Protocol):
    """One client connection: reads a request, hands it over, and waits for `send` or `drop`."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._close_after = False
        self.busy = False
        self.on_end: Callable[[], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._listener.connections.add(self)
        if not self._listener.is_open:
            # It was accepted in the moment of closing.
            transport.abort()
            return
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._listener.connections.discard(self)
        self._end()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._next()

    def send(self, raw: bytes, *, close: bool = False) -> None:
        """Answer the request at hand; with `close` the connection ends after the last byte."""
        if self._transport is None:
            return
        self._end()
        self._transport.write(raw)
        if close or self._close_after:
            self._transport.close()
            return
        self.busy = False
        self._next()

    def drop(self) -> None:
        """Close without an answer."""
        if self._transport is not None:
            self._end()
            self._transport.abort()

    def peer_gone(self) -> bool:
        """Say whether the client has closed its end, even if the loop has not been told yet."""
        if self._transport is None:
            return True
        twin = self._transport.get_extra_info("socket").dup()
        try:
            twin.setblocking(False)
            return bool(twin.recv(1, socket.MSG_PEEK) == b"")
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            twin.close()

    def _end(self) -> None:
        on_end, self.on_end = self.on_end, None
        if on_end is not None:
            on_end()

    def _next(self) -> None:
        if self.busy or not self._buffer:
            return
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > MAX_HEAD:
                self.drop()
            return
        head = self._buffer[:end].decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in head[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        start = head[0].split(" ")
        length = headers.get("content-length", "0")
        if len(start) != 3 or not length.isdecimal() or "transfer-encoding" in headers:
            self.send(response(400, b'{"error": "unreadable request"}'), close=True)
            return
        total = end + 4 + int(length)
        if len(self._buffer) < total:
            return
        body = bytes(self._buffer[end + 4 : total])
        del self._buffer[:total]
        self.busy = True
        self._close_after = headers.get("connection", "").lower() == "close"
        self._listener.handler(Request(time.monotonic(), start[0], start[1], headers, body), self)


Handler = Callable[[Request, Connection], None]


class Listener:
    """One port of the server; it can refuse connections for a while and come back on the same port."""

    def __init__(self, handler: Handler, port: int = 0) -> None:
        self.handler = handler
        self.connections: set[Connection] = set()
        self.port = port
        self.is_open = False
        self._server: asyncio.Server | None = None
        self._socket: socket.socket | None = None

    @property
    def url(self) -> str:
        """The address; known once the listener was opened."""
        return f"http://127.0.0.1:{self.port}"

    async def open(self) -> None:
        """Begin to accept connections."""
        loop = asyncio.get_running_loop()
        if self._socket is None:
            self._socket = _bound(self.port)
            self.port = self._socket.getsockname()[1]
        self.is_open = True
        self._server = await loop.create_server(lambda: Connection(self), sock=self._socket, backlog=512)

    async def refuse(self) -> None:
        """Break every connection and refuse new ones.

        The port stays bound, without a listener: so nobody else can take it, and a client that keeps on
        trying cannot be connected to itself.
        """
        if self._server is None:
            return
        self.is_open = False
        self._server.close()
        self._server = None
        self._socket = _bound(self.port)
        self.drop_all()

    async def close(self) -> None:
        """End for good."""
        self.is_open = False
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._socket is not None:
            self._socket.close()
        self.drop_all()
        for _ in range(3):  # lets what was accepted in this moment end too, on a busy machine as well
            await asyncio.sleep(0.01)
            self.drop_all()
        await asyncio.sleep(0)

    def drop_all(self, *, only_idle: bool = False) -> None:
        """Break the open connections."""
        for connection in tuple(self.connections):
            if not (only_idle and connection.busy):
                connection.drop()


def _bound(port: int) -> socket.socket:
    result = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    result.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    result.bind(("127.0.0.1", port))
    return result


class LoopThread:
    """An asyncio loop in a daemon thread."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="faulty-remote", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine in the loop and wait for it."""
        asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def call(self, work: Callable[[], None]) -> None:
        """Run a function in the loop and wait for it."""

        async def wrapped() -> None:
            work()

        self.run(wrapped())

    def stop(self) -> None:
        """End the loop and the thread."""
        if not self._thread.is_alive():
            return
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            with contextlib.suppress(RuntimeError):
                self.loop.run_until_complete(asyncio.sleep(0))
            self.loop.close()
