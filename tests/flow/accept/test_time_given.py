"""A round of sync ends about when it was told to, whatever the shop does."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from tests.flow.accept.conftest import Posapp

SPARE_S = 3.0  # to start a process on a busy machine


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
    assert seconds - 0.1 <= took <= seconds * 1.2 + SPARE_S
