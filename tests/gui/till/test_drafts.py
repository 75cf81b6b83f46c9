"""Carts outlive a crash, wait under a name, and never change hands unnoticed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from posapp.domain.who import Who
from posapp.services.counter import drop_draft, save_draft, sell
from posapp.storage.database import open_store
from posapp.storage.sales import draft
from posapp.ui.till.helddialogs import HeldDialog, HoldDialog
from tests.gui.till.conftest import Make, Till
from tests.gui.till.menu import fill

OTHER = Who("boris", "counter-2")
_CHILD = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from posapp.app import build
from posapp.secrets import SecretStore

folder = Path(sys.argv[1])
app = build(folder, start_sync=False, screen="new", secrets=SecretStore(folder / "keys", {}))
app.open()
app.window.show()
assert app.wait_idle(15)
page = app.window.page
page.desk.drafts.saved.connect(lambda: print("saved", len(page.desk.cart.sale.lines), flush=True))
QTest.keyClicks(page.pane.search, "coca")
QTest.keyClick(page.pane.search, Qt.Key.Key_Return)
QTest.keyClicks(page.pane.search, "++")
QApplication.instance().exec()
"""


def test_a_cart_survives_the_kill_of_the_program(make: Make, tmp_path: Path) -> None:
    store = open_store(tmp_path)
    fill(store, OTHER)
    store.close_thread()
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert child.stdout is not None
    for _ in range(3):  # the dish, and two more of it
        assert child.stdout.readline().startswith("saved 1")
    child.send_signal(signal.SIGKILL)
    child.wait(10)
    child.stdout.close()

    till = make()
    assert till.cart() == [("Coca-Cola", 3)]
    assert till.messages[-1:] in ([], ["The cart of the last time is back"])
    till.take()
    till.until(lambda: till.orders() == 1)
    assert till.drafts() == ()


def test_every_change_is_kept_and_an_empty_cart_is_no_draft(till: Till) -> None:
    till.tap("cola")
    assert [row.sale.lines[0].quantity for row in till.drafts()] == [1]
    till.key("++")
    assert [row.sale.lines[0].quantity for row in till.drafts()] == [3]
    till.key(Qt.Key.Key_Delete)
    assert till.drafts() == ()


def test_a_sale_ends_its_draft_even_right_behind_the_first_dish(till: Till) -> None:
    till.key("cola"[:3], Qt.Key.Key_Return, Qt.Key.Key_F12)
    till.until(lambda: till.orders() == 1 and till.cart() == [])
    assert till.drafts() == ()


def hold(till: Till, label: str = "") -> None:
    till.key(Qt.Key.Key_F6)
    till.dialog(HoldDialog, "holdDialog")
    till.key(label, Qt.Key.Key_Return)
    till.until(lambda: till.cart() == [] and QApplication.activeModalWidget() is None)
    till.rest()


def test_f6_holds_a_cart_under_a_name_and_takes_it_up_again(till: Till) -> None:
    till.tap("cola")
    hold(till, "Lady in red")
    assert till.messages[-1] == "Held as “Lady in red”"
    assert till.page.tools.held.label == "Held 1"
    till.tap("mors")
    assert sorted(row.held for row in till.drafts()) == [False, True]

    till.click(till.page.tools.held)
    till.dialog(HeldDialog, "heldDialog")
    till.key(Qt.Key.Key_Return)
    till.until(lambda: till.cart() == [("Coca-Cola", 1)])
    # What was in hand took its place.
    clock = f"{till.clock().astimezone(till.app.context.zone):%H:%M}"
    assert [row.label for row in till.drafts() if row.held] == [f"Морс · {clock}"]
    till.take()
    till.until(lambda: till.orders() == 1)
    assert [row.sale.lines[0].title for row in till.drafts()] == ["Морс"]


def test_f6_with_an_empty_cart_shows_those_that_wait_and_undo_takes_one_up(till: Till) -> None:
    till.tap("cola")
    hold(till)
    till.key(Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    till.until(lambda: till.cart() == [("Coca-Cola", 1)])
    hold(till)
    till.key(Qt.Key.Key_F6)
    dialog = till.dialog(HeldDialog, "heldDialog")
    till.key(Qt.Key.Key_Escape)
    till.until(lambda: not dialog.isVisible())
    assert till.cart() == []


def test_a_held_cart_is_thrown_away_with_an_undo(till: Till) -> None:
    till.tap("cola")
    hold(till, "Ann")
    (row,) = till.drafts()
    till.click(till.page.tools.held)
    till.dialog(HeldDialog, "heldDialog")
    till.click(till.button(f"drop_{row.id}"))
    till.until(lambda: till.messages[-1] == "“Ann” thrown away")
    assert till.drafts() == ()
    till.key(Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    till.until(lambda: [one.label for one in till.drafts()] == ["Ann"])
    assert till.page.tools.held.isVisible()


def test_a_cart_that_another_window_took_up_is_not_taken_twice(till: Till) -> None:
    till.tap("cola")
    hold(till, "Ann")
    (row,) = till.drafts()
    till.click(till.page.tools.held)
    till.dialog(HeldDialog, "heldDialog")
    save_draft(till.store, row.id, row.sale, OTHER, label=row.label, origin="elsewhere")
    till.click(till.button(f"recall_{row.id}"))

    till.until(lambda: len(till.problems) == 1)
    assert "Somebody else has taken this cart." in till.problems[0]
    assert till.cart() == []
    till.tap("mors")  # and the counter goes on
    assert till.cart() == [("Морс", 1)]


def test_two_windows_with_one_cart_do_not_write_over_each_other(till: Till) -> None:
    till.tap("cola")
    (row,) = till.drafts()
    theirs = replace(row.sale, comment="theirs")
    save_draft(till.store, row.id, theirs, OTHER, origin="elsewhere")
    till.tap("mors")

    till.until(lambda: len(till.drafts()) == 2)
    kept = draft(till.store, row.id)
    assert kept is not None
    assert kept.sale == theirs
    assert till.cart() == [("Coca-Cola", 1), ("Морс", 1)]
    assert "Another window changed this cart" in till.messages[-1]
    till.take()
    till.until(lambda: till.orders() == 1)
    assert [one.id for one in till.drafts()] == [row.id]


def test_a_cart_that_was_sold_elsewhere_leaves_the_hand(till: Till) -> None:
    till.tap("cola")
    (row,) = till.drafts()
    rules = till.app.context.config.sale_rules
    sell(till.store, row.sale, rules, OTHER, draft_id=row.id, origin="elsewhere")

    till.until(lambda: till.cart() == [])
    assert till.messages[-1] == "This cart was sold or dropped in another window"
    assert till.orders() == 1


def test_a_cart_that_was_dropped_elsewhere_comes_back_by_undo(till: Till) -> None:
    till.tap("cola")
    (row,) = till.drafts()
    drop_draft(till.store, row.id, OTHER, origin="elsewhere")
    till.until(lambda: till.cart() == [])
    till.key(Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    assert till.cart() == [("Coca-Cola", 1)]
    till.until(lambda: len(till.drafts()) == 1)


def test_the_bar_says_that_the_draft_is_on_the_disk(till: Till) -> None:
    top = till.app.window.top
    assert top._subtitle.text() == ""
    till.tap("cola")
    till.until(lambda: top._subtitle.text() == "Draft saved on this PC")
    till.app.window.open_screen("orders")
    assert top._title.text() == "Orders"
    assert not till.page.tools.isVisible()
