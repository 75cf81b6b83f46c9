"""The computer that sends dies without a word: another one takes over, and nothing is sent twice."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from posapp.domain.status import Status
from posapp.services import orders
from tests.flow.server.conftest import Station
from tests.support.faulty_remote import FaultyRemote
from tests.support.shop_orders import ANNA

TAKEN_OVER_WITHIN_S = 15


@contextlib.contextmanager
def watching(place: Station) -> Iterator[subprocess.Popen[str]]:
    """Run a computer's sender for as long as the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "posapp", "sync", "--watch"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=place.environment(),
    )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def until(true: object, seconds: float) -> float:
    """Wait until something is true; return how long that took."""
    assert callable(true)
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, "it took too long"
        time.sleep(0.05)
    return time.monotonic() - begun


@pytest.mark.timeout(90)
def test_another_computer_sends_within_fifteen_seconds_of_a_death(counter: Station, kitchen: Station) -> None:
    with FaultyRemote() as remote:
        remote.add(2)
        for place in (counter, kitchen):
            done = place.run(
                "remotes", "add", "alma", "--format", "internal", "--base-url", remote.url,
                "--poll-seconds", "5", stdin=f"{remote.api_key}\n",
            )  # fmt: skip
            assert done.code == 0, done.err
        store = counter.open()
        with watching(counter) as first:
            until(lambda: len(store.all("SELECT 1 FROM orders")) == 2, 20)
            with watching(kitchen) as second:
                (one, name), (two, other) = store.all("SELECT pk, remote_id FROM orders ORDER BY pk")
                orders.move(store, one, Status.ACCEPTED, ANNA)
                until(lambda: remote.orders[name]["status"] == "accepted", 10)
                assert second.poll() is None
                os.kill(first.pid, signal.SIGKILL)
                orders.move(store, two, Status.ACCEPTED, ANNA)

                until(lambda: remote.orders[other]["status"] == "accepted", TAKEN_OVER_WITHIN_S)

                until(lambda: store.all("SELECT 1 FROM outbox WHERE state <> 'confirmed'") == [], 10)
        assert remote.count("update") == 2
        store.close_thread()
