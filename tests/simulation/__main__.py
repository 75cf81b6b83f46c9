"""`python -m tests.simulation --seeds A..B --jobs N`: run seeds, replay one, or let each mutant be caught."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tests.simulation.journal import Journal
from tests.simulation.mutants import MUTANTS, prepare
from tests.simulation.pool import LONGEST_LIST, Summary, run_seeds
from tests.simulation.run import run_seed


def seeds_of(text: str) -> range:
    """Return the seeds of `A..B` (both included) or of a single number."""
    first, dots, last = text.partition("..")
    return range(int(first), int(last if dots else first) + 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments ask for; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=seeds_of, default=range(1000), metavar="A..B")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--log", type=Path, metavar="FILE", help="write each thousand down there, and skip those that are"
    )
    parser.add_argument("--trace", action="store_true", help="print the trace of each seed, in this process")
    parser.add_argument("--check", action="store_true", help="run each seed twice and compare the traces")
    parser.add_argument("--mutants", action="store_true", help="let each broken variant be caught")
    parser.add_argument(
        "--only", default="", metavar="WORD", help="only mutants with this word in their name"
    )
    options = parser.parse_args(arguments)
    if options.mutants:
        return _mutants(options.seeds, options.jobs, options.only)
    if options.trace or options.check:
        return _one_by_one(options.seeds, show=options.trace)
    if options.log is not None:
        return _by_blocks(options.seeds, options.jobs, options.log)
    summary = run_seeds(options.seeds, options.jobs, progress=True)
    say(report(summary))
    return 1 if summary.broken else 0


def _by_blocks(seeds: range, jobs: int, path: Path) -> int:
    """Run many seeds so that they may be interrupted; the figures are of all that the file tells."""
    journal = Journal(path)
    for block in journal.blocks(seeds):
        summary = run_seeds(block, jobs)
        journal.add(block, summary)
        for result in summary.broken:
            say(result.report())
        say(f"{block.start}..{block.stop - 1} in {summary.seconds:.0f} s, {len(summary.broken)} broken")
    say(f"commit {journal.commit}")
    say(report(journal.total))
    return 1 if journal.total.broken else 0


def _one_by_one(seeds: range, *, show: bool) -> int:
    failed = 0
    for seed in seeds:
        result = run_seed(seed, keep_trace=show)
        if show:
            say(result.report())
        failed += bool(result.broken)
        if not show and run_seed(seed).trace_hash != result.trace_hash:
            say(f"seed {seed}: two runs, two traces")
            failed += 1
    return 1 if failed else 0


def _mutants(seeds: range, jobs: int, only: str) -> int:
    escaped = 0
    for mutant in MUTANTS:
        if only not in mutant.name:
            continue
        caught = run_seeds(seeds, jobs, prepare=partial(prepare, mutant.name), until_broken=True).broken
        escaped += not caught
        words = f"seed {caught[0].seed:5}  {caught[0].broken}" if caught else "NOT CAUGHT"
        say(f"{mutant.name:32} {words[:110]}")
    say(f"{escaped} of {len(MUTANTS)} mutants were not caught" if escaped else "all mutants were caught")
    return 1 if escaped else 0


def report(summary: Summary) -> str:
    """Return the figures, and each broken seed with all that is needed to replay it."""
    rate = summary.seeds / max(summary.seconds, 0.001)
    per_core = summary.seeds / max(summary.cpu_seconds, 0.001)
    lines = [
        f"{summary.seeds} seeds in {summary.seconds:.0f} s: {rate:.1f}/s, {per_core:.1f} per second of a core"
    ]
    lines += [f"  {name}: {number}" for name, number in sorted(summary.counts.items())]
    for result in summary.broken[:LONGEST_LIST]:
        lines.append(
            result.report() if result is summary.broken[0] else f"seed {result.seed}: {result.broken}"
        )
    lines.append(f"{len(summary.broken)} seeds broke a promise")
    return "\n".join(lines)


def say(text: str) -> None:
    """Print for whoever started this."""
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
