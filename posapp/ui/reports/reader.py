"""Reads a report in the jobs' thread, a day after the other; whoever asks last is answered, nobody else."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from posapp.domain.errors import PosError
from posapp.storage.reports import Counts, Step, Wanted, steps
from posapp.ui.context import Context


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
        store, step = self._ctx.store, todo[done]

        def work() -> None:
            with store.snapshot():  # an order and what was given back for it, of one moment
                step(store, counts)

        self._ctx.tasks.run(
            work,
            partial(self._stepped, token, counts, todo, done + 1),
            failed=partial(self._fail, token),
            owner=self,
        )

    def _stepped(self, token: int, counts: Counts, todo: tuple[Step, ...], done: int, _nothing: None) -> None:
        if token == self._asked:
            self.went_on.emit(done, len(todo))
        self._go_on(token, counts, todo, done)

    def _fail(self, token: int, error: PosError) -> None:
        if token == self._asked:
            self._reading = False
            self.failed.emit(error)

    def _crashed(self, _error: BaseException) -> None:
        self._reading = False
