"""One round of publishing products in real time: until nothing is left to send, or the time is up."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from posapp.config import Config, RemoteConfig
from posapp.domain.errors import NeedsPersonError, RefusedError
from posapp.remote.api import Transport
from posapp.remote.connect import Secrets, Slot, connect
from posapp.remote.registry import format_named
from posapp.services.publishing import Shop, shops_among
from posapp.storage.publishing import publish_counts
from posapp.storage.store import Store
from posapp.sync.driver import NO_KEY, TransportFactory
from posapp.sync.product_lane import product_lock
from posapp.sync.publisher import Publisher

LONGEST_NAP_S = 0.2

Progress = Callable[[int, int], None]  # so many of so many are at the shop


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What a round brought; `refused` products need a person, as does a sign-in."""

    published: int
    waiting: int
    refused: int
    sign_in: bool
    reachable: bool

    def exit_code(self) -> int:
        """Return 5 when a person is needed, 4 when work is left waiting, else 0."""
        if self.refused or self.sign_in:
            return 5
        return 4 if self.waiting or not self.reachable else 0


def shops_of(config: Config, name: str = "") -> tuple[Shop, ...]:
    """Return the remotes that take products, or only the one called so; raise RefusedError for none."""
    chosen = [config.remote(name)] if name else list(config.remotes)
    found = shops_among(chosen, hide_sold_out=bool(config.get("sales", "hide_sold_out")))
    if not found:
        raise RefusedError(
            "There is no shop that takes products.",
            "Only shops of the internal format have calls for a catalogue.",
            "posapp remotes list shows all.",
        )
    return found


def publish(
    store: Store,
    config: Config,
    secrets: Secrets,
    shops: Sequence[Shop],
    timeout_s: float,
    *,
    progress: Progress | None = None,
    transports: TransportFactory | None = None,
) -> PublishResult:
    """Send what waits for these shops; two of these never run at once for one shop over one database.

    Where a window or `sync --watch` publishes at the same time, both take turns; the result tells what was
    sent here.
    Killed at any moment, the next round goes on: what was on its way is sent again, imports are asked for.
    """
    end = time.monotonic() + timeout_s
    results = [
        _one(store, config, config.remote(shop.name), secrets, end, progress, transports) for shop in shops
    ]
    return PublishResult(
        published=sum(result.published for result in results),
        waiting=sum(result.waiting for result in results),
        refused=sum(result.refused for result in results),
        sign_in=any(result.sign_in for result in results),
        reachable=all(result.reachable for result in results),
    )


def _one(
    store: Store,
    config: Config,
    remote: RemoteConfig,
    secrets: Secrets,
    end: float,
    progress: Progress | None,
    transports: TransportFactory | None,
) -> PublishResult:
    transport = _transport(store, remote, secrets, transports)
    lock = product_lock(store, remote.name)
    publisher = Publisher(store, remote.name, config.station, Random(), hurry=True)  # noqa: S311 - jitter
    try:
        while not lock.acquire(wait_s=LONGEST_NAP_S):
            # The running program has a request under way; it may bring all to the shop before our turn.
            if time.monotonic() >= end or not publish_counts(store, remote.name).waiting:
                break
        if lock.held:
            _drive(store, remote.name, publisher, transport, end, progress)
    finally:
        lock.release()
        transport.close()
    left = publish_counts(store, remote.name)
    return PublishResult(
        publisher.published,
        left.waiting,
        left.refused,
        publisher.needs_sign_in,
        publisher.reachable,
    )


def _transport(
    store: Store, remote: RemoteConfig, secrets: Secrets, make: TransportFactory | None
) -> Transport:
    namespace = store.meta("installation")
    secret = secrets.get(namespace, remote.name)
    if not secret:
        raise NeedsPersonError(NO_KEY, remedy=f"posapp remotes test {remote.name} shows how it stands.")
    if make is not None:
        return make(remote, secret)
    return connect(format_named(remote.format), remote.base_url, Slot(secrets, namespace, remote.name))


def _drive(
    store: Store,
    remote: str,
    publisher: Publisher,
    transport: Transport,
    end: float,
    progress: Progress | None,
) -> None:
    total = publish_counts(store, remote).waiting
    while time.monotonic() < end and not publisher.needs_sign_in:
        due = publisher.next_request(store.clock())
        if due.request is not None:
            publisher.answered(transport.send(due.request), store.clock())
            if progress is not None:
                progress(publisher.published, max(total, publisher.published))
        elif due.at is None or not _nap(store, due.at, end):
            return


def _nap(store: Store, until: datetime, end: float) -> bool:
    """Wait until then; tell whether it comes before the end."""
    wait = (until - store.clock()).total_seconds()
    if time.monotonic() + wait > end:
        return False
    while (wait := (until - store.clock()).total_seconds()) > 0 and time.monotonic() < end:
        time.sleep(min(wait, LONGEST_NAP_S))
    return True
