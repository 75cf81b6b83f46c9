"""Three stations on one PostgreSQL, killed at random, while the server is stopped and its processes killed.

POSAPP_STATIONS_SECONDS is for how long, POSAPP_STATIONS_SEED draws all of it: who lives how long, what
happens to the server and when, what the clerks do, how the shop fails.
"""

from __future__ import annotations

import json
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from posapp.storage.checks import count_problems, integrity_problems
from posapp.storage.store import Store
from tests.faults.shop_program import ShopProgram
from tests.faults.stations import (
    Book,
    Killed,
    Place,
    blows,
    place,
    read_book,
    strike,
)
from tests.faults.zygote import CLERK
from tests.support import postgres

SECONDS = float(os.environ.get("POSAPP_STATIONS_SECONDS", "20"))
SEED = int(os.environ.get("POSAPP_STATIONS_SEED", "20261123"))
NAMES = ("counter", "kitchen", "courier")
FAULTS = ("drop_before", "drop_after", "e500", "e500_after", "empty200", "truncated", "slow", "wrong_type")
OPEN_ORDERS = 30
EVENTS = {"move": "moved", "undo": "undone", "edit": "edited"}
pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
    pytest.mark.timeout(240 + 3 * SECONDS),
]


@pytest.fixture
def server() -> Iterator[postgres.PostgresServer]:
    """Return a server that writes to the disk as in a shop, and may be struck."""
    postgres.needed_server()
    with tempfile.TemporaryDirectory(prefix="posapp-pg-", ignore_cleanup_errors=True) as folder:
        running = postgres.PostgresServer(Path(folder), durable=True)
        yield running
        running.stop()


def test_stations_that_are_killed_lose_and_double_nothing(
    tmp_path: Path, server: postgres.PostgresServer
) -> None:
    print(f"seed {SEED}, {SECONDS} s")  # noqa: T201 - to find a failure again
    options = ("--orders", str(OPEN_ORDERS), "--seed", str(SEED % 1000), "--fault-rate", "0.2")
    with ShopProgram(*options, "--faults", *FAULTS) as shop:
        made = server.fresh()
        places = [place(tmp_path / name, name, made, shop.url) for name in NAMES]
        places[0].run("sync", "--once", codes=(0, 4))
        programs = [
            Killed(at, what, SEED, longest)
            for at in places
            for what, longest in ((CLERK, 12.0), ("sender", 25.0))
        ]
        struck = rage(server, shop, programs)
        bad = [ended for program in programs for ended in program.bad]
        assert not bad, bad
        shop.ask("faults", clear=True)
        drain(places[0])
        judge(places, shop, programs, struck)


def rage(server: postgres.PostgresServer, shop: ShopProgram, programs: Sequence[Killed]) -> Counter[str]:
    """Let everybody work and die until the time is over; return what happened to the server."""
    struck: Counter[str] = Counter()
    chance = random.Random(SEED)
    end = time.monotonic() + SECONDS
    for program in programs:
        program.end = end
        program.start()
    try:
        for blow in blows(SEED):
            until = min(end, time.monotonic() + blow.after_s)
            while time.monotonic() < until and not any(program.bad for program in programs):
                keep_busy(shop)
                time.sleep(0.5)
            if time.monotonic() >= end or any(program.bad for program in programs):
                break
            print(f"{end - time.monotonic():.1f} s before the end: {blow}")  # noqa: T201
            strike(server, blow, chance)
            struck[blow.what] += 1
    finally:
        for program in programs:
            if time.monotonic() < end:  # something is wrong: there is no need to go on
                program.end = 0.0
            program.join(60)
    return struck


def keep_busy(shop: ShopProgram) -> None:
    """Let customers order while few orders are open."""
    still = sum(status not in {"delivered", "cancelled"} for status in shop.statuses().values())
    if still < OPEN_ORDERS:
        shop.ask("add", count=OPEN_ORDERS - still)


def drain(at: Place) -> None:
    """Sync until nothing waits."""
    for _ in range(10):
        if at.run("sync", "--once", "--timeout", "60", codes=(0, 4, 5))["pending"] == 0:
            return
    pytest.fail("something waits for ever")


