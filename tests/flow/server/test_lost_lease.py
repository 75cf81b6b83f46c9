"""A station that loses the right to send cuts what is under way: another one may send the same soon."""

from __future__ import annotations

import threading

from posapp.config import load
from posapp.domain.status import Status
from posapp.services import orders
from posapp.sync.driver import Driver
from tests.flow.server.conftest import Station
from tests.flow.server.test_takeover import until
from tests.support.faulty_plan import Fault, FaultKind
from tests.support.faulty_remote import FaultyRemote
from tests.support.shop_orders import ANNA


class OneKey:
    """The key of the one shop."""

    def __init__(self, key: str) -> None:
        self._key = key

    def get(self, namespace: str, remote_name: str) -> str:
        return self._key

    def set(self, namespace: str, remote_name: str, secret: str) -> None:
        raise AssertionError("nothing renews this key")


def test_a_request_under_way_is_cut_with_the_lease(counter: Station) -> None:
    with FaultyRemote() as remote:
        [name] = remote.add(1)
        added = counter.run(
            "remotes", "add", "alma", "--format", "internal", "--base-url", remote.url,
            stdin=f"{remote.api_key}\n",
        )  # fmt: skip
        assert added.code == 0, added.err
        store, ours = counter.open(), threading.Event()
        ours.set()
        driver = Driver(store, load(counter.data_dir), OneKey(remote.api_key))
        driver.holds = ours.is_set

        def turn() -> bool:
            driver.turn(0.1)
            return True

        until(lambda: turn() and bool(store.all("SELECT 1 FROM orders")), 20)
        remote.next_fault(Fault(FaultKind.HANG, seconds=60), "update")
        ((pk,),) = store.all("SELECT pk FROM orders WHERE remote_id = ?", (name,))
        orders.move(store, pk, Status.ACCEPTED, ANNA)
        until(lambda: turn() and remote.count("update") == 1, 20)

        ours.clear()

        until(lambda: turn() and driver.under_way == 0, 10)
        driver.close()
        assert store.all("SELECT state FROM outbox") == [("in_flight",)]  # whoever sends next reads first
        store.close_thread()
