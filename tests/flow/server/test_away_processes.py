"""The database server dies, and so do stations: real processes, killed while they keep and bring in."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from posapp.domain.kept import KeptKind, SeenOrder, Wish
from posapp.domain.status import Kind, Status
from posapp.storage.kept import KeptJournal
from tests.flow.server.conftest import Shop
from tests.flow.server.lonely import (
    PATIENCE_S,
    beating,
    move,
    status_of,
    until,
)
from tests.support.shop_orders import ANNA, START, put_in, remote_order

pytestmark = pytest.mark.expects_log("The database server is away")


_PROGRAM = """
import sys, os, time
from pathlib import Path
from posapp.domain.kept import Kept
from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services.kept_return import bring_in
from posapp.storage.database import open_store
from posapp.storage.server import Server
from tests.flow.server.lonely import after, move, seen
mode, folder, url = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
pks = [int(word) for word in sys.argv[4].split(",")]
store = open_store(folder, server=Server(url))
orders = [seen(store, pk) for pk in pks]
print("ready", flush=True)
if mode == "keep":
    sys.stdin.readline()
    for order in orders:
        for before, target in ((Status.CREATED, Status.ACCEPTED), (Status.ACCEPTED, Status.COOKING)):
            made = move(store, after(order, before), target, Who("anna", "counter-1"))
            assert isinstance(made, Kept)
            print(order.pk, target.value, flush=True)
else:
    sys.stdin.readline()
    bring_in(store, tuple)
    print("over", flush=True)
