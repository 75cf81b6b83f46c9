"""What the window does with the sign-in of a shop of the staff API."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp import config_file
from posapp.app.doors import WindowDoors
from posapp.config import RemoteConfig, load
from posapp.domain.status import Status
from posapp.printing.worker import PrintWorker
from posapp.remote.tokens import SignIn, read_sign_in
from posapp.secrets import SecretStore
from posapp.services import remotes
from posapp.storage.database import open_store
from posapp.storage.details import sync_summary
from posapp.storage.store import Store
from tests.support.drf_shop import CUSTOMER, PASSWORD, STAFF, DrfShop


class Sender:
    """Counts what it is told."""

    def __init__(self) -> None:
        self.reloads = 0

    def wake(self) -> None:
        pass

    def reload(self) -> None:
        self.reloads += 1


def not_asked_for() -> PrintWorker:
    raise AssertionError("nothing is printed here")


class Window:
    """The doors of a window, with what is behind them."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.secrets = SecretStore(folder, {})
        self.sender = Sender()
        self.doors = WindowDoors(
            store,
            secrets=lambda: self.secrets,
            sync=lambda: self.sender,
            printing=not_asked_for,
            in_jobs=lambda job: None,
            leave=lambda: None,
        )

    @property
    def sign_in(self) -> SignIn:
        return read_sign_in(self.secrets.get(self.store.meta("installation"), "kathmandu"))

    def store_sign_in(self, sign_in: SignIn) -> None:
        self.secrets.set(self.store.meta("installation"), "kathmandu", sign_in.to_secret())


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrfShop]:
    with DrfShop(tmp_path_factory.mktemp("back-end")) as running:
        running.begin(1)
        yield running


@pytest.fixture
def remote(shop: DrfShop) -> RemoteConfig:
    return RemoteConfig("kathmandu", shop.url, format="staff", currency="NPR")


@pytest.fixture
def window(tmp_path: Path, remote: RemoteConfig) -> Iterator[Window]:
    data_dir = Path(os.environ["POSAPP_DATA_DIR"])
    store = open_store(data_dir)
    config_file.add_remote(data_dir, remote)
    yield Window(store, tmp_path)
    store.close_thread()


def test_a_test_keeps_the_token_that_it_renewed(window: Window, remote: RemoteConfig) -> None:
    window.store_sign_in(SignIn(STAFF, PASSWORD))
    assert window.doors.test_remote(remote, "").ok
    first = window.sign_in.refresh
    window.store_sign_in(SignIn(STAFF, "", first))
    assert window.doors.test_remote(remote, "").ok
    assert window.sign_in.refresh not in {"", first}


def test_an_entered_password_is_tried_without_being_kept(window: Window, remote: RemoteConfig) -> None:
    window.store_sign_in(SignIn(STAFF, "outdated", "dead"))
    assert window.doors.test_remote(remote, PASSWORD).ok
    assert not window.doors.test_remote(remote, "wrong").ok
    assert window.sign_in == SignIn(STAFF, "outdated", "dead")


def test_a_customers_account_is_told(window: Window, remote: RemoteConfig) -> None:
    window.store_sign_in(SignIn(CUSTOMER, PASSWORD))
    result = window.doors.test_remote(remote, "")
    assert not result.ok
    assert "not one of the shop's staff" in result.sentence


def test_the_password_that_is_asked_for_replaces_the_old_sign_in(window: Window) -> None:
    window.store_sign_in(SignIn(STAFF, "outdated", "dead"))
    window.doors.replace_secret("kathmandu", PASSWORD)
    assert window.sign_in == SignIn(STAFF, PASSWORD)
    assert window.sender.reloads == 1


def test_a_new_password_is_no_longer_asked_for(window: Window) -> None:
    window.store_sign_in(SignIn(STAFF, "outdated", "dead"))
    remotes.note_trouble(window.store, "kathmandu", "sign_in", "The password is needed again.")
    window.doors.replace_secret("kathmandu", PASSWORD)
    assert sync_summary(window.store).attention == 0


def test_a_shop_that_is_connected_begins_without_old_trouble(window: Window) -> None:
    remotes.note_trouble(window.store, "alma", "sign_in", "The key is not known.")
    values = {"name": "alma", "format": "internal", "base_url": "https://shop.example"}
    window.doors.add_remote(values, "another-key")
    assert sync_summary(window.store).attention == 0


VALUES = {"name": "second", "format": "staff", "currency": "NPR", "timezone": "Asia/Kathmandu"}


def test_a_shop_is_tested_and_connected_with_name_and_password(window: Window, shop: DrfShop) -> None:
    remote = RemoteConfig("second", shop.url, format="staff", currency="NPR")
    refused = window.doors.test_remote(remote, "wrong", STAFF)
    assert not refused.ok
    assert "password is needed again" in refused.sentence
    assert "key" not in refused.sentence
    accepted = window.doors.test_remote(remote, PASSWORD, STAFF)
    assert (accepted.ok, accepted.sentence) == (True, "The shop answers and accepts the sign-in.")
    config = window.doors.add_remote({**VALUES, "base_url": shop.url}, PASSWORD, STAFF)
    assert config.remote("second").format == "staff"
    secret = window.secrets.get(window.store.meta("installation"), "second")
    assert read_sign_in(secret) == SignIn(STAFF, PASSWORD)


def test_a_new_name_replaces_the_old_with_its_password(window: Window) -> None:
    window.store_sign_in(SignIn(STAFF, "outdated", "dead"))
    window.doors.replace_secret("kathmandu", "other", "other@shop.example")
    assert window.sign_in == SignIn("other@shop.example", "other")


def test_a_disconnected_shop_forgets_our_token(window: Window, remote: RemoteConfig, shop: DrfShop) -> None:
    window.store_sign_in(SignIn(STAFF, PASSWORD))
    assert window.doors.test_remote(remote, "").ok
    refresh = window.sign_in.refresh
    shop.control(forget=True)
    assert window.doors.remove_remote("kathmandu").remotes == ()
    until = time.monotonic() + 10
    while not shop.requests("POST", "/api/token/blacklist/") and time.monotonic() < until:
        time.sleep(0.02)
    [told] = shop.requests("POST", "/api/token/blacklist/")
    assert (json.loads(told["body"]), told["status"]) == ({"refresh": refresh}, 200)
    assert window.sign_in == SignIn()


def test_own_status_numbers_are_kept_and_used(window: Window) -> None:
    numbers = load(window.store.data_dir).remote("kathmandu").status_numbers
    config = window.doors.save_statuses("kathmandu", {**numbers, Status.COOKING: (3, 0)})
    assert config.remote("kathmandu").status_numbers[Status.COOKING] == (3, 0)
    assert window.sender.reloads == 1
