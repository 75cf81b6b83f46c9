"""Warns over every screen when there has been no backup for too long; otherwise it says nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from posapp.domain.errors import PosError
from posapp.ui.aside import Aside
from posapp.ui.context import Context
from posapp.ui.watchbar import WatchBar

if TYPE_CHECKING:
    from posapp.services.backups import Standing

# A computer that was off makes the missing one by itself, half a minute after its start.
FIRST_MS = 10 * 60_000
_EVERY_MS = 10 * 60_000
_SHOWN_MS = 30_000


class BackupWatch(QObject):
    """Looks now and then, in a thread of its own: a drive may sleep or hang."""

    wanted = Signal()

    def __init__(self, ctx: Context, bar: WatchBar, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx, self._bar = ctx, bar
        self._aside = Aside(self)
        bar.backup.triggered.connect(self.wanted)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin to watch; the training day needs no backup."""
        if not self._ctx.training:
            self._timer.start(FIRST_MS)

    @property
    def busy(self) -> bool:
        """Tell whether it looks at this moment."""
        return self._aside.busy

    def look(self) -> None:
        """Read how backups stand."""
        store, plan = self._ctx.store, self._ctx.config.backups

        def read() -> Standing | PosError:
            from posapp.services import backups  # minutes after the start, which does not pay for it

            try:
                return backups.standing(store, plan)
            except PosError as error:
                return error
            finally:
                store.close_thread()

        self._aside.run(read, self._put)

    def _put(self, found: Standing | PosError) -> None:
        # A database that cannot be read says so elsewhere.
        told = None if isinstance(found, PosError) else found
        overdue = told is not None and told.overdue
        self._bar.put(self._bar.backup, *(self._words(told) if told is not None else ("", "")))
        self._timer.start(_SHOWN_MS if overdue else _EVERY_MS)

    def _words(self, found: Standing) -> tuple[str, str]:
        if not found.overdue:
            return "", ""
        more = self.tr("What was saved is safe as long as this disk is.")
        if self._ctx.store.dialect.shared:
            more = self.tr("What was saved is safe as long as the server's disk is.")
        if found.newest_at is None:
            return self.tr("There is no backup yet."), more
        age = self._ctx.clock() - found.newest_at
        text = self.tr("No backup for %1.").replace("%1", self._length(age))
        return text, more

    def _length(self, age: timedelta) -> str:
        hours = int(age.total_seconds() // 3600)
        if hours < 48:
            return self.tr("%1 hours").replace("%1", str(hours))
        return self.tr("%1 days").replace("%1", str(hours // 24))
