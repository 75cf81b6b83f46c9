"""A staff shop in the window: connected by name and password, its numbers changed, a new password."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from posapp import config_file
from posapp.config import RemoteConfig, load
from posapp.domain.status import Status
from posapp.remote.tokens import SignIn, read_sign_in
from posapp.secrets import SecretStore
from posapp.services import remotes
from posapp.ui.connect_dialog import ConnectDialog
from posapp.ui.key_dialog import KeyDialog, RemoveDialog
from posapp.ui.settings.connection import ShopCard
from posapp.ui.settings.statuses import StatusNumbers
from posapp.ui.widgets.buttons import Button
from tests.gui.shell.conftest import Make, Running
from tests.support.clipping import find_clipped
from tests.support.drf_shop import PASSWORD, STAFF, DrfShop

NAME = "kathmandu"


@pytest.fixture(scope="module")
def running_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrfShop]:
    with DrfShop(tmp_path_factory.mktemp("back-end")) as shop:
        yield shop


@pytest.fixture
def back_end(running_shop: DrfShop) -> DrfShop:
    running_shop.begin(3)
    return running_shop


def connected(make: Make, tmp_path: Path, url: str, **named: object) -> Running:
    """Return the window at the settings of a staff shop that is connected already."""
    data_dir = tmp_path / "data"
    data_dir.mkdir(exist_ok=True)
    shop = RemoteConfig(NAME, url, format="staff", currency="NPR", timezone="Asia/Kathmandu")
    config_file.add_remote(data_dir, shop)
    running = make(screen="settings", **named)
    running.window.open_settings("connection")
    running.rest()
    return running


def numbers_of(running: Running) -> StatusNumbers:
    running.find(Button, "statusNumbersButton").click()
    running.rest()
    return running.find(StatusNumbers, f"statuses_{NAME}")


def saved(tmp_path: Path, status: Status) -> tuple[int, ...]:
    return load(tmp_path / "data").remote(NAME).status_numbers[status]


def test_a_staff_shop_is_tested_connected_and_disconnected(
    make: Make, back_end: DrfShop, tmp_path: Path
) -> None:
    secrets = SecretStore(tmp_path / "keys", {})
    running = make(secrets=secrets)
    running.window.first_start.connect_shop()
    dialog = running.dialog()
    assert isinstance(dialog, ConnectDialog)
    dialog.format.setCurrentIndex(dialog.format.findData("staff"))
    dialog.accept()
    running.rest()
    wrong = {name for name, field in dialog.fields.items() if field.error and field.isVisible()}
    assert wrong == {"name", "base_url", "username", "password"}
    assert not dialog.fields["api_key"].isVisible()
    assert find_clipped(dialog) == []
    assert dialog.currency.currentData() == "NPR"
    dialog.name.setText(NAME)
    dialog.address.setText(back_end.url)
    dialog.username.setText(STAFF)
    dialog.password.setText("wrong")
    dialog.test()
    running.bot.waitUntil(lambda: "password is needed again" in dialog.result_line.text, timeout=15_000)
    dialog.password.setText(PASSWORD)
    dialog.test()
    running.bot.waitUntil(lambda: "accepts the sign-in" in dialog.result_line.text, timeout=15_000)
    dialog.update_mode.setCurrentIndex(dialog.update_mode.findData("put"))
    dialog.accept()
    store = running.app.store
    running.bot.waitUntil(lambda: store.one("SELECT count(*) FROM orders") == (3,), timeout=15_000)
    remote = load(tmp_path / "data").remote(NAME)
    assert (remote.format, remote.update, remote.currency) == ("staff", "put", "NPR")
    assert PASSWORD not in (tmp_path / "data" / "posapp.toml").read_text("utf-8")
    namespace = store.meta("installation")
    assert read_sign_in(secrets.get(namespace, NAME)).password == PASSWORD
    running.window.open_settings("connection")
    running.rest()
    running.find(ShopCard, f"shop_{NAME}").ask_to_remove()
    removal = running.dialog()
    assert isinstance(removal, RemoveDialog)
    assert "signed out of the shop" in removal.accessibleDescription()
    button = removal.findChild(Button, "disconnectButton")
    assert button is not None
    button.click()
    running.bot.waitUntil(lambda: bool(back_end.requests("POST", "/api/token/blacklist/")), timeout=15_000)
    running.rest()
    assert load(tmp_path / "data").remotes == ()
    assert secrets.get(namespace, NAME) is None


def test_numbers_are_saved_once_the_hand_rests_and_z_takes_them_back(make: Make, tmp_path: Path) -> None:
    running = connected(make, tmp_path, "http://127.0.0.1:9", start_sync=False)
    numbers = numbers_of(running)
    order, delivery = numbers.numbers[Status.CANCELLED]
    assert (order.text(), delivery.text()) == ("4", "unchanged")
    for value in (0, 1):
        delivery.setValue(value)
    numbers.numbers[Status.EDITED][1].setValue(1)
    running.bot.waitUntil(lambda: saved(tmp_path, Status.CANCELLED) == (4, 1))
    assert saved(tmp_path, Status.EDITED) == (1, 1)
    running.rest()
    assert "cooking" not in (tmp_path / "data" / "posapp.toml").read_text("utf-8")
    assert running.find(StatusNumbers, f"statuses_{NAME}").isVisible(), "the card stays as it is"
    running.settings.setFocus()
    QTest.keyClick(running.window, Qt.Key.Key_Z)
    running.bot.waitUntil(lambda: saved(tmp_path, Status.CANCELLED) == (4,))
    running.rest()
    assert (delivery.text(), numbers.numbers[Status.EDITED][1].value()) == ("unchanged", 0)
    assert running.clipped() == []


def test_numbers_that_clash_are_told_and_not_saved(make: Make, tmp_path: Path) -> None:
    running = connected(make, tmp_path, "http://127.0.0.1:9", start_sync=False)
    numbers = numbers_of(running)
    before = (tmp_path / "data" / "posapp.toml").read_text("utf-8")
    order, _ = numbers.numbers[Status.COOKING]
    order.setValue(0)
    running.bot.waitUntil(lambda: bool(numbers.error))
    assert numbers.error.startswith("“Cooking” has the numbers of another status.")
    assert order.value() == 0, "what was entered stays to be corrected"
    assert (tmp_path / "data" / "posapp.toml").read_text("utf-8") == before
    order.setValue(3)
    running.bot.waitUntil(lambda: saved(tmp_path, Status.COOKING) == (3, 0))
    running.rest()
    assert numbers.error == ""


def test_a_password_that_is_wanted_again_is_asked_for(make: Make, back_end: DrfShop, tmp_path: Path) -> None:
    secrets = SecretStore(tmp_path / "keys", {})
    running = connected(make, tmp_path, back_end.url, secrets=secrets, start_sync=False)
    store = running.app.store
    namespace = store.meta("installation")
    secrets.set(namespace, NAME, SignIn(STAFF, "outdated", "dead").to_secret())
    remotes.note_trouble(store, NAME, "sign_in", "The shop does not accept the sign-in (401).")
    section = running.settings.section("connection")
    running.bot.waitUntil(lambda: section.summary() == "Password needed")
    running.window.enter_key(NAME)
    dialog = running.dialog()
    assert isinstance(dialog, KeyDialog)
    assert dialog.windowTitle() == f"New password for {NAME}"
    dialog.accept()
    running.rest()
    assert dialog.fields["api_key"].error == "Enter the password."
    assert find_clipped(dialog) == []
    dialog.secret.setText(PASSWORD)
    dialog.test()
    running.bot.waitUntil(lambda: "accepts the sign-in" in dialog.result_line.text, timeout=15_000)
    dialog.accept()
    running.rest()
    assert read_sign_in(secrets.get(namespace, NAME)) == SignIn(STAFF, PASSWORD)
    running.bot.waitUntil(lambda: section.summary() != "Password needed")
