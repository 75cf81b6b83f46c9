"""The foot of the cart: discounts that can be taken off, and what it all comes to."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.sale import Priced, Sale
from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.till.words import discounts_of, sum_text
from posapp.ui.widgets.buttons import Button, ButtonLook, IconButton
from posapp.ui.widgets.card import Divider, KeyValue
from posapp.ui.widgets.paintkit import Painted, draw_text, rounded, smooth
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.widgets.tooltip import set_plain_tooltip

_BIG_PX, _LEAST_PX = 26, 14


class BigSum(Painted):
    """“To pay” and the sum, which is made smaller before it is cut."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cartTotal")
        self.keep_height(38)
        self.text = ""

    def show_sum(self, text: str) -> None:
        """Show a sum."""
        self.text = text
        self.setAccessibleName(f"{self.tr('To pay')} {text}")
        self.update()

    def _px(self) -> int:
        theme = current_theme()
        room = self.width() - fonts.text_width(self.tr("To pay"), theme.px(16), fonts.BOLD) - 12
        px = theme.px(_BIG_PX)
        while px > _LEAST_PX and fonts.text_width(self.text, px, fonts.BOLD) > room:
            px -= 1
        return px

    def clipped_texts(self) -> list[str]:
        """Return the sum if it does not even fit small."""
        return [self.text] if self._px() <= _LEAST_PX else []

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        painter = smooth(self)
        painter.setFont(theme.font(16, fonts.BOLD))
        ink = theme.palette.text
        draw_text(painter, self.rect(), self.tr("To pay"), Qt.AlignmentFlag.AlignLeft, ink)
        painter.setFont(fonts.font(self._px(), fonts.BOLD))
        draw_text(painter, self.rect(), self.text, Qt.AlignmentFlag.AlignRight, ink)
        painter.end()


class _SmallButton(Button):
    """The words that ask for a discount, in line with the sums."""

    def __init__(self, text: str) -> None:
        super().__init__(text, look=ButtonLook.QUIET, icon="tag", height=32, px=13)
        self._pad, self._icon_px = 4, 16


class _Cross(IconButton):
    """A cross that takes no more room than the line it stands in."""

    def sizeHint(self) -> QSize:
        theme = current_theme()
        side = theme.control if theme.touch else theme.px(30)
        return QSize(side, side)


class _Tag(Painted):
    """The name of a discount; a long one ends with dots, for the sum beside it is not cut."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setAccessibleName(name)
        set_plain_tooltip(self, name)
        self.keep_height(26)

    def minimumSizeHint(self) -> QSize:
        return QSize(current_theme().px(56), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c, side = theme.palette, theme.px(16)
        painter = smooth(self)
        painter.setFont(theme.font(13, fonts.SEMIBOLD))
        room = self.width() - side - 23
        text = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        wide = painter.fontMetrics().horizontalAdvance(text)
        box = QRect(0, 0, wide + side + 23, self.height())
        rounded(painter, box, theme.radius.chip, c.ok_tint)
        paint_icon(painter, QRect(9, (self.height() - side) // 2, side, side), "tag-fill", c.ok)
        inner = QRect(side + 14, 0, wide + 2, self.height())
        draw_text(painter, inner, text, Qt.AlignmentFlag.AlignLeft, c.ok_text)
        painter.end()


class _DiscountRow(QWidget):
    """A discount with what it takes off; the cross takes it back."""

    def __init__(self, place: int, name: str, sum_: str, dropped: object) -> None:
        super().__init__()
        chip = _Tag(name)
        value = PlainLabel(sum_, px=13, weight=fonts.SEMIBOLD, tone="ok_text")
        cross = _Cross("x", self.tr("Take the discount “%1” off").replace("%1", name), quiet=True)
        cross.setObjectName(f"dropDiscount_{place}")
        cross.clicked.connect(dropped)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(chip, 1)
        row.addWidget(value)
        row.addWidget(cross)


class Totals(QWidget):
    """Tells which discount is to be taken off, or that one is to be given."""

    discount_wanted = Signal()
    discount_dropped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cartTotals")
        self._discounts = QVBoxLayout()
        self._discounts.setSpacing(0)
        self._shown: list[tuple[int, str, str]] = []
        self.button = _SmallButton(self.tr("Discount"))
        self.button.setObjectName("discountButton")
        self.button.clicked.connect(self.discount_wanted)
        self.items, self.off = KeyValue(self.tr("Items")), KeyValue(self.tr("Discount"))
        self.delivery, self.big = KeyValue(self.tr("Delivery")), BigSum()
        sums = QVBoxLayout()
        sums.setContentsMargins(0, 6, 0, 4)
        sums.setSpacing(1)
        for row in (self.items, self.off, self.delivery):
            sums.addWidget(row)
        sums.addWidget(self.big)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 0, 14, 6)
        column.setSpacing(0)
        column.addLayout(self._discounts)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(Divider())
        column.addLayout(sums)

    def show_sums(self, sale: Sale, priced: Priced, currency: str) -> None:
        """Show what a cart comes to."""
        rows = [
            (place, name, "−" + sum_text(amount, currency))
            for place, name, amount in discounts_of(sale, priced)
        ]
        if rows != self._shown:
            self._shown = rows
            self._rebuild()
        self.button.setVisible(bool(sale.lines))
        self.items.show_pair(self.tr("Items"), sum_text(priced.gross, currency))
        self.off.setVisible(bool(priced.discount))
        self.off.show_pair(self.tr("Discount"), "−" + sum_text(priced.discount, currency))
        self.delivery.setVisible(bool(priced.delivery))
        self.delivery.show_pair(self.tr("Delivery"), sum_text(priced.delivery, currency))
        self.big.show_sum(sum_text(priced.total, currency))

    def _rebuild(self) -> None:
        while self._discounts.count():
            item = self._discounts.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, name, sum_ in self._shown:
            drop = self._dropper(place)
            self._discounts.addWidget(_DiscountRow(place, name, sum_, drop))

    def _dropper(self, place: int) -> object:
        return lambda _=False: self.discount_dropped.emit(place)
