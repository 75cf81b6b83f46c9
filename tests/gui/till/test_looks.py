"""The screen fits: both themes, fingers, large text, long names, large sums, many lines."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication

from posapp.config_fields import Value
from posapp.domain.catalogue import Product
from posapp.domain.sale import SaleModifier
from posapp.services.catalogue import save_product
from posapp.storage.store import Store
from posapp.ui.till.customerdialog import CustomerDialog
from posapp.ui.till.discountdialog import DiscountDialog
from posapp.ui.till.helddialogs import HeldDialog, HoldDialog
from posapp.ui.till.linedialog import LineDialog
from posapp.ui.widgets.dialog import Dialog
from tests.gui.foundation.test_theme import contrast
from tests.gui.orders.scene import WHO
from tests.gui.till.conftest import Make, Till
from tests.support.clipping import find_clipped

LONG = "Пицца с белыми грибами, трюфельным маслом и пармезаном, двойная"
LOOKS: dict[str, tuple[tuple[str, str, Value], ...]] = {
    "light": (),
    "dark": (("look", "theme", "dark"),),
    "touch": (("look", "touch", "on"),),
    "large text": (("look", "text_scale", 150),),
}


def long_and_dear(store: Store) -> None:
    dear = Product("long", LONG, Decimal(999_999_999), "1 250 г на четверых", "Pizza", position=-1)
    save_product(store, dear, "KZT", WHO)


def fill_cart(till: Till) -> None:
    cart, dishes = till.page.desk.cart, till.page.pane.dishes.by_id
    options = (SaleModifier("двойная порция пармезана", Decimal(0)), SaleModifier("острый соус", Decimal(0)))
    cart.add(dishes["long"], options, 1, "без лука, разрезать на двенадцать кусков")
    cart.add(dishes["cola"], (), 2, "")


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_cut_off(make: Make, look: str) -> None:
    till = make(settings=LOOKS[look], before=long_and_dear)
    assert till.clipped() == []
    fill_cart(till)
    for place in (1, 2):
        till.click(till.page.panel.ways.segments[place])
        assert till.clipped() == []
    till.key(Qt.Key.Key_F6)
    till.dialog(HoldDialog, "holdDialog")
    till.key(Qt.Key.Key_Return)
    till.until(lambda: till.cart() == [] and QApplication.activeModalWidget() is None)
    assert till.clipped() == []


def test_at_the_least_size_sixteen_dishes_three_lines_and_the_payment_are_in_sight(till: Till) -> None:
    for dish in ("margarita", "pepperoni", "cola"):
        till.tap(dish)
    till.rest()
    grid = till.page.pane.grid
    seen = grid.viewport().rect()
    for number in range(16):
        tile = grid.visualRect(grid.shelf.index(number))
        assert seen.contains(tile.adjusted(0, 0, -10, -10)), number
    area = till.page.panel.area
    window = QRect(QPoint(), area.viewport().size())
    for row in till.page.panel.rows[:3]:
        assert window.contains(QRect(row.mapTo(area.viewport(), QPoint()), row.size()))
    assert till.button("takePaymentButton").isVisible()
    assert till.page.panel.totals.big.isVisible()


def test_thirty_lines_scroll_and_the_total_stays(till: Till) -> None:
    cart, dishes = till.page.desk.cart, till.page.pane.dishes.products
    for number in range(30):
        cart.add(dishes[number % 16], (SaleModifier(f"option {number}"),), 1, "")
    till.rest()
    panel = till.page.panel
    last = panel.rows[29]
    till.until(lambda: not last.visibleRegion().isEmpty())
    assert panel.rows[0].visibleRegion().isEmpty()
    assert not panel.totals.visibleRegion().isEmpty()
    assert panel.area.verticalScrollBar().maximum() > 0
    panel.rows[0].setFocus()
    till.until(lambda: not panel.rows[0].visibleRegion().isEmpty())
    till.key(Qt.Key.Key_Down, Qt.Key.Key_Delete)
    till.until(lambda: len(till.cart()) == 29)


@pytest.mark.parametrize("look", LOOKS)
def test_the_dialogs_fit(make: Make, look: str) -> None:
    till = make(settings=LOOKS[look], before=long_and_dear)

    def fits(kind: type[Dialog], name: str) -> None:
        dialog = till.dialog(kind, name)
        till.rest()
        till.bot.wait(50)
        assert find_clipped(dialog) == []
        till.key(Qt.Key.Key_Escape)
        till.until(lambda: QApplication.activeModalWidget() is None)

    till.tap("meat")
    till.dialog(LineDialog, "lineDialog")
    till.key(Qt.Key.Key_Return)  # with its error
    fits(LineDialog, "lineDialog")
    fill_cart(till)
    till.click(till.page.panel.ways.segments[1])
    till.take()
    fits(CustomerDialog, "customerDialog")
    till.page.asking.ask_discount()
    till.dialog(DiscountDialog, "discountDialog")
    till.key(Qt.Key.Key_Return)
    fits(DiscountDialog, "discountDialog")
    till.page.desk.hold(LONG * 2)
    till.until(till.page.tools.held.isVisible)
    till.page.asking.open_held()
    fits(HeldDialog, "heldDialog")


def test_the_colours_of_tiles_can_be_told_from_their_ground(till: Till) -> None:
    from posapp.ui.theme import current_theme
    from posapp.ui.till.tints import dish_colour, ground, ink

    theme, shelf = current_theme(), till.page.pane.grid.shelf
    for product in shelf.products:
        colour = dish_colour(product, shelf.groups)
        assert contrast(ink(colour, theme), ground(colour, theme)) >= 3
