"""Gives money back: all of it the way it came, or some pieces of some lines; always with a reason."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.errors import PosError, RefusedError
from posapp.domain.money import total_of
from posapp.domain.payment import Payment, full_refund, line_refund, refund
from posapp.domain.status import PaymentMethod
from posapp.services import payments
from posapp.services.payments import Took
from posapp.services.shop_payments import telling_shop
from posapp.storage.sales import SoldLine
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.fonts import MEDIUM
from posapp.ui.payment.account import AccountView
from posapp.ui.payment.reason import LONGEST
from posapp.ui.payment.tickets import also_paid
from posapp.ui.payment.words import sum_text
from posapp.ui.widgets.area import plain_area
from posapp.ui.widgets.buttons import ButtonLook
from posapp.ui.widgets.card import KeyValue
from posapp.ui.widgets.controls import Stepper
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.segmented import Segmented
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.words import payment_method_word

_OVER, _ALL, _LINES = "over", "all", "lines"
_ZERO = Decimal("0")
_LIST_HIGH = 220


class RefundDialog(Dialog):
    """Runs the refund itself and closes once it is on the disk; `done_with` gives the outcome."""

    done_with = Signal(object)  # Took

    def __init__(self, ctx: Context, view: AccountView, parent: QWidget) -> None:
        title = parent.tr("Give back money of %1").replace("%1", view.name)
        super().__init__(title, "", parent, icon="arrow-u-up-left-fill", tone="danger")
        self.setObjectName("refundDialog")
        self._ctx, self._view, self._busy = ctx, view, False
        self._steppers: list[tuple[SoldLine, Stepper]] = []
        choices = [(_ALL, self.tr("All of it"), ""), (_LINES, self.tr("Some items"), "")]
        if self._over > 0:
            choices.insert(0, (_OVER, self.tr("What is too much"), ""))
        self.kind = Segmented(self.tr("What is given back"), choices)
        self.kind.setObjectName("refundKind")
        self.kind.set_value(choices[0][0])
        self.method = Segmented(
            self.tr("How it is given back"),
            [
                (PaymentMethod.CASH.value, self.tr("In cash"), "money-fill"),
                (PaymentMethod.CARD.value, self.tr("To the card"), "credit-card-fill"),
            ],
        )
        self.method.setObjectName("refundMethod")
        self.method.set_value(PaymentMethod.CASH.value)
        self.edit = TextInput()
        self.edit.setObjectName("refundReason")
        self.edit.setMaxLength(LONGEST)
        self._reason = Field(self.tr("Reason"), self.edit, required=True)
        self.slip = TextInput()
        self.slip.setObjectName("refundSlip")
        self.slip.setMaxLength(LONGEST)
        self._slip = Field(self.tr("No. on the slip"), self.slip)
        self.sum = KeyValue(self.tr("To give back"), "", px=16, strong=True)
        self.how = PlainLabel("", px=13, tone="text2", wrap=True)
        self.problem = PlainLabel("", px=13, weight=MEDIUM, tone="danger_text", wrap=True)
        self.problem.setObjectName("refundProblem")
        asked = (self.kind, self._list(), self.method, self._reason, self._slip)
        for widget in (*asked, self.sum, self.how, self.problem):
            self.body.addWidget(widget)
        self.add_safe(self.tr("Keep the money"))
        self.act = self.add_action(self.tr("Give back"), look=ButtonLook.DANGER_OUTLINE)
        self.act.setObjectName("giveBackButton")
        self.kind.valueChanged.connect(self._changed)
        self.method.valueChanged.connect(self._changed)
        self.edit.textChanged.connect(self._changed)
        for edit in (self.edit, self.slip):
            edit.returnPressed.connect(self.accept)
        self._changed()

    def _list(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        for line in self._view.lines:
            left = self._view.left_of(line)
            if left > 0:
                column.addLayout(self._line(line, left))
        column.addStretch(1)
        self.area = plain_area(inside)
        self.area.setFixedHeight(min(_LIST_HIGH, inside.sizeHint().height() + 4))
        return self.area

    def _line(self, line: SoldLine, left: int) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        each = sum_text(line.total, self._view.account.currency)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(PlainLabel(line.title, weight=MEDIUM, elide=True))
        pieces = f"{left} × · {each}" if left == line.quantity else f"{left}/{line.quantity} × · {each}"
        words.addWidget(PlainLabel(pieces, px=13, tone="text2"))
        name = self.tr("How many of %1 are given back").replace("%1", line.title)
        stepper = Stepper(name, 0, 0, left)
        stepper.setObjectName(f"giveBack_{line.position}")
        stepper.valueChanged.connect(self._changed)
        self._steppers.append((line, stepper))
        row.addLayout(words, 1)
        row.addWidget(stepper)
        return row

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- what would be given back ----------------------------------------------------------------------

    @property
    def _over(self) -> Decimal:
        """Return what was paid beyond what the order comes to, as after an edit; 0 for nothing."""
        stands = self._view.account.balance
        return min(max(_ZERO, -stands.due), stands.refundable)

    @property
    def chosen(self) -> tuple[tuple[int, int], ...]:
        """Return the pieces that are given back, by the positions of their lines."""
        pairs = ((line.position, stepper.value()) for line, stepper in self._steppers)
        return tuple((position, count) for position, count in pairs if count)

    def _rows(self) -> tuple[Payment, ...]:
        """Return the rows that this would write; raise RefusedError as the service would."""
        view, step = self._view, self._ctx.config.sale_rules.cash_step
        found, currency = view.account, view.account.currency
        reason = self.edit.text().strip() or "-"
        if self.kind.value() == _ALL:
            return full_refund(found.payments, found.total, currency, reason=reason, cash_step=step)
        method, amount = PaymentMethod(self.method.value()), self._over
        if self.kind.value() == _LINES:
            amount = total_of(self._worth(line, stepper.value()) for line, stepper in self._steppers)
        row = refund(found.payments, found.total, amount, method, currency, reason=reason, cash_step=step)
        return (row,)

    def _worth(self, line: SoldLine, count: int) -> Decimal:
        gone = line.quantity - self._view.left_of(line)
        return line_refund(line.total, line.quantity, gone, count, self._view.account.currency)

    def _changed(self) -> None:
        by_line, whole = self.kind.value() == _LINES, self.kind.value() == _ALL
        self.area.setVisible(by_line)
        self.method.setVisible(not whole)
        currency = self._view.account.currency
        self._reason.set_error("")
        problem = ""
        rows: tuple[Payment, ...] = ()
        if not by_line or self.chosen:
            try:
                rows = self._rows()
            except RefusedError as error:
                problem = error.detail
        self.sum.show_pair(
            self.tr("To give back"), sum_text(-total_of(row.received for row in rows), currency)
        )
        parts = [
            f"{payment_method_word(row.method.value)} {sum_text(-row.received, currency)}" for row in rows
        ]
        self.how.setText(self.tr("The way it came: %1").replace("%1", ", ".join(parts)))
        self.how.setVisible(bool(parts) and whole)
        self._slip.setVisible(any(row.method is PaymentMethod.CARD for row in rows))
        self._say(problem)
        self.act.setEnabled(bool(rows) and not self._busy)
        self.adjustSize()

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    # -- the act ---------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Give back; the dialog closes when that is on the disk."""
        if self._busy or not self.act.isEnabled():
            return
        reason = self.edit.text().strip()
        if not reason:
            self._reason.set_error(self.tr("Say why, in a few words."))
            self.edit.setFocus()
            return
        ctx, found, chosen = self._ctx, self._view.account, self.chosen
        rules, who, kind = ctx.config.sale_rules, ctx.who, self.kind.value()
        over, slip = self._over if kind == _OVER else None, self.slip.text()
        method, also = PaymentMethod(self.method.value()), telling_shop(ctx.who, also_paid(ctx))
        self._busy = True
        self.act.setEnabled(False)

        def work() -> Took:
            if kind == _LINES:
                return payments.refund_lines(
                    ctx.store, found.pk, chosen, rules, who, reason=reason, method=method, reference=slip,
                    expected_version=found.version, also=also, origin=WINDOW_ORIGIN,
                )  # fmt: skip
            return payments.refund_order(
                ctx.store, found.pk, rules, who, reason=reason, amount=over, method=method, reference=slip,
                expected_version=found.version, also=also, origin=WINDOW_ORIGIN,
            )  # fmt: skip

        ctx.tasks.run(work, self._given, failed=self._failed, owner=self)

    def _given(self, took: Took) -> None:
        self.done_with.emit(took)
        super().accept()

    def _failed(self, error: PosError) -> None:
        self._busy = False
        self._changed()
        self._say(" ".join(part for part in (error.title, error.detail, error.remedy) if part))
        QTimer.singleShot(0, self, self.adjustSize)  # once the words have their lines
