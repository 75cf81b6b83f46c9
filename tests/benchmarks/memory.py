"""`python -m tests.benchmarks.memory`: what the real window takes after thousands of acts, by figures.

The first tenth of each part warms up: it fills caches whose size is bounded.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

import posapp.app
from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services.orders import move
from posapp.services.sample import fill
from posapp.storage import dialect_sqlite
from posapp.ui.pages import ORDERS
from tests.benchmarks.bench import opened, sample_stock
from tests.benchmarks.rush import memory, trim

_WHO = Who("cook", "bench")
_SCREENS = ("kitchen", "delivery", "reports", "sync", "settings", ORDERS)
_NEXT = {"ondelivery": Status.COOKING, "cooking": Status.ONDELIVERY}
_LOOKS = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked for and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.memory", description=__doc__)
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--switches", type=int, default=1_000)
    parser.add_argument("--cache-mb", type=int, default=0, help="SQLite's cache of a connection; 0: as it is")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if options.cache_mb:
        dialect_sqlite._PRAGMAS["cache_size"] = -1000 * options.cache_mb
    with tempfile.TemporaryDirectory(prefix="posapp-memory-") as folder:
        with opened(Path(folder)) as store:
            fill(store, 2_000, seed=1, stock=sample_stock(), station="bench")
        app = posapp.app.build(Path(folder), start_sync=False, sounds=False)
        try:
            app.window.resize(1366, 768)
            app.window.show()
            app.wait_idle(15)
            _repeat("status changes", options.changes, _changing(app))
            if options.switches:
                _repeat("screens opened", options.switches, _switching(app))
        finally:
            app.close()
    return 0


def _changing(app: posapp.app.App) -> Callable[[int], None]:
    found = app.store.all(
        "SELECT pk FROM orders WHERE kind = 'delivery' AND status IN ('ondelivery', 'cooking')"
    )
    pks = [int(row[0]) for row in found]

    def change(number: int) -> None:
        pk = pks[number % len(pks)]
        row = app.store.one("SELECT status FROM orders WHERE pk = ?", (pk,))
        assert row is not None
        move(app.store, pk, _NEXT[row[0]], _WHO)
        QCoreApplication.processEvents()

    return change


def _switching(app: posapp.app.App) -> Callable[[int], None]:
    def switch(number: int) -> None:
        app.show_screen(_SCREENS[number % len(_SCREENS)])
        end = time.monotonic() + 0.02
        while time.monotonic() < end:
            QCoreApplication.processEvents()

    return switch


def _repeat(what: str, count: int, act: Callable[[int], None]) -> None:
    for number in range(count // 10):
        act(number)
    base, objects = _look(f"{count // 10:,} {what} to warm up")
    part = max(1, count // _LOOKS)
    now, present = base, objects
    for done in range(0, count, part):
        for number in range(done, done + part):
            act(number)
        now, present = _look(f"{done + part:,} {what}")
    sys.stdout.write(f"{what}: {now - base:+.1f} MB, {present - objects:+,} objects of Python\n")


def _look(when: str) -> tuple[float, int]:
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        QCoreApplication.processEvents()
    gc.collect()
    trim()
    found, objects = memory().resident, len(gc.get_objects())
    sys.stdout.write(f"{when}: {found:.1f} MB, {objects:,} objects\n")
    sys.stdout.flush()
    return found, objects


if __name__ == "__main__":
    sys.exit(main())
