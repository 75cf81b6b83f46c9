"""The New order screen: dishes on the left, the cart in the middle, the payment on the right."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.config import Config
from posapp.domain.catalogue import Product
from posapp.domain.errors import PosError
from posapp.services.counter import Sold
from posapp.ui.context import Context
from posapp.ui.keys import is_plain
from posapp.ui.payment.panel import PaymentPanel
from posapp.ui.theme import current_theme
from posapp.ui.till.asking import CUSTOMER, Asking
from posapp.ui.till.cart import TABLE
from posapp.ui.till.cartpanel import CartPanel
from posapp.ui.till.catalogpane import STEPS, CatalogPane
from posapp.ui.till.desk import TillDesk
from posapp.ui.till.headtools import HeadTools
from posapp.ui.till.menu import Dishes, MenuReader
from posapp.ui.till.tilepaint import GAP
from posapp.ui.till.when import due_of, due_words
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.paintkit import Painted, smooth

_LAST_SALE_MS = 60_000  # so long the change of the last sale stays in sight beside the next cart
_CART_WIDE, _PAY_WIDE, _MORE_WIDE = 330, 360, 130


class NewOrderPage(Painted):
    """The screen; `headline` is for the bar above it, as are its `tools`."""

    headline = Signal(str, str)
    undo_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("newOrderPage")
        self.setAccessibleName(self.tr("New order"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._ctx = ctx
        self._is_shown = False
        self._saved: bool | None = None
        self._reader = MenuReader(ctx, self)
        self.desk = TillDesk(ctx, self)
        self.pane, self.panel, self.tools = CatalogPane(), CartPanel(), HeadTools()
        self.payment = PaymentPanel(ctx)
        self.asking = Asking(ctx, self.desk, self.pane.product_of, self)
        self._lay_out()
        self._connect()
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)
        self._since_sale = QElapsedTimer()
        self._show()
        self._reader.refresh()

    def _lay_out(self) -> None:
        pay = Card(padding=13, spacing=0)
        pay.column.addWidget(self.payment)
        self._pay = pay
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 12, 20, 14 - GAP)
        row.setSpacing(12)
        row.addWidget(self.pane, 1)
        row.addSpacing(-GAP)  # the tiles have theirs to the right and below
        for part in (self.panel, pay):
            column = QVBoxLayout()
            column.setContentsMargins(0, 0, 0, GAP)
            column.addWidget(part)
            row.addLayout(column)
        self._size()

    def _size(self) -> None:
        more = round((current_theme().scale - 1) * _MORE_WIDE)
        self.panel.setFixedWidth(_CART_WIDE + more)
        self._pay.setFixedWidth(_PAY_WIDE + more)

    def _connect(self) -> None:
        ctx, desk, cart, panel, pane = self._ctx, self.desk, self.desk.cart, self.panel, self.pane
        self._reader.arrived.connect(self._put_dishes)
        self._reader.failed.connect(ctx.problem)
        ctx.config_changed.connect(self._configured)
        ctx.theme.themeChanged.connect(self._size)
        pane.picked.connect(self._pick)
        pane.grid.menu_wanted.connect(self.asking.open_menu)
        pane.settings_wanted.connect(self.settings_wanted)
        pane.undo_wanted.connect(self.undo_wanted)
        pane.stepped.connect(self._step_chosen)
        pane.remove_wanted.connect(self._remove_chosen)
        cart.changed.connect(self._show)
        panel.cleared.connect(self.asking.clear)
        panel.customer_wanted.connect(self.asking.ask_customer)
        panel.due_wanted.connect(lambda: self.asking.ask_due(panel.when))
        panel.way_chosen.connect(self._way)
        panel.table_named.connect(lambda table: desk.do(lambda: cart.set_table(table)))
        panel.table_done.connect(self.focus_search)
        panel.stepped.connect(lambda line, by: desk.do(lambda: desk.step(line, by)))
        panel.opened.connect(self.asking.open_line)
        panel.chosen.connect(lambda line: desk.do(lambda: cart.choose(line)))
        panel.totals.discount_wanted.connect(self.asking.ask_discount)
        panel.totals.discount_dropped.connect(self.asking.drop_discount)
        self.asking.picked.connect(self._picked)
        self.payment.take_wanted.connect(self._take)
        self.payment.parts_changed.connect(desk.note_parts)
        desk.parts_put.connect(self.payment.put_taken)
        desk.sold.connect(self._sold)
        desk.refused.connect(self._refused)
        ctx.tasks.crashed.connect(lambda _error: self.payment.set_busy(False))
        desk.put_aside.connect(self.focus_search)
        desk.drafts.held_changed.connect(lambda rows: self.tools.show_held(len(rows)))
        desk.drafts.saved.connect(lambda: self._note_saved(saved=True))
        desk.drafts.failed.connect(self._not_saved)
        self.tools.hold.clicked.connect(self.asking.ask_hold)
        self.tools.held.clicked.connect(self.asking.open_held)

    # ------------------------------------------------------------------------------ what the window asks

    def shown(self) -> None:
        """Come to the front: whatever is typed looks for a dish."""
        self._is_shown = True
        self.tools.setVisible(True)
        self._clock.start()
        self.pane.tick(self._ctx.clock())
        self._say_headline()
        QTimer.singleShot(0, self, self._say_headline)  # after the window has named what it begins with
        self.focus_search()

    def hidden(self) -> None:
        """Take the buttons out of the bar while another screen is in front."""
        self._is_shown = False
        self._reader.refresh()  # the most sold move now, while no finger is over them
        self.tools.setVisible(False)
        self._clock.stop()

    def toast_anchor(self) -> QWidget:
        """Return the widget over which messages appear."""
        return self.pane

    def focus_search(self) -> None:
        """Put the cursor into the search for dishes."""
        self.pane.focus_search()

    def undo(self) -> None:
        """Take back the last act on the cart."""
        self.desk.do(self._undo)

    def _undo(self) -> None:
        if not self.desk.cart.undo():
            self._ctx.message.emit(self.tr("There is nothing to undo"), None)

    # --------------------------------------------------------------------------------------------- showing

    def _tick(self) -> None:
        self.pane.tick(self._ctx.clock())
        if self.desk.cart.sale.due_at:
            self._show_due()
        if self.panel.sold.shows and self._since_sale.hasExpired(_LAST_SALE_MS) and not self.desk.cart.empty:
            self.panel.sold.forget()
            self._show()

    def _put_dishes(self, dishes: Dishes) -> None:
        self.pane.show_dishes(dishes, self.desk.currency, self._ctx.clock())

    def _configured(self, config: Config) -> None:
        del config
        self._size()
        self._reader.refresh()
        self._show()
        if self._is_shown:
            self._say_headline()

    def _show(self) -> None:
        cart, priced, currency = self.desk.cart, self.desk.priced, self.desk.currency
        self.panel.show_cart(cart, priced, currency, self.desk.problems)
        self._show_due()
        counts: dict[str, int] = {}
        for line in cart.sale.lines:
            counts[line.internal_id] = counts.get(line.internal_id, 0) + line.quantity
        self.pane.show_counts(counts)
        self.payment.put_due(priced.total if cart.sale.lines else None, currency)
        self.tools.show_cart(full=bool(cart.sale.lines))
        self._say_headline()

    def _show_due(self) -> None:
        due, now = self.desk.cart.sale.due_at, self._ctx.clock()
        moment = due_of(due)
        late = moment is not None and moment <= now
        self.panel.show_due(due_words(due, now, self._ctx.zone), wrong=late)

    def _note_saved(self, *, saved: bool) -> None:
        self._saved = saved
        self._say_headline()

    def _not_saved(self, error: PosError) -> None:
        self._note_saved(saved=False)
        self._ctx.problem.emit(error)

    def _say_headline(self) -> None:
        if not self._is_shown:
            return
        text = ""
        if not self.desk.cart.empty and self._saved is not None:
            text = self.tr("Draft saved on this PC") if self._saved else self.tr("Draft not saved")
        self.headline.emit(self.tr("New order"), text)

    # ---------------------------------------------------------------------------------------------- dishes

    def _pick(self, product: Product) -> None:
        if product.sold_out(self._ctx.clock()):
            self._ctx.message.emit(self.desk.sold_out_text(product), None)
            return
        if any(group.least for group in product.modifiers):
            self.asking.ask_options(product)
            return
        self.desk.do(lambda: self.desk.cart.add(product, (), 1, ""))
        self._picked()

    def _picked(self) -> None:
        if self.pane.clear_search():
            self.focus_search()

    # ------------------------------------------------------------------------------------------- the cart

    def _step_chosen(self, by: int) -> None:
        def act() -> None:
            line = self.desk.cart.chosen
            if line is not None:
                self.desk.step(line.id, by)

        self.desk.do(act)

    def _remove_chosen(self) -> None:
        line = self.desk.cart.chosen
        if line is not None:
            self.desk.do(lambda: self.desk.remove(line.id))

    def _way(self, way: str) -> None:
        self.desk.do(lambda: self.desk.cart.set_way(way))
        if way == TABLE:
            self.panel.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # -------------------------------------------------------------------------------------------- the sale

    def _take(self, tenders: object) -> None:
        assert isinstance(tenders, tuple)  # noqa: S101 - the signal's promise
        if self.desk.take(tenders):
            self.payment.set_busy(True)
            return
        self.payment.set_busy(False)
        if not self.desk.busy:
            self._show()
            self._show_problems()

    def _show_problems(self) -> None:
        problems = self.desk.problems
        if CUSTOMER & problems.keys():
            self.asking.ask_customer()
        elif "table" in problems:
            self.panel.table.setFocus(Qt.FocusReason.OtherFocusReason)
            self._ctx.message.emit(problems["table"], None)
        elif "due_at" in problems:
            self._ctx.message.emit(problems["due_at"], None)
            self.asking.ask_due(self.panel.when)
        elif problems:
            self._ctx.message.emit(next(iter(problems.values())), None)

    def _sold(self, sold: Sold) -> None:
        self.payment.clear()
        self.panel.sold.show_sold(sold, self.desk.currency)
        self._since_sale.start()
        self._show()
        self.pane.clear_search()
        self.focus_search()

    def _refused(self, error: PosError) -> None:
        self.payment.set_busy(False)
        self._ctx.problem.emit(error)

    # ------------------------------------------------------------------------------------------------ keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.handle_key(event):
            super().keyPressEvent(event)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Act on a key; tell whether it meant something here."""
        if self.payment.handle_key(event):
            return True
        if not is_plain(event):
            return False
        act = {
            Qt.Key.Key_F6: self.asking.ask_hold,
            Qt.Key.Key_F7: self.asking.ask_customer,
            Qt.Key.Key_F8: lambda: self.asking.ask_due(self.panel.when),
            Qt.Key.Key_Delete: self._remove_chosen,
            Qt.Key.Key_Escape: self._escape,
        }.get(Qt.Key(event.key()))
        if act is not None:
            if not event.isAutoRepeat():
                act()
            return True
        text = event.text()
        if text in STEPS:
            self._step_chosen(STEPS[text])
            return True
        if text and text.isprintable() and not text.isspace():
            self.pane.type(text)
            return True
        return False

    def _escape(self) -> None:
        self.pane.clear_search()
        self.focus_search()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = smooth(self)
        painter.fillRect(self.rect(), current_theme().palette.bg)
        painter.end()
