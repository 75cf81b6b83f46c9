"""A short rush in the real window, with shop and cooks in another process: the whole one is a benchmark."""

from __future__ import annotations

import subprocess
import sys

from tests.benchmarks.bench import ROOT

_SHORT = ("--orders", "300", "--warm-up", "100", "--batch", "100")


def test_a_rush_misses_and_doubles_no_tile_and_takes_no_more_memory_for_each_order() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.rush", *_SHORT],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
