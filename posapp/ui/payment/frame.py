"""The payment panel as it looks: its parts and their places; what they do is in `panel`."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from posapp.ui.fonts import MEDIUM
from posapp.ui.payment.faces import AmountField, ChangeBox
from posapp.ui.payment.pad import Keypad, QuickCash, TakeButton
from posapp.ui.payment.till import Till, Way
from posapp.ui.payment.words import part_words, sum_text
from posapp.ui.widgets.area import plain_area
from posapp.ui.widgets.buttons import quiet_button
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.segmented import Segmented
from posapp.ui.widgets.text import PlainLabel

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ReferenceInput(TextInput):
    """The number on the terminal's slip; Enter means that the payment is to be taken."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            event.accept()
            if not event.isAutoRepeat():
                self.entered.emit()
            return
        super().keyPressEvent(event)


class PanelFrame(QWidget):
    """The parts from top to bottom; what is to be given back and the button never scroll away."""

    def __init__(self, parent: QWidget | None = None, *, later: bool) -> None:
        super().__init__(parent)
        self.setObjectName("paymentPanel")
        self.setAccessibleName(self.tr("Payment"))
        ways = [
            (Way.CASH.value, self.tr("Cash"), "money-fill"),
            (Way.CARD.value, self.tr("Card"), "credit-card-fill"),
            (Way.LATER.value, self.tr("Pay later"), "hourglass-fill"),
        ]
        self.ways = Segmented(self.tr("How it is paid"), ways if later else ways[:2], tight=True)
        self.ways.setObjectName("paymentWays")
        self.label = PlainLabel("", px=13, weight=MEDIUM, tone="text2", elide=True)
        self.remark = PlainLabel("", px=12, tone="text2")
        self.remark.setObjectName("amountRemark")
        self.amount, self.quick, self.pad = AmountField(), QuickCash(), Keypad()
        self.box, self.take_button = ChangeBox(), TakeButton()
        self.reference = ReferenceInput()
        self.reference.setObjectName("cardReference")
        self.reference.setMaxLength(200)
        self.reference.setAccessibleName(self.tr("Number on the slip, may be left empty"))
        self.split_button = quiet_button(self.tr("Split"), icon="users")
        self.split_button.setObjectName("splitButton")
        self.tip_button = quiet_button(self.tr("Tip"), icon="plus-circle-fill")
        self.tip_button.setObjectName("tipButton")
        self.over_button = quiet_button(self.tr("Start over"), icon="arrow-u-up-left")
        self.over_button.setObjectName("startOverButton")
        self.parts = PlainLabel("", px=13, weight=MEDIUM, tone="text2", wrap=True)
        self.parts.setObjectName("paymentParts")
        self.hint = PlainLabel("", px=12, tone="text2", elide=True)
        self.hint.setObjectName("paymentHint")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._lay_out()

    def _lay_out(self) -> None:
        self._middle = QStackedWidget()
        self._middle.addWidget(self._inputs())
        words = self.tr("The order is saved and goes to the kitchen. Take the money any time: P on Orders.")
        self._middle.addWidget(EmptyState("hourglass", self.tr("Paid later"), words))
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.ways)
        column.addWidget(self._middle, 1)
        area = plain_area(top)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(10)
        whole.addWidget(area, 1)
        whole.addWidget(self.box)
        whole.addWidget(self.take_button)
        whole.addWidget(self.hint)

    def _inputs(self) -> QWidget:
        labels = QHBoxLayout()
        labels.setSpacing(8)
        labels.addWidget(self.label, 1)
        labels.addWidget(self.remark)
        self._slip = QWidget()
        slip = QHBoxLayout(self._slip)
        slip.setContentsMargins(0, 0, 0, 0)
        slip.setSpacing(10)
        name = PlainLabel(self.tr("No. on the slip"), px=13, weight=MEDIUM, tone="text2")
        name.setBuddy(self.reference)
        slip.addWidget(name)
        slip.addWidget(self.reference, 1)
        self._row = QStackedWidget()
        self._row.addWidget(self.quick)
        self._row.addWidget(self._slip)
        parts = QHBoxLayout()
        parts.setSpacing(6)
        parts.addWidget(self.parts, 1)
        parts.addWidget(self.over_button)
        parts.addStretch()
        parts.addWidget(self.tip_button)
        parts.addWidget(self.split_button)
        inputs = QWidget()
        column = QVBoxLayout(inputs)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        field = QVBoxLayout()
        field.setSpacing(4)
        field.addLayout(labels)
        field.addWidget(self.amount)
        column.addLayout(field)
        column.addWidget(self._row)
        column.addWidget(self.pad)
        column.addLayout(parts)
        column.addStretch(1)
        return inputs

    def put_way(self, way: Way) -> None:
        """Show what the way of paying needs."""
        self.ways.set_value(way.value)
        self._middle.setCurrentIndex(1 if way is Way.LATER else 0)
        self._row.setCurrentIndex(1 if way is Way.CARD else 0)

    def put_open(self, *, open_: bool, waits: bool) -> None:
        """Let people act, or not."""
        self.ways.setEnabled(open_)
        for part in (self.amount, self.quick, self.pad, self.split_button, self.tip_button):
            part.setEnabled(open_)
        # A field that is disabled loses the hand: while a payment is on its way, it only refuses to change.
        self.reference.setReadOnly(not open_)
        if waits:
            self.over_button.hide()

    def put_labels(self, name: str, remark: str) -> None:
        """Say what the amount is."""
        self.label.setText(name)
        self.remark.setText(remark)

    def put_parts(self, till: Till, *, tips: bool, none: bool) -> None:
        """Say what is held or shared, and offer what can be done about it."""
        several = bool(till.taken or till.shares)
        taken = " + ".join(part_words(part, till.currency) for part in till.taken)
        texts = [self.tr("Taken: %1").replace("%1", taken)] if till.taken else []
        if till.shares:
            texts.append(self.tr("%1 to go").replace("%1", sum_text(till.rest, till.currency)))
        self.parts.setText(" · ".join(texts))
        self.parts.setVisible(bool(texts))
        self.over_button.setVisible(several)
        self.tip_button.setVisible(tips and not several)
        tip = self.tr("Tip %1").replace("%1", sum_text(till.tip, till.currency))
        self.tip_button.setText(self.tr("Amount") if till.tipping else tip if till.tip else self.tr("Tip"))
        self.split_button.setVisible(not several and not none)
