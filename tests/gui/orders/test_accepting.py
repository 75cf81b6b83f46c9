"""Accepting with a ready time and rejecting with a reason, with keys and with clicks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.config import Config
from posapp.ui.delegates.age import age_of, clock_text
from posapp.ui.dialogs.cancel import CancelDialog
from posapp.ui.dialogs.ready import ReadyDialog, ReadyMenu
from posapp.ui.widgets.chip import Chip
from posapp.ui.widgets.inputs import ComboBox
from tests.gui.orders.conftest import Desk
from tests.gui.orders.scene import SHOP
from tests.support.clipping import find_clipped


def reasons_of(dialog: CancelDialog) -> list[str]:
    box = dialog.findChild(ComboBox, "cancelReason")
    assert box is not None
    return [box.itemText(number) for number in range(box.count())]


def test_a_new_order_is_rejected_with_the_reasons_of_the_settings(desk: Desk) -> None:
    desk.ctx.put_config(Config({("orders", "reasons"): ("Oven is cold", "Too busy")}, (SHOP,)))
    assert desk.button("cancelButton").label == "Reject…"
    desk.key(Qt.Key.Key_Delete)
    dialog = desk.find(CancelDialog, "cancelDialog")
    assert dialog.windowTitle() == f"Reject order #{desk.code('danyar')}?"
    assert reasons_of(dialog)[:2] == ["Oven is cold", "Too busy"]
    dialog.accept()

    desk.bot.waitUntil(lambda: desk.status("danyar") == "cancelled")
    detail = desk.detail("danyar")
    moved = [event for event in detail.events if event.kind == "moved"][-1]
    assert moved.params["reason"] == "Oven is cold"
    assert detail.queue[-1].target == "cancelled"


def test_an_order_in_work_is_cancelled_for_the_customers_reasons_first_then_the_shops(desk: Desk) -> None:
    desk.open("dinara")
    assert desk.button("cancelButton").label == "Cancel…"
    desk.key(Qt.Key.Key_Delete)
    dialog = desk.find(CancelDialog, "cancelDialog")
    assert reasons_of(dialog)[0] == "Customer asked to cancel"
    assert "Too busy" in reasons_of(dialog)
    assert dialog.windowTitle().startswith("Cancel order")
    dialog.reject()
    desk.settle()
    assert desk.status("dinara") == "cooking"


def test_a_reason_that_is_typed_at_once_is_a_reason_and_presses_nothing(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Delete)
    dialog = desk.find(CancelDialog, "cancelDialog")
    for letter in "No dough":
        QTest.keyClicks(dialog.focusWidget(), letter)
    assert dialog.isVisible()
    assert dialog.reason.endswith(": No dough")
    dialog.reject()
    desk.settle()
    assert desk.status("danyar") == "created"


def ready_menu(desk: Desk) -> ReadyMenu:
    desk.bot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), ReadyMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, ReadyMenu)
    return menu


@pytest.mark.parametrize(("key", "minutes"), [("1", 15), ("3", 30), ("4", 45)])
def test_two_keys_accept_with_a_ready_time(desk: Desk, key: str, minutes: int) -> None:
    desk.key("a")
    QTest.keyClicks(ready_menu(desk), key)

    desk.bot.waitUntil(lambda: desk.status("danyar") == "accepted")
    row = desk.detail("danyar").row
    assert row.promised_at == desk.scene.clock() + timedelta(minutes=minutes)
    assert row.target_s == minutes * 60
    desk.bot.waitUntil(lambda: bool(desk.messages))
    assert "accepted, ready at" in desk.messages[-1]


def test_the_button_beside_accept_offers_the_times_and_esc_leaves_all_as_it_is(desk: Desk) -> None:
    QTest.mouseClick(desk.button("readyButton"), Qt.MouseButton.LeftButton)
    menu = ready_menu(desk)
    words = [action.text().replace("&", "") for action in menu.actions()]
    assert [word.split(" · ")[0] for word in words] == ["+15 min", "+30 min", "+45 min", "Other time…"]
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    desk.settle()
    assert desk.status("danyar") == "created"


def test_a_time_of_ones_own_is_told_as_a_clock_and_undo_takes_it_back(desk: Desk) -> None:
    desk.key("a")
    QTest.keyClicks(ready_menu(desk), "o")
    dialog = desk.find(ReadyDialog, "readyDialog")
    dialog.minutes.setValue(70)
    assert find_clipped(dialog) == []
    QTest.keyClick(dialog.minutes, Qt.Key.Key_Return)

    desk.bot.waitUntil(lambda: desk.status("danyar") == "accepted")
    assert desk.detail("danyar").row.promised_at == desk.scene.clock() + timedelta(minutes=70)
    desk.settle()
    desk.key("z")
    desk.bot.waitUntil(lambda: desk.status("danyar") == "created")
    assert desk.detail("danyar").row.promised_at is None


def test_enter_stays_plain_accept(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Return)
    desk.bot.waitUntil(lambda: desk.status("danyar") == "accepted")
    assert desk.detail("danyar").row.promised_at is None


def test_the_time_of_an_order_in_work_can_be_changed_and_stands_in_its_head(desk: Desk) -> None:
    desk.open("dinara")
    assert desk.button("readyButton").isHidden()
    desk.key("a")
    QTest.keyClicks(ready_menu(desk), "3")

    desk.bot.waitUntil(lambda: desk.detail("dinara").row.promised_at is not None)
    assert desk.status("dinara") == "cooking"
    desk.settle()
    chips = [chip.text for chip in desk.page.findChildren(Chip) if chip.isVisible()]
    assert any(text.startswith("Ready at ") for text in chips)
    promised = desk.detail("dinara").row.promised_at
    age = age_of(desk.detail("dinara").row, desk.scene.clock(), desk.ctx.zone)
    assert age.text.endswith(f" · {clock_text(promised, desk.scene.clock(), desk.ctx.zone)}")
    assert "promised for" in age.spoken
    desk.fits()
