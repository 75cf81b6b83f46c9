"""Acts on several orders at once in the window: each is one job, told in one sentence, with one undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from posapp.domain.errors import PosError, RefusedError
from posapp.services import bulk, dispatch, together
from posapp.services.together import Act, Seen
from posapp.storage.dispatch import CourierRow
from posapp.storage.rows import OrderRow
from posapp.ui.actwords import left_text, moved_text, orders_text, told, undone_text
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.seen import expected_versions

_REMEMBERED = 20


class BulkCommands(QObject):
    """Runs the services in the jobs' thread; `acted` gives each act that `undo` can take back."""

    acted = Signal(object)  # Act

    def __init__(self, ctx: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._open: list[Act] = []

    def next_step(self, rows: Sequence[OrderRow]) -> None:
        """Give each order its next status."""
        ctx, who = self._ctx, self._ctx.who

        def work(seen: Sequence[Seen]) -> Act:
            return bulk.next_step(ctx.store, seen, who, hold=True, origin=WINDOW_ORIGIN)

        self._run(rows, work, moved_text)

    def assign(self, rows: Sequence[OrderRow], courier: CourierRow) -> None:
        """Give orders to a courier."""
        ctx, who = self._ctx, self._ctx.who
        text = self.tr("%1 on the way with %2").replace("%2", courier.name)

        def work(seen: Sequence[Seen]) -> Act:
            return dispatch.assign(ctx.store, seen, courier.pk, who, origin=WINDOW_ORIGIN)

        self._run(rows, work, lambda act: told(text.replace("%1", orders_text(act.steps)), act))

    def undo(self, act: Act) -> None:
        """Take a whole act back; a second time changes nothing."""
        ctx, who = self._ctx, self._ctx.who
        if not self.can_undo(act):
            return
        self._open = [known for known in self._open if known is not act]

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

    def can_undo(self, act: Act) -> bool:
        """Tell whether an act was not taken back yet."""
        return any(known is act for known in self._open)

    def _run(
        self, rows: Sequence[OrderRow], work: Callable[[Sequence[Seen]], Act], words: Callable[[Act], str]
    ) -> None:
        ctx = self._ctx

        def done(act: Act) -> None:
            if not act.steps:
                ctx.problem.emit(RefusedError(self.tr("Nothing was changed."), left_text(act.left_out)))
                return
            self._open = [*self._open, act][-_REMEMBERED:]
            self.acted.emit(act)
            ctx.message.emit(words(act), lambda: self.undo(act))

        def failed(error: PosError) -> None:
            ctx.problem.emit(error)

        ctx.tasks.run(lambda: work(expected_versions(ctx, rows)), done, failed=failed, owner=self)
