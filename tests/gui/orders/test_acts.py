"""What staff do all day on the Orders screen: with one key, with one click."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from posapp.config import Config
from posapp.domain.status import RowState, Status
from posapp.services import orders
from posapp.ui.dialogs.cancel import CancelDialog
from posapp.ui.dialogs.schedule import ScheduleDialog
from posapp.ui.widgets.inputs import ComboBox, TextInput
from posapp.ui.widgets.text import PlainLabel
from tests.gui.orders.conftest import Desk
from tests.gui.orders.scene import SHOP, WHO, ask_a_person, confirm_all


def test_the_most_urgent_order_is_open_at_the_start_and_nobody_has_noticed_it(desk: Desk) -> None:
    assert desk.codes()[0] == desk.shown() == desk.code("danyar")
    assert desk.detail("danyar").noticed_at is None


def test_enter_accepts_and_the_next_row_is_open_but_not_noticed(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Return)

    desk.bot.waitUntil(lambda: desk.status("danyar") == "accepted")
    desk.bot.waitUntil(lambda: desk.shown() == desk.code("aigerim"))
    assert desk.messages == [f"#{desk.code('danyar')} accepted"]
    assert desk.detail("danyar").noticed_at is not None
    assert desk.detail("aigerim").noticed_at is None


def test_one_click_accepts(desk: Desk) -> None:
    desk.open("aigerim")
    button = desk.button("nextStepButton")
    assert button.accessibleName() == f"Accept order {desk.code('aigerim')}, Enter"

    QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    desk.bot.waitUntil(lambda: desk.status("aigerim") == "accepted")
    assert desk.messages == [f"#{desk.code('aigerim')} accepted"]


def test_z_takes_the_last_act_back(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Return)
    desk.bot.waitUntil(lambda: desk.status("danyar") == "accepted")
    desk.settle()

    desk.key("z")

    desk.bot.waitUntil(lambda: desk.status("danyar") == "created")
    assert desk.detail("danyar").queue[-1].state == "superseded"
    desk.settle()
    assert desk.codes()[0] == desk.code("danyar")


def test_z_right_behind_an_act_takes_back_that_act_and_not_the_one_before(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Return)
    desk.bot.waitUntil(lambda: desk.status("danyar") == "accepted")
    desk.settle()
    desk.open("saule")
    before = desk.status("saule")

    desk.key(Qt.Key.Key_Return)
    desk.key("z")  # nothing of the act is back from the database yet
    desk.settle()

    desk.bot.waitUntil(lambda: len(desk.messages) == 3)
    assert desk.status("danyar") == "accepted"
    assert desk.status("saule") == before
    assert desk.detail("saule").queue[-1].state == "superseded"


def test_z_without_an_act_says_so_and_changes_nothing(desk: Desk) -> None:
    desk.key("z")
    desk.settle()

    assert desk.messages == ["There is nothing to undo"]
    assert desk.status("danyar") == "created"


def test_a_held_key_commits_nothing(desk: Desk) -> None:
    event = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=True
    )
    QApplication.sendEvent(desk.view, event)
    desk.settle()

    assert desk.status("danyar") == "created"


def test_a_second_enter_right_behind_the_first_does_not_accept_the_next_order(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Return)
    desk.bot.waitUntil(lambda: desk.page._desk.selected == desk.pk("aigerim"))
    desk.key(Qt.Key.Key_Return)
    desk.settle()

    assert desk.status("aigerim") == "created"


def test_a_click_takes_notice_and_passing_by_with_the_keys_does_not_until_one_rests(desk: Desk) -> None:
    desk.click_row("aigerim")
    desk.bot.waitUntil(lambda: desk.detail("aigerim").noticed_at is not None)

    desk.key(Qt.Key.Key_Up)
    desk.bot.waitUntil(lambda: desk.shown() == desk.code("danyar"))
    assert desk.detail("danyar").noticed_at is None
    desk.bot.waitUntil(lambda: desk.detail("danyar").noticed_at is not None)


def test_enter_right_after_the_click_that_takes_notice_is_not_refused(desk: Desk) -> None:
    desk.click_row("aigerim")
    desk.key(Qt.Key.Key_Return)

    desk.bot.waitUntil(lambda: desk.status("aigerim") == "accepted")
    assert desk.problems == []


def test_an_order_that_changed_unseen_is_not_moved_and_is_read_again(desk: Desk) -> None:
    seen = desk.page._desk.row
    assert seen is not None
    orders.move(desk.scene.store, seen.pk, Status.CANCELLED, WHO)

    desk.page._desk.next_step(seen)

    desk.bot.waitUntil(lambda: bool(desk.problems))
    assert desk.problems == [f"Order #{seen.code} was changed meanwhile."]
    assert desk.status("danyar") == "cancelled"


def test_j_and_k_walk_by_the_place_of_the_key_on_a_russian_layout(desk: Desk) -> None:
    def press(key: int, text: str, scan: int) -> None:
        event = QKeyEvent(
            QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, scan, 0, 0, text, False, 1
        )
        QApplication.sendEvent(desk.view, event)

    press(0x41E, "о", 36 + 8)
    desk.bot.waitUntil(lambda: desk.shown() == desk.code("aigerim"))
    press(0x41B, "л", 37 + 8)
    desk.bot.waitUntil(lambda: desk.shown() == desk.code("danyar"))


def test_single_letters_can_be_switched_off(desk: Desk) -> None:
    desk.ctx.put_config(Config({("look", "letter_keys"): False}, (SHOP,)))
    desk.key("j")
    desk.settle()
    assert desk.shown() == desk.code("danyar")

    desk.key(Qt.Key.Key_Down)
    desk.bot.waitUntil(lambda: desk.shown() == desk.code("aigerim"))


def test_cancel_asks_first_and_esc_keeps_the_order(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Delete)
    dialog = desk.find(CancelDialog, "cancelDialog")
    keep = dialog.findChild(type(desk.button("nextStepButton")), "keepOrderButton")
    assert keep is not None
    desk.bot.waitUntil(keep.hasFocus)

    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    desk.settle()
    assert desk.status("danyar") == "created"


def test_cancel_records_the_reason_and_waits_before_it_is_sent(desk: Desk) -> None:
    QTest.mouseClick(desk.button("cancelButton"), Qt.MouseButton.LeftButton)
    dialog = desk.find(CancelDialog, "cancelDialog")
    words = dialog.findChild(TextInput, "cancelWords")
    reasons = dialog.findChild(ComboBox, "cancelReason")
    assert words is not None
    assert reasons is not None
    reasons.setCurrentIndex(2)
    QTest.keyClicks(words, "no dough")
    confirm = dialog.findChild(type(desk.button("nextStepButton")), "confirmCancelButton")
    assert confirm is not None
    QTest.mouseClick(confirm, Qt.MouseButton.LeftButton)

    desk.bot.waitUntil(lambda: desk.status("danyar") == "cancelled")
    detail = desk.detail("danyar")
    moved = [event for event in detail.events if event.kind == "moved"][-1]
    assert moved.params["reason"] == "Cannot deliver there: no dough"
    assert detail.queue[-1].hold_until is not None


def test_schedule_with_two_keys(desk: Desk) -> None:
    desk.key("s")
    dialog = desk.find(ScheduleDialog, "scheduleDialog")
    chosen = dialog.chosen
    act = dialog.findChild(type(desk.button("nextStepButton")), "confirmScheduleButton")
    assert act is not None
    desk.bot.waitUntil(act.hasFocus)
    desk.key(Qt.Key.Key_Return)

    desk.bot.waitUntil(lambda: desk.status("danyar") == "timing")
    assert desk.detail("danyar").row.planned_at == chosen
    assert chosen is not None
    assert chosen > desk.scene.clock()


def test_a_cooking_order_offers_no_schedule_and_a_pickup_is_handed_over(desk: Desk) -> None:
    desk.open("dinara")
    assert desk.button("nextStepButton").label == "Send out"
    assert desk.button("scheduleButton").isHidden()

    orders.move(desk.scene.store, desk.pk("nurlan"), Status.COOKING, WHO)
    desk.open("nurlan")
    assert desk.button("nextStepButton").label == "Hand over"


def test_a_finished_order_offers_only_to_take_the_last_step_back(desk: Desk) -> None:
    desk.open("stranger")
    assert desk.button("nextStepButton").isHidden()
    assert desk.button("cancelButton").isHidden()

    QTest.mouseClick(desk.button("undoStepButton"), Qt.MouseButton.LeftButton)
    desk.bot.waitUntil(lambda: desk.status("stranger") == "created")


@pytest.mark.parametrize(
    ("button", "status"), [("resolveMineButton", "edited"), ("resolveTheirsButton", "cancelled")]
)
def test_a_conflict_is_explained_and_settled_from_the_order(desk: Desk, button: str, status: str) -> None:
    ask_a_person(desk.scene.store, desk.pk("olga"), RowState.CONFLICT, Status.CANCELLED, "Two changes.")
    desk.settle()
    desk.page._column.banners.open_needing.emit()
    desk.bot.waitUntil(lambda: desk.shown() == desk.code("olga"))
    text = desk.find(PlainLabel, "decisionText").text()
    assert text == "Here: Edited · At the shop: Cancelled, seen at 19:42"

    QTest.mouseClick(desk.button(button), Qt.MouseButton.LeftButton)

    desk.bot.waitUntil(lambda: desk.detail("olga").row.sync != "conflict")
    assert desk.status("olga") == status
    desk.bot.waitUntil(desk.page._panel.decision.isHidden)


def test_a_refusal_tells_the_shops_words_and_can_be_sent_again(desk: Desk) -> None:
    ask_a_person(desk.scene.store, desk.pk("dinara"), RowState.PARKED, Status.ACCEPTED, "Too late for that.")
    desk.open("dinara")
    desk.bot.waitUntil(desk.page._panel.decision.isVisible)
    assert "Too late for that." in desk.find(PlainLabel, "decisionText").text()
    assert desk.button("resolveMineButton").label == "Send again"

    QTest.mouseClick(desk.button("resolveMineButton"), Qt.MouseButton.LeftButton)

    desk.bot.waitUntil(lambda: desk.detail("dinara").row.sync == "pending")
    confirm_all(desk.scene.store, desk.pk("dinara"))
    desk.bot.waitUntil(lambda: desk.find(PlainLabel, "orderSyncState").text().startswith("Synced"))


def test_undo_is_free_right_after_the_act(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Return)
    desk.bot.waitUntil(lambda: bool(desk.messages))
    desk.key("z")

    desk.bot.waitUntil(lambda: desk.status("danyar") == "created")


def test_every_control_that_takes_the_focus_has_a_name(desk: Desk) -> None:
    QTest.mouseClick(desk.button("filtersButton"), Qt.MouseButton.LeftButton)
    desk.settle()
    nameless = [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in desk.page.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.accessibleName()
    ]

    assert nameless == []
    index = desk.page._column.model.index(0)
    spoken = str(index.data(Qt.ItemDataRole.AccessibleTextRole))
    assert spoken.startswith(f"Order {desk.code('danyar')}, New, 2 min, late, Данияр Ким")
    assert spoken.endswith("not yet seen")
