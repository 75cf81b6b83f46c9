"""The count that closes a shift: by notes and coins or as one sum, against what should be there."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from posapp.domain.people import Right
from posapp.domain.shift import Counted, ShiftReport, denominations
from posapp.services.shifts import right_to_close
from posapp.ui.delivery.cashdialog import typed_amount
from posapp.ui.fonts import MEDIUM, SEMIBOLD
from posapp.ui.shift.dialogs import AskDialog
from posapp.ui.shift.words import custody_text, pieces_text, sum_text
from posapp.ui.widgets.banner import Banner, BannerTone
from posapp.ui.widgets.card import Divider, KeyValue
from posapp.ui.widgets.controls import Stepper
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.segmented import Segmented
from posapp.ui.widgets.text import PlainLabel

_WIDTH, _MOST = 860, 9999
PIECES, SUM = "pieces", "sum"


class PiecesStepper(Stepper):
    """Marks its number whenever it is entered, so that figures replace the nought and do not join it."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # After a click has put the cursor somewhere.
        QTimer.singleShot(0, self, self.selectAll)


class CountDialog(AskDialog):
    """Sums up as one counts; over, short and a gap in the orders have to be explained.

    `ask_manager`: a manager is asked for by name, where nobody signs in; `limit` as `close_shift` takes it.
    """

    def __init__(self, report: ShiftReport, parent: QWidget, *, ask_manager: bool, limit: Decimal) -> None:
        title = parent.tr("Close shift %1").replace("%1", str(report.shift))
        text = parent.tr("Count the drawer. The Z report cannot be changed afterwards.")
        super().__init__(title, text, parent, "money-fill")
        self.setObjectName("countDialog")
        self.report = report
        self.setFixedWidth(min(_WIDTH, parent.window().width() - 48))
        self._rows: list[tuple[Decimal, PiecesStepper]] = []
        self.way = Segmented(
            self.tr("How to count"),
            ((PIECES, self.tr("Notes and coins"), ""), (SUM, self.tr("Only the sum"), "")),
        )
        self.way.setObjectName("countWay")
        self.way.set_value(PIECES)
        self.sum_edit = TextInput()
        self.sum_edit.setObjectName("countSum")
        self.reason = TextInput()
        self.reason.setObjectName("countReason")
        self.reason.setMaxLength(200)
        self.manager = TextInput()
        self.manager.setObjectName("countManager")
        self._may_ask, self._limit = ask_manager, limit
        self._lay_out()
        self.add_safe(self.tr("Not yet"))
        self.add_action(self.tr("Close shift")).setObjectName("closeShiftNow")
        self._connect()
        self._sum_up()

    # ------------------------------------------------------------------------------------------- layout

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.way)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._pieces())
        self.stack.addWidget(self._only_sum())
        left.addWidget(self.stack, 1)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(left, 3)
        row.addLayout(self._right(), 2)
        self.body.addLayout(row)

    def _pieces(self) -> QWidget:
        page, grid = QWidget(), QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(5)
        values = denominations(self.report.currency)
        half = -(-len(values) // 2)
        for number, value in enumerate(values):
            name = pieces_text(value, self.report.currency)
            stepper = PiecesStepper(self.tr("Pieces of %1").replace("%1", name), 0, 0, _MOST)
            stepper.setObjectName(f"pieces_{value:f}")
            place, column = number % half, 3 * (number // half)
            grid.addWidget(PlainLabel(name, weight=MEDIUM), place, column)
            grid.addWidget(stepper, place, column + 1)
            self._rows.append((value, stepper))
        grid.setColumnMinimumWidth(2, 16)
        grid.setColumnStretch(5, 1)
        grid.setRowStretch(half, 1)
        page.setLayout(grid)
        return page

    def _only_sum(self) -> QWidget:
        page, column = QWidget(), QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        self.fields["counted"] = Field(self.tr("In the drawer"), self.sum_edit)
        column.addWidget(self.fields["counted"])
        column.addStretch(1)
        page.setLayout(column)
        return page

    def _right(self) -> QVBoxLayout:
        code, report = self.report.currency, self.report
        self.expected = KeyValue(self.tr("Expected"), sum_text(report.expected_cash, code), px=15)
        self.counted_row = KeyValue(self.tr("Counted"), "", px=15, strong=True)
        self.verdict = PlainLabel("", px=16, weight=SEMIBOLD)
        self.verdict.setObjectName("countVerdict")
        self.custody = Banner(BannerTone.OK if report.custody.is_sound else BannerTone.DANGER)
        self.custody.setObjectName("countCustody")
        self.custody.show_text(custody_text(report.custody))
        self.fields["reason"] = Field(self.tr("Reason"), self.reason)
        self.agree = PlainLabel("", px=13, tone="text2", wrap=True)
        self.agree.setObjectName("countAgree")
        self.fields["manager"] = Field(self.tr("Manager"), self.manager)
        column = QVBoxLayout()
        column.setSpacing(10)
        for widget in (self.expected, self.counted_row, Divider(), self.verdict, self.custody):
            column.addWidget(widget)
        column.addWidget(self._queue_row())
        column.addWidget(self.fields["reason"])
        column.addWidget(self.agree)
        column.addWidget(self.fields["manager"])
        column.addWidget(self._trouble)
        column.addStretch(1)
        return column

    def _queue_row(self) -> KeyValue:
        waiting, people = self.report.queue_waiting, self.report.queue_attention
        text = str(waiting) if not people else self.tr("%1, %2 need a person")
        text = text.replace("%1", str(waiting)).replace("%2", str(people))
        return KeyValue(self.tr("Changes on their way to shops"), text, wrap=True)

    def _connect(self) -> None:
        for _, stepper in self._rows:
            stepper.valueChanged.connect(self._sum_up)
        self.sum_edit.textChanged.connect(self._sum_up)
        for edit in (self.sum_edit, self.reason, self.manager):
            self.take_enter(edit)
        self.way.valueChanged.connect(self._go)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._rows[0][1].setFocus(Qt.FocusReason.OtherFocusReason)
        self._rows[0][1].selectAll()

    def follow(self, report: ShiftReport) -> None:
        """Take what was sold, paid out and changed while somebody counts."""
        if report.expected_cash == self.report.expected_cash and report.custody == self.report.custody:
            return
        self.report = report
        code = report.currency
        self.expected.show_pair(self.tr("Expected"), sum_text(report.expected_cash, code))
        self.custody.show_text(
            custody_text(report.custody), tone=BannerTone.OK if report.custody.is_sound else BannerTone.DANGER
        )
        self._sum_up()

    # -------------------------------------------------------------------------------------------- count

    def _go(self, way: str) -> None:
        self.stack.setCurrentIndex(0 if way == PIECES else 1)
        (self._rows[0][1] if way == PIECES else self.sum_edit).setFocus(Qt.FocusReason.OtherFocusReason)
        self._sum_up()

    @property
    def counted(self) -> Counted | None:
        """Return the count, None while it is none."""
        if self.way.value() == PIECES:
            pieces = tuple((value, stepper.value()) for value, stepper in self._rows if stepper.value())
            return Counted(pieces)
        amount = typed_amount(self.sum_edit.text(), self.report.currency)
        return None if amount is None else Counted(sum=amount)

    @property
    def gap(self) -> Decimal | None:
        """Return what is over, or below zero short."""
        counted = self.counted
        return None if counted is None else counted.total - self.report.expected_cash

    @property
    def _needed(self) -> Right | None:
        """Return what a manager has to agree to."""
        return right_to_close(self.report, self.gap or Decimal(0), self._limit)

    def _ask_manager(self, needed: Right | None) -> None:
        words = self.tr("A manager has to agree to the gap in the orders.")
        if needed is Right.BIG_DIFFERENCE:
            words = self.tr("A manager has to agree: it is more than %1.")
            words = words.replace("%1", sum_text(self._limit, self.report.currency))
        self.agree.setText(words)
        self.agree.setVisible(needed is not None)
        self.fields["manager"].setVisible(self._may_ask and needed is not None)

    def _sum_up(self) -> None:
        code, counted, gap = self.report.currency, self.counted, self.gap
        self.counted_row.show_pair(self.tr("Counted"), sum_text(counted.total, code) if counted else "–")
        self.show_errors({}, "")
        # Before the first note is counted, all of it is missing.
        begun = counted is not None and bool(counted.total)
        self._ask_manager(self._needed if begun or not self.report.custody.is_sound else None)
        if gap is None:
            self.verdict.setText("")
            return
        words = self.tr("%1 over") if gap > 0 else self.tr("%1 short") if gap < 0 else self.tr("It is exact.")
        self.verdict.setText(words.replace("%1", sum_text(abs(gap), code)))
        self.verdict.set_tone("ok_text" if not gap else "warn_text" if gap > 0 else "danger_text")

    def check(self) -> bool:
        """Tell whether there is a count, and a reason where one is needed."""
        if self.counted is None:
            self.show_errors({"counted": self.tr("Type a sum, such as 42000.")}, "")
            return False
        if (self.gap or not self.report.custody.is_sound) and not self.reason.text().strip():
            self.show_errors({"reason": self.tr("Say why. Or count again.")}, "")
            return False
        needed = self._needed
        if needed is not None and self._may_ask and not self.manager.text().strip():
            self._ask_manager(needed)
            self.show_errors({"manager": self.tr("A manager has to agree.")}, "")
            return False
        return True
