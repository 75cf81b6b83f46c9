"""Touch mode, high contrast and larger text in the real window: live, by hand or by a first touch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
from PySide6.QtCore import QModelIndex, QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.ui.screens.orders_view import OrdersView
from posapp.ui.theme import ThemeName, apply_theme, current_theme, load_theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.controls import Stepper
from posapp.ui.widgets.inputs import ComboBox, SearchField
from posapp.ui.widgets.paintkit import key_width
from tests.gui.foundation.test_theme import TEXT_PAIRS, contrast
from tests.gui.shell.conftest import Make, Running
from tests.support.clipping import find_clipped
from tests.support.faulty_remote import FaultyRemote

DEVICE = QTest.createTouchDevice()


@pytest.fixture(autouse=True)
def plain_look_afterwards(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, load_theme("light"))


def with_orders(make: Make, shop: FaultyRemote) -> Running:
    shop.add(3)
    running = make(remote=shop)
    view = running.find(OrdersView, "ordersView")
    running.bot.waitUntil(lambda: view.model().rowCount() == 3, timeout=15_000)
    running.rest()
    return running


def row_height(running: Running) -> int:
    view = running.find(OrdersView, "ordersView")
    return view.visualRect(view.model().index(0, 0, QModelIndex())).height()


def tap(running: Running) -> None:
    """Touch empty ground of the top bar."""
    where = QPoint(400, 28)
    QTest.touchEvent(running.window, DEVICE).press(1, where, running.window).commit()
    QTest.touchEvent(running.window, DEVICE).release(1, where, running.window).commit()


def test_the_first_touch_makes_controls_and_rows_bigger_and_hides_the_keys(
    make: Make, shop: FaultyRemote
) -> None:
    running = with_orders(make, shop)
    search = running.find(SearchField, "searchEdit")
    assert (search.height(), row_height(running)) == (40, 70)
    assert key_width(current_theme(), "Enter") > 0

    tap(running)

    running.bot.waitUntil(lambda: current_theme().touch, timeout=3000)
    running.rest()
    assert (search.height(), row_height(running)) == (48, 76)
    assert key_width(current_theme(), "Enter") == 0
    small = [
        (button.objectName(), button.label, button.height())
        for button in running.window.findChildren(Button)
        if button.isVisible() and button.height() < 48
    ]
    assert small == []
    assert find_clipped(running.window) == []


def test_nothing_moves_before_the_finger_is_lifted(make: Make) -> None:
    running = make()
    where = QPoint(400, 28)
    QTest.touchEvent(running.window, DEVICE).press(1, where, running.window).commit()
    QTest.qWait(150)
    assert not current_theme().touch
    QTest.touchEvent(running.window, DEVICE).release(1, where, running.window).commit()
    running.bot.waitUntil(lambda: current_theme().touch, timeout=3000)


def choose(running: Running, name: str, value: str) -> None:
    box = running.find(ComboBox, name)
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())
    running.rest()


def test_the_setting_turns_touch_mode_on_without_a_touch_and_off_in_spite_of_one(make: Make) -> None:
    running = make(screen="settings")
    running.window.open_settings("look")
    choose(running, "touchChoice", "on")
    assert current_theme().touch
    choose(running, "touchChoice", "off")
    assert not current_theme().touch
    tap(running)
    QTest.qWait(150)
    assert not current_theme().touch
    choose(running, "touchChoice", "auto")
    assert current_theme().touch


@pytest.mark.parametrize("name", ["light", "dark"])
def test_high_contrast_has_seven_to_one_for_every_text(name: str) -> None:
    theme = load_theme(cast(ThemeName, name), contrast=True)
    weak = [
        (ink, back, round(ratio, 1))
        for ink, back in TEXT_PAIRS
        if (ratio := contrast(theme.palette.by_name(ink), theme.palette.by_name(back))) < 7
    ]
    assert weak == []
    for look in (*theme.status.values(), *theme.sync.values()):
        assert contrast(look.text, look.tint) >= 7
        assert contrast(look.text, theme.palette.selected) >= 4.5
    assert contrast(theme.palette.border, theme.palette.surface) >= 7


def test_high_contrast_is_worn_at_once(make: Make) -> None:
    running = make(screen="settings")
    running.window.open_settings("look")
    choose(running, "contrastChoice", "on")
    assert current_theme().contrast
    assert current_theme().palette.surface.name() in {"#000000", "#ffffff"}
    choose(running, "contrastChoice", "off")
    assert not current_theme().contrast


def test_the_text_grows_to_150_percent_and_back_and_nothing_is_cut_off(
    make: Make, shop: FaultyRemote
) -> None:
    running = with_orders(make, shop)
    for screen in ("alerts", "orders", "look"):
        running.window.open_settings(screen)
        running.rest()
    running.find(Stepper, "textScale").setValue(150)
    running.bot.waitUntil(lambda: current_theme().scale == 1.5, timeout=3000)
    for section in ("connection", "station", "alerts", "orders", "look"):
        running.window.open_settings(section)
        running.rest()
        assert find_clipped(running.window) == [], section
    running.window.open_screen("orders")
    running.rest()
    # The tabs scroll; list and order stand on pages of their own.
    cut = [clipped for clipped in find_clipped(running.window) if clipped.widget != "statusTabs"]
    assert cut == []
    assert row_height(running) == 105
    running.app.context.save_setting("look", "text_scale", 100)
    running.bot.waitUntil(lambda: current_theme().scale == 1.0, timeout=3000)
    running.rest()
    assert row_height(running) == 70


def test_a_touch_of_a_button_still_presses_it(make: Make) -> None:
    running = make(screen="settings")
    running.window.open_settings("orders")
    button = running.window.rail.button("orders")
    where = button.mapTo(running.window, button.rect().center())
    QTest.touchEvent(running.window, DEVICE).press(1, where, running.window).commit()
    QTest.touchEvent(running.window, DEVICE).release(1, where, running.window).commit()
    running.bot.waitUntil(lambda: running.window.screen_key == "orders", timeout=3000)
    assert button.isChecked()
