"""The real window over a database of any size: acts until their pixels, and the longest stalls."""

from __future__ import annotations

import gc
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QPoint

import posapp.app
from posapp.config import Config, RemoteConfig
from posapp.domain.report_span import SpanKind, span_of
from posapp.domain.status import Status
from posapp.domain.timing import Targets
from posapp.domain.who import Who
from posapp.remote.api import FormatSettings, Reply
from posapp.remote.internal import InternalFormat
from posapp.services.intake import Source, take_in
from posapp.services.orders import move
from posapp.storage.backup import backup_database
from posapp.storage.reports import Wanted, count
from posapp.storage.rows import OrderFilter, OrderRow, Sort, Tab
from posapp.ui.screens.orders import OrdersPage
from posapp.ui.stalls import StallWatch
from posapp.ui.theme import current_theme
from posapp.ui.widgets.statustabs import StatusTabs
from tests.benchmarks.children.parts import answer, peak_mb
from tests.benchmarks.draining import one_round, shop
from tests.benchmarks.pulling import make_body

_JUMPS = 25
_WAIT_S = 120.0
_ZONE = ZoneInfo("Asia/Almaty")


class LongWindow:
    """The window and its list."""

    def __init__(self, place: Path) -> None:
        self.app = posapp.app.build(place, start_sync=False, sounds=False)
        window = self.app.window
        window.resize(1366, 768)
        window.show()
        page = window.findChild(OrdersPage)
        assert page is not None
        self.page, self.listing = page, page._list
        self.column: Any = page._column
        self.view = self.column.view
        self.tabs: Any = page.findChild(StatusTabs, "statusTabs")
        self.until(lambda: self.idle() and self.column.model.rowCount() > 0)
        self.app.wait_idle(10)
        gc.freeze()  # as the program does once its window stands
        self.watch = StallWatch(50)

    def idle(self) -> bool:
        return not (self.listing.reader.waits or self.listing.reader.on_the_way)

    def until(self, reached: Callable[[], bool]) -> None:
        end = time.monotonic() + _WAIT_S
        while not reached():
            QCoreApplication.processEvents()
            assert time.monotonic() < end, "this takes too long"
            time.sleep(0.0002)

    def painted(self, act: Callable[[], object], reached: Callable[[], bool]) -> float:
        """Return the milliseconds from an act to the end of the paint that shows what it led to."""
        began = time.perf_counter()
        act()
        self.until(reached)
        self.view.viewport().repaint()
        return (time.perf_counter() - began) * 1000

    def tab(self, tab: Tab) -> float:
        return self.painted(lambda: self.tabs.set_current(tab), self.idle)

    def jump(self, place: int) -> float:
        height = current_theme().row

        def there() -> bool:
            row = self.view.indexAt(QPoint(2, 1)).row()
            return self.idle() and self.listing.reader.first + row == place

        return self.painted(lambda: self.view.bar.setValue(place * height), there)

    def type_char(self, text: str) -> float:
        def shown() -> bool:
            return self.idle() and self.listing.reader.chosen.search == text

        return self.painted(lambda: self.column.search.setText(text), shown)

    def list_of(self, chosen: OrderFilter) -> float:
        return self.painted(lambda: self.listing.reader.show(chosen), self.idle)

    def meanwhile(self, work: Callable[[], object]) -> tuple[float, float]:
        """Do work in another thread; return its seconds, and the longest stall of the window."""
        store = self.app.store
        ended: list[float] = []

        def run() -> None:
            began = time.perf_counter()
            try:
                work()
            finally:
                store.close_thread()
                ended.append(time.perf_counter() - began)

        self.watch.reset()
        thread = threading.Thread(target=run)
        thread.start()
        self.until(lambda: bool(ended))
        self.app.wait_idle(10)
        thread.join()
        return ended[0], self.watch.longest_ms


def _pull(window: LongWindow, reply: Reply) -> None:
    settings = FormatSettings("KZT", _ZONE)
    outcome = InternalFormat().read_list(reply, settings)
    source = Source("curve", "internal", "KZT")
    take_in(window.app.store, source, outcome.orders, "bench", origin="sync")


def _drain(window: LongWindow, count: int) -> tuple[float, float]:
    """Let a shop's orders come, accept them all, and send that while the window is watched."""
    store = window.app.store
    with shop() as server:
        server.call("add", {"count": count})
        config = Config(remotes=(RemoteConfig("drained", server.url),))

        def prepare() -> None:
            one_round(store, config)
            for (pk,) in store.all("SELECT pk FROM orders WHERE remote = 'drained'"):
                move(store, pk, Status.ACCEPTED, Who("bench", "bench"))

        window.meanwhile(prepare)
        sent: list[int] = []
        seconds, stall = window.meanwhile(lambda: sent.append(one_round(store, config).pushed))
    assert sent == [count], sent
    return seconds, stall


def main() -> None:
    """Measure everything and tell it."""
    place, pulled = Path(sys.argv[2]), int(sys.argv[3])
    window = LongWindow(place)
    store, reader = window.app.store, window.listing.reader
    found: dict[str, float] = {}
    found["open_ms"] = window.tab(Tab.DONE)
    window.until(lambda: reader._anchors.whole or not reader._next_key)
    total = window.listing.long.total
    before = peak_mb()
    chance = random.Random(1)
    jumps = [window.jump(chance.randrange(max(1, total - 20))) for _ in range(_JUMPS)]
    found["jump_ms"], found["jump_worst_ms"] = median(jumps), max(jumps)
    done = OrderFilter(tab=Tab.DONE)
    found["due_ms"] = window.list_of(replace(done, sort=Sort.DUE))
    found["rare_ms"] = window.list_of(replace(done, brand="a brand that nobody has"))
    found["filter_ms"] = median(window.tab(tab) for tab in (Tab.COOKING, Tab.ONDELIVERY, Tab.ACCEPTED))
    row = store.one("SELECT customer_name, phone_digits FROM orders WHERE pk = ?", (max(1, total // 2),))
    assert row is not None
    window.watch.reset()
    keys = [window.type_char(text[:end]) for text in row for end in range(1, len(text) + 1)]
    found["search_ms"], found["search_worst_ms"] = median(keys), max(keys)
    found["search_stall_ms"] = window.watch.longest_ms
    window.tab(Tab.ACTIVE)
    first: OrderRow = window.column.model.row_at(0)
    assert first is not None
    found["list_growth_mb"] = peak_mb() - before
    span = span_of(SpanKind.YESTERDAY, datetime.now(UTC), _ZONE)
    wanted = Wanted(span, _ZONE, Targets(15, 10), datetime.now(UTC))
    began = time.perf_counter()
    count(store, wanted)
    found["report_ms"] = (time.perf_counter() - began) * 1000
    copy = place / "backups" / "curve.db"
    found["backup_s"], found["backup_stall_ms"] = window.meanwhile(
        lambda: backup_database(store.database, copy)
    )
    copy.unlink()
    if pulled:
        reply = Reply(200, {"content-type": "application/json"}, make_body(pulled, seed=2))
        found["pull_s"], found["pull_stall_ms"] = window.meanwhile(lambda: _pull(window, reply))
        found["drain_s"], found["drain_stall_ms"] = _drain(window, pulled)
    window.watch.stop()
    answer(**found)


if __name__ == "__main__":
    main()
