"""Asks how much a courier hands in, and says at once what is missing."""

from __future__ import annotations

import re
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.money import parse_amount, round_money
from posapp.storage.dispatch import CourierRow
from posapp.ui.delivery.words import sum_text
from posapp.ui.fonts import SEMIBOLD
from posapp.ui.widgets.card import KeyValue
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.text import PlainLabel

_SPACES = re.compile(r"\s")


def typed_amount(text: str, currency: str) -> Decimal | None:
    """Return the amount that a person typed, such as "14 200" or "14200,50"; None if it is none."""
    plain = _SPACES.sub("", text).replace(",", ".")
    try:
        amount = parse_amount(plain)
    except ValueError:
        return None
    return amount if amount == round_money(amount, currency) else None


class CashDialog(Dialog):
    """Gives the amount that was handed in; it starts with what is due."""

    def __init__(self, courier: CourierRow, currency: str, parent: QWidget) -> None:
        title = parent.tr("Cash of %1").replace("%1", courier.name)
        text = parent.tr("Count all of it: what customers gave, and what is left of the change taken along.")
        super().__init__(title, text, parent, icon="money-fill", tone="accent")
        self.setObjectName("cashDialog")
        self.courier, self.currency = courier, currency
        self._due = courier.cash.get(currency, Decimal(0))
        change = courier.change.get(currency, Decimal(0))
        if change:
            sold = sum_text(self._due - change, currency)
            self.body.addWidget(KeyValue(self.tr("For the orders"), sold))
            self.body.addWidget(KeyValue(self.tr("Change taken along"), sum_text(change, currency)))
        self.body.addWidget(KeyValue(self.tr("Due"), sum_text(self._due, currency), px=15, strong=True))
        self.edit = TextInput(f"{self._due:f}")
        self.edit.setObjectName("cashAmount")
        self._field = Field(self.tr("Handed in"), self.edit)
        self.body.addWidget(self._field)
        self._verdict = PlainLabel("", weight=SEMIBOLD)
        self._verdict.setObjectName("cashVerdict")
        self.body.addWidget(self._verdict)
        self.add_safe(self.tr("Not now"))
        self._act = self.add_action(self.tr("Take cash"), key="Enter")
        self._act.setObjectName("takeCashButton")
        self.edit.textChanged.connect(self._judge)
        self.edit.returnPressed.connect(self.accept)
        self._judge()

    @property
    def amount(self) -> Decimal | None:
        """Return what was typed, None while it is no amount."""
        return typed_amount(self.edit.text(), self.currency)

    def accept(self) -> None:
        """Close with an amount only."""
        if self.amount is None:
            self._field.set_error(self.tr("Type a sum, such as 14200."))
            self.edit.setFocus()
            return
        super().accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit.selectAll()

    def _judge(self) -> None:
        self._field.set_error("")
        amount = self.amount
        if amount is None:
            self._verdict.setText("")
            return
        off = amount - self._due
        if not off:
            self._verdict.setText(self.tr("It is all there."))
        else:
            word = self.tr("%1 too much") if off > 0 else self.tr("%1 missing")
            self._verdict.setText(word.replace("%1", sum_text(abs(off), self.currency)))
        self._verdict.set_tone("ok_text" if not off else "warn_text" if off > 0 else "danger_text")
