"""The board: tiles in places that hold still, scrolled by rows; only what is in sight has a widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTouchEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from posapp.storage.kitchen_rows import Ticket
from posapp.ui import fonts
from posapp.ui.kitchen.facts import View, code_text
from posapp.ui.kitchen.grid import Grid
from posapp.ui.kitchen.pool import TilePool
from posapp.ui.kitchen.sizes import Measures, measure
from posapp.ui.kitchen.slots import Slots
from posapp.ui.kitchen.tile import Place, Tile
from posapp.ui.kitchen.tilepaint import paint_gap
from posapp.ui.kitchen.touch import Pointer
from posapp.ui.theme import current_theme
from posapp.ui.widgets.overlaybar import OverlayScrollBar

KEYS = 8
QUIET_MS = 3000
_TOUCHES = (
    QEvent.Type.TouchBegin,
    QEvent.Type.TouchUpdate,
    QEvent.Type.TouchEnd,
    QEvent.Type.TouchCancel,
)


class KitchenBoard(QAbstractScrollArea):
    """Shows tickets as tiles and tells what a person touched; it knows nothing of reading or acting."""

    ticked = Signal(int, object)  # the order, TicketItem
    stepped = Signal(int)
    selected_changed = Signal(object)  # the order, None for none
    pressed = Signal()
    jumped = Signal()  # the chosen order left, and another one is chosen in its place

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kitchenBoard")
        self.setAccessibleName(self.tr("Kitchen board"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        OverlayScrollBar(self)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self._wall = self._small = False
        self._tickets: Mapping[int, Ticket] = {}
        self._codes: dict[int, str] = {}
        self._view: View | None = None
        self._slots = Slots()
        self._selected: int | None = None
        self._unfolded: int | None = None
        self._tiles = TilePool(self._make, self)
        self._pointer = Pointer(self.viewport(), self._tapped, self._dragged)
        self._touched = QElapsedTimer()
        self._settled = True
        self._first = 0
        self._m = measure(current_theme(), QSize(800, 600), wall=False, small=False)
        self._grid = Grid(self._m)

    # -- what is asked -------------------------------------------------------------------------------------

    @property
    def measures(self) -> Measures:
        """Return the measures in use."""
        return self._m

    @property
    def selected(self) -> int | None:
        """Return the order that the keys mean."""
        return self._selected

    @property
    def order(self) -> tuple[int, ...]:
        """Return the orders in their places, without the gaps."""
        return tuple(slot.pk for slot in self._slots.slots if not slot.gone)

    @property
    def places(self) -> tuple[int | None, ...]:
        """Return all places; None is a gap."""
        return tuple(None if slot.gone else slot.pk for slot in self._slots.slots)

    @property
    def owes_order(self) -> bool:
        """Tell whether the places can follow the order of age by now, as they could not at the change."""
        return not self._settled and self.quiet

    @property
    def quiet(self) -> bool:
        """Tell whether nobody touched the board for a moment."""
        still = not self._touched.isValid() or self._touched.elapsed() >= QUIET_MS
        return still and not self._pointer.down

    def tile_of(self, pk: int | None) -> Tile | None:
        """Return the tile of an order, if it is in sight."""
        return self._tiles.of(pk)

    def pk_of_key(self, number: int) -> int | None:
        """Return the order at the place that this number key means."""
        return self._slots.pk_at(self._grid.first_place(self._scroll) + number - 1)

    def heard(self) -> None:
        """Note that a person is at the board: nothing moves for a moment."""
        self._touched.start()

    # -- what is shown -------------------------------------------------------------------------------------

    def set_size(self, *, wall: bool, small: bool) -> None:
        """Show the tiles in the size for a wall or a bench, on a small screen or a large one."""
        if (wall, small) != (self._wall, self._small):
            self._wall, self._small = wall, small
            self.restyle()

    def restyle(self) -> None:
        """Measure everything anew."""
        self._m = measure(current_theme(), self.viewport().size(), wall=self._wall, small=self._small)
        self._grid = Grid(self._m)
        self._pointer.snap_to(self._m.pitch.height())
        self._set_range()
        self._arrange()

    def show_tickets(self, tickets: Mapping[int, Ticket], wanted: Sequence[int], view: View) -> None:
        """Show these orders, given in order of age; only tiles that differ are painted."""
        self._tickets, self._view = tickets, view
        for pk in wanted:
            self._codes[pk] = code_text(tickets[pk])
        place = self._slots.place_of(self._selected)
        self._settled = self.quiet
        moved = self._slots.put(wanted, quiet=self._settled)
        kept = {slot.pk for slot in self._slots.slots}
        self._codes = {pk: code for pk, code in self._codes.items() if pk in kept}
        if self._unfolded is not None and self._slots.place_of(self._unfolded) < 0:
            self._unfolded = None
        if self._selected is not None and self._slots.place_of(self._selected) < 0:
            self.select(self._slots.next_from(place))
            self.jumped.emit()
        if moved:
            self._set_range()
            self.viewport().update()
        self._arrange()

    def tick(self, view: View) -> None:
        """Let the times run."""
        self._view = view
        for tile in self._tiles:
            tile.tick(view)

    # -- choosing ------------------------------------------------------------------------------------------

    def select(self, pk: int | None, *, show: bool = False) -> None:
        """Choose the order that the keys mean; `show` scrolls to it."""
        if pk == self._selected:
            return
        before, self._selected = self._selected, pk
        place = self._slots.place_of(pk)
        if show and place >= 0:
            self.verticalScrollBar().setValue(self._grid.scroll_to(place, self._scroll))
        for each in (before, pk):
            self._refresh(each)
        self.selected_changed.emit(pk)

    def step(self, columns: int, rows: int) -> None:
        """Go to another tile with the arrows."""
        place = self._slots.place_of(self._selected)
        goal = place + columns + rows * self._m.columns if place >= 0 else 0
        nearest = self._slots.nearest(place, goal)
        if nearest is not None:
            self.select(nearest, show=True)

    def unfold(self, pk: int) -> None:
        """Show all of a tile over its neighbours, or no longer."""
        before, self._unfolded = self._unfolded, None if self._unfolded == pk else pk
        for each in (before, pk):
            self._refresh(each)
        self.select(pk)

    def fold(self) -> bool:
        """Fold the tile that is unfolded; tell whether there was one."""
        if self._unfolded is None:
            return False
        self.unfold(self._unfolded)
        return True

    # -- places --------------------------------------------------------------------------------------------

    @property
    def _scroll(self) -> int:
        return self.verticalScrollBar().value()

    def _set_range(self) -> None:
        pitch, bar = self._m.pitch.height(), self.verticalScrollBar()
        bar.setPageStep(pitch * self._m.rows)
        bar.setSingleStep(max(1, pitch // 3))
        bar.setRange(0, self._grid.furthest(len(self._slots.slots)))

    def _arrange(self, *, scrolled: bool = False) -> None:
        """Give every place in sight its tile, and take the others back; `scrolled`: nothing else changed."""
        if self._view is None:
            return
        slots = self._slots.slots
        wanted = {slots[place].pk: place for place in self._in_sight() if not slots[place].gone}
        self._tiles.keep_only(wanted)
        first = self._grid.first_place(self._scroll)
        for pk, place in wanted.items():
            tile = self._tiles.of(pk)
            if scrolled and tile is not None and first == self._first:
                tile.move(self._grid.rect(place, self._scroll).topLeft())
            else:
                self._show(self._tiles.take(pk), pk, place)
        self._first = first
        above = self.tile_of(self._unfolded)
        if above is not None:
            above.raise_()
        self._tiles.prepare_soon()

    def _in_sight(self) -> range:
        return self._grid.around(self._scroll, self.viewport().height(), len(self._slots.slots))

    def _show(self, tile: Tile, pk: int, place: int) -> None:
        assert self._view is not None  # noqa: S101 - there are tickets only with a view
        room = self.viewport().height()
        spot = Place(
            number=self._grid.number(place, self._scroll, KEYS),
            selected=pk == self._selected,
            expanded=pk == self._unfolded,
            highest=room - 2 * self._m.margin,
        )
        tile.show_ticket(self._tickets[pk], self._view, self._m, spot)
        corner = self._grid.rect(place, self._scroll).topLeft()
        if spot.expanded:
            lowest = room - self._m.margin - tile.height()
            corner.setY(max(self._m.margin, min(corner.y(), lowest)))
        tile.move(corner)
        tile.setVisible(True)

    def _refresh(self, pk: int | None) -> None:
        tile, place = self.tile_of(pk), self._slots.place_of(pk)
        if tile is not None and pk is not None and place >= 0 and self._view is not None:
            self._show(tile, pk, place)
            if pk == self._unfolded:
                tile.raise_()

    def _make(self) -> Tile:
        tile = Tile(self.viewport(), self.heard)
        tile.ticked.connect(self.ticked)
        tile.stepped.connect(self.stepped)
        tile.picked.connect(self.select)
        tile.unfolded.connect(self.unfold)
        return tile

    # -- pointer -------------------------------------------------------------------------------------------

    def _tapped(self, at: QPointF) -> None:
        self.heard()
        point = at.toPoint()
        # The unfolded one lies over the others.
        under = [tile for tile in self._tiles if tile.geometry().contains(point)]
        if under:
            above = self.tile_of(self._unfolded)
            tile = above if above in under and above is not None else under[0]
            tile.tap(tile.mapFrom(self.viewport(), point))
        elif not self.fold():
            self.select(None)

    def _dragged(self, start: QPointF, by: float) -> bool:
        self.heard()
        tile = self.tile_of(self._unfolded)
        if tile is None or not tile.geometry().contains(start.toPoint()) or not tile.can_scroll():
            return False
        tile.scroll_by(round(by))
        return True

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in _TOUCHES and isinstance(event, QTouchEvent):
            self._touch(event)
            event.accept()
            return True
        return super().viewportEvent(event)

    def _touch(self, event: QTouchEvent) -> None:
        self.heard()
        if event.type() == QEvent.Type.TouchBegin:
            self.pressed.emit()
        self._pointer.follow(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.heard()
        self.pressed.emit()
        if event.button() == Qt.MouseButton.LeftButton:
            self._pointer.press(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pointer.release(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # What a key means here is the page's affair; it must not scroll.
        event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.heard()
        super().wheelEvent(event)

    # -- Qt ------------------------------------------------------------------------------------------------

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        del dx, dy
        folded, self._unfolded = self._unfolded, None
        self._arrange(scrolled=folded is None)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.restyle()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.restyle()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, and the gaps with what left them."""
        theme = current_theme()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.palette.bg)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(fonts.font(self._m.line, fonts.SEMIBOLD))
        slots = self._slots.slots
        for place in self._in_sight():
            if slots[place].gone:
                rect = self._grid.rect(place, self._scroll)
                paint_gap(painter, rect, self._codes.get(slots[place].pk, ""), theme)
        painter.end()
