"""What all charts share: a card with title and legend, values under the pointer and the arrow keys."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui import fonts
from posapp.ui.theme import current_theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.paintkit import Painted, draw_text, focus_ring, rounded, smooth

_PAD, _HEAD = 16, 46
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_STEPS = {
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One value: where it is painted, and all that it says."""

    rect: QRect
    text: str
    beside: bool = False  # its bubble stands at its side, because above it there is the title


class Chart(Painted):
    """A painted chart; Tab reaches it, the arrow keys go through its values, the pointer shows them."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._title, self._remark, self._nothing = "", "", ""
        self._legend: tuple[tuple[str, str], ...] = ()  # the sign and the words of each entry
        self._marks: list[Mark] = []
        self._at = -1

    def head(self, title: str, remark: str, nothing: str, legend: tuple[tuple[str, str], ...] = ()) -> None:
        """Set the words around the chart; `nothing` is said where there is no value."""
        self._title, self._remark, self._nothing, self._legend = title, remark, nothing, legend

    @abstractmethod
    def place(self, area: QRect) -> list[Mark]:
        """Return the values at their places in the area below the head."""

    @abstractmethod
    def paint_values(self, painter: QPainter, area: QRect) -> None:
        """Paint the chart into the area below the head."""

    def paint_sign(self, painter: QPainter, rect: QRect, sign: str) -> None:
        """Paint the sign of an entry of the legend."""
        del painter, rect, sign

    # ------------------------------------------------------------------------------------- what it tells

    @property
    def title(self) -> str:
        """Return the title."""
        return self._title

    @property
    def values(self) -> tuple[str, ...]:
        """Return what all values say, in order."""
        return tuple(mark.text for mark in self._marks)

    @property
    def shown(self) -> str:
        """Return the value that is shown in the bubble, "" for none."""
        return self._marks[self._at].text if 0 <= self._at < len(self._marks) else ""

    def renew(self) -> None:
        """Place the values anew and tell screen readers about them."""
        self._marks = self.place(self.area)
        if self._at >= len(self._marks):
            self._at = -1
        self.setAccessibleName(f"{self._title}, {self._remark}" if self._remark else self._title)
        self.setAccessibleDescription("\n".join(self.values) or self._nothing)
        self.update()

    @property
    def area(self) -> QRect:
        """Return where the values are painted."""
        pad, head = _PAD, current_theme().px(_HEAD)
        return QRect(pad, head, max(0, self.width() - 2 * pad), max(0, self.height() - head - pad + 2))

    def clipped_texts(self) -> list[str]:
        """Return the title if it and the legend do not fit beside each other."""
        return [self._title] if self._title_width() + self._legend_width() > self.width() - 2 * _PAD else []

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(240), theme.px(190))

    def _title_width(self) -> int:
        return fonts.text_width(self._title, current_theme().px(15), fonts.BOLD)

    def _legend_width(self) -> int:
        theme = current_theme()
        return sum(theme.px(36) + fonts.text_width(words, theme.px(12)) for _, words in self._legend)

    # ---------------------------------------------------------------------------------- pointer and keys

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._marks = self.place(self.area)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._marks = self.place(self.area)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._under(event.position().toPoint())
        if at != self._at:
            self._at = at
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if not self.hasFocus():
            self._at = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # A finger has no hover: it shows a value by touching it.
        self._at = self._under(event.position().toPoint())
        self.update()

    def _under(self, point: QPoint) -> int:
        return next((i for i, mark in enumerate(self._marks) if mark.rect.contains(point)), -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._marks) - 1
        key = event.key()
        if last < 0 or not (key in _STEPS or key in (Qt.Key.Key_Home, Qt.Key.Key_End)):
            super().keyPressEvent(event)
            return
        if key in _STEPS:
            at = self._at + _STEPS[Qt.Key(key)]
            self._at = 0 if self._at < 0 else min(last, max(0, at))
        else:
            self._at = 0 if key == Qt.Key.Key_Home else last
        announce(self, self.shown)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._at = -1
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    # ------------------------------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        rounded(painter, self.rect(), theme.radius.card, c.surface, c.border)
        if self.hasFocus():
            focus_ring(painter, self.rect(), theme.radius.card, c.focus)
        self._paint_head(painter)
        if self._marks:
            if self.shown:
                rounded(painter, self._marks[self._at].rect, 4, c.hover)
            self.paint_values(painter, self.area)
        else:
            painter.setFont(theme.font(13))
            draw_text(painter, self.area, self._nothing, Qt.AlignmentFlag.AlignHCenter, c.text2)
        if self.shown:
            self._paint_bubble(painter, self._marks[self._at])
        painter.end()

    def _paint_head(self, painter: QPainter) -> None:
        theme = current_theme()
        c = theme.palette
        line = QRect(_PAD, theme.px(12), self.width() - 2 * _PAD, theme.px(24))
        painter.setFont(theme.font(15, fonts.BOLD))
        draw_text(painter, line, self._title, _LEFT, c.text)
        left = self._title_width() + 10
        painter.setFont(theme.font(12))
        room = line.width() - left - self._legend_width()
        remark = painter.fontMetrics().elidedText(self._remark, Qt.TextElideMode.ElideRight, room)
        if room > theme.px(40):
            draw_text(painter, line.adjusted(left, 1, 0, 1), remark, _LEFT, c.text2)
        right = line.right()
        for sign, words in reversed(self._legend):
            width = fonts.text_width(words, theme.px(12))
            draw_text(
                painter, QRect(right - width, line.y(), width + 1, line.height()), words, _LEFT, c.text2
            )
            side = theme.px(16)
            box = QRect(right - width - side - 6, line.center().y() - side // 2 + 1, side, side)
            self.paint_sign(painter, box, sign)
            painter.setFont(theme.font(12))
            right = box.left() - theme.px(12)

    def _paint_bubble(self, painter: QPainter, mark: Mark) -> None:
        theme = current_theme()
        c = theme.palette
        lines = mark.text.split("\n")
        width = max(fonts.text_width(line, theme.px(12), fonts.MEDIUM) for line in lines) + 20
        line = theme.px(18)
        height = line * len(lines) + 10
        left = min(max(4, mark.rect.center().x() - width // 2), self.width() - width - 4)
        above = mark.rect.top() - height - 6
        top = above if above >= 4 else min(mark.rect.bottom() + 6, self.height() - height - 4)
        if mark.beside:
            right = mark.rect.right() + 6
            left = right if right + width <= self.width() - 4 else mark.rect.left() - width - 6
            top = mark.rect.top()
        rounded(painter, QRect(left, top, width, height), 6, c.toast)
        painter.setFont(theme.font(12, fonts.MEDIUM))
        for number, text in enumerate(lines):
            row = QRect(left + 10, top + 5 + number * line, width - 20, line)
            draw_text(painter, row, text, _LEFT, c.on_toast)


def nice_step(most: int, lines: int) -> int:
    """Return a round step, 1, 2 or 5 and zeros, with which so many lines reach the value."""
    step, factor = 1, 1
    while True:
        for digit in (1, 2, 5):
            step = digit * factor
            if step * lines >= most:
                return step
        factor *= 10
