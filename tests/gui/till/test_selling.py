"""Sales by keys alone and by mouse alone, as fast as the design asks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from posapp.domain.status import PaymentMethod
from posapp.storage.catalogue import product
from posapp.ui.palette import commands
from posapp.ui.till.cartpanel import CartPanel
from posapp.ui.till.customerdialog import CustomerDialog
from posapp.ui.till.soldcard import LastBand, SoldCard
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.toast import Toast
from tests.gui.till.conftest import Make, Till

LEFT_ALONE = Qt.KeyboardModifier.NoModifier


def test_two_dishes_with_exact_cash_in_ten_keys(till: Till) -> None:
    till.key("мар", Qt.Key.Key_Return, "col", Qt.Key.Key_Return, Qt.Key.Key_F12)

    till.until(lambda: till.orders() == 1)
    assert till.presses == 9
    lines = [(line.title, line.quantity) for line in till.sold().sale.lines]
    assert lines == [("Маргарита", 1), ("Coca-Cola", 1)]
    (payment,) = till.paid()
    assert (payment.method, payment.amount, payment.change) == (PaymentMethod.CASH, Decimal(3580), 0)
    till.until(lambda: till.cart() == [])


def test_two_dishes_with_exact_cash_in_three_clicks(till: Till) -> None:
    till.tap("margarita")
    till.tap("cola")
    till.click(till.button("takePaymentButton"))

    till.until(lambda: till.orders() == 1)
    assert till.clicks == 3
    assert till.paid()[0].amount == Decimal(3580)


def test_the_code_and_the_change_stand_large_and_the_next_customer_is_typed_at_once(till: Till) -> None:
    till.key("мар", Qt.Key.Key_Return, Qt.Key.Key_F9, "5000", Qt.Key.Key_F12)
    # The next customer's dish is typed while the first sale may still be on its way to the disk.
    till.page.focus_search()
    till.key("col", Qt.Key.Key_Return)

    till.until(lambda: till.orders() == 1 and till.cart() == [("Coca-Cola", 1)])
    assert [line.title for line in till.sold().sale.lines] == ["Маргарита"]
    assert till.paid()[0].change == Decimal(2110)
    # Its change may still be counted.
    assert till.find(LastBand, "lastSale").isVisible()
    assert till.find(LastBand, "lastSale").accessibleName() == "#C1-001 · Change 2\u202f110\xa0₸"
    till.take()
    till.until(lambda: till.orders() == 2)


def test_the_last_sale_stands_large_until_the_next_dish(till: Till) -> None:
    till.key("мар", Qt.Key.Key_Return, Qt.Key.Key_F9, "5000", Qt.Key.Key_F12)
    card = till.find(SoldCard, "soldCard")
    till.until(card.isVisible)

    assert card.accessibleName() == "#C1-001, Change 2\u202f110\xa0₸"
    assert QApplication.focusWidget() is till.page.pane.search
    till.tap("cola")
    assert not card.isVisible()


def test_enter_in_an_empty_search_adds_nothing_and_a_held_key_neither(till: Till) -> None:
    till.key(Qt.Key.Key_Return, "мар")
    again = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, LEFT_ALONE, "\r", autorep=True)
    QApplication.sendEvent(till.page.pane.search, again)
    assert till.cart() == []

    f12 = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F12, LEFT_ALONE, "", autorep=True)
    till.key(Qt.Key.Key_Return)
    QApplication.sendEvent(till.page.pane.search, f12)
    till.rest()
    assert till.orders() == 0


def test_a_payment_pressed_twice_sells_once(till: Till) -> None:
    till.key("мар", Qt.Key.Key_Return, Qt.Key.Key_F12, Qt.Key.Key_F12, Qt.Key.Key_F12)

    till.until(lambda: till.cart() == [])
    till.rest()
    assert till.orders() == 1


def test_pay_later_leaves_the_whole_due(till: Till) -> None:
    till.tap("cola")
    till.click(till.page.payment.ways.segments[2])
    till.click(till.button("takePaymentButton"))

    till.until(lambda: till.orders() == 1)
    assert till.paid() == ()
    card = till.find(SoldCard, "soldCard")
    till.until(lambda: card.accessibleName() == "#C1-001, To be paid 690\xa0₸")


def test_a_sale_that_cannot_be_written_keeps_the_cart_and_says_so(make: Make) -> None:
    till = make(settings=(("sales", "shift_required", True),))
    till.tap("cola")
    till.key(Qt.Key.Key_F12)

    till.until(lambda: len(till.problems) == 1)
    assert "shift" in till.problems[0].lower()
    assert till.cart() == [("Coca-Cola", 1)]
    assert till.orders() == 0
    assert till.page.payment.busy is False
    assert len(till.drafts()) == 1


def test_a_delivery_asks_for_the_address_in_place(till: Till) -> None:
    till.tap("cola")
    till.click(till.page.panel.ways.segments[1])
    assert till.find(CartPanel, "cartPanel").customer.more == "A delivery needs an address"
    till.key(Qt.Key.Key_F12)

    dialog = till.dialog(CustomerDialog, "customerDialog")
    assert dialog.fields["street"].error == "A delivery needs an address."
    assert QApplication.focusWidget() is dialog.inputs["street"]
    till.key("Abay 10")
    assert dialog.fields["street"].error == ""
    till.key(Qt.Key.Key_Return)
    till.until(lambda: till.page.panel.customer.more == "Abay 10")
    assert till.orders() == 0
    till.take()

    till.until(lambda: till.orders() == 1)
    sale = till.sold().sale
    assert (sale.kind, sale.buyer.street) == ("delivery", "Abay 10")


def test_a_cost_that_is_no_sum_is_told_under_its_field(till: Till) -> None:
    till.tap("cola")
    till.click(till.page.panel.ways.segments[1])
    till.key(Qt.Key.Key_F7)
    dialog = till.dialog(CustomerDialog, "customerDialog")
    dialog.inputs["street"].setText("Abay")
    dialog.inputs["cost"].setText("free")
    dialog.inputs["cost"].setFocus()
    till.key(Qt.Key.Key_Return)

    assert dialog.fields["cost"].error == "Type a sum, such as 500."
    dialog.inputs["cost"].clear()
    till.key("700", Qt.Key.Key_Return)
    till.until(lambda: till.total == "1 390 ₸")


def test_a_caller_is_known_by_the_last_digits_with_the_address(till: Till) -> None:
    till.tap("cola")
    till.click(till.page.panel.ways.segments[1])
    till.key(Qt.Key.Key_F7)
    dialog = till.dialog(CustomerDialog, "customerDialog")
    known = {"phone": "+7 701 555 22 33", "name": "Гульнара", "street": "Abay", "home": "10"}
    for name, text in known.items():
        dialog.inputs[name].setText(text)
    till.key(Qt.Key.Key_Return)
    till.take()
    till.until(lambda: till.orders() == 1 and till.cart() == [])

    till.tap("mors")
    till.click(till.page.panel.ways.segments[1])
    till.key(Qt.Key.Key_F7)
    dialog = till.dialog(CustomerDialog, "customerDialog")
    till.key("2233")
    till.until(lambda: len(dialog.callers.list.options) == 1 and dialog.callers.list.isVisible())
    till.key(Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert dialog.inputs["name"].text() == "Гульнара"
    assert (dialog.inputs["street"].text(), dialog.inputs["home"].text()) == ("Abay", "10")
    till.key(Qt.Key.Key_Return)
    till.until(lambda: till.page.panel.customer.title == "Гульнара · +7 701 555 22 33")


def test_a_table_needs_its_number(till: Till) -> None:
    till.tap("cola")
    till.click(till.page.panel.ways.segments[2])
    table = till.find(TextInput, "tableNumber")
    assert QApplication.focusWidget() is table
    till.key(Qt.Key.Key_F12)
    till.rest()
    assert till.orders() == 0
    assert till.messages[-1] == "Which table?"

    till.key("12", Qt.Key.Key_Return)
    assert QApplication.focusWidget() is till.page.pane.search
    till.take()
    till.until(lambda: till.orders() == 1)
    assert till.sold().table_label == "12"


def test_f2_opens_the_screen_from_every_other_and_its_keys_are_in_the_palette(make: Make) -> None:
    till = make(screen="orders")
    window = till.app.window
    for key in ("orders", "kitchen", "delivery", "sync", "settings"):
        window.open_screen(key)
        till.rest()
        till.key(Qt.Key.Key_F2)
        assert window.screen_key == "new"
        assert QApplication.focusWidget() is till.page.pane.search
    assert window.screen_keys().index("new") == 1
    assert {entry.key for entry in commands(window)} >= {"F6", "F7", "F9", "F10", "F12"}


def test_undo_belongs_to_ctrl_z_here_and_takes_back_the_last_act(till: Till) -> None:
    till.key("мар", Qt.Key.Key_Return, "+", Qt.Key.Key_Delete)
    assert till.cart() == []
    assert till.messages[-1] == "Маргарита taken out"
    assert till.find(Toast, "toast").isVisible()

    till.key(Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    assert till.cart() == [("Маргарита", 2)]
    till.key(Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    assert till.cart() == [("Маргарита", 1)]
    till.key(Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    assert till.cart() == []
    till.key(Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    assert till.messages[-1] == "There is nothing to undo"


def test_what_was_sold_keeps_its_price_when_the_catalogue_changes(till: Till) -> None:
    from posapp.services.catalogue import save_product
    from tests.gui.orders.scene import WHO

    till.tap("cola")
    found = product(till.store, "cola")
    assert found is not None
    save_product(till.store, replace(found, price=Decimal(999)), "KZT", WHO)
    till.until(lambda: till.page.pane.dishes.by_id["cola"].price == 999)

    assert till.total == "690 ₸"
    till.tap("cola")
    assert till.cart() == [("Coca-Cola", 1), ("Coca-Cola", 1)]
    assert till.total == "1 689 ₸"
