"""Acts on several orders at once in the window: each is one job, told in one sentence, with one undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from posapp.domain.errors import PosError, RefusedError
from posapp.domain.tickets import TicketKind
from posapp.services import bulk, dispatch, together
from posapp.services.together import Act, Seen
from posapp.storage.dispatch import CourierRow
from posapp.storage.rows import OrderRow
from posapp.ui.actwords import left_text, moved_text, orders_text, told, undone_text
from posapp.ui.away.many import next_of, or_keep
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.seen import expected_versions

if TYPE_CHECKING:
    from posapp.services.printing_many import PrintAct

_REMEMBERED = 20


class BulkCommands(QObject):
    """Runs the services in the jobs' thread; `acted` gives each act that `undo` can take back."""

    acted = Signal(object)  # Act or PrintAct

    def __init__(self, ctx: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._open: list[Act | PrintAct] = []

    def next_step(self, rows: Sequence[OrderRow]) -> None:
        """Give each order its next status."""
        ctx, who = self._ctx, self._ctx.who

        def work(seen: Sequence[Seen]) -> Act:
            return bulk.next_step(ctx.store, seen, who, hold=True, origin=WINDOW_ORIGIN)

        self._run(rows, work, moved_text, or_keep(ctx, rows, next_of, self, ctx.problem.emit))

    def assign(self, rows: Sequence[OrderRow], courier: CourierRow) -> None:
        """Give orders to a courier."""
        ctx, who = self._ctx, self._ctx.who
        text = self.tr("%1 on the way with %2").replace("%2", courier.name)

        def work(seen: Sequence[Seen]) -> Act:
            return dispatch.assign(ctx.store, seen, courier.pk, who, origin=WINDOW_ORIGIN)

        self._run(rows, work, lambda act: told(text.replace("%1", orders_text(act.steps)), act))

    def print_later(self, rows: Sequence[OrderRow], kind: TicketKind) -> None:
        """Queue the receipts or kitchen tickets of orders; printing goes on by itself."""
        ctx, who = self._ctx, self._ctx.who
        printer = ctx.config.printer_for(kind.value)
        if printer is None:
            return
        # Imported here, and not at each start: layouts are long.
        from posapp.printing.layout import composer
        from posapp.services.printing_many import print_many

        compose, pks = composer(ctx.zone), [row.pk for row in rows]

        def done(act: PrintAct) -> None:
            self._keep(act)
            ctx.message.emit(self._printed_text(act), lambda: self.undo(act))

        ctx.tasks.run(
            lambda: print_many(ctx.store, pks, kind, printer.name, who, compose, origin=WINDOW_ORIGIN),
            done,
            failed=ctx.problem.emit,
            owner=self,
        )

    def _printed_text(self, act: PrintAct) -> str:
        count = len(act.jobs)
        if act.kind is TicketKind.KITCHEN:
            words = self.tr("1 kitchen ticket") if count == 1 else self.tr("%n kitchen tickets", "", count)
        else:
            words = self.tr("1 receipt") if count == 1 else self.tr("%n receipts", "", count)
        text = self.tr("%1 sent to %2").replace("%1", words).replace("%2", act.printer)
        if act.left_out:
            text += ", " + self.tr("%1 needed none").replace("%1", str(act.left_out))
        return text

    def _undo_print(self, act: PrintAct) -> None:
        from posapp.services.printing_many import withdraw_many

        ctx, who = self._ctx, self._ctx.who

        def done(count: int) -> None:
            text = self.tr("Undone: %1 of %2 are not printed").replace("%1", str(count))
            ctx.message.emit(text.replace("%2", str(len(act.jobs))), None)

        ctx.tasks.run(
            lambda: withdraw_many(ctx.store, act, who, origin=WINDOW_ORIGIN),
            done,
            failed=ctx.problem.emit,
            owner=self,
        )

    def undo(self, act: Act | PrintAct) -> None:
        """Take a whole act back; a second time changes nothing."""
        ctx, who = self._ctx, self._ctx.who
        if not self.can_undo(act):
            return
        self._open = [known for known in self._open if known is not act]
        if not isinstance(act, Act):
            self._undo_print(act)
            return

        def done(back: Act) -> None:
            if back.steps:
                ctx.message.emit(undone_text(back), None)
            else:
                ctx.problem.emit(RefusedError(self.tr("Nothing was undone."), left_text(back.left_out)))

        ctx.tasks.run(
            lambda: together.undo(ctx.store, act, who, origin=WINDOW_ORIGIN),
            done,
            failed=ctx.problem.emit,
            owner=self,
        )

    def can_undo(self, act: Act | PrintAct) -> bool:
        """Tell whether an act was not taken back yet."""
        return any(known is act for known in self._open)

    def _keep(self, act: Act | PrintAct) -> None:
        self._open = [*self._open, act][-_REMEMBERED:]
        self.acted.emit(act)

    def _run(
        self,
        rows: Sequence[OrderRow],
        work: Callable[[Sequence[Seen]], Act],
        words: Callable[[Act], str],
        failed: Callable[[PosError], None] | None = None,
    ) -> None:
        ctx = self._ctx

        def done(act: Act) -> None:
            if not act.steps:
                ctx.problem.emit(RefusedError(self.tr("Nothing was changed."), left_text(act.left_out)))
                return
            self._keep(act)
            ctx.message.emit(words(act), lambda: self.undo(act))

        refused = failed or ctx.problem.emit
        ctx.tasks.run(lambda: work(expected_versions(ctx, rows)), done, failed=refused, owner=self)
