"""A shop that goes wrong on request, and a desk that is connected to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flow.sync.desk import Desk
from tests.support.faulty_remote import FaultyRemote


@pytest.fixture
def shop() -> Iterator[FaultyRemote]:
    with FaultyRemote(seed=5) as remote:
        yield remote


@pytest.fixture
def desk(tmp_path: Path, shop: FaultyRemote) -> Iterator[Desk]:
    """Return a desk that has pulled three orders."""
    shop.add(3)
    desk = Desk(tmp_path / "desk", alma=shop)
    assert desk.round().pulled == 3
    yield desk
    desk.close()
