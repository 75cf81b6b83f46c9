"""Ctrl+K finds every act of the screen and every screen by its words, and does it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.ui.dialogs.schedule import ScheduleDialog
from posapp.ui.palette import Command, PaletteDialog, commands, found
from posapp.ui.screens.orders_view import OrdersView
from posapp.ui.widgets.inputs import SearchField
from tests.gui.shell.conftest import Make, Running
from tests.support.faulty_remote import FaultyRemote


def opened(running: Running) -> PaletteDialog:
    QTest.keyClick(running.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    dialog = running.find(PaletteDialog, "paletteDialog")
    running.bot.waitUntil(dialog.search.hasFocus)
    return dialog


def words(dialog: PaletteDialog) -> list[str]:
    return [option.text for option in dialog.list.options]


def entry(text: str) -> Command:
    return Command(text, "", "", lambda: None)


def test_all_words_have_to_be_there_and_beginnings_come_first() -> None:
    entries = [entry("Show all orders"), entry("Orders"), entry("Reject or cancel the order…")]
    assert [each.text for each in found(entries, "order")] == [
        "Orders",
        "Show all orders",
        "Reject or cancel the order…",
    ]
    assert [each.text for each in found(entries, "CANCEL order")] == ["Reject or cancel the order…"]
    assert len(found(entries, "")) == 3
    assert found(entries, "pizza") == []


def test_it_lists_the_acts_of_the_screen_first_then_the_screens(make: Make) -> None:
    running = make()
    dialog = opened(running)
    assert words(dialog)[0] == "Next step"
    assert {"Schedule", "Settings", "Kitchen", "Full screen"} <= set(words(dialog))
    assert running.clipped() == []
    QTest.keyClick(dialog.search, Qt.Key.Key_Escape)
    assert running.no_dialog()
    running.window.open_settings("look")
    assert "Schedule" not in [each.text for each in commands(running.window)]


def test_typing_and_enter_open_a_screen(make: Make) -> None:
    running = make()
    dialog = opened(running)
    QTest.keyClicks(dialog.search, "setti")
    assert words(dialog) == ["Settings"]
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    running.bot.waitUntil(lambda: running.window.screen_key == "settings")
    assert running.no_dialog()


def test_an_act_is_done_as_its_key_would_do_it_also_from_the_search_field(
    make: Make, shop: FaultyRemote
) -> None:
    shop.add(1)
    running = make(remote=shop)
    view = running.find(OrdersView, "ordersView")
    running.bot.waitUntil(lambda: view.model().rowCount() == 1, timeout=15_000)
    running.rest()
    running.find(SearchField, "searchEdit").setFocus()
    dialog = opened(running)
    QTest.keyClicks(dialog.search, "sched")
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    running.bot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ScheduleDialog))
    asked = running.find(ScheduleDialog, "scheduleDialog")
    asked.reject()


def test_acts_of_single_letters_are_left_out_where_letters_are_switched_off(make: Make) -> None:
    running = make()
    running.app.context.save_setting("look", "letter_keys", value=False)
    running.rest()
    listed = [each.text for each in commands(running.window)]
    assert "Next step" in listed
    assert "Schedule" not in listed
