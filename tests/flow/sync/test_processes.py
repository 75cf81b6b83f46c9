"""Two real processes on one data directory: one sends, the other asks."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.shop_program import Posapp, ShopProgram
from tests.flow.sync.desk import eventually


@pytest.fixture
def shop() -> Iterator[ShopProgram]:
    with ShopProgram("--orders", "3", "--seed", "4") as shop:
        yield shop


@pytest.fixture
def posapp(tmp_path: Path, shop: ShopProgram) -> Posapp:
    return Posapp(tmp_path / "data", shop.url)


def test_a_watching_sender_serves_the_commands_beside_it(posapp: Posapp, shop: ShopProgram) -> None:
    with posapp.start("sync", "--watch") as watching:
        assert watching.stdout is not None
        assert json.loads(watching.stdout.readline())["pulled"] == 3
        order = posapp.run("orders", "list")["orders"][0]
        posapp.run("orders", "move", order["id"], "accepted")
        moved = time.monotonic()
        assert eventually(lambda: shop.statuses()[order["remote_id"]] == "accepted", 3)
        assert time.monotonic() - moved < 2
        result = posapp.run("sync", "--once")
        assert (result["pending"], result["attention"], result["reachable"]) == (0, 0, True)
        assert set(result) == {"pulled", "pushed", "pending", "attention", "quarantined", "reachable"}
        started = time.monotonic()
        watching.send_signal(signal.SIGTERM)
        watching.communicate(timeout=15)
        assert watching.returncode == 0
        assert time.monotonic() - started < 10
    assert shop.ask("state")["max_in_flight_per_order"] == 1


def test_a_round_goes_on_by_itself_when_the_sender_is_killed(posapp: Posapp, shop: ShopProgram) -> None:
    with posapp.start("sync", "--watch") as watching:
        assert watching.stdout is not None
        watching.stdout.readline()
        order = posapp.run("orders", "list")["orders"][0]
        shop.ask("faults", rate=1.0, kinds=[{"kind": "slow_before", "seconds": 1.5}])
        posapp.run("orders", "move", order["id"], "accepted")
        with posapp.start("sync", "--once") as asking:
            time.sleep(1.5)
            watching.kill()
            watching.communicate()
            shop.ask("faults", clear=True)
            out, _ = asking.communicate(timeout=60)
        assert asking.returncode == 0
        assert json.loads(out)["pending"] == 0
    assert shop.statuses()[order["remote_id"]] == "accepted"
