"""The widgets of the tiles in sight, used again for others when they leave it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from PySide6.QtCore import QObject, QTimer

from posapp.ui.kitchen.tile import Tile


class TilePool(QObject):
    """Keeps one tile per order in sight; `make` makes a further one."""

    def __init__(self, make: Callable[[], Tile], parent: QObject) -> None:
        super().__init__(parent)
        self._make = make
        self._used: dict[int, Tile] = {}
        self._spare: list[Tile] = []
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._prepare)

    def __iter__(self) -> Iterator[Tile]:
        """Go through the tiles in use."""
        return iter(self._used.values())

    def of(self, pk: int | None) -> Tile | None:
        """Return the tile of an order, None if it has none."""
        return self._used.get(pk) if pk is not None else None

    def take(self, pk: int) -> Tile:
        """Return the tile of an order, which gets one if it had none."""
        tile = self._used.get(pk)
        if tile is None:
            tile = self._used[pk] = self._spare.pop() if self._spare else self._make()
        return tile

    def keep_only(self, pks: Collection[int]) -> None:
        """Take back the tiles of all other orders."""
        for pk in [pk for pk in self._used if pk not in pks]:
            tile = self._used.pop(pk)
            tile.hide()
            tile.forget_picture()
            self._spare.append(tile)

    def prepare_soon(self) -> None:
        """Paint the tiles beyond the edge while nothing else is to do, one at a time."""
        self._idle.start()

    def _prepare(self) -> None:
        if any(tile.prepare() for tile in self._used.values()):
            self._idle.start()
