"""`posapp sync` against a real server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from posapp.services import remotes
from posapp.storage.store import Store
from posapp.sync.driver import NO_KEY
from tests.flow.cli.conftest import Cli
from tests.support.faulty_plan import Fault, FaultKind
from tests.support.faulty_remote import FaultyRemote

SYNC_KEYS = {"pulled", "pushed", "pending", "attention", "quarantined", "reachable"}


def ids(cli: Cli) -> list[str]:
    return [str(order["remote_id"]) for order in cli("orders", "list", "--json").data["orders"]]


def test_a_round_takes_in_and_sends_and_then_rests(cli: Cli, connected: FaultyRemote) -> None:
    first = cli("sync", "--once", "--json")
    assert first.code == 0
    assert first.data == {
        "pulled": 3, "pushed": 0, "pending": 0, "attention": 0, "quarantined": 0, "reachable": True
    }  # fmt: skip
    name = ids(cli)[0]
    assert cli("orders", "move", name, "accepted").code == 0

    second = cli("sync", "--once", "--json")
    assert (second.code, second.data["pushed"], second.data["pending"]) == (0, 1, 0)
    assert connected.orders[name]["status"] == "accepted"
    assert cli("orders", "show", name, "--json").data["order"]["sync"] == "synced"
    third = cli("sync", "--once")
    assert third.out == "0 taken in, 0 sent, 0 waiting, 0 for a person.\n"
    assert connected.count("update") == 1


def test_a_shop_that_is_away_leaves_work_waiting(cli: Cli, connected: FaultyRemote) -> None:
    cli("sync", "--once")
    cli("orders", "move", ids(cli)[0], "accepted")
    connected.go_offline()

    ran = cli("sync", "--once", "--timeout", "2", "--json")

    assert ran.code == 4
    assert set(ran.data) == SYNC_KEYS | {"error"}
    assert (ran.data["pending"], ran.data["reachable"]) == (1, False)
    assert "alma" in ran.data["error"]["detail"]
    assert "could not be reached" in ran.err


def test_a_second_round_honours_what_the_shop_asked_for(cli: Cli, connected: FaultyRemote) -> None:
    connected.next_fault(Fault(FaultKind.E429, retry_after="60"))
    assert cli("sync", "--once", "--timeout", "2").code == 4
    before = connected.count()

    ran = cli("sync", "--once", "--timeout", "2", "--json")

    assert (ran.code, ran.data["reachable"]) == (4, True)
    assert connected.count() == before
    assert "alma" in ran.err


def test_a_wrong_key_still_needs_a_person_when_the_shop_goes_away(
    cli: Cli, connected: FaultyRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSAPP_REMOTE_ALMA_API_KEY", "wrong-key-of-somebody")
    assert cli("sync", "--once").code == 5
    connected.go_offline()
    ran = cli("sync", "--once", "--timeout", "2", "--json")
    assert (ran.code, ran.data["attention"], ran.data["reachable"]) == (5, 1, False)


def test_a_missing_key_is_forgotten_once_there_is_one(
    cli: Cli, connected: FaultyRemote, shop_store: Store
) -> None:
    remotes.note_trouble(shop_store, "alma", "sign_in", NO_KEY)
    connected.go_offline()
    ran = cli("sync", "--once", "--timeout", "2", "--json")
    assert (ran.code, ran.data["attention"]) == (4, 0)


def test_connecting_a_shop_again_ends_its_old_sign_in_trouble(
    cli: Cli, remote: FaultyRemote, shop_store: Store
) -> None:
    remotes.note_trouble(shop_store, "alma", "sign_in", "The key is not known.")
    ran = cli(
        "remotes", "add", "alma", "--format", "internal", "--base-url", remote.url, "--json",
        stdin=remote.api_key,
    )  # fmt: skip
    (item,) = ran.data["remotes"]
    assert (item["trouble"], item["sign_in"]) == ("", False)


def test_a_wrong_key_needs_a_person(
    cli: Cli, connected: FaultyRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSAPP_REMOTE_ALMA_API_KEY", "wrong-key-of-somebody")

    ran = cli("sync", "--once", "--json")

    assert ran.code == 5
    assert (ran.data["attention"], ran.data["reachable"]) == (1, True)
    assert "wrong-key" not in ran.out + ran.err
    assert "alma" in ran.err
    assert cli("remotes", "test", "alma").code == 5


def test_a_refusal_needs_a_person_who_takes_the_remote_value(cli: Cli, remote: FaultyRemote) -> None:
    remote.refuse = lambda _order, _old, _new: "The kitchen is closed"
    remote.add(1)
    cli("remotes", "add", "alma", "--format", "internal", "--base-url", remote.url, stdin=remote.api_key)
    cli("sync", "--once")
    cli("orders", "move", ids(cli)[0], "accepted")

    ran = cli("sync", "--once", "--timeout", "20", "--json")

    assert (ran.code, ran.data["attention"]) == (5, 1)
    (code,) = [order["code"] for order in cli("orders", "list", "--json").data["orders"]]
    assert ran.data["error"]["detail"] == f"Orders that wait for a decision: 1 (#{code})."
    remote.go_offline()
    away = cli("sync", "--once", "--timeout", "2", "--json").data
    assert (away["reachable"], f"(#{code})" in away["error"]["detail"]) == (False, True)
    assert "could not be reached" in away["error"]["detail"]
    remote.go_online()
    (row,) = cli("queue", "list", "--json").data["queue"]
    assert row["state"] == "parked"
    assert "The kitchen is closed" in row["last_error"]
    assert cli("orders", "resolve", ids(cli)[0], "theirs").code == 0
    assert cli("orders", "list", "--json").data["orders"][0]["status"] == "created"
    assert cli("sync", "--once").code == 0


def test_without_a_shop_there_is_nothing_to_do(cli: Cli) -> None:
    assert cli("sync", "--once", "--json").data["reachable"] is True


def test_watching_sends_what_others_change_and_ends_calmly(
    cli: Cli, connected: FaultyRemote, data_dir: Path
) -> None:
    cli("sync", "--once")
    name = ids(cli)[0]
    watch = subprocess.Popen(
        [sys.executable, "-m", "posapp", "sync", "--watch", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ},
    )
    try:
        assert watch.stdout is not None
        assert set(json.loads(watch.stdout.readline())) == SYNC_KEYS
        cli("orders", "move", name, "accepted")
        end = time.monotonic() + 10
        while connected.orders[name]["status"] != "accepted" and time.monotonic() < end:
            time.sleep(0.05)
        assert connected.orders[name]["status"] == "accepted"
        assert cli("sync", "--once", "--json").data["pending"] == 0
        backup = data_dir / "b.db"
        assert cli("backup", str(backup)).code == 0
        assert cli("restore", str(backup)).code == 6
        watch.send_signal(signal.SIGTERM)
        assert watch.wait(10) == 0
        _, said = watch.communicate()
        assert said == ""
    finally:
        watch.kill()
        watch.wait()
