"""One full round of sync, and rounds for ever: the command line's way to the engine."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

from posapp.config import Config
from posapp.remote.connect import Secrets
from posapp.services import calls
from posapp.storage import details
from posapp.storage.sender import SenderLock, sender_lock_of
from posapp.storage.store import Store
from posapp.sync.driver import Driver, TransportFactory, counts_of
from posapp.sync.lane import Lane
from posapp.sync.ledger import ORIGIN

ANSWER_POLL_S = 0.1
IDLE_S = 0.02  # between two looks whether the round is over
TURN_S = 0.5
LATE_S = 8.0
FINISH_S = 5.0
FINISH_SHARE = 0.2  # of the time given


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What a round brought; see the contract for what the numbers count."""

    pulled: int
    pushed: int
    pending: int
    attention: int
    quarantined: int
    reachable: bool
    complete: bool = True  # every remote gave a list that could be read

    def exit_code(self) -> int:
        """Return 5 when a person is needed, 4 when work is left waiting, else 0."""
        if self.attention:
            return 5
        return 4 if self.pending or not self.reachable or not self.complete else 0


class Round:
    """A round under way in a driver: from a kick until nothing is left to do, or the time is up."""

    def __init__(self, driver: Driver, timeout_s: float) -> None:
        self._driver = driver
        self._pulled, self._pushed = counts_of(driver.lanes)
        self._end = time.monotonic() + timeout_s
        self._kicks = driver.kick(driver.store.clock())

    @property
    def left_s(self) -> float:
        """Return the seconds that are left."""
        return self._end - time.monotonic()

    def over(self) -> bool:
        """Tell whether the round has nothing left to do, or no time."""
        return self.left_s <= 0 or all(
            self._done(lane) or self._hopeless(lane) for lane in self._driver.lanes.values()
        )

    def _done(self, lane: Lane) -> bool:
        """Tell whether this remote has nothing left to do: all is sent, or it does not let us in."""
        if lane.needs_sign_in:
            return not lane.under_way
        return lane.kick_done(self._kicks[lane.config.name]) and not self._has_waiting(lane)

    def _has_waiting(self, lane: Lane) -> bool:
        row = self._driver.store.one(
            "SELECT 1 FROM outbox JOIN orders ON orders.pk = outbox.order_pk "
            "WHERE outbox.state IN ('pending', 'in_flight') AND orders.remote = ? LIMIT 1",
            (lane.config.name,),
        )
        return row is not None

    def _hopeless(self, lane: Lane) -> bool:
        """Tell whether nothing can happen here before the time is up, such as with a long Retry-After."""
        if lane.under_way:
            return False
        now = self._driver.store.clock()
        if lane.kick_done(self._kicks[lane.config.name]):
            # Only put-off orders are left; when the next list is due does not matter.
            due = lane.agenda.put_off_until
        else:
            due = lane.next_due(now, urgent=True)
        return due is not None and (due - now).total_seconds() > self.left_s

    def result(self) -> RoundResult:
        """Return the figures of the round."""
        lanes = self._driver.lanes
        return standing(
            self._driver,
            pulled=self._pulled,
            pushed=self._pushed,
            reachable=all(self._was_reached(lane) for lane in lanes.values()),
            complete=all(lane.listed_since(self._kicks[name]) for name, lane in lanes.items()),
        )

    def _was_reached(self, lane: Lane) -> bool:
        """Tell whether the remote answered: at last, or at all when nothing was left to ask for."""
        return self._done(lane) or (lane.reachable and lane.heard_since(self._kicks[lane.config.name]))


def standing(driver: Driver, *, pulled: int, pushed: int, reachable: bool, complete: bool) -> RoundResult:
    """Return how things stand; orders and changes are counted from the given figures on."""
    pulled_by_now, pushed_by_now = counts_of(driver.lanes)
    summary = details.sync_summary(driver.store)
    return RoundResult(
        pulled=pulled_by_now - pulled,
        pushed=pushed_by_now - pushed,
        pending=summary.waiting,
        attention=summary.attention,
        quarantined=summary.quarantined,
        reachable=reachable,
        complete=complete,
    )


def run_once(
    store: Store,
    config: Config,
    secrets: Secrets,
    timeout_s: float,
    *,
    transports: TransportFactory | None = None,
) -> RoundResult:
    """Do one full round; if another process is the sender, let it do the round and return its result."""
    end = time.monotonic() + timeout_s
    lock = sender_lock_of(store, ORIGIN)
    if not lock.acquire():
        result = _ask_sender(store, timeout_s, lock)
        if result is not None:
            return result
    try:
        driver = Driver(store, config, secrets, transports)
        driver.holds = lambda: lock.held
        try:
            driver.urgent = True
            current = Round(driver, max(0.1, end - time.monotonic()))
            while not current.over():
                driver.turn(min(TURN_S, max(0.0, current.left_s)), idle_s=IDLE_S)
        finally:
            # What comes in meanwhile counts too; but whoever gave a time does not wait much longer.
            driver.close(finish_s=min(FINISH_S, max(0.5, FINISH_SHARE * timeout_s)))
        return current.result()
    finally:
        lock.release()


def _ask_sender(store: Store, timeout_s: float, lock: SenderLock) -> RoundResult | None:
    """Leave a call for the sender and wait for its result; None when it has gone and the lock is ours."""
    pk = calls.ask(store, calls.SYNC, {"timeout": timeout_s})
    # The sender may be in the middle of a request: it gets a little longer than the round itself.
    end = time.monotonic() + timeout_s + LATE_S
    while time.monotonic() < end:
        result = calls.result_of(store, pk)
        if result is not None:
            return RoundResult(**result)
        if lock.acquire():
            calls.withdraw(store, pk)
            return None
        time.sleep(ANSWER_POLL_S)
    calls.withdraw(store, pk)
    return _unanswered(store)


def _unanswered(store: Store) -> RoundResult:
    summary = details.sync_summary(store)
    return RoundResult(
        0, 0, summary.waiting, summary.attention, summary.quarantined, reachable=True, complete=False
    )


def to_payload(result: RoundResult) -> dict[str, object]:
    """Return a result as it crosses to another process."""
    return asdict(result)
