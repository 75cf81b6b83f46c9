"""The payments of an order: what is due is taken here, what was paid can be given or taken back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.money import total_of
from posapp.domain.payment import Tender
from posapp.services import payments
from posapp.services.payments import Took
from posapp.services.shop_payments import telling_shop
from posapp.storage.feed import Change
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.fonts import MEDIUM
from posapp.ui.payment.account import AccountView, read_account
from posapp.ui.payment.panel import PaymentPanel
from posapp.ui.payment.reason import ReasonDialog
from posapp.ui.payment.refund import RefundDialog
from posapp.ui.payment.rows import AccountSide
from posapp.ui.payment.settled import Settled, settled_words
from posapp.ui.payment.tickets import also_paid
from posapp.ui.payment.words import sum_text
from posapp.ui.widgets.buttons import Button, danger_button, secondary_button
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.text import PlainLabel

_WIDTH, _SIDE, _HIGH = 800, 336, 640
_OTHER = 120  # of the window's height: the title and the margins


class PaymentDialog(Dialog):
    """Opened with P on an order; it follows the order while it is open."""

    def __init__(self, ctx: Context, pk: int, parent: QWidget) -> None:
        super().__init__("", "", parent, icon="money-fill")
        self.setObjectName("paymentDialog")
        self._ctx, self._pk = ctx, pk
        self._view: AccountView | None = None
        self._told: Took | None = None
        window = parent.window()
        self.setFixedWidth(min(_WIDTH, window.width() - 48))
        self.set_title(self.tr("Payment"))
        self.problem = PlainLabel("", px=13, weight=MEDIUM, tone="danger_text", wrap=True)
        self.problem.setObjectName("paymentProblem")
        self.problem.hide()
        self.side = AccountSide()
        self.side.back_wanted.connect(self._ask_back)
        self.panel = PaymentPanel(ctx, at_once=True)
        self.panel.hint.hide()
        self.panel.take_wanted.connect(self._take)
        self.settled = Settled()
        self.settled.close_button.clicked.connect(self.reject)
        self._right = QStackedWidget()
        self._right.addWidget(self.panel)
        self._right.addWidget(self.settled)
        self._right.setFixedWidth(_SIDE)
        self._lay_out(min(_HIGH, window.height() - _OTHER))
        ctx.feed.changed.connect(self._heard)
        ctx.tasks.crashed.connect(self._crashed)
        self._ask()

    def _lay_out(self, high: int) -> None:
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.problem)
        left.addWidget(self.side, 1)
        left.addLayout(self._acts())
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addLayout(left, 1)
        row.addWidget(self._right)
        self._right.setFixedHeight(high)
        self.body.addLayout(row)

    def _acts(self) -> QHBoxLayout:
        self.close_button: Button = secondary_button(self.tr("Close"), key="Esc")
        self.close_button.setObjectName("closePaymentButton")
        self.close_button.clicked.connect(self.reject)
        self.receipt_button: Button = secondary_button(self.tr("Receipt…"))
        self.receipt_button.setObjectName("receiptButton")
        self.receipt_button.clicked.connect(lambda: self._leave(self._ctx.print_wanted.emit))
        self.refund_button: Button = danger_button(self.tr("Give back…"))
        self.refund_button.setObjectName("refundButton")
        self.refund_button.clicked.connect(self._ask_refund)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(self.close_button)
        acts.addWidget(self.receipt_button)
        acts.addStretch(1)
        acts.addWidget(self.refund_button)
        return acts

    @property
    def view(self) -> AccountView | None:
        """Return what is shown."""
        return self._view

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._right.currentWidget() is self.panel and self.panel.handle_key(event):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return  # no button of a dialog is pressed by chance
        super().keyPressEvent(event)

    # -- what it shows ---------------------------------------------------------------------------------

    def _heard(self, change: Change) -> None:
        if self._pk in change.orders or change.foreign:
            self._ask()

    def _ask(self) -> None:
        store, pk = self._ctx.store, self._pk
        self._ctx.tasks.run(lambda: read_account(store, pk), self._read, failed=self._failed, owner=self)

    def _read(self, view: AccountView) -> None:
        first = self._view is None
        if view == self._view:
            return
        self._view = view
        title = self.tr("Payment of %1").replace("%1", view.name)
        self.set_title(title)
        self.side.show_account(view, self._ctx.clock(), self._ctx.zone)
        self.refund_button.setVisible(view.account.balance.refundable > 0)
        due = view.open_due
        if not self.panel.busy:
            self.panel.put_due(due, view.account.currency)
        if due is None and self._told is None:
            self.settled.show_words(*settled_words(view))
        if due is not None:
            self._told = None
        side = self.settled if due is None else self.panel
        if first or side is not self._right.currentWidget():
            self._right.setCurrentWidget(side)
            self._focus()

    def _focus(self) -> None:
        if self._right.currentWidget() is self.panel:
            self.panel.focus_amount()
        else:
            self.settled.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- taking ----------------------------------------------------------------------------------------

    def _take(self, tenders: tuple[Tender, ...]) -> None:
        view, ctx, pk = self._view, self._ctx, self._pk
        if view is None or not tenders:
            self.panel.set_busy(False)
            return
        self.panel.set_busy(True)
        self._say("")
        rules, who, also = ctx.config.sale_rules, ctx.who, also_paid(ctx)
        version = view.account.version

        def work() -> tuple[Took, AccountView]:
            took = payments.pay(
                ctx.store,
                pk,
                tenders,
                rules,
                who,
                expected_version=version,
                also=telling_shop(who, also),
                origin=WINDOW_ORIGIN,
            )
            return took, read_account(ctx.store, pk)

        ctx.tasks.run(work, self._taken, failed=self._not_taken, owner=self)

    def _taken(self, outcome: tuple[Took, AccountView]) -> None:
        took, view = outcome
        due = view.open_due
        self.panel.put_due(due, view.account.currency)
        self.panel.set_busy(False)
        if due is None:
            self._told = took
            change = sum_text(took.change, view.account.currency) if took.change else ""
            self.settled.show_words(self.tr("Paid in full"), "", change)
        self._read(view)
        self._focus()

    def _not_taken(self, error: PosError) -> None:
        self.panel.show_problem(error)
        self._ask()

    def _crashed(self, _error: BaseException) -> None:
        self.panel.set_busy(False)
        self._ask()

    # -- giving and taking back ------------------------------------------------------------------------

    def _ask_refund(self) -> None:
        if self._view is None:
            return
        dialog = RefundDialog(self._ctx, self._view, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.done_with.connect(self._gave_back)
        dialog.open()

    def _gave_back(self, took: Took) -> None:
        currency = self._view.account.currency if self._view is not None else ""
        amount = sum_text(-total_of(row.received for row in took.payments), currency)
        self._ctx.message.emit(self.tr("%1 given back").replace("%1", amount), None)
        self._told = None
        self._ask()

    def _ask_back(self, payment_pk: int, typed: str = "") -> None:
        title = self.tr("Take this payment back?")
        text = self.tr("For a mistake: it stays in the list, and a row of its own takes it back.")
        dialog = ReasonDialog(
            *(title, text, self.tr("Take back"), self),
            icon="arrow-u-up-left-fill",
            danger=True,
            typed=typed,
        )

        def accepted() -> None:
            reason = dialog.reason
            with self._ctx.tasks.if_left(lambda: self._ask_back(payment_pk, reason)):
                self._reverse(payment_pk, reason)

        dialog.accepted.connect(accepted)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _reverse(self, payment_pk: int, reason: str) -> None:
        ctx, pk = self._ctx, self._pk
        rules, who, also = ctx.config.sale_rules, ctx.who, also_paid(ctx)
        self._say("")
        self._told = None

        def work() -> Took:
            return payments.reverse(
                ctx.store,
                pk,
                payment_pk,
                rules,
                who,
                reason=reason,
                also=telling_shop(who, also),
                origin=WINDOW_ORIGIN,
            )

        ctx.tasks.run(work, lambda _took: self._ask(), failed=self._failed, owner=self)

    # -- the rest --------------------------------------------------------------------------------------

    def _failed(self, error: PosError) -> None:
        self._say(" ".join(part for part in (error.title, error.detail, error.remedy) if part))
        if self._view is not None:
            self._ask()

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _leave(self, then: Callable[[int], None]) -> None:
        self.reject()
        then(self._pk)
