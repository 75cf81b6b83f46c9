"""The counter on the tour: a cart with some of what the training shop sells most."""

from __future__ import annotations

import time as clocks
from decimal import Decimal
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from posapp.app import App
    from posapp.ui.screens.new_order import NewOrderPage

NOTE = Decimal(20_000)  # what the customer gives
_LONGEST_S = 10.0


def fill_cart(app: App) -> NewOrderPage:
    """Open the counter and put dishes into its cart, one of them twice; another dish is sold out."""
    app.show_screen("new")
    page = cast("NewOrderPage", app.window.page)
    end = clocks.monotonic() + _LONGEST_S
    while not page.pane.dishes.products and clocks.monotonic() < end:
        app.wait_idle()
    first, second, third, *_, last = page.pane.dishes.of("")[:8]
    page.desk.set_sold_out(last, page.desk.end_of_day())
    for product in (first, second, second, third):
        page.pane.picked.emit(product)
    page.payment.quick.chosen.emit(NOTE)
    app.wait_idle()
    app.window.toasts.dismiss()
    return page
