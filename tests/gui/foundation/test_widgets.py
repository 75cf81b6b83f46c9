"""The widgets do what hands expect of them: keys, clicks, focus, waiting, plain text."""

from __future__ import annotations

from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from posapp.ui.theme import apply_theme, current_theme, load_theme
from posapp.ui.widgets.banner import Banner, BannerTone
from posapp.ui.widgets.buttons import Button, ButtonLook, IconButton
from posapp.ui.widgets.chip import Chip
from posapp.ui.widgets.controls import SliderRow, Stepper, Toggle
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.flowlayout import FlowLayout
from posapp.ui.widgets.inputs import ComboBox, SearchField, TextInput
from posapp.ui.widgets.navrail import NavRail
from posapp.ui.widgets.skeleton import Skeleton
from posapp.ui.widgets.statustabs import StatusTabs, Tab
from posapp.ui.widgets.syncpill import PillState, SyncPill
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.widgets.timeline import StatusTimeline, StepState, TimelineStep
from posapp.ui.widgets.toast import Toast
from posapp.ui.widgets.tooltip import plain_tooltip

W = TypeVar("W", bound=QWidget)
HOSTILE = "NO ONIONS <table> allergy: nuts"


def shown(qtbot: QtBot, widget: W) -> W:
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    return widget


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_focused_button_is_pressed_by_enter_and_space(qtbot: QtBot, key: Qt.Key) -> None:
    button = shown(qtbot, Button("Accept"))
    button.setFocus()
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(button, key)


def test_a_key_held_down_presses_a_button_once(qtbot: QtBot, qapp: QApplication) -> None:
    button = shown(qtbot, Button("Accept"))
    presses: list[int] = []
    button.clicked.connect(lambda: presses.append(1))
    for repeated in (False, True, True):
        press = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "", repeated
        )
        qapp.sendEvent(button, press)
    assert len(presses) == 1


def test_a_click_on_a_button_leaves_the_focus_where_the_work_is(qtbot: QtBot) -> None:
    box = QWidget()
    field, button = QLineEdit(box), Button("Accept", box)
    button.move(0, 40)
    shown(qtbot, box)
    field.setFocus()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert field.hasFocus()


def test_buttons_tell_their_key_and_ampersands_are_no_mnemonics(qtbot: QtBot) -> None:
    button = shown(qtbot, Button("Salt & pepper", key="S"))
    assert button.accessibleName() == "Salt & pepper, S"
    assert button.label == "Salt & pepper"
    assert button.shortcut().isEmpty()


def test_touch_mode_hides_key_hints_and_grows_targets(qapp: QApplication, qtbot: QtBot) -> None:
    button = shown(qtbot, Button("Schedule", key="S"))
    wide = button.sizeHint()
    apply_theme(qapp, load_theme("light", touch=True))
    assert button.sizeHint().width() < wide.width()
    assert (wide.height(), button.sizeHint().height()) == (40, 48)


def test_targets_have_the_sizes_of_the_design(qtbot: QtBot) -> None:
    primary = Button("Accept", look=ButtonLook.PRIMARY, height=56)
    icon = IconButton("printer-fill", "Print", key="Ctrl+P")
    assert primary.sizeHint().height() == 56
    assert (icon.sizeHint().width(), icon.sizeHint().height()) == (40, 40)
    assert icon.accessibleName() == "Print, Ctrl+P"
    assert Chip.of_status("cooking").sizeHint().height() == 24
    assert TextInput().height() == 40
    assert Toggle("Late sound").sizeHint().height() >= 36
    for widget in (primary, icon):
        qtbot.addWidget(widget)


def test_labels_show_markup_as_it_is(qtbot: QtBot) -> None:
    label = shown(qtbot, PlainLabel(HOSTILE))
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == HOSTILE
    assert label.sizeHint().width() >= label.fontMetrics().horizontalAdvance(HOSTILE)


