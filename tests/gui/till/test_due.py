"""For when it is sold: quick times, any time, and what becomes of one that passes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from posapp.services.schedule import start_due
from posapp.ui.dialogs.schedule import DueDialog
from posapp.ui.till.when import quick_due
from tests.gui.till.conftest import Till


def due(till: Till) -> datetime | None:
    text = till.page.desk.cart.sale.due_at
    return datetime.fromisoformat(text) if text else None


def test_a_quarter_of_an_hour_is_told_in_full_five_minutes() -> None:
    now = datetime(2026, 3, 5, 12, 1, 30, tzinfo=UTC)
    assert quick_due(now, 15) == datetime(2026, 3, 5, 12, 15, tzinfo=UTC)
    assert quick_due(now.replace(minute=3), 15) == datetime(2026, 3, 5, 12, 20, tzinfo=UTC)
    assert quick_due(now.replace(minute=0, second=0), 15) == datetime(2026, 3, 5, 12, 15, tzinfo=UTC)


def test_as_soon_as_possible_costs_no_key(till: Till) -> None:
    till.tap("cola")
    assert till.button("dueButton").label == "Now"
    till.take()
    till.until(lambda: till.orders() == 1)
    assert till.sold().sale.due_at == ""


def test_two_keys_sell_for_later_and_the_kitchen_begins_in_time(till: Till) -> None:
    till.tap("cola")
    wanted = quick_due(till.clock(), 45)
    till.key(Qt.Key.Key_F8)
    till.until(lambda: QApplication.activePopupWidget() is not None)
    till.menu_action("due_45")
    assert due(till) == wanted
    assert till.button("dueButton").label == f"For {wanted.astimezone(till.app.context.zone):%H:%M}"
    (kept,) = till.drafts()
    assert kept.sale.due_at == wanted.isoformat()
    till.take()
    till.until(lambda: till.orders() == 1 and till.cart() == [])
    assert till.button("dueButton").label == "Now"  # of the next customer

    store = till.store
    told = store.one("SELECT status, due_at FROM orders")
    assert told == ("timing", int(wanted.timestamp() * 1_000_000))
    lead = till.app.context.config.kitchen.lead
    till.clock.now = wanted - timedelta(minutes=lead.pickup_min)
    start_due(store, lead, till.app.context.zone, till.app.context.who)  # or the window itself was faster
    assert store.one("SELECT status FROM orders") == ("accepted",)


def test_any_other_time_is_asked_for_and_undone_as_any_act(till: Till) -> None:
    till.tap("cola")
    till.click(till.button("dueButton"))
    till.until(lambda: QApplication.activePopupWidget() is not None)
    till.menu_action("dueOther")
    dialog = till.dialog(DueDialog, "dueDialog")
    wanted = dialog.chosen
    assert wanted is not None
    till.key(Qt.Key.Key_Return)
    till.until(lambda: due(till) == wanted)
    till.key(Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    assert due(till) is None


def test_a_time_that_has_passed_is_told_and_asked_for_anew(till: Till) -> None:
    till.tap("cola")
    till.page.desk.cart.set_due((till.clock() + timedelta(minutes=5)).isoformat())
    till.clock.now += timedelta(minutes=6)
    till.until(lambda: till.button("dueButton").icon_name == "warning-circle-fill")
    till.take()
    till.until(lambda: QApplication.activePopupWidget() is not None)
    assert till.orders() == 0
    assert till.messages[-1] == "This time has passed."
    till.menu_action("dueNow")
    till.take()
    till.until(lambda: till.orders() == 1)
