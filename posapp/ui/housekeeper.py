"""What the window does by the way, in the jobs' thread: it seals the audit."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QTimer

from posapp.domain.errors import PosError
from posapp.services.audit import AT_ONCE, seal
from posapp.ui.context import Context

log = logging.getLogger(__name__)

_EVERY_MS, _MORE_MS = 30_000, 200


class Housekeeper(QObject):
    """Works in small portions, so that no act of a person waits behind it."""

    def __init__(self, ctx: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.work)
        self._timer.start(_EVERY_MS)

    def work(self) -> None:
        """Seal a portion; sooner again while there is more."""
        store = self._ctx.store
        self._ctx.tasks.run(lambda: seal(store), self._worked, failed=self._failed, owner=self)

    def _worked(self, count: int) -> None:
        self._timer.start(_MORE_MS if count >= AT_ONCE else _EVERY_MS)

    def _failed(self, error: PosError) -> None:
        # The next try comes; what is wrong with the database is told by what people do.
        log.info("The audit was not sealed: %s", error)
        self._timer.start(_EVERY_MS)
