"""A switch for developers: how long the window's thread was ever busy without looking at its events.

`POSAPP_STALLS=50` writes a line into the log for every stall of more than 50 ms, with where the thread was
when that time was over. Without it nothing of this runs.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback

from PySide6.QtCore import QObject, Qt, QTimer

log = logging.getLogger(__name__)

SWITCH = "POSAPP_STALLS"
_BEAT_MS = 2
_LAST_FRAMES = 6


class StallWatch(QObject):
    """Beats in the GUI thread, and listens to the beat in another; `longest_ms` is what a person waited."""

    def __init__(self, limit_ms: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limit_s = limit_ms / 1000
        self._gui = threading.get_ident()
        self._beaten = time.perf_counter()
        self._longest = 0.0
        self._where = ""
        self._over = threading.Event()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        self._thread = threading.Thread(target=self._listen, name="stalls", daemon=True)
        self._thread.start()

    @property
    def longest_ms(self) -> float:
        """Return the longest stall since the start, or since `reset`."""
        return self._longest * 1000

    def reset(self) -> None:
        """Begin anew."""
        self._beaten, self._longest = time.perf_counter(), 0.0

    def stop(self) -> None:
        """End."""
        self._timer.stop()
        self._over.set()
        self._thread.join(1)

    def _beat(self) -> None:
        now = time.perf_counter()
        took, self._beaten = now - self._beaten, now
        self._longest = max(self._longest, took)
        if took > self._limit_s:
            log.info("The window stood still for %.0f ms%s", took * 1000, self._where)
            self._where = ""

    def _listen(self) -> None:
        heard = 0.0
        while not self._over.wait(self._limit_s / 4):
            beaten = self._beaten
            if time.perf_counter() - beaten > self._limit_s and beaten != heard:
                heard = beaten  # once for each stall
                frame = sys._current_frames().get(self._gui)  # noqa: SLF001 - it has no other name
                if frame is not None:
                    self._where = ":\n" + "".join(traceback.format_stack(frame)[-_LAST_FRAMES:])


def watch_if_wanted(wish: str, parent: QObject) -> StallWatch | None:
    """Return a watch that the environment asks for in milliseconds; None without a number."""
    try:
        limit_ms = float(wish)
    except ValueError:
        return None
    return StallWatch(limit_ms, parent) if limit_ms > 0 else None
