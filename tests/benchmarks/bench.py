"""What every benchmark is given: a place for files, a filled database, fresh processes, a progress line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from posapp.sandbox.menu import COMMENTS, DISHES, NAMES, STREETS
from posapp.services.sample import fill
from posapp.services.sample_rows import SampleDish, Stock
from posapp.storage.database import open_store
from posapp.storage.store import Store

ROOT = Path(__file__).resolve().parents[2]
CHILD_TIMEOUT_S = 400.0


class Progress:
    """One line at a terminal that is written over; elsewhere a line per benchmark."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._name = ""
        self._live = sys.stderr.isatty()
        self._started = time.monotonic()

    def begin(self, name: str) -> None:
        """Tell that the next benchmark begins."""
        self._done += 1
        self._name = name
        self.say("")
        if not self._live:
            sys.stderr.write(f"{self._head()} {name}\n")
            sys.stderr.flush()

    def say(self, what: str) -> None:
        """Tell what is under way."""
        if self._live:
            text = f"{self._head()} {self._name}{': ' if what else ''}{what}"
            sys.stderr.write(f"\r\x1b[K{text[:110]}")
            sys.stderr.flush()

    def end(self) -> None:
        """Leave the terminal with a clean line."""
        if self._live:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _head(self) -> str:
        return f"[{self._done}/{self._total}, {time.monotonic() - self._started:3.0f} s]"


class Bench:
    """The surroundings of one run; `orders` is the size of the large database."""

    def __init__(self, work: Path, progress: Progress, *, orders: int, rounds: int) -> None:
        self.work = work
        self.progress = progress
        self.orders = orders
        self.rounds = rounds

    def each_round(self, rounds: int | None = None) -> Iterator[int]:
        """Count the rounds, telling the person who waits."""
        count = rounds or self.rounds
        for number in range(count):
            self.progress.say(f"round {number + 1} of {count}")
            yield number

    def filled(self) -> Path:
        """Return a data directory with `orders` orders; it is made once and only to be read."""
        target = self.work / "filled"
        if not target.exists():
            self.progress.say(f"filling a database with {self.orders:,} orders")
            with opened(target) as store:
                fill(store, self.orders, seed=1, stock=sample_stock(), station="bench")
                store.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return target

    def copy_of_filled(self, name: str) -> Path:
        """Return a data directory of one's own with `orders` orders."""
        target = self.work / name
        shutil.copytree(self.filled(), target, dirs_exist_ok=True)
        return target

    def empty(self, name: str) -> Path:
        """Return a data directory with an empty database of the present schema."""
        target = self.work / name
        shutil.rmtree(target, ignore_errors=True)
        with opened(target):
            pass
        return target


@contextmanager
def opened(data_dir: Path) -> Iterator[Store]:
    """Open a database for a while."""
    store = open_store(data_dir)
    try:
        yield store
    finally:
        store.close_thread()


def sample_stock() -> Stock:
    """Return what sample orders are made of."""
    dishes = tuple(
        SampleDish(dish.internal_id, dish.title, dish.price, dish.brand) for dish in DISHES.values()
    )
    return Stock(dishes, NAMES, STREETS, COMMENTS)


def child_environment() -> dict[str, str]:
    """Return the environment of a measured process: no screen, byte code kept, no settings of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("POSAPP_", "PYTHON"))}
    return kept | {"QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}


def run_child(name: str, *arguments: object) -> dict[str, float]:
    """Run one of the programs in children/ and return what it found.

    Each is told the moment of its start (monotonic, the same for all processes) as its first argument.
    """
    command = [sys.executable, "-m", f"tests.benchmarks.children.{name}", str(time.monotonic_ns())]
    done = subprocess.run(
        [*command, *map(str, arguments)],
        cwd=ROOT,
        env=child_environment(),
        capture_output=True,
        text=True,
        timeout=CHILD_TIMEOUT_S,
        check=False,
    )
    if done.returncode != 0 or not done.stdout.strip():
        raise RuntimeError(f"{name} failed ({done.returncode}):\n{done.stdout}\n{done.stderr}")
    found = json.loads(done.stdout.splitlines()[-1])
    return {str(key): float(value) for key, value in found.items()}


def seconds_of(work: Callable[[], object]) -> float:
    """Return how long a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def turned(items: Sequence[str], number: int) -> list[str]:
    """Return the items beginning with another one each round, so that none is always the first."""
    start = number % len(items)
    return [*items[start:], *items[:start]]
