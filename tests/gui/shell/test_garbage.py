"""Garbage is taken away in the window's thread, whichever thread makes it."""

from __future__ import annotations

import gc
import threading

from PySide6.QtCore import QObject

from tests.gui.shell.conftest import Make


class Circle(QObject):
    """Holds itself, as a dialog does that is connected to its own methods; notes where it ends."""

    def __init__(self, ends: list[str]) -> None:
        super().__init__()
        self.me, self._ends = self, ends

    def __del__(self) -> None:
        self._ends.append(threading.current_thread().name)


def busy(kept: list[list[int]]) -> None:
    """Make more containers than Python ever lets pass without a search."""
    kept.extend([number] for number in range(200_000))


def test_what_a_busy_thread_makes_ends_in_the_windows_thread(make: Make) -> None:
    running = make()
    ends: list[str] = []
    for _ in range(20):
        Circle(ends)

    kept: list[list[int]] = []  # until the end: what is gone again is not counted as due
    worker = threading.Thread(target=busy, args=(kept,), name="busy")
    worker.start()
    worker.join()
    assert ends == []  # nobody but the window's thread takes them away
    running.bot.waitUntil(lambda: len(ends) == 20, timeout=10_000)

    assert len(kept) == 200_000
    assert set(ends) == {threading.main_thread().name}
    running.app.close()
    assert gc.isenabled()
