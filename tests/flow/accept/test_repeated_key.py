"""A shop that repeats our key in what it says about it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.flow.accept.conftest import Posapp

KEY = "canary-5d1e-of-the-shop"


class _Talkative(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        words = f'{{"error": "the key {self.headers["Api-Key"]} is unknown"}}'.encode()
        self.send_response(401)
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Print nothing."""


@pytest.fixture
def talkative() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Talkative) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_the_key_is_neither_stored_nor_shown(
    posapp: Posapp, till: Path, tmp_path: Path, talkative: str
) -> None:
    added = posapp(
        "remotes", "add", "alma", "--format", "internal", "--base-url", talkative, stdin=f"{KEY}\n"
    )
    assert added.code == 0
    ended = posapp("sync", "--once", "--timeout", "5", "--json")
    assert ended.code == 5
    assert "is unknown" in ended.data["error"]["detail"]
    listed = posapp("remotes", "list", "--json")
    assert posapp("backup", str(tmp_path / "backup.db")).code == 0
    assert KEY not in ended.out + ended.err + listed.out
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "posapp.log" for path in files)
    assert not [path for path in files if KEY.encode() in path.read_bytes()]
