"""What the Orders screen says when something is missing, wrong, or waiting for a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posapp.config import Config
from posapp.domain.status import RowState, Status
from posapp.services import remotes
from posapp.storage.queries import alarm
from posapp.storage.rows import Alarm, Tab
from posapp.ui.context import Context
from posapp.ui.screens.orders import OrdersPage
from posapp.ui.screens.orders_banners import AlertBanner
from posapp.ui.theme import apply_theme, load_theme
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.inputs import TextArea
from posapp.ui.widgets.statustabs import StatusTabs
from posapp.ui.widgets.text import PlainLabel
from tests.gui.orders.conftest import Desk
from tests.gui.orders.scene import SHOP, FewDoors, ask_a_person, open_empty, unreadable
from tests.support.clipping import find_clipped


@pytest.fixture
def first_start(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[OrdersPage]:
    holder = apply_theme(qapp, load_theme("light"))
    store = open_empty(tmp_path)
    ctx = Context(store, Config(), FewDoors(Config()), holder)
    page = OrdersPage(ctx)
    page.resize(1282, 712)
    qtbot.addWidget(page)
    page.show()
    page.shown()
    yield page
    page.hidden()
    ctx.close()
    store.close_thread()


def test_a_first_start_offers_to_connect_a_shop_or_to_train(first_start: OrdersPage, qtbot: QtBot) -> None:
    train = first_start.findChild(Button, "tryTrainingButton")
    connect = first_start.findChild(Button, "connectShopButton")
    assert train is not None
    assert connect is not None
    qtbot.waitUntil(train.isVisible)

    with qtbot.waitSignal(first_start.training_requested):
        QTest.mouseClick(train, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(first_start.connect_requested):
        QTest.mouseClick(connect, Qt.MouseButton.LeftButton)


def test_an_empty_list_says_that_orders_come_by_themselves(first_start: OrdersPage, qtbot: QtBot) -> None:
    first_start._ctx.put_config(Config(remotes=(SHOP,)))

    qtbot.waitUntil(first_start._column.empty.isVisible)
    assert first_start._column.empty.title == "No active orders"
    assert find_clipped(first_start) == []


def test_the_alert_opens_the_oldest_and_takes_notice_of_it_alone(desk: Desk) -> None:
    desk.open("timur")
    desk.page.show_alarm(alarm(desk.scene.store), desk.scene.clock(), silenced=False)
    banner = desk.find(AlertBanner, "newOrderAlert")
    assert banner.isVisible()
    assert banner.text == "2 new orders — oldest waiting 2:14"

    QTest.mouseClick(banner, Qt.MouseButton.LeftButton, pos=QPoint(120, 20))

    desk.bot.waitUntil(lambda: desk.detail("danyar").noticed_at is not None)
    desk.bot.waitUntil(lambda: desk.shown() == desk.code("danyar"))
    assert desk.detail("aigerim").noticed_at is None


@pytest.mark.parametrize(
    ("ringing", "text"),
    [
        ((1, 1), "1 order was cancelled at the shop 0:30 ago"),
        ((2, 2), "2 orders were cancelled at the shop, the first 0:30 ago"),
        ((3, 1), "2 new, 1 cancelled at the shop — oldest waiting 0:30"),
        ((1, 0), "1 new order — waiting 0:30"),
    ],
)
def test_the_alert_says_what_rings(desk: Desk, ringing: tuple[int, int], text: str) -> None:
    now = desk.scene.clock()
    count, cancelled = ringing
    state = Alarm(count, now - timedelta(seconds=30), tuple(range(1, count + 1)), cancelled)
    desk.page.show_alarm(state, now, silenced=False)

    banner = desk.find(AlertBanner, "newOrderAlert")
    assert banner.text == text
    assert find_clipped(banner) == []


def test_a_cancelled_order_that_rings_is_opened_by_the_alert(desk: Desk) -> None:
    pk = desk.pk("danyar")
    with desk.scene.store.write() as tx:
        tx.execute("UPDATE orders SET status = 'cancelled', urgency = NULL WHERE pk = ?", (pk,))
    state = Alarm(1, desk.scene.clock(), (pk,), 1)
    desk.page.show_alarm(state, desk.scene.clock(), silenced=False)

    QTest.mouseClick(desk.find(AlertBanner, "newOrderAlert"), Qt.MouseButton.LeftButton, pos=QPoint(120, 20))

    desk.bot.waitUntil(lambda: desk.detail("danyar").noticed_at is not None)
    assert desk.shown() == desk.code("danyar")


def test_m_and_the_button_silence(desk: Desk) -> None:
    desk.page.show_alarm(alarm(desk.scene.store), desk.scene.clock(), silenced=False)
    with desk.bot.waitSignal(desk.page.silence_requested):
        desk.key("m")
    button = desk.find(AlertBanner, "newOrderAlert").button
    assert button.label == "Silence 1 min"
    with desk.bot.waitSignal(desk.page.silence_requested):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_offline_is_said_calmly_with_what_is_saved(desk: Desk) -> None:
    remotes.note_trouble(desk.scene.store, "alma", "no_answer", "No answer.")
    banner = desk.find(Banner, "offlineBanner")
    desk.bot.waitUntil(banner.isVisible)
    assert banner.text == "Offline since 19:42. Keep working — 5 changes are saved here."

    QTest.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    assert desk.doors.asked == ["sync"]

    remotes.note_ok(desk.scene.store, "alma", pulled=True)
    desk.bot.waitUntil(banner.isHidden)


def test_a_key_that_is_not_accepted_is_said(desk: Desk) -> None:
    remotes.note_trouble(desk.scene.store, "alma", "sign_in", "401")
    banner = desk.find(Banner, "signInBanner")
    desk.bot.waitUntil(banner.isVisible)
    assert banner.text.startswith("alma does not accept the key.")
    assert desk.find(Banner, "offlineBanner").isHidden()
    with desk.bot.waitSignal(desk.page.connect_requested):
        QTest.mouseClick(banner.button, Qt.MouseButton.LeftButton)


def test_what_could_not_be_read_is_shown_as_plain_text(desk: Desk) -> None:
    unreadable(desk.scene.store)
    banner = desk.find(Banner, "quarantineBanner")
    desk.bot.waitUntil(banner.isVisible)
    assert banner.text == "1 order could not be read."
    QTest.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    desk.bot.waitUntil(lambda: desk.page.findChild(QWidget, "quarantineDialog") is not None)
    dialog = desk.find(QWidget, "quarantineDialog")
    raw = dialog.findChild(TextArea, "quarantineRaw")
    reason = dialog.findChild(PlainLabel, "quarantineReason")
    assert raw is not None
    assert reason is not None
    assert '"comment": "<b>x</b>"' in raw.toPlainText()
    assert reason.text() == "The total “1,5” is not an amount."
    desk.bot.wait(50)
    assert find_clipped(dialog) == []
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_database_that_cannot_be_read_is_said_and_can_be_tried_again(desk: Desk) -> None:
    store = desk.scene.store
    with store.write() as tx:
        tx.execute("ALTER TABLE order_counts RENAME TO order_counts_away")

    desk.page._list.ask()
    desk.bot.waitUntil(desk.page._column.empty.isVisible)
    assert desk.page._column.empty.title == "The database cannot be used."

    with store.write() as tx:
        tx.execute("ALTER TABLE order_counts_away RENAME TO order_counts")
    again = next(b for b in desk.page._column.empty.findChildren(Button) if b.label == "Try again")
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    desk.bot.waitUntil(desk.view.isVisible)


def test_a_tab_without_orders_says_so(desk: Desk) -> None:
    for guest in ("nurlan", "anna"):
        with desk.scene.store.write() as tx:
            tx.execute("UPDATE orders SET status = 'cooking' WHERE pk = ?", (desk.pk(guest),))
    desk.find(StatusTabs, "statusTabs").set_current(Tab.ACCEPTED)
    desk.bot.waitUntil(desk.page._column.empty.isVisible)
    assert desk.page._column.empty.title == "No orders here"


def test_grey_rows_stand_in_when_the_list_takes_long(desk: Desk) -> None:
    desk.page._column.wait()
    desk.bot.waitUntil(desk.page._column.skeleton.isVisible)
    assert desk.page._column.skeleton.appeared


def test_in_a_narrow_window_the_detail_is_a_page_with_a_way_back(desk: Desk) -> None:
    desk.page.resize(1000, 664)
    desk.bot.waitUntil(desk.page._panel.isHidden)
    desk.click_row("aigerim")
    desk.bot.waitUntil(desk.page._panel.isVisible)
    assert desk.view.isHidden() or not desk.view.isVisible()

    QTest.mouseClick(desk.button("backButton"), Qt.MouseButton.LeftButton)
    desk.bot.waitUntil(desk.view.isVisible)
    assert desk.page._panel.isHidden()


def test_enter_in_a_narrow_list_opens_before_it_commits(desk: Desk) -> None:
    desk.page.resize(1000, 664)
    desk.bot.waitUntil(desk.page._panel.isHidden)
    desk.settle()

    desk.key(Qt.Key.Key_Return)
    desk.bot.waitUntil(desk.page._panel.isVisible)
    desk.settle()
    assert desk.status("danyar") == "created"

    desk.key(Qt.Key.Key_Return)
    desk.bot.waitUntil(lambda: desk.status("danyar") == "accepted")


@pytest.mark.parametrize(
    ("button", "status"), [("resolveMineButton", "cooking"), ("resolveTheirsButton", "cancelled")]
)
def test_what_the_shop_cancelled_while_it_cooks_is_told_loudly_with_its_three_ways_out(
    desk: Desk, button: str, status: str
) -> None:
    desk.open("bekzat")
    ask_a_person(desk.scene.store, desk.pk("timur"), RowState.CONFLICT, Status.CANCELLED, "")
    bar = desk.find(Banner, "stoppedBanner")
    desk.bot.waitUntil(bar.isVisible)
    assert desk.code("timur") in bar.text
    desk.fits()

    bar.button.click()
    desk.settle()
    assert desk.shown() == desk.code("timur")
    box = desk.find(QWidget, "decisionBox")
    assert "The kitchen has stopped it" in box.accessibleName()
    assert "Call" in box.accessibleName()
    assert [desk.button(name).label for name in ("resolveMineButton", "resolveTheirsButton")] == [
        "Go on with it",
        "Stop it",
    ]
    desk.fits()
    desk.button(button).click()
    desk.bot.waitUntil(lambda: not bar.isVisible())
    assert desk.status("timur") == status
