"""The training shop's own time: as fast as wanted, and moved forward by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta


class ShopClock:
    """Start at `start` and run at `speed` times the time of `monotonic`; at speed 0 it stands still."""

    def __init__(self, start: datetime, speed: float, monotonic: Callable[[], float]) -> None:
        self.speed = speed
        self._start = start
        self._monotonic = monotonic
        self._began = monotonic()

    def now(self) -> datetime:
        """Return the shop's time."""
        return self._start + timedelta(seconds=(self._monotonic() - self._began) * self.speed)

    def advance(self, by: timedelta) -> None:
        """Move the time forward."""
        self._start += by

    def seconds_until(self, moment: datetime) -> float | None:
        """Return the real seconds until a moment, never below 0; None if it never comes by itself."""
        left = max((moment - self.now()).total_seconds(), 0.0)
        if left == 0.0:
            return 0.0
        return None if self.speed == 0 else left / self.speed