@pytest.mark.parametrize("text", [HOSTILE, "<b>x</b>", "a &lt; b", "&lt;b&gt;", "<!-- x -->", "<?xml?>"])
def test_tooltips_are_never_taken_for_rich_text(text: str) -> None:
    assert not GuiQt.mightBeRichText(plain_tooltip(text))
    assert plain_tooltip(text).replace("\u2060", "") == text


def test_a_label_that_elides_tells_the_rest_in_its_tooltip(qtbot: QtBot) -> None:
    label = shown(qtbot, PlainLabel("ул. Тимирязева 42, БЦ «Алатау»", elide=True))
    label.resize(90, 20)
    assert label.shown_text().endswith("…")
    assert label.toolTip() == "ул. Тимирязева 42, БЦ «Алатау»"
    label.resize(400, 20)
    assert label.shown_text() == label.text()
    assert label.toolTip() == ""


def test_the_toast_counts_down_and_goes(qtbot: QtBot) -> None:
    parent = shown(qtbot, QWidget())
    parent.resize(576, 300)
    toast = Toast(parent)
    toast.show_message("#4819 accepted", action="Undo", key="Z", ms=250)
    assert toast.isVisible()
    assert toast.geometry().bottom() == 300 - 14 - 1
    with qtbot.waitSignal(toast.dismissed, timeout=2000):
        pass
    assert not toast.isVisible()


def test_the_toast_waits_while_its_button_has_the_focus(qtbot: QtBot) -> None:
    parent = shown(qtbot, QWidget())
    parent.resize(576, 300)
    parent.activateWindow()
    toast = Toast(parent)
    toast.show_message("#4819 accepted", action="Undo", key="Z", ms=200)
    toast.button.setFocus()
    qtbot.wait(450)
    assert toast.isVisible()
    toast.button.clearFocus()
    with qtbot.waitSignal(toast.dismissed, timeout=2000):
        pass


def test_undo_in_the_toast_is_told_once_and_is_no_dismissal(qtbot: QtBot) -> None:
    parent = shown(qtbot, QWidget())
    toast = Toast(parent)
    toast.show_message("#4819 accepted", action="Undo", key="Z")
    dismissed: list[int] = []
    toast.dismissed.connect(lambda: dismissed.append(1))
    with qtbot.waitSignal(toast.actionTriggered):
        QTest.mouseClick(toast.button, Qt.MouseButton.LeftButton)
    assert not toast.isVisible()
    assert dismissed == []
    assert (toast.objectName(), toast.button.objectName()) == ("toast", "undoButton")


def test_a_second_message_takes_the_place_of_the_first(qtbot: QtBot) -> None:
    toast = Toast(shown(qtbot, QWidget()))
    toast.show_message("first", action="Undo")
    with qtbot.waitSignal(toast.dismissed):
        toast.show_message("second")
    assert toast.text == "second"
    assert not toast.button.isVisible()


def make_tabs() -> StatusTabs:
    return StatusTabs(
        [Tab("active", "All active"), Tab("new", "New", "created"), Tab("done", "Done", "delivered")]
    )


def test_tabs_answer_keys_and_clicks_and_say_their_counts(qtbot: QtBot) -> None:
    tabs = shown(qtbot, make_tabs())
    tabs.set_counts({"active": 16, "new": 3})
    assert tabs.accessibleTabName(1) == "New, 3"
    assert tabs.accessibleTabName(2) == "Done, 0"
    chosen: list[str] = []
    tabs.chosen.connect(chosen.append)
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(2).center())
    QTest.keyClick(tabs, Qt.Key.Key_Left)
    tabs.step(-1)
    tabs.step(-1)
    assert chosen == ["done", "new", "active", "done"]
    assert tabs.current_key == "done"


def test_tabs_grow_with_their_counts_and_keep_their_place_when_chosen(qtbot: QtBot) -> None:
    tabs = shown(qtbot, make_tabs())
    tabs.set_counts({"active": 1})
    first, third = tabs.tabRect(0).width(), tabs.tabRect(2).left()
    tabs.set_current("new")
    assert tabs.tabRect(2).left() == third
    tabs.set_counts({"active": 12_345})
    assert tabs.tabRect(0).width() > first


