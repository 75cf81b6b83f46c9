"""Opening a shift, and cash in or out: an amount by keys or touch, and a reason."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.shift import MoveKind
from posapp.ui.delivery.cashdialog import typed_amount
from posapp.ui.payment.pad import Keypad
from posapp.ui.shift.words import cents, sum_text
from posapp.ui.widgets.buttons import Button, secondary_button
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.text import PlainLabel

_PAD_WIDE = 250


class AskDialog(Dialog):
    """Asks, lets the act be done while it is open, and closes when that was done; errors stay in place."""

    asked = Signal()

    def __init__(self, title: str, text: str, parent: QWidget, icon: str) -> None:
        super().__init__(title, text, parent, icon=icon)
        self._busy = False
        self.fields: dict[str, Field] = {}
        self._trouble = PlainLabel("", px=13, tone="danger_text", wrap=True)
        self._trouble.setObjectName("askTrouble")
        self._trouble.hide()

    @property
    def trouble(self) -> str:
        """Return what was refused, apart from what stands at the fields."""
        return self._trouble.text()

    def accept(self) -> None:
        """Ask for the act, once."""
        if not self._busy and self.check():
            self._busy = True
            self.show_errors({}, "")
            self.asked.emit()

    def check(self) -> bool:
        """Tell whether everything is there; say what is missing."""
        return True

    def take_enter(self, edit: TextInput) -> None:
        """Let Enter in a field act, but never one that is held down since before."""
        edit.installEventFilter(self)
        edit.returnPressed.connect(self.accept)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.isAutoRepeat():
            return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        return super().eventFilter(watched, event)

    def done_well(self) -> None:
        """Close: the act is on the disk."""
        super().accept()

    def refuse(self, error: PosError) -> None:
        """Say what is wrong, at its field where there is one."""
        self._busy = False
        mine = {name: words for name, words in error.fields.items() if name in self.fields}
        at_fields = bool(mine) and not error.detail
        self.show_errors(mine, "" if at_fields and len(mine) == len(error.fields) else str(error))

    def show_errors(self, errors: Mapping[str, str], sentence: str) -> None:
        """Show sentences at their fields, and one below."""
        for name, field in self.fields.items():
            field.set_error(errors.get(name, ""))
        self._trouble.setText(sentence)
        self._trouble.setVisible(bool(sentence))
        first = next((self.fields[name].editor for name in errors), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)


class AmountDialog(AskDialog):
    """Asks for an amount with a keypad beside it."""

    def __init__(self, title: str, text: str, currency: str, parent: QWidget, icon: str) -> None:
        super().__init__(title, text, parent, icon)
        self.currency = currency
        self.amount_edit = TextInput()
        self.amount_edit.setObjectName("shiftAmount")
        self.pad = Keypad()
        self.pad.set_cents(cents=cents(currency))
        self.pad.setFixedWidth(_PAD_WIDE)
        self.pad.typed.connect(self.amount_edit.insert)
        self.pad.back.connect(self.amount_edit.backspace)
        self.pad.cleared.connect(self.amount_edit.clear)
        self.side = QVBoxLayout()
        self.side.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(self.side, 1)
        row.addWidget(self.pad, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self.body.addWidget(self._trouble)
        self.take_enter(self.amount_edit)
        self.amount_edit.textChanged.connect(self._typed)
        self.said = PlainLabel("", px=15, weight=600)
        self.said.setObjectName("shiftAmountSaid")

    @property
    def amount(self) -> Decimal | None:
        """Return what was typed, None while it is no amount."""
        return typed_amount(self.amount_edit.text(), self.currency)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.amount_edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.amount_edit.selectAll()

    def _typed(self) -> None:
        amount = self.amount
        self.said.setText(sum_text(amount, self.currency) if amount is not None else "")
        for field in self.fields.values():
            field.set_error("")


class OpenDialog(AmountDialog):
    """Opens the drawer with what is in it."""

    def __init__(self, currency: str, usual: str, parent: QWidget) -> None:
        title = parent.tr("Open the shift")
        text = parent.tr("Count the change that is in the drawer. It is no sale.")
        super().__init__(title, text, currency, parent, "money-fill")
        self.setObjectName("openShiftDialog")
        self.fields["opening_float"] = Field(self.tr("In the drawer"), self.amount_edit)
        self.side.addWidget(self.fields["opening_float"])
        self.side.addWidget(self.said)
        self.side.addStretch(1)
        self.add_safe(self.tr("Not now"))
        self.add_action(self.tr("Open shift"), key="Enter").setObjectName("openShiftNow")
        self.amount_edit.setText(usual or "0")

    def check(self) -> bool:
        """Tell whether an amount was typed."""
        if self.amount is None:
            self.show_errors({"opening_float": self.tr("Type a sum, such as 10000.")}, "")
        return self.amount is not None


class MoveDialog(AmountDialog):
    """Notes cash that goes in or out beside the sales."""

    def __init__(self, kind: MoveKind, currency: str, expected: Decimal, parent: QWidget) -> None:
        into = kind is MoveKind.IN
        title = parent.tr("Cash in") if into else parent.tr("Cash out")
        text = parent.tr("Cash that goes into the drawer beside the sales.")
        if not into:
            text = parent.tr("Cash that leaves the drawer beside refunds. %1 should be in it.")
            text = text.replace("%1", sum_text(expected, currency))
        super().__init__(title, text, currency, parent, "money-fill")
        self.setObjectName("cashMoveDialog")
        self.kind, self._expected = kind, expected
        self.reason = TextInput()
        self.reason.setObjectName("shiftReason")
        self.reason.setMaxLength(200)
        self.take_enter(self.reason)
        self.fields["amount"] = Field(self.tr("Amount"), self.amount_edit)
        self.fields["reason"] = Field(self.tr("What for"), self.reason)
        for field in self.fields.values():
            self.side.addWidget(field)
        self.side.addWidget(self.said)
        self.side.addStretch(1)
        quick = QHBoxLayout()
        quick.setSpacing(8)
        for words in self._usual():
            quick.addWidget(self._quick(words), 1)
        self.body.insertLayout(1, quick)
        self.add_safe(self.tr("Not now"))
        words = self.tr("Put in") if into else self.tr("Take out")
        self._act = self.add_action(words, key="Enter")
        self._act.setObjectName("moveCashNow")

    def _usual(self) -> tuple[str, ...]:
        if self.kind is MoveKind.IN:
            return (self.tr("Change from the bank"),)
        return (self.tr("To the bank"), self.tr("Supplier paid"))

    def _quick(self, words: str) -> Button:
        button = secondary_button(words)
        button.setObjectName(f"reason_{words}")
        button.clicked.connect(lambda: self._take_reason(words))
        return button

    def _take_reason(self, words: str) -> None:
        """Write a reason, and go on to what is missing, or to the act."""
        self.reason.setText(words)
        self.fields["reason"].set_error("")
        goal = self._act if self.amount else self.amount_edit
        goal.setFocus(Qt.FocusReason.OtherFocusReason)

    def check(self) -> bool:
        """Tell whether there is an amount and a reason."""
        wrong = {}
        if not self.amount:
            wrong["amount"] = self.tr("Type a sum, such as 5000.")
        if not self.reason.text().strip():
            wrong["reason"] = self.tr("Say what for.")
        if wrong:
            self.show_errors(wrong, "")
        return not wrong
