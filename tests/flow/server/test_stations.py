"""Two computers of a shop on one database: what one does, the other has, and hears of."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue

import pytest

from posapp.domain.errors import StorageError
from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services import calls, orders
from posapp.storage.feed import ALL_TOPICS, Change, Topic
from posapp.storage.listener import Listener
from posapp.storage.sender import SenderLease
from posapp.storage.store import Store
from posapp.sync.ledger import ORIGIN
from tests.flow.server.conftest import Station, station
from tests.support.faulty_remote import FaultyRemote
from tests.support.postgres import PostgresServer
from tests.support.shop_orders import ANNA, put_in, remote_order

BORIS = Who("boris", "kitchen-1")


@contextmanager
def hearing(store: Store) -> Iterator[SimpleQueue[Change]]:
    """Collect what other processes change."""
    heard: SimpleQueue[Change] = SimpleQueue()
    end = store.feed.subscribe(lambda change: heard.put(change) if change.foreign else None)
    listener = Listener(store, every_s=0.05)
    listener.start()
    try:
        yield heard
    finally:
        listener.stop()
        end()


def until_heard(heard: SimpleQueue[Change]) -> None:
    """Wait until the listener's connection is there: what was before it, it takes for changed."""
    assert heard.get(timeout=10).topics == ALL_TOPICS


def test_what_one_station_does_the_other_has(counter: Station, kitchen: Station) -> None:
    store = counter.open()
    (pk,) = put_in(store, remote_order("r1"))
    code = orders.move(store, pk, Status.ACCEPTED, ANNA).code
    store.close_thread()

    listed = kitchen.run("orders", "list").data["orders"]
    assert [(order["code"], order["status"]) for order in listed] == [(code, "accepted")]
    assert kitchen.run("orders", "move", code, "cooking").code == 0
    assert kitchen.run("orders", "move", code, "cooking").code == 0  # the status it has: nothing is written

    shown = counter.run("orders", "show", code).data
    assert shown["order"]["status"] == "cooking"
    assert [(event["kind"], event["station"]) for event in shown["events"]][-2:] == [
        ("moved", "counter-1"), ("moved", "kitchen-1")
    ]  # fmt: skip
    assert kitchen.run("orders", "move", "none", "cooking").code == 3


def test_the_other_station_hears_of_a_change_at_once(counter: Station, kitchen: Station) -> None:
    store, other = counter.open(), kitchen.open()
    (pk,) = put_in(store, remote_order("r1"))
    with hearing(other) as heard:
        until_heard(heard)
        orders.move(store, pk, Status.ACCEPTED, ANNA)
        change = heard.get(timeout=1)
        # What this process does itself is told to its feed by itself.
        orders.move(other, pk, Status.COOKING, BORIS)
        orders.move(store, pk, Status.ONDELIVERY, ANNA)
        later = heard.get(timeout=1)

    assert change.orders == {pk}
    assert change.topics == {Topic.ORDERS, Topic.QUEUE}
    assert later.orders == {pk}
    assert heard.empty()
    store.close_thread()
    other.close_thread()


def test_one_shop_is_asked_once_whoever_sends(counter: Station, kitchen: Station) -> None:
    with FaultyRemote() as remote:
        remote.add(3)
        for computer in (counter, kitchen):
            added = computer.run(
                "remotes", "add", "alma", "--format", "internal", "--base-url", remote.url,
                stdin=f"{remote.api_key}\n",
            )  # fmt: skip
            assert added.code == 0, added.err
        assert counter.run("sync", "--once").data["pulled"] == 3
        assert kitchen.run("sync", "--once").data["pulled"] == 0
        first = kitchen.run("orders", "list").data["orders"][0]
        kitchen.run("orders", "move", first["code"], "accepted")

        sent = counter.run("sync", "--once")

        assert (sent.code, sent.data["pushed"], sent.data["pending"]) == (0, 1, 0)
        assert kitchen.run("sync", "--once").data["pushed"] == 0
        assert remote.orders[first["remote_id"]]["status"] == "accepted"
        assert remote.count("update") == 1


