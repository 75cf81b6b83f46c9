"""The Delivery screen: what waits on the left, who takes it on the right, and what the keys do with both."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from posapp.config import Config
from posapp.domain.errors import PosError
from posapp.domain.status import Status
from posapp.storage.dispatch import DispatchRow
from posapp.storage.feed import Change, Topic
from posapp.ui.context import Context
from posapp.ui.delivery.cashdialog import CashDialog
from posapp.ui.delivery.commands import DispatchCommands
from posapp.ui.delivery.couriersdialog import CouriersDialog
from posapp.ui.delivery.desk import Selection
from posapp.ui.delivery.fleet import Fleet
from posapp.ui.delivery.hand import Hand
from posapp.ui.delivery.keptboard import KeptBoard
from posapp.ui.delivery.keys import COMMITS, Act, act_of, courier_of
from posapp.ui.delivery.menus import courier_menu, road_menu
from posapp.ui.delivery.reader import DeliveryReader, DeliveryState
from posapp.ui.delivery.waiting import WaitingColumn
from posapp.ui.screens.orders_banners import BannerStack
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import Painted, smooth

_TOPICS = frozenset({Topic.ORDERS, Topic.QUEUE, Topic.REMOTES, Topic.COURIERS})
_MARGIN, _LEFT = 20, 452


class DeliveryPage(Painted):
    """The screen; `order_wanted` asks the window to open an order, `connect_requested` for the sign-in."""

    order_wanted = Signal(int)
    connect_requested = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deliveryPage")
        self.setAccessibleName(self.tr("Delivery"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._ctx = ctx
        self.selection = Selection()
        self.commands = DispatchCommands(ctx, self)
        self._reader = DeliveryReader(ctx, self)
        self._is_shown = False
        self.waiting, self.fleet, self.banners = WaitingColumn(), Fleet(), BannerStack()
        self.hand = Hand(self, self.waiting, self.fleet)
        self._kept = KeptBoard(ctx, self._put, self)
        self._lay_out()
        self._connect()
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)

    def _lay_out(self) -> None:
        work = QHBoxLayout()
        work.setContentsMargins(_MARGIN, 14, _MARGIN, 0)
        work.setSpacing(6)
        work.addWidget(self.waiting)
        work.addWidget(self.fleet, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banners)
        column.addLayout(work, 1)

    def _connect(self) -> None:
        self._reader.arrived.connect(self._arrived)
        self._reader.failed.connect(self._failed)
        self.commands.done.connect(self._reader.refresh)
        self.waiting.chosen.connect(self._choose)
        self.waiting.acted.connect(self._hand_over)
        self.waiting.menu_wanted.connect(self._open_waiting_menu)
        self.fleet.assign_wanted.connect(self._assign)
        self.fleet.ended.connect(self._end)
        self.fleet.cash_wanted.connect(self._ask_cash)
        self.fleet.order_menu_wanted.connect(self._open_road_menu)
        self.fleet.courier_menu_wanted.connect(self._open_courier_menu)
        self.fleet.manage_wanted.connect(self._manage)
        self.banners.try_now.connect(self._ctx.doors.sync_now)
        self.banners.sign_in.connect(self.connect_requested)
        self.banners.decide.connect(self.order_wanted)
        self._ctx.feed.changed.connect(self._heard)
        self._ctx.config_changed.connect(self._configured)

    # ------------------------------------------------------------------------------ what the window asks

    def shown(self) -> None:
        """Come to the front: read anew and let the times run."""
        self._is_shown = True
        self._clock.start()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._reader.refresh()

    def hidden(self) -> None:
        """Stop the clock while another screen is in front."""
        self._is_shown = False
        self._clock.stop()

    def toast_anchor(self) -> QWidget:
        """Return the widget over which messages appear."""
        return self

    def focus_search(self) -> None:
        """Go to the first order: there is nothing to search here."""
        self.hand.go_first()

    def undo(self) -> None:
        """Take back the last act."""
        self.commands.undo()

    def choose(self, pk: int) -> None:
        """Tick an order."""
        self._choose(pk, True)

    # ------------------------------------------------------------------------------------- what happens

    def _heard(self, change: Change) -> None:
        if self._is_shown and (change.topics & _TOPICS or change.foreign):
            self._reader.refresh()

    def _failed(self, error: PosError) -> None:
        self._ctx.problem.emit(error)

    def _configured(self, config: Config) -> None:
        del config
        if self._is_shown:
            self._reader.refresh()

    def _arrived(self, state: DeliveryState) -> None:
        self._kept.read(state)
        self._put(state)

    def _put(self, state: DeliveryState) -> None:
        ctx = self._ctx
        now, zone = ctx.clock(), ctx.zone
        mark = self.hand.mark()
        self.selection.put(state.board)
        couriers = bool(state.board.couriers)
        self.waiting.show_rows(state.board.waiting, now, zone, couriers=couriers)
        self.fleet.show_board(state.board, now, zone)
        self._show_choice()
        # What else needs a person is told on the Orders screen; here only what stops the exchange.
        sign_ins = sum(remote.sign_in for remote in state.summary.remotes)
        summary = replace(state.summary, attention=sign_ins + len(state.summary.stopped), quarantined=0)
        known = {remote.name for remote in ctx.config.remotes}
        self.banners.show_summary(summary, known, now, zone)
        self.hand.keep(mark)

    def _tick(self) -> None:
        now, zone = self._ctx.clock(), self._ctx.zone
        self.waiting.tick_on(now, zone)
        self.fleet.show_board(self.selection.board, now, zone)
        self._show_choice()

    def _show_choice(self) -> None:
        for tile in self.waiting.tiles:
            if tile.row is not None and tile.isCheckable():
                tile.setChecked(self.selection.has(tile.row.order.pk))
        first = self.selection.first_choice(self._ctx.clock())
        self.fleet.offer(self.selection.rows, first)

    # --------------------------------------------------------------------------------------------- acts

    def _choose(self, pk: int, on: bool) -> None:
        self.selection.choose(pk, on=on)
        self._show_choice()

    def _assign(self, courier: int | None) -> None:
        found, rows = self.selection.courier(courier), self.selection.rows
        if found is not None and rows:
            self.hand.guard()
            self.commands.assign(rows, found)

    def _hand_over(self, pk: int) -> None:
        row = self.selection.waiting_row(pk)
        if row is None:
            return
        self.hand.guard()
        if row.stopped:
            self.order_wanted.emit(pk)
        elif row.order.kind == "pickup":
            self.commands.deliver([row])
        else:
            self.commands.send_out([row])

    def _end(self, pk: int) -> None:
        row = self.selection.road_row(pk)
        if row is None:
            return
        self.hand.guard()
        if row.stopped:
            self.order_wanted.emit(pk)
        elif row.order.status == Status.CANCELLED:
            self.commands.unassign([row])
        else:
            self.commands.deliver([row])

    def _ask_cash(self, pk: int) -> None:
        courier = self.selection.courier(pk)
        if courier is None or not courier.cash:
            return
        dialog = CashDialog(courier, min(courier.cash), self)
        dialog.accepted.connect(partial(self._take_cash, dialog))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_cash(self, dialog: CashDialog) -> None:
        if dialog.amount is not None:
            self.commands.take_cash(dialog.courier, dialog.amount, dialog.currency)

    def _manage(self) -> None:
        dialog = CouriersDialog(self._ctx, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # -------------------------------------------------------------------------------------------- menus

    def _open_waiting_menu(self, pk: int, at: QPoint) -> None:
        row = self.selection.waiting_row(pk)
        if row is not None:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.setAccessibleName(self.tr("More for order %1").replace("%1", row.order.code))
            self._add_open(menu, row, at)

    def _open_road_menu(self, pk: int, at: QPoint) -> None:
        row = self.selection.road_row(pk)
        if row is not None:
            menu = road_menu(self, row, self.selection.board.couriers, self.commands)
            menu.addSeparator()
            self._add_open(menu, row, at)

    def _add_open(self, menu: QMenu, row: DispatchRow, at: QPoint) -> None:
        action = menu.addAction(self.tr("Open the order"))
        action.setObjectName("openOrderAction")
        action.triggered.connect(lambda _=False: self.order_wanted.emit(row.order.pk))
        menu.popup(at)

    def _open_courier_menu(self, pk: int, at: QPoint) -> None:
        courier = self.selection.courier(pk)
        if courier is None:
            return
        menu = courier_menu(self, courier, self.selection.road_of(pk), self.commands)
        if courier.cash:
            cash = menu.addAction(self.tr("Take cash…"))
            cash.setObjectName("takeCashAction")
            cash.triggered.connect(lambda _=False: self._ask_cash(pk))
        manage = menu.addAction(self.tr("Manage couriers…"))
        manage.triggered.connect(lambda _=False: self._manage())
        menu.popup(at)

    # --------------------------------------------------------------------------------------------- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.handle_key(event):
            super().keyPressEvent(event)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Act on a key; tell whether it meant something here."""
        number = courier_of(event)
        if number:
            return self._assign_to(number, again=event.isAutoRepeat())
        act = act_of(event, letters=bool(self._ctx.config.get("look", "letter_keys")))
        if act is None:
            return False
        if act in COMMITS:
            if not event.isAutoRepeat() and not self.hand.guarded:
                self._commit(act)
            return True
        match act:
            case Act.TICK:
                self._tick_tile()
            case Act.NONE_CHOSEN:
                self.selection.clear()
                self._show_choice()
            case Act.ALL_CHOSEN:
                self.selection.choose_all()
                self._show_choice()
            case _:
                self.hand.walk(act)
        return True

    def _tick_tile(self) -> None:
        tile = self.hand.tile
        if tile is not None and tile.isCheckable():
            tile.click()

    def _assign_to(self, number: int, *, again: bool) -> bool:
        couriers = self.fleet.shown_couriers()
        if not self.selection.rows or number > len(couriers) or not couriers[number - 1].on_duty:
            return False
        if not again and not self.hand.guarded:
            self._assign(couriers[number - 1].pk)
        return True

    def _commit(self, act: Act) -> None:
        tile, road = self.hand.tile, self.hand.road_row
        if act is Act.ENTER and self.selection.rows:
            self._assign(self.selection.first_choice(self._ctx.clock()))
        elif tile is not None and tile.row is not None:
            self._commit_tile(act, tile.row, ticks=tile.isCheckable())
        elif road is not None and road.row is not None and act is not Act.ENTER:
            if act is Act.DELIVERED:
                self._end(road.row.order.pk)
            elif road.row.order.status == Status.ONDELIVERY:
                self.hand.guard()
                self.commands.came_back([road.row])
        elif act is Act.DELIVERED:
            # The first press shows which one is meant, the second one does it.
            self.hand.go_to_road()

    def _commit_tile(self, act: Act, row: DispatchRow, *, ticks: bool) -> None:
        if act is Act.ENTER and ticks:
            self._ctx.message.emit(self.tr("Select orders with Space, then Enter assigns them"), None)
        elif act is Act.ENTER or (act is Act.DELIVERED and row.order.kind == "pickup"):
            self._hand_over(row.order.pk)
        elif act is Act.DELIVERED:
            self.hand.go_to_road()

    # ------------------------------------------------------------------------------------------- layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.waiting.setFixedWidth(min(current_theme().px(_LEFT), self.width() * 45 // 100))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = smooth(self)
        painter.fillRect(self.rect(), current_theme().palette.bg)
        painter.end()
