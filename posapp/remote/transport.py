"""The one HTTP client: TLS verified, no redirects, no retries of writes, bounded in time and size."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from posapp import __version__
from posapp.domain.errors import UsageError
from posapp.remote.api import Answer, NoReply, Reply, Request, Timeouts, Trouble
from posapp.remote.origin import Origin, check_headers, parse_origin

if TYPE_CHECKING:
    from posapp.remote.client import Client

_log = logging.getLogger("posapp.remote")

SHORTEST_SECRET = 8  # bytes; a shorter one could be a part of any word


class HttpTransport:
    """Carries requests to one origin over a few kept connections; thread-safe.

    Times are in seconds. `headers` sign every request in; they are sent to this origin only and shown
    nowhere. `ca_file` adds certificates to the system's. `proxy` is an http:// address that TLS passes
    through; the environment's proxies are not looked at.
    """

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        *,
        ca_file: Path | None = None,
        connect_timeout: float = 5,
        read_timeout: float = 15,
        total_timeout: float = 30,
        pool_size: int = 8,
        proxy: str | None = None,
    ) -> None:
        self._origin = parse_origin(base_url)
        signed = check_headers(headers)
        # Some shops repeat the key in what they say about it: their words are stored and shown.
        self._secrets = [
            value.encode("latin-1") for value in signed.values() if len(value) >= SHORTEST_SECRET
        ]
        self._headers = {
            "User-Agent": f"posapp/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            **signed,
        }
        self._timeouts = Timeouts(connect_timeout, read_timeout, total_timeout)
        self._pool_size = pool_size
        self._ca_file = ca_file
        self._proxy = _proxy_origin(proxy) if proxy and self._origin.scheme == "https" else None
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._closed = False
        if ca_file is not None:
            # Read at once, so that a wrong file is told to the person who names it.
            self._client = self._make_client()

    def __repr__(self) -> str:
        return f"HttpTransport({self._origin.scheme}://{self._origin.host}:{self._origin.port})"

    def send(self, request: Request) -> Answer:
        """Send and wait for the whole answer; never raises for what the network does.

        Raises ValueError for a path that would lead elsewhere.
        """
        target = self._origin.target(request.path)
        headers = self._headers | check_headers(request.headers)
        if request.body is not None:
            headers.setdefault("Content-Type", "application/json")
        started = time.monotonic()
        with self._lock:
            if self._closed:
                return NoReply(Trouble.NOT_SENT, "The connection has been closed.")
            if self._client is None:
                self._client = self._make_client()
            client = self._client
        answer = client.exchange(request, target, headers)
        word = str(answer.status) if isinstance(answer, Reply) else answer.trouble
        _log.debug("%s %s: %s, %d ms", request.method, target, word, (time.monotonic() - started) * 1000)
        is_orders = request.method == "GET" and isinstance(answer, Reply) and answer.status < 300
        return answer if is_orders else self._without_secrets(answer)

    def _without_secrets(self, answer: Answer) -> Answer:
        if not isinstance(answer, Reply):
            return answer
        body = answer.body
        for secret in self._secrets:
            body = body.replace(secret, b"***")
        return replace(answer, body=body)

    def close(self) -> None:
        """Close all connections; whoever waits for an answer gets none, at once."""
        with self._lock:
            self._closed = True
            client = self._client
        if client is not None:
            client.close()

    def _make_client(self) -> Client:
        # urllib3 and ssl cost 60 ms and are not needed before the first paint.
        from posapp.remote.client import Client

        return Client(self._origin, self._timeouts, self._pool_size, self._ca_file, self._proxy)


def _proxy_origin(proxy: str) -> Origin:
    scheme, _, rest = proxy.partition("://")
    if scheme != "http":
        raise UsageError("The address of a proxy begins with http://.", fields={"proxy": "Not a proxy."})
    # TLS passes through the proxy untouched, so plain http is fine for any proxy: checked like https.
    origin = parse_origin(f"https://{rest}")
    port = origin.port if ":" in rest.rpartition("]")[2] else 80
    return Origin("http", origin.host, port, "")
