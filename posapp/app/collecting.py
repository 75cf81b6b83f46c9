"""Takes garbage away in the window's thread only.

Python looks for garbage in whichever thread happens to allocate. A closed dialog that hangs in a circle of
references would then be destroyed by the thread that reads a file or sends orders; Qt does not survive that.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 500


class GarbageKeeper(QObject):
    """Switches Python's own search off and looks by a timer, generation by generation, as often as is due."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the generations that have grown beyond Python's own thresholds."""
        for generation, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)):
            if limit and count > limit:
                gc.collect(generation)

    def stop(self) -> None:
        """Let Python search by itself again, because the window is gone."""
        self._timer.stop()
        gc.enable()
