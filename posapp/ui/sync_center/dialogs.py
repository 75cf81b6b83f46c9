"""The dialogs of the Sync Center: why a change is given up, and the customer's number in large figures."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from posapp.ui import fonts
from posapp.ui.detail.texts import breakable
from posapp.ui.dialogs.why import WhyFields
from posapp.ui.widgets.buttons import ButtonLook, secondary_button
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.text import PlainLabel


class DiscardDialog(Dialog):
    """Asks why a change is given up, and says what becomes of it."""

    def __init__(self, title: str, text: str, parent: QWidget) -> None:
        super().__init__(title, text, parent, icon="trash-fill", tone="danger")
        self.setObjectName("discardDialog")
        reasons = (
            self.tr("The shop is right"),
            self.tr("Entered by mistake"),
            self.tr("Settled with the shop by phone"),
            self.tr("Other reason"),
        )
        self.why = WhyFields("discard", reasons)
        self.body.addWidget(Field(self.tr("Reason"), self.why.choice))
        self.body.addWidget(Field(self.tr("In your own words (optional)"), self.why.words))
        self.add_safe(self.tr("Keep waiting"))
        act = self.add_action(self.tr("Discard"), look=ButtonLook.DANGER_OUTLINE)
        act.setObjectName("confirmDiscardButton")

    @property
    def reason(self) -> str:
        """Return the chosen reason with what was added in words."""
        return self.why.reason


class CallDialog(Dialog):
    """Shows the customer's number large enough to dial it from a distance."""

    def __init__(self, code: str, name: str, phone: str, parent: QWidget) -> None:
        super().__init__(
            "", "", parent, icon="phone-fill", tone="accent"
        )  # fmt: skip
        self.setObjectName("callDialog")
        title = self.tr("Call the customer of order %1").replace("%1", code)
        self.set_title(title)
        self.set_text(self.tr("Ask whether the order is still wanted. Nothing is sent until you decide."))
        if name:
            self.body.addWidget(PlainLabel(breakable(name), px=16, weight=fonts.SEMIBOLD, wrap=True))
        number = PlainLabel(breakable(phone), px=28, weight=fonts.BOLD, wrap=True)
        number.setObjectName("callNumber")
        number.set_selectable()
        self.body.addWidget(number)
        copy = secondary_button(self.tr("Copy number"), icon="note")
        copy.setObjectName("copyNumberButton")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(phone))
        self.add_safe(self.tr("Close"))
        self.add_extra(copy)
