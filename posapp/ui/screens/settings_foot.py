"""The bar at the foot of the settings: saved, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.ui import fonts
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import quiet_button
from posapp.ui.widgets.card import Icon, Surface
from posapp.ui.widgets.text import PlainLabel


class SavedFoot(Surface):
    """Says when something was saved, and offers to take it back."""

    undo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, line="top")
        self.setObjectName("settingsFoot")
        self.keep_height(52)
        self._icon = Icon("check-circle-fill", size=18, tone="ok")
        self._icon.hide()
        self._words = PlainLabel("", px=13, weight=fonts.SEMIBOLD, tone="ok_text")
        self._words.setObjectName("savedNote")
        self._words.hide()
        self.undo = quiet_button(self.tr("Undo last change"), icon="arrow-counter-clockwise", key="Z")
        self.undo.setObjectName("settingsUndoButton")
        self.undo.clicked.connect(self.undo_wanted)
        self.undo.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 18, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._words)
        row.addWidget(PlainLabel(self.tr("Changes apply at once"), px=13, tone="text2"))
        row.addStretch(1)
        row.addWidget(self.undo)

    def show_saved(self, at: str, *, can_undo: bool) -> None:
        """Show when the last change was saved."""
        text = self.tr("Saved on this PC · %1").replace("%1", at)
        self._icon.show()
        self._words.show()
        self._words.setText(text)
        self.undo.setVisible(can_undo)
        announce(self, text)

    def set_key(self, key: str) -> None:
        """Name the key that undoes."""
        self.undo.set_key(key)
