"""The panel that shows one order: head and foot stand still, the cards between them scroll."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from posapp.storage.rows import OrderDetail, OrderRow
from posapp.ui.away.words import not_read
from posapp.ui.context import Context
from posapp.ui.delegates.age import clock_text
from posapp.ui.delegates.rowtext import code_text
from posapp.ui.detail.cards import CustomerCard, PaymentCard, clear_layout, put
from posapp.ui.detail.decision import DecisionBox
from posapp.ui.detail.footer import Footer
from posapp.ui.detail.historycard import HistoryCard
from posapp.ui.detail.lines import LinesCard
from posapp.ui.detail.stepfacts import can_be_promised, timeline_steps
from posapp.ui.fonts import BOLD
from posapp.ui.icons import qicon
from posapp.ui.theme import current_theme
from posapp.ui.widgets.buttons import IconButton
from posapp.ui.widgets.chip import FACT, LARGE, Chip
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.flowlayout import FlowLayout
from posapp.ui.widgets.paintkit import Painted, smooth
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.widgets.timeline import StatusTimeline
from posapp.ui.words import source_icon, source_word

_TWO_COLUMNS_FROM = 1000
_MARGIN = 20


class _Ground(Painted):
    """The page's background colour."""

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = smooth(self)
        painter.fillRect(self.rect(), current_theme().palette.bg)
        painter.end()


