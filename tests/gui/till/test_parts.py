"""Parts of a payment that were taken stay taken: over a crash, a change of the cart, and a cart put aside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from posapp.domain.payment import Tender
from posapp.domain.status import PaymentMethod
from posapp.storage.database import open_store
from posapp.ui.till.helddialogs import HeldDialog, HoldDialog
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.dialog import Dialog
from tests.gui.till.conftest import Make, Till
from tests.gui.till.menu import fill
from tests.gui.till.test_drafts import OTHER

PIZZA = Decimal(2890)
CARD = Tender(PaymentMethod.CARD, Decimal(1000), reference="0077")
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
QTest.keyClicks(page.pane.search, "coca")
QTest.keyClick(page.pane.search, Qt.Key.Key_Return)
page.desk.drafts.saved.connect(lambda: print("saved", len(page.desk.parts), flush=True))
QTest.keyClick(page.pane.search, Qt.Key.Key_F10)
QTest.keyClicks(page.payment.reference, "0077")
page.payment.focus_amount()
QTest.keyClicks(page.payment.amount, "90")
QTest.keyClick(page.payment.amount, Qt.Key.Key_Return)
QApplication.instance().exec()
"""


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def charge(till: Till) -> None:
    """Take 1 000 of a pizza by card."""
    till.tap("margarita")
    till.key(Qt.Key.Key_F10, "0077")
    till.page.payment.focus_amount()
    till.key("1000", Qt.Key.Key_Return)
    assert plain(till.page.payment.parts.text()) == "Taken: 1 000 ₸ card, 0077"
    till.rest()


def test_a_part_by_card_survives_the_kill_of_the_program(make: Make, tmp_path: Path) -> None:
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
    while "saved 1" not in child.stdout.readline():
        assert child.poll() is None
    child.send_signal(signal.SIGKILL)
    child.wait(10)
    child.stdout.close()

    till = make()
    assert till.cart() == [("Coca-Cola", 1)]
    assert plain(till.page.payment.parts.text()) == "Taken: 90 ₸ card, 0077"
    till.page.payment.focus_amount()
    till.take()
    till.until(lambda: till.orders() == 1)
    paid = [(row.method.value, row.amount, row.reference) for row in till.paid()]
    assert paid == [("card", Decimal(90), "0077"), ("cash", Decimal(600), "")]
    assert till.drafts() == ()
    assert till.page.payment.till.taken == ()


def test_the_window_that_comes_back_says_what_was_taken(make: Make) -> None:
    first = make()
    charge(first)
    first.app.close()
    till = make()
    till.rest()
    assert till.page.payment.till.taken == (CARD,)
    assert till.page.payment.till.rest == PIZZA - 1000


def test_no_change_of_the_cart_makes_a_part_untaken(till: Till) -> None:
    charge(till)
    till.page.focus_search()
    till.key(Qt.Key.Key_Delete)
    payment = till.page.payment
    assert till.cart() == []
    assert plain(payment.parts.text()) == "Taken: 1 000 ₸ card, 0077"
    assert not payment.take_button.isEnabled()
    assert [row.parts for row in till.drafts()] == [(CARD,)]

    till.tap("cola")  # 690
    assert (payment.box.title, plain(payment.box.sum)) == ("Taken too much", "310 ₸")
    till.take()
    till.rest()
    assert till.orders() == 0
    till.tap("cola")
    assert payment.till.rest == 380
    till.take()
    till.until(lambda: till.orders() == 1)
    assert [row.amount for row in till.paid()] == [Decimal(1000), Decimal(380)]


def test_what_is_all_taken_is_finished_with_one_key(till: Till) -> None:
    till.tap("cola")
    till.tap("cola")
    till.page.payment.focus_amount()
    till.key("690", Qt.Key.Key_Return)
    till.page.focus_search()
    till.key("-")
    assert till.page.payment.box.title == "All of it is taken."
    till.take()
    till.until(lambda: till.orders() == 1)
    assert [row.amount for row in till.paid()] == [Decimal(690)]


def test_a_part_is_put_aside_with_its_cart_and_comes_back_with_it(till: Till) -> None:
    charge(till)
    till.page.focus_search()
    till.key(Qt.Key.Key_F6)
    till.dialog(HoldDialog, "holdDialog")
    till.key("Ann", Qt.Key.Key_Return)
    till.until(lambda: till.cart() == [] and QApplication.activeModalWidget() is None)
    assert till.page.payment.till.taken == ()
    till.tap("cola")
    till.take()
    till.until(lambda: till.orders() == 1 and till.cart() == [])
    assert [row.amount for row in till.paid()] == [Decimal(690)]

    till.click(till.page.tools.held)
    till.dialog(HeldDialog, "heldDialog")
    till.key(Qt.Key.Key_Return)
    till.until(lambda: till.page.payment.till.taken == (CARD,))
    assert till.cart() == [("Маргарита", 1)]


def asked(till: Till) -> Dialog:
    till.until(lambda: isinstance(QApplication.activeWindow(), Dialog))
    dialog = QApplication.activeWindow()
    assert isinstance(dialog, Dialog)
    assert dialog.objectName() == "giveBackDialog"
    return dialog


def test_starting_over_wants_the_money_given_back_on_the_terminal(till: Till) -> None:
    charge(till)
    payment = till.page.payment
    till.click(payment.over_button)
    dialog = asked(till)
    till.key(Qt.Key.Key_Escape)
    till.until(lambda: QApplication.activeModalWidget() is None)
    assert payment.till.taken == (CARD,)
    till.click(payment.over_button)
    till.until(lambda: asked(till) is not dialog)
    act = asked(till).findChild(Button, "giveBackAct")
    assert act is not None
    till.click(act)
    till.until(lambda: payment.till.taken == ())
    assert [row.parts for row in till.drafts()] == [()]
    kinds = [row[0] for row in till.store.all("SELECT kind FROM events WHERE order_pk IS NULL ORDER BY pk")]
    assert [kind for kind in kinds if kind.startswith("part")] == ["part_taken", "part_dropped"]
