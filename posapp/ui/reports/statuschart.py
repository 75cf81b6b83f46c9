"""How many orders stand where: a bar for each status, always in the same order."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from posapp.domain.report_summary import STATUSES, Summary
from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.reports.chart import Chart, Mark
from posapp.ui.reports.words import count_text
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import draw_text, rounded
from posapp.ui.words import status_word

_LEFT = Qt.AlignmentFlag.AlignLeft


class StatusChart(Chart):
    """Counts all orders that came in, cancelled ones too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("statusChart", parent)
        self._counts: dict[str, int] = {}

    def show_summary(self, summary: Summary) -> None:
        """Show where the orders of a span stand."""
        whole = summary.now.came_in
        self._counts = {status: summary.now.statuses[status] for status in STATUSES} if whole else {}
        remark = self.tr("%1 in all").replace("%1", count_text(whole)) if whole else ""
        self.head(self.tr("Orders by status"), remark, self.tr("No orders."))
        self.renew()

    def place(self, area: QRect) -> list[Mark]:
        high = area.height() // len(STATUSES)
        return [
            Mark(
                QRect(area.left(), area.top() + number * high, area.width(), high),
                f"{status_word(status)}: {count}",
            )
            for number, (status, count) in enumerate(self._counts.items())
        ]

    def _begin(self) -> int:
        """Return where the bars begin, behind the longest word."""
        theme = current_theme()
        widest = max(fonts.text_width(status_word(s), theme.px(13), fonts.MEDIUM) for s in STATUSES)
        return max(theme.px(126), theme.px(26) + widest + 12)

    def paint_values(self, painter: QPainter, area: QRect) -> None:
        theme = current_theme()
        most = max(self._counts.values())
        begin = self._begin()
        number_wide = fonts.text_width(count_text(most), theme.px(13), fonts.SEMIBOLD) + 12
        room = max(8, area.width() - begin - number_wide)
        for mark, (status, count) in zip(self._marks, self._counts.items(), strict=True):
            rect = mark.rect
            look = theme.status[status]
            side = min(theme.px(18), rect.height())
            icon = QRect(rect.left(), rect.center().y() - side // 2 + 1, side, side)
            paint_icon(painter, icon, look.icon, look.solid)
            painter.setFont(theme.font(13, fonts.MEDIUM))
            words = rect.adjusted(theme.px(26), 0, 0, 0)
            draw_text(painter, words, status_word(status), _LEFT, theme.palette.text)
            wide = max(4, room * count // most) if count else 0
            high = min(theme.px(14), rect.height() - 4)
            bar = QRect(rect.left() + begin, rect.center().y() - high // 2 + 1, wide, high)
            if wide:
                rounded(painter, bar, min(4, wide / 2), look.solid)
            painter.setFont(theme.font(13, fonts.SEMIBOLD))
            told = QRect(bar.left() + wide + 8, rect.top(), number_wide, rect.height())
            ink = theme.palette.text if count else theme.palette.text3
            draw_text(painter, told, count_text(count), _LEFT, ink)
