"""Shows what a shop sent that could not be read: the reason, and the text exactly as it came."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from posapp.domain.text import clean_text
from posapp.storage.rows import QuarantineRow
from posapp.ui.detail.texts import breakable
from posapp.ui.fonts import SEMIBOLD
from posapp.ui.widgets.buttons import secondary_button
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import ComboBox, TextArea
from posapp.ui.widgets.text import PlainLabel

_SHOWN = 65_536


class QuarantineDialog(Dialog):
    """One unreadable order at a time; a choice above when there are several."""

    def __init__(self, rows: Sequence[QuarantineRow], parent: QWidget | None = None) -> None:
        super().__init__("", "", parent, icon="warning-fill", tone="warn")
        self.setObjectName("quarantineDialog")
        self._rows = list(rows)
        one = self.tr("1 order could not be read")
        count = len(self._rows)
        self.set_title(one if count == 1 else self.tr("%n orders could not be read", "", count))
        self.set_text(
            self.tr("All other orders are taken in. Ask the shop to correct it, or enter it by hand.")
        )
        self._box = ComboBox()
        self._box.setObjectName("quarantineChoice")
        for row in self._rows:
            name = row.remote_id or self.tr("without an id")
            self._box.addItem(self.tr("%1, order %2").replace("%1", row.remote).replace("%2", name[:40]))
        if count > 1:
            self.body.addWidget(Field(self.tr("Order"), self._box))
        self._reason = PlainLabel("", weight=SEMIBOLD, wrap=True)
        self._reason.setObjectName("quarantineReason")
        self._raw = TextArea(lines=9)
        self._raw.setObjectName("quarantineRaw")
        self._raw.setReadOnly(True)
        self.body.addWidget(self._reason)
        self.body.addWidget(Field(self.tr("As it was received"), self._raw))
        copy = secondary_button(self.tr("Copy"), icon="note")
        copy.clicked.connect(self._copy)
        self.add_safe(self.tr("Close"))
        self.add_extra(copy)
        self._box.currentIndexChanged.connect(self._show)
        self._show(0)

    def _show(self, number: int) -> None:
        if not 0 <= number < len(self._rows):
            return
        row = self._rows[number]
        self._reason.setText(breakable(row.reason))
        self._raw.setPlainText(clean_text(row.raw[:_SHOWN]))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._raw.toPlainText())
