"""The dishes as tiles, four in a row: a click puts one into the cart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QScroller, QWidget

from posapp.domain.catalogue import Product
from posapp.ui.theme import current_theme
from posapp.ui.till.shelf import Shelf
from posapp.ui.till.tilepaint import TilePainter, needed_height
from posapp.ui.widgets.overlaybar import OverlayScrollBar

Index = QModelIndex | QPersistentModelIndex
_LONG_PRESS_MS = 550
_WIDE, _HIGH = 134, 146
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class DishGrid(QListView):
    """Tells what is picked; `menu_wanted` asks for the menu of a dish, `left` that the hand went up."""

    picked = Signal(object)  # Product
    menu_wanted = Signal(object, QPoint)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dishGrid")
        self.setAccessibleName(self.tr("Dishes"))
        self.shelf = Shelf(self)
        self.setModel(self.shelf)
        self.setItemDelegate(TilePainter(self.shelf, self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setUniformItemSizes(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self._bar = OverlayScrollBar(self)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self._pressed, self._start = -1, QPoint()
        self._long = QTimer(self)
        self._long.setSingleShot(True)
        self._long.setInterval(_LONG_PRESS_MS)
        self._long.timeout.connect(self._held)

    # --------------------------------------------------------------------------------------- what is shown

    def show_products(self, products: Sequence[Product], *, top: bool = True) -> None:
        """Show these dishes, from the first row on unless they only changed."""
        place, row = self.verticalScrollBar().value(), self.currentIndex().row()
        self.shelf.put(products)
        if top:
            self.scrollToTop()
        else:
            self.verticalScrollBar().setValue(place)
        if self.hasFocus() and products:
            self.setCurrentIndex(self.shelf.index(0 if top else min(max(row, 0), len(products) - 1)))

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show how many of each are in the cart."""
        self.shelf.counts = counts
        self.viewport().update()

    def go_first(self) -> None:
        """Put the hand on the first tile."""
        if self.shelf.products:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.setCurrentIndex(self.shelf.index(0))

    def tile_center(self, internal_id: str) -> QPoint:
        """Return where the tile of a dish is, in the viewport."""
        for row, product in enumerate(self.shelf.products):
            if product.internal_id == internal_id:
                return self.visualRect(self.shelf.index(row)).center()
        raise KeyError(internal_id)

    @property
    def columns(self) -> int:
        """Return how many tiles stand side by side."""
        room = self.viewport().width() / current_theme().scale
        for columns, most in ((2, 290), (3, 420), (4, 720), (5, 900)):
            if room < most:
                return columns
        return 6

    def fit(self) -> None:
        """Share the room out: whole rows where they fit."""
        theme = current_theme()
        wide = max(1, (self.viewport().width() - 1) // self.columns)
        least = needed_height(theme)
        high = self.viewport().height()
        rows = max(1, round(high / max(least, theme.px(_HIGH))))
        each = max(least, high // rows)
        size = QSize(wide, each if each < least * 1.3 else max(least, theme.px(_HIGH)))
        if size != self.gridSize():
            self.setGridSize(size)
        self.verticalScrollBar().setSingleStep(max(1, size.height() // 3))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    # -------------------------------------------------------------------------------------- mouse and finger

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._start = event.position().toPoint()
            self._pressed = self.indexAt(self._start).row()
            if self._pressed >= 0:
                self._long.start()
            self._mark(self._pressed)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)  # two quick clicks are two dishes

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = (event.position().toPoint() - self._start).manhattanLength()
        if self._pressed >= 0 and far > QApplication.startDragDistance():
            self._forget()
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = self._pressed
        self._forget()
        left = event.button() == Qt.MouseButton.LeftButton
        if left and row >= 0 and self.indexAt(event.position().toPoint()).row() == row:
            self.picked.emit(self.shelf.products[row])
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._forget()
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            at = self.visualRect(index).center() if by_key else event.pos()
            self.menu_wanted.emit(self.shelf.products[index.row()], self.viewport().mapToGlobal(at))
        event.accept()

    def _held(self) -> None:
        row, at = self._pressed, self._start
        self._forget()
        if 0 <= row < len(self.shelf.products):
            self.menu_wanted.emit(self.shelf.products[row], self.viewport().mapToGlobal(at))

    def _forget(self) -> None:
        self._pressed = -1
        self._long.stop()
        self._mark(-1)

    def _mark(self, row: int) -> None:
        delegate = self.itemDelegate()
        assert isinstance(delegate, TilePainter)  # noqa: S101 - set above
        delegate.pressed = row
        self.viewport().update()

    # -------------------------------------------------------------------------------------------------- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.walk(event):
            event.ignore()

    def walk(self, event: QKeyEvent) -> bool:
        """Go from tile to tile; Enter picks one; tell whether the key meant something here."""
        count, row, across = len(self.shelf.products), self.currentIndex().row(), self.columns
        if not count:
            return False
        key = event.key()
        if key in _ENTER or key == Qt.Key.Key_Space:
            if not event.isAutoRepeat() and 0 <= row < count:
                self.picked.emit(self.shelf.products[row])
            return True
        page = across * max(1, self.viewport().height() // max(1, self.gridSize().height()))
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -across,
            Qt.Key.Key_Down: across,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -count,
            Qt.Key.Key_End: count,
        }
        step = steps.get(Qt.Key(key))
        if step is None:
            return False
        if key == Qt.Key.Key_Up and row < across:
            self.left.emit()
            return True
        to = min(max(row + step, 0), count - 1)
        self.setCurrentIndex(self.shelf.index(to))
        self.scrollTo(self.shelf.index(to))
        return True
