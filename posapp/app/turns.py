"""Python's threads take turns; here they are short, so that the window never waits long for its own.

While it paints, the window's thread hands its turn over many times, and has to ask for it again. With
Python's usual 5 ms for each, reading a long list in another thread makes a paint several times as long.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QTimer

_TURN_S = 0.0002
_BEGIN_MS = 2000  # the start itself is quicker with Python's own


class ShortTurns(QObject):
    """Short turns from a moment after the start until `stop`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._usual = sys.getswitchinterval()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: sys.setswitchinterval(_TURN_S))
        self._timer.start(_BEGIN_MS)

    def stop(self) -> None:
        """Let Python's own measure be again."""
        self._timer.stop()
        sys.setswitchinterval(self._usual)
