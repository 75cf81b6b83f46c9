"""Settings → Customers' data: nothing is forgotten before it was shown, asked for and confirmed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from posapp.config import load
from posapp.storage.fields import to_us
from posapp.ui.settings.privacy import PrivacySection
from posapp.ui.settings.slow import Slow
from posapp.ui.shop_form import TestLine
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.controls import Stepper
from posapp.ui.widgets.inputs import TextInput
from tests.gui.shell.conftest import Make, Running
from tests.support.shop_orders import put_in, remote_order


@pytest.fixture
def running(make: Make) -> Running:
    """Open the section beside two old orders and one of today."""
    running = make(screen="settings", start_sync=False)
    store = running.app.store
    orders = [remote_order(f"r{number}", status="delivered") for number in range(3)]
    old = put_in(store, *orders)[:2]
    with store.write() as tx:
        for pk in old:
            closed = to_us(running.app.context.clock() - timedelta(days=100))
            tx.execute("UPDATE orders SET closed_at = ? WHERE pk = ?", (closed, pk))
    running.window.open_settings("privacy")
    running.rest()
    return running


def section(running: Running) -> PrivacySection:
    found = running.settings.section("privacy")
    assert isinstance(found, PrivacySection)
    return found


def finish(running: Running, slow: Slow) -> str:
    running.rest()
    running.bot.waitUntil(lambda: not slow._aside.busy, timeout=20_000)
    running.rest()
    return slow.result_line.text


def named(running: Running) -> int:
    row = running.app.store.one("SELECT count(*) FROM orders WHERE customer_name <> ''")
    assert row is not None
    return int(row[0])


def confirm(running: Running) -> None:
    running.rest()
    running.find(Button, "confirmForgetButton").click()
    running.rest()


def test_the_days_are_saved_only_when_they_are_said_to_be(running: Running, tmp_path: Path) -> None:
    assert section(running).summary() == "Kept"
    assert not running.find(Button, "previewDaysButton").isEnabled()

    running.find(Stepper, "privacyDays").setValue(90)
    running.rest()
    assert load(tmp_path / "data").privacy.days == 0
    running.find(Button, "saveDaysButton").click()
    running.rest()

    assert load(tmp_path / "data").privacy.days == 90
    assert section(running).summary() == "Forgotten after 90 days"
    assert not running.find(Button, "saveDaysButton").isEnabled()
    assert running.clipped() == []


def test_what_would_go_is_counted_and_goes_after_a_question(running: Running) -> None:
    running.find(Stepper, "privacyDays").setValue(90)
    running.find(Button, "previewDaysButton").click()
    said = finish(running, section(running).working)
    assert said.startswith("2 orders finished before")
    assert "the oldest is of" in said
    assert named(running) == 3
    assert running.clipped() == []

    running.find(Button, "anonymiseNowButton").click()
    running.rest()
    running.find(QDialog, "forgetDialog").reject()
    running.rest()
    assert named(running) == 3
    running.find(Button, "anonymiseNowButton").click()
    confirm(running)

    assert finish(running, section(running).working) == "Customers were taken out of 2 orders."
    assert named(running) == 1


def test_one_customer_is_looked_for_first(running: Running) -> None:
    forget, phone = running.find(Button, "forgetCustomerButton"), running.find(TextInput, "forgetPhone")
    assert not forget.isEnabled()
    phone.setFocus()
    QTest.keyClicks(phone, "123")
    QTest.keyClick(phone, Qt.Key.Key_Return)
    running.rest()
    assert "at least six digits" in section(running).field.error
    phone.clear()
    QTest.keyClicks(phone, "8 701 234 18 06")
    QTest.keyClick(phone, Qt.Key.Key_Return)
    running.rest()
    assert running.find(TestLine, "forgetFound").text == "3 orders with this number."
    assert running.clipped() == []

    forget.click()
    confirm(running)

    assert finish(running, section(running).forgetting) == "Customers were taken out of 3 orders."
    assert named(running) == 0
    assert not forget.isEnabled()
