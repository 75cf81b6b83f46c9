"""Takes something off, of a line or of the whole: a percentage or an amount, with its reason or its promo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from posapp.domain.discount import LONGEST_REASON, Discount, DiscountKind, discount_problem
from posapp.domain.money import currency_of, round_money
from posapp.domain.promo import Promo
from posapp.ui.delivery.cashdialog import typed_amount
from posapp.ui.theme import current_theme
from posapp.ui.till.fit import fit_soon
from posapp.ui.till.promolist import promo_buttons
from posapp.ui.till.words import plain_number, say
from posapp.ui.widgets.buttons import secondary_button
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.segmented import Segmented

_PLACEHOLDER = "x"
_LARGE = 1.1  # the scale of text from which four reasons need two rows
_HUNDREDTHS = "XXX"  # an unknown currency counts in hundredths, as percentages do


class DiscountDialog(Dialog):
    """`discount` is the result; None when it is to be taken off."""

    def __init__(
        self,
        title: str,
        before: Discount | None,
        currency: str,
        parent: QWidget,
        promos: Sequence[Promo] = (),
    ) -> None:
        words = parent.tr("Reports and the receipt show the reason.")
        super().__init__(title, words, parent, icon="tag-fill")
        self.setObjectName("discountDialog")
        self.discount, self._currency, self._before, self._promos = before, currency, before, promos
        if promos:
            self.body.addWidget(promo_buttons(promos, currency, self._give))
        symbol = currency_of(currency).symbol
        kinds = [(DiscountKind.PERCENT.value, "%", ""), (DiscountKind.AMOUNT.value, symbol, "")]
        self.kind = Segmented(self.tr("How it is counted"), kinds)
        self.kind.setObjectName("discountKind")
        self.kind.set_value((before.kind if before else DiscountKind.PERCENT).value)
        self.value = TextInput(plain_number(before.value) if before else "")
        self.value.setObjectName("discountValue")
        self.value_field = Field(self.tr("How much"), self.value)
        self.kind_field = Field(self.tr("Counted in"), self.kind)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.value_field, 1)
        row.addWidget(self.kind_field)
        self.body.addLayout(row)
        self.reason = TextInput(before.reason if before else "")
        self.reason.setObjectName("discountReason")
        self.reason.setMaxLength(LONGEST_REASON)
        self.reason_field = Field(self.tr("Reason"), self.reason)
        self.body.addWidget(self.reason_field)
        self.body.addWidget(self._usual())
        self.promo = TextInput(before.promo if before else "")
        self.promo.setObjectName("discountPromo")
        self.promo.setMaxLength(LONGEST_REASON)
        self.body.addWidget(
            Field(
                self.tr("Promo, if it belongs to one"),
                self.promo,
                help_text=self.tr("It names the discount then."),
            )
        )
        if before is not None:
            off = secondary_button(self.tr("Take it off"), icon="trash")
            off.setObjectName("dropDiscountButton")
            off.clicked.connect(self._drop)
            self.add_extra(off)
        self.add_safe(self.tr("Cancel"))
        act = self.add_action(self.tr("Give discount"), key="Enter")
        act.setObjectName("giveDiscountButton")
        for edit in (self.value, self.reason, self.promo):
            edit.textEdited.connect(self._calm)
        self.kind.valueChanged.connect(self._calm)

    def _usual(self) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        across = 4 if current_theme().scale < _LARGE else 2
        reasons = (say("Regular guest"), say("Complaint"), say("Staff meal"), say("Birthday"))
        for place, words in enumerate(reasons):
            button = secondary_button(words)
            button.setObjectName(f"reason_{words}")
            button.clicked.connect(lambda _=False, words=words: self._reason(words))
            grid.addWidget(button, place // across, place % across)
        return box

    def _reason(self, words: str) -> None:
        self.reason.setText(words)
        self._calm()

    def _calm(self) -> None:
        self.value_field.set_error("")
        self.reason_field.set_error("")

    @property
    def made(self) -> Discount | None:
        """Return what is typed, None while the value is no number."""
        kind = DiscountKind(self.kind.value())
        percent = kind is DiscountKind.PERCENT
        amount = typed_amount(self.value.text().replace("%", ""), _HUNDREDTHS if percent else self._currency)
        if amount is None:
            return None
        value: Decimal = amount if percent else round_money(amount, self._currency)
        reason, promo = self.reason.text().strip(), self.promo.text().strip()
        return Discount(kind, value, reason, promo)

    def accept(self) -> None:
        """Close with a discount that may be given; else say in place what is missing."""
        made, listed = self.made, self._listed
        if listed is not None and not self.value.text().strip():
            self._give(listed)
            return
        if made is None:
            self.value_field.set_error(self.tr("Type a number, such as 10."))
            self.value.setFocus()
            fit_soon(self)
            return
        named = replace(made, reason=made.reason or _PLACEHOLDER)
        if problem := discount_problem(named, self._currency):
            self.value_field.set_error(problem)
            self.value.setFocus()
        elif problem := discount_problem(made, self._currency):
            self.reason_field.set_error(problem)
            self.reason.setFocus()
        else:
            self.discount = made
            super().accept()
        fit_soon(self)

    @property
    def _listed(self) -> Promo | None:
        """Return the promo whose name is typed."""
        typed = self.promo.text().strip().casefold()
        return next((one for one in self._promos if one.name.casefold() == typed), None)

    def _give(self, promo: Promo) -> None:
        self.discount = promo.discount
        super().accept()

    def _drop(self) -> None:
        self.discount = None
        super().accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.value.setFocus(Qt.FocusReason.OtherFocusReason)
        self.value.selectAll()
        fit_soon(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.accept()
        else:
            super().keyPressEvent(event)
