"""Sees the first pictures of posapp's window."""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QListView, QWidget

from tests.benchmarks.children.parts import PaintWatch, answer, peak_mb, since_start_ms

_LOOK_MS = 2
_TIMEOUT_MS = 30_000


class Eyes(QObject):
    """Sees the first picture of the window and, where rows are to come, the first one with rows."""

    def __init__(self, window: QWidget, *, with_rows: bool) -> None:
        super().__init__()
        self._window = window
        self._with_rows = with_rows
        self._found: dict[str, float] = {}
        self._frame = PaintWatch(window, self._painted)
        self._looking = QTimer(self)
        self._looking.setInterval(_LOOK_MS)
        self._looking.timeout.connect(self._look)
        QTimer.singleShot(_TIMEOUT_MS, self, lambda: sys.exit("the window was not painted in time"))

    def _painted(self) -> None:
        if self._found:
            return
        self._found = {"painted_ms": since_start_ms(), "peak_mb": peak_mb()}
        if not self._with_rows:
            answer(**self._found)
        # The list is made when the window is filled, whenever that is.
        self._looking.start()

    def _look(self) -> None:
        view = self._window.findChild(QListView, "ordersView")
        if isinstance(view, QListView):
            self._looking.stop()
            self._rows = PaintWatch(view.viewport(), self._rows_painted, lambda: _has_rows(view))
            view.viewport().update()

    def _rows_painted(self) -> None:
        answer(**self._found, rows_ms=since_start_ms(), rows_peak_mb=peak_mb())


def _has_rows(view: Any) -> bool:
    return bool(view.model().rowCount() > 0)
