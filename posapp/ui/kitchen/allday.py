"""The rail's upper card: how many pieces of each dish are left to make, all orders together."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.kitchen.railcard import RailCard
from posapp.ui.kitchen.textflow import flow, line_height
from posapp.ui.theme import Theme, current_theme
from posapp.ui.widgets.paintkit import draw_text, rounded, smooth

_PAD, _HEAD, _PX, _NUMBER, _ROW_PAD, _MORE, _DRAG = 16, 46, 17, 20, 9, 30, 32


class AllDayCard(RailCard):
    """A list that scrolls under wheel and finger where it is longer than its room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kitchenAllDay")
        self._rows: list[tuple[str, int]] = []
        self._first, self._dragged_at = 0, 0
        self.show_rows([])

    @property
    def rows(self) -> list[tuple[str, int]]:
        """Return what is shown."""
        return list(self._rows)

    def show_rows(self, rows: list[tuple[str, int]]) -> None:
        """Show how many pieces of each dish are left."""
        if rows == self._rows and self.accessibleName():
            return
        self._rows = rows
        spoken = ", ".join(f"{count} × {title}" for title, count in rows[:50])
        self.setAccessibleName(f"{self.tr('All day, left to make')}: {spoken or self.tr('nothing')}")
        self._scroll_to(self._first)
        self.update()

    def restyle(self) -> None:
        """Lay out anew."""
        self._scroll_to(self._first)
        self.update()

    def _head(self) -> int:
        return self._px(_HEAD)

    def _lines(self, title: str) -> tuple[str, ...]:
        room = self.width() - 2 * _PAD - self._px(44)
        return flow(title, self._px(_PX), fonts.MEDIUM, room)

    def _height_of(self, title: str) -> int:
        return max(1, len(self._lines(title))) * line_height(self._px(_PX)) + 2 * _ROW_PAD

    def _fitting(self, first: int) -> int:
        """Return how many whole rows have room from `first` on; the note of the others needs some too."""
        room = self.height() - self._head() - 6
        heights = [self._height_of(title) for title, _ in self._rows[first:]]
        if sum(heights) <= room:
            return len(heights)
        room -= self._px(_MORE)
        count = 0
        while count < len(heights) and heights[count] <= room:
            room -= heights[count]
            count += 1
        return count

    def _scroll_to(self, first: int) -> None:
        last = len(self._rows) - 1
        while last > 0 and self._fitting(last - 1) == len(self._rows) - last + 1:
            last -= 1
        before, self._first = self._first, max(0, min(first, last))
        if before != self._first:
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._scroll_to(self._first + (1 if event.angleDelta().y() < 0 else -1))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragged_at = round(event.position().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        rows = (self._dragged_at - round(event.position().y())) // _DRAG
        if rows:
            self._scroll_to(self._first + rows)
            self._dragged_at -= rows * _DRAG

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._scroll_to(self._first)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        rounded(painter, self.rect(), theme.radius.card, c.surface, c.border)
        head = self._head()
        icon = self._px(20)
        paint_icon(painter, QRect(_PAD, (head - icon) // 2 + 2, icon, icon), "sigma-bold", c.text2)
        left = _PAD + icon + 10
        painter.setFont(fonts.font(self._px(18), fonts.BOLD))
        draw_text(painter, QRect(left, 2, 200, head), self.tr("All day"), Qt.AlignmentFlag.AlignLeft, c.text)
        painter.setFont(fonts.font(self._px(14)))
        remark = QRect(0, 2, self.width() - _PAD, head)
        draw_text(painter, remark, self.tr("left to make"), Qt.AlignmentFlag.AlignRight, c.text3)
        self._paint_rows(painter, theme, head)
        painter.end()

    def _paint_rows(self, p: QPainter, theme: Theme, top: int) -> None:
        c = theme.palette
        if not self._rows:
            p.setFont(fonts.font(self._px(15)))
            rect = QRect(_PAD, top, self.width() - 2 * _PAD, self._px(40))
            draw_text(p, rect, self.tr("Nothing left to make"), Qt.AlignmentFlag.AlignLeft, c.text3)
        shown = self._fitting(self._first)
        for title, count in self._rows[self._first : self._first + shown]:
            height = self._height_of(title)
            y = top + _ROW_PAD
            p.setFont(fonts.font(self._px(_PX), fonts.MEDIUM))
            for line in self._lines(title):
                lh = line_height(self._px(_PX))
                draw_text(p, QRect(_PAD, y, self.width(), lh), line, Qt.AlignmentFlag.AlignLeft, c.text)
                y += lh
            p.setFont(fonts.font(self._px(_NUMBER), fonts.BOLD))
            number = QRect(0, top, self.width() - _PAD, height)
            draw_text(p, number, str(count), Qt.AlignmentFlag.AlignRight, c.text)
            p.fillRect(_PAD, top + height - 1, self.width() - 2 * _PAD, 1, c.border)
            top += height
        hidden = len(self._rows) - shown
        if hidden > 0:
            p.setFont(fonts.font(self._px(15), fonts.SEMIBOLD))
            rect = QRect(_PAD, self.height() - self._px(_MORE) - 4, self.width() - 2 * _PAD, self._px(_MORE))
            words = self.tr("+%1 more").replace("%1", str(hidden))
            draw_text(p, rect, words, Qt.AlignmentFlag.AlignLeft, c.text2)
