"""Stations and a sender on one database at the same time: nothing that was told to be saved is missing.

POSAPP_TOGETHER_SECONDS is for how long they work.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posapp.storage.checks import count_problems, integrity_problems
from posapp.storage.custody import custody_ledger
from posapp.storage.database import open_store
from posapp.storage.store import Store
from tests.faults.shop_program import Posapp, ShopProgram

SECONDS = float(os.environ.get("POSAPP_TOGETHER_SECONDS", "5"))
STATIONS = ("counter-1", "counter-2")
Done = dict[str, str | int]


def work(data_dir: Path) -> dict[str, list[Done]]:
    """Let the stations work at the same time; return what each was told is saved, in its order."""
    command = [sys.executable, "-m", "tests.faults.worker_program", str(data_dir)]
    running = {
        name: subprocess.Popen(
            [*command, name, str(SECONDS)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for name in STATIONS
    }
    said = {}
    for name, process in running.items():
        out, errors = process.communicate(timeout=SECONDS + 60)
        assert (process.returncode, errors) == (0, "")
        said[name] = [json.loads(line) for line in out.splitlines()]
    return said


def in_history(store: Store, station: str) -> Counter[tuple[str, int, str]]:
    """Return what the history knows of a station."""
    found: Counter[tuple[str, int, str]] = Counter()
    rows = store.all("SELECT kind, order_pk, params FROM events WHERE station = ?", (station,))
    for kind, pk, text in rows:
        params = json.loads(text)
        if kind in {"moved", "undone"}:
            # “edited” follows from a save; nobody told of it as a move.
            found[kind, pk, params["to"]] += 1
        elif kind == "edited":
            found[kind, pk, json.loads(params["after"]).get("street", "")] += 1
    return found


@pytest.mark.timeout(120 + 2 * SECONDS)
def test_stations_and_a_sender_lose_nothing_of_each_other(tmp_path: Path) -> None:
    start = datetime.now(UTC) - timedelta(minutes=1)
    faults = ("--fault-rate", "0.2", "--faults", "drop_before", "drop_after", "e500")
    with ShopProgram("--orders", "12", "--seed", "11", *faults) as shop:
        posapp = Posapp(tmp_path / "data", shop.url)
        while not posapp.run("orders", "list")["orders"]:
            posapp.run("sync", "--once", codes=(0, 4))
        with posapp.start("sync", "--watch") as sender:
            said = work(posapp.data_dir)
            sender.terminate()
            sender.communicate(timeout=20)
    store = open_store(posapp.data_dir)
    try:
        assert integrity_problems(store) + count_problems(store) == []
        for station, acts in said.items():
            told = Counter((str(one["what"]), int(one["pk"]), str(one["to"])) for one in acts if one["pk"])
            assert told - in_history(store, station) == Counter(), "was told to be saved and is not"
            received = {str(one["to"]) for one in acts if one["what"] == "received"}
            there = {str(row[0]) for row in store.all("SELECT remote_id FROM orders")}
            assert received <= there
        check_books(store)
        ledger = custody_ledger(store, start, datetime.now(UTC) + timedelta(minutes=1))
        assert ledger.adds_up, ledger
        confirmed = ledger.changes["confirmed"]
    finally:
        store.close_thread()
    count = {station: len(acts) for station, acts in said.items()}
    print(f"together for {SECONDS} s: {count}; {ledger.made} changes, {confirmed} confirmed")  # noqa: T201
    assert min(count.values()) > 10


def check_books(store: Store) -> None:
    """Each order is where its history says, and each change has its event."""
    rows = store.all(
        "SELECT o.code, o.status, (SELECT json_extract(params, '$.to') FROM events e WHERE e.order_pk = o.pk "
        "AND e.kind IN ('moved', 'undone', 'adopted', 'resolved') ORDER BY e.pk DESC LIMIT 1) FROM orders o"
    )
    assert [row for row in rows if row[2] is not None and row[1] != row[2]] == []
    people = "SELECT count(*) FROM events WHERE kind IN ('moved', 'undone')"
    queued = "SELECT count(*) FROM outbox WHERE kind = 'status'"
    assert store.all(queued)[0][0] <= store.all(people)[0][0]
