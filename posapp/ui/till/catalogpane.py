"""The left side: the search, the categories, the dishes, and what is said where there are none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from posapp.domain.catalogue import Product
from posapp.ui.keys import is_ctrl, is_plain
from posapp.ui.till.categorybar import CategoryBar
from posapp.ui.till.grid import DishGrid
from posapp.ui.till.menu import Dishes
from posapp.ui.till.tilepaint import GAP
from posapp.ui.widgets.buttons import ButtonLook
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.inputs import SearchField

STEPS = {"+": 1, "=": 1, "-": -1, "−": -1}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CatalogPane(QWidget):
    """Tells which dish is picked; what is typed shows its hits at the same moment."""

    picked = Signal(object)  # Product
    undo_wanted = Signal()
    stepped = Signal(int)
    remove_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("catalogPane")
        self.dishes = Dishes()
        self._invites = self.tr("Find a dish — just start typing"), self.tr("Find a dish")
        self.search = SearchField(self._invites[0])
        self.search.setObjectName("dishSearch")
        self.bar, self.grid = CategoryBar(), DishGrid()
        self._empty = EmptyState("bowl-food", "", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self._empty)
        head = QVBoxLayout()
        head.setContentsMargins(0, 0, GAP, 0)
        head.setSpacing(12)
        head.addWidget(self.search)
        head.addWidget(self.bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        self._loaded = False
        self.search.installEventFilter(self)
        self.search.textChanged.connect(lambda _text: self._show(top=True))
        self.bar.chosen.connect(self._category)
        self.grid.picked.connect(self.picked)
        self.grid.left.connect(self.focus_search)

    # --------------------------------------------------------------------------------------- what is shown

    def show_dishes(self, dishes: Dishes, currency: str, now: datetime) -> None:
        """Show the catalogue as it is now; where one was stays."""
        self._loaded, self.dishes = True, dishes
        shelf = self.grid.shelf
        shelf.groups = {group.name: group for group in dishes.categories}
        shelf.currency, shelf.now = currency, now
        self.bar.show_categories(dishes.categories)
        self.bar.setVisible(bool(dishes.products))
        self._show(top=False)

    def product_of(self, internal_id: str) -> Product | None:
        """Return the dish with this id as the catalogue has it now."""
        return self.dishes.by_id.get(internal_id)

    def tick(self, now: datetime) -> None:
        """Let what was sold out until now come back."""
        shelf = self.grid.shelf
        before, shelf.now = shelf.now, now
        if any(
            product.sold_out(now) != (before is not None and product.sold_out(before))
            for product in shelf.products
        ):
            self.grid.viewport().update()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show how many of each are in the cart."""
        self.grid.show_counts(counts)

    @property
    def shown(self) -> tuple[Product, ...]:
        """Return the dishes on show."""
        typed = self.search.text().strip()
        return self.dishes.found(typed) if typed else self.dishes.of(self.bar.value)

    def _show(self, *, top: bool) -> None:
        shown = self.shown
        self.grid.show_products(shown, top=top)
        if shown or not self._loaded:
            self._stack.setCurrentWidget(self.grid)
            return
        self._empty.clear_actions()
        if not self.dishes.products:
            self._empty.show_words(
                "bowl-food",
                self.tr("No dishes yet"),
                self.tr("Add them under Settings → Menu, or import a file of products there."),
            )
            button = self._empty.add_action(self.tr("Open Settings"), icon="gear")
            button.setObjectName("openMenuSettings")
            button.clicked.connect(self.settings_wanted)
        else:
            title = self.tr("No dish has “%1”").replace("%1", self.search.text().strip()[:40])
            self._empty.show_words("magnifying-glass", title, self.tr("Try a part of its name."))
            button = self._empty.add_action(self.tr("Clear search"), key="Esc", look=ButtonLook.SECONDARY)
            button.clicked.connect(self.clear_search)
        self._stack.setCurrentWidget(self._empty)

    def _category(self, name: str) -> None:
        del name
        self.search.clear()
        self._show(top=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.search.width() - 90
        wide = self.search.fontMetrics().horizontalAdvance(self._invites[0])
        self.search.setPlaceholderText(self._invites[wide > room])

    # ------------------------------------------------------------------------------------------------ search

    def focus_search(self) -> None:
        """Put the cursor into the search."""
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def type(self, text: str) -> None:
        """Take letters that were typed elsewhere."""
        self.focus_search()
        self.search.setCursorPosition(len(self.search.text()))
        self.search.insert(text)

    def clear_search(self) -> bool:
        """Empty the search; tell whether there was something in it."""
        had = bool(self.search.text())
        self.search.clear()
        return had

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._search_key(event)
        return super().eventFilter(watched, event)

    def _search_key(self, event: QKeyEvent) -> bool:
        """Take what the search does not need as text; the rest of the screen's keys climb on."""
        typed = self.search.text()
        if is_ctrl(event, "Z") and not typed:
            if not event.isAutoRepeat():
                self.undo_wanted.emit()
            return True
        if not is_plain(event):
            return False
        if event.key() in _ENTER:
            hits = self.shown if typed.strip() else ()
            if hits and not event.isAutoRepeat():
                self.picked.emit(hits[0])
            return True
        if event.key() == Qt.Key.Key_Down:
            self.grid.go_first()
            return True
        if typed:
            return event.key() == Qt.Key.Key_Escape and self.clear_search()
        return self._empty_key(event)

    def _empty_key(self, event: QKeyEvent) -> bool:
        """Take what means the cart or the categories while nothing is typed."""
        key = event.key()
        if event.text() in STEPS:
            self.stepped.emit(STEPS[event.text()])
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.bar.step(1 if key == Qt.Key.Key_PageDown else -1)
        elif key == Qt.Key.Key_Delete:
            if not event.isAutoRepeat():
                self.remove_wanted.emit()
        else:
            return False
        return True
