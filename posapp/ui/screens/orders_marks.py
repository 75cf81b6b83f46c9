"""Which rows of the list a person has ticked, apart from the one that is open."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from posapp.storage.rows import OrderRow
from posapp.ui.itemmodels.orders import OrdersModel


class OrderMarks(QObject):
    """Keeps the ticks with their orders, until they leave the list; `changed` tells of each change."""

    changed = Signal()

    def __init__(self, model: OrdersModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._pks: set[int] = set()
        self._anchor: int | None = None
        self._end: int | None = None
        model.rowsRemoved.connect(self._prune)
        model.modelReset.connect(self._prune)

    def __bool__(self) -> bool:
        """Tell whether any row is ticked."""
        return bool(self._pks)

    def has(self, pk: int) -> bool:
        """Tell whether a row is ticked."""
        return pk in self._pks

    @property
    def rows(self) -> list[OrderRow]:
        """Return the ticked rows in the order of the list."""
        return [row for row in self._model.rows if row.pk in self._pks]

    @property
    def end(self) -> int | None:
        """Return the order at the moving end of the stretch."""
        return self._end

    def toggle(self, pk: int) -> None:
        """Tick a row, or not any more; stretches begin there from now on."""
        self._anchor = self._end = pk
        self._put(self._pks ^ {pk})

    def add(self, pk: int) -> None:
        """Tick a row."""
        self._anchor = self._end = pk
        self._put(self._pks | {pk})

    def stretch(self, pk: int, start: int | None) -> None:
        """Tick all rows from where the stretch began, `start` for a new one, to this one."""
        if self._anchor is None or self._model.place_of(self._anchor) < 0:
            self._anchor = start if start is not None else pk
        first, last = sorted((self._model.place_of(self._anchor), self._model.place_of(pk)))
        self._end = pk
        if first >= 0:
            self._put({row.pk for row in self._model.rows[first : last + 1]})

    def step(self, by: int, start: int | None) -> None:
        """Move the end of the stretch one row up or down."""
        place = self._model.place_of(self._end if self._end is not None else start)
        row = self._model.row_at(max(0, min(self._model.rowCount() - 1, place + by)))
        if row is not None:
            self.stretch(row.pk, start)

    def all(self) -> None:
        """Tick what is shown, all of it."""
        self._put({row.pk for row in self._model.rows})

    def clear(self) -> None:
        """Take all ticks away."""
        self._anchor = self._end = None
        self._put(set())

    def _prune(self) -> None:
        self._put(self._pks & {row.pk for row in self._model.rows})

    def _put(self, pks: set[int]) -> None:
        if pks != self._pks:
            self._pks = pks
            self.changed.emit()
