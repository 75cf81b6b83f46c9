"""The left column of the Orders screen: search, sort, bars, and the list or the reason why it is empty."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.storage.rows import OrderFilter, OrderRow, Sort, Tab
from posapp.ui.context import Context
from posapp.ui.delegates.rowtext import row_accessible_text
from posapp.ui.itemmodels.orders import OrdersModel
from posapp.ui.screens.orders_banners import BannerStack
from posapp.ui.screens.orders_view import OrdersView
from posapp.ui.widgets.buttons import Button, ButtonLook
from posapp.ui.widgets.card import Divider, Surface
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.inputs import SearchField
from posapp.ui.widgets.skeleton import Skeleton

_PATIENCE_MS = 200
# A menu or another window borrows the focus and gives it back.
_BORROWED = (
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
    Qt.FocusReason.ActiveWindowFocusReason,
)


class OrdersColumn(Surface):
    """Owns the widgets of the column and knows nothing of reading or acting."""

    searched = Signal(str)
    sorted_by = Signal(str)
    search_focused = Signal(bool)
    search_left = Signal(str)  # "enter", "escape", "up" or "down"
    retry_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent, colour="surface", line="right")
        self._hint = self.tr("Name, phone, code or address")
        self.search = SearchField(self._hint)
        self.search.setObjectName("searchEdit")
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self.searched)
        self.sort_button = Button("", look=ButtonLook.QUIET, icon="sort-ascending-bold")
        self.sort_button.setObjectName("sortButton")
        self.sort_button.clicked.connect(self._open_sorts)
        self.banners = BannerStack()
        self.model = OrdersModel(lambda row: row_accessible_text(row, ctx.clock(), ctx.zone), self)
        self.view = OrdersView(self.model, ctx.clock, ctx.zone)
        self.view.installEventFilter(self)
        self.skeleton = Skeleton()
        self.empty = EmptyState("list-bullets", "", "")
        self.empty.setObjectName("emptyList")
        self.stack = QStackedWidget()
        for widget in (self.view, self.skeleton, self.empty):
            self.stack.addWidget(widget)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._lose_patience)
        self._sort = Sort.URGENT
        self._lay_out()
        self.show_sort(Sort.URGENT)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(12, 8, 12, 7)
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        top.addWidget(self.sort_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(Divider())
        column.addWidget(self.banners)
        column.addWidget(self.stack, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        layout = self.layout()
        if layout is not None:
            layout.activate()  # the field has its new width now, not after this event
        self.search.setPlaceholderText(self._hint)
        if self.search.clipped_texts():
            self.search.setPlaceholderText(self.tr("Search"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent):
            if event.gotFocus() or (watched is self.search and event.reason() not in _BORROWED):
                self.search_focused.emit(event.gotFocus() and watched is self.search)
        elif watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            ways = {
                Qt.Key.Key_Return: "enter",
                Qt.Key.Key_Enter: "enter",
                Qt.Key.Key_Escape: "escape",
                Qt.Key.Key_Up: "up",
                Qt.Key.Key_Down: "down",
            }
            way = ways.get(Qt.Key(event.key()))
            if way is not None:
                # Enter ends here: a scanner types it behind every code, and it must not commit anything.
                if way != "enter" or not event.isAutoRepeat():
                    self.search_left.emit(way)
                return True
        return super().eventFilter(watched, event)

    # ---------------------------------------------------------------------------------------- sorting

    def sort_words(self) -> dict[Sort, str]:
        """Return the label of each order of the list."""
        return {
            Sort.URGENT: self.tr("Urgent first"),
            Sort.NEWEST: self.tr("Newest first"),
            Sort.OLDEST: self.tr("Oldest first"),
            Sort.DUE: self.tr("By due time"),
        }

    def show_sort(self, sort: Sort) -> None:
        """Say how the list is sorted."""
        self._sort = sort
        self.sort_button.setText(self.sort_words()[sort])
        name = self.tr("Sorted: %1").replace("%1", self.sort_words()[sort])
        self.sort_button.setAccessibleName(name)

    def _open_sorts(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.tr("Sort by"))
        group = QActionGroup(menu)
        for sort, word in self.sort_words().items():
            action = QAction(word, menu)
            action.setCheckable(True)
            action.setChecked(sort is self._sort)
            action.triggered.connect(lambda _=False, sort=sort: self.sorted_by.emit(sort.value))
            group.addAction(action)
            menu.addAction(action)
        menu.popup(self.sort_button.mapToGlobal(QPoint(0, self.sort_button.height() + 2)))

    # ---------------------------------------------------------------------------------- what is shown

    def wait(self) -> None:
        """Show grey rows if the list takes longer than a moment."""
        self._patience.start()

    def _lose_patience(self) -> None:
        self.stack.setCurrentWidget(self.skeleton)
        self.skeleton.show_now()

    def show_list(self) -> None:
        """Show the rows."""
        self._patience.stop()
        self.stack.setCurrentWidget(self.view)

    def show_error(self, error: PosError) -> None:
        """Say what went wrong, what is safe, and offer to try again."""
        safe = self.tr("Everything that was saved is safe.")
        text = " ".join(part for part in (error.detail, error.remedy, safe) if part)
        self._show_empty("warning-octagon-fill", error.title, text, tone="danger")
        self._offer(self.tr("Try again"), "arrow-clockwise", self.retry_wanted.emit)

    def show_empty(self, chosen: OrderFilter, hidden: int) -> None:
        """Say why nothing is shown, and what to do about it."""
        if chosen.search:
            title = self.tr("Nothing found for “%1”").replace("%1", chosen.search[:40])
            self._show_empty(
                "magnifying-glass", title, self.tr("Names, phones, codes and addresses were searched.")
            )
            self._offer(self.tr("Clear search"), "x", lambda: self.search_left.emit("escape"))
        elif hidden:
            one = self.tr("1 order is hidden by filters")
            title = one if hidden == 1 else self.tr("%n orders are hidden by filters", "", hidden)
            self._show_empty("funnel", title, self.tr("No other order is here."))
            self._offer(self.tr("Show all"), "", self.clear_wanted.emit)
        elif chosen.tab is Tab.DONE:
            self._show_empty(
                "seal-check",
                self.tr("No finished orders"),
                self.tr("Delivered and cancelled orders go here."),
            )
        elif chosen.tab in {Tab.ACTIVE, Tab.NEW}:
            title = self.tr("No active orders") if chosen.tab is Tab.ACTIVE else self.tr("No new orders")
            self._show_empty("pizza", title, self.tr("New orders appear by themselves."))
        else:
            self._show_empty("list-bullets", self.tr("No orders here"), self.tr("None has this status now."))

    def _show_empty(self, icon: str, title: str, text: str, tone: str = "border_strong") -> None:
        self._patience.stop()
        self.empty.clear_actions()
        self.empty.show_words(icon, title, text, tone)
        self.stack.setCurrentWidget(self.empty)

    def _offer(self, text: str, icon: str, act: Callable[[], None]) -> None:
        self.empty.add_action(text, icon=icon).clicked.connect(act)

    def neighbour_of(self, pk: int) -> OrderRow | None:
        """Return the row after an order's, else the one before it."""
        place = self.model.place_of(pk)
        if place < 0:
            return None
        return self.model.row_at(place + 1) or self.model.row_at(place - 1)
