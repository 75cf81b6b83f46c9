"""The round sign of a courier: a colour and initials."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.domain.dispatch import CourierColour
from posapp.ui import fonts
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import Painted, draw_text, smooth

# White letters stand on each of them with a contrast of 5 and more, in both themes.
COLOURS: dict[str, QColor] = {
    CourierColour.TEAL: QColor("#135E68"),
    CourierColour.GREEN: QColor("#2A6B41"),
    CourierColour.VIOLET: QColor("#4F4391"),
    CourierColour.BLUE: QColor("#1A56B8"),
    CourierColour.BROWN: QColor("#7A4510"),
    CourierColour.PLUM: QColor("#7A2273"),
    CourierColour.RED: QColor("#A32630"),
    CourierColour.SLATE: QColor("#4A5568"),
}
WHITE = QColor("#FFFFFF")


class Disc(Painted):
    """Shows whom a card is about; decoration for screen readers, which hear the name."""

    def __init__(self, parent: QWidget | None = None, *, size: int = 40) -> None:
        super().__init__(parent)
        self._size, self._initials, self._colour = size, "", CourierColour.SLATE.value
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_sign(self, initials: str, colour: str) -> None:
        """Show initials in a colour."""
        if (initials, colour) != (self._initials, self._colour):
            self._initials, self._colour = initials, colour
            self.update()

    def sizeHint(self) -> QSize:
        side = current_theme().px(self._size)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        p = smooth(self)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(COLOURS.get(self._colour, COLOURS[CourierColour.SLATE]))
        p.drawEllipse(self.rect())
        p.setFont(current_theme().font(self._size * 3 // 8, fonts.BOLD))
        draw_text(p, self.rect(), self._initials, Qt.AlignmentFlag.AlignHCenter, WHITE)
        p.end()