@pytest.mark.parametrize(
    ("state", "count", "words"),
    [
        (PillState.ONLINE, 0, "Online"),
        (PillState.WAITING, 3, "Online · 3 waiting"),
        (PillState.NEED_YOU, 2, "2 need you"),
        (PillState.OFFLINE, 12, "Offline · 12 saved here"),
        (PillState.OFFLINE, 0, "Offline"),
        (PillState.NO_SHOP, 0, "No shop connected"),
    ],
)
def test_the_pill_says_how_things_stand(qtbot: QtBot, state: PillState, count: int, words: str) -> None:
    pill = shown(qtbot, SyncPill())
    pill.show_state(state, count, "Synced 8 s ago")
    assert pill.words == words
    assert pill.accessibleName() == f"{words}. Synced 8 s ago"
    assert pill.objectName() == "syncPill"


def test_the_rail_opens_screens_and_speaks_its_badges(qtbot: QtBot) -> None:
    rail = shown(qtbot, NavRail())
    orders, settings = (
        rail.add_screen("orders", "Orders", "list-bullets"),
        rail.add_screen("settings", "Settings", "gear"),
    )
    rail.set_current("orders")
    orders.set_badge(3)
    with qtbot.waitSignal(rail.chosen) as signal:
        QTest.mouseClick(settings, Qt.MouseButton.LeftButton)
    assert signal.args == ["settings"]
    assert not orders.isChecked()
    assert orders.accessibleName() == "Orders, 3"
    assert rail.width() == 84


def test_a_search_is_emptied_by_its_cross(qtbot: QtBot) -> None:
    search = shown(qtbot, SearchField("Name, phone, code or address"))
    search.resize(300, 40)
    QTest.keyClicks(search, "1806")
    cross = search.findChild(IconButton)
    assert cross is not None
    assert cross.isVisible()
    QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert search.text() == ""
    assert not cross.isVisible()


def test_an_error_is_shown_under_its_field_and_told_to_screen_readers(qtbot: QtBot) -> None:
    field = shown(qtbot, Field("Phone", TextInput("+977"), help_text="With the country's code."))
    field.set_error("Too short — 10 digits")
    assert field.error == "Too short — 10 digits"
    assert field.editor.accessibleDescription() == "Too short — 10 digits"
    assert field.editor.property("invalid") is True
    field.set_error("district is not served", from_server=True)
    assert field.error == "Server: district is not served"
    field.set_error("")
    assert field.error == ""
    assert field.editor.accessibleDescription() == "With the country's code."


def test_the_stepper_counts_by_click_key_and_typing_within_its_range(qtbot: QtBot) -> None:
    stepper = shown(qtbot, Stepper("Target time", 15, 1, 16))
    stepper.resize(stepper.sizeHint())
    plus, minus = QPoint(stepper.width() - 10, 20), QPoint(10, 20)
    for _ in range(3):
        QTest.mouseClick(stepper, Qt.MouseButton.LeftButton, pos=plus)
    assert stepper.value() == 16
    QTest.mouseClick(stepper, Qt.MouseButton.LeftButton, pos=minus)
    QTest.keyClick(stepper, Qt.Key.Key_Down)
    assert stepper.value() == 14


def test_switch_and_slider_work_without_a_mouse(qtbot: QtBot) -> None:
    toggle, row = shown(qtbot, Toggle("Late sound")), shown(qtbot, SliderRow("Volume", 70))
    with qtbot.waitSignal(toggle.toggled):
        QTest.keyClick(toggle, Qt.Key.Key_Space)
    with qtbot.waitSignal(row.valueChanged):
        QTest.keyClick(row.slider, Qt.Key.Key_Right)
    assert row.value() == 75


