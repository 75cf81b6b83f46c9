"""The kitchen in the real window: an order's whole way with keys, the second window, the schedule."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from posapp.domain.received import RemoteLine
from posapp.domain.status import Status
from posapp.services import kitchen, orders
from posapp.storage.database import open_store
from posapp.storage.details import order_events
from posapp.storage.store import Store
from posapp.ui.kitchen.starter import ScheduleStarter
from posapp.ui.screens.kitchen import KitchenPage
from posapp.ui.sound import Sound
from posapp.ui.widgets.inputs import ComboBox
from tests.gui.shell.conftest import ChosenClock, Make, Running
from tests.support.clipping import find_clipped
from tests.support.shop_orders import ANNA, order_fact, put_in, remote_order


def kitchen_of(running: Running) -> KitchenPage:
    return running.find(KitchenPage, "kitchenPage")


def press(running: Running, *keys: Qt.Key | str) -> None:
    """Press keys wherever the focus is, as a keyboard does, and let the window come to rest after each."""
    for key in keys:
        target = QApplication.focusWidget() or running.window
        control = isinstance(key, str) and key.startswith("Ctrl+")
        modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        if isinstance(key, str):
            QTest.keyClicks(target, key[-1], modifier)
        else:
            QTest.keyClick(target, key, modifier)
        running.rest()
        running.bot.wait(320)


def one_order(store: Store, **changes: Any) -> int:
    (pk,) = put_in(store, remote_order("r1", kind="delivery", created_at=store.clock(), **changes))
    return pk


def test_an_order_goes_from_created_to_delivered_with_keys_alone(make: Make) -> None:
    running = make(start_sync=False)
    store = running.app.store
    pk = one_order(store)
    running.rest()
    order = list(running.window.screen_keys())
    to_orders, to_kitchen = (f"Ctrl+{order.index(key) + 1}" for key in ("orders", "kitchen"))

    press(running, to_kitchen, to_orders, Qt.Key.Key_Return)
    assert order_fact(store, pk, "status") == "accepted"
    press(running, to_kitchen)
    page = kitchen_of(running)
    assert list(page.board.order) == [pk]
    press(running, "1", Qt.Key.Key_Return)
    assert order_fact(store, pk, "status") == "cooking"
    press(running, Qt.Key.Key_Space, Qt.Key.Key_Return)
    assert list(page.board.order) == []
    assert order_fact(store, pk, "status") == "cooking"
    press(running, to_orders, Qt.Key.Key_Return)
    assert order_fact(store, pk, "status") == "ondelivery"
    press(running, Qt.Key.Key_Return)
    assert order_fact(store, pk, "status") == "delivered"

    kinds = [event.kind for event in order_events(store, pk)]
    assert [kind for kind in kinds if kind in {"item_made", "bumped", "ready"}] == [
        "item_made",
        "bumped",
        "ready",
    ]


def test_the_board_has_the_room_of_the_bar_and_full_screen_that_of_the_rail(make: Make) -> None:
    running = make(screen="kitchen", start_sync=False)
    window = running.window
    assert window.screen_key == "kitchen"
    assert not window.top.isVisible()
    assert window.rail.isVisible()
    assert running.clipped() == []

    window.showFullScreen()
    running.rest()
    assert not window.rail.isVisible()
    press(running, Qt.Key.Key_F11)
    assert window.rail.isVisible()
    window.open_screen("orders")
    assert window.top.isVisible()


def test_the_pill_on_the_board_tells_the_truth_and_opens_the_sync_center(make: Make) -> None:
    running = make(screen="kitchen", start_sync=False)
    page = kitchen_of(running)
    assert page.head.pill.words == running.window.top.pill.words == "No shop connected"

    page.head.pill.click()
    running.rest()

    assert running.window.screen_key == "sync"


def test_the_board_opens_in_a_window_of_its_own_and_both_show_each_step(make: Make, qtbot: QtBot) -> None:
    running = make(screen="kitchen", start_sync=False)
    store = running.app.store
    pk = one_order(store)
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    first = kitchen_of(running)
    QTest.mouseClick(first.head.menu_button, Qt.MouseButton.LeftButton)
    menu = first.head.findChild(QMenu, "kitchenMenu")
    assert menu is not None
    next(action for action in menu.actions() if action.objectName() == "kitchenWindowAction").trigger()
    menu.close()
    running.rest()
    second = running.window.kitchen.second
    assert second is not None
    qtbot.waitUntil(lambda: second.page.board.order == (pk,))
    assert list(find_clipped(second)) == []

    second.activateWindow()
    QTest.keyClicks(second.page, "1")
    QTest.keyClick(second.page, Qt.Key.Key_Return)
    running.rest()
    assert order_fact(store, pk, "status") == "cooking"
    for page in (first, second.page):
        tile = page.board.tile_of(pk)
        assert tile is not None
        assert tile.step.label == "Ready"

    running.window.kitchen.open_window()
    assert running.window.kitchen.second is second
    second.close()
    running.rest()
    assert running.window.isVisible()
    assert running.window.kitchen.second is None


def test_two_windows_show_two_stations_and_the_order_is_ready_when_both_are(make: Make) -> None:
    running = make(screen="kitchen", start_sync=False)
    store = running.app.store
    kitchen.put_categories(store, [("", "Борщ", "Soup"), ("", "Лимонад", "Bar")])
    lines = tuple(RemoteLine(title, 1, Decimal("900.00"), Decimal("900.00")) for title in ("Борщ", "Лимонад"))
    (pk,) = put_in(store, remote_order("r1", kind="delivery", created_at=store.clock(), lines=lines))
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    orders.move(store, pk, Status.COOKING, ANNA)
    running.app.context.save_setting("kitchen", "sections", ("Hot: soup", "Cold: bar"))
    running.app.context.save_setting("kitchen", "section", "Hot")
    running.rest()
    running.window.kitchen.open_window()
    first, second = kitchen_of(running), running.window.kitchen.second
    assert second is not None
    second.page.head.section_chosen.emit("Cold")
    running.rest()
    running.bot.waitUntil(lambda: first.board.order == second.page.board.order == (pk,))
    assert _dishes(first, pk) == ["Борщ"]
    assert _dishes(second.page, pk) == ["Лимонад"]
    assert list(find_clipped(second)) == []

    # The filter of one window is no matter of the other, nor is its undo.
    second.page.board.select(pk)
    QTest.keyClick(second.page, Qt.Key.Key_Return)
    running.bot.waitUntil(lambda: second.page.board.order == ())
    running.rest()
    assert first.board.order == (pk,)
    assert first.commands.undo_code == ""
    assert order_fact(store, pk, "status") == "cooking"
    assert "ready" not in [event.kind for event in order_events(store, pk)]

    first.board.select(pk)
    QTest.keyClick(first, Qt.Key.Key_Return)
    running.bot.waitUntil(lambda: first.board.order == ())
    running.rest()
    assert "ready" in [event.kind for event in order_events(store, pk)]
    second.undo()
    running.bot.waitUntil(lambda: second.page.board.order == (pk,))
    assert not first.board.order


def _dishes(page: KitchenPage, pk: int) -> list[str]:
    tile = page.board.tile_of(pk)
    assert tile is not None
    assert tile.layout_now is not None
    return [row.item.item.title for row in tile.layout_now.rows]


def test_the_second_window_goes_with_the_first(make: Make) -> None:
    running = make(screen="kitchen", start_sync=False)
    running.window.kitchen.open_window()
    running.rest()
    second = running.window.kitchen.second
    assert second is not None

    running.app.close()

    assert not second.isVisible()


def test_a_scheduled_order_starts_by_itself_and_is_heard_once(make: Make) -> None:
    clock = ChosenClock()
    running = make(clock=clock, start_sync=False)
    store = running.app.store
    heard: list[Sound] = []
    running.app.context.sound_wanted.connect(heard.append)
    pk = one_order(store, due_at=clock.now + timedelta(minutes=60))
    orders.move(store, pk, Status.TIMING, ANNA)
    running.rest()
    starter = running.window.kitchen.starter
    starter.look()
    running.rest()
    assert order_fact(store, pk, "status") == "timing"

    clock.pass_time(30 * 60)
    # Two windows on one database look at the same moment.
    other = ScheduleStarter(running.app.context, running.window)
    starter.look()
    other.look()
    running.rest()
    starter.look()
    running.rest()
    other.stop()

    assert order_fact(store, pk, "status") == "accepted"
    assert [event.kind for event in order_events(store, pk)].count("auto_started") == 1
    assert heard.count(Sound.CHIME) <= 2  # each window once
    assert heard.count(Sound.CHIME) >= 1
    before = heard.count(Sound.CHIME)
    starter.look()
    running.rest()
    assert heard.count(Sound.CHIME) == before


def test_the_settings_of_the_kitchen_apply_at_once(make: Make) -> None:
    running = make(screen="kitchen", start_sync=False)
    page = kitchen_of(running)
    bench = page.board.measures.item
    running.window.open_settings("kitchen")
    assert running.clipped() == []

    size = running.find(ComboBox, "kitchenSize")
    size.setCurrentIndex(1)
    size.activated.emit(1)
    running.rest()
    assert page.setup().wall
    running.window.open_screen("kitchen")
    running.rest()

    assert page.board.measures.item > bench


def test_sync_watch_starts_scheduled_orders_without_a_window(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    store = open_store(data_dir)
    # Due by now, and so never on a day of the shop that has not begun.
    pk = one_order(store, due_at=store.clock())
    orders.move(store, pk, Status.TIMING, ANNA)
    program = subprocess.Popen(
        [sys.executable, "-m", "posapp", "--data-dir", str(data_dir), "sync", "--watch", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    try:
        end = time.monotonic() + 20
        while order_fact(store, pk, "status") == "timing" and time.monotonic() < end:
            time.sleep(0.1)
    finally:
        program.send_signal(signal.SIGTERM)
        program.communicate(timeout=15)

    assert program.returncode == 0
    assert order_fact(store, pk, "status") == "accepted"
    events = [(event.kind, event.actor) for event in order_events(store, pk)]
    assert events[-1] == ("auto_started", "counter-1")
    store.close_thread()