def judge(
    places: Sequence[Place],
    shop: ShopProgram,
    programs: Sequence[Killed],
    struck: Counter[str],
) -> None:
    """Check every promise, and print the figures."""
    books = [read_book(at) for at in places]
    store = places[0].open()
    try:
        assert integrity_problems(store) + count_problems(store) == []
        for book in books:
            nothing_lost(store, book)
        histories_agree(store)
        sent_once(store, shop)
        flagged = in_step(places, shop)
        ((holders,),) = store.all("SELECT token FROM posapp_sender")
    finally:
        store.close_thread()
    acts = sum((book.count() for book in books), Counter[str]())
    senders = sum(program.kills for program in programs if program.name.endswith("sender"))
    clerks = sum(program.kills for program in programs) - senders
    log = shop.ask("log")["log"]
    asked = Counter(entry["station"] for entry in log)
    figures = {
        "clerks killed": clerks, "senders killed": senders, "server": dict(struck), "acts": dict(acts),
        "requests": dict(asked), "writes": sum(entry["call"] == "update" for entry in log),
        "orders": len(shop.statuses()), "flagged": flagged, "senders in turn": holders,
    }  # fmt: skip
    print(json.dumps(figures))  # noqa: T201
    assert acts["done"] > SECONDS / 2
    assert senders > 0 < clerks


def nothing_lost(store: Store, book: Book) -> None:
    """Check that each act is there once and whole, or not at all, as its clerk was told."""
    kinds: dict[str, Counter[str]] = {}
    for actor, kind in store.all(
        "SELECT actor, kind FROM events WHERE kind IN ('moved', 'undone', 'edited')"
    ):
        kinds.setdefault(actor, Counter())[kind] += 1
    rows = Counter(row[0] for row in store.all("SELECT actor FROM outbox WHERE kind = 'status'"))
    for name, (what, _, _) in book.tried.items():
        end, found = book.ended.get(name, "cut"), kinds.get(name, Counter())
        there = found[EVENTS[what]]
        assert there == {"done": 1, "refused": 0, "failed": 0}.get(end, min(there, 1)), (name, end, found)
        # All of it or nothing: the event, and what is sent.
        if what == "move":
            assert rows[name] == there, (name, end)
        elif not there:
            assert rows[name] == 0, (name, end)
    for name, end in book.ended.items():
        if end == "unknown":
            assert "It is not known whether this was saved." in book.said[name]


def histories_agree(store: Store) -> None:
    """Check that each order is where its history says."""
    last: dict[int, str] = {}
    told = "('moved', 'undone', 'adopted', 'resolved')"
    for pk, params in store.all(f"SELECT order_pk, params FROM events WHERE kind IN {told} ORDER BY pk"):  # noqa: S608
        last[pk] = json.loads(params).get("to", last.get(pk, ""))
    there = dict(store.all("SELECT pk, status FROM orders"))
    assert {pk: there[pk] for pk in last} == last


def sent_once(store: Store, shop: ShopProgram) -> None:
    """Check that one request of an order was under way at any time, and none was saved twice."""
    state = shop.ask("state")
    assert (state["max_in_flight_per_order"], state["overlapping"]) == (1, 0)
    made: dict[str, Counter[str]] = {}
    asked = (
        "SELECT o.remote_id, b.target FROM outbox b JOIN orders o ON o.pk = b.order_pk WHERE b.reached > 0"
    )
    for remote_id, target in store.all(asked):
        made.setdefault(remote_id, Counter())[target] += 1
    for remote_id, written in state["writes"].items():
        assert Counter(written) - made.get(remote_id, Counter()) == Counter(), remote_id


def in_step(places: Sequence[Place], shop: ShopProgram) -> int:
    """Check that all stations read the same, and the shop shows it or a person is asked; count those."""
    read: list[dict[str, Any]] = [at.run("orders", "list", "--limit", "100000") for at in places]
    assert read[0] == read[1] == read[2]
    queues = [at.run("queue", "list", "--state", "all") for at in places]
    assert queues[0] == queues[1] == queues[2]
    there = shop.statuses()
    listed = read[0]["orders"]
    assert {order["remote_id"] for order in listed} == set(there)
    assert len(listed) == len(there)
    differing = [order for order in listed if order["status"] != there[order["remote_id"]]]
    assert [order for order in differing if order["sync"] == "synced"] == []
    return len(differing)
