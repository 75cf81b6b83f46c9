"""One dish as a tile: its picture on a pale ground, its name, its weight, its price."""

from __future__ import annotations

import re

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from posapp.domain.catalogue import Product
from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import Theme, current_theme
from posapp.ui.till.shelf import Shelf
from posapp.ui.till.tints import dish_colour, dish_icon, ground, ink
from posapp.ui.widgets.paintkit import draw_text, focus_ring, rounded

Index = QModelIndex | QPersistentModelIndex
GAP = 10
_PAD = 8
_TITLE, _SMALL, _PRICE = 14, 12, 14
_LEAST_PX = 10
_GLUE = "\N{NO-BREAK SPACE}"
_MEASURE = re.compile(r"(\d) (\w{1,3})\b")
_RIGHT, _LEFT = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft


def needed_height(theme: Theme) -> int:
    """Return the least height of a tile with its gap."""
    return 2 * _PAD + theme.px(44) + theme.px(34) + theme.px(24) + GAP


class TilePainter(QStyledItemDelegate):
    """Paints the tiles of a grid."""

    def __init__(self, shelf: Shelf, grid: QListView) -> None:
        super().__init__(grid)
        self._shelf, self._grid = shelf, grid
        self.pressed = -1

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del option, index
        return self._grid.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, product = current_theme(), self._shelf.products[index.row()]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = option.rect.adjusted(0, 0, -GAP, -GAP)
        gone = self._shelf.sold_out(product)
        count = self._shelf.counts.get(product.internal_id, 0)
        hot = bool(option.state & QStyle.StateFlag.State_MouseOver)
        self._paint_ground(painter, box, theme, gone=gone, count=count, hot=hot, row=index.row())
        if self._grid.hasFocus() and self._grid.currentIndex().row() == index.row():
            focus_ring(painter, box.adjusted(-2, -2, 2, 2), theme.radius.card, theme.palette.focus)
        inner = box.adjusted(_PAD, _PAD, -_PAD, -_PAD)
        words, low = theme.px(34), theme.px(24)
        picture = QRect(inner.left(), inner.top(), inner.width(), inner.height() - words - low + 2)
        self._paint_picture(painter, picture, theme, product, gone=gone)
        if count:
            self._paint_count(painter, picture, theme, count)
        title = QRect(inner.left(), picture.bottom() + 1, inner.width(), words)
        self._paint_title(painter, title, theme, product.title, gone=gone)
        self._paint_foot(painter, QRect(inner.left(), title.bottom() + 1, inner.width(), low), theme, product)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, box: QRect, theme: Theme, *, gone: bool, count: int, hot: bool, row: int
    ) -> None:
        c = theme.palette
        fill = c.bg if gone else c.selected if self.pressed == row else c.hover if hot else c.surface
        edge = c.accent if count else c.border_strong if hot else c.border
        rounded(painter, box, theme.radius.card, fill, edge, 2 if count else 1)

    def _paint_picture(
        self, painter: QPainter, box: QRect, theme: Theme, product: Product, *, gone: bool
    ) -> None:
        groups = self._shelf.groups
        colour = dish_colour(product, groups)
        fill = theme.palette.sunken if gone else ground(colour, theme)
        rounded(painter, box, 8, fill)
        side = min(theme.px(38), box.height() - 12)
        place = QRect(box.center().x() - side // 2 + 1, box.center().y() - side // 2 + 1, side, side)
        paint_icon(
            painter, place, dish_icon(product, groups), theme.palette.text3 if gone else ink(colour, theme)
        )

    def _paint_count(self, painter: QPainter, picture: QRect, theme: Theme, count: int) -> None:
        text = str(count) if count < 1000 else "999+"
        high = theme.px(24)
        wide = max(high, fonts.text_width(text, theme.px(13), fonts.BOLD) + 12)
        badge = QRect(picture.right() - wide - 5, picture.top() + 6, wide, high)
        rounded(painter, badge, high / 2, theme.palette.accent)
        painter.setFont(theme.font(13, fonts.BOLD))
        draw_text(painter, badge, text, Qt.AlignmentFlag.AlignHCenter, theme.palette.on_accent)

    def _paint_title(self, painter: QPainter, box: QRect, theme: Theme, title: str, *, gone: bool) -> None:
        colour = theme.palette.text2 if gone else theme.palette.text
        px = theme.px(_TITLE)
        if fonts.text_width(title, px, fonts.SEMIBOLD) <= box.width():
            painter.setFont(fonts.font(px, fonts.SEMIBOLD))
            draw_text(painter, box, title, _LEFT, colour)
            return
        # Long names get two smaller lines; what does not fit those either ends with dots.
        px = theme.px(12)
        painter.setFont(fonts.font(px, fonts.SEMIBOLD))
        first, rest = _broken(title, px, box.width())
        half = box.height() // 2
        rest = painter.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideRight, box.width())
        draw_text(painter, QRect(box.left(), box.top() + 1, box.width(), half), first, _LEFT, colour)
        draw_text(painter, QRect(box.left(), box.top() + half, box.width(), half), rest, _LEFT, colour)

    def _paint_foot(self, painter: QPainter, box: QRect, theme: Theme, product: Product) -> None:
        c = theme.palette
        gone = self._shelf.sold_out(product)
        text = self.tr("Sold out") if gone else self._shelf.price(product)
        ink_: QColor = c.danger_text if gone else c.text
        px = theme.px(_PRICE)
        while px > _LEAST_PX and fonts.text_width(text, px, fonts.BOLD) > box.width():
            px -= 1
        wide = fonts.text_width(text, px, fonts.BOLD)
        painter.setFont(fonts.font(px, fonts.BOLD))
        draw_text(painter, box, text, _RIGHT, ink_)
        room = box.width() - wide - 6
        painter.setFont(theme.font(_SMALL))
        weight = painter.fontMetrics().elidedText(product.weight, Qt.TextElideMode.ElideRight, room)
        if room > theme.px(16):
            draw_text(painter, QRect(box.left(), box.top(), room, box.height()), weight, _LEFT, c.text2)


def _broken(title: str, px: int, room: int) -> tuple[str, str]:
    """Break a name at the last space that lets its first part fit, else anywhere."""
    words = _MEASURE.sub(f"\\1{_GLUE}\\2", title).split(" ")  # "25 cm" stays together
    for count in range(len(words) - 1, 0, -1):
        first = " ".join(words[:count])
        if fonts.text_width(first, px, fonts.SEMIBOLD) <= room:
            return first, " ".join(words[count:])
    fits = next(
        (
            end
            for end in range(len(title), 1, -1)
            if fonts.text_width(title[:end], px, fonts.SEMIBOLD) <= room
        ),
        1,
    )
    return title[:fits], title[fits:]
