"""A key hint on its own: the small outlined box that names a key."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import KEY_HEIGHT, Painted, key_width, paint_key, smooth, with_alpha


class KeyHint(Painted):
    """Names a key; it takes no room in touch mode."""

    def __init__(self, key: str, parent: QWidget | None = None, *, tone: str = "text2") -> None:
        super().__init__(parent)
        self._key, self._tone = key, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(key)

    def set_key(self, key: str) -> None:
        """Name another key; an empty one takes no room."""
        self._key = key
        self.setAccessibleName(key)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(key_width(theme, self._key), theme.px(KEY_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        if not key_width(theme, self._key):
            return
        ink = theme.palette.by_name(self._tone)
        edge = theme.palette.border if self._tone == "text2" else with_alpha(ink, 0.5)
        painter = smooth(self)
        paint_key(painter, QPoint(0, self.height() // 2), self._key, ink, edge)
        painter.end()
