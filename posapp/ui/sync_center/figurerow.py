"""A figure with its name; a click opens what it counts."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from posapp.ui import fonts
from posapp.ui.sync_center.words import number_text
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import draw_text, focus_ring, rounded, smooth


class FigureRow(QAbstractButton):
    """A name and its number; a click opens what it counts."""

    def __init__(self, name: str, *, strong: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._number, self._strong, self._red = name, "", strong, False
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def number(self) -> str:
        """Return the number as shown."""
        return self._number

    def show_number(self, number: int, *, red: bool = False) -> None:
        """Show a number, in red where something is wrong."""
        self._number, self._red = number_text(number), red
        self.setAccessibleName(f"{self._name}: {number}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, current_theme().px(34))

    def clipped_texts(self) -> list[str]:
        """Return the name if it does not fit beside the number."""
        theme = current_theme()
        width = fonts.text_width(self._name, theme.px(14), self._weight())
        number = fonts.text_width(self._number, theme.px(14), fonts.SEMIBOLD)
        return [self._name] if width + number + 34 > self.width() else []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def _weight(self) -> int:
        return fonts.SEMIBOLD if self._strong else fonts.REGULAR

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        box = self.rect()
        if self.hasFocus():
            box = focus_ring(painter, box, theme.radius.chip, c.focus)
        if self.isChecked() or self.underMouse():
            rounded(painter, box, theme.radius.chip, c.selected if self.isChecked() else c.hover)
        inner = QRect(10, 0, self.width() - 20, self.height())
        ink = c.danger_text if self._red else c.text
        painter.setFont(theme.font(14, self._weight()))
        draw_text(painter, inner, self._name, Qt.AlignmentFlag.AlignLeft, ink)
        painter.setFont(theme.font(14, fonts.SEMIBOLD))
        draw_text(painter, inner, self._number, Qt.AlignmentFlag.AlignRight, ink)
        painter.end()
