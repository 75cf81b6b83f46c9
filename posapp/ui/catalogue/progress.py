"""A bar that fills, for work that a person waits for."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPaintEvent

from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import Painted, rounded, smooth


class ProgressLine(Painted):
    """So many of so many; its name says the same to a screen reader."""

    def __init__(self) -> None:
        super().__init__()
        self.done = self.total = 0
        self.keep_height(8)
        self.setMinimumWidth(80)

    def put(self, done: int, total: int) -> None:
        """Show how far it is."""
        self.done, self.total = done, total
        self.setAccessibleName(self.tr("%1 of %2").replace("%1", str(done)).replace("%2", str(total)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        c = current_theme().palette
        painter = smooth(self)
        rounded(painter, self.rect(), 4, c.sunken, c.border)
        if self.done and self.total:
            width = max(8, round(self.width() * min(1.0, self.done / self.total)))
            rounded(painter, QRect(0, 0, width, self.height()), 4, c.accent)
        painter.end()
