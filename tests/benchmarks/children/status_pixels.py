"""Status changes in the real window: from the end of the commit to the end of the paint of the row."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QListView

import posapp.app
from posapp.domain.status import Status
from posapp.ui.commands import OrderCommands
from tests.benchmarks.children.parts import answer, wait_ms, wait_until

_NEXT = {
    "created": Status.ACCEPTED,
    "edited": Status.ACCEPTED,
    "timing": Status.ACCEPTED,
    "accepted": Status.COOKING,
    "cooking": Status.ONDELIVERY,
    "ondelivery": Status.COOKING,
}
_CHANGES = 40
_ROWS = 8  # of the first ones of the list
_REST_MS = 60  # everything else that follows a change is over by then


class Watch(QObject):
    """Notes when a change was committed, when the list heard of it, and when its row was painted."""

    def __init__(self, app: posapp.app.App) -> None:
        super().__init__()
        view = app.window.findChild(QListView, "ordersView")
        assert isinstance(view, QListView)
        self.model: Any = view.model()
        self.view = view
        self.pk, self.target = 0, ""
        self.committed = self.heard = self.began = self.painted = 0.0
        self.loop = QEventLoop()
        self.patience = QTimer(self)
        self.patience.setSingleShot(True)
        self.patience.timeout.connect(self.loop.quit)
        publish = app.store.feed.publish

        def timed(change: Any) -> None:
            if self.pk in change.orders and not self.committed:
                self.committed = time.perf_counter()
            publish(change)

        app.store.feed.publish = timed  # type: ignore[method-assign]
        self.model.dataChanged.connect(self._changed)
        self._inside = False
        view.viewport().installEventFilter(self)

    def expect(self, pk: int, target: str) -> None:
        self.pk, self.target = pk, target
        self.committed = self.heard = self.began = self.painted = 0.0

    def _has_come(self) -> bool:
        row = self.model.row_of(self.pk)
        return row is not None and row.status == self.target

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Deliver the paint event that counts from here, so that its end is seen, whoever asked for it."""
        if event.type() != QEvent.Type.Paint or self._inside or self.painted or not self._has_come():
            return False
        self._inside = True
        self.began = time.perf_counter()
        QCoreApplication.sendEvent(watched, event)
        self.painted = time.perf_counter()
        self._inside = False
        self.loop.quit()
        return True

    def _changed(self, *_: object) -> None:
        if not self.heard and self._has_come():
            self.heard = time.perf_counter()


def main() -> None:
    """Move orders in the window, and tell how long each took to be seen."""
    app = posapp.app.build(Path(sys.argv[2]), start_sync=False, show=True, sounds=False)
    app.window.resize(1366, 768)
    watch = Watch(app)
    wait_until(lambda: watch.model.rowCount() > _ROWS)
    wait_ms(500)
    commands = app.window.findChild(OrderCommands)
    assert isinstance(commands, OrderCommands)
    heard, began, painted = [], [], []
    for number in range(_CHANGES):
        # A pickup has no way back from cooking.
        rows = [row for row in watch.model.rows if row.kind == "delivery"][:_ROWS]
        row = rows[number % len(rows)]
        watch.view.scrollTo(watch.model.index(watch.model.place_of(row.pk)))
        wait_ms(20)
        target = _NEXT[row.status]
        watch.expect(row.pk, target.value)
        watch.patience.start(5000)
        commands.move(row, target)
        if not watch.painted:
            watch.loop.exec()
        assert watch.painted, f"{row.status} to {target} was never painted"
        heard.append((watch.heard - watch.committed) * 1000)
        began.append((watch.began - watch.committed) * 1000)
        painted.append((watch.painted - watch.committed) * 1000)
        wait_ms(_REST_MS)
    for found in (heard, began, painted):
        found.sort()
    answer(
        painted_ms=painted[_CHANGES // 2],
        painted_worst_ms=painted[-1],
        heard_ms=heard[_CHANGES // 2],
        began_ms=began[_CHANGES // 2],
    )


if __name__ == "__main__":
    main()
