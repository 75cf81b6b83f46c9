"""The frame of the window: screens, keys, messages, sync pill, alarm, closing."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from posapp.domain.errors import StorageError
from posapp.domain.status import Status
from posapp.domain.who import station_itself
from posapp.services import orders, remotes
from posapp.storage.queries import order_page
from posapp.storage.rows import OrderFilter
from posapp.ui.keys import key_groups, letter_of
from posapp.ui.shell_parts import TrainingBand
from posapp.ui.sound import Availability, Sound
from posapp.ui.theme import current_theme
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.syncpill import PillState, SyncPill
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.widgets.toast import Toast
from tests.gui.shell.conftest import ChosenClock, Make, Running
from tests.support.faulty_remote import FaultyRemote


def wait_orders(running: Running, count: int) -> None:
    running.bot.waitUntil(lambda: len(list_orders(running)) == count, timeout=15_000)
    running.rest()


def list_orders(running: Running) -> list[int]:
    found: list[int] = []
    app = running.app
    app.context.tasks.run(
        lambda: [row.pk for row in order_page(app.store, OrderFilter(), app.context.config.targets).rows],
        found.extend,
    )
    running.rest()
    return found


def test_orders_of_a_real_shop_arrive_and_leave_as_moved(make: Make, shop: FaultyRemote) -> None:
    ids = shop.add(3)
    running = make(remote=shop)
    wait_orders(running, 3)
    pill = running.find(SyncPill, "syncPill")
    assert pill.state is PillState.ONLINE
    assert running.window.rail.button("orders").badge == 3
    QTest.keyClick(running.window, Qt.Key.Key_Return)
    running.bot.waitUntil(lambda: "accepted" in shop.statuses().values(), timeout=15_000)
    assert sorted(shop.statuses()) == sorted(ids)


def test_sync_waits_for_the_first_picture(make: Make, shop: FaultyRemote, tmp_path: Path) -> None:
    del make
    from posapp.app import build

    app = build(tmp_path)
    try:
        assert not app.window.was_painted
        assert shop.count() == 0
        assert app._listener is None
    finally:
        app.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 720), (1366, 768)])
def test_nothing_is_cut_off(make: Make, theme: str, size: tuple[int, int]) -> None:
    running = make()
    running.app.context.save_setting("look", "theme", theme)
    running.rest()
    assert current_theme().name == theme
    running.window.resize(*size)
    assert running.clipped() == []
    running.app.show_screen("settings")
    for section in ("connection", "station", "alerts", "look", "about"):
        running.window.open_settings(section)
        assert running.clipped() == [], section


def test_ctrl_and_a_number_opens_a_screen(make: Make) -> None:
    running = make()
    last = Qt.Key(Qt.Key.Key_0 + len(running.window.screen_keys()))
    QTest.keyClick(running.window, last, Qt.KeyboardModifier.ControlModifier)
    assert running.window.screen_key == "settings"
    QTest.keyClick(running.window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert running.window.screen_key == "orders"


def test_f1_shows_the_keys_and_esc_closes_them(make: Make) -> None:
    running = make()
    QTest.keyClick(running.window, Qt.Key.Key_F1)
    dialog = running.dialog()
    assert dialog.objectName() == "keymapDialog"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert running.no_dialog()
    assert all(group.lines for group in key_groups())


def test_f11_fills_the_screen_and_leaves_it(make: Make) -> None:
    running = make()
    QTest.keyClick(running.window, Qt.Key.Key_F11)
    assert running.window.isFullScreen()
    QTest.keyClick(running.window, Qt.Key.Key_F11)
    assert not running.window.isFullScreen()


def test_the_letter_goes_by_the_place_of_the_key() -> None:
    # The key "Z" of a Russian layout, as X11 tells it: another letter, the same place.
    event = QKeyEvent(QKeyEvent.Type.KeyPress, 0x042F, Qt.KeyboardModifier.NoModifier, 44 + 8, 0, 0, "я")
    assert sys.platform == "win32" or letter_of(event) == "Z"
    plain = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_M, Qt.KeyboardModifier.NoModifier, "m")
    assert letter_of(plain) == "M"


def test_z_undoes_what_the_message_offers(make: Make) -> None:
    running = make()
    undone: list[bool] = []
    running.app.context.message.emit("#1001 accepted", lambda: undone.append(True))
    toast = next(toast for toast in running.window.findChildren(Toast) if toast.isVisible())
    assert toast.text == "#1001 accepted"
    QTest.keyClick(running.window, Qt.Key.Key_Z)
    running.rest()
    assert undone == [True]
    assert not toast.isVisible()


def test_the_toast_is_there_hidden_and_named_before_it_is_needed(make: Make) -> None:
    running = make()
    toast = running.find(Toast, "toast")
    button = running.find(Button, "undoButton")
    assert not toast.isVisible()
    assert button.accessibleName() == "Undo"
    running.app.context.message.emit("#1001 accepted", lambda: None)
    assert toast.isVisible()
    assert toast.text == "#1001 accepted"
    running.app.show_screen("settings")
    running.rest()
    assert not toast.isVisible()
    running.app.context.message.emit("Saved", None)
    assert toast.isVisible()
    assert running.window.findChildren(Toast) == [toast]
    page = running.settings
    assert page.rect().contains(toast.geometry().translated(-page.mapTo(running.window.stack, QPoint())))


def test_letters_are_letters_while_one_types(make: Make) -> None:
    running = make()
    undone: list[bool] = []
    running.app.show_screen("settings")
    running.app.context.message.emit("Saved", lambda: undone.append(True))
    search = running.settings.list.search
    search.setFocus()
    running.rest()
    QTest.keyClicks(search, "mz")
    assert search.text() == "mz"
    assert undone == []


def test_single_letters_can_be_switched_off(make: Make) -> None:
    running = make()
    running.app.context.save_setting("look", "letter_keys", value=False)
    running.rest()
    undone: list[bool] = []
    running.app.context.message.emit("Saved", lambda: undone.append(True))
    QTest.keyClick(running.window, Qt.Key.Key_Z)
    running.rest()
    assert undone == []
    QTest.keyClick(running.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    running.rest()
    assert undone == [True]


def test_an_expected_failure_says_what_is_safe_until_hidden(make: Make) -> None:
    running = make()
    error = StorageError("The disk is full.", "No room", "Free some space; nothing that was saved is lost.")
    running.app.context.problem.emit(error)
    bar = running.window.problems
    assert bar.isVisible()
    assert "The disk is full." in bar.banner.accessibleName()
    assert "No room. Free some space" in bar.banner.accessibleName()
    bar.banner.button.click()
    assert not bar.isVisible()


@pytest.mark.expects_log("A job failed", "An unexpected error")
def test_a_bug_is_told_calmly_and_the_work_goes_on(make: Make) -> None:
    running = make()

    def broken() -> None:
        raise ValueError("boom at +7 701 234 18 06")

    running.app.context.tasks.run(broken)
    dialog = running.dialog()
    assert dialog.objectName() == "crashDialog"
    details = dialog.findChild(QPlainTextEdit)
    assert details is not None
    assert "ValueError: boom" in details.toPlainText()
    assert "234 18 06" not in details.toPlainText()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    running.app.show_screen("settings")
    assert running.window.screen_key == "settings"
    sys.excepthook(RuntimeError, RuntimeError("again"), None)
    assert running.dialog().objectName() == "crashDialog"


@pytest.mark.parametrize(
    ("trouble", "state", "words"),
    [
        ("", PillState.ONLINE, "Everything is sent"),
        ("portal", PillState.OFFLINE, "sign in to the network"),
        ("not_sent", PillState.OFFLINE, "cannot be reached"),
        ("sign_in", PillState.NEED_YOU, "enter a new one"),
        ("certificate", PillState.OFFLINE, "clock of this PC"),
    ],
)
def test_the_pill_and_the_sync_center_say_how_the_shop_stands(
    make: Make, shop: FaultyRemote, trouble: str, state: PillState, words: str
) -> None:
    running = make(remote=shop, start_sync=False)
    remotes.note_ok(running.app.store, "alma", pulled=True, skew_s=300)
    if trouble:
        remotes.note_trouble(running.app.store, "alma", trouble, "")
    running.rest()
    pill = running.find(SyncPill, "syncPill")
    assert pill.state is state
    pill.click()
    running.rest()
    assert running.window.screen_key == "sync"
    page = running.window.stack
    told = [
        text
        for widget in page.findChildren(QWidget)
        for text in (
            widget.accessibleName(),
            widget.accessibleDescription(),
            str(widget.property("text") or ""),
        )
    ]
    running.bot.waitUntil(lambda: any(words in text for text in told), timeout=3_000)
    assert any("5 min ahead" in text for text in told)
    assert running.clipped() == []


def test_f5_asks_the_shop_at_once(make: Make, shop: FaultyRemote) -> None:
    running = make(remote=shop)
    running.bot.waitUntil(lambda: shop.count("list") > 0, timeout=15_000)
    shop.add(1)
    before = shop.count("list")
    QTest.keyClick(running.window, Qt.Key.Key_F5)
    running.bot.waitUntil(lambda: shop.count("list") > before, timeout=3_000)
    wait_orders(running, 1)


class Heard:
    """A player that remembers what it was asked to play."""

    def __init__(self) -> None:
        self.volumes: list[int] = []

    def play(self, sound: Sound, volume: int = 70) -> bool:
        assert sound is Sound.NEW
        self.volumes.append(volume)
        return True

    def available(self) -> Availability:
        return Availability(ok=True)


def test_new_orders_ring_until_somebody_takes_notice(make: Make, shop: FaultyRemote) -> None:
    shop.add(1)
    clock = ChosenClock()
    running = make(remote=shop, clock=clock, sounds=False)
    heard = Heard()
    running.window.keeper.player = heard
    wait_orders(running, 1)
    clock.pass_time(8)
    running.window.keeper.tick()
    running.window.keeper.tick()
    assert heard.volumes[-1:] == [70]
    assert running.window.frame.isVisible()
    assert not running.window.frame.is_urgent()
    calm = len(heard.volumes)
    QTest.keyClick(running.window, Qt.Key.Key_M)
    clock.pass_time(50)
    running.window.keeper.tick()
    assert len(heard.volumes) == calm
    clock.pass_time(20)
    running.window.keeper.tick()
    assert heard.volumes[calm:] == [100]
    assert running.window.frame.isVisible()
    assert running.window.frame.is_urgent()
    pk = list_orders(running)[0]
    orders.move(running.app.store, pk, Status.ACCEPTED, station_itself("other"))
    running.rest()
    assert not running.window.frame.isVisible()
    clock.pass_time(60)
    running.window.keeper.tick()
    assert len(heard.volumes) == calm + 1


def test_a_muted_station_is_warned(make: Make) -> None:
    running = make()
    assert running.window.keeper.warning() == ""
    running.app.context.save_setting("alarm", "sound", value=False)
    running.rest()
    assert "do not ring here" in running.window.keeper.warning()
    running.window.open_screen("sync")
    running.bot.waitUntil(
        lambda: any("do not ring here" in label.text() for label in running.window.findChildren(PlainLabel)),
        timeout=5_000,
    )


def test_closing_with_active_orders_asks_first(make: Make, shop: FaultyRemote) -> None:
    shop.add(2)
    running = make(remote=shop)
    wait_orders(running, 2)
    closed: list[bool] = []
    running.window.closed.connect(lambda: closed.append(True))
    running.window.close()
    dialog = running.dialog()
    assert "2 orders are still active." in dialog.accessibleDescription()
    assert "no new order rings" in dialog.accessibleDescription()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert running.no_dialog()
    assert running.window.isVisible()
    running.window.close()
    button = running.dialog().findChild(Button, "closeAnywayButton")
    assert button is not None
    button.click()
    running.bot.waitUntil(lambda: closed == [True])


def test_closing_says_what_has_not_been_sent(make: Make, shop: FaultyRemote) -> None:
    shop.add(1)
    running = make(remote=shop)
    wait_orders(running, 1)
    shop.go_offline()
    pk = list_orders(running)[0]
    orders.move(running.app.store, pk, Status.ACCEPTED, station_itself("other"))
    running.rest()
    running.window.close()
    assert "1 change has not reached the shop yet." in running.dialog().accessibleDescription()


def test_closing_with_nothing_to_lose_just_closes(make: Make) -> None:
    running = make()
    running.window.close()
    assert not running.window.isVisible()


def test_settings_that_another_program_changed_are_noticed(make: Make, tmp_path: Path) -> None:
    from posapp import config_file

    running = make()
    config_file.save_setting(tmp_path / "data", "station", "name", "Counter 9")
    running.app._check_config()
    running.rest()
    assert running.window.station.accessibleName() == "Station Counter 9"


def test_training_says_so_on_every_screen(make: Make) -> None:
    running = make(training=True)
    for screen in running.window.screen_keys():
        running.app.show_screen(screen)
        band = running.find(TrainingBand, "trainingBand")
        assert band.isVisible()
        assert "nothing here reaches a real shop" in band.accessibleName()


def test_every_control_has_a_name(make: Make) -> None:
    from PySide6.QtWidgets import (
        QAbstractButton,
        QAbstractItemView,
        QAbstractSpinBox,
        QComboBox,
        QLineEdit,
    )

    running = make()
    running.app.show_screen("settings")
    running.rest()
    for kind in (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox, QAbstractItemView):
        for control in running.window.findChildren(kind):
            # A banner's button that was never wanted has no words yet.
            unused = control.isHidden() and isinstance(control.parent(), Banner)
            if not unused and not isinstance(control.parent(), QAbstractSpinBox):
                assert control.accessibleName().strip(" ,"), (kind, control.objectName(), control.parent())


def test_ages_are_told_in_words(make: Make, shop: FaultyRemote) -> None:
    clock = ChosenClock()
    running = make(remote=shop, clock=clock, start_sync=False)
    remotes.note_ok(running.app.store, "alma", pulled=True)
    running.rest()
    clock.pass_time(8)
    running.window._tick()
    pill = running.find(SyncPill, "syncPill")
    assert "Synced 8 s ago" in pill.accessibleName()
    clock.pass_time(timedelta(minutes=3).total_seconds())
    running.window._tick()
    assert pill.state is PillState.OFFLINE
