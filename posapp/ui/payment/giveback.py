"""Asks before what a terminal has charged is forgotten here: the money has to go back there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from posapp.domain.payment import Tender
from posapp.ui.payment.words import part_words
from posapp.ui.widgets.buttons import ButtonLook
from posapp.ui.widgets.dialog import Dialog


def give_back_dialog(charged: Sequence[Tender], currency: str, parent: QWidget) -> Dialog:
    """Return the question; it is accepted once somebody says that the money went back."""
    words = " + ".join(part_words(part, currency) for part in charged)
    text = parent.tr("%1 was charged. Give it back on the terminal first. The history keeps it.")
    title = parent.tr("Was the card given its money back?")
    dialog = Dialog(title, text.replace("%1", words), parent, icon="credit-card-fill", tone="danger")
    dialog.setObjectName("giveBackDialog")
    dialog.add_safe(parent.tr("Keep it"))
    act = dialog.add_action(parent.tr("It went back"), look=ButtonLook.DANGER_FILL)
    act.setObjectName("giveBackAct")
    return dialog
