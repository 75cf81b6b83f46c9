"""The measures of the kitchen board for a bench or a wall, on the room that there is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize

from posapp.ui.theme import Theme

TARGET = 68  # no finger needs to aim at less
_SMALL_BELOW = QSize(1500, 820)


@dataclass(frozen=True, slots=True)
class Kind:
    """The design measures of one size, before the text scale."""

    code: int
    line: int  # the second line of the band
    item: int
    extra: int  # additions and notes
    note: int  # comment and allergy
    button: int
    band: int
    box: int
    least_width: int
    least_height: int


BENCH = Kind(38, 20, 28, 20, 20, 22, 94, 44, 318, 420)
BENCH_SMALL = Kind(28, 16, 22, 16, 16, 18, 70, 36, 300, 288)
WALL = Kind(50, 26, 36, 26, 26, 28, 114, 56, 470, 440)
WALL_SMALL = Kind(40, 20, 30, 22, 22, 22, 100, 48, 410, 380)


@dataclass(frozen=True, slots=True)
class Measures:
    """Everything that tiles and board need to lay themselves out, in pixels with the text scale."""

    code: int
    line: int
    item: int
    extra: int
    note: int
    button: int
    band: int
    box: int
    target: int
    pad: int
    gap: int
    margin: int
    columns: int
    rows: int
    tile: QSize

    @property
    def pitch(self) -> QSize:
        """Return how far one tile is from the next."""
        return QSize(self.tile.width() + self.gap, self.tile.height() + self.gap)


def is_small(theme: Theme, window: QSize) -> bool:
    """Tell whether a screen is one of the small ones."""
    return window.width() < theme.px(_SMALL_BELOW.width()) or window.height() < theme.px(
        _SMALL_BELOW.height()
    )


def measure(theme: Theme, room: QSize, *, wall: bool, small: bool) -> Measures:
    """Return the measures for a board of this size: as many whole tiles as fit, at least one."""
    kind = (WALL_SMALL if small else WALL) if wall else (BENCH_SMALL if small else BENCH)
    px = theme.px
    gap, margin = (12, 12) if small else (16, 20)
    width, height = room.width() - 2 * margin, room.height() - 2 * margin
    columns = max(1, (width + gap) // (px(kind.least_width) + gap))
    rows = max(1, (height + gap) // (px(kind.least_height) + gap))
    tile = QSize((width - (columns - 1) * gap) // columns, (height - (rows - 1) * gap) // rows)
    return Measures(
        code=px(kind.code),
        line=px(kind.line),
        item=px(kind.item),
        extra=px(kind.extra),
        note=px(kind.note),
        button=kind.button,
        band=px(kind.band),
        box=px(kind.box),
        target=px(TARGET),
        pad=8 if small else 12,
        gap=gap,
        margin=margin,
        columns=columns,
        rows=rows,
        tile=QSize(max(tile.width(), 160), max(tile.height(), 200)),
    )
