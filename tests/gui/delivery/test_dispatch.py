"""Orders go to couriers and come home: with keys alone, with the mouse alone, with a finger alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QInputDevice, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services import dispatch, orders
from posapp.services.together import Seen
from posapp.ui.delivery.cashdialog import CashDialog
from posapp.ui.delivery.tile import OrderTile
from posapp.ui.palette import commands
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.text import PlainLabel
from tests.gui.delivery.conftest import NAMES, Counter, Make

BORIS = Who("boris", "counter-2")
FIRST, SECOND, MARAT, _ = NAMES


def focused(counter: Counter) -> str:
    tile = QApplication.focusWidget()
    return tile.row.order.code if isinstance(tile, OrderTile) and tile.row is not None else ""


def give(counter: Counter, name: str, *guests: str) -> None:
    seen = [Seen(counter.pk(guest)) for guest in guests]
    assert dispatch.assign(counter.store, seen, counter.couriers[name], BORIS).left_out == ()
    counter.rest()


# -- keys ------------------------------------------------------------------------------------------------


def test_two_orders_are_assigned_with_four_keys_and_come_back_with_one(counter: Counter) -> None:
    assert focused(counter) == counter.code("saule")[1:]

    counter.key(Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Space)
    assert counter.find(PlainLabel, "chosenText").text() == "2 orders selected"
    assert counter.button(f"assign_{counter.couriers[FIRST]}").label == "Assign 2 orders"
    counter.key(Qt.Key.Key_Return)

    counter.until(lambda: counter.messages == [f"2 orders on the way with {FIRST}"])
    assert {counter.holder(guest) for guest in ("saule", "timur")} == {FIRST}
    assert counter.detail("saule").queue[-1].target == "ondelivery"
    counter.until(lambda: counter.on_road("saule") and not counter.has_tile("saule"))
    assert focused(counter) == counter.code("bekzat")[1:]

    counter.after_guard()
    counter.key("z")
    counter.until(lambda: counter.messages[-1] == "Undone for 2 orders")
    assert {counter.status(guest) for guest in ("saule", "timur")} == {"cooking"}
    counter.until(lambda: counter.has_tile("saule"))


def test_d_delivers_what_the_hand_is_on(counter: Counter) -> None:
    give(counter, MARAT, "madina", "igor", "asel", "zhanna")

    counter.key("d")
    assert counter.status("igor") == "ondelivery"
    row = QApplication.focusWidget()
    assert row is counter.road("igor")
    counter.key("d")

    counter.until(lambda: counter.status("igor") == "delivered")
    assert counter.detail("igor").queue[-1].hold_until is not None
    assert counter.status("madina") == "ondelivery"
    counter.key("z")
    counter.until(lambda: counter.status("igor") == "ondelivery")
    assert counter.holder("igor") == MARAT


def test_a_second_d_right_behind_the_first_delivers_nothing_else(counter: Counter) -> None:
    give(counter, MARAT, "madina", "igor", "asel", "zhanna")
    counter.key("d", "d", "d")
    counter.rest()

    assert [counter.status(guest) for guest in ("igor", "madina")] == ["delivered", "ondelivery"]


def test_b_takes_back_what_nobody_opened_the_door_for(counter: Counter) -> None:
    give(counter, MARAT, "igor")
    counter.key(Qt.Key.Key_Right)
    counter.road("igor").setFocus()
    counter.key("b")

    counter.until(lambda: counter.status("igor") == "cooking")
    assert counter.holder("igor") == ""
    counter.until(lambda: counter.has_tile("igor"))


def test_a_digit_gives_the_selected_orders_to_that_courier(counter: Counter) -> None:
    counter.key(Qt.Key.Key_Space, "3")

    counter.until(lambda: counter.holder("saule") == MARAT)


def test_enter_hands_a_pickup_over_and_ticks_nothing(counter: Counter) -> None:
    counter.tile("nurlan").setFocus()
    counter.key(Qt.Key.Key_Space)
    assert counter.page.selection.rows == []
    counter.key(Qt.Key.Key_Return)

    counter.until(lambda: counter.status("nurlan") == "delivered")
    assert counter.messages == [f"{counter.code('nurlan')} handed over"]


def test_enter_without_a_selection_sends_nothing_out(counter: Counter) -> None:
    counter.key(Qt.Key.Key_Return)
    counter.rest()

    assert counter.messages == ["Select orders with Space, then Enter assigns them"]
    assert counter.status("saule") == "cooking"


def test_a_held_enter_commits_nothing(counter: Counter) -> None:
    counter.key(Qt.Key.Key_Space)
    focus = QApplication.focusWidget()
    assert focus is not None
    held = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=True
    )
    QApplication.sendEvent(focus, held)
    counter.rest()

    assert counter.status("saule") == "cooking"


def test_single_letters_can_be_switched_off(counter: Counter) -> None:
    give(counter, MARAT, "igor")
    counter.app.context.save_setting("look", "letter_keys", value=False)
    counter.rest()
    counter.road("igor").setFocus()
    counter.key("d")
    counter.rest()

    assert counter.status("igor") == "ondelivery"


def test_the_acts_can_be_found_by_their_words(counter: Counter) -> None:
    entries = {command.text: command for command in commands(counter.app.window)}
    entries["Select an order"].run()
    assert counter.tile("saule").isChecked()
    entries["Assign what is selected, or hand over"].run()

    counter.until(lambda: counter.holder("saule") == FIRST)


# -- mouse -----------------------------------------------------------------------------------------------


def test_two_orders_are_assigned_with_three_clicks(counter: Counter) -> None:
    counter.click(counter.tile("timur"))
    counter.click(counter.tile("aliya"))
    counter.click(counter.button(f"assign_{counter.couriers[SECOND]}"))

    counter.until(lambda: counter.holder("timur") == counter.holder("aliya") == SECOND)


def test_delivered_and_cash_with_the_mouse(counter: Counter) -> None:
    give(counter, MARAT, "madina")
    # Madina pays 9 350 with 20 000: the change of 10 650 goes along, and all of it comes back.
    counter.until(lambda: "brings back 20\u202f000\u00a0₸" in counter.card(MARAT).accessibleName())
    counter.click(counter.button(f"end_{counter.pk('madina')}"))
    counter.until(lambda: counter.status("madina") == "delivered")
    cash = counter.button(f"cash_{counter.couriers[MARAT]}")
    counter.until(cash.isVisible)
    assert "20\u202f000\u00a0₸" in cash.accessibleName()
    assert counter.clipped() == []

    counter.click(cash)
    dialog = counter.find(CashDialog, "cashDialog")
    edit = dialog.findChild(TextInput, "cashAmount")
    verdict = dialog.findChild(PlainLabel, "cashVerdict")
    assert edit is not None
    assert verdict is not None
    assert verdict.text() == "It is all there."
    texts = [label.text() for label in dialog.findChildren(PlainLabel)]
    assert {"9\u202f350\u00a0₸", "10\u202f650\u00a0₸", "20\u202f000\u00a0₸"} <= set(texts)
    assert counter.clipped() == []
    edit.setText("19 650,50")
    assert verdict.text() == "349.50\u00a0₸ missing"
    edit.setText("lots")
    counter.click(counter.button("takeCashButton"))
    assert dialog.isVisible()
    edit.setText("19950")
    counter.click(counter.button("takeCashButton"))

    counter.until(lambda: bool(counter.messages) and "missing" in counter.messages[-1])
    assert counter.messages[-1] == f"{MARAT} handed in 19\u202f950\u00a0₸, 50\u00a0₸ missing"
    counter.until(cash.isHidden)
    counter.key("z")
    counter.until(cash.isVisible)
    (due,) = [row.cash for row in counter.board().couriers if row.cash]
    assert due == {"KZT": Decimal("20000.00")}


def test_an_order_on_the_road_is_given_to_somebody_else(counter: Counter) -> None:
    give(counter, MARAT, "igor")
    counter.click(counter.find(QWidget, f"more_{counter.pk('igor')}"))
    counter.menu_action(f"giveTo_{counter.couriers[SECOND]}")

    counter.until(lambda: counter.holder("igor") == SECOND)
    assert counter.status("igor") == "ondelivery"


def test_all_of_a_courier_are_delivered_in_one_act(counter: Counter) -> None:
    give(counter, MARAT, "igor", "madina")
    counter.click(counter.find(QWidget, f"courierMore_{counter.couriers[MARAT]}"))
    counter.menu_action("allDeliveredAction")

    counter.until(lambda: counter.messages == ["2 orders delivered"])
    assert {counter.status(guest) for guest in ("igor", "madina")} == {"delivered"}


def test_a_row_opens_its_order(counter: Counter) -> None:
    counter.click(counter.find(QWidget, f"more_{counter.pk('igor')}"))
    counter.menu_action("openOrderAction")
    counter.rest()

    assert counter.app.window.screen_key == "orders"


# -- touch -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def finger(qapp: QApplication) -> object:
    return QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen)


def tap(counter: Counter, finger: object, widget: QWidget) -> None:
    point: QPoint = widget.rect().center()
    window = counter.app.window
    # The screen that is not there is 800 wide, and no finger reaches beyond it.
    window.move(window.pos() + QPoint(400, 400) - widget.mapToGlobal(point))
    QTest.touchEvent(widget, finger).press(1, point, widget).commit()  # type: ignore[call-overload]
    QTest.touchEvent(widget, finger).release(1, point, widget).commit()  # type: ignore[call-overload]
    counter.rest()


def test_two_orders_are_assigned_and_delivered_with_a_finger(counter: Counter, finger: object) -> None:
    tap(counter, finger, counter.tile("timur"))
    tap(counter, finger, counter.tile("aliya"))
    assert [row.order.pk for row in counter.page.selection.rows] == [counter.pk("timur"), counter.pk("aliya")]
    tap(counter, finger, counter.button(f"assign_{counter.couriers[FIRST]}"))
    assert counter.holder("timur") == FIRST

    tap(counter, finger, counter.button(f"end_{counter.pk('aliya')}"))
    assert counter.status("aliya") == "delivered"
    tap(counter, finger, counter.button(f"act_{counter.pk('nurlan')}"))
    assert counter.status("nurlan") == "delivered"


# -- what happens meanwhile ------------------------------------------------------------------------------


def test_an_order_that_somebody_else_gave_away_is_not_given_again(counter: Counter) -> None:
    counter.click(counter.tile("timur"))
    counter.click(counter.tile("aliya"))
    rows = counter.page.selection.rows
    seen = [Seen(counter.pk("timur"))]
    dispatch.assign(counter.store, seen, counter.couriers[MARAT], BORIS)
    found = counter.page.selection.courier(counter.couriers[FIRST])
    assert found is not None

    counter.page.commands.assign(rows, found)

    counter.until(lambda: bool(counter.messages))
    told = f"{counter.code('aliya')} on the way with {FIRST}, 1 could not: somebody changed it meanwhile"
    assert counter.messages == [f"{told} ({counter.code('timur')})"]
    assert (counter.holder("timur"), counter.holder("aliya")) == (MARAT, FIRST)


def test_nothing_done_is_said_as_a_problem(counter: Counter) -> None:
    counter.click(counter.tile("timur"))
    rows = counter.page.selection.rows
    orders.move(counter.store, counter.pk("timur"), Status.CANCELLED, BORIS)
    found = counter.page.selection.courier(counter.couriers[FIRST])
    assert found is not None
    counter.page.commands.assign(rows, found)

    counter.until(lambda: bool(counter.problems))
    assert counter.problems == [
        f"Nothing was changed. 1 could not: it was cancelled ({counter.code('timur')})"
    ]
    assert counter.messages == []


def test_another_station_shows_within_a_moment_and_only_its_tile_changes(counter: Counter) -> None:
    before = {tile.row.order.pk: tile for tile in counter.page.waiting.tiles if tile.row is not None}
    counter.click(counter.tile("timur"))
    give(counter, MARAT, "aliya")

    counter.until(lambda: counter.on_road("aliya") and not counter.has_tile("aliya"))
    after = {tile.row.order.pk: tile for tile in counter.page.waiting.tiles if tile.row is not None}
    assert all(before[pk] is tile for pk, tile in after.items())
    assert counter.tile("timur").isChecked()


def test_an_order_cancelled_on_the_road_says_so_until_it_is_back(counter: Counter) -> None:
    give(counter, MARAT, "igor")
    orders.move(counter.store, counter.pk("igor"), Status.CANCELLED, BORIS)
    counter.rest()
    row = counter.road("igor")
    assert row.end.label == "Brought back"
    assert counter.clipped() == []

    counter.click(row.end)
    counter.until(lambda: not counter.on_road("igor"))
    assert counter.status("igor") == "cancelled"


def test_without_couriers_there_are_two_plain_columns(make: Make) -> None:
    counter = make(names=())
    assert counter.button("couriersButton").label == "Add couriers"
    assert counter.clipped() == []
    counter.click(counter.button(f"act_{counter.pk('timur')}"))
    counter.until(lambda: counter.status("timur") == "ondelivery")
    counter.until(lambda: counter.on_road("timur"))
    counter.after_guard()
    assert focused(counter) == counter.code("bekzat")[1:]
    counter.key(Qt.Key.Key_Return)
    counter.until(lambda: counter.status("bekzat") == "ondelivery")
    counter.key("z")
    counter.until(lambda: counter.status("bekzat") == "cooking")
