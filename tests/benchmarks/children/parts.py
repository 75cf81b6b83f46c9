"""What the measured programs share: the clock, the peak of memory, the first paint, the answer."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

_PAINTED = QEvent.Type(QEvent.registerEventType())


def started_ns() -> int:
    """Return when this process was started, in monotonic nanoseconds."""
    return int(sys.argv[1])


def since_start_ms() -> float:
    """Return the milliseconds since this process was started."""
    return (time.monotonic_ns() - started_ns()) / 1e6


def peak_mb() -> float:
    """Return the peak of resident memory so far, in MB (10⁶ bytes)."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not getrusage: on Linux it also counts the process that this one was forked from.
        for line in status.read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def answer(**found: float) -> None:
    """Give the figures to the process that asked, and end at once."""
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)


class PaintWatch(QObject):
    """Calls `done` once the pixels of a paint event of `widget` have reached the platform.

    A paint event is delivered in the middle of the painting; what is posted then with a high priority comes
    right after the whole of it. `wanted` says whether a paint event is the one that counts.
    """

    def __init__(
        self, widget: QWidget, done: Callable[[], None], wanted: Callable[[], bool] = lambda: True
    ) -> None:
        super().__init__()
        self._done = done
        self._wanted = wanted
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._wanted():
            QCoreApplication.postEvent(self, QEvent(_PAINTED), Qt.EventPriority.HighEventPriority.value)
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == _PAINTED:
            self._done()
            return True
        return super().event(event)


def wait_until(condition: Callable[[], bool], timeout_s: float = 20.0) -> None:
    """Let Qt work until the condition holds; fail when it never does."""
    end = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("what was waited for never came")
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def wait_ms(milliseconds: int) -> None:
    """Let Qt work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
