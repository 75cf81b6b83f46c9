"""Asks before an order is cancelled, and why."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from posapp.storage.rows import OrderRow
from posapp.ui.delegates.rowtext import code_text
from posapp.ui.widgets.buttons import ButtonLook
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import ComboBox, TextInput

_LENGTH = 300


class CancelDialog(Dialog):
    """Gives the reason once a person has chosen to cancel."""

    def __init__(self, row: OrderRow, parent: QWidget | None = None) -> None:
        told = row.remote is not None
        super().__init__(
            "",
            "",
            parent,
            icon="prohibit-fill",
            tone="danger",
        )
        self.setObjectName("cancelDialog")
        self.pk = row.pk
        self.set_title(self.tr("Cancel order %1?").replace("%1", code_text(row)))
        self.set_text(
            self.tr("The shop is told. You can undo this for 6 seconds.")
            if told
            else self.tr("You can undo this right afterwards.")
        )
        self._reasons = ComboBox()
        self._reasons.setObjectName("cancelReason")
        for text in self._choices():
            self._reasons.addItem(text)
        self._own_words = TextInput(placeholder="")
        self._own_words.setObjectName("cancelWords")
        self._own_words.setMaxLength(_LENGTH)
        self.body.addWidget(Field(self.tr("Reason"), self._reasons))
        self.body.addWidget(Field(self.tr("In your own words (optional)"), self._own_words))
        keep = self.add_safe(self.tr("Keep order"))
        keep.setObjectName("keepOrderButton")
        act = self.add_action(self.tr("Cancel order"), look=ButtonLook.DANGER_OUTLINE)
        act.setObjectName("confirmCancelButton")

    def _choices(self) -> tuple[str, ...]:
        return (
            self.tr("Customer asked to cancel"),
            self.tr("Customer does not answer"),
            self.tr("Something is sold out"),
            self.tr("Cannot be delivered there"),
            self.tr("Payment failed"),
            self.tr("Ordered twice"),
            self.tr("Other reason"),
        )

    @property
    def reason(self) -> str:
        """Return the chosen reason with what was added in words."""
        words = self._own_words.text().strip()
        return f"{self._reasons.currentText()}: {words}" if words else self._reasons.currentText()
