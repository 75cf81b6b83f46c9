"""The left side of the payment dialog: the account, and its payments one by one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.payment import PaymentKind
from posapp.domain.status import PaymentMethod
from posapp.storage.sales import PaymentLine
from posapp.ui.detail.cards import clear_layout, put
from posapp.ui.fonts import SEMIBOLD
from posapp.ui.payment.account import AccountView, can_reverse, payment_remark, payment_title
from posapp.ui.payment.words import sum_text
from posapp.ui.widgets.area import plain_area
from posapp.ui.widgets.buttons import quiet_button
from posapp.ui.widgets.card import Divider, Icon, KeyValue
from posapp.ui.widgets.chip import SMALL, Chip, ChipTone
from posapp.ui.widgets.text import PlainLabel


class PaymentRow(QWidget):
    """One payment; `back_wanted` gives its key."""

    back_wanted = Signal(int)

    def __init__(self, line: PaymentLine, view: AccountView, now: datetime, zone: ZoneInfo) -> None:
        super().__init__()
        row = line.payment
        self.setObjectName(f"payment_{row.pk}")
        gone = row.kind is not PaymentKind.REVERSAL and not can_reverse(line, view.payments)
        title = payment_title(row, line.currency)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(PlainLabel(title, weight=SEMIBOLD, tone="text3" if gone else "text"))
        if gone:
            head.addWidget(Chip(self.tr("Taken back"), tone=ChipTone.NEUTRAL, size=SMALL))
        head.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(head)
        words.addWidget(PlainLabel(payment_remark(line, now, zone), px=13, tone="text2", wrap=True))
        icon = "money" if row.method is PaymentMethod.CASH else "credit-card"
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 8, 4, 8)
        whole.setSpacing(10)
        whole.addWidget(Icon(icon), 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(words, 1)
        if can_reverse(line, view.payments):
            back = quiet_button(self.tr("Take back…"), height=36)
            back.setObjectName("takeBackButton")
            back.setAccessibleName(self.tr("Take back: %1").replace("%1", title))
            back.clicked.connect(lambda: self.back_wanted.emit(row.pk))
            whole.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)


class AccountSide(QWidget):
    """What the order comes to, what was paid, and each payment; all but the sums scrolls."""

    back_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sums = QVBoxLayout()
        self._sums.setSpacing(6)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._rows)
        column.addStretch(1)
        area = plain_area(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(self._sums)
        whole.addWidget(Divider())
        whole.addWidget(area, 1)

    def show_account(self, view: AccountView, now: datetime, zone: ZoneInfo) -> None:
        """Show an order's account."""
        clear_layout(self._sums)
        clear_layout(self._rows)
        stands, currency = view.account.balance, view.account.currency
        pairs = [(self.tr("Total"), stands.total)]
        if stands.paid:
            pairs.append((self.tr("Paid"), stands.paid))
        if stands.refunded:
            pairs.append((self.tr("Given back"), -stands.refunded))
        for name, amount in ((self.tr("Rounding"), stands.rounding), (self.tr("Tips"), stands.tips)):
            if amount:
                pairs.append((name, amount))
        for name, amount in pairs:
            put(self._sums, KeyValue(name, sum_text(amount, currency), px=14))
        due = stands.due
        name = self.tr("To give back") if due < 0 else self.tr("Still to pay")
        tone = "warn_text" if due > 0 else "danger_text" if due < 0 else "ok_text"
        value = KeyValue(name, sum_text(abs(due), currency), px=20, strong=True, tone=tone)
        value.setObjectName("accountDue")
        put(self._sums, value)
        for number, line in enumerate(view.payments):
            if number:
                put(self._rows, Divider())
            row = PaymentRow(line, view, now, zone)
            row.back_wanted.connect(self.back_wanted)
            put(self._rows, row)
        if not view.payments:
            put(self._rows, PlainLabel(self.tr("Nothing was paid yet."), tone="text2"))
