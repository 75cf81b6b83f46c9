"""A counter as its programs see it: a data directory, a shop over real HTTP, rounds and a staying loop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from posapp.config import Config, RemoteConfig
from posapp.domain.status import Status
from posapp.domain.timing import Targets
from posapp.domain.who import station_itself
from posapp.remote.api import Transport
from posapp.remote.transport import HttpTransport
from posapp.services import conflicts, orders
from posapp.storage import details
from posapp.storage.database import open_store
from posapp.storage.rows import OrderDetail, SyncSummary
from posapp.sync.rounds import RoundResult, run_once
from posapp.sync.worker import SyncLoop
from tests.support.faulty_remote import FaultyRemote

KEY = "key-of-the-test-shop"
WHO = station_itself("counter-1")
TARGETS = Targets()
DAY = {
    "delivery": (Status.ACCEPTED, Status.COOKING, Status.ONDELIVERY, Status.DELIVERED),
    "pickup": (Status.ACCEPTED, Status.COOKING, Status.DELIVERED),
}


class Keys:
    """The keys of the shops, by name."""

    def __init__(self, keys: Mapping[str, str] | None = None) -> None:
        self.keys = dict(keys or {})

    def get(self, namespace: str, remote_name: str) -> str | None:
        return self.keys.get(remote_name, KEY)

    def set(self, namespace: str, remote_name: str, secret: str) -> None:
        self.keys[remote_name] = secret


def quick_transport(config: RemoteConfig, secret: str) -> Transport:
    """Return the real transport, only less patient."""
    return HttpTransport(
        config.base_url, {"Api-Key": secret}, connect_timeout=1, read_timeout=1, total_timeout=2, pool_size=9
    )


class Desk:
    """One data directory and the shops that it is connected to."""

    def __init__(self, data_dir: Path, **shops: FaultyRemote) -> None:
        self.store = open_store(data_dir)
        remotes = tuple(RemoteConfig(name, shop.url, poll_seconds=1) for name, shop in shops.items())
        self.config = Config(remotes=remotes)
        self.keys = Keys()

    def collapse(self, mode: str) -> None:
        remotes = tuple(replace(remote, collapse=mode) for remote in self.config.remotes)
        self.config = replace(self.config, remotes=remotes)

    def round(self, timeout_s: float = 30) -> RoundResult:
        """Do what `posapp sync --once` does."""
        return run_once(self.store, self.config, self.keys, timeout_s, transports=quick_transport)

    @contextmanager
    def staying(self) -> Iterator[SyncLoop]:
        """Let the staying loop run in a thread meanwhile."""
        stop = threading.Event()
        loop = SyncLoop(self.store, lambda: self.config, self.keys, quick_transport)
        thread = threading.Thread(target=loop.run, args=(stop,))
        thread.start()
        try:
            yield loop
        finally:
            stop.set()
            loop.wake()
            thread.join(15)
            assert not thread.is_alive()

    def numbers(self) -> list[int]:
        return [int(row[0]) for row in self.store.all("SELECT pk FROM orders ORDER BY pk")]

    def number(self, remote_id: str) -> int:
        row = self.store.one("SELECT pk FROM orders WHERE remote_id = ?", (remote_id,))
        assert row is not None
        return int(row[0])

    def detail(self, number: int) -> OrderDetail:
        found = details.order_detail(self.store, number, TARGETS)
        assert found is not None
        return found

    def remote_id(self, number: int) -> str:
        return self.detail(number).remote_id or ""

    def summary(self) -> SyncSummary:
        return details.sync_summary(self.store)

    def move(self, number: int, *statuses: Status) -> None:
        for status in statuses:
            orders.move(self.store, number, status, WHO)

    def whole_day(self, number: int) -> None:
        """Take an order through all its steps."""
        self.move(number, *DAY[self.detail(number).row.kind])

    def resolve(self, number: int, choice: str) -> None:
        conflicts.resolve(self.store, number, choice, WHO)

    def states(self, number: int) -> list[str]:
        return [str(row.state) for row in self.detail(number).queue]

    def is_as_at(self, shop: FaultyRemote, number: int) -> bool:
        detail = self.detail(number)
        return shop.status(self.remote_id(number)) == detail.row.status

    def close(self) -> None:
        self.store.close_thread()


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
