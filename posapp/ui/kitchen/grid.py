"""Where the places of the board are, in columns and rows, scrolled by pixels."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect

from posapp.ui.kitchen.sizes import Measures


@dataclass(frozen=True, slots=True)
class Grid:
    """The geometry of the board for given measures."""

    m: Measures

    def rect(self, place: int, scroll: int) -> QRect:
        """Return where a place is."""
        row, column = divmod(place, self.m.columns)
        x = self.m.margin + column * self.m.pitch.width()
        y = self.m.margin + row * self.m.pitch.height() - scroll
        return QRect(QPoint(x, y), self.m.tile)

    def first_place(self, scroll: int) -> int:
        """Return the place at the upper left of what is in sight."""
        pitch = max(1, self.m.pitch.height())
        return (scroll + pitch // 2) // pitch * self.m.columns

    def around(self, scroll: int, height: int, places: int) -> range:
        """Return the places in sight, with a row more above and below."""
        pitch = max(1, self.m.pitch.height())
        first = max(0, (scroll - self.m.margin) // pitch - 1)
        last = (scroll + height) // pitch + 1
        return range(first * self.m.columns, min(places, (last + 1) * self.m.columns))

    def number(self, place: int, scroll: int, keys: int) -> int:
        """Return the number key of a place, 0 for one without."""
        number = place - self.first_place(scroll) + 1
        return number if 0 < number <= min(keys, self.m.columns * self.m.rows) else 0

    def furthest(self, places: int) -> int:
        """Return how far it can be scrolled: by whole rows, so that the last page stands as the first one."""
        rows = -(-places // self.m.columns)
        return max(0, rows - self.m.rows) * self.m.pitch.height()

    def scroll_to(self, place: int, scroll: int) -> int:
        """Return the scrolling that brings a place into sight."""
        pitch = max(1, self.m.pitch.height())
        row, first = place // self.m.columns, scroll // pitch
        if first <= row < first + self.m.rows:
            return scroll
        return (row if row < first else row - self.m.rows + 1) * pitch
