"""Preparation times by period of the day: the median, what 75 % and 90 % stay under, and the target."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from posapp.domain.report import Period
from posapp.domain.report_summary import Summary
from posapp.ui import fonts
from posapp.ui.reports.chart import Chart, Mark, nice_step
from posapp.ui.reports.words import minutes_text
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import draw_text, rounded

_CENTER, _RIGHT = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
_LINES = 5
_LONGEST_MIN = 24 * 60


class PrepChart(Chart):
    """One row for each period that has orders."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("prepChart", parent)
        self._periods: tuple[Period, ...] = ()
        self._target = 15
        self._step, self._top = 5, 25

    def show_summary(self, summary: Summary) -> None:
        """Show the times of a span."""
        self._periods, self._target = summary.periods, summary.targets.delivery_min
        most = max((-(-each.nine_tenths // 60) for each in self._periods), default=0)
        most = min(max(most, self._target + 1), _LONGEST_MIN)
        self._step = max(5, nice_step(most, _LINES))
        self._top = self._step * -(-most // self._step)
        legend = (("median", self.tr("median")), ("75", self.tr("75 %")), ("90", self.tr("90 %")))
        remark = self.tr("minutes, accept → ready")
        self.head(self.tr("Prep time by period"), remark, self.tr("No order became ready."), legend)
        self.renew()

    def _plot(self, area: QRect) -> QRect:
        theme = current_theme()
        names = [self._name(each) for each in self._periods] or [""]
        left = max(fonts.text_width(name, theme.px(12), fonts.MEDIUM) for name in names) + 12
        return area.adjusted(max(left, theme.px(50)), -4, -theme.px(14), -theme.px(22))

    def _name(self, each: Period) -> str:
        return f"{each.begin}–{each.end}"

    def place(self, area: QRect) -> list[Mark]:
        plot = self._plot(area)
        count = max(1, len(self._periods))
        marks = []
        for number, each in enumerate(self._periods):
            top, bottom = (plot.top() + plot.height() * n // count for n in (number, number + 1))
            orders = self.tr("1 order") if each.count == 1 else self.tr("%1 orders")
            told = self.tr("median %1, 75 % within %2, 90 % within %3")
            for mark, seconds in (
                ("%1", each.median), ("%2", each.three_quarters), ("%3", each.nine_tenths),
            ):  # fmt: skip
                told = told.replace(mark, minutes_text(seconds))
            text = f"{self._name(each)}: {orders.replace('%1', str(each.count))}\n{told}"
            marks.append(Mark(QRect(area.left(), top, area.width(), bottom - top), text))
        return marks

    def _x(self, plot: QRect, seconds: int) -> int:
        return plot.left() + round(plot.width() * min(seconds, self._top * 60) / (self._top * 60))

    def paint_values(self, painter: QPainter, area: QRect) -> None:
        plot = self._plot(area)
        self._paint_grid(painter, plot)
        for mark, each in zip(self._marks, self._periods, strict=True):
            self._paint_row(painter, plot, mark.rect, each, area)

    def _paint_grid(self, painter: QPainter, plot: QRect) -> None:
        theme = current_theme()
        c = theme.palette
        goal = self._x(plot, self._target * 60)
        words = self.tr("%1 target").replace("%1", str(self._target))
        half = fonts.text_width(words, theme.px(12), fonts.BOLD) // 2 + 8
        painter.setFont(theme.font(12))
        for value in range(0, self._top + 1, self._step):
            x = self._x(plot, value * 60)
            painter.fillRect(x, plot.top(), 1, plot.height(), c.border)
            if abs(x - goal) > half:
                box = QRect(x - 30, plot.bottom() + 5, 60, theme.px(18))
                draw_text(painter, box, str(value), _CENTER, c.text2)
        pen = QPen(c.warn, 2)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QPoint(goal, plot.top()), QPoint(goal, plot.bottom()))
        painter.setFont(theme.font(12, fonts.BOLD))
        box = QRect(goal - half, plot.bottom() + 5, 2 * half, theme.px(18))
        draw_text(painter, box, words, _CENTER, c.warn_text)

    def _paint_row(self, painter: QPainter, plot: QRect, rect: QRect, each: Period, area: QRect) -> None:
        theme = current_theme()
        c = theme.palette
        middle = rect.center().y()
        painter.setFont(theme.font(12, fonts.MEDIUM))
        name = QRect(area.left(), rect.top(), plot.left() - area.left() - 8, rect.height())
        draw_text(painter, name, self._name(each), _RIGHT, c.text2)
        begin, end = self._x(plot, each.median), self._x(plot, each.nine_tenths)
        rounded(painter, QRect(begin, middle - 4, max(1, end - begin), 8), 4, c.selected)
        x = self._x(plot, each.three_quarters)
        self._sign(painter, "75", QPointF(x, middle))
        self._sign(painter, "90", QPointF(end, middle))
        self._sign(painter, "median", QPointF(begin, middle))

    def _sign(self, painter: QPainter, sign: str, at: QPointF) -> None:
        c = current_theme().palette
        if sign == "75":
            painter.fillRect(QRect(int(at.x()) - 2, int(at.y()) - 6, 4, 13), c.accent)
            return
        painter.setPen(QPen(c.accent, 2) if sign == "90" else Qt.PenStyle.NoPen)
        painter.setBrush(c.surface if sign == "90" else c.accent)
        painter.drawEllipse(at, 5 if sign == "90" else 6, 5 if sign == "90" else 6)

    def paint_sign(self, painter: QPainter, rect: QRect, sign: str) -> None:
        self._sign(painter, sign, QPointF(rect.center()))
