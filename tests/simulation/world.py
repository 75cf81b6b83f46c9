"""Time, chance and the order of events of one seed, and what keeps its trace."""

from __future__ import annotations

import hashlib
import heapq
import itertools
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from random import Random

from tests.simulation.mix import SECOND, Mix

BEGIN = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


class ViolationError(Exception):
    """A promise of docs/sync.md was broken."""


class World:
    """One seed's time line; `now` is the true time in microseconds, the computer's clock may differ."""

    def __init__(self, mix: Mix) -> None:
        self.mix = mix
        self.now = 0
        self.offset = 0  # of the computer's clock
        self.clock_was_put = False
        self.trace: list[tuple[int, tuple[object, ...]]] = []
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._numbers = itertools.count(1)
        self._ids = itertools.count(1)

    def rng(self, concern: str) -> Random:
        """Return the chance of one concern, so that a draw more in one shifts no other."""
        return Random(f"{concern} {self.mix.seed}")

    def clock(self) -> datetime:
        """Return what the computer's clock shows."""
        return BEGIN + timedelta(microseconds=self.now + self.offset)

    def true_time(self, shown: datetime) -> int:
        """Return when the computer's clock will show this, rounded up."""
        since = shown - BEGIN
        return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds - self.offset

    def new_id(self) -> str:
        """Return the next id."""
        return f"00000000-0000-4000-8000-{next(self._ids):012d}"

    def put_clock_back(self, by: int) -> None:
        """Let the computer's clock show an earlier time."""
        self.offset -= by
        self.clock_was_put = True
        self.note("clock put back", by / SECOND)

    def later(self, delay: int, act: Callable[[], None]) -> None:
        """Do something after so many microseconds."""
        heapq.heappush(self._events, (self.now + delay, next(self._numbers), act))

    def run(self, until: int, dues: Callable[[], Iterable[int]], after: Callable[[], bool]) -> None:
        """Let events happen up to a time; `after` follows each moment and may end it all."""
        while True:
            times = [max(due, self.now) for due in dues()]
            if self._events:
                times.append(self._events[0][0])
            upcoming = min(times, default=until + 1)
            if upcoming > until:
                self.now = until
                return
            self.now = upcoming
            while self._events and self._events[0][0] <= self.now:
                heapq.heappop(self._events)[2]()
            if after():
                return

    def note(self, *words: object) -> None:
        """Add a line to the trace."""
        self.trace.append((self.now, words))

    def trace_lines(self) -> list[str]:
        """Return the trace for people."""
        return [f"{at / SECOND:10.3f}  " + " ".join(map(str, words)) for at, words in self.trace]

    def trace_hash(self) -> str:
        """Return what tells two traces apart."""
        return hashlib.sha256("\n".join(map(repr, self.trace)).encode()).hexdigest()[:16]

    def broken(self, promise: str, *words: object) -> None:
        """Stop: a promise is broken."""
        self.note("BROKEN", promise, *words)
        raise ViolationError(f"{promise}: " + " ".join(map(str, words)))