class OrderPanel(_Ground):
    """Shows an order and tells what a person wants to do with it."""

    next_wanted = Signal()
    schedule_wanted = Signal()
    cancel_wanted = Signal()
    ready_wanted = Signal()
    undo_wanted = Signal()
    pay_wanted = Signal()
    decided = Signal(str)
    back_wanted = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("orderDetail")
        self._ctx = ctx
        self.detail: OrderDetail | None = None
        self._wide = False
        self._stack = QStackedLayout(self)
        self._empty = EmptyState(
            "list-bullets", self.tr("No order is open"), self.tr("Choose one in the list to see it here.")
        )
        self._order = QWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._order)
        self._make_head()
        self._make_body()
        self.decision = DecisionBox()
        self.footer = Footer()
        column = QVBoxLayout(self._order)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head)
        column.addWidget(self._scroll, 1)
        column.addWidget(self.decision)
        column.addWidget(self.footer)
        self.decision.decided.connect(self.decided)
        self.footer.next_wanted.connect(self.next_wanted)
        self.footer.schedule_wanted.connect(self.schedule_wanted)
        self.footer.cancel_wanted.connect(self.cancel_wanted)
        self.footer.ready_wanted.connect(self.ready_wanted)
        self.footer.undo_wanted.connect(self.undo_wanted)

    def _make_head(self) -> None:
        self.back_button = IconButton("arrow-left", self.tr("Back to the list"), key="Esc")
        self.back_button.setObjectName("backButton")
        self.back_button.clicked.connect(self.back_wanted)
        self.back_button.hide()
        self._code = PlainLabel("", px=24, weight=BOLD)
        self._code.setObjectName("orderCode")
        self._chips_holder = QWidget()
        self._chips = FlowLayout(self._chips_holder, spacing=8)
        self.edit_button = IconButton("pencil-simple-fill", self.tr("Edit order"), key="E")
        self.edit_button.setObjectName("editButton")
        self.edit_button.clicked.connect(self._edit)
        self.more_button = IconButton("dots-three-bold", self.tr("More for this order"))
        self.more_button.setObjectName("moreButton")
        self.more_button.clicked.connect(self._open_menu)
        top = QHBoxLayout()
        top.setContentsMargins(_MARGIN, 10, _MARGIN, 0)
        top.setSpacing(10)
        top.addWidget(self.back_button)
        top.addWidget(self._code)
        top.addWidget(self._chips_holder, 1, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self.edit_button, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignTop)
        self._timeline = StatusTimeline()
        self._timeline.setObjectName("orderTimeline")
        line = QHBoxLayout()
        line.setContentsMargins(_MARGIN, 8, _MARGIN, 6)
        line.addWidget(self._timeline)
        self._head = QVBoxLayout()
        self._head.setSpacing(0)
        self._head.addLayout(top)
        self._head.addLayout(line)

    def _make_body(self) -> None:
        self.customer, self.payment = CustomerCard(), PaymentCard()
        self.payment.pay_wanted.connect(self.pay_wanted)
        self.lines, self.history = LinesCard(), HistoryCard()
        self._unread = PlainLabel(not_read(), px=13, tone="text2", wrap=True)
        self._unread.setObjectName("orderUnread")
        self._unread.hide()
        body = _Ground()
        self._grid = QGridLayout(body)
        self._grid.setContentsMargins(_MARGIN, 2, _MARGIN, 8)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(10)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(body)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._make_room)
        self._arrange(wide=False)

    def _make_room(self, _least: int, most: int) -> None:
        """Let the scroll bar stand in the margin, so that the cards stay where they are."""
        bar = self._scroll.verticalScrollBar().sizeHint().width() if most else 0
        self._grid.setContentsMargins(_MARGIN, 2, _MARGIN - bar, 8)

    def _arrange(self, *, wide: bool) -> None:
        """Put the cards into one column with two cards on top, or into two columns."""
        for card in (self.customer, self.payment, self.lines, self.history, self._unread):
            self._grid.removeWidget(card)
        self._wide = wide
        grid = self._grid
        grid.addWidget(self.customer, 0, 0)
        grid.addWidget(self.payment, 0, 1)
        grid.addWidget(self._unread, 3, 0, 1, 2)
        top = Qt.AlignmentFlag.AlignTop
        if wide:
            grid.addWidget(self.lines, 1, 0, top)
            grid.addWidget(self.history, 1, 1, top)
        else:
            grid.addWidget(self.lines, 1, 0, 1, 2)
            grid.addWidget(self.history, 2, 0, 1, 2)
        grid.setRowStretch(0, 0)
        grid.setRowStretch(1, 1 if wide else 0)
        grid.setRowStretch(4, 0 if wide else 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        self.history.suggest(is_open=wide)
        self.payment.setMinimumWidth(current_theme().px(264))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= _TWO_COLUMNS_FROM
        if wide != self._wide:
            self._arrange(wide=wide)

    def set_narrow(self, *, narrow: bool) -> None:
        """Offer the way back to the list, where list and detail do not fit side by side."""
        self.back_button.setVisible(narrow)

    def clear(self) -> None:
        """Show that no order is open."""
        self.detail = None
        self._stack.setCurrentWidget(self._empty)

    def show_row(self, row: OrderRow) -> None:
        """Show what the list knows of an order, before or while its details are read."""
        self._code.setText(code_text(row))
        clear_layout(self._chips)
        put(self._chips, Chip.of_status(row.status, size=LARGE))
        put(self._chips, Chip(source_word(row.source), f"{source_icon(row.source)}-fill", size=FACT))
        if row.brand:
            put(self._chips, Chip(_short(row.brand), "storefront-fill", size=FACT))
        if row.promised_at is not None and can_be_promised(row):
            at = clock_text(row.promised_at, self._ctx.clock(), self._ctx.zone)
            put(self._chips, Chip(self.tr("Ready at %1").replace("%1", at), "timer-fill", size=FACT))
        if row.remote and len(self._ctx.config.remotes) > 1:
            put(self._chips, Chip(row.remote, "plugs-connected-fill", size=FACT))
        self.footer.show_row(row, letters=bool(self._ctx.config.get("look", "letter_keys")))
        letters = bool(self._ctx.config.get("look", "letter_keys"))
        self.edit_button.set_name(self.tr("Edit order"), "E" if letters else "")
        self.setAccessibleName(self.tr("Order %1").replace("%1", row.code))

    def show_detail(self, detail: OrderDetail, *, whole: bool = True) -> None:
        """Show everything about an order, or (`whole` false) what a row alone tells of it."""
        self._unread.setVisible(not whole)
        for card in (self.lines, self.history):
            card.setVisible(whole)
        another = self.detail is None or self.detail.row.pk != detail.row.pk
        self.detail = detail
        now, zone = self._ctx.clock(), self._ctx.zone
        self._order.setUpdatesEnabled(False)
        self.show_row(detail.row)
        self._timeline.show_steps(timeline_steps(detail, self._ctx.config.targets, now, zone))
        self.customer.show_detail(detail)
        letters = bool(self._ctx.config.get("look", "letter_keys"))
        self.payment.show_detail(detail, now, zone, key="P" if letters else "")
        self.lines.show_detail(detail)
        self.history.show_detail(detail, now, zone)
        self.decision.show_detail(detail, now, zone)
        self._stack.setCurrentWidget(self._order)
        self._order.setUpdatesEnabled(True)
        if another:
            self._scroll.verticalScrollBar().setValue(0)

    def _edit(self) -> None:
        if self.detail is not None:
            self._ctx.edit_wanted.emit(self.detail.row.pk)

    def _open_menu(self) -> None:
        corner = self.more_button.mapToGlobal(QPoint(0, self.more_button.height() + 4))
        self.open_menu(corner)

    def open_menu(self, at: QPoint) -> None:
        """Open the menu of the shown order at a point of the screen."""
        if self.detail is not None:
            menu = self.make_menu(self.detail)
            menu.popup(at)

    def make_menu(self, detail: OrderDetail) -> QMenu:
        """Return the menu of further acts."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.tr("More for this order"))
        ink = current_theme().palette.text2
        row = detail.row
        copies = [(self.tr("Copy code"), row.code), (self.tr("Copy phone"), row.phone)]
        copies.append((self.tr("Copy address"), row.address))
        for text, value in copies:
            if value:
                action = menu.addAction(qicon("note", 18, ink), text)
                action.triggered.connect(
                    lambda _=False, value=value: QGuiApplication.clipboard().setText(value)
                )
        menu.addSeparator()
        if can_be_promised(row):
            ready = menu.addAction(qicon("timer", 18, ink), self.tr("Ready time…"))
            ready.triggered.connect(lambda _=False: self.ready_wanted.emit())
        money = menu.addAction(qicon("money", 18, ink), self.tr("Payments…"))
        money.triggered.connect(lambda _=False: self._ctx.pay_wanted.emit(row.pk))
        paper = menu.addAction(qicon("printer", 18, ink), self.tr("Print… (Ctrl+P)"))
        paper.triggered.connect(lambda _=False: self._ctx.print_wanted.emit(row.pk))
        undo = menu.addAction(qicon("arrow-u-up-left", 18, ink), self.tr("Undo the last step"))
        undo.triggered.connect(lambda _=False: self.undo_wanted.emit())
        return menu


def _short(text: str) -> str:
    return text if len(text) <= 28 else f"{text[:27]}…"
