"""One full round of sync, and rounds for ever: the command line's way to the engine."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

from posapp.config import Config
from posapp.services import calls
from posapp.storage import details
from posapp.storage.locks import sender_lock
from posapp.storage.store import Store
from posapp.sync.driver import Driver, Secrets, TransportFactory, counts_of

ANSWER_POLL_S = 0.1
IDLE_S = 0.02  # between two looks whether the round is over


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
        self._kicked = driver.store.clock()
        self._end = time.monotonic() + timeout_s
        driver.kick(self._kicked)

    @property
    def left_s(self) -> float:
        """Return the seconds that are left."""
        return self._end - time.monotonic()

    def over(self) -> bool:
        """Tell whether the round has nothing left to do, or no time."""
        if self.left_s <= 0:
            return True
        lanes = self._driver.lanes.values()
        if all(lane.needs_sign_in and not lane.under_way for lane in lanes):
            return True
        if not all(lane.kick_done(self._kicked) or lane.needs_sign_in for lane in lanes):
            return self._hopeless()
        return self._nothing_waits() or self._hopeless()

    def _nothing_waits(self) -> bool:
        """Tell whether no row waits, but for those of remotes that need a sign-in."""
        signed_in = [name for name, lane in self._driver.lanes.items() if not lane.needs_sign_in]
        marks = ", ".join("?" * len(signed_in))
        row = self._driver.store.one(
            "SELECT 1 FROM outbox JOIN orders ON orders.pk = outbox.order_pk "  # noqa: S608 - marks only
            f"WHERE outbox.state IN ('pending', 'in_flight') AND orders.remote IN ({marks}) LIMIT 1",
            signed_in,
        )
        return row is None

    def _hopeless(self) -> bool:
        """Tell whether nothing can happen before the time is up, such as a long Retry-After."""
        now = self._driver.store.clock()
        if self._driver.under_way:
            return False
        return all(
            due is not None and (due - now).total_seconds() > self.left_s
            for lane in self._driver.lanes.values()
            if not lane.needs_sign_in
            for due in [lane.next_due(now, urgent=True)]
        )

    def result(self) -> RoundResult:
        """Return the figures of the round."""
        listed = [lane.listed_at for lane in self._driver.lanes.values()]
        complete = all(at is not None and at >= self._kicked for at in listed)
        return standing(self._driver, pulled=self._pulled, pushed=self._pushed, complete=complete)


def standing(driver: Driver, *, pulled: int, pushed: int, complete: bool) -> RoundResult:
    """Return how things stand; orders and changes are counted from the given figures on."""
    pulled_by_now, pushed_by_now = counts_of(driver.lanes)
    summary = details.sync_summary(driver.store)
    return RoundResult(
        pulled=pulled_by_now - pulled,
        pushed=pushed_by_now - pushed,
        pending=summary.waiting,
        attention=summary.attention,
        quarantined=summary.quarantined,
        reachable=all(lane.reachable for lane in driver.lanes.values()),
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
    lock = sender_lock(store.data_dir)
    if not lock.acquire():
        result = _ask_sender(store, timeout_s)
        if result is not None:
            return result
        if not lock.acquire():
            return _unanswered(store)
    try:
        driver = Driver(store, config, secrets, transports)
        try:
            driver.urgent = True
            current = Round(driver, max(0.1, end - time.monotonic()))
            while not current.over():
                driver.turn(min(0.5, max(0.0, current.left_s)), idle_s=IDLE_S)
            return current.result()
        finally:
            driver.close()
    finally:
        lock.release()


def _ask_sender(store: Store, timeout_s: float) -> RoundResult | None:
    """Leave a call for the sender and wait for its result; None when it has gone away."""
    pk = calls.ask(store, calls.SYNC, {"timeout": timeout_s})
    # The sender may be in the middle of a request: it gets a little longer than the round itself.
    end = time.monotonic() + timeout_s + 5
    lock = sender_lock(store.data_dir)
    while time.monotonic() < end:
        result = calls.result_of(store, pk)
        if result is not None:
            return RoundResult(**result)
        if lock.acquire():
            lock.release()
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
