"""Grey rows in the shape of a list that is still being read."""

from __future__ import annotations

from PySide6.QtCore import QRect, QTimer
from PySide6.QtGui import QHideEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import Painted, rounded, smooth

_DELAY_MS = 200
_LINES = ((234, 140), (187, 203), (210, 160))


class Skeleton(Painted):
    """Placeholder rows, as high as those of orders unless told otherwise.

    Nothing is painted in the first 200 ms, so that quick answers do not flicker.
    """

    def __init__(self, parent: QWidget | None = None, *, row_height: int = 0) -> None:
        super().__init__(parent)
        self._row = row_height
        self._due = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self._appear)
        self.setAccessibleName(self.tr("Loading"))

    @property
    def appeared(self) -> bool:
        """Return whether the waiting has lasted long enough to show the rows."""
        return self._due

    def show_now(self) -> None:
        """Show the rows without the delay."""
        self._timer.stop()
        self._appear()

    def _appear(self) -> None:
        self._due = True
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._due:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        self._due = False

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if not self._due:
            return
        c = current_theme().palette
        fill = c.sunken if current_theme().name == "light" else c.hover
        height = self._row or current_theme().row
        painter = smooth(self)
        for i in range(self.height() // height + 1):
            top = i * height
            wide, narrow = _LINES[i % len(_LINES)]
            rounded(painter, QRect(16, top + (height - 24) // 2, 96, 24), 6, fill)
            rounded(painter, QRect(140, top + height // 2 - 16, wide, 12), 4, fill)
            rounded(painter, QRect(140, top + height // 2 + 8, narrow, 10), 4, fill)
        painter.end()
