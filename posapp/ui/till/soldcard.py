"""What was sold last, large enough to be read while the change is counted; later it is a band."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from posapp.services.counter import Sold
from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.till.words import sum_text
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.paintkit import Painted, draw_text, rounded, smooth


class LastBand(Painted):
    """The sale before this cart, for a while: its change may still be counted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lastSale")
        self.keep_height(30)
        self._words = ""
        self.hide()

    def show_words(self, words: str) -> None:
        """Show a sale; "" for none."""
        self._words = words
        self.setAccessibleName(words)
        self.setVisible(bool(words))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c, side = theme.palette, theme.px(16)
        painter = smooth(self)
        painter.fillRect(self.rect(), c.ok_tint)
        paint_icon(painter, QRect(13, (self.height() - side) // 2, side, side), "check-circle-fill", c.ok)
        px = theme.px(13)
        room = self.width() - side - 34
        while px > 10 and fonts.text_width(self._words, px, fonts.SEMIBOLD) > room:
            px -= 1
        painter.setFont(fonts.font(px, fonts.SEMIBOLD))
        box = QRect(side + 21, 0, room, self.height())
        draw_text(painter, box, self._words, Qt.AlignmentFlag.AlignLeft, c.ok_text)
        painter.end()


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
        announce(self, self.accessibleName())
        self.update()

    @property
    def words(self) -> str:
        """Return all of it on one line, for where the next cart has begun."""
        return f"{self.code} · {self.word} {self.sum}"

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
