"""One line of the cart: its name, what is chosen with it, its price, and − 1 +."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from posapp.domain.sale import PricedLine, SaleLine
from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.till.words import line_details, sum_text
from posapp.ui.widgets.paintkit import Painted, draw_text, focus_ring, rounded, smooth
from posapp.ui.widgets.tooltip import set_plain_tooltip

_ROW, _PAD = 76, 13
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _StepKey(QAbstractButton):
    """The minus or the plus."""

    def __init__(self, icon: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAutoRepeat(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        c = current_theme().palette
        painter = smooth(self)
        if self.isDown() or self.underMouse():
            fill = c.selected if self.isDown() else c.hover
            rounded(painter, self.rect().adjusted(2, 2, -2, -2), 6, fill)
        side = current_theme().px(18)
        middle = self.rect().center()
        paint_icon(
            painter, QRect(middle.x() - side // 2, middle.y() - side // 2, side, side), self._icon, c.text
        )
        painter.end()


class QuantityKeys(Painted):
    """− 2 + in one box."""

    stepped = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.less = _StepKey("minus", self.tr("One less"), self)
        self.more = _StepKey("plus", self.tr("One more"), self)
        self.less.setObjectName("lessButton")
        self.more.setObjectName("moreButton")
        self.less.clicked.connect(lambda: self.stepped.emit(-1))
        self.more.clicked.connect(lambda: self.stepped.emit(1))
        self._quantity = 0

    def show_quantity(self, quantity: int) -> None:
        """Show how many."""
        self._quantity = quantity
        self.setAccessibleName(self.tr("Quantity %1").replace("%1", str(quantity)))
        self.update()

    def sizeHint(self) -> QSize:
        theme = current_theme()
        key = theme.control - 4 if theme.touch else theme.px(36)
        return QSize(2 * key + max(theme.px(39), self._wide() + 10), key)

    def _wide(self) -> int:
        return fonts.text_width(str(self._quantity), current_theme().px(14), fonts.BOLD)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        key = self.height()
        self.less.setGeometry(0, 0, key, key)
        self.more.setGeometry(self.width() - key, 0, key, key)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme, key = current_theme(), self.height()
        c = theme.palette
        painter = smooth(self)
        rounded(painter, self.rect(), theme.radius.control, c.surface, c.border_strong)
        painter.fillRect(QRect(key, 1, 1, key - 2), c.border)
        painter.fillRect(QRect(self.width() - key - 1, 1, 1, key - 2), c.border)
        painter.setFont(theme.font(14, fonts.BOLD))
        draw_text(painter, self.rect(), str(self._quantity), Qt.AlignmentFlag.AlignHCenter, c.text)
        painter.end()


class CartRow(QAbstractButton):
    """A line; a click opens it, the screen's keys change the one with the focus."""

    stepped = Signal(str, int)
    opened = Signal(str)
    walked = Signal(str, int)
    focused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line: SaleLine | None = None
        self._priced: PricedLine | None = None
        self._currency, self._chosen, self._problem = "", False, ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.keys = QuantityKeys(self)
        self.keys.stepped.connect(self._step)
        self.clicked.connect(self._open)

    def show_line(
        self, line: SaleLine, priced: PricedLine, currency: str, *, chosen: bool, problem: str = ""
    ) -> None:
        """Show a line of the cart."""
        self.line, self._priced, self._currency = line, priced, currency
        self._chosen, self._problem = chosen, problem
        self.setObjectName(f"cartRow_{line.id}")
        self.keys.show_quantity(line.quantity)
        self._place()
        self.setAccessibleName(
            ", ".join(part for part in (f"{line.quantity} × {line.title}", self.price, self.details) if part)
        )
        self.setAccessibleDescription(self.tr("chosen") if chosen else "")
        set_plain_tooltip(self, self.details if self._cut() else "")
        self.update()

    def _step(self, by: int) -> None:
        if self.line is not None:
            self.stepped.emit(self.line.id, by)

    def _open(self) -> None:
        if self.line is not None:
            self.opened.emit(self.line.id)

    @property
    def price(self) -> str:
        """Return what the line comes to, its discount taken off."""
        if self._priced is None:
            return ""
        return sum_text(
            self._priced.gross if self.line and self.line.discount is None else self._priced.total,
            self._currency,
        )

    @property
    def details(self) -> str:
        """Return what is wrong with the line, else what is chosen with it."""
        if self.line is None:
            return ""
        return self._problem or line_details(self.line, self._currency)

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(200, max(theme.px(_ROW), theme.control + theme.px(38)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        size = self.keys.sizeHint()
        left = self.width() - size.width() - _PAD - 1
        self.keys.setGeometry(QRect(left, self.height() - size.height() - 9, size.width(), size.height()))

    def _room(self) -> int:
        return self.keys.x() - _PAD - 8

    def _cut(self) -> bool:
        wide = fonts.text_width(self.details, current_theme().px(12))
        return (
            wide > self._room()
            or fonts.text_width(self.line.title if self.line else "", current_theme().px(14), fonts.SEMIBOLD)
            > self._title_room()
        )

    def _title_room(self) -> int:
        return self.width() - 2 * _PAD - fonts.text_width(self.price, current_theme().px(14), fonts.BOLD) - 8

    # ------------------------------------------------------------------------------------------------ keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.line is None:
            return
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                self.walked.emit(self.line.id, 1 if event.key() == Qt.Key.Key_Down else -1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if not event.isAutoRepeat():
                    self.opened.emit(self.line.id)
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.line is not None:
            self.focused.emit(self.line.id)

    # --------------------------------------------------------------------------------------------- picture

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self.line is None:
            return
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        fill = c.selected if self._chosen else c.hover if self.underMouse() else c.surface
        painter.fillRect(self.rect(), fill)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), c.border)
        if self._chosen:
            painter.fillRect(QRect(0, 0, 3, self.height()), c.accent)
        if self.hasFocus():
            focus_ring(painter, self.rect().adjusted(1, 1, -1, -2), 4, c.focus)
        top = QRect(_PAD, theme.px(8), self.width() - 2 * _PAD, theme.px(22))
        painter.setFont(theme.font(14, fonts.BOLD))
        draw_text(painter, top, self.price, Qt.AlignmentFlag.AlignRight, c.text)
        painter.setFont(theme.font(14, fonts.SEMIBOLD))
        elide = Qt.TextElideMode.ElideRight
        title = painter.fontMetrics().elidedText(self.line.title, elide, self._title_room())
        draw_text(painter, top, title, Qt.AlignmentFlag.AlignLeft, c.text)
        painter.setFont(theme.font(12))
        ink = c.danger_text if self._problem else c.text2
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        box = QRect(_PAD, self.keys.y(), self._room(), self.keys.height())
        text = self.details
        if painter.boundingRect(QRect(0, 0, box.width(), 1000), flags, text).height() > box.height():
            text = painter.fontMetrics().elidedText(text, elide, box.width() * 2 - theme.px(40))
        painter.setPen(ink)
        painter.drawText(box, flags, text)
        painter.end()
