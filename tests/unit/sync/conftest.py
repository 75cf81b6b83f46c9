"""A bench whose database is closed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.shop_orders import Clock, make_store
from tests.unit.sync.bench import Bench
from tests.unit.sync.staff_bench import StaffBench

MakeBench = Callable[..., Bench]


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[MakeBench]:
    benches: list[Bench] = []

    def make(count: int = 1, **more: Any) -> Bench:
        bench = Bench(tmp_path / str(len(benches)), count, **more)
        benches.append(bench)
        bench.run()
        return bench

    yield make
    for bench in benches:
        bench.store.close_thread()


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    """Return a lane that has pulled its one order."""
    return make_bench()


@pytest.fixture
def staff_bench(tmp_path: Path) -> Iterator[StaffBench]:
    clock = Clock()
    store = make_store(tmp_path, clock)
    yield StaffBench(store, clock)
    store.close_thread()
