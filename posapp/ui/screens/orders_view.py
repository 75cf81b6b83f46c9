"""The list itself: rows under the pointer and the keys, ages that tick, and arrivals that wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QScroller, QWidget

from posapp.storage.rows import OrderRow
from posapp.ui.delegates.order_row import ROW_ROLE, Index, KeyboardFocusWatcher, OrderRowDelegate
from posapp.ui.itemmodels.orders import OrdersModel
from posapp.ui.theme import current_theme
from posapp.ui.widgets.overlaybar import OverlayScrollBar

_AGE_COLUMN = 140


def _no_key(_event: QKeyEvent) -> bool:
    return False


class OrdersView(QListView):
    """Shows an OrdersModel; `picked` tells of an order that a person chose, `by_key` when with the keys.

    `wandered` tells that another row became the current one in any other way, as a screen reader may do it.
    Keys go to `keys` first, so that letters and digits mean the same wherever the focus is on the page.
    """

    picked = Signal(int, bool)
    wandered = Signal(int)
    left = Signal()
    menu_wanted = Signal(int, QPoint)

    def __init__(
        self, model: OrdersModel, now: Callable[[], datetime], zone: ZoneInfo, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("ordersView")
        self.setAccessibleName(self.tr("Orders"))
        self.keys: Callable[[QKeyEvent], bool] = _no_key
        self._orders, self._quiet = model, False
        self.delegate = OrderRowDelegate(now, zone, self)
        self.setModel(model)
        self.setItemDelegate(self.delegate)
        KeyboardFocusWatcher(self, self.delegate)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.bar = OverlayScrollBar(self)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self.clicked.connect(self._clicked)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.customContextMenuRequested.connect(self._menu)

    def current_pk(self) -> int | None:
        """Return the order of the current row."""
        row = cast("OrderRow | None", self.currentIndex().data(ROW_ROLE))
        return row.pk if row is not None else None

    def show_current(self, pk: int | None) -> None:
        """Make this order's row the current one, without telling anybody; none if it is not loaded."""
        place = self._orders.place_of(pk)
        self._quiet = True
        if place < 0:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        elif self.currentIndex().row() != place or not self.selectedIndexes():
            self.setCurrentIndex(self._orders.index(place))
        self._quiet = False

    def step_to(self, place: int) -> None:
        """Go to a row as a person does with the keys."""
        row = self._orders.row_at(max(0, min(place, self._orders.rowCount() - 1)))
        if row is not None:
            self.picked.emit(row.pk, True)

    def paint_now(self, pk: int) -> None:
        """Paint an order's row at once, ahead of everything else that waits."""
        place = self._orders.place_of(pk)
        if place >= 0:
            self.viewport().repaint(self.visualRect(self._orders.index(place)))

    def repaint_ages(self) -> None:
        """Repaint the column of ages, nothing else."""
        width = round(_AGE_COLUMN * current_theme().scale) + self.delegate.indent
        self.viewport().update(0, 0, width, self.viewport().height())

    def pointer_inside(self) -> bool:
        """Tell whether the pointer is over the rows."""
        return self.viewport().underMouse()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.keys(event):
            event.ignore()

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        # QListView's own would lay all rows out and repaint them; no change of data changes a height here.
        QAbstractItemView.dataChanged(self, first, last, roles)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)

    def _clicked(self, index: QModelIndex) -> None:
        row = cast("OrderRow | None", index.data(ROW_ROLE))
        if row is not None:
            self.picked.emit(row.pk, False)

    def _current_changed(self, index: QModelIndex) -> None:
        row = self._orders.row_at(index.row())
        if row is not None and not self._quiet and not self._orders.removing:
            self.wandered.emit(row.pk)

    def _menu(self, point: QPoint) -> None:
        row = cast("OrderRow | None", self.indexAt(point).data(ROW_ROLE))
        if row is not None:
            self.menu_wanted.emit(row.pk, self.viewport().mapToGlobal(point))
