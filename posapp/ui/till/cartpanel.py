"""The cart: for whom, what is in it, what it comes to."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QScrollArea,
    QScroller,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from posapp.domain.sale import Priced, Sale
from posapp.domain.status import Kind
from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.till.cart import TABLE, Cart
from posapp.ui.till.cartrow import CartRow
from posapp.ui.till.soldcard import LastBand, SoldCard
from posapp.ui.till.totals import Totals
from posapp.ui.till.words import address_text, pieces_text
from posapp.ui.widgets.area import plain_area
from posapp.ui.widgets.buttons import quiet_button
from posapp.ui.widgets.card import Card, Divider
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.overlaybar import OverlayScrollBar
from posapp.ui.widgets.paintkit import draw_text, focus_ring, rounded, smooth
from posapp.ui.widgets.segmented import Segmented
from posapp.ui.widgets.text import PlainLabel

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CustomerButton(QAbstractButton):
    """Who buys, in two lines; a click tells more."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("customerButton")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.title, self.more, self._wrong = "", "", False

    def show_words(self, title: str, more: str, *, wrong: bool) -> None:
        """Show who it is and where it goes, or what is missing."""
        self.title, self.more, self._wrong = title, more, wrong
        self.setAccessibleName(f"{self.tr('Customer')}: {title}, {more}, F7")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, max(current_theme().px(48), current_theme().control))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        box = self.rect()
        if self.underMouse():
            rounded(painter, box, theme.radius.control, c.hover)
        if self.hasFocus():
            focus_ring(painter, box, theme.radius.control - 2, c.focus)
        side, middle = theme.px(20), self.height() // 2
        icon = "warning-circle-fill" if self._wrong else "user"
        paint_icon(
            painter, QRect(2, middle - side // 2, side, side), icon, c.danger if self._wrong else c.text2
        )
        caret = theme.px(18)
        paint_icon(
            painter, QRect(self.width() - caret, middle - caret // 2, caret, caret), "caret-right", c.text2
        )
        left = side + 12
        room = self.width() - left - caret - 6
        elide, line = Qt.TextElideMode.ElideRight, theme.px(19)
        painter.setFont(theme.font(14, fonts.SEMIBOLD))
        text = painter.fontMetrics().elidedText(self.title, elide, room)
        flag = Qt.AlignmentFlag.AlignLeft
        draw_text(painter, QRect(left, middle - line, room, line), text, flag, c.text)
        painter.setFont(theme.font(12))
        text = painter.fontMetrics().elidedText(self.more, elide, room)
        ink = c.danger_text if self._wrong else c.text2
        draw_text(painter, QRect(left, middle, room, theme.px(17)), text, flag, ink)
        painter.end()


class CartPanel(Card):
    """Shows a cart; what people do with it is told by signals, a line by its id."""

    cleared = Signal()
    customer_wanted = Signal()
    due_wanted = Signal()
    way_chosen = Signal(str)
    table_named = Signal(str)
    table_done = Signal()
    stepped = Signal(str, int)
    opened = Signal(str)
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=0, spacing=0)
        self.setObjectName("cartPanel")
        self.setAccessibleName(self.tr("Cart"))
        self.rows: list[CartRow] = []
        self._order: list[str] = []
        self.count = PlainLabel("", px=13, tone="text2")
        self.count.setObjectName("cartCount")
        self.clear = quiet_button(self.tr("Clear"), icon="trash-fill")
        self.clear.setObjectName("clearCartButton")
        self.clear.clicked.connect(self.cleared)
        self.when = quiet_button(self.tr("Now"), icon="clock-countdown-fill")
        self.when.setObjectName("dueButton")
        self.when.clicked.connect(self.due_wanted)
        self.customer = CustomerButton()
        self.customer.clicked.connect(self.customer_wanted)
        self.ways = Segmented(self.tr("How it is handed over"), self._ways(), tight=True)
        self.ways.setObjectName("orderKind")
        self.ways.valueChanged.connect(self.way_chosen)
        self.table = TextInput(placeholder=self.tr("Table number"))
        self.table.setObjectName("tableNumber")
        self.table.setAccessibleName(self.tr("Table number"))
        self.table.setMaxLength(64)
        self.table.textEdited.connect(lambda text: self.table_named.emit(text.strip()))
        self.table.returnPressed.connect(self.table_done)
        self.sold, self.last = SoldCard(), LastBand()
        self.totals = Totals()
        self._lay_out()

    def _ways(self) -> list[tuple[str, str, str]]:
        return [
            (Kind.PICKUP.value, self.tr("Pickup"), "storefront-fill"),
            (Kind.DELIVERY.value, self.tr("Delivery"), "moped-fill"),
            (TABLE, self.tr("Table"), "bowl-food-fill"),
        ]

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 6, 8, 6)
        head.setSpacing(8)
        head.addWidget(PlainLabel(self.tr("Cart"), px=16, weight=fonts.BOLD))
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.when)
        head.addWidget(self.clear)
        who = QVBoxLayout()
        who.setContentsMargins(14, 5, 14, 10)
        who.setSpacing(5)
        for part in (self.customer, self.ways, self.table):
            who.addWidget(part)
        empty = EmptyState(
            "shopping-cart-simple", self.tr("Nothing in the cart"), self.tr("Type a dish or tap one.")
        )
        self._middle = QStackedWidget()
        self._middle.addWidget(self._lines())
        self._middle.addWidget(empty)
        self._middle.addWidget(self.sold)
        self.column.setContentsMargins(1, 1, 1, 1)
        self.column.addLayout(head)
        self.column.addWidget(Divider())
        self.column.addLayout(who)
        self.column.addWidget(Divider())
        self.column.addWidget(self.last)
        self.column.addWidget(self._middle, 1)
        self.column.addSpacing(6)
        self.column.addWidget(self.totals)

    def _lines(self) -> QScrollArea:
        inner = QWidget()
        self._lines_column = QVBoxLayout(inner)
        self._lines_column.setContentsMargins(0, 0, 0, 0)
        self._lines_column.setSpacing(0)
        self._lines_column.addStretch(1)
        self.area = plain_area(inner)
        self.area.setObjectName("cartLines")
        self._bar = OverlayScrollBar(self.area)
        QScroller.grabGesture(self.area.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        return self.area

    # --------------------------------------------------------------------------------------------- showing

    def show_cart(self, cart: Cart, priced: Priced, currency: str, problems: dict[str, str]) -> None:
        """Show a cart; `problems` are those that a person has been told of."""
        sale, chosen = cart.sale, cart.chosen
        while len(self.rows) < len(sale.lines):
            self._make_row()
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(sale.lines))
            if place >= len(sale.lines):
                continue
            line = sale.lines[place]
            told = next((text for name, text in problems.items() if name.startswith(f"lines[{place}].")), "")
            row.show_line(line, priced.lines[place], currency, chosen=line is chosen, problem=told)
        self._order = [line.id for line in sale.lines]
        self.count.setText(pieces_text(cart.pieces))
        self.clear.setEnabled(not cart.empty)
        self._show_who(cart, sale, problems)
        self._middle.setCurrentIndex(0 if sale.lines else 2 if self.sold.shows and cart.empty else 1)
        self.last.show_words(self.sold.words if self.sold.shows and sale.lines else "")
        self.totals.show_sums(sale, priced, currency)
        if chosen is not None:
            QTimer.singleShot(0, self, self._show_chosen)

    def show_due(self, words: str, *, wrong: bool) -> None:
        """Show for when it is; `wrong` once that time has passed."""
        self.when.setText(words)
        self.when.set_icon_name("warning-circle-fill" if wrong else "clock-countdown-fill")
        self.when.setAccessibleName(f"{self.tr('For when')}: {words}, F8")

    def _show_who(self, cart: Cart, sale: Sale, problems: dict[str, str]) -> None:
        buyer, delivery = sale.buyer, sale.kind == Kind.DELIVERY
        names = ("address", "phone", "customer_name", "street", "home", "apt", "entrance", "level", "city")
        wrong = next((problems[name] for name in (*names, "comment") if name in problems), "")
        title = " · ".join(part for part in (buyer.name, buyer.phone) if part)
        more = address_text(buyer) if delivery else sale.comment
        if not title:
            title = self.tr("Who gets it?") if delivery else self.tr("Walk-in customer")
        if not more:
            missing = self.tr("A delivery needs an address")
            known = (
                self.tr("Customer of this order")
                if buyer.phone
                else self.tr("Add phone for history and promos")
            )
            more = missing if delivery else known
        self.customer.show_words(title, wrong or more, wrong=bool(wrong))
        self.ways.set_value(cart.way)
        at_table = cart.way == TABLE
        self.table.setVisible(at_table)
        if at_table and self.table.text().strip() != sale.table:
            self.table.setText(sale.table)
        if not at_table:
            self.table.clear()

    def _show_chosen(self) -> None:
        row = next((row for row in self.rows if row.accessibleDescription() and not row.isHidden()), None)
        if row is not None:
            self.area.ensureWidgetVisible(row, 0, 0)

    def row_of(self, line_id: str) -> CartRow | None:
        """Return the row of a line."""
        return next(
            (
                row
                for row in self.rows
                if row.line is not None and row.line.id == line_id and not row.isHidden()
            ),
            None,
        )

    def _make_row(self) -> None:
        row = CartRow()
        row.stepped.connect(self.stepped)
        row.opened.connect(self.opened)
        row.walked.connect(self._walk)
        row.focused.connect(self.chosen)
        self._lines_column.insertWidget(len(self.rows), row)
        self.rows.append(row)

    def _walk(self, line_id: str, by: int) -> None:
        place = self._order.index(line_id) + by if line_id in self._order else 0
        if 0 <= place < len(self._order):
            self.rows[place].setFocus(Qt.FocusReason.TabFocusReason)
