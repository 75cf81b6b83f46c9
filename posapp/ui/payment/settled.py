"""The right side of the payment dialog when nothing is due: why, and the change that goes back."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.status import Status
from posapp.ui.fonts import BOLD
from posapp.ui.payment.account import AccountView
from posapp.ui.payment.faces import ChangeBox
from posapp.ui.widgets.buttons import primary_button
from posapp.ui.widgets.dialog import IconDisc
from posapp.ui.widgets.text import PlainLabel

translate = QCoreApplication.translate


class Settled(QWidget):
    """Says that all is settled; the change stays in sight until somebody closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settled")
        self.title = PlainLabel("", px=20, weight=BOLD, wrap=True)
        self.title.setObjectName("settledTitle")
        self.title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.detail = PlainLabel("", tone="text2", wrap=True)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.change = ChangeBox()
        self.close_button = primary_button(self.tr("Done"), icon="check-circle-fill", key="Enter", height=60)
        self.close_button.setObjectName("settledButton")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(IconDisc("check-circle-fill", "ok"), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.title)
        column.addWidget(self.detail)
        column.addWidget(self.change)
        column.addStretch(1)
        column.addWidget(self.close_button)

    def show_words(self, title: str, detail: str, change: str) -> None:
        """Show why nothing is due, and what goes back ("" for nothing)."""
        self.title.setText(title)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
        self.change.show_words(self.tr("Change"), self.tr("give it back"), change, "ok")
        self.change.setVisible(bool(change))


def settled_words(view: AccountView) -> tuple[str, str, str]:
    """Return why nothing is to be taken: a title, a sentence, no sum."""
    stands = view.account.balance
    if view.account.status is Status.CANCELLED:
        return translate("till", "The order is cancelled"), translate("till", "Nothing is due for it."), ""
    if stands.due < 0:
        more = translate("till", "More was paid than the order comes to. “Give back…” settles it.")
        return translate("till", "Too much was paid"), more, ""
    if stands.refunded and not stands.refundable:
        return translate("till", "All was given back"), "", ""
    if not stands.paid:
        return (
            translate("till", "Nothing is to be paid"),
            translate("till", "It was paid where it was ordered."),
            "",
        )
    return translate("till", "Paid in full"), "", ""
