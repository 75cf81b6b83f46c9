"""Which order is open on the Orders screen, and what a person does with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import QElapsedTimer, QObject, QPoint, QTimer, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import DatabaseAwayError, PosError
from posapp.domain.kept import Kept
from posapp.domain.status import FINAL, Status
from posapp.services.accepting import IN_WORK
from posapp.storage.details import order_detail
from posapp.storage.rows import OrderDetail, OrderRow
from posapp.ui.away.rows import KEPT, detail_of, row_with
from posapp.ui.commands import OrderCommands
from posapp.ui.context import Context
from posapp.ui.detail.moneyfacts import can_be_marked_paid
from posapp.ui.detail.panel import OrderPanel
from posapp.ui.detail.stepfacts import can_be_promised, can_become, next_step_of
from posapp.ui.dialogs.cancel import CancelDialog
from posapp.ui.dialogs.ready import ReadyDialog, ReadyMenu
from posapp.ui.dialogs.schedule import ScheduleDialog
from posapp.ui.dialogs.why import Why
from posapp.ui.screens.orders_keys import Act
from posapp.ui.screens.orders_list import OrdersColumn

_GUARD_MS = 300
_LOOK_MS = 250
_DETAIL_MS = 150
_DETAILS = 300


class OrderDesk(QObject):
    """Keeps the selection with the order, whatever happens to the list, and runs the acts.

    `opened` tells that a person opened an order; one that opened by itself is never acknowledged.
    """

    opened = Signal(int)

    def __init__(self, ctx: Context, column: OrdersColumn, panel: OrderPanel, window: QWidget) -> None:
        super().__init__(window)
        self._ctx, self._column, self._panel, self._window = ctx, column, panel, window
        self.commands = OrderCommands(ctx, self)
        self.selected: int | None = None
        self._question = 0
        self._details: dict[int, OrderDetail] = {}  # read last, for while the database is away
        self._next_after: dict[int, int | None] = {}
        self._guard = QElapsedTimer()
        self._looking = self._timer(_LOOK_MS, self._looked)
        self._slow = self._timer(_DETAIL_MS, self._show_row_alone)
        self.commands.row_changed.connect(self._row_changed)
        self._read_last: dict[int, OrderRow] = {}  # those with something kept here, as the database has them
        ctx.away.touched.connect(self._look_at_kept)
        self.commands.stale.connect(lambda _pk: self.reload())
        column.view.picked.connect(self._picked)
        column.view.wandered.connect(self.select)
        panel.next_wanted.connect(lambda: self.next_step(self._shown()))
        panel.schedule_wanted.connect(lambda: self.schedule(self._shown()))
        panel.cancel_wanted.connect(lambda: self.cancel(self._shown()))
        panel.ready_wanted.connect(lambda: self.ask_ready(self._shown()))
        panel.undo_wanted.connect(self._undo_shown)
        panel.pay_wanted.connect(lambda: self.pay(self._shown()))
        panel.decided.connect(self._decide)

    def _timer(self, ms: int, act: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(ms)
        timer.timeout.connect(act)
        return timer

    # -------------------------------------------------------------------------------------- selection

    @property
    def row(self) -> OrderRow | None:
        """Return the selected order as the screen shows it, in the list or beside it."""
        row = self._column.model.row_of(self.selected)
        if row is None and self._panel.detail is not None and self._panel.detail.row.pk == self.selected:
            return self._panel.detail.row
        return row

    @property
    def guarded(self) -> bool:
        """Tell whether something moved under the hand a moment ago, so that no key may commit."""
        return self._guard.isValid() and self._guard.elapsed() < _GUARD_MS

    def guard(self) -> None:
        """Take no committing key for a moment."""
        self._guard.start()

    def select(self, pk: int | None, *, by_person: bool = False) -> None:
        """Open an order; a person's own opening takes notice of it."""
        self._looking.stop()
        changed = pk != self.selected
        self.selected = pk
        self._column.view.show_current(pk)
        if pk is None:
            self._question += 1
            self._panel.clear()
            return
        if changed:
            self.reload()
        if by_person:
            self.acknowledge(pk)
            self.opened.emit(pk)

    def acknowledge(self, pk: int) -> None:
        """Take notice of an order that rings."""
        row = self._column.model.row_of(pk)
        if row is None or row.unacknowledged:
            self.commands.acknowledge([pk])

    def _picked(self, pk: int, by_key: bool) -> None:
        self.select(pk, by_person=not by_key)
        if by_key:
            # Only where the hand rests counts as looked at, not what it passes.
            self._looking.start()

    def _looked(self) -> None:
        if self.selected is not None:
            self.acknowledge(self.selected)

    # ----------------------------------------------------------------------------------------- detail

    def reload(self) -> None:
        """Read the open order again."""
        pk = self.selected
        if pk is None:
            return
        self._question += 1
        question, ctx = self._question, self._ctx
        shown = self._panel.detail
        if shown is None or shown.row.pk != pk:
            self._slow.start()

        def work() -> OrderDetail | None:
            if question != self._question:
                return None
            return order_detail(ctx.store, pk, ctx.config.targets)

        def done(detail: OrderDetail | None) -> None:
            if question != self._question or detail is None:
                return
            self._slow.stop()
            self._remember(detail)
            if detail != self._panel.detail:
                self._panel.show_detail(detail)

        def failed(error: PosError) -> None:
            row = self._column.model.row_of(pk)
            if question == self._question and row is not None and isinstance(error, DatabaseAwayError):
                self._show_last(row)
            else:
                ctx.problem.emit(error)

        ctx.tasks.run(work, done, failed=failed, owner=self)

    def _remember(self, detail: OrderDetail) -> None:
        if self._ctx.store.presence is not None:
            self._details[detail.row.pk] = detail
            if len(self._details) > _DETAILS:
                del self._details[next(iter(self._details))]

    def _show_last(self, row: OrderRow) -> None:
        """Show an order as far as it was read before the database went away."""
        self._slow.stop()
        known = self._details.get(row.pk)
        detail = replace(known, row=row) if known is not None else detail_of(row)
        if row.sync == KEPT:
            detail = replace(detail, status_at=row.closed_at or row.age_from or detail.status_at)
        self._panel.show_detail(detail, whole=known is not None)

    def _show_row_alone(self) -> None:
        row = self._column.model.row_of(self.selected)
        if row is not None:
            self._panel.show_row(row)

    def _shown(self) -> OrderRow | None:
        return self._panel.detail.row if self._panel.detail is not None else None

    # ------------------------------------------------------------------------------------------- acts

    def next_step(self, row: OrderRow | None) -> None:
        """Give an order its next status."""
        step = next_step_of(row) if row is not None else None
        if row is not None and step is not None:
            self._note_next(row.pk)
            self.commands.move(row, step.target)

    def ask(self, act: Act, row: OrderRow | None) -> None:
        """Open the dialog of an act that needs one."""
        asks = {Act.READY: self.ask_ready, Act.SCHEDULE: self.schedule, Act.CANCEL: self.cancel}
        asks[Act.PAY] = self.pay
        if act is not Act.PRINT:
            asks[act](row)
        elif row is not None:
            self._ctx.print_wanted.emit(row.pk)

    def pay(self, row: OrderRow | None) -> None:
        """Note that a shop's order was paid; for all else show the payments, where what is due is taken."""
        detail = self._panel.detail
        if row is None:
            return
        if detail is not None and detail.row.pk == row.pk and can_be_marked_paid(detail):
            self.commands.mark_paid(row)
        else:
            self._ctx.pay_wanted.emit(row.pk)

    def ask_ready(self, row: OrderRow | None) -> None:
        """Offer the quick ready times over the foot of the detail."""
        if row is None or not can_be_promised(row):
            return
        ctx, footer = self._ctx, self._panel.footer
        menu = ReadyMenu(ctx.clock(), ctx.zone, self._window)
        menu.chosen.connect(lambda minutes: self._accept(row, timedelta(minutes=minutes)))
        menu.own_wanted.connect(lambda: self._ask_own_ready(row))
        near = footer.ready_button if footer.ready_button.isVisible() else footer
        menu.popup(near.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4)))

    def _ask_own_ready(self, row: OrderRow) -> None:
        dialog = ReadyDialog(row, self._ctx.clock, self._ctx.zone, self._window)
        dialog.accepted.connect(lambda: self._accept(row, dialog.chosen))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _accept(self, row: OrderRow, ready_in: timedelta) -> None:
        if row.status not in IN_WORK:
            self._note_next(row.pk)
        self.commands.accept(row, ready_in)

    def schedule(self, row: OrderRow | None) -> None:
        """Ask for when, then schedule."""
        if row is None or not can_become(row, Status.TIMING):
            return
        dialog = ScheduleDialog(row, self._ctx.clock(), self._ctx.zone, self._window)

        def accepted() -> None:
            chosen = dialog.chosen
            if chosen is not None:
                self._note_next(row.pk)
                self.commands.schedule(row, chosen)

        dialog.accepted.connect(accepted)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def cancel(self, row: OrderRow | None, typed: Why | None = None) -> None:
        """Ask whether and why, then cancel; what was typed comes back when no manager agrees."""
        if row is None or not can_become(row, Status.CANCELLED):
            return
        dialog = CancelDialog(row, self._ctx.config.get("orders", "reasons"), self._window)
        dialog.why.put(typed)

        def accepted() -> None:
            kept = dialog.why.typed
            self._note_next(row.pk)
            with self._ctx.tasks.if_left(lambda: self.cancel(row, kept)):
                self.commands.move(row, Status.CANCELLED, reason=dialog.reason)

        dialog.accepted.connect(accepted)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def undo(self) -> None:
        """Take back the last act of this window, else the last step of a finished order that is open."""
        self._ctx.tasks.after_all(self._undo_last, self)

    def _undo_last(self) -> None:
        last, row = self.commands.last, self.row
        if last is not None:
            self.commands.undo(last)
        elif row is not None and row.status in FINAL:
            self.commands.undo(row.pk)
        else:
            self._ctx.message.emit(self.tr("There is nothing to undo"), None)

    def _undo_shown(self) -> None:
        row = self._shown()
        if row is not None:
            self.commands.undo(row.pk)

    def _decide(self, choice: str) -> None:
        row = self._shown()
        if row is not None:
            self.commands.resolve(row.pk, row.code, choice)

    def _note_next(self, pk: int) -> None:
        """Remember which order follows, before the act moves this one away."""
        neighbour = self._column.neighbour_of(pk)
        self._next_after = {pk: neighbour.pk if neighbour is not None else None}

    def forget_kept(self) -> None:
        """Take the rows of the list for the database's, because they were just read."""
        self._read_last.clear()

    def _look_at_kept(self, pk: int) -> None:
        ctx = self._ctx
        ctx.tasks.run(lambda: ctx.away.entries_of(pk), lambda kept: self._put_kept(pk, kept), owner=self)

    def _put_kept(self, pk: int, kept: tuple[Kept, ...]) -> None:
        row = self._read_last.get(pk) or self._column.model.row_of(pk)
        if row is not None:
            self._read_last[pk] = row
            self.commands.row_changed.emit(row_with(row, kept, self._ctx.config.targets))

    def _row_changed(self, row: OrderRow) -> None:
        """Show what an act made of an order: its row first, all else after."""
        self._column.model.patch(row)
        self._column.view.paint_now(row.pk)
        following = self._next_after.pop(row.pk, None)
        if row.pk != self.selected:
            return
        if following is not None and self._column.model.place_of(following) >= 0:
            self.guard()
            self.select(following)
        elif row.sync == KEPT:
            self._show_last(row)
        else:
            self._panel.show_row(row)
            self.reload()
