"""Sales by hour, day or week as bars, with those of the span before as a line."""

from __future__ import annotations

from decimal import Decimal
from math import ceil

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from posapp.domain.report_span import SpanKind, Unit
from posapp.domain.report_summary import Bar, Summary
from posapp.ui import fonts
from posapp.ui.moneytext import number_text
from posapp.ui.reports.chart import Chart, Mark, nice_step
from posapp.ui.reports.words import (
    bar_text,
    before_name,
    count_text,
    day_text,
    now_name,
    sales_title,
    scale_of,
    scale_text,
    sum_text,
)
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import draw_text, rounded

_LINES, _WIDEST = 5, 34
_CENTER, _RIGHT = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight


class SalesChart(Chart):
    """The one chart with a comparison in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("salesChart", parent)
        self._summary: Summary | None = None
        self._bars: tuple[Bar, ...] = ()
        self._hour = -1
        self._scale, self._step, self._top = 1, 1, 1

    def show_summary(self, summary: Summary, kind: SpanKind, hour: int) -> None:
        """Show the sales; `hour` is the present one of the shop's day, -1 for other days."""
        self._summary, self._hour = summary, hour
        something = summary.now.orders or summary.before.buckets
        self._bars = summary.bars if something else ()
        most = max((max(bar.amount, bar.before) for bar in self._bars), default=Decimal(0))
        self._scale = scale_of(most)
        high = max(1, ceil(most / self._scale))
        self._step = nice_step(high, _LINES)
        self._top = self._step * ceil(Decimal(high) / self._step)
        legend: tuple[tuple[str, str], ...] = (("now", now_name(kind, summary.span)),)
        if any(bar.before for bar in self._bars):
            legend = (*legend, ("before", before_name(summary.span)))
        title = sales_title(summary.span.unit)
        self.head(title, scale_text(self._scale, summary.currency), self.tr("No sales."), legend)
        self.renew()

    def _plot(self, area: QRect) -> QRect:
        theme = current_theme()
        left = max(fonts.text_width(count_text(self._top), theme.px(12)), theme.px(20)) + 10
        return area.adjusted(left, theme.px(14), 0, -theme.px(22))

    def place(self, area: QRect) -> list[Mark]:
        summary = self._summary
        if summary is None or not self._bars:
            return []
        plot = self._plot(area)
        marks = []
        for number, bar in enumerate(self._bars):
            left, right = self._slot(plot, number), self._slot(plot, number + 1)
            rect = QRect(left, plot.top(), right - left, plot.height())
            text = f"{bar_text(bar, summary.span.unit)}: {sum_text(bar.amount, summary.currency)}"
            before = f"{before_name(summary.span)}: {sum_text(bar.before, summary.currency)}"
            marks.append(Mark(rect, f"{text}\n{before}", beside=True))
        return marks

    def _slot(self, plot: QRect, number: int) -> int:
        return plot.left() + plot.width() * number // max(1, len(self._bars))

    def _height(self, plot: QRect, amount: Decimal) -> int:
        return round(plot.height() * max(Decimal(0), amount) / (self._top * self._scale))

    def paint_values(self, painter: QPainter, area: QRect) -> None:
        plot = self._plot(area)
        self._paint_grid(painter, plot, area)
        best = max(range(len(self._bars)), key=lambda n: self._bars[n].amount)
        for number in range(len(self._bars)):
            self._paint_bar(painter, plot, number, best=number == best)
        self._paint_line(painter, plot)
        self._paint_names(painter, plot)

    def _paint_grid(self, painter: QPainter, plot: QRect, area: QRect) -> None:
        theme = current_theme()
        painter.setFont(theme.font(12))
        for value in range(0, self._top + 1, self._step):
            y = plot.bottom() - round(plot.height() * value / self._top)
            painter.fillRect(plot.left(), y, plot.width(), 1, theme.palette.border)
            box = QRect(area.left(), y - 10, plot.left() - area.left() - 8, 20)
            draw_text(painter, box, count_text(value), _RIGHT, theme.palette.text2)

    def _paint_bar(self, painter: QPainter, plot: QRect, number: int, *, best: bool) -> None:
        theme, bar = current_theme(), self._bars[number]
        left, right = self._slot(plot, number), self._slot(plot, number + 1)
        width = min(theme.px(_WIDEST), max(3, (right - left) * 6 // 10))
        height = self._height(plot, bar.amount)
        if not height:
            return
        x = (left + right - width) // 2
        path = QPainterPath()
        radius = min(4, width // 3, height)
        # Round above, and square where it stands on the axis.
        path.addRoundedRect(QRectF(x, plot.bottom() - height, width, height + radius), radius, radius)
        painter.save()
        painter.setClipRect(plot.adjusted(0, -2, 0, 0))
        painter.fillPath(path, theme.palette.accent)
        painter.restore()
        if best:
            # Without small change: the bubble and the table tell it to the last coin.
            shown = (bar.amount / self._scale).quantize(Decimal(1))
            painter.setFont(theme.font(12, fonts.BOLD))
            box = QRect(x - 40, plot.bottom() - height - theme.px(21), width + 80, theme.px(20))
            text = number_text(f"{shown:f}", self._summary.currency if self._summary else "")
            draw_text(painter, box, text, _CENTER, theme.palette.text)

    def _paint_line(self, painter: QPainter, plot: QRect) -> None:
        if not any(bar.before for bar in self._bars):
            return
        c = current_theme().palette
        points = [
            QPointF(
                (self._slot(plot, number) + self._slot(plot, number + 1)) / 2,
                plot.bottom() - self._height(plot, bar.before),
            )
            for number, bar in enumerate(self._bars)
        ]
        pen = QPen(c.text2, 2)
        pen.setDashPattern([4, 2])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(points)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(c.text2)
        for point in points:
            painter.drawEllipse(point, 3, 3)

    def _paint_names(self, painter: QPainter, plot: QRect) -> None:
        theme = current_theme()
        names = [self._name(bar) for bar in self._bars]
        widest = max(fonts.text_width(name, theme.px(12), fonts.BOLD) for name in names) + 8
        each = max(1, plot.width() // max(1, len(names)))
        every = max(1, -(-widest // each))
        for number, name in enumerate(names):
            if number % every:
                continue
            now = self._bars[number].hour == self._hour >= 0
            painter.setFont(theme.font(12, fonts.BOLD if now else fonts.REGULAR))
            middle = (self._slot(plot, number) + self._slot(plot, number + 1)) // 2
            box = QRect(middle - widest // 2, plot.bottom() + 5, widest, theme.px(20))
            draw_text(painter, box, name, _CENTER, theme.palette.text if now else theme.palette.text2)

    def _name(self, bar: Bar) -> str:
        if bar.hour is not None:
            return str(bar.hour)
        if self._summary is not None and self._summary.span.unit is Unit.WEEK:
            return day_text(bar.day, "d MMM")
        return day_text(bar.day, "ddd d" if len(self._bars) <= 10 else "d")

    def paint_sign(self, painter: QPainter, rect: QRect, sign: str) -> None:
        c = current_theme().palette
        if sign == "now":
            rounded(painter, rect.adjusted(2, 2, -2, -2), 3, c.accent)
            return
        painter.setPen(QPen(c.text2, 2))
        middle = rect.center().y() + 1
        painter.drawLine(QPoint(rect.left(), middle), QPoint(rect.right(), middle))
