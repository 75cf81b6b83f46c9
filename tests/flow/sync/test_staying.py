"""The sender that stays: other processes, settings that change, a store that fails, another's turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from posapp.config import Config, RemoteConfig
from posapp.domain.errors import StorageError, UsageError
from posapp.domain.status import Status
from posapp.services import calls, orders
from posapp.storage.database import open_store
from posapp.storage.locks import sender_lock
from posapp.storage.store import Store
from posapp.sync.rounds import RoundResult
from posapp.sync.worker import SyncLoop, SyncWorker, run_watch
from tests.flow.sync.desk import WHO, Desk, Keys, eventually, quick_transport
from tests.support.faulty_plan import Fault, FaultKind
from tests.support.faulty_remote import FaultyRemote

ACCEPTED, COOKING, CANCELLED = Status.ACCEPTED, Status.COOKING, Status.CANCELLED


def in_another_thread(work: Callable[[], Any]) -> Callable[[], Any]:
    """Start the work; the function that is returned waits for its result."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()

    def result() -> Any:
        thread.join(30)
        return found[0]

    return result


@contextmanager
def other_process(desk: Desk) -> Iterator[Store]:
    """Open the same database a second time, as another process does."""
    store = open_store(desk.store.data_dir)
    try:
        yield store
    finally:
        store.close_thread()


def test_a_change_of_this_process_leaves_at_once(desk: Desk, shop: FaultyRemote) -> None:
    with desk.staying():
        assert eventually(lambda: shop.count("list") >= 2)
        started = time.monotonic()
        desk.move(1, ACCEPTED)
        assert eventually(lambda: desk.states(1) == ["confirmed"])
        assert time.monotonic() - started < 1


def test_a_change_of_another_process_leaves_within_two_seconds(desk: Desk, shop: FaultyRemote) -> None:
    with desk.staying(), other_process(desk) as store:
        assert eventually(lambda: shop.count("list") >= 2)
        orders.move(store, 2, ACCEPTED, WHO)
        assert eventually(lambda: shop.status(desk.remote_id(2)) == "accepted", 2)


def test_new_orders_come_in_by_themselves(desk: Desk, shop: FaultyRemote) -> None:
    with desk.staying():
        shop.add(2)
        assert eventually(lambda: len(desk.numbers()) == 5)


def test_a_round_beside_a_staying_sender_is_done_by_that_one(desk: Desk, shop: FaultyRemote) -> None:
    with desk.staying():
        assert eventually(lambda: shop.count("list") >= 2)
        desk.move(1, ACCEPTED)
        result = desk.round(10)
        assert (result.pending, result.reachable, result.complete, result.exit_code()) == (0, True, True, 0)
        assert shop.max_in_flight_per_order == 1


def test_a_round_that_is_asked_for_looks_past_backoff(desk: Desk, shop: FaultyRemote) -> None:
    with desk.staying():
        shop.go_offline()
        desk.move(1, ACCEPTED)
        with desk.store.write() as tx:
            tx.execute("UPDATE outbox SET not_before = created_at + 290000000")
        time.sleep(0.7)
        shop.go_online()
        assert desk.round(10).exit_code() == 0


def test_two_rounds_at_once_both_get_their_answer(desk: Desk, shop: FaultyRemote) -> None:
    with desk.staying():
        waiting = [in_another_thread(lambda: _round_and_close(desk)) for _ in range(3)]
        assert [result().exit_code() for result in waiting] == [0, 0, 0]


def _round_and_close(desk: Desk) -> RoundResult:
    try:
        return desk.round(15)
    finally:
        desk.close()


def test_a_round_outlives_a_change_of_settings(desk: Desk, shop: FaultyRemote) -> None:
    with desk.staying() as loop:
        assert eventually(lambda: shop.count("list") >= 2)
        shop.next_fault(Fault(FaultKind.SLOW, seconds=0.6), times=4)
        desk.move(1, ACCEPTED)
        result = in_another_thread(lambda: _round_and_close(desk))
        time.sleep(0.6)
        loop.reload()
        assert result().exit_code() == 0
        assert desk.states(1) == ["confirmed"]


def test_when_the_sender_ends_whoever_waits_takes_over(desk: Desk, shop: FaultyRemote) -> None:
    shop.set_faults(1.0, [Fault(FaultKind.SLOW_BEFORE, seconds=0.5)])
    lock = sender_lock(desk.store.data_dir)
    assert lock.acquire()
    desk.move(1, ACCEPTED)
    result = in_another_thread(lambda: _round_and_close(desk))
    assert eventually(lambda: desk.store.one("SELECT count(*) FROM calls") == (1,))
    calls.take(desk.store, calls.SYNC)  # the sender takes the call, then dies
    shop.no_faults()
    lock.release()
    assert result().exit_code() == 0
    assert shop.status(desk.remote_id(1)) == "accepted"


def test_a_call_that_a_dead_sender_took_is_answered_by_the_next(desk: Desk, shop: FaultyRemote) -> None:
    number = calls.ask(desk.store, calls.SYNC, {"timeout": 5})
    calls.take(desk.store, calls.SYNC)
    with desk.staying():
        assert eventually(lambda: calls.result_of(desk.store, number) is not None)


def test_the_second_sender_waits_and_takes_over(desk: Desk, shop: FaultyRemote) -> None:
    second = SyncLoop(desk.store, lambda: desk.config, desk.keys, quick_transport)
    stop = threading.Event()
    thread = threading.Thread(target=second.run, args=(stop,))
    with desk.staying():
        assert eventually(lambda: shop.count("list") >= 2)
        thread.start()
        desk.move(1, ACCEPTED)
        assert eventually(lambda: desk.states(1) == ["confirmed"])
        assert not sender_lock(desk.store.data_dir).acquire()
    desk.move(2, ACCEPTED)
    assert eventually(lambda: desk.states(2) == ["confirmed"])
    stop.set()
    thread.join(10)
    assert shop.max_in_flight_per_order == 1


