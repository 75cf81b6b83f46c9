"""Paints the menu's rows and the heads of their columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from posapp.ui import fonts
from posapp.ui.catalogue.colours import ICONS, colour_of
from posapp.ui.catalogue.model import DISH_ROLE, Dish, Index, MenuModel
from posapp.ui.catalogue.words import place_word, sale_word
from posapp.ui.icons import paint_icon
from posapp.ui.moneytext import money_text
from posapp.ui.theme import Theme, current_theme
from posapp.ui.widgets.paintkit import Painted, draw_text, rounded, smooth, with_alpha
from posapp.ui.widgets.tooltip import plain_tooltip

_LEFT = Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignRight
_ROW, _HEAD = 52, 30
_EDGE, _GAP, _TILE = 12, 14, 32
_LARGE = 1.15


def has_large_letters() -> bool:
    """Tell whether what stands side by side at the usual size has to stand in two rows."""
    return current_theme().scale > _LARGE


class Columns(NamedTuple):
    """Where the columns of a row lie."""

    name: QRect
    category: QRect
    price: QRect
    state: QRect


def columns_of(rect: QRect, theme: Theme) -> Columns:
    """Return the columns of a row of this size."""
    left, right = rect.x() + _EDGE, rect.right() - _EDGE
    price, state = theme.px(118), max(theme.px(176), round(rect.width() * 0.26))
    category = max(theme.px(90), round(rect.width() * 0.15))
    state_left = right - state
    price_left = state_left - _GAP * 2 - price
    category_left = price_left - _GAP - category
    return Columns(
        QRect(left, rect.y(), category_left - _GAP - left, rect.height()),
        QRect(category_left, rect.y(), category, rect.height()),
        QRect(price_left, rect.y(), price, rect.height()),
        QRect(state_left, rect.y(), state, rect.height()),
    )


class MenuHead(Painted):
    """The names of the columns above the list; `scroll_width` is what the list's scroll bar takes."""

    def __init__(self, scroll_width: Callable[[], int]) -> None:
        super().__init__()
        self._scroll_width = scroll_width
        self.keep_height(_HEAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        painter = smooth(self)
        painter.fillRect(self.rect(), theme.palette.sunken)
        painter.setFont(theme.font(12, fonts.SEMIBOLD))
        columns = columns_of(self.rect().adjusted(0, 0, -self._scroll_width(), 0), theme)
        words = (
            QCoreApplication.translate("menu", "Dish"),
            QCoreApplication.translate("menu", "Category"),
            QCoreApplication.translate("menu", "Price"),
            QCoreApplication.translate("menu", "State"),
        )
        for word, box in zip(words, columns, strict=True):
            draw_text(painter, box, word, _RIGHT if box is columns.price else _LEFT, theme.palette.text2)
        painter.end()


class DishPainter(QStyledItemDelegate):
    """Paints a dish: tile, title and id, category, price, and how it stands here and at the shop."""

    def __init__(self, model: MenuModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del option, index
        theme = current_theme()
        return QSize(80, max(theme.px(_ROW), theme.control + 8 if theme.touch else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        dish = cast("Dish | None", index.data(DISH_ROLE))
        if dish is None:
            return
        rect: QRect = option.rect
        theme = current_theme()
        c = theme.palette
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hover = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(rect, c.selected if chosen else c.hover if hover else c.surface)
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, c.border)
        columns = columns_of(rect, theme)
        self._name(painter, theme, columns.name, dish)
        item = dish.product
        ink = c.text3 if item.deleted else c.text
        self._line(painter, theme, columns.category, item.category or "—", c.text2)
        painter.setFont(theme.font(14, fonts.SEMIBOLD))
        price = money_text(str(item.price), self._model.currency)
        draw_text(painter, columns.price, price, _RIGHT, ink)
        self._state(painter, theme, columns.state, dish)
        if option.state & QStyle.StateFlag.State_HasFocus:
            rounded(painter, rect.adjusted(2, 2, -2, -3), theme.radius.chip, None, c.focus, 2)
        painter.restore()

    def _name(self, painter: QPainter, theme: Theme, box: QRect, dish: Dish) -> None:
        c, item = theme.palette, dish.product
        side = theme.px(_TILE)
        tile = QRect(box.x(), box.center().y() - side // 2, side, side)
        colour = colour_of(dish.colour)
        fill = with_alpha(colour, 0.18) if colour is not None else c.sunken
        rounded(painter, tile, theme.radius.chip, fill)
        icon = f"{dish.icon}-fill" if dish.icon in ICONS else "tag-fill"
        paint_icon(painter, tile.adjusted(7, 7, -7, -7), icon, colour if colour is not None else c.text3)
        left = tile.right() + 11
        words = QRect(left, box.y(), box.right() - left, box.height())
        more = " · ".join(part for part in (item.internal_id, item.weight) if part)
        upper, lower = _halves(words)
        self._line(painter, theme, upper, item.title, c.text3 if item.deleted else c.text, 14, fonts.SEMIBOLD)
        self._line(painter, theme, lower, more, c.text2, 12)

    def _state(self, painter: QPainter, theme: Theme, box: QRect, dish: Dish) -> None:
        now, zone = self._model.clock(), self._model.zone
        sale, place = sale_word(dish.product, now, zone), place_word(dish.place, now, zone)
        upper, lower = _halves(box) if place.text else (box, box)
        self._line(painter, theme, upper, sale.text, theme.palette.by_name(sale.tone), 13, fonts.SEMIBOLD)
        if place.text:
            self._line(painter, theme, lower, place.text, theme.palette.by_name(place.tone), 12)

    def _line(
        self,
        painter: QPainter,
        theme: Theme,
        box: QRect,
        text: str,
        ink: QColor,
        px: int = 13,
        weight: int = fonts.REGULAR,
    ) -> None:
        painter.setFont(theme.font(px, weight))
        shown = painter.fontMetrics().elidedText(
            " ".join(text.split()), Qt.TextElideMode.ElideRight, box.width()
        )
        draw_text(painter, box, shown, _LEFT, ink)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        dish = cast("Dish | None", index.data(DISH_ROLE))
        if dish is None or event.type() != QEvent.Type.ToolTip:
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(event.globalPos(), plain_tooltip(self._model.spoken(dish)), view)
        return True


def _halves(box: QRect) -> tuple[QRect, QRect]:
    half = box.height() // 2
    upper = QRect(box.x(), box.y() + 4, box.width(), half - 3)
    return upper, QRect(box.x(), box.y() + half, box.width(), half - 5)
