"""Requests over urllib3: the connection pool, the bounded read, and what a failure means."""

from __future__ import annotations

import ssl
import threading
import time
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

from urllib3 import ProxyManager, Timeout
from urllib3.exceptions import HTTPError

from posapp.domain.errors import UsageError
from posapp.remote.api import Answer, NoReply, Reply, Request, Timeouts, Trouble
from posapp.remote.connections import Call, TlsSocket, TrackedPool, TrackedTlsPool, current
from posapp.remote.origin import Origin
from posapp.remote.reasons import certificate_trouble, reason_of, was_stale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urllib3 import BaseHTTPResponse, HTTPConnectionPool

_CHUNK = 64 * 1024


class _TooLargeError(Exception):
    """The answer is over the cap."""


class Client:
    """The connections to one origin; thread-safe."""

    def __init__(
        self, origin: Origin, timeouts: Timeouts, pool_size: int, ca_file: Path | None, proxy: Origin | None
    ) -> None:
        self._host = origin.host
        self._timeouts = timeouts
        self._pool = _make_pool(origin, pool_size, ca_file, proxy)
        self._lock = threading.Lock()
        self._calls: set[Call] = set()
        self._closed = False

    def exchange(self, request: Request, target: str, headers: Mapping[str, str]) -> Answer:
        """Send one request and read its whole answer, within the total time."""
        started = time.monotonic()
        call = Call(started + self._timeouts.total, self._timeouts.read)
        with self._lock:
            self._calls.add(call)
        current.call = call
        try:
            return self._attempts(request, target, headers, call)
        except _TooLargeError:
            detail = f"The answer of {self._host} is larger than {request.limit:,} bytes; it was not read."
            return NoReply(Trouble.TOO_LARGE, detail, time.monotonic() - started)
        # ValueError is what a hostile answer, or a socket that close() shut down, draws out of the parsers.
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            return self._no_reply(error, call, time.monotonic() - started)
        finally:
            current.call = None
            with self._lock:
                self._calls.discard(call)

    def close(self) -> None:
        """Close all connections and end the waiting for answers."""
        with self._lock:
            self._closed = True
            calls = tuple(self._calls)
        self._pool.close()
        for call in calls:
            call.abort()

    def _attempts(self, request: Request, target: str, headers: Mapping[str, str], call: Call) -> Reply:
        try:
            return self._once(request, target, headers, call)
        except (HTTPError, HTTPException, OSError) as error:
            # The remote closed a kept connection meanwhile: reading once more, on a new one, is harmless.
            # A write may have been processed; that is for the caller to find out.
            if request.method != "GET" or not call.reused or self._closed or not was_stale(error):
                raise
        return self._once(request, target, headers, call)

    def _once(self, request: Request, target: str, headers: Mapping[str, str], call: Call) -> Reply:
        started = time.monotonic()
        left = call.left()
        response = self._pool.urlopen(
            request.method,
            target,
            body=request.body,
            headers=dict(headers),
            retries=False,
            redirect=False,
            timeout=Timeout(connect=min(self._timeouts.connect, left), read=min(self._timeouts.read, left)),
            pool_timeout=left,  # type: ignore[arg-type] # urllib3 says int and hands it to Queue.get
            preload_content=False,
        )
        whole = False
        try:
            body = _read(response, request.limit)
            whole = True
        finally:
            if not whole:
                response.close()
            response.release_conn()
        received = {name.lower(): response.headers[name] for name in response.headers}
        return Reply(response.status, received, body, time.monotonic() - started)

    def _no_reply(self, error: Exception, call: Call, seconds: float) -> NoReply:
        certificate = certificate_trouble(self._host, error)
        if certificate and not call.sent:
            return NoReply(Trouble.CERTIFICATE, certificate, seconds)
        reason = "the program is closing" if self._closed else reason_of(error, sent=call.sent)
        if call.sent:
            return NoReply(Trouble.UNKNOWN, f"No whole answer came from {self._host}: {reason}.", seconds)
        return NoReply(Trouble.NOT_SENT, f"{self._host} could not be reached: {reason}.", seconds)


def _read(response: BaseHTTPResponse, limit: int) -> bytes:
    """Read the body; `limit` counts what is declared as well as what it unpacks to."""
    declared = response.headers.get("Content-Length", "")
    if declared.isascii() and declared.isdigit() and (len(declared) > 18 or int(declared) > limit):
        raise _TooLargeError
    parts: list[bytes] = []
    size = 0
    # read() and not stream(): for chunked answers it bounds the length of the lines between the chunks.
    while part := response.read(_CHUNK, decode_content=True):
        size += len(part)
        if size > limit:
            raise _TooLargeError
        parts.append(part)
    return b"".join(parts)


def _make_pool(origin: Origin, size: int, ca_file: Path | None, proxy: Origin | None) -> HTTPConnectionPool:
    if origin.scheme == "http":
        return TrackedPool(origin.host, origin.port, maxsize=size, block=True)
    context = _tls_context(ca_file)
    if proxy is None:
        return TrackedTlsPool(origin.host, origin.port, maxsize=size, block=True, ssl_context=context)
    host = f"[{proxy.host}]" if ":" in proxy.host else proxy.host
    manager = ProxyManager(f"http://{host}:{proxy.port}", maxsize=size, block=True, ssl_context=context)
    manager.pool_classes_by_scheme = {"http": TrackedPool, "https": TrackedTlsPool}
    return manager.connection_from_host(origin.host, origin.port, "https")


def _tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Return a verifying context: the system's certificates and, where given, those of one more file."""
    context = ssl.create_default_context()
    context.sslsocket_class = TlsSocket
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except OSError:
            raise UsageError(
                f"The certificate file {ca_file} cannot be used.",
                remedy="Name a readable file with certificates in PEM form.",
                fields={"ca_file": "Not a readable certificate file."},
            ) from None
    return context
