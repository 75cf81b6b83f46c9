"""A list of a million in a view that holds a few hundred rows: the true scroll bar, and keys to any place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint

from posapp.ui.itemmodels.orders import OrdersModel
from posapp.ui.screens.orders_reader import OrdersReader, Stretch
from posapp.ui.screens.orders_view import OrdersView
from posapp.ui.theme import current_theme

_MARGIN = 30  # rows from an end of the stretch at which the next one is read


class LongList(QObject):
    """Moves the stretch of rows that the model holds to where the person goes.

    What the view itself counts is the stretch; its scroll bar shows the whole list.
    """

    def __init__(
        self,
        model: OrdersModel,
        view: OrdersView,
        reader: OrdersReader,
        selected: Callable[[], int | None],
        parent: QObject,
    ) -> None:
        """Work for a list whose open order `selected` tells."""
        super().__init__(parent)
        self._model, self._view, self._reader, self._selected = model, view, reader, selected
        self._pixel: int | None = None  # where the bar was pulled to
        self._pick: int | None = None  # a place to go to with the keys
        self._known: tuple[int | None, int] = (None, 0)  # the open order, and its place when last seen
        view.bar.far.connect(self._jump)
        view.verticalScrollBar().valueChanged.connect(self._near)
        view.verticalScrollBar().rangeChanged.connect(self._size)
        reader.moved.connect(self._put)
        reader.sized.connect(self._size)

    @property
    def total(self) -> int:
        """Return how many orders the list has, as far as it is known."""
        return max(self._reader.total, self._reader.first + self._model.rowCount())

    def step(self, by: int) -> None:
        """Go so many rows on from the open order, as a person does with the keys."""
        pk, first = self._selected(), self._reader.first
        place = self._model.place_of(pk)
        if place >= 0:
            self._known = (pk, first + place)
        elif self._known[0] != pk or not self._outside:
            self._view.step_to(0)
            return
        goal = max(0, min(self._known[1] + by, self.total - 1))
        if first <= goal < first + self._model.rowCount():
            self._view.step_to(goal - first)
        else:
            self._pixel, self._pick = None, goal
            self._reader.read_at(goal)

    @property
    def _outside(self) -> bool:
        return self.total > self._model.rowCount()

    def _jump(self, pixel: int) -> None:
        self._pixel, self._pick = pixel, None
        self._reader.read_at(pixel // current_theme().row)

    def _near(self, value: int) -> None:
        """Read the next stretch before the hand comes to the end of this one."""
        first, loaded = self._reader.first, self._model.rowCount()
        if self._reader.on_the_way or self._pixel is not None or not loaded:
            return
        row = current_theme().row
        top, bottom = value // row, (value + self._view.viewport().height()) // row
        above = first > 0 and top < _MARGIN
        below = bottom > loaded - _MARGIN and self._reader.goes_on
        if above or below:
            self._pixel = self._pick = None
            self._reader.read_at(first + top)

    def _put(self, stretch: Stretch) -> None:
        """Show another stretch, with the rows that were in sight where they were."""
        view, model, inner = self._view, self._model, self._view.verticalScrollBar()
        pk = self._selected()
        if model.place_of(pk) >= 0:
            self._known = (pk, stretch.before + model.place_of(pk))
        top = view.indexAt(QPoint(2, 1))
        seen, above = model.row_at(top.row()), view.visualRect(top).top()
        pixel, self._pixel = self._pixel, None
        pick, self._pick = self._pick, None
        model.replace(stretch.page.rows)
        model.set_more(more=self._reader.appends)
        view.doItemsLayout()
        view.show_current(pk)
        row = current_theme().row
        if pixel is not None:
            inner.setValue(pixel - stretch.first * row)
        elif seen is not None and model.place_of(seen.pk) >= 0:
            inner.setValue(model.place_of(seen.pk) * row - above)
        self._size()
        if pick is not None:
            view.step_to(min(pick - stretch.first, model.rowCount() - 1))

    def _size(self) -> None:
        first, row = self._reader.first, current_theme().row
        behind = self.total - first - self._model.rowCount()
        self._view.bar.set_outside(first * row, behind * row)
