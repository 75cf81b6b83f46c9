"""Reads what the Delivery screen shows, in the jobs' thread; many changes at once are one reading."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from posapp.domain.errors import PosError
from posapp.storage.details import sync_summary
from posapp.storage.dispatch import DispatchBoard, dispatch_board
from posapp.storage.rows import SyncSummary
from posapp.ui.context import Context


@dataclass(frozen=True, slots=True)
class DeliveryState:
    """One moment of the database: dispatch, and whether the shops are reached."""

    board: DispatchBoard
    summary: SyncSummary


class DeliveryReader(QObject):
    """Answers with `arrived(DeliveryState)` or `failed(PosError)`."""

    arrived = Signal(object)
    failed = Signal(object)

    def __init__(self, ctx: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._reading = self._again = False
        ctx.tasks.crashed.connect(self._crashed)

    def refresh(self) -> None:
        """Read soon; what is asked while a reading is under way is one more reading."""
        if self._reading:
            self._again = True
            return
        self._reading = True
        ctx = self._ctx
        targets = ctx.config.targets

        def work() -> DeliveryState:
            return DeliveryState(dispatch_board(ctx.store, targets), sync_summary(ctx.store))

        ctx.tasks.run(work, self._read, failed=self._fail, owner=self)

    def _read(self, state: DeliveryState) -> None:
        self._reading = False
        self.arrived.emit(state)
        self._go_on()

    def _fail(self, error: PosError) -> None:
        self._reading = False
        self.failed.emit(error)
        self._go_on()

    def _go_on(self) -> None:
        if self._again:
            self._again = False
            self.refresh()

    def _crashed(self, _error: BaseException) -> None:
        self._reading = False
