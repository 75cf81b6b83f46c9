"""The left column of the Delivery screen: what waits to be handed over, in groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScroller,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from posapp.storage.dispatch import DispatchRow
from posapp.ui.delivery.grouping import Group, View, grouped
from posapp.ui.delivery.tile import OrderTile
from posapp.ui.fonts import BOLD, SEMIBOLD
from posapp.ui.widgets.area import plain_area
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.segmented import Segmented
from posapp.ui.widgets.skeleton import Skeleton
from posapp.ui.widgets.text import PlainLabel

_GAP, _TILE_GAP, _ROW = 8, 6, 90


class WaitingColumn(QWidget):
    """Keeps one tile per order, so that a change repaints that tile and moves nothing else."""

    chosen = Signal(int, bool)
    acted = Signal(int)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = View.AREA
        self._tiles: dict[int, OrderTile] = {}
        self._rows: tuple[DispatchRow, ...] = ()
        self._shape: tuple[tuple[str, tuple[int, ...]], ...] = ()
        self._headings: list[PlainLabel] = []
        self._now: datetime | None = None
        self._zone: ZoneInfo | None = None
        self._couriers = True
        self._title = PlainLabel(self.tr("To hand over"), px=16, weight=BOLD)
        self._count = PlainLabel("", tone="text2", weight=SEMIBOLD)
        self._count.setObjectName("waitingCount")
        views = [(View.AREA.value, self.tr("By area"), ""), (View.DUE.value, self.tr("By due time"), "")]
        self.segments = Segmented(self.tr("Order of the list"), views)
        self.segments.set_value(self.view)
        self.segments.valueChanged.connect(self._regroup)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 14, 0)
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self.segments)
        body = QWidget()
        self._list = QVBoxLayout(body)
        self._list.setContentsMargins(0, 0, 14, 8)
        self._list.setSpacing(_TILE_GAP)
        self._list.addStretch(1)
        self._scroll = plain_area(body)
        self._scroll.setObjectName("waitingOrders")
        self._scroll.setAccessibleName(self.tr("Orders to hand over"))
        QScroller.grabGesture(self._scroll.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._make_room)
        self._empty = EmptyState(
            "moped",
            self.tr("Nothing to hand over"),
            self.tr("Orders appear here by themselves once the kitchen has started them."),
        )
        self._empty.setObjectName("nothingWaits")
        self._stack = QStackedWidget()
        for widget in (Skeleton(row_height=_ROW), self._scroll, self._empty):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        column.addLayout(head)
        column.addWidget(self._stack, 1)

    def _make_room(self, _least: int, most: int) -> None:
        """Let the scroll bar stand in the margin, so that the tiles stay where they are."""
        bar = self._scroll.verticalScrollBar().sizeHint().width() if most else 0
        self._list.setContentsMargins(0, 0, 14 - bar, 8)

    # -------------------------------------------------------------------------------- what is shown

    @property
    def tiles(self) -> tuple[OrderTile, ...]:
        """Return the tiles from top to bottom."""
        return tuple(self._tiles[pk] for _, pks in self._shape for pk in pks)

    def tile_of(self, pk: int) -> OrderTile | None:
        """Return the tile of an order."""
        return self._tiles.get(pk)

    def show_rows(
        self, rows: Sequence[DispatchRow], now: datetime, zone: ZoneInfo, *, couriers: bool
    ) -> None:
        """Show these orders; without `couriers` each delivery has a button that sends it out."""
        self._rows, self._now, self._zone, self._couriers = tuple(rows), now, zone, couriers
        self._count.setText(str(len(rows)))
        for gone in set(self._tiles) - {row.order.pk for row in rows}:
            tile = self._tiles.pop(gone)
            tile.hide()
            tile.deleteLater()
        groups = grouped(rows, self.view)
        for row in (row for group in groups for row in group.rows):
            tile = self._tiles.get(row.order.pk) or self._make(row.order.pk)
            tile.show_row(row, now, zone, act=self._act_of(row))
        self._arrange(groups)
        self._stack.setCurrentWidget(self._scroll if rows else self._empty)

    def _act_of(self, row: DispatchRow) -> str:
        if row.stopped:
            return self.tr("Decide")
        if row.order.kind == "pickup":
            return self.tr("Hand over")
        return "" if self._couriers else self.tr("Send out")

    def _make(self, pk: int) -> OrderTile:
        tile = OrderTile()
        tile.setObjectName(f"tile_{pk}")
        tile.act.setObjectName(f"act_{pk}")
        tile.chosen.connect(self.chosen)
        tile.acted.connect(self.acted)
        tile.menu_wanted.connect(self.menu_wanted)
        self._tiles[pk] = tile
        return tile

    def _arrange(self, groups: tuple[Group, ...]) -> None:
        """Put headings and tiles into their order; where nothing moved, nothing is touched."""
        shape = tuple((group.title, tuple(row.order.pk for row in group.rows)) for group in groups)
        if shape == self._shape:
            return
        self._shape = shape
        for heading in self._headings:
            self._list.removeWidget(heading)
            heading.hide()
            heading.deleteLater()
        self._headings = []
        place = 0
        for title, pks in shape:
            if title:
                heading = PlainLabel(title, px=13, weight=SEMIBOLD, tone="text2", elide=True)
                heading.setContentsMargins(0, 4, 0, 0)
                self._headings.append(heading)
                self._list.insertWidget(place, heading)
                place += 1
            for pk in pks:
                self._list.insertWidget(place, self._tiles[pk])
                self._tiles[pk].show()
                place += 1

    def _regroup(self, key: str) -> None:
        self.view = View(key)
        if self._now is not None and self._zone is not None:
            self.show_rows(self._rows, self._now, self._zone, couriers=self._couriers)

    def tick_on(self, now: datetime, zone: ZoneInfo) -> None:
        """Let all times run on."""
        self._now = now
        for tile in self._tiles.values():
            tile.tick_on(now, zone)

    def make_visible(self, tile: OrderTile) -> None:
        """Scroll to a tile."""
        self._scroll.ensureWidgetVisible(tile, 0, 20)
