"""What the counter asks a person: options, the customer, a discount, a name for a cart that is put aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from posapp.domain.catalogue import FURTHER_NOTICE, Product
from posapp.domain.sale import SaleLine
from posapp.ui.context import Context
from posapp.ui.dialogs.schedule import DueDialog
from posapp.ui.till.customerdialog import CustomerDialog
from posapp.ui.till.desk import TillDesk
from posapp.ui.till.discountdialog import DiscountDialog
from posapp.ui.till.helddialogs import HeldDialog, HoldDialog
from posapp.ui.till.linedialog import LineDialog
from posapp.ui.till.promolist import PromoList
from posapp.ui.till.when import due_of, when_menu
from posapp.ui.till.words import usual_label
from posapp.ui.widgets.buttons import ButtonLook
from posapp.ui.widgets.dialog import Dialog

CUSTOMER = frozenset(
    {"customer_name", "phone", "address", "street", "home", "apt", "entrance", "level", "city", "comment"}
) | {"delivery_cost"}


class Asking(QObject):
    """Opens the dialogs over the screen and hands their answers to the desk."""

    picked = Signal()  # a dish with its options went into the cart

    def __init__(
        self, ctx: Context, desk: TillDesk, product_of: Callable[[str], Product | None], page: QWidget
    ) -> None:
        super().__init__(page)
        self._ctx, self.desk, self._page, self.product_of = ctx, desk, page, product_of
        self._promos = PromoList(ctx, self)

    def ask_options(self, product: Product) -> None:
        line = SaleLine(product.title, product.price, 1, product.internal_id, tax_percent=product.tax_percent)
        dialog = LineDialog(product, line, self.desk.currency, self._page, new=True)

        def done() -> None:
            made = dialog.line
            self.desk.do(lambda: self.desk.cart.add(product, made.modifiers, made.quantity, made.notes))
            self.picked.emit()

        self._open(dialog, done)

    def open_line(self, line_id: str) -> None:
        line = self.desk.cart.line(line_id)
        if line is None or self.desk.busy:
            return
        self.desk.cart.choose(line_id)
        product = self.product_of(line.internal_id)
        dialog = LineDialog(product, line, self.desk.currency, self._page, new=False)

        def done() -> None:
            self.desk.do(lambda: self.desk.cart.put_line(dialog.line))
            if dialog.discount_wanted:
                self._discount_line(line_id)

        def closed() -> None:
            if dialog.remove_wanted:
                self.desk.do(lambda: self.desk.remove(line_id))

        dialog.rejected.connect(closed)
        self._open(dialog, done)

    def open_menu(self, product: Product, at: QPoint) -> None:
        menu = QMenu(self._page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.tr("More for %1").replace("%1", product.title))
        desk = self.desk
        if product.sold_out(self._ctx.clock()):
            entries: list[tuple[str, str, datetime | None]] = [
                ("backOnSaleAction", self.tr("Back on sale"), None)
            ]
        else:
            entries = [
                ("soldOutTodayAction", self.tr("Sold out until the end of the day"), desk.end_of_day()),
                ("soldOutAction", self.tr("Sold out until I switch it back"), FURTHER_NOTICE),
            ]
        for name, words, until in entries:
            action = menu.addAction(words)
            action.setObjectName(name)
            action.triggered.connect(lambda _=False, until=until: desk.set_sold_out(product, until))
        menu.popup(at)

    def clear(self) -> None:
        if not self.desk.cart.sale.lines:
            self.desk.clear()
            return
        text = self.tr("All items go out of it. Undo brings them back.")
        dialog = Dialog(self.tr("Clear the cart?"), text, self._page, icon="trash-fill", tone="danger")
        dialog.setObjectName("clearCartDialog")
        dialog.add_safe(self.tr("Keep it"))
        act = dialog.add_action(self.tr("Clear"), look=ButtonLook.DANGER_FILL)
        act.setObjectName("clearCartAct")
        self._open(dialog, self.desk.clear)

    def ask_customer(self) -> None:
        if self.desk.busy:
            return
        told = {name: text for name, text in self.desk.problems.items() if name in CUSTOMER}
        dialog = CustomerDialog(self._ctx, self.desk.cart.sale, self._page, problems=told)
        self._open(dialog, lambda: self.desk.do(lambda: self.desk.cart.set_customer(dialog.sale)))

    def ask_due(self, at: QWidget) -> None:
        """Offer the usual times under a button, and others in a dialog."""
        if self.desk.busy:
            return
        ctx, cart = self._ctx, self.desk.cart
        now, zone = ctx.clock(), ctx.zone

        def put(due_at: str) -> None:
            self.desk.do(lambda: cart.set_due(due_at))

        def ask() -> None:
            dialog = DueDialog(due_of(cart.sale.due_at), now, zone, self._page)

            def done() -> None:
                if dialog.chosen is not None:
                    put(dialog.chosen.isoformat())

            self._open(dialog, done)

        menu = when_menu(self._page, now, zone, put, ask)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at.mapToGlobal(QPoint(0, at.height() + 2)))

    def ask_discount(self) -> None:
        title, given = self.tr("Discount on the whole cart"), self.desk.cart.sale.discounts
        offered = [one for one in self._promos.today if one.discount not in given]
        dialog = DiscountDialog(title, None, self.desk.currency, self._page, offered)

        def done() -> None:
            given = dialog.discount
            if given is not None:
                self.desk.do(lambda: self.desk.cart.set_discounts((*self.desk.cart.sale.discounts, given)))

        self._open(dialog, done)

    def drop_discount(self, place: int) -> None:
        cart = self.desk.cart
        kept = [one for number, one in enumerate(cart.sale.discounts) if number != place]
        self.desk.do(lambda: cart.set_discounts(kept))
        self._ctx.message.emit(self.tr("Discount taken off"), cart.undo)

    def _discount_line(self, line_id: str) -> None:
        line = self.desk.cart.line(line_id)
        if line is None:
            return
        title = self.tr("Discount on %1").replace("%1", line.title)
        currency, offered = self.desk.currency, self._promos.today
        dialog = DiscountDialog(title, line.discount, currency, self._page, offered)

        def done() -> None:
            now = self.desk.cart.line(line_id)
            if now is not None:
                self.desk.do(lambda: self.desk.cart.put_line(replace(now, discount=dialog.discount)))

        self._open(dialog, done)

    # ------------------------------------------------------------------------------------ carts put aside

    def _label(self) -> str:
        now = self._ctx.clock().astimezone(self._ctx.zone)
        return usual_label(self.desk.cart.sale, f"{now:%H:%M}")

    def ask_hold(self) -> None:
        if not self.desk.cart.sale.lines:
            self.open_held()
            return
        dialog = HoldDialog(self._label(), self._page)
        self._open(dialog, lambda: self.desk.hold(dialog.label))

    def open_held(self) -> None:
        dialog = HeldDialog(self.desk.drafts.held, self.desk.currency, self._ctx.zone, self._page)

        def done() -> None:
            if dialog.chosen is not None:
                self.desk.recall(dialog.chosen, self._label())
            elif dialog.dropped is not None:
                self.desk.drop(dialog.dropped)

        self._open(dialog, done)

    def _open(self, dialog: Dialog, done: Callable[[], object]) -> None:
        dialog.accepted.connect(done)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
