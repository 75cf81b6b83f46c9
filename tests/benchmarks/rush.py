"""`python -m tests.benchmarks.rush`: the real window through a rush of orders, and what memory it takes.

Shop, counter and cooks are another process. After each batch the board must show exactly the orders that the
database has in the kitchen. The first batches warm up: they fill caches whose size is bounded.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.app import App, build
from posapp.ui.screens.kitchen import KitchenPage
from tests.benchmarks.bench import ROOT

_WAIT_S = 60.0
_PAINTED_S = 0.4
_GROWTH_PERCENT = 10
_MAPPED_MB = 1  # what is mapped is the program, never the orders
_KITCHEN = (
    "SELECT orders.pk FROM orders LEFT JOIN kitchen_orders AS k ON k.order_pk = orders.pk "
    "WHERE status IN ('accepted', 'cooking') AND k.ready_at IS NULL"
)


@dataclass(frozen=True, slots=True)
class Memory:
    """What this process takes, in MB; `shared` is what the kernel could take back: files mapped into it."""

    resident: float
    own: float
    shared: float


def memory() -> Memory:
    """Return what this process takes now."""
    fields = {}
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        name, _, text = line.partition(":")
        if name.startswith(("VmRSS", "Rss")):
            fields[name] = int(text.split()[0]) / 1024
    return Memory(fields["VmRSS"], fields["RssAnon"], fields["RssFile"] + fields["RssShmem"])


class RushRun:
    """One window and the process that keeps it busy."""

    def __init__(self, place: Path, screens: Sequence[str], *, own_windows: bool) -> None:
        self._place, self._screens = place, screens
        self.app: App = build(place, screen="kitchen", sounds=False)
        self.window = self.app.window
        self.window.resize(1920, 1080)
        self.window.show()
        self.app.wait_idle(15)
        if own_windows:
            self.window.kitchen.open_window()
        found = self.window.findChild(KitchenPage, "kitchenPage")
        assert found is not None
        self.page = found
        self._shop = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.children.rush_shop", str(place)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._turn = 0
        self.slowest = 0.0

    def batch(self, count: int, pace: int) -> None:
        """Let so many orders come, `pace` a second (0: at once), and see that the board tells the truth."""
        for some in range(0, count, pace or count):
            end = time.monotonic() + 1
            self._come(min(pace or count, count - some))
            if pace:
                self._rest(end - time.monotonic())
        self.window.open_screen("kitchen")
        wanted = self._in_kitchen()
        self._until(lambda: set(self.page.board.order) == wanted)
        assert len(set(self.page.board.order)) == len(self.page.board.order)
        self._cook()
        self._turn += 1
        self.window.open_screen(self._screens[self._turn % len(self._screens)])
        self._rest()

    def _rest(self, seconds: float = _PAINTED_S) -> None:
        end = time.monotonic() + seconds
        self._until(lambda: time.monotonic() >= end)

    def _come(self, count: int) -> None:
        assert self._shop.stdin is not None
        assert self._shop.stdout is not None
        self._shop.stdin.write(f"{count}\n")
        self._shop.stdin.flush()
        os.set_blocking(self._shop.stdout.fileno(), False)
        said = self._shop.stdout
        self._until(lambda: said.readline() == "done\n")

    def _cook(self) -> None:
        """Do a step of the oldest order with keys, and take it back."""
        first, commands = self.page.board.order[0], self.page.commands
        state = self._state_of(first)
        self.page.board.select(first, show=True)
        self._rest()  # a tile that has only just changed takes no key
        QTest.keyClick(self.page, Qt.Key.Key_Return)
        self._until(lambda: bool(commands.undo_code))
        QTest.keyClicks(self.page, "u")
        self._until(lambda: first in self.page.board.order and self._state_of(first) != state)

    def _state_of(self, pk: int) -> tuple[int, int]:
        return self.page.reader.tickets[pk].state

    def _until(self, reached: Callable[[], bool]) -> None:
        end = time.monotonic() + _WAIT_S
        while not reached():
            self._breathe()
            assert self._shop.poll() is None, "the shop has ended"
            assert time.monotonic() < end, "this takes too long"

    def _in_kitchen(self) -> set[int]:
        return {int(pk) for (pk,) in self.app.store.all(_KITCHEN)}

    def _breathe(self) -> None:
        begun = time.monotonic()
        QApplication.processEvents()
        self.slowest = max(self.slowest, time.monotonic() - begun)
        time.sleep(0.005)

    def close(self) -> None:
        """End both."""
        assert self._shop.stdin is not None
        self._shop.stdin.close()
        self._shop.wait(10)
        self.app.close()


def trim() -> None:
    """Give back what the allocator keeps of freed memory, to see what is really held."""
    ctypes.CDLL(None).malloc_trim(0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a rush and print what it takes."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.rush", description=__doc__)
    parser.add_argument("--orders", type=int, default=2000)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--warm-up", type=int, default=400, help="orders before the first figure that counts")
    parser.add_argument("--screens", default="kitchen", help="screens to go through, with commas")
    parser.add_argument("--second-window", action="store_true")
    parser.add_argument("--objects", action="store_true", help="tell which objects became more")
    parser.add_argument("--pace", type=int, default=0, help="orders a second; 0: as fast as they can come")
    parser.add_argument("--trim", action="store_true", help="have the allocator give back before each look")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="posapp-rush-") as folder:
        run = RushRun(Path(folder), options.screens.split(","), own_windows=options.second_window)
        try:
            return _measure(run, options)
        finally:
            run.close()


def _measure(run: RushRun, options: argparse.Namespace) -> int:
    run_up, orders, batch = options.warm_up, options.orders, options.batch
    say = sys.stdout.write
    _look(0, options)
    for done in range(batch, run_up + 1, batch):
        run.batch(batch, options.pace)
        _look(done, options)
    base, first = memory(), _objects()
    for done in range(batch, orders + 1, batch):
        run.batch(batch, options.pace)
        _look(run_up + done, options)
    now = memory()
    if options.objects:
        more = _objects()
        more.subtract(first)
        say("".join(f"{count:+7} {name}\n" for name, count in more.most_common(25) if count > 0))
    growth = (now.resident / base.resident - 1) * 100
    own = (now.own / base.own - 1) * 100
    mapped = now.shared - base.shared
    say(f"After {run_up} to warm up, {orders} more: {growth:+.1f} %, own memory {own:+.1f} %, ")
    say(f"mapped files {mapped:+.1f} MB; longest turn of the window {run.slowest * 1000:.0f} ms\n")
    return 0 if abs(growth) <= _GROWTH_PERCENT and mapped <= _MAPPED_MB else 1


def _look(done: int, options: argparse.Namespace) -> None:
    gc.collect()
    if options.trim:
        trim()
    now, blocks = memory(), sys.getallocatedblocks()
    words = f"{now.resident:6.1f} MB, own {now.own:6.1f}, files {now.shared:6.1f}"
    sys.stdout.write(f"{done:5} orders: {words}, {blocks:,} blocks of Python\n")
    sys.stdout.flush()


def _objects() -> Counter[str]:
    return Counter(type(each).__name__ for each in gc.get_objects())


if __name__ == "__main__":
    sys.exit(main())
