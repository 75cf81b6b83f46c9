"""Asks why: a payment is taken back, a drawer is opened without a sale."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from posapp.ui.widgets.buttons import ButtonLook
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput

LONGEST = 200


class ReasonDialog(Dialog):
    """Closes with a reason only; Enter in the field acts."""

    def __init__(
        self,
        title: str,
        text: str,
        act: str,
        parent: QWidget,
        *,
        icon: str,
        danger: bool = False,
        typed: str = "",
    ) -> None:
        super().__init__(title, text, parent, icon=icon, tone="danger" if danger else "accent")
        self.setObjectName("reasonDialog")
        self.edit = TextInput(typed)
        self.edit.setObjectName("reasonEdit")
        self.edit.setMaxLength(LONGEST)
        self._field = Field(self.tr("Reason"), self.edit, required=True)
        self.body.addWidget(self._field)
        self.add_safe(self.tr("Not now"))
        look = ButtonLook.DANGER_OUTLINE if danger else ButtonLook.PRIMARY
        self.add_action(act, look=look, key="Enter").setObjectName("reasonButton")
        self.edit.textChanged.connect(lambda: self._field.set_error(""))
        self.edit.returnPressed.connect(self.accept)

    @property
    def reason(self) -> str:
        """Return the reason."""
        return self.edit.text().strip()

    def accept(self) -> None:
        """Close with a reason only."""
        if not self.reason:
            self._field.set_error(self.tr("Say why, in a few words."))
            self.edit.setFocus()
            return
        super().accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
