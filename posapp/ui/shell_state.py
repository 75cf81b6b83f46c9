"""What the frame of the window shows, read in the jobs' thread whenever something changed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from posapp.domain.due import start_of_day
from posapp.domain.errors import DatabaseAwayError, PosError
from posapp.storage.attention import Attention, attention
from posapp.storage.details import sync_summary
from posapp.storage.feed import Change
from posapp.storage.queries import alarm, counts
from posapp.storage.rows import Alarm, Counts, SyncSummary
from posapp.ui.context import Context

_RECHECK_MS = 15_000


@dataclass(frozen=True, slots=True)
class ShellState:
    """Sync, counts, alarm and what deserves a sound, as one moment of the database shows them."""

    summary: SyncSummary
    counts: Counts
    alarm: Alarm
    attention: Attention

    @property
    def active(self) -> int:
        """Return the number of orders that are not finished."""
        return sum(n for status, n in self.counts.by_status.items() if status not in _FINISHED)


_FINISHED = frozenset({"delivered", "cancelled"})


class StateReader(QObject):
    """Emits `changed(ShellState)`; many changes at once are one reading."""

    changed = Signal(object)

    def __init__(self, ctx: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._reading = False
        self._again = False
        self.state: ShellState | None = None
        ctx.feed.changed.connect(self._heard)
        self._timer = QTimer(self)
        self._timer.setInterval(_RECHECK_MS)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()

    def refresh(self) -> None:
        """Read soon; what is asked while a reading is under way is one more reading."""
        if self._reading:
            self._again = True
            return
        self._reading = True
        ctx = self._ctx

        def work() -> ShellState:
            now, targets = ctx.clock(), ctx.config.targets
            return ShellState(
                sync_summary(ctx.store),
                counts(ctx.store, start_of_day(now, ctx.zone)),
                alarm(ctx.store),
                attention(ctx.store, targets, now),
            )

        ctx.tasks.run(work, self._read, failed=self._failed, owner=self)

    def _heard(self, change: Change) -> None:
        del change
        self.refresh()

    def _read(self, state: ShellState) -> None:
        self.state = state
        self._done()
        self.changed.emit(state)

    def _failed(self, error: PosError) -> None:
        self._done()
        if not isinstance(error, DatabaseAwayError):  # nobody asked; the bar says it
            self._ctx.problem.emit(error)

    def _done(self) -> None:
        self._reading = False
        if self._again:
            self._again = False
            self.refresh()
