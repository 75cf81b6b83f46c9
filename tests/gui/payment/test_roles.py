"""Money goes back only with a manager: asked in place, over the dialogs of the payment."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from posapp.services import counter
from posapp.storage.sales import payment_lines
from posapp.ui.payment.refund import RefundDialog
from posapp.ui.people.approval import ApprovalDialog
from tests.gui.payment.test_account import account_dialog, key, opened, over
from tests.gui.people.test_lock import BOSS, CLERK, choose, hire, lock_of, type_pin
from tests.gui.shell.conftest import Make, Running
from tests.support.till import CASH, RULES, a_line, a_sale


def signed_in(running: Running) -> None:
    """Hire a manager and a clerk, and let the clerk come to the window."""
    hire(running)
    running.bot.waitUntil(lambda: lock_of(running).isVisible())
    running.rest()
    choose(running, "Aigerim")
    type_pin(running, CLERK)


def test_a_clerk_takes_money_alone_and_gives_it_back_with_a_manager(make: Make) -> None:
    running = make()
    signed_in(running)
    store, who = running.app.store, running.window.ctx.who
    sold = counter.sell(store, a_sale(a_line("2890.00")), RULES, who)
    opened(running, sold.pk)
    dialog = account_dialog(running)
    key(dialog, Qt.Key.Key_F12)
    running.rest()
    assert dialog.settled.isVisible()

    QTest.mouseClick(dialog.refund_button, Qt.MouseButton.LeftButton)
    refund = over(running, dialog)
    key(refund, "cold")
    key(refund, Qt.Key.Key_Return)
    running.rest()
    approval = running.window.findChild(ApprovalDialog, "approvalDialog")
    assert approval is not None
    assert approval.isVisible()
    assert len(payment_lines(store, sold.pk)) == 1
    QTest.keyClicks(approval, BOSS)
    running.rest()
    running.rest()

    lines = payment_lines(store, sold.pk)
    assert [(line.payment.kind.value, line.actor) for line in lines] == [
        ("payment", "Aigerim"),
        ("refund", "Aigerim"),
    ]
    assert dialog.settled.title.text() == "All was given back"
    told = store.all("SELECT params FROM events WHERE kind = 'refunded'")
    assert "Olga" in told[0][0]


def test_without_the_manager_no_money_goes_back_and_the_dialog_says_so(make: Make) -> None:
    running = make()
    signed_in(running)
    store, who = running.app.store, running.window.ctx.who
    sold = counter.sell(store, a_sale(a_line("2890.00")), RULES, who, tenders=[CASH])
    opened(running, sold.pk)
    dialog = account_dialog(running)
    QTest.mouseClick(dialog.refund_button, Qt.MouseButton.LeftButton)
    refund = over(running, dialog)
    key(refund, "cold")
    key(refund, Qt.Key.Key_Return)
    running.rest()
    approval = running.window.findChild(ApprovalDialog, "approvalDialog")
    assert approval is not None
    QTest.keyClick(approval, Qt.Key.Key_Escape)
    running.rest()

    assert len(payment_lines(store, sold.pk)) == 1
    assert isinstance(refund, RefundDialog)
    assert refund.isVisible()
    assert "needs a manager" in refund.problem.text()
    running.bot.waitUntil(lambda: refund.height() >= refund.sizeHint().height())  # the words cut nothing off
