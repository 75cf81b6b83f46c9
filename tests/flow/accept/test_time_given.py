"""A round of sync ends about when it was told to, whatever the shop does."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.flow.accept.conftest import Posapp

SPARE_S = 3.0  # to start a process on a busy machine


class _Endless(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(21_000_000))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(b'{"orders": [' + b" " * 20_999_988)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Print nothing."""


@pytest.mark.parametrize("seconds", [1, 4])
def test_a_shop_that_never_answers_costs_the_time_given(posapp: Posapp, till: Path, seconds: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        added = posapp(
            *("remotes", "add", "alma", "--format", "internal", "--base-url", f"http://127.0.0.1:{port}"),
            stdin="k\n",
        )
        assert added.code == 0
        start = time.monotonic()
        ended = posapp("sync", "--once", "--timeout", str(seconds), "--json")
        took = time.monotonic() - start
    assert ended.code == 4
    assert ended.data["reachable"] is False
    assert ended.data["error"]["detail"]
    assert seconds - 0.1 <= took <= seconds * 1.2 + SPARE_S


def test_a_list_beyond_the_cap_is_not_an_unreachable_shop(posapp: Posapp) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Endless) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        shop = f"http://127.0.0.1:{server.server_address[1]}"
        added = posapp("remotes", "add", "alma", "--format", "internal", "--base-url", shop, stdin="k\n")
        ended = posapp("sync", "--once", "--timeout", "2", "--json")
        server.shutdown()
        thread.join()
    assert added.code == 0
    assert ended.code == 4
    assert ended.data["reachable"] is True
    assert ended.data["error"]["detail"]
