"""An order of a staff shop that is paid here: one key in the window, and the shop itself knows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from posapp import config_file
from posapp.config import RemoteConfig
from posapp.domain.status import Status
from posapp.remote.tokens import SignIn
from posapp.secrets import SecretStore
from posapp.services import orders
from posapp.storage.sales import payments_of
from tests.gui.payment.test_account import opened
from tests.gui.shell.conftest import Make
from tests.support.drf_shop import PASSWORD, STAFF, DrfShop, staff_order

NAME = "kathmandu"


def test_one_key_pays_it_here_and_the_shop_is_told_and_undo_tells_it_again(
    make: Make, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with DrfShop(tmp_path_factory.mktemp("back-end")) as back_end:
        back_end.begin(0)
        back_end.control(orders=[staff_order(1, payment_status=0, payment_date=None)])
        data, secrets = tmp_path / "data", SecretStore(tmp_path / "keys", {})
        data.mkdir(exist_ok=True)
        shop = RemoteConfig(NAME, back_end.url, format="staff", currency="NPR", timezone="Asia/Kathmandu")
        config_file.add_remote(data, shop)
        running = make(screen="orders", secrets=secrets, start_sync=False)
        store = running.app.store
        secrets.set(store.meta("installation"), NAME, SignIn(STAFF, PASSWORD).to_secret())
        running.app.sync.start()
        running.bot.waitUntil(lambda: store.one("SELECT count(*) FROM orders") == (1,), timeout=20_000)
        row = store.one("SELECT pk FROM orders")
        assert row is not None
        orders.move(store, int(row[0]), Status.ACCEPTED, running.window.ctx.who)
        pk = opened(running, int(row[0]))

        QTest.keyClick(running.window, Qt.Key.Key_P)
        running.bot.waitUntil(lambda: back_end.order(1)["payment_status"] == 1, timeout=20_000)
        assert [payment.amount > 0 for payment in payments_of(store, pk)] == [True]
        running.bot.waitUntil(
            lambda: store.one("SELECT payment_status, sync FROM orders") == ("paid", "synced"), timeout=20_000
        )
        QTest.keyClick(running.window, Qt.Key.Key_Z)
        running.bot.waitUntil(lambda: back_end.order(1)["payment_status"] == 0, timeout=20_000)
        running.rest()
        assert [payment.kind.value for payment in payments_of(store, pk)] == ["payment", "reversal"]
