"""What was sold last, large enough to be read while the change is counted; it stays until the next dish."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from posapp.services.counter import Sold
from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.till.words import sum_text
from posapp.ui.widgets.paintkit import Painted, draw_text, rounded, smooth


class SoldCard(Painted):
    """The code of the order and the change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("soldCard")
        self.code, self.word, self.sum = "", "", ""

    @property
    def shows(self) -> bool:
        """Tell whether there is something to show."""
        return bool(self.code)

    def show_sold(self, sold: Sold, currency: str) -> None:
        """Show a sale: what goes back, else what was paid, else what is still due."""
        self.code = f"#{sold.code}"
        if sold.change:
            self.word, self.sum = self.tr("Change"), sum_text(sold.change, currency)
        elif sold.balance.due > 0:
            self.word, self.sum = self.tr("To be paid"), sum_text(sold.balance.due, currency)
        else:
            self.word, self.sum = self.tr("Paid"), sum_text(sold.priced.total, currency)
        self.setAccessibleName(f"{self.code}, {self.word} {self.sum}")
        self.update()

    def forget(self) -> None:
        """Show nothing any more."""
        self.code = ""

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if not self.code:
            return
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        high = theme.px(172)
        box = QRect(14, max(8, (self.height() - high) // 2), self.width() - 28, min(high, self.height() - 16))
        rounded(painter, box, theme.radius.card, c.ok_tint)
        centre, top = Qt.AlignmentFlag.AlignHCenter, box.top() + theme.px(14)
        side = theme.px(32)
        paint_icon(painter, QRect(box.center().x() - side // 2, top, side, side), "check-circle-fill", c.ok)
        lines = (
            (self.code, 20, fonts.BOLD, 30, c.ok_text),
            (self.word, 14, fonts.MEDIUM, 24, c.ok_text),
            (self.sum, 34, fonts.BOLD, 46, c.ok_text),
        )
        top += side + theme.px(4)
        for text, px, weight, line, ink in lines:
            size = theme.px(px)
            while size > 12 and fonts.text_width(text, size, weight) > box.width() - 16:
                size -= 1
            painter.setFont(fonts.font(size, weight))
            draw_text(painter, QRect(box.left(), top, box.width(), theme.px(line)), text, centre, ink)
            top += theme.px(line)
        painter.end()
