"""The large figures of the payment panel: what the customer gives, and what goes back."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.domain.money import currency_of
from posapp.ui import fonts
from posapp.ui.moneytext import money_text, number_text
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import Painted, draw_text, rounded, smooth

_RIGHT, _LEFT = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
_CASH_PX, _LARGE_PX, _LEAST_PX = 28, 18, 13
_PAD = 14


def fitting(text: str, px: int, weight: int, room: int) -> int:
    """Return the size in which a text fits, at most `px`: figures are made smaller, never cut."""
    while px > _LEAST_PX and fonts.text_width(text, px, weight) > room:
        px -= 1
    return px


class AmountField(Painted):
    """The amount as it is typed; the panel gives it its keys."""

    key_pressed = Signal(QKeyEvent)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("amountField")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.keep_height(52)
        self._typed, self._amount, self._currency = "", Decimal(0), ""
        self._wrong = False
        self._name = ""

    @property
    def text(self) -> str:
        """Return the amount as it is shown."""
        return self._number()

    def show_amount(self, name: str, typed: str, amount: Decimal, currency: str, *, wrong: bool) -> None:
        """Show what was typed, or the exact sum."""
        self._typed, self._amount, self._currency, self._wrong = typed, amount, currency, wrong
        self._name = name
        self.setAccessibleName(f"{name}: {money_text(f'{amount:f}', currency)}")
        self.update()

    def _number(self) -> str:
        whole, point, cents = self._typed.partition(".")
        if not point:
            return number_text(f"{self._amount:f}", self._currency)
        return f"{number_text(whole, self._currency)}.{cents}"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
        self.key_pressed.emit(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        focus, enabled = self.hasFocus(), self.isEnabled()
        edge = c.danger if self._wrong else c.focus if focus else c.border_strong
        fill = c.surface if enabled else c.sunken
        rounded(painter, self.rect(), theme.radius.control, fill, edge, 2 if focus or self._wrong else 1)
        ink = c.text if enabled else c.text3
        symbol = currency_of(self._currency).symbol if self._currency else ""
        symbol_px = theme.px(20)
        wide = fonts.text_width(symbol, symbol_px, fonts.REGULAR)
        first = bool(self._currency) and currency_of(self._currency).symbol_first
        right = self.width() - _PAD
        painter.setFont(fonts.font(symbol_px, fonts.REGULAR))
        if first:
            draw_text(painter, QRect(_PAD, 0, wide + 2, self.height()), symbol, _LEFT, c.text2)
        elif symbol:
            draw_text(painter, QRect(right - wide - 1, 0, wide + 2, self.height()), symbol, _LEFT, c.text2)
            right -= wide + 8
        left = _PAD + (wide + 8 if first else 0)
        px = fitting(self._number(), theme.px(_CASH_PX), fonts.BOLD, right - left)
        painter.setFont(fonts.font(px, fonts.BOLD))
        draw_text(painter, QRect(left, 0, right - left, self.height()), self._number(), _RIGHT, ink)
        painter.end()


class ChangeBox(Painted):
    """What goes back, what is still missing, or what went wrong: a word, how it came about, a large sum."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("changeBox")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.keep_height(60)
        self.title, self.detail, self.sum, self.tone = "", "", "", "ok"

    def show_words(self, title: str, detail: str, sum_: str, tone: str) -> None:
        """Show all in a tone: "ok", "warn", "danger" or "accent"."""
        self.title, self.detail, self.sum, self.tone = title, detail, sum_, tone
        self.setAccessibleName(", ".join(part for part in (title, sum_, detail) if part))
        self.update()

    def clipped_texts(self) -> list[str]:
        """Return what does not fit."""
        return [self.sum] if self.sum and self._sum_px() <= _LEAST_PX else []

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def _sum_px(self, *, with_detail: bool = False) -> int:
        theme = current_theme()
        words = fonts.text_width(self.title, theme.px(14), fonts.MEDIUM)
        if with_detail:
            words = max(words, fonts.text_width(self.detail, theme.px(12), fonts.REGULAR))
        room = self.width() - 2 * _PAD - words - 10
        return fitting(self.sum, theme.px(_CASH_PX), fonts.BOLD, room)

    def _shows_detail(self) -> bool:
        """Tell whether how it came about fits beside a sum that is still large."""
        return bool(self.detail) and self._sum_px(with_detail=True) >= current_theme().px(_LARGE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if not self.title and not self.sum:
            return
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        rounded(painter, self.rect(), theme.radius.control, c.by_name(f"{self.tone}_tint"))
        ink = c.by_name(f"{self.tone}_text")
        inner = self.rect().adjusted(_PAD, 0, -_PAD, 0)
        if not self.sum:
            self._paint_sentence(painter, inner)
        else:
            half, line = self.height() // 2, theme.px(18)
            painter.setFont(theme.font(14, fonts.MEDIUM))
            top = QRect(inner.left(), half - line, inner.width(), line)
            detail = self._shows_detail()
            if not detail:
                top.moveTop(half - line // 2)
            draw_text(painter, top, self.title, _LEFT, ink)
            if detail:
                painter.setFont(theme.font(12))
                draw_text(painter, QRect(inner.left(), half, inner.width(), line), self.detail, _LEFT, ink)
            painter.setFont(fonts.font(self._sum_px(with_detail=detail), fonts.BOLD))
            draw_text(painter, inner, self.sum, _RIGHT, ink)
        painter.end()

    def _paint_sentence(self, painter: QPainter, inner: QRect) -> None:
        """Paint a sentence over two lines or three: what went wrong, and what helps."""
        theme = current_theme()
        words = " ".join(part for part in (self.title, self.detail) if part)
        px = theme.px(13)
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter | _LEFT)
        while px > 11:
            painter.setFont(fonts.font(px, fonts.MEDIUM))
            if painter.boundingRect(inner, flags, words).height() <= inner.height():
                break
            px -= 1
        painter.setPen(theme.palette.by_name(f"{self.tone}_text"))
        painter.drawText(inner, flags, words)
