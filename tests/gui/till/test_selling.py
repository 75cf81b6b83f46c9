"""Sales by keys alone and by mouse alone, as fast as the design asks."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from posapp.domain.payment import PaymentMethod
from tests.gui.till.conftest import Till


def test_two_dishes_with_exact_cash_in_ten_keys(till: Till) -> None:
    till.key("мар", Qt.Key.Key_Return, "col", Qt.Key.Key_Return, Qt.Key.Key_F12)

    till.until(lambda: till.orders() == 1)
    assert till.presses <= 10
    assert [(line.title, line.quantity) for line in till.sold().sale.lines] == [
        ("Маргарита", 1),
        ("Coca-Cola", 1),
    ]
    (payment,) = till.paid()
    assert (payment.method, payment.amount, payment.change) == (PaymentMethod.CASH, Decimal(3580), 0)
    till.until(lambda: till.cart() == [])
