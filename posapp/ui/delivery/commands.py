"""What people do on the Delivery screen: each act is one job, told in one sentence, with one undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from PySide6.QtCore import QObject, Signal

from posapp.domain.errors import PosError, RefusedError
from posapp.domain.status import Status
from posapp.services import couriers, dispatch, together
from posapp.services.together import Act, Seen
from posapp.storage.dispatch import CourierRow, DispatchRow
from posapp.ui.actwords import left_text, orders_text, told, undone_text
from posapp.ui.away.many import or_keep
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.delivery.words import sum_text
from posapp.ui.seen import expected_versions

_REMEMBERED = 20

Undo = Callable[[], None]


class DispatchCommands(QObject):
    """Runs the services in the jobs' thread; `done` tells that something changed or was refused."""

    done = Signal()

    def __init__(self, ctx: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._undos: list[Undo] = []

    # ------------------------------------------------------------------------------- several orders

    def assign(self, rows: Sequence[DispatchRow], courier: CourierRow) -> None:
        """Give orders to a courier."""
        ctx, who = self._ctx, self._ctx.who
        text = self.tr("%1 on the way with %2").replace("%2", courier.name)
        self._act(
            rows,
            lambda seen: dispatch.assign(ctx.store, seen, courier.pk, who, origin=WINDOW_ORIGIN),
            text,
        )

    def send_out(self, rows: Sequence[DispatchRow]) -> None:
        """Send orders out without a courier."""
        ctx, who = self._ctx, self._ctx.who
        text = self.tr("%1 on the way")
        self._act(
            rows,
            lambda seen: dispatch.send_out(ctx.store, seen, who, origin=WINDOW_ORIGIN),
            text,
            Status.ONDELIVERY,
        )

    def deliver(self, rows: Sequence[DispatchRow]) -> None:
        """Note that orders arrived, or were handed over at the counter."""
        ctx, who = self._ctx, self._ctx.who
        pickups = all(row.order.kind == "pickup" for row in rows)
        text = self.tr("%1 handed over") if pickups else self.tr("%1 delivered")
        self._act(
            rows,
            lambda seen: dispatch.deliver(ctx.store, seen, who, origin=WINDOW_ORIGIN),
            text,
            Status.DELIVERED,
        )

    def came_back(self, rows: Sequence[DispatchRow]) -> None:
        """Note that orders came back undelivered."""
        ctx, who = self._ctx, self._ctx.who
        text = self.tr("%1 came back")
        self._act(rows, lambda seen: dispatch.came_back(ctx.store, seen, who, origin=WINDOW_ORIGIN), text)

    def unassign(self, rows: Sequence[DispatchRow]) -> None:
        """Take orders from their couriers."""
        ctx, who = self._ctx, self._ctx.who
        text = self.tr("Nobody has %1 now")
        self._act(rows, lambda seen: dispatch.unassign(ctx.store, seen, who, origin=WINDOW_ORIGIN), text)

    def _act(
        self,
        rows: Sequence[DispatchRow],
        work: Callable[[Sequence[Seen]], Act],
        text: str,
        target: Status | None = None,
    ) -> None:
        """Do it; what comes to a status alone, its `target`, is kept here while the database is away."""
        orders = [row.order for row in rows]
        if not orders:
            return

        def done(act: Act) -> None:
            if not act.steps:
                self._failed(RefusedError(self.tr("Nothing was changed."), left_text(act.left_out)))
                return
            sentence = told(text.replace("%1", orders_text(act.steps)), act)
            self._tell(sentence, lambda: self._undo_act(act))

        ctx = self._ctx
        failed: Callable[[PosError], None] = self._failed
        if target is not None:
            failed = or_keep(ctx, orders, lambda _row: target, self, self._failed)
        ctx.tasks.run(lambda: work(expected_versions(ctx, orders)), done, failed=failed, owner=self)

    def _undo_act(self, act: Act) -> None:
        ctx, who = self._ctx, self._ctx.who

        def done(back: Act) -> None:
            if not back.steps:
                self._failed(RefusedError(self.tr("Nothing was undone."), left_text(back.left_out)))
                return
            self._tell(undone_text(back), None)

        ctx.tasks.run(
            lambda: together.undo(ctx.store, act, who, origin=WINDOW_ORIGIN),
            done,
            failed=self._failed,
            owner=self,
        )

    # -------------------------------------------------------------------------------- cash and duty

    def take_cash(self, courier: CourierRow, amount: Decimal, currency: str) -> None:
        """Take the cash that a courier hands in."""
        ctx, who = self._ctx, self._ctx.who
        due = courier.cash.get(currency, Decimal(0))

        def work() -> dispatch.CashAct:
            return dispatch.take_cash(
                ctx.store, courier.pk, amount, currency, who, expected=due, origin=WINDOW_ORIGIN
            )

        ctx.tasks.run(work, self._took, failed=self._failed, owner=self)

    def _took(self, act: dispatch.CashAct) -> None:
        text = self.tr("%1 handed in %2").replace("%1", act.name)
        text = text.replace("%2", sum_text(act.amount, act.currency))
        if act.difference:
            word = self.tr("%1 too much") if act.difference > 0 else self.tr("%1 missing")
            text += ", " + word.replace("%1", sum_text(abs(act.difference), act.currency))
        self._tell(text, lambda: self._undo_cash(act))

    def _undo_cash(self, act: dispatch.CashAct) -> None:
        ctx, who = self._ctx, self._ctx.who
        text = self.tr("Undone: the cash of %1 is due again").replace("%1", act.name)
        ctx.tasks.run(
            lambda: dispatch.undo_cash(ctx.store, act, who, origin=WINDOW_ORIGIN),
            lambda _none: self._tell(text, None),
            failed=self._failed,
            owner=self,
        )

    def set_duty(self, courier: CourierRow, *, on_duty: bool) -> None:
        """Begin or end a courier's shift."""
        ctx, who = self._ctx, self._ctx.who
        text = self.tr("%1 is on shift") if on_duty else self.tr("%1 is off duty")

        def undo() -> None:
            self.set_duty(courier, on_duty=not on_duty)

        ctx.tasks.run(
            lambda: couriers.set_duty(ctx.store, courier.pk, who, on_duty=on_duty, origin=WINDOW_ORIGIN),
            lambda _none: self._tell(text.replace("%1", courier.name), undo),
            failed=self._failed,
            owner=self,
        )

    # ------------------------------------------------------------------------------------------ undo

    def undo(self) -> None:
        """Take back the last act of this screen."""
        self._ctx.tasks.after_all(self._undo_last, self)

    def _undo_last(self) -> None:
        if self._undos:
            self._undo_this(self._undos[-1])
        else:
            self._ctx.message.emit(self.tr("There is nothing to undo"), None)

    def _tell(self, text: str, undo: Undo | None) -> None:
        if undo is None:
            self._ctx.message.emit(text, None)
        else:
            self._undos = [*self._undos, undo][-_REMEMBERED:]
            self._ctx.message.emit(text, lambda: self._undo_this(undo))
        self.done.emit()

    def _undo_this(self, undo: Undo) -> None:
        if undo in self._undos:
            self._undos.remove(undo)
            with self._ctx.tasks.if_left(lambda: self._undos.append(undo)):
                undo()

    def _failed(self, error: PosError) -> None:
        self._ctx.problem.emit(error)
        self.done.emit()
