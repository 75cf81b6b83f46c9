"""The list under change: own acts, other processes, arrivals, filters, and the hand that is on it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.status import Status
from posapp.sandbox.orders import ShopOrder
from posapp.sandbox.script import OrderArrives
from posapp.services import orders
from posapp.storage.database import open_store
from posapp.storage.feed import ALL_TOPICS, Change, Feed
from posapp.storage.rows import Counts, Tab
from posapp.ui.theme import apply_theme, load_theme
from posapp.ui.widgets.statustabs import StatusTabs
from tests.gui.orders.conftest import Desk
from tests.gui.orders.scene import WHO, listed


def later(desk: Desk, count: int) -> list[ShopOrder]:
    """Return orders that arrive after the morning."""
    after = [event.order for event in desk.scene.script.events if isinstance(event, OrderArrives)]
    return [order for order in after if order.id not in known_ids(desk)][:count]


def known_ids(desk: Desk) -> set[str]:
    return {str(row[0]) for row in desk.scene.store.all("SELECT remote_id FROM orders")}


def arrive(desk: Desk, count: int) -> None:
    listed(desk.scene.store, [(order, Status.CREATED) for order in later(desk, count)])


def test_the_selection_stays_with_the_order_when_others_arrive(desk: Desk) -> None:
    desk.open("timur")
    before = desk.view.currentIndex().row()

    arrive(desk, 3)

    desk.bot.waitUntil(lambda: desk.view.currentIndex().row() == before + 3)
    assert desk.view.current_pk() == desk.pk("timur")
    assert desk.shown() == desk.code("timur")
    assert [index.row() for index in desk.view.selectedIndexes()] == [before + 3]


def test_arrivals_wait_behind_a_bar_while_the_pointer_is_in_the_list(desk: Desk) -> None:
    before = desk.codes()
    QTest.mouseMove(desk.view.viewport(), QPoint(200, 200))
    desk.bot.waitUntil(desk.view.pointer_inside)

    arrive(desk, 2)
    bar = desk.page._column.banners._arrivals
    desk.bot.waitUntil(bar.isVisible)
    assert bar.text == "2 new orders"
    assert desk.codes() == before

    QTest.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    desk.bot.waitUntil(lambda: len(desk.codes()) == len(before) + 2)
    desk.bot.waitUntil(bar.isHidden)


def test_a_row_re_sorted_under_the_hand_takes_no_key_for_a_moment(desk: Desk) -> None:
    desk.open("aigerim")
    orders.move(desk.scene.store, desk.pk("danyar"), Status.ACCEPTED, WHO)
    desk.bot.waitUntil(lambda: desk.codes()[0] == desk.code("aigerim"))

    desk.key(Qt.Key.Key_Return)
    desk.settle()
    assert desk.status("aigerim") == "created"

    desk.key(Qt.Key.Key_Return)
    desk.bot.waitUntil(lambda: desk.status("aigerim") == "accepted")


class _Painted(QObject):
    """Collects what a widget repaints."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.region = QRegion()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region = self.region.united(event.region())
        return False


def test_another_process_changes_one_row_and_only_that_row_is_told_of(desk: Desk, tmp_path: Path) -> None:
    model = desk.page._column.model
    resets: list[bool] = []
    told: list[int] = []
    model.modelReset.connect(lambda: resets.append(True))
    model.dataChanged.connect(lambda first, last, _roles: told.extend({first.row(), last.row()}))
    other = open_store(tmp_path, clock=desk.scene.clock, feed=Feed())
    desk.open("dinara")
    desk.page._tick()
    desk.settle()
    told.clear()
    place = model.place_of(desk.pk("dinara"))

    orders.acknowledge(other, [desk.pk("aigerim")], WHO)
    other.close_thread()
    desk.scene.store.feed.publish(Change(ALL_TOPICS, frozenset(), "", foreign=True))

    row = model.place_of(desk.pk("aigerim"))
    desk.bot.waitUntil(lambda: told == [row])
    desk.settle()
    assert resets == []
    assert told == [row]
    assert model.place_of(desk.pk("dinara")) == place
    assert desk.view.current_pk() == desk.pk("dinara")


def test_an_act_repaints_rows_at_once_and_never_resets(desk: Desk) -> None:
    resets: list[bool] = []
    desk.page._column.model.modelReset.connect(lambda: resets.append(True))

    desk.key(Qt.Key.Key_Return)
    desk.bot.waitUntil(lambda: desk.codes()[0] == desk.code("aigerim"))
    desk.settle()

    assert resets == []
    row = desk.page._column.model.row_of(desk.pk("danyar"))
    assert row is not None
    assert (row.status, row.sync) == ("accepted", "pending")


def test_an_open_order_that_leaves_the_tab_stays_open(desk: Desk) -> None:
    desk.find(StatusTabs, "statusTabs").set_current(Tab.COOKING)
    desk.settle()
    desk.open("dinara")

    orders.move(desk.scene.store, desk.pk("dinara"), Status.ONDELIVERY, WHO)

    desk.bot.waitUntil(lambda: desk.code("dinara") not in desk.codes())
    desk.bot.waitUntil(lambda: desk.button("nextStepButton").label == "Delivered")
    assert desk.shown() == desk.code("dinara")
    assert desk.view.selectedIndexes() == []


