"""Starts the scheduled orders while a window is open, and sounds once for those that anybody started."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer

from posapp.domain.errors import PosError
from posapp.domain.who import station_itself
from posapp.services.schedule import start_due
from posapp.storage.kitchen_lists import started_by_themselves
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.sound import Sound

_EVERY_MS = 5000


@dataclass(frozen=True, slots=True)
class _Look:
    last: int
    started: tuple[tuple[int, str], ...]


class ScheduleStarter(QObject):
    """Looks every few seconds, in the jobs' thread; any number of windows and commands may do so."""

    def __init__(self, ctx: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._last_event = -1
        self._looking = False
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.look()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self) -> None:
        """Start what is to be started by now."""
        if self._looking:
            return
        self._looking = True
        ctx, last = self._ctx, self._last_event
        lead, zone = ctx.config.kitchen.lead, ctx.zone
        station = station_itself(ctx.config.station)

        def work() -> _Look:
            # Before the first start of this window, so that its own is heard as well.
            since = started_by_themselves(ctx.store, -1)[0] if last < 0 else last
            start_due(ctx.store, lead, zone, station, origin=WINDOW_ORIGIN)
            return _Look(*started_by_themselves(ctx.store, since))

        ctx.tasks.run(work, self._looked, failed=self._failed, owner=self)

    def _looked(self, look: _Look) -> None:
        self._looking = False
        self._last_event = look.last
        if look.started:
            self._ctx.play(Sound.CHIME)
            self._ctx.message.emit(self._words(look), None)

    def _words(self, look: _Look) -> str:
        if len(look.started) > 1:
            return self.tr("%1 scheduled orders start now").replace("%1", str(len(look.started)))
        code = look.started[0][1]
        return self.tr("%1 starts now: its time has come").replace(
            "%1", f"#{code}" if code.isdigit() else code
        )

    def _failed(self, error: PosError) -> None:
        # The window's own reading of the state tells of a database that cannot be used.
        del error
        self._looking = False
