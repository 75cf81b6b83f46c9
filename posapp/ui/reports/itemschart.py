"""The dishes that brought the most: rank, name, how many, revenue, and a bar to compare."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from posapp.domain.report import Sold
from posapp.domain.report_summary import Summary
from posapp.ui import fonts
from posapp.ui.reports.chart import Chart, Mark
from posapp.ui.reports.words import count_text, sum_text
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import draw_text, rounded

_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_LEAST, _ROW, _HIGHEST, _USUAL = 31, 42, 52, 5
_MOST = 12


class ItemsChart(Chart):
    """As many dishes as there is room for, five at the usual size of the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("itemsChart", parent)
        self._items: tuple[tuple[str, Sold], ...] = ()
        self._currency = ""

    def show_summary(self, summary: Summary) -> None:
        """Show the best dishes of a span."""
        self._items, self._currency = summary.items[:_MOST], summary.currency
        self.head(self.tr("Top items"), self.tr("by revenue"), self.tr("No dishes."))
        self.renew()

    def place(self, area: QRect) -> list[Mark]:
        theme, high = current_theme(), area.height()
        rows = max(1, min(_USUAL, high // theme.px(_LEAST)), high // theme.px(_ROW))
        high = min(high // rows, theme.px(_HIGHEST))
        marks = []
        for number, (title, sold) in enumerate(self._items[:rows]):
            rect = QRect(area.left(), area.top() + number * high, area.width(), high)
            amount = sum_text(sold.revenue, self._currency)
            marks.append(Mark(rect, f"{number + 1}. {title}\n{count_text(sold.quantity)} × · {amount}"))
        return marks

    def paint_values(self, painter: QPainter, area: QRect) -> None:
        del area
        theme = current_theme()
        c = theme.palette
        px = theme.px(13)
        amounts = [sum_text(sold.revenue, self._currency) for _, sold in self._items]
        wide = max(fonts.text_width(amount, px, fonts.SEMIBOLD) for amount in amounts[: len(self._marks)])
        many = max(
            fonts.text_width(count_text(sold.quantity), px) for _, sold in self._items[: len(self._marks)]
        )
        most = max(1, int(self._items[0][1].revenue))
        for number, mark in enumerate(self._marks):
            title, sold = self._items[number]
            rect = mark.rect
            line = QRect(rect.left(), rect.top() + 2, rect.width(), theme.px(22))
            painter.setFont(theme.font(13))
            draw_text(painter, line, str(number + 1), _LEFT, c.text2)
            count = QRect(line.right() - wide - theme.px(28) - many, line.top(), many + 1, line.height())
            draw_text(painter, count, count_text(sold.quantity), _RIGHT, c.text2)
            painter.setFont(theme.font(13, fonts.SEMIBOLD))
            draw_text(painter, line, amounts[number], _RIGHT, c.text)
            painter.setFont(theme.font(13, fonts.MEDIUM))
            room = count.left() - line.left() - theme.px(18) - 10
            name = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room)
            draw_text(painter, line.adjusted(theme.px(18), 0, 0, 0), name, _LEFT, c.text)
            bar = QRect(rect.left(), line.bottom() + 5, rect.width(), 6)
            rounded(painter, bar, 3, c.sunken)
            part = rect.width() * max(0, int(sold.revenue)) // most
            if part:
                rounded(painter, QRect(bar.left(), bar.top(), max(6, part), 6), 3, c.accent)
