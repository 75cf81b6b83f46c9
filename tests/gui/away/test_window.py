"""The window while its database server is away: it says so, keeps what it shows, and goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from posapp.app import App, build
from posapp.app.opening import Opening
from posapp.domain.kept import KeptKind, SeenOrder, Wish
from posapp.domain.status import Kind, Status
from posapp.domain.who import Who
from posapp.services import orders
from posapp.storage.database import open_store
from posapp.storage.rows import OrderRow
from posapp.ui.kitchen.board import KitchenBoard
from posapp.ui.screens.delivery import DeliveryPage
from posapp.ui.screens.kitchen import KitchenPage
from posapp.ui.screens.orders import OrdersPage
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.widgets.toast import Toast
from tests.support import postgres
from tests.support.postgres import PostgresServer
from tests.support.shop_orders import ANNA, Clock, make_store, put_in, remote_order

W = TypeVar("W", bound=QWidget)
Mortal = tuple[PostgresServer, str]
PATIENCE_MS = 60_000  # for a machine that does much else
SCREEN = Who("counter-1", "counter-1")

away_is_logged = pytest.mark.expects_log("The database server is away")


@pytest.fixture(scope="module")
def mortal() -> Iterator[Mortal]:
    """Return a server that the tests stop and start again, and its template."""
    with postgres.mortal_server() as made:
        yield made


@dataclass
class Shop:
    """A window on a server that dies."""

    app: App
    bot: QtBot
    server: PostgresServer
    pks: tuple[int, ...]

    def until(self, true: Callable[[], object]) -> None:
        self.bot.waitUntil(lambda: bool(true()), timeout=PATIENCE_MS)

    def die(self) -> None:
        self.app.wait_idle()
        self.server.stop()
        self.until(lambda: self.find(Banner, "awayBanner").isVisible())

    def come_back(self) -> None:
        self.server.start()
        self.until(lambda: not self.app.context.away.is_away)
        assert self.app.wait_idle()

    def find(self, kind: type[W], name: str) -> W:
        found = self.app.window.findChild(kind, name)
        assert found is not None, name
        return found

    @property
    def page(self) -> OrdersPage:
        found = self.app.window.findChild(OrdersPage)
        assert found is not None
        return found

    def rows(self) -> dict[int, OrderRow]:
        return {row.pk: row for row in self.page._column.model.rows}

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.page._column.view, key)

    def toast(self) -> str:
        return " ".join(toast.text for toast in self.app.window.findChildren(Toast))

    def statuses(self) -> list[str]:
        return [row[0] for row in self.app.store.all("SELECT status FROM orders ORDER BY pk")]


def settings(folder: Path, url: str) -> Path:
    folder.mkdir()
    text = f'[station]\nname = "counter-1"\n\n[alarm]\nsound = false\n\n[database]\nurl = "{url}"\n'
    (folder / "posapp.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def shop(mortal: Mortal, tmp_path: Path, qtbot: QtBot) -> Iterator[Shop]:
    server, template = mortal
    made = server.fresh(template)
    store = make_store(tmp_path / "other", Clock(), made)
    pks = put_in(store, *(remote_order(f"r{n}") for n in range(4)))
    orders.move(store, pks[3], Status.ACCEPTED, ANNA)
    store.close_thread()
    app = build(settings(tmp_path / "counter", made.url), clock=Clock(), start_sync=False)
    app.window.show()
    shop = Shop(app, qtbot, server, tuple(pks))
    shop.until(lambda: len(shop.rows()) == 4)
    yield shop
    app.close()
    server.stop()
    server.start()
    server.drop(made)


@away_is_logged
def test_the_window_says_it_keeps_its_rows_and_keeps_what_is_done(shop: Shop) -> None:
    first = shop.page._column.model.row_at(0)
    assert first is not None
    shop.page.select_order(first.pk, by_person=True)
    shop.app.wait_idle()
    shop.die()
    banner = shop.find(Banner, "awayBanner")
    pill = shop.app.window.top.pill
    assert "has not answered since" in banner.text
    assert pill.words == "Database away"
    assert set(shop.rows()) == set(shop.pks)

    shop.press(Qt.Key.Key_Return)
    shop.until(lambda: shop.app.context.away.kept.all == 1)
    shop.app.wait_idle()
    row = shop.rows()[first.pk]
    assert (row.status, row.sync) == ("accepted", "kept")
    assert "kept on this computer" in shop.toast()
    assert "1 change is kept on this computer" in banner.text
    assert pill.words == "Database away · 1 kept here"
    assert not shop.find(QWidget, "problemBar").isVisible()

    shop.press(Qt.Key.Key_Z)  # undo before it went in
    shop.until(lambda: shop.app.context.away.kept.all == 0)
    shop.app.wait_idle()
    assert shop.rows()[first.pk].status == "created"
    shop.page._desk.commands.move(shop.rows()[first.pk], Status.CANCELLED, reason="no answer")
    shop.until(lambda: shop.app.context.away.kept.all == 1)

    shop.come_back()
    assert not banner.isVisible()
    assert pill.words != "Database away"
    shop.until(lambda: first.pk not in shop.rows())
    assert sorted(shop.statuses()) == ["accepted", "cancelled", "created", "created"]
    assert shop.app.store.all("SELECT actor FROM events WHERE kind = 'moved' ORDER BY pk DESC LIMIT 1") == [
        ("counter-1",)
    ]


@away_is_logged
def test_lists_and_searches_go_on_over_what_was_loaded(shop: Shop) -> None:
    shop.die()
    column = shop.page._column
    shop.page._head.tabs.set_current("accepted")
    shop.page._list.ask()
    shop.until(lambda: set(shop.rows()) == {shop.pks[3]})
    code = shop.page._list._last.matching(shop.page._list.reader.chosen)[0].code
    column.search.setText(code)
    shop.until(lambda: set(shop.rows()) == {shop.pks[3]})
    column.search.setText("nobody at all")
    shop.until(lambda: column.empty.title == "The database is away")
    column.search.clear()
    shop.page._head.tabs.set_current("active")
    shop.page._list.ask()
    shop.until(lambda: len(shop.rows()) == 4)
    # What was never read says so, and is no empty screen.
    shop.app.window.open_screen("delivery")
    assert shop.app.window.screen_key == "orders"
    assert "has to wait" in shop.toast()
    shop.page.select_order(shop.pks[1], by_person=True)
    shop.until(lambda: shop.page._panel.detail is not None and shop.page._panel.detail.row.pk == shop.pks[1])
    assert shop.find(PlainLabel, "orderUnread").isVisibleTo(shop.page)
    shop.come_back()
    shop.until(lambda: not shop.find(PlainLabel, "orderUnread").isVisibleTo(shop.page))


@away_is_logged
def test_the_kitchen_starts_and_bumps_and_takes_back(shop: Shop) -> None:
    shop.app.window.open_screen("kitchen")
    page = shop.app.window.findChild(KitchenPage)
    assert page is not None
    pk = shop.pks[3]
    shop.until(lambda: pk in page.reader.tickets)
    shop.die()
    page.commands.start(page.reader.tickets[pk])
    shop.until(lambda: page.reader.tickets[pk].status is Status.COOKING)
    page.commands.bump(page.reader.tickets[pk])
    shop.until(lambda: page.reader.tickets[pk].ready_at is not None)
    board = page.findChild(KitchenBoard)
    assert board is not None
    shop.until(lambda: pk not in board.order)
    page.undo()
    shop.until(lambda: pk in board.order)
    assert shop.app.context.away.kept.all == 1
    page.commands.bump(page.reader.tickets[pk])
    shop.until(lambda: shop.app.context.away.kept.all == 2)
    shop.come_back()
    assert shop.statuses()[3] == "cooking"
    assert shop.app.store.all(
        "SELECT ready_at IS NOT NULL FROM kitchen_orders WHERE order_pk = ?", (pk,)
    ) in (
        [(1,)],
        [(True,)],
    )


def test_what_does_not_fit_is_decided_in_the_window(shop: Shop) -> None:
    store, pk = shop.app.store, shop.pks[0]
    assert store.kept is not None
    # Another station cancelled it while this one was alone.
    orders.move(store, pk, Status.CANCELLED, ANNA, reason="sold out")
    code = store.all("SELECT code FROM orders WHERE pk = ?", (pk,))[0][0]
    order = SeenOrder(pk, code, Status.CREATED, Kind.DELIVERY, 1)
    entry = store.kept.add("an-act", Wish(order, KeptKind.MOVE, Status.ACCEPTED), SCREEN, "", store.clock())
    later = SeenOrder(pk, code, Status.ACCEPTED, Kind.DELIVERY, 1)
    store.kept.add("another", Wish(later, KeptKind.MOVE, Status.COOKING), SCREEN, "", store.clock())
    shop.app.context.away.try_now()
    banner = shop.find(Banner, "keptBanner")
    shop.until(banner.isVisible)
    assert "1 change that was kept here needs you" in banner.text
    assert (store.kept.figures.needs, store.kept.figures.behind, store.kept.figures.waiting) == (1, 1, 0)
    before = store.all("SELECT n FROM posapp_commits")
    shop.app.context.away.try_now()
    shop.bot.wait(1500)
    assert store.all("SELECT n FROM posapp_commits") == before  # nothing is tried again and again
    QTest.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    shop.until(lambda: shop.app.window.findChild(Button, f"keptTheirs_{entry.seq}") is not None)
    # Nothing leads out of a cancelled order: only one way is offered.
    assert shop.app.window.findChild(Button, f"keptMine_{entry.seq}") is None
    QTest.mouseClick(shop.find(Button, f"keptTheirs_{entry.seq}"), Qt.MouseButton.LeftButton)
    shop.until(lambda: shop.app.context.away.kept.all == 0)
    shop.until(lambda: not banner.isVisible())
    assert shop.statuses()[0] == "cancelled"
    assert len(store.all("SELECT 1 FROM events WHERE kind = 'kept_dropped'")) == 1


def test_a_start_without_the_server_waits_and_opens_by_itself(
    mortal: Mortal, tmp_path: Path, qtbot: QtBot
) -> None:
    server, template = mortal
    made = server.fresh(template)
    folder = settings(tmp_path / "counter", made.url)
    store = open_store(folder, server=made, clock=Clock())
    (pk,) = put_in(store, remote_order("r1"))
    assert store.kept is not None
    order = SeenOrder(pk, "1", Status.CREATED, Kind.DELIVERY, 1)
    store.kept.add("an-act", Wish(order, KeptKind.MOVE, Status.ACCEPTED), SCREEN, "", store.clock())
    store.kept.close()
    store.close_thread()
    server.stop()
    app = App(folder, clock=Clock(), start_sync=False)
    opened: list[bool] = []
    opening = Opening(app, folder, lambda: opened.append(True), lambda error: pytest.fail(str(error)))
    app.window.show()
    begun = time.monotonic()
    opening.begin()
    assert time.monotonic() - begun < 1  # it looks in a thread
    qtbot.waitUntil(lambda: app.window.findChild(EmptyState, "startPage") is not None, timeout=PATIENCE_MS)
    page = app.window.findChild(EmptyState, "startPage")
    assert page is not None
    assert page.title == "The database is away"
    assert "1 change is kept on this computer" in page._sentence.text()
    server.start()
    retry = page.findChild(Button, "startRetry")
    assert retry is not None
    QTest.mouseClick(retry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(opened), timeout=PATIENCE_MS)
    # What the last run kept goes in.
    qtbot.waitUntil(
        lambda: app.store.all("SELECT status FROM orders") == [("accepted",)], timeout=PATIENCE_MS
    )
    app.close()
    server.drop(made)


@away_is_logged
def test_the_delivery_goes_on_and_the_list_of_what_is_kept_takes_back(shop: Shop) -> None:
    pk = shop.pks[3]
    orders.move(shop.app.store, pk, Status.COOKING, ANNA)
    shop.app.window.open_screen("delivery")
    page = shop.app.window.findChild(DeliveryPage)
    assert page is not None
    shop.until(lambda: page.selection.board.waiting)
    shop.die()
    page.commands.send_out(page.selection.board.waiting)
    shop.until(lambda: page.selection.board.road)
    page.commands.deliver(page.selection.board.road)
    shop.until(lambda: not page.selection.board.road)
    assert shop.app.context.away.kept.all == 2
    QTest.mouseClick(shop.app.window.top.pill, Qt.MouseButton.LeftButton)
    shop.until(lambda: shop.app.window.findChild(Button, "keptBack_2") is not None)
    assert shop.app.window.findChild(Button, "keptBack_1") is None  # the last one first
    QTest.mouseClick(shop.find(Button, "keptBack_2"), Qt.MouseButton.LeftButton)
    shop.until(lambda: page.selection.board.road)
    shop.come_back()
    assert shop.statuses()[3] == "ondelivery"


@away_is_logged
def test_a_silent_server_never_holds_the_window_up(shop: Shop) -> None:
    assert shop.app.wait_idle()
    shop.until(lambda: shop.server.clients("posapp-pulse"))
    turns: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: turns.append(time.monotonic()))
    shop.server.freeze()
    try:
        timer.start(20)
        row = shop.page._column.model.row_at(0)
        assert row is not None
        shop.page._desk.next_step(row)  # it waits for an answer that does not come
        shop.until(lambda: shop.find(Banner, "awayBanner").isVisible())
        shop.until(lambda: shop.rows()[row.pk].sync == "kept")
    finally:
        timer.stop()
        shop.server.thaw()
    # Some four seconds: a window that waited along would not have turned at all.
    assert len(turns) > 20
    shop.until(lambda: not shop.app.context.away.is_away)
    shop.until(lambda: sorted(shop.statuses()) == ["accepted", "accepted", "created", "created"])
    assert len(shop.app.store.all("SELECT 1 FROM events WHERE kind = 'moved'")) == 2
