"""Reads a report in the jobs' thread, some days in a turn; whoever asks last is answered, nobody else."""

from __future__ import annotations

from functools import partial
from time import monotonic

from PySide6.QtCore import QObject, Signal

from posapp.domain.errors import PosError
from posapp.storage.reports import Counts, Step, Wanted, steps
from posapp.ui.context import Context

# As long as an act of a person may wait behind a report, and a day more.
_TURN_S = 0.02


class ReportReader(QObject):
    """Answers with `arrived(Counts)` or `failed(PosError)`; `went_on(done, all)` tells how far it is."""

    arrived = Signal(object)
    failed = Signal(object)
    went_on = Signal(int, int)

    def __init__(self, ctx: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._asked = 0
        self._reading = False
        ctx.tasks.crashed.connect(self._crashed)

    @property
    def reading(self) -> bool:
        """Tell whether an answer is still to come."""
        return self._reading

    def ask(self, wanted: Wanted) -> None:
        """Read a report; one that is under way ends at its next day."""
        self._asked += 1
        self._reading = True
        self._go_on(self._asked, Counts(wanted), steps(wanted), 0)

    def stop(self) -> None:
        """Want nothing any more."""
        self._asked += 1
        self._reading = False

    def _go_on(self, token: int, counts: Counts, todo: tuple[Step, ...], done: int) -> None:
        if token != self._asked:
            return
        if done == len(todo):
            self._reading = False
            self.arrived.emit(counts)
            return
        self._ctx.tasks.run(
            partial(self._work, token, counts, todo, done),
            partial(self._stepped, token, counts, todo),
            failed=partial(self._fail, token),
            owner=self,
        )

    def _work(self, token: int, counts: Counts, todo: tuple[Step, ...], done: int) -> int:
        """Read as many days as fit into one turn, in the jobs' thread; return how many are done now."""
        store, end = self._ctx.store, monotonic() + _TURN_S
        while True:
            with store.snapshot():  # an order and what was given back for it, of one moment
                todo[done](store, counts)
            done += 1
            if done == len(todo) or monotonic() >= end or token != self._asked:
                return done

    def _stepped(self, token: int, counts: Counts, todo: tuple[Step, ...], done: int) -> None:
        if token == self._asked:
            self.went_on.emit(done, len(todo))
        self._go_on(token, counts, todo, done)

    def _fail(self, token: int, error: PosError) -> None:
        if token == self._asked:
            self._reading = False
            self.failed.emit(error)

    def _crashed(self, _error: BaseException) -> None:
        self._reading = False
