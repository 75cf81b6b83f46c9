"""A database of its own for each test, with a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.storage.store import Store
from tests.support.shop_orders import Clock, make_store


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    store = make_store(tmp_path / "data", clock)
    yield store
    store.close_thread()
