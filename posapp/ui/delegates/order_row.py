"""Paints an order as one row of the list: stripe, status, age, code, customer, money, sync."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import cast
from zoneinfo import ZoneInfo

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from posapp.domain.timing import Age
from posapp.storage.rows import OrderRow
from posapp.ui import fonts
from posapp.ui.delegates.age import age_of
from posapp.ui.delegates.rowtext import PaymentLine, code_text, payment_line, where, who
from posapp.ui.icons import paint_icon
from posapp.ui.moneytext import money_text
from posapp.ui.theme import Theme, current_theme
from posapp.ui.widgets.chip import ChipFace, chip_height, chip_width, look_dress, paint_chip
from posapp.ui.widgets.paintkit import rounded
from posapp.ui.widgets.tooltip import plain_tooltip
from posapp.ui.words import source_icon, status_word

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The role under which a model gives the whole row as one frozen object."""

Index = QModelIndex | QPersistentModelIndex
_LEFT, _STRIPE, _GAP, _COLUMN = 16, 4, 12, 112
_SYNC_RIGHT, _MONEY_RIGHT, _BOX = 14, 46, 22


@lru_cache(maxsize=4096)
def _elided(text: str, px: int, weight: int, width: int) -> str:
    line = " ".join(text.split())
    return fonts.metrics(px, weight).elidedText(line, Qt.TextElideMode.ElideRight, max(0, width))


