"""The settings screen: saved at once, taken back, found; shops connected, tested, disconnected."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from posapp.config import load
from posapp.secrets import SecretStore
from posapp.ui.connect_dialog import ConnectDialog
from posapp.ui.key_dialog import KeyDialog
from posapp.ui.settings.connection import ShopCard
from posapp.ui.shop_form import TestLine
from posapp.ui.theme import current_theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.controls import SliderRow, Stepper, Toggle
from posapp.ui.widgets.inputs import ComboBox, TextArea, TextInput
from tests.gui.shell.conftest import KEY, Make, Running
from tests.support.clipping import find_clipped
from tests.support.faulty_remote import FaultyRemote


def at_section(make: Make, section: str, **named: object) -> Running:
    running = make(screen="settings", **named)
    running.window.open_settings(section)
    running.rest()
    return running


def saved(tmp_path: Path, section: str, key: str) -> object:
    return load(tmp_path / "data").get(section, key)


def test_a_switch_is_saved_at_once_and_z_takes_it_back(make: Make, tmp_path: Path) -> None:
    running = at_section(make, "alerts")
    running.find(Toggle, "alarmSound").click()
    running.rest()
    assert saved(tmp_path, "alarm", "sound") is False
    assert "Saved on this PC" in running.find(QLabel, "savedNote").text()
    assert running.settings.section("alerts").summary() == "Off"
    QTest.keyClick(running.window, Qt.Key.Key_Z)
    running.rest()
    assert saved(tmp_path, "alarm", "sound") is True
    assert running.find(Toggle, "alarmSound").isChecked()


def test_the_volume_is_saved_once_the_hand_rests(make: Make, tmp_path: Path) -> None:
    running = at_section(make, "alerts")
    row = running.find(SliderRow, "alarmVolume")
    for value in (60, 50, 40):
        row.slider.setValue(value)
    assert saved(tmp_path, "alarm", "volume") == 70
    running.bot.waitUntil(lambda: saved(tmp_path, "alarm", "volume") == 40)
    running.rest()
    running.find(Button, "settingsUndoButton").click()
    running.bot.waitUntil(lambda: saved(tmp_path, "alarm", "volume") == 70)
    running.rest()
    assert row.value() == 70


def test_target_times_reach_the_orders(make: Make) -> None:
    running = at_section(make, "alerts")
    running.find(Stepper, "deliveryMinutes").stepUp()
    running.bot.waitUntil(lambda: running.app.context.config.targets.delivery_min == 16)


def test_the_station_is_renamed_everywhere_and_never_nameless(make: Make, tmp_path: Path) -> None:
    running = at_section(make, "station")
    name = running.find(TextInput, "stationName")
    name.setFocus()
    name.selectAll()
    QTest.keyClick(name, Qt.Key.Key_Delete)
    assert "needs a name" in name.accessibleDescription()
    QTest.keyClick(name, Qt.Key.Key_Return)
    running.rest()
    assert saved(tmp_path, "station", "name") == "counter-1"
    QTest.keyClicks(name, "Counter 2")
    QTest.keyClick(name, Qt.Key.Key_Return)
    running.rest()
    assert saved(tmp_path, "station", "name") == "Counter 2"
    assert running.window.station.accessibleName() == "Station Counter 2"


def test_the_theme_changes_at_once(make: Make) -> None:
    running = at_section(make, "look")
    choice = running.find(ComboBox, "themeChoice")
    choice.setCurrentIndex(choice.findData("dark"))
    choice.activated.emit(choice.currentIndex())
    running.rest()
    assert current_theme().name == "dark"


def test_search_finds_settings_by_any_of_their_words(make: Make) -> None:
    running = at_section(make, "connection")
    page = running.settings
    page.list.search.setText("louder")
    assert page.list.current == "alerts"
    page.list.search.setText("licences")
    assert page.list.current == "about"
    page.list.search.setText("xylophone")
    assert page.list._nothing.isVisible()
    page.list.search.clear()
    assert not page.list._nothing.isVisible()


def test_about_tells_what_support_asks_for(make: Make, tmp_path: Path) -> None:
    running = at_section(make, "about")
    texts = " ".join(label.text() for label in running.window.findChildren(QLabel) if label.isVisible())
    assert str(tmp_path / "data") in texts
    assert "SQLite 3." in texts
    assert "Phosphor" in texts
    running.find(Button, "licencesButton").click()
    assert running.dialog().windowTitle() == "Licences"


def connect_dialog(running: Running) -> ConnectDialog:
    dialog = running.dialog()
    assert isinstance(dialog, ConnectDialog)
    return dialog


def test_connecting_names_everything_that_is_wrong_at_its_field(make: Make) -> None:
    running = at_section(make, "connection")
    running.find(Button, "addShopButton").click()
    dialog = connect_dialog(running)
    dialog.address.setText("http://shop.example")
    dialog.zone.setText("Mars/Olympus")
    dialog.accept()
    running.rest()
    assert dialog.isVisible()
    assert dialog.fields["name"].error == "Enter a name."
    assert "only for this computer itself" in dialog.fields["base_url"].error
    assert dialog.fields["api_key"].error == "Enter the key."
    assert dialog.fields["timezone"].error
    assert dialog.name.hasFocus()
    assert find_clipped(dialog) == []


def test_a_shop_is_tested_connected_and_disconnected(make: Make, shop: FaultyRemote, tmp_path: Path) -> None:
    shop.add(2)
    secrets = SecretStore(tmp_path / "keys", {})
    running = make(secrets=secrets)
    running.window.first_start.connect_shop()
    dialog = connect_dialog(running)
    dialog.name.setText("alma")
    dialog.address.setText(shop.url)
    dialog.secret.setText("a-wrong-key")
    line = dialog.findChild(TestLine, "testResult")
    assert line is not None
    dialog.test()
    running.bot.waitUntil(lambda: "does not accept this key" in line.text, timeout=15_000)
    dialog.secret.setText(KEY)
    dialog.test()
    running.bot.waitUntil(lambda: "answers and accepts" in line.text, timeout=15_000)
    assert shop.count("list") == 0
    dialog.accept()
    running.bot.waitUntil(lambda: shop.count("list") > 0, timeout=15_000)
    assert running.no_dialog()
    text = (tmp_path / "data" / "posapp.toml").read_text("utf-8")
    assert shop.url in text
    assert KEY not in text
    running.window.open_settings("connection")
    running.rest()
    card = running.find(ShopCard, "shop_alma")
    assert KEY not in " ".join(label.text() for label in card.findChildren(QLabel))
    card.test()
    running.bot.waitUntil(lambda: "answers and accepts" in card.test_line.text, timeout=15_000)
    card.ask_to_remove()
    removal = running.dialog()
    assert "Its orders stay here" in removal.accessibleDescription()
    button = removal.findChild(Button, "disconnectButton")
    assert button is not None
    button.click()
    running.rest()
    assert load(tmp_path / "data").remotes == ()
    assert secrets.get(running.app.store.meta("installation"), "alma") is None
    running.app.show_screen("orders")
    running.rest()
    row = running.app.store.one("SELECT count(*) FROM orders")
    assert row == (2,)


def test_a_name_that_is_taken_is_refused_at_its_field(make: Make, shop: FaultyRemote) -> None:
    running = at_section(make, "connection", remote=shop)
    running.window.first_start.connect_shop()
    dialog = connect_dialog(running)
    dialog.name.setText("alma")
    dialog.address.setText(shop.url)
    dialog.secret.setText("another-key")
    dialog.accept()
    running.rest()
    assert dialog.fields["name"].error == "This name is taken."
    assert dialog.isVisible()


def test_a_new_key_ends_the_trouble(make: Make, shop: FaultyRemote, tmp_path: Path) -> None:
    secrets = SecretStore(tmp_path / "keys", {})
    running = at_section(make, "connection", remote=shop, secrets=secrets)
    running.bot.waitUntil(
        lambda: running.settings.section("connection").summary() == "Key needed", timeout=15_000
    )
    assert "There is no key" in " ".join(
        label.text() for label in running.find(ShopCard, "shop_alma").findChildren(QLabel)
    )
    running.window.enter_key("alma")
    dialog = running.dialog()
    assert isinstance(dialog, KeyDialog)
    dialog.accept()
    running.rest()
    assert dialog.fields["api_key"].error == "Enter the key."
    dialog.secret.setText(KEY)
    dialog.accept()
    running.bot.waitUntil(
        lambda: running.settings.section("connection").summary() == "Online", timeout=15_000
    )


def test_training_offers_no_way_to_a_real_shop(make: Make, shop: FaultyRemote) -> None:
    running = at_section(make, "connection", remote=shop, training=True, start_sync=False)
    assert not running.find(Button, "addShopButton").isVisible()
    assert running.window.findChild(Button, "replaceKeyButton") is None
    assert running.window.findChild(Button, "removeButton") is None


def test_every_sound_has_its_switch_and_its_test(make: Make, tmp_path: Path) -> None:
    running = at_section(make, "alerts")
    for key in ("late_sound", "error_sound", "bump_sound", "start_sound"):
        running.find(Toggle, f"alarm_{key}").click()
        running.rest()
        assert saved(tmp_path, "alarm", key) is False
    buttons = [running.find(Button, f"test_{name}") for name in ("late", "error", "bump", "chime")]
    assert len({button.accessibleName() for button in buttons}) == 4
    assert running.clipped() == []


def test_the_reasons_are_saved_when_the_field_is_left_and_taken_back(make: Make, tmp_path: Path) -> None:
    running = at_section(make, "orders")
    reasons = running.find(TextArea, "rejectReasons")
    before = saved(tmp_path, "orders", "reasons")
    reasons.setFocus()
    reasons.setPlainText("Oven is cold\n\n  No  dough ")
    running.settings.setFocus()
    running.bot.waitUntil(lambda: saved(tmp_path, "orders", "reasons") == ("Oven is cold", "No dough"))
    running.rest()
    assert reasons.toPlainText() == "Oven is cold\nNo dough"
    assert running.settings.section("orders").summary() == "2 reasons"
    running.settings.undo()
    running.bot.waitUntil(lambda: saved(tmp_path, "orders", "reasons") == before)


def test_a_reason_that_is_too_long_is_refused_beside_the_field(make: Make, tmp_path: Path) -> None:
    running = at_section(make, "orders")
    reasons = running.find(TextArea, "rejectReasons")
    before = saved(tmp_path, "orders", "reasons")
    reasons.setFocus()
    reasons.setPlainText("x" * 81)
    running.settings.setFocus()
    running.bot.waitUntil(lambda: "80 characters" in reasons.accessibleDescription())
    assert saved(tmp_path, "orders", "reasons") == before
    assert reasons.toPlainText() == "x" * 81