def test_the_brackets_go_through_the_tabs_and_the_counts_are_live(desk: Desk) -> None:
    tabs = desk.find(StatusTabs, "statusTabs")
    counted: list[Counts] = []
    desk.page.counts_changed.connect(counted.append)
    desk.key("]")
    desk.bot.waitUntil(lambda: len(desk.codes()) == 3)
    assert tabs.current_key == Tab.NEW
    assert tabs.accessibleTabName(1) == "New, 3"

    desk.key(Qt.Key.Key_Return)

    desk.bot.waitUntil(lambda: tabs.accessibleTabName(1) == "New, 2")
    assert counted[-1].of(Tab.ACCEPTED) == 3
    desk.settle()
    desk.key("[")
    desk.bot.waitUntil(lambda: len(desk.codes()) == 17)


def test_filters_tell_how_many_orders_they_hide_and_show_all_again(desk: Desk) -> None:
    QTest.mouseClick(desk.button("filtersButton"), Qt.MouseButton.LeftButton)
    desk.settle()
    desk.page._filters.choose("kind", "pickup")
    desk.bot.waitUntil(lambda: len(desk.codes()) == 2)
    note = desk.page._column.banners._hidden
    assert note.text == "15 orders are hidden by filters"
    assert desk.button("filtersButton").label == "Filters · 1"

    QTest.mouseClick(note.button, Qt.MouseButton.LeftButton)
    desk.bot.waitUntil(lambda: len(desk.codes()) == 17)
    assert note.isHidden()


def test_the_list_can_be_sorted(desk: Desk) -> None:
    desk.page._column.sorted_by.emit("oldest")
    desk.bot.waitUntil(lambda: desk.codes()[0] == desk.code("erzhan"))
    assert desk.button("sortButton").label == "Oldest first"


def test_five_hundred_orders_come_page_by_page(desk: Desk) -> None:
    fresh = [e.order for e in desk.scene.script.events if isinstance(e, OrderArrives)]
    copies = [
        (with_id(order, f"{order.id[:-2]}{number:02d}"), Status.CREATED)
        for number in range(4)
        for order in fresh[:120]
    ]
    listed(desk.scene.store, copies)
    desk.settle()
    assert 0 < desk.page._column.model.rowCount() < 400

    desk.key(Qt.Key.Key_End)
    desk.view.scrollToBottom()
    desk.bot.waitUntil(lambda: scrolled_to_all(desk), timeout=10_000)
    assert len(set(desk.codes())) == len(desk.codes())


def scrolled_to_all(desk: Desk) -> bool:
    desk.view.scrollToBottom()
    active = desk.scene.store.one("SELECT count(*) FROM orders WHERE urgency IS NOT NULL")
    assert active is not None
    return desk.page._column.model.rowCount() == int(active[0])


def with_id(order: ShopOrder, remote_id: str) -> ShopOrder:
    return replace(order, id=remote_id)


def test_only_the_ages_are_repainted_every_second(desk: Desk) -> None:
    painted = _Painted(desk.view.viewport())
    desk.bot.wait(50)
    painted.region = QRegion()

    desk.page._tick()

    desk.bot.waitUntil(lambda: not painted.region.isEmpty())
    assert painted.region.boundingRect().right() < 160


def test_a_change_repaints_the_row_alone(desk: Desk) -> None:
    desk.open("aigerim")
    painted = _Painted(desk.view.viewport())
    desk.bot.wait(50)
    painted.region = QRegion()

    desk.page._desk.acknowledge(desk.pk("aigerim"))

    desk.bot.waitUntil(lambda: not painted.region.isEmpty())
    index = desk.page._column.model.index(desk.page._column.model.place_of(desk.pk("aigerim")))
    assert desk.view.visualRect(index).adjusted(0, -1, 0, 1).contains(painted.region.boundingRect())


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
@pytest.mark.parametrize("width", [1280 - 84, 1366 - 84])
def test_every_tab_is_in_sight_with_larger_letters(
    desk: Desk, qapp: QApplication, scale: float, width: int
) -> None:
    tabs = desk.find(StatusTabs, "statusTabs")
    usual = tabs.tabSizeHint(1).width()
    desk.page.resize(width, 712)
    apply_theme(qapp, load_theme("light", scale=scale))
    desk.bot.waitUntil(lambda: tabs.tabSizeHint(1).height() == round(48 * scale))
    desk.settle()

    assert tabs.clipped_texts() == []
    assert tabs.tabRect(tabs.count() - 1).right() <= tabs.width()
    assert tabs.tabAt(tabs.tabRect(0).center()) == 0

    # With room again the icons are back.
    apply_theme(qapp, load_theme("light"))
    desk.page.resize(1366 - 84, 712)
    desk.bot.waitUntil(lambda: tabs.tabSizeHint(1).width() == usual)
