"""What a long run has done so far, one line of a file for each block of seeds: it can be interrupted."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.simulation.pool import Summary
from tests.simulation.run import Result

BLOCK = 1_000
ROOT = Path(__file__).parents[2]


def commit_here() -> str:
    """Return the commit of this tree, with a plus when files differ from it."""
    described = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    done = subprocess.run(described, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


class Journal:
    """The blocks that were run with the code as it is here."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.commit = commit_here()
        self.total = Summary()
        self._done: set[tuple[int, int]] = set()
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        for line in lines:
            block = json.loads(line)
            if block["commit"] == self.commit:
                self._take(block)

    def blocks(self, seeds: range) -> Iterator[range]:
        """Cut seeds into blocks and give those that are not done."""
        for first in range(seeds.start, seeds.stop, BLOCK):
            block = range(first, min(first + BLOCK, seeds.stop))
            if (block.start, block.stop) not in self._done:
                yield block

    def add(self, seeds: range, summary: Summary) -> None:
        """Write a block down."""
        block = {
            "first": seeds.start,
            "last": seeds.stop - 1,
            "commit": self.commit,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(summary.seconds, 1),
            "cpu_seconds": round(summary.cpu_seconds, 1),
            "broken": [result.seed for result in summary.broken],
            "counts": dict(summary.counts),
        }
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(block) + "\n")
        self._take(block)

    def _take(self, block: dict[str, object]) -> None:
        first, last = _number(block["first"]), _number(block["last"])
        self._done.add((first, last + 1))
        self.total.seeds += last + 1 - first
        self.total.seconds += float(str(block["seconds"]))
        self.total.cpu_seconds += float(str(block["cpu_seconds"]))
        counts, broken = block["counts"], block["broken"]
        assert isinstance(counts, dict)
        assert isinstance(broken, Iterable)
        self.total.counts.update(Counter({str(name): _number(count) for name, count in counts.items()}))
        self.total.broken += [Result(_number(seed), "it broke a promise") for seed in broken]


def _number(value: object) -> int:
    assert isinstance(value, int)
    return value
