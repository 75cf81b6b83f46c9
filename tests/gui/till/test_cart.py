"""The cart: options, quantities, notes, discounts, and what is wrong with them told in place."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from posapp.ui.till.cartrow import CartRow
from posapp.ui.till.discountdialog import DiscountDialog
from posapp.ui.till.linedialog import LineDialog, OptionPill
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.dialog import Dialog
from tests.gui.till.conftest import Till


def row(till: Till, number: int = 1) -> CartRow:
    return till.find(CartRow, f"cartRow_{number}")


def line_dialog(till: Till) -> LineDialog:
    return till.dialog(LineDialog, "lineDialog")


def test_plus_and_minus_change_the_last_line_or_the_chosen_one(till: Till) -> None:
    till.tap("margarita")
    till.tap("cola")
    till.key("++-")
    assert till.cart() == [("Маргарита", 1), ("Coca-Cola", 2)]

    row(till).setFocus()
    till.key("+")
    assert till.cart() == [("Маргарита", 2), ("Coca-Cola", 2)]
    till.key("--")
    assert till.cart() == [("Coca-Cola", 2)]
    assert till.messages[-1] == "Маргарита taken out"


def test_the_steps_of_a_line_work_by_mouse(till: Till) -> None:
    till.tap("cola")
    till.click(row(till).keys.more)
    till.click(row(till).keys.more)
    till.click(row(till).keys.less)
    assert till.cart() == [("Coca-Cola", 2)]
    assert till.total == "1 380 ₸"
    assert till.page.panel.count.text() == "2 items"


def test_a_dish_with_a_required_choice_asks_for_it_first(till: Till) -> None:
    till.tap("meat")
    dialog = line_dialog(till)
    assert till.cart() == []
    till.key(Qt.Key.Key_Return)
    (crust, extras) = dialog.groups
    assert dialog.isVisible()
    assert "Choose at least 1." in crust.accessibleDescription()
    assert extras.accessibleDescription() == ""

    till.key("34")  # cheese crust, mozzarella
    assert crust.accessibleDescription() == ""
    assert dialog.act.label == "Add · 5\u202f390\xa0₸"
    till.key(Qt.Key.Key_Return)
    till.until(lambda: till.cart() == [("Мясная", 1)])
    till.until(lambda: row(till).details == "+ Cheese crust · + extra mozzarella")
    assert till.total == "5 390 ₸"


def test_of_one_choice_the_last_counts_and_too_many_extras_are_told(till: Till) -> None:
    till.tap("meat")
    dialog = line_dialog(till)
    for name in ("Classic crust", "Thin crust", "extra mozzarella", "jalapeño", "no onion"):
        till.click(till.find(OptionPill, f"option_{name}"))
    till.click(till.button("lineDoneButton"))
    assert [option.title for option in dialog.groups[0].chosen] == ["Thin crust"]
    assert dialog.groups[1].accessibleDescription() == "Choose at most 2."
    till.click(till.find(OptionPill, "option_no onion"))
    till.click(till.button("lineDoneButton"))
    till.until(lambda: till.total == "5 040 ₸")


def test_a_line_is_opened_for_options_a_note_and_a_quantity(till: Till) -> None:
    till.tap("margarita")
    till.click(row(till))
    dialog = line_dialog(till)
    till.click(till.find(OptionPill, "option_jalapeño"))
    dialog.notes.setFocus()
    till.key("well done 4")
    dialog.quantity.setValue(3)
    till.key(Qt.Key.Key_Return)

    till.until(lambda: till.cart() == [("Маргарита", 3)])
    line = till.page.desk.cart.sale.lines[0]
    assert line.notes == "well done 4"
    assert row(till).details == "+ jalapeño · “well done 4”"
    assert till.total == "9 420 ₸"
    till.tap("margarita")  # a plain one is another line
    assert till.cart() == [("Маргарита", 3), ("Маргарита", 1)]


def test_a_line_is_taken_out_of_its_dialog(till: Till) -> None:
    till.tap("margarita")
    row(till).setFocus()
    till.key(Qt.Key.Key_Return)
    line_dialog(till)
    till.click(till.button("removeLineButton"))
    till.until(lambda: till.cart() == [])
    till.key(Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    assert till.cart() == [("Маргарита", 1)]


def discount_dialog(till: Till) -> DiscountDialog:
    return till.dialog(DiscountDialog, "discountDialog")


def test_a_percentage_off_the_whole_with_its_reason(till: Till) -> None:
    till.tap("margarita")
    till.tap("cola")
    till.click(till.button("discountButton"))
    dialog = discount_dialog(till)
    till.key("10", Qt.Key.Key_Return)
    assert dialog.reason_field.error == "A discount needs a reason or the name of a promo."
    till.click(till.button("reason_Regular guest"))
    till.click(till.button("giveDiscountButton"))

    till.until(lambda: till.total == "3 222 ₸")
    till.take()
    till.until(lambda: till.orders() == 1)
    (discount,) = till.sold().sale.discounts
    assert (discount.value, discount.reason) == (Decimal(10), "Regular guest")
    assert till.paid()[0].amount == Decimal(3222)


def test_a_discount_is_taken_off_again_with_its_cross(till: Till) -> None:
    till.tap("cola")
    till.click(till.button("discountButton"))
    dialog = discount_dialog(till)
    till.click(dialog.kind.segments[1])
    dialog.value.setText("90")
    dialog.promo.setText("2 for 1")
    dialog.promo.setFocus()
    till.key(Qt.Key.Key_Return)
    till.until(lambda: till.total == "600 ₸")

    till.until(lambda: till.button("dropDiscount_0").isVisible())
    till.click(till.button("dropDiscount_0"))
    assert till.total == "690 ₸"
    till.key(Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    assert till.total == "600 ₸"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("abc", "Type a number, such as 10."),
        ("0", "A discount has to be above zero."),
        ("101", "A discount cannot be above 100 %."),
    ],
)
def test_a_wrong_value_is_told_in_place(till: Till, typed: str, says: str) -> None:
    till.tap("cola")
    till.click(till.button("discountButton"))
    dialog = discount_dialog(till)
    till.key(typed, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.value_field.error == says
    till.key("5")
    assert dialog.value_field.error == ""


def test_a_line_has_a_discount_of_its_own(till: Till) -> None:
    till.tap("margarita")
    till.tap("cola")
    till.click(row(till))
    line_dialog(till)
    till.click(till.button("lineDiscountButton"))
    dialog = discount_dialog(till)
    till.key("50")
    dialog.reason.setText("Cold")
    till.key(Qt.Key.Key_Return)
    till.until(lambda: till.total == "2 135 ₸")
    assert row(till).details == "Cold · −50\xa0%"
    assert row(till).price == "1\u202f445\xa0₸"

    till.click(row(till))
    assert line_dialog(till).discount_button.label == "Discount: Cold"
    till.click(till.button("lineDiscountButton"))
    discount_dialog(till)
    till.click(till.button("dropDiscountButton"))
    till.until(lambda: till.total == "3 580 ₸")


def test_clear_asks_first_and_can_be_undone(till: Till) -> None:
    till.tap("margarita")
    till.click(till.button("clearCartButton"))
    dialog = till.dialog(Dialog, "clearCartDialog")
    till.key(Qt.Key.Key_Return)  # the safe button has the focus
    till.until(lambda: not dialog.isVisible())
    assert till.cart() == [("Маргарита", 1)]

    till.click(till.button("clearCartButton"))
    till.until(lambda: isinstance(QApplication.activeModalWidget(), Dialog))
    modal = QApplication.activeModalWidget()
    assert modal is not None
    till.click(modal.findChildren(Button, "clearCartAct")[-1])
    till.until(lambda: till.cart() == [])
    assert till.drafts() == ()
    till.click(till.button("undoButton"))
    assert till.cart() == [("Маргарита", 1)]
    assert len(till.drafts()) == 1


def test_a_cart_that_was_emptied_becomes_a_pickup_again(till: Till) -> None:
    till.tap("cola")
    till.click(till.page.panel.ways.segments[1])
    assert till.page.desk.cart.sale.kind == "delivery"
    till.click(till.page.panel.ways.segments[0])
    assert till.page.desk.cart.sale.kind == "pickup"
    assert till.page.panel.customer.title == "Walk-in customer"
