"""Several orders at once: ticked by mouse, keys and finger; one act, one sentence, one undo."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAction, QInputDevice, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.status import Status
from posapp.printing.printers import Printer, Role
from posapp.services import couriers, dispatch, orders
from posapp.services.together import Seen
from posapp.storage.printing import job_rows
from posapp.ui.screens.orders_bulkbar import OrdersBulkBar
from posapp.ui.toasts import Toasts
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.widgets.toast import Toast
from tests.gui.orders.conftest import Desk
from tests.gui.orders.scene import WHO, listed_json

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def middle_of(desk: Desk, guest: str) -> QPoint:
    index = desk.page._column.model.index(desk.page._column.model.place_of(desk.pk(guest)))
    desk.view.scrollTo(index)
    return desk.view.visualRect(index).center()


def click(desk: Desk, guest: str, held: Qt.KeyboardModifier) -> None:
    QTest.mouseClick(desk.view.viewport(), Qt.MouseButton.LeftButton, held, middle_of(desk, guest))


def ticked(desk: Desk) -> list[str]:
    return [row.code for row in desk.page._bulk.marks.rows]


def bar(desk: Desk) -> OrdersBulkBar:
    return desk.find(OrdersBulkBar, "bulkBar")


def codes(desk: Desk, *guests: str) -> list[str]:
    return [desk.code(guest) for guest in guests]


def test_ctrl_click_ticks_rows_and_neither_opens_nor_notices_any(desk: Desk) -> None:
    click(desk, "danyar", CTRL)
    click(desk, "aigerim", CTRL)
    desk.settle()

    assert ticked(desk) == codes(desk, "danyar", "aigerim")
    assert desk.shown() == desk.code("danyar")
    assert desk.detail("danyar").noticed_at is None
    assert desk.detail("aigerim").noticed_at is None
    assert desk.find(PlainLabel, "bulkCount").text() == "2 selected"
    assert not desk.button("nextStepButton").isEnabled()
    desk.fits()


def test_the_order_that_a_person_opened_is_ticked_with_the_first_other_one(desk: Desk) -> None:
    desk.click_row("aigerim")
    desk.settle()
    click(desk, "ruslan", CTRL)

    assert ticked(desk) == codes(desk, "aigerim", "ruslan")
    click(desk, "aigerim", CTRL)
    assert ticked(desk) == codes(desk, "ruslan")


def test_shift_click_ticks_everything_between(desk: Desk) -> None:
    shown = desk.codes()
    click(desk, "danyar", CTRL)
    index = desk.page._column.model.index(4)
    QTest.mouseClick(
        desk.view.viewport(), Qt.MouseButton.LeftButton, SHIFT, desk.view.visualRect(index).center()
    )

    assert ticked(desk) == shown[:5]


def test_shift_and_arrows_stretch_and_shrink_without_opening_anything(desk: Desk) -> None:
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(desk.view, key, SHIFT)
    desk.settle()

    assert ticked(desk) == desk.codes()[:3]
    assert desk.shown() == desk.codes()[0]
    assert desk.detail("danyar").noticed_at is None


def test_ctrl_a_ticks_what_is_shown_and_esc_none(desk: Desk) -> None:
    desk.page._head.tabs.set_current("cooking")
    desk.settle()
    desk.view.setFocus()
    QTest.keyClick(desk.view, Qt.Key.Key_A, CTRL)
    assert ticked(desk) == desk.codes()
    assert bar(desk).isVisible()
    assert bar(desk).next_button.label == "Send out"

    QTest.keyClick(desk.view, Qt.Key.Key_Escape)
    assert ticked(desk) == []
    assert bar(desk).isHidden()
    assert desk.button("nextStepButton").isEnabled()


def test_enter_moves_all_and_z_takes_all_back(desk: Desk) -> None:
    QTest.keyClick(desk.view, Qt.Key.Key_Down, SHIFT)
    assert ticked(desk) == codes(desk, "danyar", "aigerim")
    assert bar(desk).next_button.label == "Accept"

    desk.key(Qt.Key.Key_Return)
    desk.bot.waitUntil(lambda: desk.messages == ["2 accepted"])
    assert [desk.status(guest) for guest in ("danyar", "aigerim")] == ["accepted"] * 2
    assert bar(desk).isHidden()
    desk.settle()

    desk.key("z")
    desk.bot.waitUntil(lambda: desk.messages[-1] == "Undone for 2 orders")
    assert [desk.status(guest) for guest in ("danyar", "aigerim")] == ["created"] * 2
    assert {desk.detail(guest).queue[-1].state for guest in ("danyar", "aigerim")} == {"superseded"}


def test_undo_goes_back_through_single_acts_and_acts_on_several(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Return)
    desk.bot.waitUntil(lambda: desk.status("danyar") == "accepted")
    desk.settle()
    click(desk, "saule", CTRL)
    click(desk, "timur", CTRL)
    desk.key(Qt.Key.Key_Return)
    desk.bot.waitUntil(lambda: desk.status("timur") == "ondelivery")
    desk.settle()
    desk.open("ruslan")
    desk.key(Qt.Key.Key_Return)
    desk.bot.waitUntil(lambda: desk.status("ruslan") == "ondelivery")
    desk.settle()

    for guest, status in (("ruslan", "cooking"), ("timur", "cooking"), ("danyar", "created")):
        desk.key("z")
        desk.bot.waitUntil(partial(lambda one, wanted: desk.status(one) == wanted, guest, status))
        desk.settle()
    assert desk.status("saule") == "cooking"


def test_an_order_that_the_shop_cancelled_meanwhile_is_told_and_left_alone(desk: Desk) -> None:
    QTest.keyClick(desk.view, Qt.Key.Key_Down, SHIFT)
    rows = desk.page._bulk.marks.rows
    store = desk.scene.store
    with store.write("sync") as tx:
        tx.execute(
            "UPDATE orders SET status = 'cancelled', version = version + 1 WHERE pk = ?", (rows[1].pk,)
        )
        tx.execute(
            "INSERT INTO events(order_pk, at, kind, actor, station, params) "
            "VALUES (?, 0, 'adopted', 'sync', 'counter-1', '{}')",
            (rows[1].pk,),
        )
    desk.page._bulk.commands.next_step(rows)

    desk.bot.waitUntil(lambda: bool(desk.messages))
    name = f"#{desk.code('aigerim')}"
    told = f"#{desk.code('danyar')} is “Accepted” now, 1 could not: it was cancelled at the shop ({name})"
    assert desk.messages == [told]
    assert desk.status("aigerim") == "cancelled"


def test_ticks_follow_their_orders_and_end_when_these_leave_the_list(desk: Desk) -> None:
    click(desk, "danyar", CTRL)
    click(desk, "ruslan", CTRL)
    orders.move(desk.scene.store, desk.pk("danyar"), Status.CANCELLED, WHO)
    desk.settle()
    desk.bot.waitUntil(lambda: ticked(desk) == codes(desk, "ruslan"))
    assert desk.find(PlainLabel, "bulkCount").text() == "1 selected"


def test_a_plain_click_ends_the_ticking_and_opens_the_row(desk: Desk) -> None:
    click(desk, "danyar", CTRL)
    click(desk, "aigerim", CTRL)
    desk.click_row("ruslan")

    assert ticked(desk) == []
    desk.bot.waitUntil(lambda: desk.shown() == desk.code("ruslan"))


def test_what_is_for_one_order_only_says_so(desk: Desk) -> None:
    click(desk, "danyar", CTRL)
    desk.key(Qt.Key.Key_Delete)
    desk.settle()

    assert desk.messages == ["This works for one order at a time"]
    assert desk.page.findChild(QAction, "cancelDialog") is None
    assert desk.status("danyar") == "created"


def test_a_held_enter_commits_nothing(desk: Desk) -> None:
    click(desk, "danyar", CTRL)
    event = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=True
    )
    QApplication.sendEvent(desk.view, event)
    desk.settle()

    assert desk.status("danyar") == "created"
    assert ticked(desk) == codes(desk, "danyar")


def test_several_orders_go_to_a_courier_and_come_back_with_one_undo(desk: Desk) -> None:
    store = desk.scene.store
    marat = couriers.add(store, "Марат & Co", WHO)
    click(desk, "saule", CTRL)
    click(desk, "timur", CTRL)
    desk.settle()
    desk.bot.waitUntil(bar(desk).courier_button.isVisible)
    desk.fits()

    bar(desk).courier_button.click()
    menu = QApplication.activePopupWidget()
    assert menu is not None
    action = menu.findChild(QAction, f"bulkCourier_{marat}")
    assert action is not None
    action.trigger()
    menu.close()

    desk.bot.waitUntil(lambda: desk.messages == ["2 orders on the way with Марат & Co"])
    assert [desk.status(guest) for guest in ("saule", "timur")] == ["ondelivery"] * 2
    desk.settle()
    desk.key("z")
    desk.bot.waitUntil(lambda: desk.status("timur") == "cooking")
    assert dispatch.assign(store, [Seen(desk.pk("saule"))], marat, WHO).left_out == ()


@pytest.fixture(scope="session")
def finger(qapp: QApplication) -> object:
    return QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen)


def touch(desk: Desk, finger: object, point: QPoint, *, ms: int = 0) -> None:
    viewport = desk.view.viewport()
    QTest.touchEvent(viewport, finger).press(1, point, viewport).commit()  # type: ignore[call-overload]
    if ms:
        QTest.qWait(ms)
    QTest.touchEvent(viewport, finger).release(1, point, viewport).commit()  # type: ignore[call-overload]
    QApplication.processEvents()


def test_a_long_press_begins_and_taps_go_on(desk: Desk, finger: object) -> None:
    touch(desk, finger, middle_of(desk, "danyar"), ms=700)
    assert ticked(desk) == codes(desk, "danyar")
    touch(desk, finger, middle_of(desk, "aigerim"))
    desk.bot.waitUntil(lambda: ticked(desk) == codes(desk, "danyar", "aigerim"))
    desk.settle()
    assert desk.detail("aigerim").noticed_at is None

    touch(desk, finger, middle_of(desk, "danyar"))
    desk.bot.waitUntil(lambda: ticked(desk) == codes(desk, "aigerim"))
    QTest.mouseClick(bar(desk).clear_button, Qt.MouseButton.LeftButton)
    touch(desk, finger, middle_of(desk, "aigerim"))
    desk.bot.waitUntil(lambda: desk.shown() == desk.code("aigerim"))
    assert ticked(desk) == []


def test_names_that_want_to_be_markup_stay_text(desk: Desk) -> None:
    raw = {
        "id": "x-1",
        "status": "created",
        "date_created": "2026-05-21T14:40:00Z",
        "price": {"order_base_total": "100.00"},
        "customer": {"name": "<b>\u202eeve</b>" + "x" * 300},
    }
    before = len(desk.codes())
    try:
        listed_json(desk.scene.store, [raw])
    finally:
        desk.settle()
    QTest.keyClick(desk.view, Qt.Key.Key_A, CTRL)
    assert len(ticked(desk)) >= before
    desk.fits()


def test_a_message_never_lies_over_the_bar_of_the_ticked_orders(desk: Desk) -> None:
    click(desk, "danyar", CTRL)
    click(desk, "aigerim", CTRL)
    desk.settle()
    toasts = Toasts(desk.page, key="Z")
    toasts.show(desk.page.toast_anchor(), "#4815 accepted", lambda: None)
    toast = desk.find(Toast, "toast")

    over = QRect(toast.mapTo(desk.page, QPoint()), toast.size())
    under = QRect(bar(desk).mapTo(desk.page, QPoint()), bar(desk).size())
    assert toast.isVisible()
    assert bar(desk).isVisible()
    assert not over.intersects(under)


def give_printers(desk: Desk) -> None:
    printers = (
        Printer("Bar", "127.0.0.1:9"),
        Printer("Grill", "127.0.0.1:9", roles=(Role.KITCHEN.value,)),
    )
    desk.ctx.put_config(replace(desk.ctx.config, printers=printers))


def states(desk: Desk) -> list[tuple[str, str, str]]:
    return [(job.title, job.printer, job.state.value) for job in reversed(job_rows(desk.scene.store))]


def choose(desk: Desk, name: str) -> None:
    menu = QApplication.activePopupWidget()
    assert menu is not None
    action = menu.findChild(QAction, name)
    assert action is not None
    action.trigger()
    menu.close()
    desk.settle()


def test_several_orders_are_printed_in_one_act_and_taken_back_while_they_wait(desk: Desk) -> None:
    give_printers(desk)
    click(desk, "timur", CTRL)
    click(desk, "ruslan", CTRL)
    click(desk, "anna", CTRL)
    desk.settle()
    chosen = ticked(desk)
    desk.fits()

    QTest.mouseClick(desk.button("bulkPrintButton"), Qt.MouseButton.LeftButton)
    choose(desk, "bulkPrint_receipt")

    assert states(desk) == [(f"Receipt {code}", "Bar", "queued") for code in map(hashed, chosen)]
    assert desk.messages[-1] == "3 receipts sent to Bar"
    assert ticked(desk) == []

    desk.key("z")
    desk.settle()
    assert {state for *_, state in states(desk)} == {"withdrawn"}
    assert desk.messages[-1] == "Undone: 3 of 3 are not printed"


def test_keys_print_the_kitchen_tickets_of_the_ticked_orders_once(desk: Desk) -> None:
    give_printers(desk)
    for _ in range(2):
        click(desk, "timur", CTRL)
        click(desk, "ruslan", CTRL)
        QTest.keyClick(desk.view, Qt.Key.Key_P, CTRL)
        choose(desk, "bulkPrint_kitchen")

    assert [(printer, state) for _, printer, state in states(desk)] == [("Grill", "queued")] * 2
    assert desk.messages == ["2 kitchen tickets sent to Grill"]
    assert desk.problems == ["The kitchen has these tickets already."]


def test_what_is_on_paper_cannot_be_taken_back(desk: Desk) -> None:
    give_printers(desk)
    click(desk, "timur", CTRL)
    QTest.mouseClick(desk.button("bulkPrintButton"), Qt.MouseButton.LeftButton)
    choose(desk, "bulkPrint_receipt")
    with desk.scene.store.write() as tx:
        tx.execute("UPDATE print_jobs SET state = 'done'")

    desk.key("z")
    desk.settle()

    assert desk.problems == ["These tickets are printed already."]


def test_without_a_printer_nothing_is_offered_to_print(desk: Desk) -> None:
    click(desk, "timur", CTRL)
    desk.settle()

    assert not desk.button("bulkPrintButton").isVisible()
    QTest.keyClick(desk.view, Qt.Key.Key_P, CTRL)
    assert desk.messages == ["No printer is set up"]


def hashed(code: str) -> str:
    return f"#{code}" if code.isdigit() else code
