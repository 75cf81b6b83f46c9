"""`python -m tests.benchmarks`: measure everything, print it, and write docs/performance.md."""

from __future__ import annotations

import argparse
import compileall
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import draining, listing, pixels, pulling, server, start, transaction
from tests.benchmarks.bench import ROOT, Bench, Progress
from tests.benchmarks.figures import Line
from tests.benchmarks.report import machine, show, write_document


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One benchmark: its short name and what measures it."""

    name: str
    run: Callable[[Bench], list[Line]]


# A new benchmark is a file and a line here; the table keeps this order.
BENCHMARKS = tuple(
    Benchmark(module.NAME, module.run)
    for module in (start, pixels, transaction, server, listing, pulling, draining)
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks that were asked for; only a full run is written down."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", metavar="WORD", help="only those with this word in their name")
    parser.add_argument("--orders", type=int, default=100_000, help="size of the large database")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--no-write", action="store_true", help="leave docs/performance.md as it is")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    compileall.compile_dir(ROOT / "posapp", quiet=1)
    compileall.compile_dir(ROOT / "tests" / "benchmarks", quiet=1)
    chosen = [item for item in BENCHMARKS if options.only is None or options.only in item.name]
    progress = Progress(len(chosen))
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="posapp-bench-") as folder:
        bench = Bench(Path(folder), progress, orders=options.orders, rounds=options.rounds)
        for item in chosen:
            progress.begin(item.name)
            lines += item.run(bench)
    progress.end()
    show(lines)
    sys.stdout.write(machine(options.orders) + "\n")
    if options.only is None and not options.no_write:
        write_document(lines, options.orders)
    return 0


if __name__ == "__main__":
    sys.exit(main())
