"""The Shift tab: the drawer of this station, what it took, the orders in hand, and the shifts before."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from posapp.domain.shift import MoveKind, ShiftReport
from posapp.storage.feed import Change, Topic
from posapp.ui.context import Context
from posapp.ui.delegates.age import clock_text
from posapp.ui.shift.acts import ShiftActs
from posapp.ui.shift.cards import DrawerCard, OrdersCard, TakingsCard
from posapp.ui.shift.state import ClosedShift, ShiftReader, ShiftState
from posapp.ui.shift.words import difference_text, signed_text, since_text, sum_text
from posapp.ui.widgets.area import plain_area
from posapp.ui.widgets.banner import Banner, BannerTone
from posapp.ui.widgets.buttons import ButtonLook, primary_button, secondary_button
from posapp.ui.widgets.card import Card, SectionTitle
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.options import Option, OptionList
from posapp.ui.widgets.text import PlainLabel

_TOPICS = frozenset({Topic.SALES, Topic.ORDERS, Topic.QUEUE})
_GAP = 12


class ShiftPanel(QWidget):
    """Reads while it is in sight."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shiftPanel")
        self.setAccessibleName(self.tr("Shift"))
        self._ctx = ctx
        self.state: ShiftState | None = None
        self.acts = ShiftActs(ctx, self)
        self._reader = ShiftReader(ctx, self)
        self.elsewhere = Banner(BannerTone.ACCENT)
        self.elsewhere.setObjectName("shiftElsewhere")
        self.elsewhere.hide()
        self.drawer, self.takings, self.orders = DrawerCard(), TakingsCard(), OrdersCard()
        self._make_buttons()
        self._lay_out()
        self._reader.arrived.connect(self._put)
        self._reader.failed.connect(ctx.problem)
        self.acts.done.connect(self._reader.refresh)
        ctx.feed.changed.connect(self._heard)

    def _make_buttons(self) -> None:
        self.cash_in = secondary_button(self.tr("Cash in"), icon="plus-bold")
        self.cash_out = secondary_button(self.tr("Cash out"), icon="minus-bold")
        self.x_button = secondary_button(self.tr("X report"), icon="printer-fill", key="Ctrl+P")
        self.close_button = primary_button(self.tr("Count and close the shift"), icon="check-bold")
        for button, name in (
            (self.cash_in, "cashIn"), (self.cash_out, "cashOut"), (self.x_button, "xReport"),
            (self.close_button, "closeShift"),
        ):  # fmt: skip
            button.setObjectName(name)
        self.cash_in.clicked.connect(lambda: self._move(MoveKind.IN))
        self.cash_out.clicked.connect(lambda: self._move(MoveKind.OUT))
        self.x_button.clicked.connect(self.acts.x_report)
        self.close_button.clicked.connect(self._close)
        for button in (self.cash_in, self.cash_out, self.x_button):
            self.drawer.buttons.addWidget(button, 1)
        self.drawer.column.addWidget(self.close_button)
        self.drawer.column.addStretch(1)

    def _lay_out(self) -> None:
        self.empty = EmptyState(
            "money",
            self.tr("No shift is open at this counter"),
            self.tr("Open one with the change in the drawer; the sales then add up to a Z report."),
        )
        self.open_button = self.empty.add_action(
            self.tr("Open shift"), icon="plus-bold", look=ButtonLook.PRIMARY
        )
        self.open_button.setObjectName("openShift")
        self.open_button.clicked.connect(self._open)
        closed = Card()
        closed.column.addWidget(self.empty, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(closed)
        self.stack.addWidget(self._open_page())
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        row.addWidget(self.stack, 7)
        row.addWidget(self._history(), 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        column.addWidget(self.elsewhere)
        column.addLayout(row, 1)

    def _open_page(self) -> QWidget:
        right = QVBoxLayout()
        right.setSpacing(_GAP)
        right.addWidget(self.takings)
        right.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(_GAP)
        left.addWidget(self.drawer)
        left.addWidget(self.orders)
        left.addStretch(1)
        inner = QWidget()
        row = QHBoxLayout(inner)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        return plain_area(inner)

    def _history(self) -> QWidget:
        card = Card(padding=18)
        card.column.addWidget(SectionTitle(self.tr("Earlier shifts"), "", "clock-clockwise-bold"))
        self.list = OptionList(self.tr("Earlier shifts"))
        self.list.setObjectName("earlierShifts")
        self.list.chosen.connect(self._chosen)
        self.none = PlainLabel(self.tr("None has been closed yet."), px=13, tone="text2", wrap=True)
        card.column.addWidget(self.none)
        card.column.addWidget(self.list, 1)
        return card

    # --------------------------------------------------------------------------------------------- state

    def refresh(self) -> None:
        """Read how the shifts stand."""
        self._reader.refresh()

    def _heard(self, change: Change) -> None:
        if self.isVisible() and (change.topics & _TOPICS or change.foreign):
            self._reader.refresh()

    def _put(self, state: ShiftState) -> None:
        self.state = state
        now, zone = self._ctx.clock(), self._ctx.zone
        self.stack.setCurrentIndex(0 if state.shift is None else 1)
        if state.shift is not None and state.report is not None:
            words = self.tr("%1, %2").replace("%1", since_text(state.shift, now, zone))
            self.drawer.show_report(state.report, words.replace("%2", state.shift.opened_by))
            self.takings.show_report(state.report)
            self.orders.show_report(state.report)
        self._show_elsewhere(state)
        self.none.setVisible(not state.closed)
        self.list.put([self._option(each) for each in state.closed])

    def _show_elsewhere(self, state: ShiftState) -> None:
        now, zone = self._ctx.clock(), self._ctx.zone
        named = [f"{row.station} ({since_text(row, now, zone)})" for row in state.elsewhere]
        words = self.tr("Shifts at other stations: %1. Each is closed where its drawer is.")
        self.elsewhere.show_text(words.replace("%1", ", ".join(named)))
        self.elsewhere.setVisible(bool(named))

    def _option(self, each: ClosedShift) -> Option:
        now, zone = self._ctx.clock(), self._ctx.zone
        report = each.report
        when = clock_text(each.row.closed_at, now, zone) if each.row.closed_at else ""
        total = sum_text(report.figures.total, report.currency)
        gap = report.difference or Decimal(0)
        right = signed_text(gap, report.currency) if gap else difference_text(report)
        return Option(f"Z {each.row.number} · {when}", f"{each.row.station} · {total}", right, value=report)

    # ---------------------------------------------------------------------------------------------- acts

    def _chosen(self, option: Option) -> None:
        if isinstance(option.value, ShiftReport):
            self.acts.show_report(option.value)

    def _open(self) -> None:
        self.acts.open(self.state.usual_float if self.state is not None else "")

    def _move(self, kind: MoveKind) -> None:
        if self.state is not None and self.state.report is not None:
            self.acts.move_cash(kind, self.state.report)

    def _close(self) -> None:
        if self.state is not None and self.state.shift is not None:
            self.acts.close(self.state.shift)

    def print_current(self) -> None:
        """Make and show an X report, where a shift is open."""
        if self.state is not None and self.state.shift is not None:
            self.acts.x_report()
        else:
            self._ctx.message.emit(self.tr("No shift is open; an earlier Z is in the list"), None)
