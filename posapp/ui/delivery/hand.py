"""Where the hand is on the Delivery screen: the focus goes through tiles and rows and outlives changes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtWidgets import QWidget

from posapp.ui.delivery.fleet import Fleet
from posapp.ui.delivery.keys import Act
from posapp.ui.delivery.roadrow import RoadRow
from posapp.ui.delivery.tile import OrderTile
from posapp.ui.delivery.waiting import WaitingColumn

_GUARD_MS = 300


@dataclass(frozen=True, slots=True)
class Mark:
    """What had the focus before a change: None when it was no order."""

    widget: QWidget | None
    nearest: tuple[QWidget, ...] = ()  # of its column: what follows, then what stands before it
    free: bool = False  # nothing else has it either


class Hand:
    """Moves the focus; `guarded` for a moment after another order came under it."""

    def __init__(self, page: QWidget, waiting: WaitingColumn, fleet: Fleet) -> None:
        self._page, self._waiting, self._fleet = page, waiting, fleet
        self._guard = QElapsedTimer()

    @property
    def guarded(self) -> bool:
        """Tell whether no key may commit right now."""
        return self._guard.isValid() and self._guard.elapsed() < _GUARD_MS

    def guard(self) -> None:
        """Take no committing key for a moment."""
        self._guard.start()

    @property
    def tile(self) -> OrderTile | None:
        """Return the tile with the focus."""
        focus = self._focus
        return focus if isinstance(focus, OrderTile) else None

    @property
    def road_row(self) -> RoadRow | None:
        """Return the row on the road with the focus."""
        focus = self._focus
        return focus if isinstance(focus, RoadRow) else None

    @property
    def _focus(self) -> QWidget | None:
        # The window's own: a menu or another program may have the keyboard meanwhile.
        return self._page.window().focusWidget()

    def _left(self) -> list[QWidget]:
        return [*self._waiting.tiles]

    def _right(self) -> list[QWidget]:
        return [*self._fleet.road_rows]

    def go(self, widget: QWidget) -> None:
        """Give the focus to a tile or a row, and show it."""
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(widget, OrderTile):
            self._waiting.make_visible(widget)
        else:
            self._fleet.make_visible(widget)

    def go_first(self) -> None:
        """Go to the first order."""
        for widget in [*self._left(), *self._right()][:1]:
            self.go(widget)

    def go_to_road(self) -> None:
        """Go to the first order on the road."""
        for widget in self._right()[:1]:
            self.go(widget)

    def walk(self, act: Act) -> None:
        """Go one order up or down, or to the other column."""
        left, right = self._left(), self._right()
        places, focus = [*left, *right], self._focus
        if not places:
            return
        if focus not in places or (act is Act.LEFT and left):
            goal = places[0]
        elif act in {Act.LEFT, Act.RIGHT}:
            goal = right[0] if right else focus
        else:
            step = 1 if act is Act.DOWN else -1
            goal = places[max(0, min(len(places) - 1, places.index(focus) + step))]
        self.go(goal)

    def mark(self) -> Mark:
        """Note where the focus is, before something changes."""
        focus, left, right = self._focus, self._left(), self._right()
        for column in (left, right):
            if focus in column:
                place = column.index(focus)
                return Mark(focus, (*column[place + 1 :], *reversed(column[:place])))
        return Mark(None, free=focus is None or focus is self._page)

    def keep(self, mark: Mark) -> None:
        """Leave the focus with its order, else give it to what took its place."""
        left, right = self._left(), self._right()
        stays = mark.widget in left or mark.widget in right
        if stays or (mark.widget is None and not mark.free):
            return
        places = [*left, *right]
        if not places:
            self._page.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if not mark.free:
            self.guard()
        self.go(next((widget for widget in mark.nearest if widget in places), places[0]))
