"""From created to delivered through three screens of the real window, with a finger alone."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QInputDevice, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from posapp.ui.itemmodels.orders import OrdersModel
from posapp.ui.kitchen.tile import Tile
from posapp.ui.screens.kitchen import KitchenPage
from posapp.ui.screens.orders_view import OrdersView
from tests.gui.delivery.conftest import Counter, Make


@pytest.fixture(scope="module")
def finger(qapp: QApplication) -> QPointingDevice:
    del qapp
    return QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen)


def tap(counter: Counter, finger: QPointingDevice, widget: QWidget, at: QPoint | None = None) -> None:
    point = at or widget.rect().center()
    window = counter.app.window
    # The screen that is not there is 800 wide, and no finger reaches beyond it.
    window.move(window.pos() + QPoint(400, 400) - widget.mapToGlobal(point))
    QTest.touchEvent(widget, finger).press(1, point, widget).commit()
    QTest.touchEvent(widget, finger).release(1, point, widget).commit()
    counter.rest()


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_an_order_goes_all_its_way_with_a_finger_alone(
    make: Make, finger: QPointingDevice, size: tuple[int, int]
) -> None:
    counter = make(names=())
    window, pk = counter.app.window, counter.pk("danyar")
    window.resize(*size)
    tap(counter, finger, window.rail.button("orders"))
    view = window.findChild(OrdersView)
    assert view is not None
    tap(counter, finger, view.viewport(), _row(view, pk).center())
    tap(counter, finger, counter.button("nextStepButton"))
    assert counter.status("danyar") == "accepted"

    tap(counter, finger, window.rail.button("kitchen"))
    page = counter.find(KitchenPage, "kitchenPage")
    counter.until(lambda: pk in page.board.order)
    page.board.verticalScrollBar().setValue(page.board.verticalScrollBar().maximum())  # dragged there
    for status in ("Start cooking", "Ready"):
        tile = page.board.tile_of(pk)
        assert tile is not None
        counter.until(partial(_says, tile, status))
        counter.bot.wait(350)  # a footer that has just changed takes nothing for a moment
        tap(counter, finger, page.board.viewport(), tile.geometry().topLeft() + tile.step.geometry().center())
    assert counter.status("danyar") == "cooking"
    assert pk in {order.pk for order in page.reader.bumped}

    tap(counter, finger, window.rail.button("delivery"))
    counter.until(lambda: counter.has_tile("danyar"))
    counter.page.waiting.make_visible(counter.tile("danyar"))  # dragged there
    counter.rest()
    tap(counter, finger, counter.button(f"act_{pk}"))
    assert counter.status("danyar") == "ondelivery"
    counter.after_guard()
    tap(counter, finger, counter.button(f"end_{pk}"))
    assert counter.status("danyar") == "delivered"


def _says(tile: Tile, words: str) -> bool:
    return tile.step.label == words


def _row(view: OrdersView, pk: int) -> QRect:
    model = view.model()
    assert isinstance(model, OrdersModel)
    place = model.place_of(pk)
    view.scrollTo(model.index(place, 0))
    return view.visualRect(model.index(place, 0))
