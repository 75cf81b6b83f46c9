"""Which request goes wrong, and how: a seeded plan plus a queue of faults asked for by name."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """The ways in which a call can go wrong; "processed" means that a write was saved all the same."""

    DROP_BEFORE = "drop_before"  # closed without an answer, not processed
    DROP_AFTER = "drop_after"  # processed, then closed without an answer
    E500 = "e500"  # 500, not processed
    E500_AFTER = "e500_after"  # processed, then 500
    E503 = "e503"  # 503, not processed; Retry-After only when asked for
    E429 = "e429"  # 429 with Retry-After, not processed
    HTML200 = "html200"  # the page of a captive portal, not processed
    REDIRECT302 = "redirect302"  # to another origin, not processed
    TRUNCATED = "truncated"  # processed, the body ends before its Content-Length
    EMPTY200 = "empty200"  # processed, 200 without a body
    WRONG_TYPE = "wrong_type"  # processed, JSON of another shape
    SLOW = "slow"  # processed at once, answered late
    SLOW_BEFORE = "slow_before"  # processed late, answered right after
    HANG = "hang"  # not processed, no answer until the connection is closed
    LATE = "late"  # no answer; processed some time after the connection was closed
    FAILED = "failed"  # a processing object "failed", nothing saved
    UPDATED0 = "updated0"  # "succeeded" with "Updated: 0", nothing saved
    UPDATED0_AFTER = "updated0_after"  # saved, yet "Updated: 0"
    WRONG_KEY = "wrong_key"  # 401 or 403, not processed
    LIST_EMPTY = "list_empty"  # the list says that there is nothing
    LIST_GAP = "list_gap"  # the list leaves out about half of the orders


TEN_WAYS = (
    FaultKind.DROP_BEFORE,
    FaultKind.DROP_AFTER,
    FaultKind.E500,
    FaultKind.E503,
    FaultKind.E429,
    FaultKind.HTML200,
    FaultKind.TRUNCATED,
    FaultKind.EMPTY200,
    FaultKind.WRONG_TYPE,
    FaultKind.SLOW,
)

_WRITES_ONLY = {FaultKind.LATE, FaultKind.FAILED, FaultKind.UPDATED0, FaultKind.UPDATED0_AFTER}
_LIST_ONLY = {FaultKind.LIST_EMPTY, FaultKind.LIST_GAP}
_SECONDS = {FaultKind.SLOW: 0.3, FaultKind.SLOW_BEFORE: 0.3, FaultKind.HANG: 30.0, FaultKind.LATE: 1.0}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault with its details.

    `seconds` is the delay of slow, slow_before, hang and late (None: a default); `hold` is how long `late`
    keeps the connection before it closes it; `retry_after` is sent as it is by e429 and e503; `code` is the
    HTTP status of wrong_key.
    """

    kind: FaultKind
    seconds: float | None = None
    hold: float = 0.0
    retry_after: str | None = None
    code: int = 401

    @property
    def delay(self) -> float:
        return _SECONDS.get(self.kind, 0.0) if self.seconds is None else self.seconds

    def fits(self, call: str) -> bool:
        """Say whether this fault can happen to that call (list, one, update, health)."""
        if self.kind in _WRITES_ONLY:
            return call in {"update", "upsert", "import"}
        return self.kind not in _LIST_ONLY or call == "list"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a fault may be matched against."""

    call: str
    method: str
    path: str
    order_id: str | None
    status: str | None


Match = str | Callable[[Asked], bool] | None


@dataclass(slots=True)
class _Queued:
    fault: Fault
    match: Match
    times: int

    def hits(self, asked: Asked) -> bool:
        if self.times <= 0 or not self.fault.fits(asked.call):
            return False
        if self.match is None:
            return True
        if isinstance(self.match, str):
            return self.match in (asked.call, asked.order_id)
        return self.match(asked)


def as_fault(fault: Fault | FaultKind | str) -> Fault:
    """Turn a name or kind into a fault with its default details."""
    return fault if isinstance(fault, Fault) else Fault(FaultKind(fault))


class FaultPlan:
    """Decide for each request; the same seed and the same requests give the same faults."""

    def __init__(self, seed: int, rate: float, faults: Iterable[Fault | FaultKind | str]) -> None:
        self._random = random.Random(f"faults {seed}")
        self._queue: list[_Queued] = []
        self.set(rate, faults)

    def set(self, rate: float, faults: Iterable[Fault | FaultKind | str] | None = None) -> None:
        """Change the probability (0 to 1) and, when given, the faults to draw from."""
        self.rate = rate
        if faults is not None:
            self.faults = tuple(as_fault(fault) for fault in faults)

    def queue(self, fault: Fault, match: Match, times: int) -> None:
        """Let the next `times` requests that match go wrong in this way, whatever the probability."""
        self._queue.append(_Queued(fault, match, times))

    def clear(self) -> None:
        """Forget the queue and end the random faults."""
        self._queue.clear()
        self.rate = 0.0

    def choose(self, asked: Asked) -> Fault | None:
        """Pick the fault for this request, or None."""
        for queued in self._queue:
            if queued.hits(asked):
                queued.times -= 1
                if not queued.times:
                    self._queue.remove(queued)
                return queued.fault
        if self.rate <= 0 or self._random.random() >= self.rate:
            return None
        fitting = [fault for fault in self.faults if fault.fits(asked.call)]
        return self._random.choice(fitting) if fitting else None
