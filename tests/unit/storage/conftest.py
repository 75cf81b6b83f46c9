"""A database of its own for each test, on both kinds of databases, with a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.storage.server import Server
from posapp.storage.store import Store
from tests.support.shop_orders import Clock, make_store


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock, server: Server | None) -> Iterator[Store]:
    store = make_store(tmp_path / "data", clock, server)
    yield store
    store.close_thread()
