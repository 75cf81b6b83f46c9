"""Paints the rows of the Sync Center: stripe, icon, what it is about, why, and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from posapp.ui import fonts
from posapp.ui.delegates.age import clock_text
from posapp.ui.icons import paint_icon
from posapp.ui.sync_center.entries import Entry, Kind
from posapp.ui.sync_center.model import ENTRY_ROLE, Index
from posapp.ui.sync_center.words import ago_text
from posapp.ui.theme import Look, Theme, current_theme
from posapp.ui.widgets.paintkit import draw_text, rounded
from posapp.ui.widgets.tooltip import plain_tooltip

ROW, HEADER, MORE = 60, 30, 40
_LEFT, _TEXT, _RIGHT = 14, 49, 14


class EntryDelegate(QStyledItemDelegate):
    """`now` tells the time; the owner repaints the view once a second, so that all ages tick together."""

    def __init__(self, now: Callable[[], datetime], zone: ZoneInfo, parent: QObject) -> None:
        super().__init__(parent)
        self._now, self.zone = now, zone
        self.by_keyboard = False  # show the focus ring, or trust the fill of the chosen row

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del option
        entry = cast("Entry | None", index.data(ENTRY_ROLE))
        kind = entry.kind if entry is not None else Kind.WAITING
        height = HEADER if kind is Kind.HEADER else MORE if kind is Kind.MORE else ROW
        return QSize(80, current_theme().px(height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = cast("Entry | None", index.data(ENTRY_ROLE))
        if entry is None:
            return
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current_theme()
        if entry.kind is Kind.HEADER:
            _paint_header(painter, theme, rect, entry)
        else:
            self._paint_ground(painter, theme, rect, state)
            if entry.kind is Kind.MORE:
                painter.setFont(theme.font(13, fonts.SEMIBOLD))
                inner = rect.adjusted(theme.px(_TEXT), 0, 0, 0)
                draw_text(painter, inner, entry.title, Qt.AlignmentFlag.AlignLeft, theme.palette.accent_text)
            else:
                self._paint_entry(painter, theme, rect, entry)
            if state & QStyle.StateFlag.State_HasFocus and self.by_keyboard:
                rounded(painter, rect.adjusted(6, 2, -2, -3), theme.radius.chip, None, theme.palette.focus, 2)
        painter.restore()

    def _paint_ground(self, p: QPainter, theme: Theme, rect: QRect, state: QStyle.StateFlag) -> None:
        c = theme.palette
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hover = bool(state & QStyle.StateFlag.State_MouseOver)
        p.fillRect(rect, c.selected if chosen else c.hover if hover else c.surface)
        p.fillRect(rect.x(), rect.bottom(), rect.width(), 1, c.border)

    def _paint_entry(self, p: QPainter, theme: Theme, rect: QRect, entry: Entry) -> None:
        look, c = _look(theme, entry), theme.palette
        if entry.kind is not Kind.DONE:
            p.fillRect(rect.x(), rect.y(), 4, rect.height() - 1, look.solid)
        size = theme.px(22)
        box = QRect(rect.x() + _LEFT, rect.center().y() - size // 2, size, size)
        icon = look.icon.removesuffix("-fill") if entry.kind is Kind.DONE else look.icon
        paint_icon(p, box, icon, look.solid)
        left, middle = rect.x() + theme.px(_TEXT), rect.center().y()
        edge = self._paint_right(p, theme, rect, entry)
        px = theme.px(15)
        base = middle - theme.px(4)
        if entry.code:
            code = _elided(entry.code, px, fonts.BOLD, max(40, (edge - left) * 2 // 3))
            _text(p, left, base, code, px, fonts.BOLD, c.text)
            left += fonts.text_width(code, px, fonts.BOLD) + 9
        title = _elided(entry.title, px, fonts.MEDIUM, edge - left)
        _text(p, left, base, title, px, fonts.MEDIUM, c.text)
        px = theme.px(13)
        left, strong = rect.x() + theme.px(_TEXT), entry.kind in (Kind.CONFLICT, Kind.FAILED, Kind.SHOP)
        weight = fonts.SEMIBOLD if strong else fonts.REGULAR
        line = _elided(entry.line, px, weight, rect.right() - _RIGHT - left)
        _text(p, left, middle + theme.px(16), line, px, weight, look.text if strong else c.text2)

    def _paint_right(self, p: QPainter, theme: Theme, rect: QRect, entry: Entry) -> int:
        """Paint the time and what belongs to it; return where it begins."""
        right, px = rect.right() - _RIGHT, theme.px(13)
        text = self.right_text(entry)
        if not text:
            return right
        left = right - fonts.text_width(text, px)
        _text(p, left, rect.center().y() - theme.px(4), text, px, fonts.REGULAR, theme.palette.text2)
        return left - 10

    def right_text(self, entry: Entry) -> str:
        """Return what stands at the right: when, or how long ago, and a remark."""
        now = self._now()
        when = ""
        if entry.at is not None:
            when = ago_text(entry.at, now) if entry.ages else clock_text(entry.at, now, self.zone)
        return " · ".join(part for part in (when, entry.right) if part)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        entry = cast("Entry | None", index.data(ENTRY_ROLE))
        if entry is None or event.type() != QEvent.Type.ToolTip or not entry.line:
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(event.globalPos(), plain_tooltip(f"{entry.title}\n{entry.line}"), view)
        return True


def _look(theme: Theme, entry: Entry) -> Look:
    match entry.kind:
        case Kind.CONFLICT:
            return theme.sync["conflict"]
        case Kind.FAILED | Kind.PRODUCT:
            return theme.sync["failed"]
        case Kind.SHOP | Kind.UNREAD:
            c = theme.palette
            return Look(
                "warning-circle-fill", c.danger if entry.kind is Kind.SHOP else c.warn, c.danger_text, c.bg
            )
        case Kind.DONE:
            return theme.sync["synced"]
        case _:
            return theme.sync["pending"]


def _paint_header(p: QPainter, theme: Theme, rect: QRect, entry: Entry) -> None:
    c = theme.palette
    p.fillRect(rect, c.bg)
    p.fillRect(rect.x(), rect.bottom(), rect.width(), 1, c.border)
    px = theme.px(12)
    word = entry.title.upper()
    ink = c.danger_text if entry.key == "header:needs" else c.text2
    base = rect.center().y() + px // 2 - 1
    _text(p, rect.x() + _LEFT, base, word, px, fonts.BOLD, ink)
    left = rect.x() + _LEFT + fonts.text_width(word, px, fonts.BOLD) + 8
    _text(p, left, base, entry.right, px, fonts.SEMIBOLD, c.text2)


def _text(p: QPainter, x: int, base: int, text: str, px: int, weight: int, ink: QColor) -> None:
    p.setFont(fonts.font(px, weight))
    p.setPen(ink)
    p.drawText(x, base, text)


def _elided(text: str, px: int, weight: int, width: int) -> str:
    line = " ".join(text.split())
    return fonts.metrics(px, weight).elidedText(line, Qt.TextElideMode.ElideRight, max(0, width))
