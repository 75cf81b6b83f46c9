"""Our list without the rest of the window: first page, model, delegate, pixels."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QApplication

from posapp.config import Config
from posapp.domain.timing import Targets
from posapp.storage.database import open_store
from posapp.storage.queries import order_page
from posapp.storage.rows import OrderFilter, OrderRow, Sort
from posapp.ui.itemmodels.orders import OrdersModel
from posapp.ui.look import LookKeeper
from posapp.ui.screens.orders_view import OrdersView
from tests.benchmarks.children.parts import answer, peak_mb, wait_ms

_ROUNDS = 9
_ALL = OrderFilter(tab=None, sort=Sort.NEWEST)


def _code(row: OrderRow) -> str:
    return row.code


def main() -> None:
    """Open the list of all orders, the newest first, some times."""
    application = QApplication([])
    look = LookKeeper(application, Config())
    store = open_store(Path(sys.argv[2]))
    model = OrdersModel(_code)
    view = OrdersView(model, store.clock, ZoneInfo("UTC"))
    view.resize(800, 700)
    view.show()
    wait_ms(100)
    total, query = [], []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        page = order_page(store, _ALL, Targets(15, 10))
        query.append((time.perf_counter() - started) * 1000)
        model.replace(page.rows)
        view.viewport().repaint()
        total.append((time.perf_counter() - started) * 1000)
        wait_ms(5)
    answer(open_ms=median(total[1:]), query_ms=median(query[1:]), peak_mb=peak_mb())
    del look


if __name__ == "__main__":
    main()
