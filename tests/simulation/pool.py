"""Many seeds on several processor cores, with progress for whoever waits."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from tests.simulation.run import Result, run_seed

CHUNK = 25
LONGEST_LIST = 20


@dataclass(slots=True)
class Summary:
    """What many seeds came to."""

    seeds: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    broken: list[Result] = field(default_factory=list)

    def add(self, results: Iterable[Result], cpu_seconds: float) -> None:
        """Add the results of a chunk."""
        for result in results:
            self.seeds += 1
            self.counts.update(result.counts)
            if result.broken:
                self.broken.append(result)
        self.cpu_seconds += cpu_seconds


def _run_chunk(seeds: list[int], prepare: Callable[[], object] | None) -> tuple[list[Result], float]:
    begin = time.process_time()
    if prepare is not None:
        prepare()
    return [run_seed(seed) for seed in seeds], time.process_time() - begin


def chunks(seeds: Iterable[int]) -> Iterator[list[int]]:
    """Cut a list of seeds into pieces for one process each."""
    some: list[int] = []
    for seed in seeds:
        some.append(seed)
        if len(some) == CHUNK:
            yield some
            some = []
    if some:
        yield some


def run_seeds(
    seeds: Iterable[int],
    jobs: int,
    *,
    progress: bool = False,
    prepare: Callable[[], object] | None = None,
    until_broken: bool = False,
) -> Summary:
    """Run seeds side by side; `until_broken` ends with the chunk of the first that breaks a promise."""
    summary = Summary()
    begin = time.monotonic()
    # Not by fork: whoever asks may have threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        futures = [pool.submit(_run_chunk, some, prepare) for some in chunks(seeds)]
        for number, future in enumerate(futures, start=1):
            results, cpu_seconds = future.result()
            summary.add(results, cpu_seconds)
            summary.seconds = time.monotonic() - begin
            if progress:
                tell(summary, results, number, len(futures))
            if until_broken and summary.broken:
                pool.shutdown(wait=True, cancel_futures=True)
                break
    summary.broken.sort(key=lambda result: result.seed)
    return summary


def tell(summary: Summary, results: list[Result], done: int, of: int) -> None:
    """Tell on standard error how far it is, and at once of each promise that was broken."""
    for result in results:
        if result.broken:
            sys.stderr.write(f"\rseed {result.seed}: {result.broken}\n")
    rate = summary.seeds / max(summary.seconds, 0.001)
    words = f"\r{summary.seeds} seeds, {done * 100 // of} %, {rate:.0f}/s, {len(summary.broken)} broken "
    sys.stderr.write(words + ("\n" if done == of else ""))
    sys.stderr.flush()
