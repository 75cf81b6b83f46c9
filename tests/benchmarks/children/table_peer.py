"""What a Qt developer would pick: QSqlTableModel in a QTableView, on a copy of the same database."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from statistics import median

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtSql import QSqlDatabase, QSqlQuery, QSqlTableModel
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QTableView

from tests.benchmarks.children.parts import answer, peak_mb, wait_ms

_ROUNDS = 9


def _median_ms(work: Callable[[int], None]) -> float:
    found = []
    for number in range(_ROUNDS):
        started = time.perf_counter()
        work(number)
        found.append((time.perf_counter() - started) * 1000)
        wait_ms(5)
    return median(found[1:])


def _open_list(view: QTableView, database: QSqlDatabase) -> QSqlTableModel:
    """Show all orders, the newest first."""
    model = QSqlTableModel(None, database)
    model.setTable("orders")
    model.setSort(model.fieldIndex("created_at"), Qt.SortOrder.DescendingOrder)
    model.select()
    view.setModel(model)
    view.viewport().repaint()
    assert model.rowCount() > 0
    return model


def _change(view: QTableView, model: QSqlTableModel, database: QSqlDatabase, number: int) -> float:
    """Change a status, and return the milliseconds from its commit to the pixels of the reloaded list."""
    query = QSqlQuery(database)
    pk = model.index(number, 0).data()
    query.prepare("UPDATE orders SET status = ? WHERE pk = ?")
    query.addBindValue("cooking" if number % 2 else "accepted")
    query.addBindValue(pk)
    assert query.exec(), query.lastError().text()
    started = time.perf_counter()
    model.select()
    view.viewport().repaint()
    return (time.perf_counter() - started) * 1000


def _jump_ms(view: QTableView, model: QSqlTableModel) -> float:
    """Return the milliseconds to the pixels of the middle; all rows are fetched for a true scroll bar."""
    model.select()
    started = time.perf_counter()
    while model.canFetchMore():
        model.fetchMore()
    view.scrollTo(model.index(model.rowCount() // 2, 0))
    view.viewport().repaint()
    return (time.perf_counter() - started) * 1000


def _one_row_ms() -> float:
    """Return what one changed row of a plain list costs to paint: the limit."""
    view = QListView()
    view.setUniformItemSizes(True)
    view.resize(500, 700)
    model = QStringListModel([f"order {number}" for number in range(100)])
    view.setModel(model)
    view.show()
    wait_ms(100)

    def change(number: int) -> None:
        model.setData(model.index(number % 8), f"changed {number}")
        QApplication.processEvents()

    return _median_ms(change)


def main() -> None:
    """Open the list, then change a status, some times each."""
    app = QApplication([])
    database = QSqlDatabase.addDatabase("QSQLITE")
    database.setDatabaseName(sys.argv[2])
    assert database.open(), database.lastError().text()
    view = QTableView()
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.resize(800, 700)
    view.show()
    wait_ms(100)
    kept: list[QSqlTableModel] = []

    def opened(_number: int) -> None:
        kept[:] = [_open_list(view, database)]

    open_ms = _median_ms(opened)
    reload_ms = median(_change(view, kept[0], database, number) for number in range(_ROUNDS))
    peak = peak_mb()
    jump_ms = _jump_ms(view, kept[0])
    answer(open_ms=open_ms, reload_ms=reload_ms, peak_mb=peak, jump_ms=jump_ms, one_row_ms=_one_row_ms())
    del app


if __name__ == "__main__":
    main()
