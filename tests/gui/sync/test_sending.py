"""The Sync Center over a real shop's server: refusals, conflicts and undo until something was sent."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posapp import config_file
from posapp.app import App, build
from posapp.config import RemoteConfig
from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.secrets import SecretStore
from posapp.services import orders
from posapp.storage.details import find_order, queue_rows
from posapp.storage.store import Store
from posapp.ui.screens.sync import SyncPage
from posapp.ui.sync_center.entries import Kind
from posapp.ui.widgets.text import PlainLabel
from tests.support.faulty_remote import FaultyRemote

KEY = "key-of-the-test-shop"
ANNA = Who("Aigerim", "Counter 1")


class Counter:
    """A window that sends, and hands to work with."""

    def __init__(self, app: App, bot: QtBot, shop: FaultyRemote) -> None:
        self.app, self.bot, self.shop = app, bot, shop
        self.messages: list[str] = []
        self.problems: list[str] = []
        app.context.message.connect(lambda text, _undo: self.messages.append(text))
        app.context.problem.connect(lambda error: self.problems.append(str(error)))
        [self.remote_id] = shop.add(1)

    @property
    def store(self) -> Store:
        return self.app.store

    @property
    def pk(self) -> int:
        return find_order(self.store, self.remote_id)

    @property
    def page(self) -> SyncPage:
        page = self.app.window.findChild(SyncPage, "syncPage")
        assert page is not None
        return page

    def until(self, kind: Kind) -> None:
        self.bot.waitUntil(lambda: kind in self.kinds(), timeout=20_000)

    def kinds(self) -> list[Kind]:
        return [entry.kind for entry in self.page.queue.model.rows]

    def states(self) -> list[str]:
        return [row.state for row in queue_rows(self.store, order_pk=self.pk)]

    def arrive(self) -> None:
        self.app.context.doors.sync_now()
        self.bot.waitUntil(self._known, timeout=20_000)

    def _known(self) -> bool:
        return self.store.one("SELECT 1 FROM orders WHERE remote_id = ?", (self.remote_id,)) is not None

    def move(self, *targets: Status) -> None:
        for target in targets:
            orders.move(self.store, self.pk, target, ANNA)
            self.bot.waitUntil(partial(self._has, target), timeout=20_000)
            self.bot.waitUntil(lambda: set(self.states()) == {"confirmed"}, timeout=20_000)

    def _has(self, status: Status) -> bool:
        return self.shop.status(self.remote_id) == status

    def key(self, *keys: str) -> None:
        for key in keys:
            target = QApplication.focusWidget() or self.app.window
            if key == "Ctrl+Enter":
                QTest.keyClick(target, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            else:
                QTest.keyClicks(target, key)


@pytest.fixture
def shop() -> Iterator[FaultyRemote]:
    with FaultyRemote(api_key=KEY) as remote:
        yield remote


@pytest.fixture
def counter(qtbot: QtBot, tmp_path: Path, shop: FaultyRemote) -> Iterator[Counter]:
    folder = tmp_path / "data"
    folder.mkdir()
    config_file.add_remote(folder, RemoteConfig("alma", shop.url, poll_seconds=2, timezone="Asia/Almaty"))
    config_file.save_setting(folder, "alarm", "sound", value=False)
    app = build(
        folder, screen="sync", secrets=SecretStore(tmp_path / "keys", {"POSAPP_REMOTE_ALMA_API_KEY": KEY})
    )
    app.window.resize(1366, 768)
    app.window.show()
    app.window.activateWindow()
    yield Counter(app, qtbot, shop)
    app.close()


def test_a_refusal_tells_the_shops_words_and_a_retry_brings_it_through(
    counter: Counter, shop: FaultyRemote
) -> None:
    counter.arrive()
    shop.refuse = lambda _order, _old, new: "The kitchen is closed." if new == "accepted" else None
    orders.move(counter.store, counter.pk, Status.ACCEPTED, ANNA)
    counter.until(Kind.FAILED)
    counter.bot.waitUntil(lambda: counter.page.right.on_facts, timeout=5_000)
    words = counter.page.right.facts.findChild(PlainLabel, "serverWords")
    assert words is not None
    assert "The kitchen is closed." in words.text()
    assert shop.status(counter.remote_id) == "created"

    shop.refuse = None
    counter.key("r")
    counter.until(Kind.DONE)
    assert shop.writes(counter.remote_id) == ["accepted"]
    assert Kind.FAILED not in counter.kinds()


def cancelled_while_cooking(counter: Counter, shop: FaultyRemote) -> None:
    counter.arrive()
    counter.move(Status.ACCEPTED, Status.COOKING)
    shop.set_status(counter.remote_id, "cancelled")
    with counter.store.write() as tx:
        tx.execute("UPDATE orders SET watch_at = 0")  # it is looked at now, not in half a minute
    counter.app.context.doors.sync_now()
    counter.until(Kind.CONFLICT)
    counter.bot.waitUntil(lambda: counter.page.right.on_desk, timeout=5_000)


def test_a_cancellation_while_cooking_is_overruled_only_after_the_time_for_undo(
    counter: Counter, shop: FaultyRemote
) -> None:
    cancelled_while_cooking(counter, shop)
    writes = list(shop.writes(counter.remote_id))

    counter.key("1", "Ctrl+Enter")
    counter.bot.waitUntil(lambda: any("in a few seconds" in text for text in counter.messages), timeout=5_000)
    counter.app.context.doors.sync_now()
    counter.bot.wait(1_500)
    assert shop.writes(counter.remote_id) == writes  # nothing left yet

    counter.key("z")
    counter.bot.waitUntil(lambda: "conflict" in counter.states(), timeout=5_000)
    counter.app.context.doors.sync_now()
    counter.bot.wait(1_000)
    assert shop.writes(counter.remote_id) == writes
    assert "conflict" in counter.states()

    counter.bot.waitUntil(
        lambda: counter.page.right.on_desk and not counter.page._guard.isActive(), timeout=5_000
    )
    counter.key("1", "Ctrl+Enter")
    counter.bot.waitUntil(lambda: shop.status(counter.remote_id) == "cooking", timeout=20_000)
    counter.bot.waitUntil(lambda: counter.states()[-1] == "confirmed", timeout=20_000)
    assert shop.writes(counter.remote_id) == [*writes, "cooking"]
    assert counter.problems == []


def test_stopping_takes_the_shops_word_and_sends_nothing(counter: Counter, shop: FaultyRemote) -> None:
    cancelled_while_cooking(counter, shop)
    writes = list(shop.writes(counter.remote_id))
    counter.key("2", "Ctrl+Enter")
    counter.bot.waitUntil(
        lambda: counter.store.one("SELECT status FROM orders") == ("cancelled",), timeout=5_000
    )
    counter.app.context.doors.sync_now()
    counter.bot.wait(1_000)
    assert shop.writes(counter.remote_id) == writes
    assert counter.problems == []


def test_changes_made_without_a_network_wait_in_sight_and_drain(counter: Counter, shop: FaultyRemote) -> None:
    counter.arrive()
    shop.go_offline()
    for target in (Status.ACCEPTED, Status.COOKING):
        orders.move(counter.store, counter.pk, target, ANNA)
    counter.bot.waitUntil(counter.page.trouble.isVisible, timeout=20_000)
    assert "cannot be reached" in counter.page.trouble.text
    assert Kind.WAITING in counter.kinds()

    shop.go_online()
    counter.page.queue.send.click()
    counter.bot.waitUntil(lambda: counter.kinds().count(Kind.DONE) == 2, timeout=20_000)
    assert shop.writes(counter.remote_id) == ["accepted", "cooking"]
    counter.bot.waitUntil(lambda: not counter.page.trouble.isVisible(), timeout=20_000)