def test_a_window_is_shown_on_its_own_computer_only(counter: Station, kitchen: Station) -> None:
    store, other = counter.open(), kitchen.open()
    calls.ask(store, calls.SHOW, {"screen": "orders"})

    assert calls.take(other, calls.SHOW) == []
    assert [call.payload for call in calls.take(store, calls.SHOW)] == [{"screen": "orders"}]
    store.close_thread()
    other.close_thread()


def test_one_station_sends_at_a_time(counter: Station, kitchen: Station) -> None:
    store, other = counter.open(), kitchen.open()
    mine, theirs = SenderLease(store, ORIGIN), SenderLease(other, ORIGIN)

    assert mine.acquire()
    assert not theirs.acquire()
    mine.release()
    assert theirs.acquire()
    assert not mine.held
    theirs.release()
    store.close_thread()
    other.close_thread()


def test_a_station_that_slept_through_its_lease_cannot_send(counter: Station, kitchen: Station) -> None:
    store, other = counter.open(), kitchen.open()
    sleeping = SenderLease(store, ORIGIN, lease_s=0.6, beat_s=60)
    heir = SenderLease(other, ORIGIN, lease_s=0.6, beat_s=0.1)

    def send(through: Store) -> None:
        with through.write(ORIGIN) as tx:
            tx.execute("INSERT INTO meta(key, value) VALUES (?, 'sent')", (str(uuid.uuid4()),))

    assert sleeping.acquire()
    send(store)
    end = time.monotonic() + 15
    while not heir.acquire() and time.monotonic() < end:
        time.sleep(0.05)

    assert heir.held
    assert not sleeping.held
    with pytest.raises(StorageError, match="Another station sends now"):
        send(store)
    send(other)
    with store.write("somebody at the window") as tx:  # people are not kept from anything
        tx.execute("UPDATE meta SET value = value")
    assert len(store.all("SELECT 1 FROM meta WHERE value = 'sent'")) == 2
    for lease, each in ((sleeping, store), (heir, other)):
        lease.release()
        each.close_thread()


def test_a_server_that_comes_back_is_used_again(own_server: PostgresServer, counter: Station) -> None:
    place = station(counter.data_dir.parent / "bar", own_server.fresh(), "bar")
    store = place.open()
    (pk,) = put_in(store, remote_order("r1"))
    with hearing(store) as heard:
        until_heard(heard)
        own_server.stop()
        with pytest.raises(StorageError, match="cannot be reached"):
            orders.move(store, pk, Status.ACCEPTED, ANNA)
        with pytest.raises(StorageError, match="cannot be reached"):
            store.all("SELECT status FROM orders")
        own_server.start()

        orders.move(store, pk, Status.ACCEPTED, ANNA)

        assert store.all("SELECT status FROM orders") == [("accepted",)]
        # Whatever happened meanwhile was not heard: everything may be different.
        assert heard.get(timeout=5).topics == ALL_TOPICS
    store.close_thread()


def test_the_writers_of_two_stations_take_turns(counter: Station, kitchen: Station) -> None:
    def add(place: Station) -> None:
        store = place.open()
        for _ in range(40):
            with store.write() as tx:
                row = tx.one("SELECT value FROM meta WHERE key = 'sum'")
                tx.execute(
                    "INSERT INTO meta(key, value) VALUES ('sum', ?) ON CONFLICT(key) DO UPDATE SET "
                    "value = excluded.value",
                    (str(int(row[0] if row else 0) + 1),),
                )
        store.close_thread()

    threads = [threading.Thread(target=add, args=(place,)) for place in (counter, kitchen)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    store = counter.open()
    assert store.meta("sum") == "80"
    store.close_thread()


def test_a_mistake_in_a_statement_that_waits_ends_the_act(counter: Station) -> None:
    store = counter.open()

    def act() -> None:
        with store.write() as tx:
            tx.execute("INSERT INTO meta(key, value) VALUES ('first', '')")
            tx.execute("INSERT INTO meta(key, value) VALUES ('installation', '')")
            tx.execute("INSERT INTO meta(key, value) VALUES ('last', '')")

    with pytest.raises(StorageError, match="meta_pkey"):
        act()

    assert store.all("SELECT 1 FROM meta WHERE key IN ('first', 'last')") == []
    with store.write() as tx:
        assert tx.execute("UPDATE meta SET value = '7' WHERE key = 'next_code'").rowcount == 1
    assert store.meta("next_code") == "7"
    store.close_thread()
