"""The base of what reads for a screen: in the jobs' thread, and many changes at once are one reading."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from posapp.domain.errors import PosError
from posapp.ui.context import Context


class OneReader(QObject):
    """Answers with `arrived(what was read)` or `failed(PosError)`; one reading is under way at a time."""

    arrived = Signal(object)
    failed = Signal(object)

    def __init__(self, ctx: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._reading = self._again = False
        ctx.tasks.crashed.connect(self._crashed)

    def work(self) -> Callable[[], object]:
        """Return the job that reads; it is made in the window's thread, with what the window knows now."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Read soon; what is asked while a reading is under way is one more reading."""
        self.read_soon()

    def read_soon(self) -> None:
        """Do what `refresh` does, for readers whose `refresh` does more."""
        if self._reading:
            self._again = True
            return
        self._reading = True
        self._ctx.tasks.run(self.work(), self._read, failed=self._fail, owner=self)

    def keep(self, found: object) -> None:
        """Take what was read, before everybody is told; `asked_again` says whether it is old already."""

    @property
    def asked_again(self) -> bool:
        """Tell whether another reading follows."""
        return self._again

    def _read(self, found: object) -> None:
        self._reading = False
        self.keep(found)
        self.arrived.emit(found)
        self._go_on()

    def _fail(self, error: PosError) -> None:
        self._reading = False
        self.failed.emit(error)
        self._go_on()

    def _go_on(self) -> None:
        if self._again:
            self._again = False
            self.read_soon()

    def _crashed(self, _error: BaseException) -> None:
        self._reading = False
