"""Asks before an order is rejected or cancelled, and why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.status import Status
from posapp.storage.rows import OrderRow
from posapp.ui.delegates.rowtext import code_text
from posapp.ui.dialogs.why import WhyFields
from posapp.ui.widgets.buttons import ButtonLook
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field


class CancelDialog(Dialog):
    """Gives the reason once a person has chosen to reject a new order, or to cancel another one.

    The shop's own `reasons` come first for a new order, those that lie with the customer for all others.
    """

    def __init__(self, row: OrderRow, reasons: Sequence[str], parent: QWidget | None = None) -> None:
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
        fresh = row.status == Status.CREATED
        title = self.tr("Reject order %1?") if fresh else self.tr("Cancel order %1?")
        self.set_title(title.replace("%1", code_text(row)))
        self.set_text(
            self.tr("The shop is told. You can undo this for 6 seconds.")
            if told
            else self.tr("You can undo this right afterwards.")
        )
        self.why = WhyFields("cancel", self._choices(reasons, fresh=fresh))
        self.body.addWidget(Field(self.tr("Reason"), self.why.choice))
        self.body.addWidget(Field(self.tr("In your own words (optional)"), self.why.words))
        keep = self.add_safe(self.tr("Keep order"))
        keep.setObjectName("keepOrderButton")
        words = self.tr("Reject order") if fresh else self.tr("Cancel order")
        act = self.add_action(words, look=ButtonLook.DANGER_OUTLINE)
        act.setObjectName("confirmCancelButton")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take what is typed over the buttons as the reason: a space in it must not press “Keep order”."""
        typed = event.text()
        command = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if typed.strip() and typed.isprintable() and not command:
            self.why.words.setFocus(Qt.FocusReason.OtherFocusReason)
            self.why.words.insert(typed)
            return
        super().keyPressEvent(event)

    def _choices(self, reasons: Sequence[str], *, fresh: bool) -> list[str]:
        ours = [QCoreApplication.translate("settings", reason) for reason in reasons]
        theirs = [self.tr("Customer asked to cancel"), self.tr("Ordered twice")]
        if fresh:
            return [*ours, *theirs, self.tr("Other reason")]
        later = [self.tr("Customer does not answer"), self.tr("Payment failed")]
        return [*theirs, *later, *ours, self.tr("Other reason")]

    @property
    def reason(self) -> str:
        """Return the chosen reason with what was added in words."""
        return self.why.reason
