"""What keeps new orders from being noticed, told from clocks: a computer that slept, a list grown old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

STOOD_STILL = timedelta(seconds=20)  # ticks come every second; a gap of this size was no busy moment
CLOCK_MOVED = timedelta(seconds=120)
STALE_ROUNDS = 6
STALE_LEAST = timedelta(seconds=60)


class GapKind(StrEnum):
    """What happened between two ticks."""

    STOOD_STILL = "stood_still"  # asleep, suspended, or stuck
    CLOCK_MOVED = "clock_moved"


@dataclass(frozen=True, slots=True)
class Gap:
    """An interruption and its length; of a clock that was moved, how far and which way."""

    kind: GapKind
    length: timedelta


class GapSense:
    """Notices that time went on without this program; `tick` is called about once a second.

    It is given the clock on the wall, and seconds that count sleep and that nobody can set.
    """

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None

    def tick(self, wall: datetime, elapsed_s: float) -> Gap | None:
        """Return what happened since the last tick, None when nothing did."""
        last, self._last = self._last, (wall, elapsed_s)
        if last is None:
            return None
        passed, shown = timedelta(seconds=elapsed_s - last[1]), wall - last[0]
        if passed >= STOOD_STILL:
            return Gap(GapKind.STOOD_STILL, passed)
        if abs(shown - passed) >= CLOCK_MOVED:
            return Gap(GapKind.CLOCK_MOVED, shown - passed)
        return None


@dataclass(frozen=True, slots=True)
class Polled:
    """How often a remote is asked for its list, and what is known of the answers."""

    name: str
    every: timedelta
    last_list: datetime | None
    troubled: bool  # offline or without a sign-in: others say so


def stale(remotes: Sequence[Polled], since: datetime, now: datetime) -> tuple[tuple[str, timedelta], ...]:
    """Return the remotes whose list is old although nothing is known to be wrong, and how old it is.

    `since` is when this program began to look, or looked again after an interruption.
    """
    found = []
    for remote in remotes:
        begun = max(remote.last_list, since) if remote.last_list is not None else since
        if not remote.troubled and now - begun > max(STALE_LEAST, STALE_ROUNDS * remote.every):
            found.append((remote.name, now - (remote.last_list or since)))
    return tuple(found)
