"""A bar for long work at a terminal; Ctrl+C stops the work, and nothing of it is kept."""

from __future__ import annotations

import signal
import sys
from collections.abc import Mapping
from types import FrameType, TracebackType
from typing import Any, Self

_WIDTH = 30
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Bar:
    """Watches work for as long as a `with` block; `words` names its steps."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words
        self._shown = ""
        self._stopped = False
        self._before: dict[signal.Signals, Any] = {}

    @property
    def stopped(self) -> bool:
        """Tell whether somebody wants it to stop."""
        return self._stopped

    def tell(self, what: str, count: int) -> None:
        """Show how far it is, in percent; only where a person looks."""
        stream = sys.stderr
        if stream is None or not stream.isatty():
            return
        full = _WIDTH * count // 100
        text = f"[{'#' * full}{'.' * (_WIDTH - full)}] {count:3d} %  {self._words.get(what, what)}"
        if text != self._shown:
            stream.write("\r" + text.ljust(len(self._shown)))
            stream.flush()
            self._shown = text

    def __enter__(self) -> Self:
        """Begin to listen for Ctrl+C."""
        for number in _SIGNALS:
            self._before[number] = signal.signal(number, self._stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        for number, before in self._before.items():
            signal.signal(number, before)
        if self._shown and sys.stderr is not None:
            sys.stderr.write("\r" + " " * len(self._shown) + "\r")

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopped:
            raise KeyboardInterrupt
        self._stopped = True
