"""Paying, giving and taking back an order that exists, marking a shop's order paid: in the real window."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from posapp.config_file import save_printer
from posapp.domain.payment import Tender
from posapp.domain.status import PaymentMethod, PaymentStatus, Status
from posapp.printing.printers import Printer
from posapp.services import counter, orders, payments
from posapp.storage.details import order_detail
from posapp.storage.rows import OrderDetail
from posapp.storage.sales import payments_of
from posapp.ui.payment.dialog import PaymentDialog
from posapp.ui.payment.reason import ReasonDialog
from posapp.ui.payment.refund import RefundDialog
from posapp.ui.screens.orders import OrdersPage
from posapp.ui.screens.orders_view import OrdersView
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.dialog import Dialog
from tests.gui.shell.conftest import Make, Running
from tests.support.clipping import find_clipped
from tests.support.escpos_reader import read_ticket
from tests.support.shop_orders import ANNA, put_in, remote_order
from tests.support.till import RULES, a_line, a_sale

LEFT = Qt.MouseButton.LeftButton
PIZZA, COLA = a_line("2890.00", 2), a_line("690.00", 1, title="Coca-Cola")


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def sold(running: Running, *tenders: Tender) -> int:
    """Sell two pizzas and a drink, 6 470 in all, and open the order."""
    made = counter.sell(running.app.store, a_sale(PIZZA, COLA), RULES, ANNA, tenders=tenders)
    return opened(running, made.pk)


def opened(running: Running, pk: int) -> int:
    running.rest()
    cast(OrdersPage, running.window.page).select_order(pk, by_person=False)
    running.rest()
    running.find(OrdersView, "ordersView").setFocus()
    running.bot.waitUntil(lambda: not cast(OrdersPage, running.window.page)._desk.guarded)
    return pk


def detail(running: Running, pk: int) -> OrderDetail:
    running.rest()
    found = order_detail(running.app.store, pk, running.window.ctx.config.targets)
    assert found is not None
    return found


def account_dialog(running: Running) -> PaymentDialog:
    QTest.keyClick(running.window, Qt.Key.Key_P)
    found = running.dialog()
    assert isinstance(found, PaymentDialog)
    running.rest()
    return found


def over(running: Running, dialog: Dialog) -> Dialog:
    """Return the dialog over another one."""
    running.rest()
    [found] = [each for each in dialog.findChildren(Dialog) if each.isVisible()]
    return found


def key(dialog: Dialog, what: Qt.Key | str) -> None:
    target = QApplication.focusWidget() or dialog
    QTest.keyClicks(target, what) if isinstance(what, str) else QTest.keyClick(target, what)


def test_p_takes_what_is_due_by_keys_alone(make: Make) -> None:
    running = make()
    pk = sold(running)
    button = running.find(Button, "payButton")
    assert (button.label, button.key) == ("Take payment", "P")

    dialog = account_dialog(running)
    assert dialog.windowTitle() == "Payment of C1-001"
    assert plain(dialog.panel.amount.text) == "6 470"
    assert list(find_clipped(dialog)) == []
    key(dialog, "10000")
    key(dialog, Qt.Key.Key_Return)
    running.rest()

    assert dialog.settled.isVisible()
    assert plain(dialog.settled.change.sum) == "3 530 ₸"
    assert list(find_clipped(dialog)) == []
    key(dialog, Qt.Key.Key_Return)
    assert running.no_dialog()
    shown = detail(running, pk)
    assert (shown.row.payment_status, shown.row.payment_method) == ("paid", "cash")
    assert [row.change for row in shown.payments] == [Decimal("3530.00")]
    assert button.label == "Payments"


def test_parts_are_taken_one_by_one_and_each_is_saved(make: Make) -> None:
    running = make()
    pk = sold(running)
    QTest.mouseClick(running.find(Button, "payButton"), LEFT)
    dialog = running.dialog()
    assert isinstance(dialog, PaymentDialog)
    running.rest()
    dialog.panel.people_menu().actions()[0].trigger()
    QTest.mouseClick(dialog.panel.take_button, LEFT)
    running.rest()

    assert detail(running, pk).row.payment_status == "partly_paid"
    assert dialog.panel.remark.text() == "person 2/2"
    dialog.reject()  # the second person comes later
    dialog = account_dialog(running)
    assert plain(dialog.panel.amount.text) == "3 235"
    QTest.mouseClick(dialog.panel.ways.segments[1], LEFT)
    dialog.panel.reference.setFocus()
    key(dialog, "0077")
    key(dialog, Qt.Key.Key_F12)
    running.rest()

    rows = payments_of(running.app.store, pk)
    assert [(row.method, row.amount, row.person, row.reference) for row in rows] == [
        (PaymentMethod.CASH, Decimal("3235.00"), "1/2", ""),
        (PaymentMethod.CARD, Decimal("3235.00"), "", "0077"),
    ]
    assert detail(running, pk).row.payment_method == "mixed"


def test_a_refusal_is_told_in_place_and_nothing_is_typed_again(make: Make) -> None:
    running = make()
    pk = sold(running)
    dialog = account_dialog(running)
    key(dialog, "10000")
    with running.app.store.write("test") as tx:  # another station
        tx.execute("UPDATE orders SET version = version + 1 WHERE pk = ?", (pk,))
    key(dialog, Qt.Key.Key_F12)
    running.rest()

    assert "changed meanwhile" in dialog.panel.box.title
    assert dialog.panel.till.typed == "10000"
    running.bot.waitUntil(lambda: not dialog.panel.hasty)
    key(dialog, Qt.Key.Key_F12)
    running.rest()
    assert detail(running, pk).row.payment_status == "paid"


def test_some_items_are_given_back_with_a_reason_and_never_more_than_was_paid(make: Make) -> None:
    running = make()
    pk = sold(running, Tender(PaymentMethod.CASH))
    dialog = account_dialog(running)
    assert dialog.settled.title.text() == "Paid in full"
    QTest.mouseClick(dialog.refund_button, LEFT)
    refund = over(running, dialog)
    assert isinstance(refund, RefundDialog)
    QTest.mouseClick(refund.kind.segments[1], LEFT)
    assert not refund.act.isEnabled(), "nothing is chosen"
    refund._steppers[0][1].stepBy(5)
    assert refund._steppers[0][1].value() == 2, "no more than was sold"
    refund._steppers[0][1].stepBy(-1)
    assert plain(refund.sum.value) == "2 890 ₸"
    assert list(find_clipped(refund)) == []
    refund.edit.setFocus()
    key(refund, Qt.Key.Key_Return)
    assert refund.isVisible(), "no reason, no money"
    key(refund, "cold")
    key(refund, Qt.Key.Key_Return)
    running.rest()

    assert [plain(row.reason) for row in payments_of(running.app.store, pk)] == ["", "cold"]
    QTest.mouseClick(dialog.refund_button, LEFT)
    refund = over(running, dialog)
    assert isinstance(refund, RefundDialog)
    assert plain(refund.sum.value) == "3 580 ₸", "the rest"
    QTest.mouseClick(refund.kind.segments[1], LEFT)
    assert refund._steppers[0][1].maximum() == 1
    refund._steppers[0][1].setValue(1)
    QTest.mouseClick(refund.method.segments[1], LEFT)
    assert "By card only 0 ₸ was paid." in plain(refund.problem.text())
    assert not refund.act.isEnabled()
    QTest.mouseClick(refund.kind.segments[0], LEFT)
    assert plain(refund.how.text()) == "The way it came: Cash 3 580 ₸"
    refund.edit.setText("wrong address")
    QTest.mouseClick(refund.act, LEFT)
    running.rest()

    assert detail(running, pk).row.payment_status == "refunded"
    assert not dialog.refund_button.isVisible()
    assert dialog.settled.title.text() == "All was given back"


def test_a_card_gets_its_money_back_with_the_number_on_the_slip(make: Make) -> None:
    running = make()
    pk = sold(running, Tender(PaymentMethod.CARD, reference="0077"))
    dialog = account_dialog(running)
    QTest.mouseClick(dialog.refund_button, LEFT)
    refund = over(running, dialog)
    assert isinstance(refund, RefundDialog)
    assert refund.slip.isVisible()
    key(refund, "cold")
    key(refund, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is refund.slip
    key(refund, "0078")
    assert list(find_clipped(refund)) == []
    key(refund, Qt.Key.Key_Return)
    running.rest()

    rows = payments_of(running.app.store, pk)
    assert [(row.kind.value, row.method.value, row.reference) for row in rows] == [
        ("payment", "card", "0077"),
        ("refund", "card", "0078"),
    ]
    assert dialog.settled.title.text() == "All was given back"


def test_what_an_edit_made_too_much_is_given_back_alone(make: Make) -> None:
    running = make()
    pk = sold(running, Tender(PaymentMethod.CASH))
    counter.edit_sale(running.app.store, pk, a_sale(PIZZA), RULES, ANNA)
    opened(running, pk)
    dialog = account_dialog(running)
    assert dialog.settled.title.text() == "Too much was paid"
    QTest.mouseClick(dialog.refund_button, LEFT)
    refund = over(running, dialog)
    assert isinstance(refund, RefundDialog)
    assert plain(refund.sum.value) == "690 ₸"
    assert list(find_clipped(refund)) == []
    key(refund, "drink taken out")
    key(refund, Qt.Key.Key_Return)
    running.rest()

    stands = payments.account(running.app.store, pk).balance
    assert (stands.due, stands.refundable) == (Decimal(0), Decimal("5780.00"))
    assert dialog.settled.title.text() == "Paid in full"


def test_a_wrong_payment_is_taken_back_and_taken_anew(make: Make) -> None:
    running = make()
    pk = sold(running, Tender(PaymentMethod.CARD, reference="1"))
    dialog = account_dialog(running)
    [back] = [each for each in dialog.side.findChildren(Button, "takeBackButton") if each.isVisible()]
    QTest.mouseClick(back, LEFT)
    reason = over(running, dialog)
    assert isinstance(reason, ReasonDialog)
    key(reason, Qt.Key.Key_Return)
    assert reason.isVisible(), "it asks why"
    key(reason, "it was cash")
    key(reason, Qt.Key.Key_Return)
    running.rest()

    assert dialog.panel.isVisible()
    assert plain(dialog.panel.amount.text) == "6 470"
    words = " ".join(plain(label.text()) for label in dialog.side.findChildren(QLabel) if label.isVisible())
    assert "Taken back, card 6 470 ₸" in words
    assert "it was cash" in words
    assert list(find_clipped(dialog)) == []
    key(dialog, Qt.Key.Key_F12)
    running.rest()
    assert detail(running, pk).row.payment_method == "cash"


@pytest.mark.parametrize("by_click", [False, True])
def test_one_key_or_one_click_marks_a_delivered_order_paid_and_undo_takes_it_back(
    make: Make, by_click: bool
) -> None:
    running = make()
    [pk] = put_in(running.app.store, remote_order("1", payment_status=PaymentStatus.UNPAID))
    orders.move(running.app.store, pk, Status.ACCEPTED, ANNA)
    opened(running, pk)
    button = running.find(Button, "payButton")
    assert (button.label, button.isVisible()) == ("Mark paid", True)

    if by_click:
        QTest.mouseClick(button, LEFT)
    else:
        QTest.keyClick(running.window, Qt.Key.Key_P)
    shown = detail(running, pk)
    assert [row.amount for row in shown.payments] == [Decimal(shown.row.total)]
    assert not any(row.patch for row in shown.queue), "this shop takes only statuses"
    assert "the shop is not told" in running.window.toasts._toast.text
    assert running.no_dialog()

    QTest.keyClick(running.window, Qt.Key.Key_Z)
    shown = detail(running, pk)
    assert [row.amount for row in shown.payments] == [Decimal("2600.00"), Decimal("-2600.00")]
    assert shown.row.status == "accepted", "the status stays"
    assert running.find(Button, "payButton").label == "Mark paid"


def test_p_pressed_again_and_again_pays_once(make: Make) -> None:
    running = make()
    [pk] = put_in(running.app.store, remote_order("1"))
    orders.move(running.app.store, pk, Status.ACCEPTED, ANNA)
    opened(running, pk)
    for _ in range(3):
        QTest.keyClick(running.window, Qt.Key.Key_P)

    assert len(detail(running, pk).payments) == 1


def test_the_drawer_opens_with_a_reason_only(make: Make, tmp_path: Path) -> None:
    file = tmp_path / "paper.bin"
    (tmp_path / "data").mkdir()
    save_printer(tmp_path / "data", Printer("front", str(file), kind="file", drawer=True))
    running = make()
    running.window.ctx.drawer_wanted.emit()
    dialog = running.dialog()
    assert isinstance(dialog, ReasonDialog)
    key(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    key(dialog, "change for the courier")
    key(dialog, Qt.Key.Key_Return)
    running.bot.waitUntil(file.exists)

    running.bot.waitUntil(lambda: read_ticket(file.read_bytes()).drawer == 1)
    events = running.app.store.all("SELECT kind, params FROM events WHERE kind = 'drawer'")
    assert "change for the courier" in events[0][1]


def test_a_cancelled_order_says_that_nothing_is_due(make: Make) -> None:
    running = make()
    pk = sold(running)
    orders.move(running.app.store, pk, Status.CANCELLED, ANNA)
    running.rest()
    running.window.ctx.pay_wanted.emit(pk)
    dialog = running.dialog()
    assert isinstance(dialog, PaymentDialog)
    running.rest()

    assert dialog.settled.title.text() == "The order is cancelled"
    assert payments.account(running.app.store, pk).balance.paid == 0
