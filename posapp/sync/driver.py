"""Carries the lanes' requests with real threads and a real clock, for the window and the command line."""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from random import Random

from posapp.config import Config, RemoteConfig
from posapp.domain.errors import PosError, StorageError
from posapp.remote.api import Answer, NoReply, Request, Transport, Trouble, Verdict
from posapp.remote.connect import Secrets, Slot, connect
from posapp.remote.registry import format_named
from posapp.services import remotes
from posapp.storage.feed import Change, Topic
from posapp.storage.store import Store
from posapp.sync.jobs import Dispatch
from posapp.sync.lane import MOST_AT_ONCE, Lane
from posapp.sync.ledger import ORIGIN
from posapp.sync.product_lane import Products

log = logging.getLogger(__name__)

GUARD_S = 0.25
TransportFactory = Callable[[RemoteConfig, str], Transport]
ANOTHER = "Another station sends now."
NO_KEY = "There is no key for this shop on this computer."


@dataclass(frozen=True, slots=True)
class _Answered:
    dispatch: Dispatch
    answer: Answer


@dataclass(frozen=True, slots=True)
class _ProductAnswered:
    remote: str
    answer: Answer


class Driver:
    """All remotes of one process; to be used from one thread, except `wake`."""

    def __init__(
        self,
        store: Store,
        config: Config,
        secrets: Secrets,
        transports: TransportFactory | None = None,
        *,
        with_products: bool = False,
    ) -> None:
        """Connect all remotes; `with_products`: for a program that stays, which publishes beside."""
        self.store = store
        self.urgent = False
        self.holds: Callable[[], bool] = lambda: True  # whether we are the sender still
        self.lanes: dict[str, Lane] = {}
        self.products = Products(store, config) if with_products else None
        self.without_key: list[str] = []
        self._transports: dict[str, Transport] = {}
        self._tokens = itertools.count(1)
        self._answers: queue.SimpleQueue[_Answered | _ProductAnswered | None] = queue.SimpleQueue()
        self._closed = False
        self._over = threading.Event()
        parallel = int(config.get("sync", "parallel_orders"))
        self._connect(config, secrets, transports, parallel)
        self._pool = ThreadPoolExecutor(max(1, (parallel + 2) * len(self.lanes)), "http")
        self._unsubscribe = store.feed.subscribe(self._changed)
        if store.dialect.shared:
            threading.Thread(target=self._guard, name="lease guard", daemon=True).start()

    def _guard(self) -> None:
        """Cut what is under way when the right to send is lost: another station may send the same soon.

        The driver's own thread may be waiting for the database at that moment.
        """
        while not self._over.wait(GUARD_S):
            if not self.holds():
                for transport in self._transports.values():
                    transport.close()
                return

    def _connect(
        self, config: Config, secrets: Secrets, make: TransportFactory | None, parallel: int
    ) -> None:
        namespace = self.store.meta("installation")
        for remote in config.remotes:
            form = format_named(remote.format, remote.update, remote.statuses)
            try:
                secret = secrets.get(namespace, remote.name)
                if not secret:
                    transport = None
                elif make is not None:
                    transport = make(remote, secret)
                else:
                    slot = Slot(secrets, namespace, remote.name)
                    transport = connect(form, remote.base_url, slot, pool_size=parallel + 2)
            except StorageError:
                raise
            except PosError as error:
                # A key that cannot be read or used must not keep the other remotes from syncing.
                self._without(remote.name, str(error))
                continue
            if transport is None:
                self._without(remote.name, NO_KEY)
                continue
            remotes.note_new_secret(self.store, remote.name, instead_of=NO_KEY, origin=ORIGIN)
            rng = Random()  # noqa: S311 - jitter
            self.lanes[remote.name] = Lane(self.store, remote, form, config.station, rng, parallel=parallel)
            self._transports[remote.name] = transport
            if self.products is not None:
                self.products.follow(self.lanes[remote.name])

    def _without(self, remote: str, why: str) -> None:
        self.without_key.append(remote)
        remotes.note_trouble(self.store, remote, Verdict.SIGN_IN.value, why, origin=ORIGIN)

    def _changed(self, change: Change) -> None:
        if change.origin == ORIGIN:
            return
        if self.products is not None and Topic.CATALOGUE in change.topics:
            self.products.heard()
            self._answers.put(None)
        elif Topic.QUEUE in change.topics:
            self._answers.put(None)

    def wake(self) -> None:
        """Let `turn` look at the outbox now; may be called from any thread."""
        self._answers.put(None)

    def look_around(self) -> None:
        """Look at the outbox anew; from the driver's own thread."""
        for lane in self.lanes.values():
            lane.agenda.wake()

    def kick(self, now: datetime) -> dict[str, int]:
        """Try everything now; return the number of the kick by remote."""
        if self.products is not None:
            self.products.kick()
        return {name: lane.kick(now) for name, lane in self.lanes.items()}

    def turn(self, longest_s: float, *, idle_s: float | None = None) -> None:
        """Send what is due; then take answers in, waiting for one until more is due or for `longest_s`.

        `idle_s` bounds the wait when no answer is to come.
        """
        now = self.store.clock()
        for lane in self.lanes.values():
            for dispatch in lane.poll(now, self._tokens, urgent=self.urgent):
                self._pool.submit(self._carry, dispatch)
        dues = [lane.next_due(now, urgent=self.urgent) for lane in self.lanes.values()]
        if self.products is not None:
            for remote, request in self.products.poll(now):
                self._pool.submit(self._carry_product, remote, request)
            dues.append(self.products.next_due(now))
        if idle_s is not None and not self.under_way:
            longest_s = min(longest_s, idle_s)
        wait_s = min([longest_s, *((due - now).total_seconds() for due in dues if due is not None)])
        self._take(max(0.0, wait_s))

    def _take(self, wait_s: float) -> None:
        """Take in what has come by now, of each remote in one commit; not too much, others write too."""
        try:
            found = self._answers.get(timeout=wait_s) if wait_s > 0 else self._answers.get_nowait()
        except queue.Empty:
            return
        answers: dict[str, list[tuple[int, Answer]]] = {}
        for _ in range(MOST_AT_ONCE):
            if found is None:
                self.look_around()
            elif isinstance(found, _ProductAnswered):
                if self.products is not None:
                    self.products.answered(found.remote, found.answer, self.store.clock())
            else:
                some = answers.setdefault(found.dispatch.remote, [])
                some.append((found.dispatch.token, found.answer))
            try:
                found = self._answers.get_nowait()
            except queue.Empty:
                break
        else:
            self._answers.put(found)
        for remote, some in answers.items():
            self.lanes[remote].answered(some, self.store.clock())

    def _carry(self, dispatch: Dispatch) -> None:
        self._answers.put(_Answered(dispatch, self._ask(dispatch.remote, dispatch.request)))

    def _carry_product(self, remote: str, request: Request) -> None:
        self._answers.put(_ProductAnswered(remote, self._ask(remote, request)))

    def _ask(self, remote: str, request: Request) -> Answer:
        if not self.holds():
            # This computer slept between the note that it sends and the sending; somebody else does it now.
            return NoReply(Trouble.NOT_SENT, ANOTHER)
        try:
            return self._transports[remote].send(request)
        except Exception:
            log.exception("The transport failed")
            return NoReply(Trouble.UNKNOWN, "posapp failed to send this; see the log.")

    @property
    def under_way(self) -> int:
        """Return the number of requests without an answer."""
        return sum(lane.under_way for lane in self.lanes.values())

    def close(self, finish_s: float = 5.0) -> None:
        """Wait a little for what is under way, then close the connections.

        What has no answer by then stays marked as being sent: the next start reads before anything else.
        Who has lost the right to send does not wait.
        """
        if self._closed:
            return
        self._closed = True
        self._over.set()
        self._unsubscribe()
        end = time.monotonic() + finish_s
        try:
            while (self.under_way or self._publishing) and (left := end - time.monotonic()) > 0:
                if not self.holds():
                    break
                self._take(min(left, 0.2))
        finally:
            self._pool.shutdown(wait=False, cancel_futures=True)
            if self.products is not None:
                self.products.close()
            for transport in self._transports.values():
                transport.close()

    @property
    def _publishing(self) -> bool:
        return self.products is not None and self.products.under_way


def counts_of(lanes: Mapping[str, Lane]) -> tuple[int, int]:
    """Return how many orders came in and how many changes were confirmed."""
    return (
        sum(lane.ledger.pulled for lane in lanes.values()),
        sum(lane.ledger.pushed for lane in lanes.values()),
    )
