"""The detail follows the list however its current row changed, and the key hints stay true."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QScrollBar

from posapp.domain.status import Status
from posapp.services import orders
from posapp.storage.rows import Tab
from posapp.ui.widgets.statustabs import StatusTabs
from tests.gui.orders.conftest import Desk
from tests.gui.orders.scene import WHO

_LOOK_MS = 400  # longer than the moment after which a row under the hand counts as looked at


def make_current(desk: Desk, guest: str) -> None:
    """Change the current row as a screen reader does."""
    model = desk.page._column.model
    desk.view.setCurrentIndex(model.index(model.place_of(desk.pk(guest))))


def test_the_detail_follows_a_current_row_that_no_hand_chose_and_the_alarm_goes_on(desk: Desk) -> None:
    desk.open("timur")

    make_current(desk, "aigerim")

    desk.bot.waitUntil(lambda: desk.shown() == desk.code("aigerim"))
    QTest.qWait(_LOOK_MS)
    desk.settle()
    assert desk.detail("aigerim").noticed_at is None

    desk.click_row("aigerim")
    desk.bot.waitUntil(lambda: desk.detail("aigerim").noticed_at is not None)


def test_keys_still_take_notice_where_they_rest(desk: Desk) -> None:
    desk.open("danyar")

    desk.key(Qt.Key.Key_Down)

    desk.bot.waitUntil(lambda: desk.shown() == desk.code("aigerim"))
    desk.bot.waitUntil(lambda: desk.detail("aigerim").noticed_at is not None)


def test_a_row_that_keys_passed_is_not_noticed_by_a_change_that_no_hand_made(desk: Desk) -> None:
    desk.open("danyar")
    desk.key(Qt.Key.Key_Down)

    make_current(desk, "timur")

    desk.bot.waitUntil(lambda: desk.shown() == desk.code("timur"))
    QTest.qWait(_LOOK_MS)
    desk.settle()
    assert desk.detail("aigerim").noticed_at is None


def test_enter_acts_on_the_row_that_was_made_current(desk: Desk) -> None:
    desk.open("timur")
    make_current(desk, "aigerim")
    desk.bot.waitUntil(lambda: desk.shown() == desk.code("aigerim"))

    desk.key(Qt.Key.Key_Return)

    desk.bot.waitUntil(lambda: desk.status("aigerim") == "accepted")


def test_an_open_order_outside_the_list_stays_open_when_the_list_gets_the_focus(desk: Desk) -> None:
    desk.find(StatusTabs, "statusTabs").set_current(Tab.COOKING)
    desk.settle()
    desk.open("dinara")
    orders.move(desk.scene.store, desk.pk("dinara"), Status.ONDELIVERY, WHO)
    desk.bot.waitUntil(lambda: desk.code("dinara") not in desk.codes())
    desk.settle()

    desk.search.setFocus()
    desk.view.setFocus()
    desk.settle()

    assert desk.shown() == desk.code("dinara")
    assert not desk.view.currentIndex().isValid()


def test_the_button_promises_enter_only_where_enter_does_it(desk: Desk) -> None:
    button = desk.button("nextStepButton")
    for digit in "1806":
        desk.key(digit)
    desk.bot.waitUntil(lambda: desk.shown() == desk.code("aigerim"))
    desk.settle()
    assert button.key == ""
    assert button.accessibleName() == f"Accept order {desk.code('aigerim')}"

    desk.key(Qt.Key.Key_Return)

    assert desk.view.hasFocus()
    assert button.key == "Enter"
    assert button.accessibleName() == f"Accept order {desk.code('aigerim')}, Enter"
    desk.key(Qt.Key.Key_Return)
    desk.bot.waitUntil(lambda: desk.status("aigerim") == "accepted")


def test_rows_reach_the_right_edge_under_the_scroll_bar_which_scrolls_them(desk: Desk) -> None:
    bar = desk.find(QScrollBar, "overlayScrollBar")
    view, inner = desk.view, desk.view.verticalScrollBar()
    assert bar.isVisible()
    assert view.viewport().width() == view.width()
    assert view.visualRect(view.currentIndex()).right() == view.width() - 1
    desk.open("danyar")
    row = view.visualRect(view.currentIndex())
    image = view.grab().toImage()
    assert image.pixelColor(view.width() - 1, row.center().y()) == image.pixelColor(60, row.top() + 4)

    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() // 2, 20))
    QTest.mouseMove(bar, QPoint(bar.width() // 2, bar.height()))
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() // 2, bar.height()))
    assert inner.value() == inner.maximum() == bar.value() > 0

    inner.setValue(7)
    assert bar.value() == 7
    for digit in "1806":
        desk.key(digit)
    desk.bot.waitUntil(bar.isHidden)


def test_what_is_hidden_has_a_name_too(desk: Desk) -> None:
    for kind in (QAbstractButton, QComboBox, QLineEdit, QAbstractItemView):
        for control in desk.page.findChildren(kind):
            assert control.accessibleName().strip(" ,"), (kind, control.objectName(), control.parent())
