"""The short form of the simulation; `make prove` runs the long one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.mutants import MUTANTS, Mutant
from tests.simulation.run import run_seed

SEEDS = int(os.environ.get("POSAPP_SEEDS", "5000"))
MUTANT_SEEDS = 5_000
CHUNK = 250
ROOT = Path(__file__).parents[2]
REGRESSIONS = Path(__file__).with_name("regressions.txt")

_HASHES = """
from tests.simulation.run import run_seed
print(*[run_seed(seed).trace_hash for seed in range(12)])
"""


def _regressions() -> list[int]:
    lines = REGRESSIONS.read_text(encoding="utf-8").splitlines()
    return [int(line.split()[0]) for line in lines if line and not line.startswith("#")]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_no_schedule_breaks_a_promise(first: int) -> None:
    for seed in range(first, min(first + CHUNK, SEEDS)):
        result = run_seed(seed)
        assert not result.broken, result.report()


@pytest.mark.parametrize("seed", _regressions())
def test_what_once_broke_holds(seed: int) -> None:
    result = run_seed(seed)
    assert not result.broken, result.report()


def test_the_same_seed_gives_the_same_trace() -> None:
    here = [run_seed(seed).trace_hash for seed in range(12)]
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    there = subprocess.run(
        [sys.executable, "-c", _HASHES], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert there.stdout.split() == here


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_every_broken_variant_is_caught(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    def patch(owner: object, name: str, value: object) -> None:
        monkeypatch.setattr(owner, name, value)

    mutant.apply(patch)
    near = range(max(0, mutant.seed - 5), mutant.seed + 20)
    caught = next((seed for seed in (*near, *range(MUTANT_SEEDS)) if run_seed(seed).broken), None)
    assert caught is not None, f"“{mutant.name}” breaks no promise in {MUTANT_SEEDS} schedules"


def test_a_report_holds_all_that_a_replay_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    def patch(owner: object, name: str, value: object) -> None:
        monkeypatch.setattr(owner, name, value)

    next(mutant for mutant in MUTANTS if mutant.name == "two in flight").apply(patch)
    report = next(result for result in map(run_seed, range(50)) if result.broken).report()
    assert "S4" in report
    assert "faults = " in report
    assert "sender counter-1" in report
    assert "replay: python -m tests.simulation --seeds" in report
