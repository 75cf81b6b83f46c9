"""What the cards beside the board have in common: their letters grow with the board's."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import Painted

WALL_SCALE = 1.3  # as much as the board's items: 36 for 28


class RailCard(Painted):
    """A card of the rail, for a bench or for a wall that is read from twice as far."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wall = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def set_wall(self, *, wall: bool) -> None:
        """Write for a wall or for a bench."""
        if wall != self._wall:
            self._wall = wall
            self.restyle()

    def restyle(self) -> None:
        """Lay out anew."""
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(250, 300)

    def _px(self, base: int) -> int:
        """Return a design measure with the text scale, and grown for a wall."""
        return round(current_theme().px(base) * (WALL_SCALE if self._wall else 1))
