"""`python -m tests.benchmarks.day`: eight hours in the real window, and what memory it takes each hour.

The clock is pretended: an hour passes as fast as its acts do. Each hour orders are pulled by a thread of its
own, moved on to their end, searched for letter by letter, previewed for the printer, and all screens are
opened in turn. The first hour warms up: it fills caches whose size is bounded.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit

import posapp.app
from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services.intake import take_in
from posapp.services.orders import move
from posapp.services.sample import fill
from posapp.storage import dialect_sqlite
from posapp.storage.upkeep import log_size
from posapp.ui.pages import ORDERS
from tests.benchmarks.bench import opened, sample_stock
from tests.benchmarks.rush import memory, trim
from tests.support.shop_orders import SOURCE, remote_order

_WHO = Who("cook", "bench")
_SCREENS = ("kitchen", "delivery", "reports", "sync", "settings", ORDERS)
_STEPS = (Status.ACCEPTED, Status.COOKING, Status.ONDELIVERY, Status.DELIVERED)
_SEARCHES = ("айг", "7701", "абая 12", "марг")
_BATCHES = 6  # in an hour: every ten minutes of it
_START = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


_NAMES = (
    "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
)  # fmt: skip


class _Heap(ctypes.Structure):
    """What the C library tells of its heap (mallinfo2)."""

    _fields_ = tuple((name, ctypes.c_size_t) for name in _NAMES)


def in_use() -> float:
    """Return how many MB the program holds of the C library's heap; 0 where it cannot tell."""
    library = ctypes.CDLL(None)
    if not hasattr(library, "mallinfo2"):
        return 0.0
    library.mallinfo2.restype = _Heap
    found = library.mallinfo2()
    return float(found.uordblks + found.hblkhd) / 1e6


class Day:
    """The window and its pretended clock."""

    def __init__(self, place: Path, orders: int) -> None:
        self.now = _START
        self.orders = orders
        self.made = 0
        self.longest_log = 0
        self.app = posapp.app.build(place, clock=lambda: self.now, start_sync=False, sounds=False)
        self.app.window.resize(1366, 768)
        self.app.window.show()
        self.app.wait_idle(15)

    def hour(self) -> None:
        """Let an hour pass."""
        for _ in range(_BATCHES):
            self._pull(self.orders // _BATCHES)
            self._finish()
            self._search()
            self._look_around()
            self.now += timedelta(minutes=60 // _BATCHES)
            self._turn(0.1)

    def _pull(self, count: int) -> None:
        """Take orders in as the sync does: in a thread of its own, then all of them once more, changed."""
        store, now = self.app.store, self.now
        first = self.made
        self.made += count

        def work() -> None:
            for comment in ("", "call first"):
                listed = [
                    remote_order(
                        f"d{number}", created_at=now, comment=comment, raw=f'{{"{comment}": {number}}}'
                    )
                    for number in range(first, first + count)
                ]
                take_in(store, SOURCE, listed, "bench")
            store.close_thread()

        thread = threading.Thread(target=work)
        thread.start()
        self._until(lambda: not thread.is_alive())

    def _finish(self) -> None:
        """Move what is here to its end, each step seen by the window."""
        store = self.app.store
        for step in _STEPS:
            for (pk,) in store.all("SELECT pk FROM orders WHERE remote_id LIKE 'd%' AND urgency IS NOT NULL"):
                move(store, int(pk), step, _WHO)
                QCoreApplication.processEvents()
            self._turn(0.05)
        with store.write() as tx:
            tx.execute("UPDATE outbox SET state = 'confirmed', closed_at = 0 WHERE state = 'pending'")
            tx.execute("UPDATE orders SET sync = 'synced' WHERE sync = 'pending'")
        self.longest_log = max(self.longest_log, log_size(store.data_dir))

    def _search(self) -> None:
        self.app.show_screen(ORDERS)
        edit = self.app.window.findChild(QLineEdit, "searchEdit")
        assert edit is not None
        for text in _SEARCHES:
            for letter in range(len(text)):
                edit.setText(text[: letter + 1])
                self._turn(0.02)
            edit.clear()
        self._turn(0.05)

    def _look_around(self) -> None:
        for screen in _SCREENS:
            self.app.show_screen(screen)
            self._turn(0.05)
        row = self.app.store.one("SELECT max(pk) FROM orders")
        assert row is not None
        self.app.context.print_wanted.emit(int(row[0]))
        self._turn(0.15)
        seen = [dialog for dialog in self.app.window.findChildren(QDialog) if dialog.isVisible()]
        assert seen, "no preview came"
        for dialog in seen:
            dialog.reject()
        self._turn(0.05)

    def _turn(self, seconds: float) -> None:
        QTest.qWait(int(seconds * 1000))

    def _until(self, reached: Callable[[], bool]) -> None:
        while not reached():
            QCoreApplication.processEvents()
            time.sleep(0.001)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the day and print the figures of each hour."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.day", description=__doc__)
    parser.add_argument("--hours", type=int, default=8)
    parser.add_argument("--orders", type=int, default=120, help="in an hour")
    parser.add_argument("--database", type=int, default=20_000, help="orders that are there before")
    parser.add_argument("--cache-mb", type=int, default=0, help="SQLite's cache of a connection; 0: as it is")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if options.cache_mb:
        dialect_sqlite._PRAGMAS["cache_size"] = -1000 * options.cache_mb
    with tempfile.TemporaryDirectory(prefix="posapp-day-") as folder:
        with opened(Path(folder)) as store:
            fill(store, options.database, seed=1, stock=sample_stock(), station="bench")
        day = Day(Path(folder), options.orders)
        try:
            _run(day, options.hours)
        finally:
            day.app.close()
    return 0


def _run(day: Day, hours: int) -> None:
    say = sys.stdout.write
    base = found = 0.0
    objects = count = 0
    for hour in range(hours + 1):
        day.hour()
        gc.collect()
        trim()
        found, heap, count = memory().resident, in_use(), len(gc.get_objects())
        what = "to warm up" if not hour else f"hour {hour}"
        say(f"{what}: {found:.1f} MB, {heap:.1f} MB in use, {count:,} objects, {day.made:,} orders came\n")
        sys.stdout.flush()
        base, objects = (found, count) if not hour else (base, objects)
    say(f"{hours} hours: {found - base:+.1f} MB, {count - objects:+,.0f} objects of Python; ")
    say(f"the longest log {day.longest_log / 1e6:.1f} MB\n")


if __name__ == "__main__":
    sys.exit(main())
