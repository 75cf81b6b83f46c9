"""Small painting helpers shared by the painted widgets and the delegates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from posapp.ui import fonts
from posapp.ui.theme import Theme, current_theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintDevice

KEY_HEIGHT = 20
_KEY_PX = 12
_RESTYLE = (QEvent.Type.StyleChange, QEvent.Type.FontChange)


class Painted(QWidget):
    """A widget that paints itself from the theme and re-measures itself when the theme changes."""

    _design_height = 0

    def keep_height(self, design: int) -> None:
        """Be as high as the design says, grown with the text."""
        self._design_height = design
        self.setFixedHeight(current_theme().px(design))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in _RESTYLE:
            if self._design_height:
                self.setFixedHeight(current_theme().px(self._design_height))
            self.updateGeometry()
            self.update()
        super().changeEvent(event)


def smooth(device: QPaintDevice) -> QPainter:
    """Return an anti-aliasing painter on the device."""
    painter = QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def rounded(
    painter: QPainter,
    rect: QRect,
    radius: float,
    fill: QColor | None,
    border: QColor | None = None,
    width: int = 1,
) -> None:
    """Paint a rounded box; the border lies wholly inside `rect`, on whole pixels."""
    inset = width / 2 if border is not None else 0.0
    box = QRectF(rect).adjusted(inset, inset, -inset, -inset)
    painter.setPen(QPen(border, width) if border is not None else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, radius - inset, radius - inset)


def focus_ring(painter: QPainter, rect: QRect, radius: float, colour: QColor) -> QRect:
    """Paint the 2 px ring at the edge of `rect`; return what is left inside it and its 2 px gap."""
    rounded(painter, rect, radius + 2, None, colour, 2)
    return rect.adjusted(4, 4, -4, -4)


def draw_text(painter: QPainter, rect: QRect, text: str, flags: Qt.AlignmentFlag, colour: QColor) -> None:
    """Paint one line of plain text, vertically centred."""
    painter.setPen(colour)
    painter.drawText(rect, int(flags | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), text)


def key_width(theme: Theme, key: str) -> int:
    """Return the width of a key hint; 0 where none is shown, as in touch mode."""
    if not key or theme.touch:
        return 0
    return max(theme.px(KEY_HEIGHT), fonts.text_width(key, theme.px(_KEY_PX), fonts.MEDIUM) + 12)


def paint_key(painter: QPainter, place: QPoint, key: str, ink: QColor, edge: QColor) -> None:
    """Paint a key hint; `place` is the middle of its left edge."""
    theme = current_theme()
    width, height = key_width(theme, key), theme.px(KEY_HEIGHT)
    if not width:
        return
    rect = QRect(place.x(), place.y() - height // 2, width, height)
    rounded(painter, rect, 5, None, edge)
    painter.setFont(theme.font(_KEY_PX, fonts.MEDIUM))
    draw_text(painter, rect, key, Qt.AlignmentFlag.AlignHCenter, ink)


def with_alpha(colour: QColor, alpha: float) -> QColor:
    """Return the colour at that opacity, 0 to 1."""
    made = QColor(colour)
    made.setAlphaF(alpha)
    return made
