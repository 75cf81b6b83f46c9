"""The order list as a Qt model that is patched in place: a row that changed is one signal about one row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from posapp.storage.rows import OrderRow
from posapp.ui.delegates.order_row import ROW_ROLE

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ROLES = [ROW_ROLE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole]


class OrdersModel(QAbstractListModel):
    """Holds the loaded stretch of the list; `more_wanted` asks its owner for the next page."""

    more_wanted = Signal()

    def __init__(self, speak: Callable[[OrderRow], str], parent: QObject | None = None) -> None:
        """Start empty; `speak` makes a row's sentence for screen readers."""
        super().__init__(parent)
        self._rows: list[OrderRow] = []
        self._speak = speak
        self._more = False
        self.removing = False  # Qt moves the current row meanwhile, which is nobody's choice

    @property
    def rows(self) -> tuple[OrderRow, ...]:
        """Return the loaded rows, in order."""
        return tuple(self._rows)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole):
            return self._speak(row)
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._more

    def fetchMore(self, parent: Index) -> None:
        if not parent.isValid() and self._more:
            self._more = False
            self.more_wanted.emit()

    def set_more(self, *, more: bool) -> None:
        """Note whether rows follow behind the loaded ones."""
        self._more = more

    def row_at(self, number: int) -> OrderRow | None:
        """Return the row at this place, None beyond the ends."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def place_of(self, pk: int | None) -> int:
        """Return where an order stands, -1 when it is not loaded."""
        return next((number for number, row in enumerate(self._rows) if row.pk == pk), -1)

    def row_of(self, pk: int | None) -> OrderRow | None:
        """Return the loaded row of an order."""
        return self.row_at(self.place_of(pk))

    def replace(self, rows: Sequence[OrderRow]) -> None:
        """Show another list altogether."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def append(self, rows: Iterable[OrderRow]) -> None:
        """Add the rows of the next page, without those that are here already."""
        known = {row.pk for row in self._rows}
        fresh = [row for row in rows if row.pk not in known]
        if not fresh:
            return
        first = len(self._rows)
        self.beginInsertRows(_ROOT, first, first + len(fresh) - 1)
        self._rows += fresh
        self.endInsertRows()

    def patch(self, row: OrderRow) -> bool:
        """Put a row's newer state in its place; tell whether it is loaded."""
        place = self.place_of(row.pk)
        if place < 0:
            return False
        self._put(place, row)
        return True

    def merge(self, target: Sequence[OrderRow]) -> None:
        """Become `target` by removing, moving, inserting and patching single rows, never by a reset."""
        self._remove_all_but({row.pk for row in target})
        place_in_target = {row.pk: place for place, row in enumerate(target)}
        place = 0
        while place < len(target):
            wanted = target[place]
            if place < len(self._rows) and self._rows[place].pk == wanted.pk:
                self._put(place, wanted)
                place += 1
                continue
            found = self.place_of(wanted.pk)
            if found < 0:
                place += self._insert(place, target)
            elif found == place + 1:
                # One row left its place here: move it where it goes instead of all the others up.
                goal = place_in_target[self._rows[place].pk]
                self._move(place, min(goal, len(self._rows) - 1))
            else:
                self._move(found, place)

    def _put(self, place: int, row: OrderRow) -> None:
        before, self._rows[place] = self._rows[place], row
        # Every change of an order counts its version up; its target follows the settings.
        if before.version == row.version and before.target_s == row.target_s:
            return
        index = self.index(place)
        self.dataChanged.emit(index, index, _ROLES)

    def _remove_all_but(self, kept: set[int]) -> None:
        last = len(self._rows) - 1
        while last >= 0:
            if self._rows[last].pk in kept:
                last -= 1
                continue
            first = last
            while first > 0 and self._rows[first - 1].pk not in kept:
                first -= 1
            self.removing = True
            self.beginRemoveRows(_ROOT, first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
            self.removing = False
            last = first - 1

    def _insert(self, place: int, target: Sequence[OrderRow]) -> int:
        """Insert the unbroken run of unknown rows that begins at `place`; return its length."""
        known = {row.pk for row in self._rows}
        run: list[OrderRow] = []
        while place + len(run) < len(target) and target[place + len(run)].pk not in known:
            run.append(target[place + len(run)])
        self.beginInsertRows(_ROOT, place, place + len(run) - 1)
        self._rows[place:place] = run
        self.endInsertRows()
        return len(run)

    def _move(self, start: int, goal: int) -> None:
        self.beginMoveRows(_ROOT, start, start, _ROOT, goal + 1 if goal > start else goal)
        self._rows.insert(goal, self._rows.pop(start))
        self.endMoveRows()
