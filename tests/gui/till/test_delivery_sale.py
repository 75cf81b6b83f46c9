"""A delivery sold at the counter: its address, cost and cash go to the courier, and the drawer adds up."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from posapp.domain.status import Status
from posapp.services import couriers, dispatch, orders, shifts
from posapp.services.together import Seen
from posapp.ui.till.customerdialog import CustomerDialog
from tests.gui.till.conftest import Till


def test_a_delivery_is_typed_by_keys_and_its_cash_comes_home_with_the_courier(till: Till) -> None:
    ctx, store = till.app.context, till.store
    shifts.open_shift(store, Decimal(10_000), ctx.config.sale_rules, ctx.who)
    till.tap("margarita")  # 2 890
    till.click(till.page.panel.ways.segments[1])
    till.key(Qt.Key.Key_F7)
    dialog = till.dialog(CustomerDialog, "customerDialog")
    till.key("7015552233", Qt.Key.Key_Tab, "Dana", Qt.Key.Key_Tab, "Abay", Qt.Key.Key_Tab, "10")
    for _ in range(4):  # apartment, entrance, floor, city
        till.key(Qt.Key.Key_Tab)
    till.key(Qt.Key.Key_Tab, "500")
    assert dialog.inputs["cost"].text() == "500"
    till.key(Qt.Key.Key_Return)
    till.until(lambda: till.total == "3 390 ₸")
    till.until(lambda: QApplication.activeModalWidget() is None)
    payment = till.page.payment
    till.click(payment.ways.segments[1])
    for sign in "390":  # a part by card now
        till.click(payment.pad.keys[sign])
    till.click(payment.take_button)
    assert till.page.payment.till.held == 390
    till.until(lambda: not till.page.payment.hasty)
    till.click(till.page.payment.ways.segments[2])  # the courier takes the rest
    till.take()
    till.until(lambda: till.orders() == 1)
    told = store.one("SELECT kind, customer_name, address, delivery_cost, total, payment_status FROM orders")
    assert told == ("delivery", "Dana", "Abay, 10", "500.00", "3390.00", "partly_paid")

    courier = couriers.add(store, "Marat", ctx.who)
    couriers.set_duty(store, courier, ctx.who, on_duty=True)
    orders.move(store, 1, Status.COOKING, ctx.who)
    till.app.window.open_screen("delivery")
    till.rest()
    dispatch.assign(store, [Seen(1)], courier, ctx.who)
    dispatch.send_out(store, [Seen(1)], ctx.who)
    dispatch.deliver(store, [Seen(1)], ctx.who)
    till.rest()
    dispatch.take_cash(store, courier, Decimal(3000), "KZT", ctx.who, expected=Decimal(3000))
    x = shifts.x_report(store, ctx.who)
    assert x.expected_cash == Decimal("13000.00")
