"""Reads the Sync Center's moments of the database in the jobs' thread, at most a few in a second."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from posapp.domain.due import start_of_day
from posapp.domain.errors import PosError
from posapp.services.conflict_case import ConflictCase, read_case
from posapp.storage.sync_center import SyncState, sync_state
from posapp.ui.context import Context

PAGE, MOST = 200, 2_000
_DONE, _GAP_MS = 50, 200


class SyncReader(QObject):
    """Answers with `arrived(SyncState, ConflictCase | None)` or `failed(PosError)`.

    `case_read` brings the conflict of the order that was just chosen, ahead of all else.
    """

    arrived = Signal(object, object)
    case_read = Signal(object)
    failed = Signal(object)

    def __init__(self, ctx: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._reading = self._again = False
        self._shown = {"waiting": PAGE, "done": _DONE}
        self.order: int | None = None  # whose conflict is read along
        self._gap = QTimer(self)
        self._gap.setSingleShot(True)
        self._gap.setInterval(_GAP_MS)
        self._gap.timeout.connect(self._go_on)
        ctx.tasks.crashed.connect(self._crashed)

    def more(self, part: str) -> None:
        """Read more rows of what waits, or of what was done, from now on."""
        part = "done" if part == "done" else "waiting"
        self._shown[part] = min(MOST, self._shown[part] + PAGE)
        self.refresh()

    def follow(self, order: int | None) -> None:
        """Read an order's conflict now, and with everything else from now on."""
        self.order = order
        ctx = self._ctx
        if order is not None:
            ctx.tasks.run(
                lambda: read_case(ctx.store, order), self._case, failed=self.failed.emit, owner=self
            )

    def _case(self, case: ConflictCase | None) -> None:
        if case is not None and case.pk == self.order:
            self.case_read.emit(case)

    @property
    def resting(self) -> bool:
        """Tell whether nothing is to be read."""
        return not (self._reading or self._again)

    def refresh(self) -> None:
        """Read soon; what is asked while a reading is under way, or right after, is one more reading."""
        if self._reading or self._gap.isActive():
            self._again = True
            return
        self._reading = True
        ctx, order, shown = self._ctx, self.order, dict(self._shown)

        def work() -> tuple[SyncState, ConflictCase | None]:
            today = start_of_day(ctx.clock(), ctx.zone)
            state = sync_state(ctx.store, today, waiting=shown["waiting"], done=shown["done"])
            return state, read_case(ctx.store, order) if order is not None else None

        ctx.tasks.run(work, self._read, failed=self._fail, owner=self)

    def _read(self, found: tuple[SyncState, ConflictCase | None]) -> None:
        self._end()
        self.arrived.emit(*found)

    def _fail(self, error: PosError) -> None:
        self._end()
        self.failed.emit(error)

    def _crashed(self, _error: BaseException) -> None:
        self._end()

    def _end(self) -> None:
        self._reading = False
        self._gap.start()

    def _go_on(self) -> None:
        if self._again:
            self._again = False
            self.refresh()