def test_what_a_person_asks_of_the_second_reaches_the_first(desk: Desk, shop: FaultyRemote) -> None:
    second = SyncLoop(desk.store, lambda: desk.config, desk.keys, quick_transport)
    stop = threading.Event()
    with desk.staying():
        assert eventually(lambda: shop.count("list") >= 2)
        thread = threading.Thread(target=second.run, args=(stop,))
        thread.start()
        second.wake(force=True)
        done = "SELECT count(*) FROM calls WHERE done_at IS NOT NULL"
        assert eventually(lambda: desk.store.one(done) == (1,))
        stop.set()
        thread.join(10)


def test_settings_are_followed_while_it_runs(tmp_path: Path) -> None:
    with FaultyRemote(seed=1) as first, FaultyRemote(seed=2) as second:
        first.add(2)
        second.add(3)
        desk = Desk(tmp_path, first=first)
        with desk.staying() as loop:
            assert eventually(lambda: len(desk.numbers()) == 2)
            remote = RemoteConfig("second", second.url, poll_seconds=1)
            desk.config = replace(desk.config, remotes=(*desk.config.remotes, remote))
            loop.reload()
            assert eventually(lambda: len(desk.numbers()) == 5)
        desk.close()


@pytest.mark.expects_log("old ones still hold")
def test_settings_that_break_leave_the_old_ones_in_force(desk: Desk, shop: FaultyRemote) -> None:
    def load() -> Config:
        if broken:
            raise UsageError("posapp.toml is broken.", "line 3")
        return desk.config

    broken: list[bool] = []
    stop = threading.Event()
    loop = SyncLoop(desk.store, load, desk.keys, quick_transport)
    thread = threading.Thread(target=loop.run, args=(stop,))
    thread.start()
    assert eventually(lambda: shop.count("list") >= 2)
    broken.append(True)
    loop.reload()
    desk.move(1, ACCEPTED)
    assert eventually(lambda: desk.states(1) == ["confirmed"])
    stop.set()
    thread.join(10)


@pytest.mark.expects_log("Sync stopped for a moment: The disk is full")
def test_a_full_disk_stops_sending_for_a_moment_and_loses_nothing(
    desk: Desk, shop: FaultyRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Store.write
    full = threading.Event()

    @contextmanager
    def write(self: Store, origin: str = "") -> Iterator[Any]:
        if full.is_set() and origin == "sync":
            raise StorageError("The disk is full.")
        with real(self, origin) as tx:
            yield tx

    monkeypatch.setattr(Store, "write", write)
    with desk.staying():
        assert eventually(lambda: shop.count("list") >= 2)
        full.set()
        desk.move(1, ACCEPTED, COOKING)
        time.sleep(2.5)
        assert shop.writes(desk.remote_id(1)) == []
        full.clear()
        assert eventually(lambda: desk.states(1) == ["confirmed"] * 2)
    assert shop.writes(desk.remote_id(1)) == ["accepted", "cooking"]
    assert shop.max_in_flight_per_order == 1


@pytest.mark.expects_log("The sync thread failed and starts again")
def test_a_bug_in_the_thread_starts_it_again(desk: Desk, shop: FaultyRemote) -> None:
    failures = [ZeroDivisionError("a bug")]

    def load() -> Config:
        if failures:
            raise failures.pop()
        return desk.config

    worker = SyncWorker(desk.store, load, Keys(), transports=quick_transport)
    worker.start()
    desk.move(1, ACCEPTED)
    assert eventually(lambda: desk.states(1) == ["confirmed"])
    worker.stop()
    assert sender_lock(desk.store.data_dir).acquire()


def test_the_loop_ends_within_ten_seconds_though_the_shop_hangs(desk: Desk, shop: FaultyRemote) -> None:
    worker = SyncWorker(desk.store, lambda: desk.config, desk.keys)  # with the real, patient transport
    worker.start()
    assert eventually(lambda: shop.count("list") >= 2)
    shop.set_faults(1.0, [Fault(FaultKind.HANG, seconds=60)])
    desk.move(1, ACCEPTED)
    assert eventually(lambda: desk.states(1) == ["in_flight"])
    started = time.monotonic()
    worker.stop(10)
    assert time.monotonic() - started < 8
    shop.no_faults()
    assert desk.round().exit_code() == 0
    assert shop.writes(desk.remote_id(1)) == ["accepted"]


def test_watching_reports_each_pull(desk: Desk, shop: FaultyRemote) -> None:
    stop = threading.Event()
    told: list[RoundResult] = []

    def watch() -> None:
        run_watch(desk.store, lambda: desk.config, desk.keys, stop, told.append, transports=quick_transport)

    thread = threading.Thread(target=watch)
    thread.start()
    assert eventually(lambda: len(told) >= 1)
    shop.add(2)
    desk.move(1, ACCEPTED)
    assert eventually(lambda: sum(result.pulled for result in told) == 2)
    assert eventually(lambda: sum(result.pushed for result in told) == 1)
    assert all(result.exit_code() in {0, 4} for result in told)
    stop.set()
    thread.join(10)


def test_a_held_cancellation_leaves_when_the_six_seconds_are_over(desk: Desk, shop: FaultyRemote) -> None:
    with desk.staying():
        assert eventually(lambda: shop.count("list") >= 2)
        started = time.monotonic()
        orders.move(desk.store, 1, CANCELLED, WHO, hold=True)
        assert eventually(lambda: desk.states(1) == ["confirmed"])
        assert 5.9 <= time.monotonic() - started < 8
