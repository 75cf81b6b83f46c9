"""The limit of the start: Python that has imported QtWidgets and does nothing with it."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from tests.benchmarks.children.parts import answer, peak_mb, since_start_ms

if __name__ == "__main__":
    assert QApplication.__name__ == "QApplication"
    answer(painted_ms=since_start_ms(), peak_mb=peak_mb())
