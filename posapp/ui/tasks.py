"""Work that must not hold up the window: one thread with its database connection, in strict order."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot
from shiboken6 import isValid

from posapp.domain.errors import PosError
from posapp.domain.people import NotPermittedError

log = logging.getLogger(__name__)
T = TypeVar("T")


def _nothing() -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[], Any]
    done: Callable[[Any], None] | None
    failed: Callable[[PosError], None] | None
    owner: QObject | None
    left: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class _Result:
    job: _Job
    value: Any
    error: BaseException | None


@dataclass(frozen=True, slots=True)
class Refused:
    """An act that was not permitted: `again` does it once more, after an approval; else `give_up` tells.

    `left` follows where somebody stays who asked: what was typed comes back.
    """

    error: NotPermittedError
    again: Callable[[], None]
    give_up: Callable[[], None]
    left: Callable[[], None] = _nothing


class Tasks(QObject):
    """Runs jobs one after the other in a thread of its own; their callbacks run in the GUI thread.

    A job's callbacks are dropped when its `owner` no longer exists. A failure that the caller does not take
    reaches everybody through `failed` (expected ones) or `crashed` (bugs).
    """

    failed = Signal(object)  # PosError
    not_permitted = Signal(object)  # Refused: the role of who acts is not enough, or nobody is signed in
    crashed = Signal(object)  # BaseException
    _finished = Signal(object)

    def __init__(self, at_end: Callable[[], None], parent: QObject | None = None) -> None:
        """Start the thread; `at_end` runs in it last, to close what the jobs opened."""
        super().__init__(parent)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._at_end = at_end
        self._left: Callable[[], object] | None = None
        self.asked = 0  # how many jobs there have been, to notice when none follow
        self._finished.connect(self._deliver)
        self._thread = threading.Thread(target=self._run, name="db", daemon=True)
        self._thread.start()

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        *,
        failed: Callable[[PosError], None] | None = None,
        owner: QObject | None = None,
    ) -> None:
        """Do `work` after all earlier jobs; then call `done` with its result, or `failed`, here."""
        self.asked += 1
        self._jobs.put(_Job(work, done, failed, owner, self._left))

    def after_all(self, act: Callable[[], None], owner: QObject) -> None:
        """Call `act` here once everything that was asked for by now is done and told.

        An undo that is pressed while an act is still on its way has to find that act, not the one before.
        """
        self.run(lambda: None, lambda _none: act(), owner=owner)

    @staticmethod
    def at_once(act: Callable[[], None], _owner: QObject) -> None:
        """Call `act` now, where others wait with `after_all`."""
        act()

    @contextmanager
    def if_left(self, act: Callable[[], object]) -> Iterator[None]:
        """Do `act` when a job that is asked for in here needs a manager, and is left without one."""
        before, self._left = self._left, act
        try:
            yield
        finally:
            self._left = before

    def repeat(self, job: _Job) -> None:
        """Do a job once more, for `Refused`."""
        self.asked += 1
        self._jobs.put(job)

    def refuse(self, job: _Job, error: PosError) -> None:
        """Tell whoever asked for a job that it failed, for `Refused` and for failures."""
        if job.owner is not None and not isValid(job.owner):
            return
        if job.failed is not None:
            job.failed(error)
        else:
            self.failed.emit(error)

    def leave(self, job: _Job) -> None:
        """Bring back what was typed for a job, for `Refused`."""
        if job.left is not None and (job.owner is None or isValid(job.owner)):
            job.left()

    def close(self, timeout_s: float = 10) -> None:
        """Finish the jobs that wait, then end the thread."""
        self._jobs.put(None)
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                result = _Result(job, job.work(), None)
            except BaseException as error:  # noqa: BLE001 - reported in the GUI thread
                result = _Result(job, None, error)
            try:
                self._finished.emit(result)
            except RuntimeError:
                break  # the window is gone; so is the reason for the remaining jobs
        self._at_end()

    @Slot(object)
    def _deliver(self, result: _Result) -> None:
        job = result.job
        if job.owner is not None and not isValid(job.owner):
            return
        if result.error is None:
            if job.done is not None:
                job.done(result.value)
        elif not isinstance(result.error, PosError):
            log.error("A job failed", exc_info=result.error)
            self.crashed.emit(result.error)
        elif isinstance(result.error, NotPermittedError):
            error = result.error
            again, give_up = partial(self.repeat, job), partial(self.refuse, job, error)
            self.not_permitted.emit(Refused(error, again, give_up, partial(self.leave, job)))
        else:
            self.refuse(job, result.error)
