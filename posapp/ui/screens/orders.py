"""The Orders screen: the list on the left, the open order on the right, and what the keys do with both."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QStackedLayout,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from posapp.config import Config
from posapp.storage.details import quarantine_rows
from posapp.storage.feed import Change, Topic
from posapp.storage.queries import order_page
from posapp.storage.rows import Alarm, OrderFilter, QuarantineRow
from posapp.ui.context import Context
from posapp.ui.detail.panel import OrderPanel
from posapp.ui.dialogs.quarantine import QuarantineDialog
from posapp.ui.keys import is_ctrl
from posapp.ui.screens.orders_bulk import OrdersBulk
from posapp.ui.screens.orders_desk import OrderDesk
from posapp.ui.screens.orders_filters import FilterPanel
from posapp.ui.screens.orders_head import OrdersHead
from posapp.ui.screens.orders_keys import GUARDED, ONCE, Act, act_of, digit_of
from posapp.ui.screens.orders_list import OrdersColumn
from posapp.ui.screens.orders_listing import OrdersListing
from posapp.ui.screens.orders_reader import ListState
from posapp.ui.theme import current_theme
from posapp.ui.widgets.buttons import ButtonLook
from posapp.ui.widgets.emptystate import EmptyState

_TOPICS = frozenset({Topic.ORDERS, Topic.QUEUE, Topic.REMOTES, Topic.QUARANTINE})
_FIELDS = (QLineEdit, QPlainTextEdit, QComboBox, QTabBar)
_NARROW_BELOW = 1096  # a window of 1180 without its rail
_WIDE_FROM = 1500
_LIST, _LIST_WIDE, _LIST_TIGHT = 576, 640, 540
_RECHECK_TICKS = 60


class OrdersPage(QWidget):
    """The screen; the window tells it when it is shown, and gives it the keys that no field wants."""

    counts_changed = Signal(object)  # Counts
    silence_requested = Signal()
    connect_requested = Signal()
    training_requested = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = self.tr("Orders")
        self.setAccessibleName(self.title)
        self.setMinimumSize(480, 320)
        self._ctx = ctx
        self._narrow, self._detail_open = False, False
        self._alarm = Alarm(0, None, ())
        self._ticks = 0
        self._head, self._filters = OrdersHead(), FilterPanel()
        self._column, self._panel = OrdersColumn(ctx), OrderPanel(ctx)
        self._desk = OrderDesk(ctx, self._column, self._panel, self)
        self._bulk = OrdersBulk(ctx, self._column, self._panel, self._desk)
        self._list = OrdersListing(ctx, self._head, self._filters, self._column, self._desk)
        self._lay_out()
        self._connect()
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)
        self._list.ask()

    def _lay_out(self) -> None:
        self._filters.hide()
        self._first = EmptyState(
            "storefront",
            self.tr("No shop is connected yet"),
            self.tr("Connect your shop to receive its orders, or try everything with a training shop first."),
        )
        connect = self._first.add_action(self.tr("Connect a shop"), look=ButtonLook.PRIMARY)
        connect.setObjectName("connectShopButton")
        connect.clicked.connect(self.connect_requested)
        training = self._first.add_action(self.tr("Try training"), look=ButtonLook.SECONDARY)
        training.setObjectName("tryTrainingButton")
        training.clicked.connect(self.training_requested)
        work = QWidget()
        side = QHBoxLayout()
        side.setSpacing(0)
        side.addWidget(self._column)
        side.addWidget(self._panel, 1)
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._filters)
        column.addLayout(side, 1)
        self._work = work
        self._stack = QStackedLayout(self)
        self._stack.addWidget(work)
        self._stack.addWidget(self._first)

    def _connect(self) -> None:
        column, banners = self._column, self._column.banners
        column.view.keys = self.handle_key
        column.view.menu_wanted.connect(self._open_row_menu)
        column.search_left.connect(self._leave_search)
        column.search_focused.connect(
            lambda has: self._panel.footer.show_enter(acts=not has and not self._bulk.marks)
        )
        banners.alert.opened.connect(self._open_oldest)
        banners.alert.triggered.connect(self.silence_requested)
        banners.open_needing.connect(self._open_needing)
        banners.decide.connect(lambda pk: self.select_order(pk, by_person=True))
        banners.show_quarantine.connect(self._show_quarantine)
        banners.try_now.connect(self._ctx.doors.sync_now)
        banners.sign_in.connect(self.connect_requested)
        self._list.looked.connect(self._looked)
        self._list.list_wanted.connect(lambda: self._show_side(detail=False))
        self._desk.opened.connect(lambda _pk: self._show_side(detail=True))
        self._panel.back_wanted.connect(lambda: self._show_side(detail=False))
        self._ctx.feed.changed.connect(self._heard)
        self._ctx.config_changed.connect(self._configured)

    # ------------------------------------------------------------------------------ what the window asks

    def shown(self) -> None:
        """Come to the front: read anew and let the ages tick."""
        self._clock.start()
        self._list.reader.refresh()
        self._desk.reload()
        self._column.view.setFocus()

    def hidden(self) -> None:
        """Stop the clock while another screen is in front."""
        self._clock.stop()

    def toast_anchor(self) -> QWidget:
        """Return over what messages lie: the list, so that the bar below it stays free."""
        return self._panel if self._column.isHidden() else self._column.view

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self._show_side(detail=False)
        self._column.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._column.search.selectAll()

    def undo(self) -> None:
        """Take back the last act."""
        if not self._bulk.undo():
            self._desk.undo()

    def show_alarm(self, alarm: Alarm, now: datetime, silenced: bool) -> None:
        """Show which new orders nobody has looked at yet."""
        self._alarm = alarm
        self._column.banners.alert.show_alarm(alarm, now, silenced=silenced)

    def select_order(self, pk: int, *, by_person: bool) -> None:
        """Open an order, wherever it is: filters, search and tab give way if they hide it."""
        if self._column.model.place_of(pk) < 0:
            self._list.find(pk)
        self._desk.select(pk, by_person=by_person)

    # ------------------------------------------------------------------------------------- what happens

    def _heard(self, change: Change) -> None:
        if not change.topics & _TOPICS and not change.foreign:
            return
        self._list.reader.refresh()
        if change.foreign or self._desk.selected in change.orders:
            self._desk.reload()

    def _looked(self, state: ListState) -> None:
        self.counts_changed.emit(state.counts)
        ctx = self._ctx
        first_start = not state.any_orders and not ctx.config.remotes and not ctx.training
        self._stack.setCurrentWidget(self._first if first_start else self._work)

    def _leave_search(self, way: str) -> None:
        if way == "escape":
            self._column.search.clear()
        elif way == "enter" and self._desk.selected is not None:
            self._desk.select(self._desk.selected, by_person=True)
        elif way in {"up", "down"}:
            self._step(-1 if way == "up" else 1)
        self._column.view.setFocus()

    # -------------------------------------------------------------------------------------------- banners

    def _open_oldest(self) -> None:
        if self._alarm.pks:
            self.select_order(self._alarm.pks[0], by_person=True)

    def _open_needing(self) -> None:
        ctx = self._ctx

        def work() -> int | None:
            for sync in ("conflict", "failed"):
                page = order_page(ctx.store, OrderFilter(tab=None, sync=sync), ctx.config.targets, limit=1)
                if page.rows:
                    return page.rows[0].pk
            return None

        def done(pk: int | None) -> None:
            if pk is not None:
                self.select_order(pk, by_person=True)

        ctx.tasks.run(work, done, owner=self)

    def _show_quarantine(self) -> None:
        store = self._ctx.store

        def done(rows: tuple[QuarantineRow, ...]) -> None:
            if rows:
                dialog = QuarantineDialog(rows, self)
                dialog.finished.connect(dialog.deleteLater)
                dialog.open()

        self._ctx.tasks.run(lambda: quarantine_rows(store), done, owner=self)

    def _open_row_menu(self, pk: int, at: QPoint) -> None:
        self._desk.select(pk, by_person=True)
        detail = self._panel.detail
        if detail is not None and detail.row.pk == pk:
            self._panel.open_menu(at)

    # ----------------------------------------------------------------------------------------------- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.handle_key(event):
            super().keyPressEvent(event)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Act on a key; tell whether it meant something here."""
        if self._stack.currentWidget() is self._first:
            return False
        anywhere = event.key() == Qt.Key.Key_Escape or is_ctrl(event, "P")
        if isinstance(QApplication.focusWidget(), _FIELDS) and not anywhere:
            return False
        if self._bulk.handle_key(event):
            return True
        digit = digit_of(event)
        if digit:
            self.focus_search()
            self._column.search.deselect()
            self._column.search.end(False)
            self._column.search.insert(digit)
            return True
        act = act_of(event, letters=bool(self._ctx.config.get("look", "letter_keys")))
        if act is None or (act is Act.SILENCE and self._alarm.count == 0):
            return False
        if (act in ONCE and event.isAutoRepeat()) or (act in GUARDED and self._desk.guarded):
            return True
        if not self._bulk.handle_act(act):
            self._do(act)
        return True

    def _do(self, act: Act) -> None:
        row = self._desk.row
        match act:
            case Act.NEXT if self._narrow and not self._detail_open and row is not None:
                self._desk.select(row.pk, by_person=True)
            case Act.NEXT:
                self._desk.next_step(row)
            case Act.READY | Act.SCHEDULE | Act.CANCEL | Act.PRINT | Act.PAY:
                self._desk.ask(act, row)
            case Act.EDIT if row is not None:
                self._ctx.edit_wanted.emit(row.pk)
            case Act.UNDO:
                self.undo()
            case Act.SILENCE:
                self.silence_requested.emit()
            case Act.SEARCH:
                self.focus_search()
            case Act.BACK:
                self._back()
            case Act.NEXT_TAB | Act.PREVIOUS_TAB:
                self._head.tabs.step(1 if act is Act.NEXT_TAB else -1)
            case _:
                self._walk(act)

    def _walk(self, act: Act) -> None:
        count = self._list.long.total
        page = max(1, self._column.view.height() // max(1, current_theme().row) - 1)
        ways = {Act.UP: -1, Act.DOWN: 1, Act.PAGE_UP: -page, Act.PAGE_DOWN: page, Act.LAST: count}
        self._step(ways.get(act, -count))

    def _step(self, by: int) -> None:
        self._list.long.step(by)

    def _back(self) -> None:
        if self._column.search.text():
            self._column.search.clear()
            self._column.view.setFocus()
        else:
            self._show_side(detail=False)

    # --------------------------------------------------------------------------------------------- layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def _fit(self) -> None:
        # Larger letters need as much more room.
        width = round(self.width() / current_theme().scale)
        narrow = width < _NARROW_BELOW
        if narrow:
            self._column.setMinimumWidth(0)
            self._column.setMaximumWidth(16_777_215)
        else:
            least = _LIST if width >= 1270 else _LIST_TIGHT
            chosen = _LIST_WIDE if width >= _WIDE_FROM else least
            self._column.setFixedWidth(current_theme().px(chosen))
        if narrow != self._narrow:
            self._narrow, self._detail_open = narrow, False
            self._panel.set_narrow(narrow=narrow)
        self._show_side(detail=self._detail_open)

    def _show_side(self, *, detail: bool) -> None:
        """Show list or detail, where both do not fit; elsewhere both are always there."""
        self._detail_open = detail
        self._column.setVisible(not (self._narrow and detail))
        self._panel.setVisible(detail or not self._narrow)
        if self._narrow:
            (self._panel if detail else self._column.view).setFocus()

    def _configured(self, config: Config) -> None:
        self._column.view.delegate.set_zone(config.zone)
        detail = self._panel.detail
        if detail is not None:
            self._panel.show_detail(detail)
        self._list.reader.refresh()

    def _tick(self) -> None:
        self._column.view.repaint_ages()
        self._ticks += 1
        if self._ticks % _RECHECK_TICKS == 0:
            self._list.reader.refresh()
