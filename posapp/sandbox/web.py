"""Just enough HTTP/1.1 for the loopback: one port that answers requests and can be taken off the net."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus

HOST = "127.0.0.1"
MAX_REQUEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """A request; header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    query: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and what to say, as a value for JSON."""

    status: int
    body: object


Answerer = Callable[[Request], Awaitable[Answer]]


class Port:
    """One port on the loopback. All methods belong to the thread of the loop."""

    def __init__(self, answer: Answerer, now: Callable[[], datetime], number: int = 0) -> None:
        self.answer = answer
        self.now = now
        self.connections: set[asyncio.Transport] = set()
        self._server: asyncio.Server | None = None
        self._socket = _bound(number)
        self._number: int = self._socket.getsockname()[1]

    @property
    def url(self) -> str:
        """The address of the port."""
        return f"http://{HOST}:{self._number}"

    async def open(self) -> None:
        """Accept connections."""
        if self._server is None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(lambda: _Connection(self), sock=self._socket)

    def refuse(self) -> None:
        """Break all connections and refuse new ones.

        The port stays bound without a listener, so that nobody else gets it in the meantime.
        """
        if self._server is not None:
            self._server.close()
            self._server = None
            self._socket = _bound(self._number)
        self._break()

    def close(self) -> None:
        """End for good."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._socket.close()
        self._break()

    def _break(self) -> None:
        for transport in tuple(self.connections):
            transport.abort()


class _Connection(asyncio.Protocol):
    """One client: answers its requests in their order."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self._port.connections.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        if self._transport is not None:
            self._port.connections.discard(self._transport)
            self._transport = None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._serve())

    async def _serve(self) -> None:
        try:
            while self._transport is not None and (request := self._take()) is not None:
                close = request.headers.get("connection", "").lower() == "close"
                self._send(await self._port.answer(request), close=close)
        except ValueError:
            self._send(Answer(400, {"error": "unreadable request"}), close=True)

    def _take(self) -> Request | None:
        """Cut the next whole request from what has arrived."""
        end = self._buffer.find(b"\r\n\r\n")
        if len(self._buffer) > MAX_REQUEST:
            raise ValueError("too large")
        if end < 0:
            return None
        first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        if "transfer-encoding" in headers:
            raise ValueError("chunked")
        total = end + 4 + int(headers.get("content-length", "0"))
        if total < end + 4 or total > MAX_REQUEST:
            raise ValueError("length")
        if len(self._buffer) < total:
            return None
        body = bytes(self._buffer[end + 4 : total])
        del self._buffer[:total]
        path, _, query = target.partition("?")
        return Request(method, path, headers, body, query)

    def _send(self, answer: Answer, *, close: bool) -> None:
        if self._transport is None:
            return
        body = json.dumps(answer.body, ensure_ascii=False).encode()
        head = (
            f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}\r\n"
            f"Date: {format_datetime(self._port.now(), usegmt=True)}\r\n"
            "Content-Type: application/json; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._transport.write(head.encode("latin-1") + body)
        if close:
            self._transport.close()


def _bound(number: int) -> socket.socket:
    result = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    result.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    result.bind((HOST, number))
    return result
