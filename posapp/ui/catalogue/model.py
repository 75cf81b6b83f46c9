"""The menu's dishes as a Qt model: searched and filtered in memory, so that thousands answer at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from posapp.domain.catalogue import Category, Product, search_text
from posapp.services.menu import Menu, Place, Standing
from posapp.ui.catalogue.words import place_word, sale_word
from posapp.ui.moneytext import money_text

DISH_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_NOWHERE = Place()


class Show(StrEnum):
    """Which dishes are listed."""

    CURRENT = "current"  # all but the deleted ones
    SOLD_OUT = "sold_out"
    CHANGED = "changed"
    REFUSED = "refused"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Dish:
    """One row."""

    product: Product
    place: Place
    colour: str = ""  # its own, else its category's
    icon: str = ""


class MenuModel(QAbstractListModel):
    """Holds all dishes, shows those that are asked for."""

    def __init__(self, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
        super().__init__()
        self.clock, self.zone = clock, zone
        self.currency = ""
        self._all: list[tuple[str, Dish]] = []
        self._rows: list[Dish] = []
        self._words: tuple[str, ...] = ()
        self._category: str | None = None
        self._show = Show.CURRENT

    @property
    def rows(self) -> tuple[Dish, ...]:
        """Return what is listed, in order."""
        return tuple(self._rows)

    @property
    def is_narrowed(self) -> bool:
        """Tell whether some are left out by a search or a filter."""
        return bool(self._words) or self._category is not None or self._show is not Show.CURRENT

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        dish = self._rows[index.row()]
        match role:
            case _ if role == DISH_ROLE:
                return dish
            case Qt.ItemDataRole.DisplayRole:
                return dish.product.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.spoken(dish)
        return None

    def spoken(self, dish: Dish) -> str:
        """Return a row as one sentence for a screen reader."""
        now, item = self.clock(), dish.product
        parts = (
            item.title,
            item.category,
            money_text(str(item.price), self.currency),
            sale_word(item, now, self.zone).text,
            place_word(dish.place, now, self.zone).text,
        )
        return ", ".join(part for part in parts if part)

    def put(self, menu: Menu, currency: str) -> None:
        """Take a new moment of the menu in."""
        self.currency = currency
        groups = {group.name: group for group in menu.categories}
        self._all = [(search_text(item), _dish(item, menu, groups)) for item in menu.products]
        self._fill()

    def narrow(self, text: str, category: str | None, show: Show) -> None:
        """List only what has all these words, is in this category ("": in none), and is so."""
        self._words, self._category, self._show = tuple(text.casefold().split()), category, show
        self._fill()

    def place_of(self, internal_id: str) -> int:
        """Return where a dish stands, -1 when it is not listed."""
        places = (row for row, dish in enumerate(self._rows) if dish.product.internal_id == internal_id)
        return next(places, -1)

    def _fill(self) -> None:
        now = self.clock()
        rows = [
            dish
            for text, dish in self._all
            if all(word in text for word in self._words)
            and self._category in (None, dish.product.category)
            and self._shown(dish, now)
        ]
        if [dish.product.internal_id for dish in rows] == [dish.product.internal_id for dish in self._rows]:
            # Nothing jumps under a hand that only waits for an answer of the shop.
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def _shown(self, dish: Dish, now: datetime) -> bool:
        item = dish.product
        match self._show:
            case Show.DELETED:
                return item.deleted
            case Show.SOLD_OUT:
                return not item.deleted and item.sold_out(now)
            case Show.CHANGED:
                return dish.place.standing in (Standing.CHANGED, Standing.WAITING)
            case Show.REFUSED:
                return dish.place.standing is Standing.REFUSED
            case _:
                return not item.deleted


def _dish(item: Product, menu: Menu, groups: Mapping[str, Category]) -> Dish:
    group = groups.get(item.category)
    place = menu.places.get(item.internal_id, _NOWHERE)
    if group is None:
        return Dish(item, place, item.colour, item.icon)
    return Dish(item, place, item.colour or group.colour, item.icon or group.icon)
