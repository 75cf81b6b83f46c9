"""What people do in the Sync Center: each act is one job, and tells its undo where there is one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from posapp.domain.errors import PosError
from posapp.services import conflicts, decisions, publishing
from posapp.services.conflict_case import ConflictCase
from posapp.services.decisions import Decision
from posapp.storage.publishing import ProductQueueRow
from posapp.storage.rows import QueueRow
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.sync_center.words import code_word

T = TypeVar("T")


class SyncCommands(QObject):
    """`done` tells that something was written, or that what was wanted has changed meanwhile."""

    done = Signal()
    decided = Signal(int)  # the key of the order

    def __init__(self, ctx: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._last: Decision | None = None
        self._busy = False

    def apply(self, case: ConflictCase, choices: Mapping[str, str]) -> None:
        """Settle a conflict as chosen."""
        ctx, who = self._ctx, self._ctx.who

        def done(made: Decision) -> None:
            self._keep(made)
            self.decided.emit(made.pk)
            goes = self.tr("%1 is decided. It goes to the shop in a few seconds.")
            stays = self.tr("%1 is decided, as at the shop")
            text = (goes if made.sends else stays).replace("%1", code_word(made.code))
            ctx.message.emit(text, self.undo)

        self._run(
            lambda: decisions.decide(ctx.store, case, choices, who, hold=True, origin=WINDOW_ORIGIN), done
        )

    def discard(self, row: QueueRow, reason: str) -> None:
        """Give up what waits of an order."""
        ctx, who = self._ctx, self._ctx.who

        def done(made: Decision) -> None:
            self._keep(made)
            text = self.tr("%1 is given up: the order is as at the shop").replace("%1", code_word(made.code))
            ctx.message.emit(text, self.undo)

        self._run(
            lambda: decisions.give_up(ctx.store, row.order_pk, reason, who, hold=True, origin=WINDOW_ORIGIN),
            done,
        )

    def retry(self, row: QueueRow) -> None:
        """Send a change and all that waits of its order again."""
        ctx, who = self._ctx, self._ctx.who
        text = self.tr("%1 is sent again").replace("%1", code_word(row.order_code))
        self._run(
            lambda: conflicts.retry(ctx.store, [row.id], who, origin=WINDOW_ORIGIN),
            lambda _: ctx.message.emit(text, None),
        )

    def retry_product(self, row: ProductQueueRow) -> None:
        """Send a product again."""
        ctx, who = self._ctx, self._ctx.who
        text = self.tr("%1 is sent again").replace("%1", row.title or row.internal_id)
        self._run(
            lambda: publishing.retry_products(ctx.store, [row.id], who, origin=WINDOW_ORIGIN),
            lambda _: ctx.message.emit(text, None),
        )

    def discard_product(self, row: ProductQueueRow, reason: str) -> None:
        """Give the change of a product up."""
        ctx, who = self._ctx, self._ctx.who
        text = self.tr("%1 stays at the shop as it was").replace("%1", row.title or row.internal_id)
        self._run(
            lambda: publishing.discard_products(ctx.store, [row.id], reason, who, origin=WINDOW_ORIGIN),
            lambda _: ctx.message.emit(text, None),
        )

    def undo(self) -> None:
        """Take the last decision back."""
        self._ctx.tasks.after_all(self._undo_last, self)

    def _undo_last(self) -> None:
        made, ctx, who = self._last, self._ctx, self._ctx.who
        if made is None:
            ctx.message.emit(self.tr("There is nothing to undo"), None)
            return
        self._last = None
        text = self.tr("Undone: %1 needs you again").replace("%1", code_word(made.code))
        with ctx.tasks.if_left(lambda: self._keep(made)):
            self._run(
                lambda: decisions.take_back(ctx.store, made, who, origin=WINDOW_ORIGIN),
                lambda _: ctx.message.emit(text, None),
            )

    def _keep(self, made: Decision) -> None:
        self._last = made

    def _run(self, work: Callable[[], T], done: Callable[[T], object]) -> None:
        """Do one act at a time: a second press of a key is not a second decision."""
        if self._busy:
            return
        self._busy = True

        def finished(result: T) -> None:
            self._busy = False
            done(result)
            self.done.emit()

        self._ctx.tasks.run(work, finished, failed=self._failed, owner=self)

    def _failed(self, error: PosError) -> None:
        self._busy = False
        self._ctx.problem.emit(error)
        self.done.emit()
