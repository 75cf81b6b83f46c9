"""An order's account as the dialogs show it: what is due, what was paid and given back, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.domain.payment import Payment, PaymentKind, returned_quantities
from posapp.domain.status import Status
from posapp.services.payments import Account, account
from posapp.storage.sales import PaymentLine, SoldLine, payment_lines, sold_lines
from posapp.storage.store import Store
from posapp.ui.delegates.age import clock_text
from posapp.ui.payment.words import sum_text
from posapp.ui.words import payment_method_word

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class AccountView:
    """Everything about the money of one order."""

    account: Account
    payments: tuple[PaymentLine, ...]
    lines: tuple[SoldLine, ...]

    @property
    def open_due(self) -> Decimal | None:
        """Return what is to be taken, None when nothing is."""
        due = self.account.balance.due
        return due if due > 0 and self.account.status is not Status.CANCELLED else None

    @property
    def name(self) -> str:
        """Return how people call the order."""
        code = self.account.code
        return f"#{code}" if code.isdigit() else code

    def left_of(self, line: SoldLine) -> int:
        """Return how many pieces of a line were not given back."""
        rows = [each.payment for each in self.payments]
        return line.quantity - returned_quantities(rows).get(line.position, 0)


def read_account(store: Store, pk: int) -> AccountView:
    """Read the account of an order; raise UnknownOrderError when it does not exist."""
    with store.snapshot():
        return AccountView(account(store, pk), payment_lines(store, pk), sold_lines(store, pk))


def payment_title(payment: Payment, currency: str) -> str:
    """Return what a row is: "Cash 3 000 ₸", "Given back, card 500 ₸"."""
    method = payment_method_word(payment.method.value)
    amount = sum_text(abs(payment.received), currency)
    words = {
        PaymentKind.REFUND: translate("till", "Given back, %1 %2"),
        PaymentKind.REVERSAL: translate("till", "Taken back, %1 %2"),
    }
    text = words.get(payment.kind, "%1 %2")
    method = method.lower() if payment.kind in words else method
    return text.replace("%1", method).replace("%2", amount)


def payment_remark(line: PaymentLine, now: datetime, zone: ZoneInfo) -> str:
    """Return when it was, who took it, who paid, and why."""
    row, currency = line.payment, line.currency
    parts = [clock_text(line.at, now, zone), line.actor]
    if row.person:
        parts.append(translate("till", "person %1").replace("%1", row.person))
    if row.reference:
        parts.append(translate("till", "slip %1").replace("%1", row.reference))
    if row.change:
        text = translate("till", "gave %1, change %2").replace("%1", sum_text(row.tendered, currency))
        parts.append(text.replace("%2", sum_text(row.change, currency)))
    if row.tip:
        parts.append(translate("till", "tip %1").replace("%1", sum_text(row.tip, currency)))
    if row.rounding:
        rounded = sum_text(row.rounding, currency, sign=True)
        parts.append(translate("till", "rounding %1").replace("%1", rounded))
    if row.reason:
        parts.append(row.reason)
    return " · ".join(parts)


def can_reverse(line: PaymentLine, lines: tuple[PaymentLine, ...]) -> bool:
    """Tell whether a row was not taken back yet, and is not itself such a row."""
    taken_back = {each.payment.reverses for each in lines}
    return line.payment.kind is not PaymentKind.REVERSAL and line.payment.pk not in taken_back