"""


def program(shop: Shop, mode: str, pks: list[int]) -> subprocess.Popen[str]:
    """Start a station as a process of its own, and wait until it has the database open."""
    started = subprocess.Popen(
        [
            sys.executable, "-c", _PROGRAM, mode, str(shop.counter.data_dir), shop.counter.server.url,
            ",".join(map(str, pks)),
        ],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert started.stdout is not None
    assert started.stdout.readline().strip() == "ready"
    return started


def go(started: subprocess.Popen[str]) -> None:
    assert started.stdin is not None
    started.stdin.write("go\n")
    started.stdin.flush()


def test_a_kill_loses_nothing_that_was_shown_and_brings_nothing_in_twice(shop: Shop) -> None:
    chance = random.Random(8)
    store = shop.open(shop.kitchen)
    pks = [*put_in(store, *(remote_order(f"r{n}") for n in range(30)))]
    keeping = program(shop, "keep", pks)
    shop.mortal.stop()
    go(keeping)
    assert keeping.stdout is not None
    shown = [keeping.stdout.readline() for _ in range(chance.randint(20, 40))]
    keeping.kill()
    shown += [line for line in keeping.stdout.read().splitlines() if line.strip()]
    keeping.wait()
    for pipe in (keeping.stdin, keeping.stdout):
        assert pipe is not None
        pipe.close()
    shop.mortal.start()
    journal = KeptJournal(shop.counter.data_dir)
    kept = [f"{entry.order.pk} {entry.wish.target}" for entry in journal.entries()]
    assert kept[: len(shown)] == [line.strip() for line in shown]
    assert len(kept) <= len(shown) + 1

    over = False
    for patience_s in (0.02, 0.05, 0.1, 0.0):
        going = program(shop, "bring", pks[:1])
        go(going)
        if patience_s:
            time.sleep(patience_s * chance.random())
            going.kill()
        assert going.stdout is not None
        over = "over" in going.stdout.read()
        going.wait()
        for pipe in (going.stdin, going.stdout):
            assert pipe is not None
            pipe.close()
    assert over
    journal.refresh()
    assert journal.figures.all == 0
    journal.close()
    moved = store.all("SELECT order_pk, params FROM events WHERE kind = 'moved' ORDER BY pk")
    assert sorted(f"{pk} {json.loads(params)['to']}" for pk, params in moved) == sorted(kept)
    store.close_thread()


def test_commands_show_what_is_kept_without_the_server(shop: Shop) -> None:
    store = shop.open(shop.counter)
    (pk,) = put_in(store, remote_order("r1"))
    with beating(store):
        shop.mortal.stop()
        until(lambda: store.away)
        move(store, seen_before := SeenOrder(pk, "1001", Status.CREATED, Kind.DELIVERY, 1), Status.ACCEPTED)
        listed = shop.counter.run("queue", "list")
        assert listed.code == 6
        assert listed.data["queue"] == []
        (kept,) = listed.data["kept"]
        assert (kept["code"], kept["target"], kept["state"], kept["actor"]) == (
            seen_before.code, "accepted", "waiting", "anna",
        )  # fmt: skip
        assert "cannot be reached" in listed.data["error"]["title"]
        checks = {check["name"]: check for check in shop.counter.run("doctor").data["checks"]}
        assert not checks["database"]["ok"]
        assert checks["kept changes"]["detail"].startswith("1 kept on this computer")
        refused = shop.counter.run("orders", "list")
        assert refused.code == 6
        shop.mortal.start()
        until(lambda: not store.away)
        assert shop.counter.run("queue", "list").data.get("kept") is None
        checks = {check["name"]: check for check in shop.counter.run("doctor").data["checks"]}
        assert checks["kept changes"]["ok"]


def test_the_sender_waits_for_the_server_and_brings_in_what_is_kept(shop: Shop) -> None:
    store = shop.open(shop.counter)
    (pk,) = put_in(store, remote_order("r1"))
    store.close_thread()
    watch = subprocess.Popen(
        [sys.executable, "-m", "posapp", "sync", "--watch"],
        env=shop.counter.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        until(lambda: shop.mortal.clients("posapp-pulse"))
        shop.mortal.stop()
        log = shop.counter.data_dir / "logs" / "posapp.log"
        until(lambda: "is away" in log.read_text("utf-8"))
        # A window of this station was killed with something in its journal.
        journal = KeptJournal(shop.counter.data_dir)
        order = SeenOrder(pk, "1001", Status.CREATED, Kind.DELIVERY, 1)
        journal.add("an-act", Wish(order, KeptKind.MOVE, Status.ACCEPTED), ANNA, "", START)
        journal.close()
        time.sleep(3)  # in which nothing more is said
        shop.mortal.start()
        until(lambda: status_of(store, pk) == "accepted")
        assert watch.poll() is None
        lines = log.read_text("utf-8").splitlines()
        begin = next(n for n, line in enumerate(lines) if "is away" in line)
        loud = [line for line in lines if "WARNING" in line or "ERROR" in line]
        assert loud
        assert [line for line in loud if "is away" not in line] == []
        assert len(lines) - begin < 20
    finally:
        watch.send_signal(signal.SIGTERM)
        out, err = watch.communicate(timeout=PATIENCE_S)
        store.close_thread()
    assert (watch.returncode, "Traceback" in out + err) == (0, False)


def test_a_sender_that_is_started_while_the_server_is_away_waits_for_it(shop: Shop) -> None:
    store = shop.open(shop.counter)
    (pk,) = put_in(store, remote_order("r1"))
    journal = KeptJournal(shop.counter.data_dir)
    order = SeenOrder(pk, "1001", Status.CREATED, Kind.DELIVERY, 1)
    journal.add("an-act", Wish(order, KeptKind.MOVE, Status.ACCEPTED), ANNA, "", START)
    journal.close()
    store.close_thread()
    shop.mortal.stop()
    watch = subprocess.Popen(
        [sys.executable, "-m", "posapp", "sync", "--watch"],
        env=shop.counter.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        log = shop.counter.data_dir / "logs" / "posapp.log"
        until(lambda: log.exists() and "Waiting for the database" in log.read_text("utf-8"))
        shop.mortal.start()
        until(lambda: not store.away)
        until(lambda: status_of(store, pk) == "accepted")
    finally:
        watch.send_signal(signal.SIGTERM)
        out, err = watch.communicate(timeout=PATIENCE_S)
        store.close_thread()
    assert (watch.returncode, "Traceback" in out + err) == (0, False)
    assert err.count("Waiting for it") == 1
