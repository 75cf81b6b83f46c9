"""The peer of the start: a bare Qt window with a label."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

from tests.benchmarks.children.parts import PaintWatch, answer, peak_mb, since_start_ms


def main() -> None:
    """Show it, and tell when it was painted."""
    app = QApplication([])
    window = QMainWindow()
    window.setCentralWidget(QLabel("posapp"))
    window.resize(1366, 768)
    watch = PaintWatch(window, lambda: answer(painted_ms=since_start_ms(), peak_mb=peak_mb()))
    window.show()
    app.exec()
    del watch


if __name__ == "__main__":
    main()
