"""Promos from the settings to the cart: kept in a list, given with two clicks or by name."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.discount import DiscountKind
from posapp.domain.promo import Promo
from posapp.services.promos import save_promo
from posapp.storage.promos import promos
from posapp.storage.store import Store
from posapp.ui.settings.promos import PromoDialog
from posapp.ui.till.discountdialog import DiscountDialog
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.inputs import TextInput
from tests.gui.orders.scene import START, WHO
from tests.gui.till.conftest import Make, Till

HAPPY = Promo("Happy hour", DiscountKind.PERCENT, Decimal(10))


def with_promos(store: Store) -> None:
    yesterday = START.date() - timedelta(days=2)
    for one in (HAPPY, Promo("Lunch", DiscountKind.AMOUNT, Decimal(90)), Promo("Gone", DiscountKind.PERCENT,
                Decimal(5), last_day=yesterday)):  # fmt: skip
        save_promo(store, one, "KZT", WHO)


def ask(till: Till) -> DiscountDialog:
    till.click(till.button("discountButton"))
    return till.dialog(DiscountDialog, "discountDialog")


def test_a_promo_is_given_with_two_clicks_and_its_name_is_on_the_sale(make: Make) -> None:
    till = make(before=with_promos)
    till.tap("cola")
    dialog = ask(till)
    assert [one.objectName() for one in dialog.findChildren(Button) if one.objectName()[:6] == "promo_"] == [
        "promo_Happy hour",
        "promo_Lunch",
    ]
    assert till.clipped() == []
    till.click(till.button("promo_Happy hour"))
    till.until(lambda: till.total == "621 ₸")
    till.take()
    till.until(lambda: till.orders() == 1)
    (given,) = till.sold().sale.discounts
    assert (given.name, given.promo_id != "") == ("Happy hour", True)


def test_a_promo_is_given_by_its_name_alone(make: Make) -> None:
    till = make(before=with_promos)
    till.tap("cola")
    dialog = ask(till)
    dialog.promo.setFocus()
    till.key("lunch", Qt.Key.Key_Return)
    till.until(lambda: till.total == "600 ₸")
    assert [one.name for one in till.page.desk.cart.sale.discounts] == ["Lunch"]


def test_promos_are_kept_in_the_settings(make: Make) -> None:
    till = make(screen="settings")
    till.app.window.open_settings("sales")
    till.rest()
    till.click(till.button("addPromo"))
    dialog = till.dialog(PromoDialog, "promoDialog")
    till.key("Weekend")
    till.key(Qt.Key.Key_Return)
    assert dialog.fields["value"].error == "Type a number, such as 10."
    till.find(TextInput, "promo_value").setFocus()
    till.key("15")
    till.find(TextInput, "promo_last_day").setFocus()
    till.key("31.12.2030", Qt.Key.Key_Return)
    till.until(lambda: QApplication.activeModalWidget() is None)
    till.rest()
    (kept,) = promos(till.store)
    assert (kept.name, kept.value, kept.first_day) == ("Weekend", Decimal(15), None)
    assert f"{kept.last_day}" == "2030-12-31"
    assert till.clipped() == []

    till.click(till.find(QWidget, "dropPromo_Weekend"))
    till.until(lambda: promos(till.store) == ())
    assert till.messages[-1] == "“Weekend” is deleted"
    till.key(Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    till.until(lambda: [one.name for one in promos(till.store)] == ["Weekend"])
