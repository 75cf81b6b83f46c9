"""Fetching a staff shop's prices and products in the settings, and what the editor makes of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from posapp import config_file
from posapp.config import RemoteConfig
from posapp.sandbox.process import SandboxProcess
from posapp.secrets import SecretStore
from posapp.storage.shopinfo import fetched_info, search_shop_products
from posapp.ui.editor.dialogs import AddItemDialog
from posapp.ui.screens.editor import EditorPage
from posapp.ui.settings.shopinfo import ShopInfoFetch
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.options import OptionList
from posapp.ui.widgets.text import PlainLabel
from tests.gui.shell.conftest import Make, Running
from tests.support.raw_server import Act, RawServer

NAME = "thamel"


@pytest.fixture
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess.start(seed=1, speed=0, control=True) as running:
        yield running


def window(make: Make, tmp_path: Path, url: str, password: str, **named: object) -> Running:
    data_dir = tmp_path / "data"
    data_dir.mkdir(exist_ok=True)
    shop = RemoteConfig(NAME, url, format="staff", currency="NPR", timezone="Asia/Kathmandu", poll_seconds=2)
    config_file.add_remote(data_dir, shop)
    variables = {
        "POSAPP_REMOTE_THAMEL_USERNAME": "staff@mamma-pizza.example",
        "POSAPP_REMOTE_THAMEL_PASSWORD": password,
    }
    running = make(screen="settings", secrets=SecretStore(tmp_path / "keys", variables), **named)
    running.window.open_settings("connection")
    running.rest()
    return running


def fetch_of(running: Running) -> ShopInfoFetch:
    return running.find(ShopInfoFetch, f"shopInfo_{NAME}")


def fetched(running: Running) -> ShopInfoFetch:
    """Press the button and wait for the end."""
    fetch = fetch_of(running)
    fetch.button.click()
    assert not fetch.button.isEnabled()
    running.bot.waitUntil(fetch.button.isEnabled, timeout=20_000)
    running.rest()
    return fetch


def test_a_shops_prices_and_products_are_fetched_with_their_counts(
    make: Make, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    running = window(make, tmp_path, sandbox.staff_url, sandbox.password, start_sync=False)
    fetch = fetched(running)
    assert fetch.result_line.text == (
        "Fetched 14 products, 4 delivery costs, 77 districts (4 delivered to) and 1 tax."
    )
    known = fetch.findChild(PlainLabel, "shopInfoKnown")
    assert known is not None
    assert known.text().endswith(" · 14 products · 4 districts delivered to")
    assert not fetch.stop_button.isVisible()
    assert running.clipped() == []
    store = running.app.store
    assert [product.price for product in search_shop_products(store, NAME, "chicken momo")] == [320]
    asked = running.app.context.usual_shipping
    assert asked is not None
    running.bot.waitUntil(lambda: asked(NAME, "Lalitpur", "1") == "210")
    assert [asked(NAME, "Lalitpur", "0"), asked(NAME, "Nuwakot", "0")] == ["150", None]
    assert [asked("another", "Lalitpur", "0"), asked(NAME, "Lalitpur", "")] == [None, None]


def test_the_editor_suggests_the_cost_and_offers_the_shops_products(
    make: Make, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    sandbox.advance_to("pema")
    running = window(make, tmp_path, sandbox.staff_url, sandbox.password)
    fetched(running)
    store, context = running.app.store, running.app.context
    running.bot.waitUntil(lambda: store.one("SELECT pk FROM orders") is not None, timeout=20_000)
    (pk,) = store.all("SELECT pk FROM orders")[0]
    context.edit_wanted.emit(pk)
    running.rest()
    page = running.find(EditorPage, "editorPage")
    page.desk.type("district", "Bhaktapur")
    page.desk.leave("district")
    running.rest()
    assert "200" in page.desk.notes()["shipping_cost"].text
    page.add_item()
    dialog = running.dialog()
    assert isinstance(dialog, AddItemDialog)
    name = dialog.findChild(TextInput, "addItemName")
    assert name is not None
    QTest.keyClicks(name, "mango")
    running.rest()
    offered = dialog.findChild(OptionList, "catalogueList")
    assert offered is not None
    assert [option.text for option in offered.options] == ["Mango lassi"]
    QTest.keyClick(name, Qt.Key.Key_Return)
    QTest.keyClick(name, Qt.Key.Key_Return)
    running.rest()
    added = page.desk.lines.edits()[-1]
    assert (added.title, added.product) == (
        "Mango lassi",
        f"{sandbox.staff_url}/apps/product/mango-lassi/",
    )
    page.desk.revert()
    page.leave()


def test_a_fetch_is_stopped_at_once_and_keeps_nothing(make: Make, tmp_path: Path) -> None:
    with RawServer([Act.HOLD]) as silent:
        running = window(make, tmp_path, f"http://127.0.0.1:{silent.port}", "guessed", start_sync=False)
        fetch = fetch_of(running)
        fetch.button.click()
        running.bot.waitUntil(lambda: "districts" in fetch.result_line.text)
        assert running.find(Button, "stopFetchButton").hasFocus()
        began = time.monotonic()
        fetch.stop_button.click()
        running.bot.waitUntil(fetch.button.isEnabled)
        assert time.monotonic() - began < 3
        assert fetch.result_line.text == "Stopped. What was known before stays."
        assert fetched_info(running.app.store) == {}


def test_a_shop_that_cannot_be_reached_is_told(make: Make, tmp_path: Path) -> None:
    running = window(make, tmp_path, "http://127.0.0.1:9", "guessed", start_sync=False)
    fetch = fetched(running)
    assert "could not be read" in fetch.result_line.text
    assert fetched_info(running.app.store) == {}


def test_a_wrong_password_is_told_and_what_was_known_stays(
    make: Make, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    running = window(make, tmp_path, sandbox.staff_url, "guessed", start_sync=False)
    fetch = fetched(running)
    assert "No active account found" in fetch.result_line.text
    assert fetched_info(running.app.store) == {}
