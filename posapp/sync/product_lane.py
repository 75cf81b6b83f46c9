"""The products of one shop in the program that stays: after its orders, never before them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from posapp.config import Config
from posapp.domain.publish import takes_products
from posapp.domain.who import SYNC_ACTOR, Who
from posapp.remote.api import Answer, Request
from posapp.services.publishing import shops_among
from posapp.services.republishing import queue_returned
from posapp.storage.locks import ProcessLock
from posapp.storage.store import Store
from posapp.sync import policy
from posapp.sync.lane import Lane
from posapp.sync.ledger import ORIGIN
from posapp.sync.publisher import Publisher

LOOK_AGAIN = timedelta(seconds=1)
RETURN_EVERY = timedelta(seconds=2)  # how late something is on sale again at a shop


def product_lock(store: Store, remote: str) -> ProcessLock:
    """Return the lock of whoever is publishing to a shop at this moment."""
    return ProcessLock(store.data_dir / f"products-{remote}.lock")


class ProductLane:
    """One request after the other, each under the lock that rounds of publishing hold for longer.

    Nothing leaves while a change of an order waits to be sent to this shop, or while the shop is not reached:
    its orders find out when it is back. All that matters stands in the database, so that another process may
    take the next step.
    """

    def __init__(self, store: Store, orders: Lane, station: str, rng: Random) -> None:
        self._orders = orders
        self._publisher = Publisher(store, orders.config.name, station, rng)
        self._lock = product_lock(store, orders.config.name)
        self._look_at: datetime | None = None  # None: now
        self._resting = False  # nothing waits
        self._was_reachable = True
        self.under_way = False

    def wake(self) -> None:
        """Look at the queue now."""
        self._look_at, self._resting = None, False

    def kick(self) -> None:
        """Try everything now."""
        self._publisher.kick()
        self.wake()

    def next_due(self, now: datetime) -> datetime | None:
        """Return when `poll` will have something to do; None: nothing until it is woken."""
        if self.under_way or self._resting or not self._may_send(now):
            return None
        return self._look_at or now

    def poll(self, now: datetime) -> Request | None:
        """Return the request that should leave now."""
        if self._orders.reachable and not self._was_reachable:
            self.kick()
        self._was_reachable = self._orders.reachable
        due = self.next_due(now)
        if due is None or due > now:
            return None
        if not self._lock.acquire():
            self._look_at = now + LOOK_AGAIN
            return None
        request = None
        try:
            found = self._publisher.next_request(now)
            request = found.request
        finally:
            self.under_way = request is not None
            if not self.under_way:
                self._lock.release()
        self._look_at, self._resting = found.at, request is None and found.at is None
        return request

    def answered(self, answer: Answer, now: datetime) -> None:
        """Take the answer in, and go on."""
        before = self._publisher.host.throttled_until
        try:
            self._publisher.answered(answer, now)
        finally:
            if self._publisher.host.throttled_until != before:
                self._orders.heed(self._publisher.host.throttled_until)
            self.under_way = False
            self._lock.release()
            self.wake()

    def close(self) -> None:
        """Let others publish; what has no answer is sent again by them, which does no harm."""
        self._lock.release()

    def _may_send(self, now: datetime) -> bool:
        lane = self._orders
        waits = lane.agenda.due(now)
        return (
            lane.reachable
            and not lane.needs_sign_in
            and not lane.agenda.busy
            and (waits is None or waits > now)
            and policy.resting_until(lane.host, now, urgent=False) is None
        )


class Products:
    """The products of all shops that take them, and what is on sale again because its time has come."""

    def __init__(self, store: Store, config: Config) -> None:
        self._store = store
        self._who = Who(SYNC_ACTOR, config.station)
        hide = bool(config.get("sales", "hide_sold_out"))
        self._shops = shops_among(config.remotes, hide_sold_out=hide)
        self._lanes: dict[str, ProductLane] = {}
        self._returns_at: datetime | None = None
        self._heard = False

    def follow(self, lane: Lane) -> None:
        """Publish to this remote, if it takes products."""
        if takes_products(lane.config.format):
            rng = Random()  # noqa: S311 - jitter
            self._lanes[lane.config.name] = ProductLane(self._store, lane, self._who.station, rng)

    @property
    def under_way(self) -> bool:
        """Tell whether a request has no answer yet."""
        return any(lane.under_way for lane in self._lanes.values())

    def heard(self) -> None:
        """Look at the queue at the next turn; may be called from any thread."""
        self._heard = True

    def kick(self) -> None:
        """Try everything now."""
        for lane in self._lanes.values():
            lane.kick()

    def poll(self, now: datetime) -> Iterator[tuple[str, Request]]:
        """Return what should leave now, by remote."""
        if self._returns_at is None or not now < self._returns_at <= now + RETURN_EVERY:
            self._returns_at = now + RETURN_EVERY
            self._heard |= queue_returned(self._store, self._shops, self._who, origin=ORIGIN) > 0
        if self._heard:
            self._heard = False
            for lane in self._lanes.values():
                lane.wake()
        for remote, lane in self._lanes.items():
            request = lane.poll(now)
            if request is not None:
                yield remote, request

    def next_due(self, now: datetime) -> datetime | None:
        """Return when `poll` will have something to do."""
        dues = [lane.next_due(now) for lane in self._lanes.values()]
        return min((due for due in dues if due is not None), default=None)

    def answered(self, remote: str, answer: Answer, now: datetime) -> None:
        """Take an answer in."""
        self._lanes[remote].answered(answer, now)

    def close(self) -> None:
        """Let others publish."""
        for lane in self._lanes.values():
            lane.close()