class OrderRowDelegate(QStyledItemDelegate):
    """Paints rows that `index.data(ROW_ROLE)` gives; `now` tells the time, `zone` is the shop's.

    The owner of the view repaints its viewport once a second, so that all ages tick together.
    """

    def __init__(self, now: Callable[[], datetime], zone: ZoneInfo, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now, self._zone = now, zone
        self._by_keyboard = False
        self._marked: Callable[[int], bool] = _none_marked
        self._boxes: Callable[[], bool] = bool

    def set_marked(self, marked: Callable[[int], bool], boxes: Callable[[], bool]) -> None:
        """Paint a box on every row while `boxes` says so, ticked where `marked` does."""
        self._marked, self._boxes = marked, boxes

    @property
    def indent(self) -> int:
        """Return how far the boxes push the rows to the right."""
        return _BOX + 10 if self._boxes() else 0

    def set_zone(self, zone: ZoneInfo) -> None:
        """Tell times in another zone from now on."""
        self._zone = zone

    def set_keyboard_focus(self, *, on: bool) -> None:
        """Show the focus ring on the current row, or trust the fill of the selection alone."""
        self._by_keyboard = on

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del index
        return QSize(cast(QRect, getattr(option, "rect")).width(), current_theme().row)  # noqa: B009

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = cast("OrderRow | None", index.data(ROW_ROLE))
        rect, state = _rect_of(option), _state_of(option)
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row is None:
            painter.fillRect(rect, theme.palette.surface)
        else:
            self._paint_row(painter, theme, rect, state, row)
        painter.restore()

    def _paint_row(
        self, p: QPainter, theme: Theme, rect: QRect, state: QStyle.StateFlag, row: OrderRow
    ) -> None:
        c, look = theme.palette, theme.status[row.status]
        boxes = self._boxes()
        marked = boxes and self._marked(row.pk)
        current = bool(state & QStyle.StateFlag.State_Selected)
        selected = marked if boxes else current
        hover = bool(state & QStyle.StateFlag.State_MouseOver) or current
        p.fillRect(rect, c.selected if selected else c.hover if hover else c.surface)
        p.fillRect(rect.x(), rect.bottom(), rect.width(), 1, c.border)
        p.fillRect(rect.x(), rect.y(), _STRIPE, rect.height() - 1, look.solid)
        if boxes:
            _paint_box(p, theme, rect, marked=marked)
            rect = rect.adjusted(self.indent, 0, 0, 0)
        left = self._paint_status(p, theme, rect, row)
        edge, pay_left = self._paint_money(p, theme, rect, row)
        self._paint_customer(p, theme, rect, row, (left, edge, pay_left))
        self._paint_sync(p, theme, rect, row)
        keyboard = self._by_keyboard or bool(state & QStyle.StateFlag.State_KeyboardFocusChange)
        if state & QStyle.StateFlag.State_HasFocus and keyboard:
            rounded(p, rect.adjusted(_STRIPE + 2, 2, -2, -3), theme.radius.chip, None, c.focus, 2)

    def _paint_status(self, p: QPainter, theme: Theme, rect: QRect, row: OrderRow) -> int:
        """Paint chip and age; return where the next column begins."""
        look, word = theme.status[row.status], status_word(row.status)
        width, height = chip_width(theme, word), chip_height(theme)
        left = rect.x() + _LEFT
        top = rect.y() + (rect.height() - 1 - height - theme.px(18)) // 2
        face = ChipFace(word, look.icon, look_dress(look))
        paint_chip(p, QRect(left, top, width, height), theme, face)
        if row.unacknowledged:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(look.solid)
            p.drawEllipse(QPoint(left + width + 10, top + height // 2), 4, 4)
        age = age_of(row, self._now(), self._zone)
        base = top + height + theme.px(18)
        if age.level is Age.OK:
            _text(p, left, base, age.text, theme.px(13), fonts.REGULAR, theme.palette.text2)
        else:
            late = age.level is Age.LATE
            size = theme.px(15)
            icon, tone = ("warning-octagon-fill", "danger") if late else ("warning-fill", "warn")
            box = QRect(left, base - theme.px(13), size, size)
            paint_icon(p, box, icon, theme.palette.by_name(tone))
            ink = theme.palette.by_name(f"{tone}_text")
            _text(p, left + size + 4, base, age.text, theme.px(13), fonts.SEMIBOLD, ink)
        return left + max(_status_column(theme), width) + _GAP

    def _paint_money(self, p: QPainter, theme: Theme, rect: QRect, row: OrderRow) -> tuple[int, int]:
        """Paint total and payment line; return their left edges."""
        right = rect.right() + 1 - _MONEY_RIGHT
        total = money_text(row.total, row.currency)
        px = theme.px(15)
        total_left = right - fonts.text_width(total, px, fonts.SEMIBOLD)
        _text(p, total_left, _first_base(theme, rect), total, px, fonts.SEMIBOLD, theme.palette.text)
        line = payment_line(row)
        px = theme.px(12)
        left = right - 2 - fonts.text_width(line.text, px, fonts.MEDIUM)
        base = _second_base(theme, rect)
        ink, icon_ink = _payment_inks(theme, line)
        _text(p, left, base, line.text, px, fonts.MEDIUM, ink)
        size = theme.px(16)
        left -= size + 3
        paint_icon(p, QRect(left, base - theme.px(12), size, size), line.icon, icon_ink)
        return total_left, left

    def _paint_customer(
        self, p: QPainter, theme: Theme, rect: QRect, row: OrderRow, edges: tuple[int, int, int]
    ) -> None:
        left, total_left, pay_left = edges
        c, px, base = theme.palette, theme.px(15), _first_base(theme, rect)
        code = code_text(row)
        _text(p, left, base, code, px, fonts.BOLD, c.text)
        size = theme.px(16)
        x = left + fonts.text_width(code, px, fonts.BOLD) + 8
        paint_icon(p, QRect(x, base - theme.px(13), size, size), source_icon(row.source), c.text3)
        x += size + 7
        weight = fonts.SEMIBOLD if row.unacknowledged else fonts.MEDIUM
        name = _elided(who(row), px, weight, total_left - _GAP - x)
        _text(p, x, base, name, px, weight, c.text)
        px = theme.px(13)
        place = _elided(where(row), px, fonts.REGULAR, pay_left - _GAP - left)
        _text(p, left, _second_base(theme, rect), place, px, fonts.REGULAR, c.text2)

    def _paint_sync(self, p: QPainter, theme: Theme, rect: QRect, row: OrderRow) -> None:
        look, size = theme.sync[row.sync], theme.px(20)
        x = rect.right() + 1 - _SYNC_RIGHT - size
        box = QRect(x, rect.y() + (rect.height() - 1 - size) // 2 + 1, size, size)
        if row.sync in ("synced", "local"):
            # What is well needs no weight: the outlined icon in a quiet grey.
            paint_icon(p, box, look.icon.removesuffix("-fill"), theme.palette.text3)
        else:
            paint_icon(p, box, look.icon, look.solid)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        row = cast("OrderRow | None", index.data(ROW_ROLE))
        if row is None or event.type() != QEvent.Type.ToolTip:
            return super().helpEvent(event, view, option, index)
        over_sync = event.pos().x() > _rect_of(option).right() - _MONEY_RIGHT
        text = row.sync_reason if over_sync and row.sync_reason else f"{who(row)}\n{where(row)}"
        if over_sync and row.sync == "kept":
            text = QCoreApplication.translate("row", "Kept on this computer until the database is here")
        QToolTip.showText(event.globalPos(), plain_tooltip(text), view)
        return True


class KeyboardFocusWatcher(QObject):
    """Turns the focus ring of a row on when keys move the selection, off when the pointer does."""

    def __init__(self, view: QAbstractItemView, delegate: OrderRowDelegate) -> None:
        super().__init__(view)
        self._view, self._delegate = view, delegate
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin):
            self._delegate.set_keyboard_focus(on=kind == QEvent.Type.KeyPress)
            self._view.viewport().update()
        return super().eventFilter(watched, event)


def _none_marked(_pk: int) -> bool:
    return False


def _paint_box(p: QPainter, theme: Theme, rect: QRect, *, marked: bool) -> None:
    c = theme.palette
    box = QRect(rect.x() + 14, rect.y() + (rect.height() - 1 - _BOX) // 2, _BOX, _BOX)
    if marked:
        rounded(p, box, 6, c.accent)
        paint_icon(p, box.adjusted(4, 4, -4, -4), "check-bold", c.on_accent)
    else:
        rounded(p, box, 6, c.surface, c.border_strong, 2)


def _rect_of(option: QStyleOptionViewItem) -> QRect:
    return option.rect


def _state_of(option: QStyleOptionViewItem) -> QStyle.StateFlag:
    return option.state


def _first_base(theme: Theme, rect: QRect) -> int:
    return rect.y() + rect.height() // 2 - theme.px(5)


def _second_base(theme: Theme, rect: QRect) -> int:
    return rect.y() + rect.height() // 2 + theme.px(17)


def _status_column(theme: Theme) -> int:
    return round(_COLUMN * theme.scale)


def _payment_inks(theme: Theme, line: PaymentLine) -> tuple[QColor, QColor]:
    if line.tone == "text2":
        return theme.palette.text2, theme.palette.text2
    return theme.palette.by_name(f"{line.tone}_text"), theme.palette.by_name(line.tone)


def _text(p: QPainter, x: int, base: int, text: str, px: int, weight: int, ink: QColor) -> None:
    p.setFont(fonts.font(px, weight))
    p.setPen(ink)
    p.drawText(x, base, text)
