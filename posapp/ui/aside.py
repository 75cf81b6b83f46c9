"""One piece of slow work, such as a connection test, in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

log = logging.getLogger(__name__)
T = TypeVar("T")


class Aside(QObject):
    """Runs work that may take long; its result comes back into the GUI thread while the owner lives."""

    _came = Signal(object)

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._done: Callable[[Any], None] | None = None
        self._came.connect(self._deliver)

    @property
    def busy(self) -> bool:
        """Tell whether a result is still to come."""
        return self._done is not None

    def run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Start `work`, which must not raise what is expected; nothing happens while another is under way."""
        if self._done is not None:
            return
        self._done = done

        def target() -> None:
            result: T | None = None
            try:
                result = work()
            finally:
                # A bug reaches threading.excepthook; the waiting ends all the same.
                if isValid(self):
                    self._came.emit(result)

        threading.Thread(target=target, name="aside", daemon=True).start()

    def _deliver(self, result: object) -> None:
        done, self._done = self._done, None
        if done is not None and result is not None:
            done(result)
