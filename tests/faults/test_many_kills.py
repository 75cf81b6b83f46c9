"""Kills by the thousand, in rounds of their own: stations, senders and tills, forked instead of started.

POSAPP_KILLS is the number of all kills (rounded up to whole rounds), POSAPP_KILLS_SEED the seed of the first
round. What makes such a kill cheap is in zygote.py.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from tests.faults.shop_program import KEY, Posapp, ShopProgram
from tests.faults.test_kills import FAULTS, assert_in_step, assert_sound, drain, is_within, next_of
from tests.faults.test_till_kills import assert_nothing_lost
from tests.faults.zygote import TILL, Ended, Zygote

KILLS = int(os.environ.get("POSAPP_KILLS", "100"))
SEED = int(os.environ.get("POSAPP_KILLS_SEED", "20260301"))
A_ROUND, A_TILL_ROUND = 40, 25
ROUNDS = ceil(KILLS * 0.75 / A_ROUND)
TILL_ROUNDS = ceil(KILLS * 0.25 / A_TILL_ROUND)
ORDERS = 12
KILLED = -9
pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
    pytest.mark.timeout(900),
]


class Forked(Posapp):
    """posapp's command line, forked."""

    def __init__(self, folder: Path, url: str, zygote: Zygote) -> None:
        super().__init__(folder, url)
        self._zygote = zygote

    def fork(self, *words: str, kill_after: float | None = None) -> Ended:
        """Run a command, perhaps not to its end."""
        return self._zygote.run("--data-dir", str(self.data_dir), *words, "--json", kill_after=kill_after)

    def run(self, *words: str, codes: Sequence[int] = (0,)) -> dict[str, Any]:
        ended = self.fork(*words)
        assert ended.code in codes, ended
        found: dict[str, Any] = json.loads(ended.out)
        return found


class Sender(threading.Thread):
    """Kills one sender after the other while the round lasts."""

    def __init__(self, posapp: Forked, seed: int) -> None:
        super().__init__()
        self.kills = 0
        self.bad: list[Ended] = []
        self._chance = random.Random(seed)
        self._over = threading.Event()
        self._posapp = posapp

    def run(self) -> None:
        while not self._over.is_set():
            ended = self._posapp.fork("sync", "--watch", kill_after=self._chance.uniform(0.02, 0.6))
            self.kills += ended.code == KILLED
            if ended.code != KILLED or "Traceback" in ended.errors:
                self.bad.append(ended)
                return

    def stop(self) -> None:
        self._over.set()
        self.join(60)


class Station:
    """Moves orders on, and is killed more often than not."""

    def __init__(self, posapp: Forked, seed: int) -> None:
        self.kills = 0
        self.acknowledged: dict[str, list[str]] = {}
        self._chance = random.Random(seed)
        self._posapp = posapp

    def move_one(self) -> bool:
        """Move an order, perhaps with a kill; tell whether there was one to move."""
        started = time.monotonic()
        listed = self._posapp.run("orders", "list", "--limit", "100")["orders"]
        usual = time.monotonic() - started
        open_orders = [order for order in listed if next_of(order) is not None]
        if not open_orders:
            return False
        order = self._chance.choice(open_orders)
        target = next_of(order)
        assert target is not None
        kill_after = self._chance.uniform(0.0, 1.5) * usual if self._chance.random() < 0.9 else None
        ended = self._posapp.fork("orders", "move", order["id"], target.value, kill_after=kill_after)
        assert "Traceback" not in ended.errors, ended
        self.kills += ended.code == KILLED
        if ended.code == 0:
            self.acknowledged.setdefault(order["id"], []).append(target.value)
        return True


def wait_for_work(shop: ShopProgram) -> None:
    """Let a customer order something once all is done; what is not here yet comes with the next sender."""
    if set(shop.statuses().values()) <= {"delivered", "cancelled"}:
        shop.ask("add", count=2)
    else:
        time.sleep(0.05)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_round_of_kills_loses_and_doubles_nothing(number: int, tmp_path: Path) -> None:
    seed = SEED + number
    key = {"POSAPP_REMOTE_ALMA_API_KEY": KEY}
    with (
        ShopProgram("--orders", str(ORDERS), "--seed", str(seed % 1000), *FAULTS) as shop,
        Zygote(tmp_path / "station", key) as one,
        Zygote(tmp_path / "sender", key) as other,
    ):
        posapp = Forked(tmp_path / "data", shop.url, one)
        station, sender = Station(posapp, seed), Sender(Forked(tmp_path / "data", shop.url, other), seed)
        sender.start()
        try:
            while station.kills + sender.kills < A_ROUND and not sender.bad:
                if not station.move_one():
                    wait_for_work(shop)
        finally:
            sender.stop()
        assert not sender.bad, sender.bad
        assert_sound(posapp)
        for name, targets in station.acknowledged.items():
            done = [row["target"] for row in posapp.run("orders", "show", name)["queue"]]
            assert is_within(targets, done), f"{name}: {targets} acknowledged, {done} there"
        shop.ask("faults", clear=True)
        drain(posapp)
        assert_in_step(posapp, shop, len(shop.statuses()))
    moves = sum(map(len, station.acknowledged.values()))
    print(f"seed {seed}: {station.kills} stations and {sender.kills} senders killed, {moves} moves")  # noqa: T201
    assert sender.kills > 0


@pytest.mark.parametrize("number", range(TILL_ROUNDS))
def test_a_round_of_killed_tills_leaves_whole_sales(number: int, tmp_path: Path) -> None:
    seed = SEED + 100_000 + number
    chance = random.Random(seed)
    data_dir = tmp_path / "data"
    saved: dict[str, int] = {}
    kills: Counter[int] = Counter()
    with Zygote(tmp_path / "till") as zygote:
        for one in range(A_TILL_ROUND):
            words = (TILL, str(data_dir), str(seed * 100 + one))
            ended = zygote.run(*words, kill_after=chance.uniform(0.0, 0.2))
            assert ended.errors == ""
            kills[ended.code] += 1
            # The last line may have been cut by the kill.
            said = [line.split() for line in ended.out.splitlines(keepends=True) if line.endswith("\n")]
            assert_nothing_lost(data_dir, saved, [words for words in said if words != ["ready"]])
    print(f"seed {seed}: {kills[KILLED]} tills killed, {len(saved)} sales")  # noqa: T201
    assert kills == {KILLED: A_TILL_ROUND}
    assert saved
