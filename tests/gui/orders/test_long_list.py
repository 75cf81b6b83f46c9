"""Lists of thousands: the scroll bar shows the whole list and goes anywhere, with few rows in memory."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from posapp.storage.queries import order_page
from posapp.storage.rows import OrderFilter, Tab
from posapp.ui.screens import orders_reader
from posapp.ui.screens.orders_reader import HEAD
from posapp.ui.theme import current_theme
from posapp.ui.widgets.statustabs import StatusTabs
from tests.gui.orders.conftest import Desk

COUNT = 3000
# Finished copies of one order, each finished a second after the one before.
COPY = """
INSERT INTO orders({columns}) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
SELECT {values} FROM orders, n WHERE pk = ?
"""
NEW = {
    "id": "'copy-' || i",
    "code": "'C' || i",
    "remote_id": "'copy-' || i",
    "status": "'delivered'",
    "closed_at": "created_at + i * 1000000",
    "urgency": "NULL",
    "sync": "'synced'",
}


@pytest.fixture
def done(desk: Desk) -> Desk:
    """Show thousands of finished orders."""
    store = desk.scene.store
    columns = [str(row[1]) for row in store.all("PRAGMA table_info(orders)") if row[1] != "pk"]
    values = ", ".join(NEW.get(name, f"orders.{name}") for name in columns)
    with store.write() as tx:
        tx.execute(COPY.format(columns=", ".join(columns), values=values), (COUNT, desk.pk("timur")))
    desk.find(StatusTabs, "statusTabs").set_current(Tab.DONE)
    desk.settle()
    desk.bot.waitUntil(lambda: desk.page._list.long.total == total(desk))
    return desk


def total(desk: Desk) -> int:
    row = desk.scene.store.one("SELECT count(*) FROM orders WHERE status IN ('delivered', 'cancelled')")
    assert row is not None
    return int(row[0])


def truth(desk: Desk) -> list[str]:
    page = order_page(desk.scene.store, OrderFilter(tab=Tab.DONE), desk.ctx.config.targets, limit=10_000)
    return [row.code for row in page.rows]


def top(desk: Desk) -> str:
    """Return the code of the highest row in sight."""
    row = desk.page._column.model.row_at(desk.view.indexAt(QPoint(2, 1)).row())
    return row.code if row is not None else ""


def shows(desk: Desk, code: str) -> bool:
    return top(desk) == code


def selected(desk: Desk) -> str:
    row = desk.page._column.model.row_of(desk.page._desk.selected)
    return row.code if row is not None else ""


def test_the_handle_goes_anywhere_and_few_rows_are_kept(done: Desk) -> None:
    bar, wanted, height = done.view.bar, truth(done), current_theme().row
    assert bar.maximum() == len(wanted) * height - done.view.viewport().height()

    for place in (1500, 2200, 40, 2950, 900):
        bar.setValue(place * height)
        done.bot.waitUntil(partial(shows, done, wanted[place]))
        assert bar.value() == place * height
        assert done.page._column.model.rowCount() <= HEAD

    bar.setValue(bar.maximum())
    done.bot.waitUntil(lambda: done.codes()[-1] == wanted[-1])
    bar.setValue(0)
    done.bot.waitUntil(lambda: top(done) == wanted[0])


def test_rolling_on_and_on_shows_every_order_once_and_in_order(
    done: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders_reader, "HEAD", 120)
    wanted, height = truth(done), current_theme().row
    inner, seen = done.view.verticalScrollBar(), [top(done)]

    def rolled(by: int) -> bool:
        before = top(done)
        inner.setValue(inner.value() + by * height)
        if top(done) == before:
            return False  # the next rows are on their way
        seen.append(top(done))
        return True

    while seen[-1] != wanted[260]:
        done.bot.waitUntil(lambda: rolled(1))
    assert seen == wanted[:261]
    assert done.page._list.reader.first > 0
    while seen[-1] != wanted[90]:
        done.bot.waitUntil(lambda: rolled(-1))
    assert seen[261:] == wanted[259:89:-1]


def test_keys_go_to_the_ends_and_page_from_the_open_order(done: Desk) -> None:
    wanted = truth(done)
    done.view.setFocus()
    done.key(Qt.Key.Key_End)
    done.bot.waitUntil(lambda: selected(done) == wanted[-1])
    done.bot.waitUntil(lambda: done.shown() == wanted[-1])
    done.key(Qt.Key.Key_Up)
    done.bot.waitUntil(lambda: selected(done) == wanted[-2])
    done.key(Qt.Key.Key_PageUp)
    done.bot.waitUntil(lambda: selected(done) in wanted[-30:-3])

    # Scrolled far away with the wheel, keys go on from the order that is open.
    place = wanted.index(selected(done))
    done.view.bar.setValue(0)
    done.bot.waitUntil(lambda: top(done) == wanted[0])
    assert done.shown() == wanted[place]
    done.key(Qt.Key.Key_Down)
    done.bot.waitUntil(lambda: selected(done) == wanted[place + 1])

    done.key(Qt.Key.Key_Home)
    done.bot.waitUntil(lambda: selected(done) == wanted[0])


def test_what_is_in_sight_stays_when_others_come_in_at_the_top(done: Desk) -> None:
    done.view.bar.setValue(1500 * current_theme().row)
    done.bot.waitUntil(lambda: top(done) == truth(done)[1500])
    QTest.mouseClick(done.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    done.settle()
    row, opened = top(done), done.shown()

    with done.scene.store.write() as tx:
        tx.execute(
            "UPDATE orders SET status = 'cancelled', closed_at = created_at + 9000000000, urgency = NULL, "
            "version = version + 1 WHERE pk = ?",
            (done.pk("dinara"),),
        )
        tx.touch(done.pk("dinara"))
    done.settle()

    assert truth(done)[0] == done.code("dinara")
    assert (top(done), done.shown(), selected(done)) == (row, opened, opened)