def test_the_wheel_over_a_choice_changes_nothing(qtbot: QtBot) -> None:
    combo = shown(qtbot, ComboBox())
    combo.addItems(["One", "Two", "Three"])
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert combo.currentText() == "Two"
    wheel = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(combo, wheel)
    assert combo.currentText() == "Two"


def test_a_dialog_opens_on_its_safe_button_and_escape_presses_it(qtbot: QtBot) -> None:
    dialog = Dialog("Cancel order #4823?", "The shop is told.", tone="danger", icon="prohibit-fill")
    safe = dialog.add_safe("Keep order")
    act = dialog.add_action("Cancel order", look=ButtonLook.DANGER_OUTLINE)
    shown(qtbot, dialog)
    dialog.activateWindow()
    qtbot.waitUntil(safe.hasFocus)
    with qtbot.waitSignal(dialog.finished) as signal:
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert signal.args == [0]
    dialog.show()
    with qtbot.waitSignal(dialog.finished) as signal:
        QTest.mouseClick(act, Qt.MouseButton.LeftButton)
    assert signal.args == [1]
    assert dialog.width() <= 480


def test_enter_on_a_fresh_dialog_takes_the_safe_way(qtbot: QtBot) -> None:
    dialog = Dialog("Cancel order #4823?", "The shop is told.")
    dialog.add_safe("Keep order")
    dialog.add_action("Cancel order")
    shown(qtbot, dialog)
    dialog.activateWindow()
    focused = dialog.focusWidget()
    assert focused is not None
    with qtbot.waitSignal(dialog.finished) as signal:
        QTest.keyClick(focused, Qt.Key.Key_Return)
    assert signal.args == [0]


def test_a_banner_offers_its_action(qtbot: QtBot) -> None:
    banner = shown(qtbot, Banner(BannerTone.WARN))
    banner.show_text("Offline since 19:31.", more="12 changes are saved here.")
    banner.set_action("Try now", "F5")
    assert banner.accessibleName() == "Offline since 19:31. 12 changes are saved here."
    with qtbot.waitSignal(banner.triggered):
        QTest.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    assert banner.height() >= 44


def test_an_empty_list_offers_a_way_on(qtbot: QtBot) -> None:
    empty = shown(qtbot, EmptyState("pizza-fill", "No active orders", "New orders appear by themselves."))
    button = empty.add_action("Try training")
    with qtbot.waitSignal(button.clicked):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    empty.show_words("funnel", "Nothing matches", "12 orders are hidden by filters.")
    empty.clear_actions()
    assert empty.title == "Nothing matches"
    assert not button.isVisible()


def test_a_quick_answer_never_flashes_a_skeleton(qtbot: QtBot) -> None:
    skeleton = shown(qtbot, Skeleton())
    skeleton.resize(400, 200)
    assert not skeleton.appeared
    qtbot.waitUntil(lambda: skeleton.appeared, timeout=2000)
    skeleton.hide()
    assert not skeleton.appeared


def test_the_timeline_is_told_in_words(qtbot: QtBot) -> None:
    line = shown(qtbot, StatusTimeline())
    line.resize(666, 64)
    line.show_steps(
        (
            TimelineStep("created", StepState.DONE, "19:12"),
            TimelineStep("cancelled", StepState.CURRENT, "19:20"),
        )
    )
    assert line.accessibleName() == "New, done 19:12; Cancelled, now 19:20"
    image = line.grab().toImage()
    grey = current_theme().status["cancelled"].solid
    assert any(image.pixelColor(x, 3) == grey for x in range(560, 666))


def test_chips_flow_into_a_second_line(qtbot: QtBot) -> None:
    box = QWidget()
    flow = FlowLayout(box)
    chips = [Chip("Alma Pizza") for _ in range(4)]
    for chip in chips:
        flow.addWidget(chip)
    box.resize(200, 100)
    shown(qtbot, box)
    assert chips[0].y() == chips[1].y() < chips[2].y()
    assert flow.heightForWidth(200) == 2 * 24 + 8
