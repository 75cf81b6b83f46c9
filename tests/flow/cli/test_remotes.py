"""`posapp remotes` and `posapp doctor` against a real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from posapp.storage.store import Store
from tests.flow.cli.conftest import Cli
from tests.support.faulty_remote import FaultyRemote

NOBODY = "http://127.0.0.1:9"


def ids(cli: Cli) -> list[str]:
    return [str(order["remote_id"]) for order in cli("orders", "list", "--json").data["orders"]]


def test_a_new_key_replaces_the_old_one_and_nothing_else(cli: Cli, remote: FaultyRemote) -> None:
    cli("remotes", "add", "alma", "--format", "internal", "--base-url", remote.url, stdin="outdated-key")
    before = cli("remotes", "list", "--json").data["remotes"]
    assert cli("remotes", "test", "alma").code == 5

    ran = cli("remotes", "password", "alma", "--json", stdin=f"{remote.api_key}\n")

    assert (ran.code, ran.data["remotes"]) == (0, before)
    assert cli("remotes", "test", "alma").code == 0
    assert "“alma” has a new key." in cli("remotes", "password", "alma", stdin="another-key").out


@pytest.mark.parametrize(
    ("arguments", "stdin", "sentence"),
    [
        (["alma"], "", "No key was given."),
        (["alma"], "two words\x07", "This key cannot be used."),
        (["alma", "--username", "somebody"], "k-4711", "This shop wants a key, no name."),
        (["nobody"], "k-4711", "There is no remote"),
    ],
)
def test_a_new_key_that_is_none_leaves_the_old_one(
    cli: Cli, remote: FaultyRemote, arguments: list[str], stdin: str, sentence: str
) -> None:
    cli("remotes", "add", "alma", "--format", "internal", "--base-url", remote.url, stdin=remote.api_key)

    ran = cli("remotes", "password", *arguments, stdin=stdin)

    assert ran.code == 3
    assert sentence in ran.err
    assert cli("remotes", "test", "alma").code == 0


def test_adding_keeps_the_key_out_of_sight(
    cli: Cli, data_dir: Path, remote: FaultyRemote, apart: Path
) -> None:
    key = "k-4711-very-secret"
    remote.api_key = key
    ran = cli(
        "remotes", "add", "alma-2", "--format", "internal", "--base-url", remote.url, "--currency", "NPR",
        "--timezone", "Asia/Kathmandu", "--poll-seconds", "30", "--collapse", "all", "--json",
        stdin=f"{key}\nmore",
    )  # fmt: skip

    assert ran.code == 0
    (item,) = ran.data["remotes"]
    assert (item["name"], item["currency"], item["timezone"]) == ("alma-2", "NPR", "Asia/Kathmandu")
    assert (item["poll_seconds"], item["collapse"], item["update"]) == (30, "all", "patch")
    assert item["secret"] == "file"
    assert cli("remotes", "list", "--json").data["remotes"] == [item]
    assert cli("remotes", "test", "alma-2").code == 0
    assert key not in ran.out + ran.err
    for path in (*data_dir.rglob("*"), *apart.rglob("*")):
        assert not path.is_file() or key.encode() not in path.read_bytes()


def test_comments_in_the_settings_survive(cli: Cli, data_dir: Path, remote: FaultyRemote) -> None:
    data_dir.mkdir(parents=True)
    (data_dir / "posapp.toml").write_text("# ours\n[station]\nname = 'bar'  # the bar\n")

    cli("remotes", "add", "alma", "--format", "internal", "--base-url", remote.url, stdin="a-key")
    cli("remotes", "remove", "alma")

    text = (data_dir / "posapp.toml").read_text()
    assert "# ours" in text
    assert "# the bar" in text
    assert "alma" not in text


def test_a_key_from_the_environment_is_enough(
    cli: Cli, remote: FaultyRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSAPP_REMOTE_ALMA_2_API_KEY", remote.api_key)

    ran = cli("remotes", "add", "alma-2", "--format", "internal", "--base-url", remote.url, "--json")

    assert ran.data["remotes"][0]["secret"] == "environment"
    assert cli("remotes", "test", "alma-2").code == 0


def test_a_person_at_a_terminal_is_asked_without_echo(
    cli: Cli, remote: FaultyRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return remote.api_key

    monkeypatch.setattr("getpass.getpass", ask)

    ran = cli("remotes", "add", "alma", "--format", "internal", "--base-url", remote.url, terminal=True)
    assert ran.code == 0
    assert asked == ["API key of alma: "]


@pytest.mark.parametrize(
    ("name", "options", "stdin", "field"),
    [
        ("alma", {}, "", "api_key"),
        ("alma", {}, "two words\x07", "api_key"),
        ("alma", {}, "\udcff\udcfe", "api_key"),
        ("Alma", {}, "k-4711", "name"),
        ("alma", {"--format": "odd"}, "k-4711", "format"),
        ("alma", {"--base-url": "http://shop.example"}, "k-4711", "base_url"),
        ("alma", {"--base-url": "shop"}, "k-4711", "base_url"),
        ("alma", {"--currency": "tenge"}, "k-4711", "currency"),
        ("alma", {"--timezone": "Mars/Olympus"}, "k-4711", "timezone"),
        ("alma", {"--poll-seconds": "0"}, "k-4711", "poll_seconds"),
        ("alma", {"--collapse": "some"}, "k-4711", "collapse"),
        ("alma", {"--update": "post"}, "k-4711", "update"),
    ],
)
def test_what_is_not_valid_is_named_and_nothing_is_kept(
    cli: Cli, name: str, options: dict[str, str], stdin: str, field: str
) -> None:
    chosen = {"--format": "internal", "--base-url": NOBODY, **options}
    arguments = [part for pair in chosen.items() for part in pair]

    ran = cli("remotes", "add", name, *arguments, "--json", stdin=stdin)

    assert ran.code == 3
    assert set(ran.data["error"]["fields"]) == {field}
    assert cli("remotes", "list", "--json").data == {"remotes": []}


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--poll-seconds", "0", "--poll-seconds has to be from 2 to 3600."),
        ("--format", "odd", "--format has to be one of: "),
        ("--currency", "tenge", "--currency has to be three capital letters, such as KZT."),
        ("--collapse", "some", "--collapse has to be one of: milestones, all, last."),
        ("--update", "update", "--update has to be patch or put."),
        ("--base-url", "", "A remote needs --base-url."),
    ],
)
def test_an_option_is_named_as_it_is_typed(cli: Cli, option: str, value: str, sentence: str) -> None:
    chosen = {"--format": "internal", "--base-url": NOBODY, option: value}
    arguments = [part for pair in chosen.items() for part in pair]

    ran = cli("remotes", "add", "alma", *arguments, stdin="k-4711")

    assert ran.code == 3
    assert ran.err.startswith(sentence)
    assert "_" not in ran.err


def test_a_name_that_does_not_fit_is_called_as_in_the_help(cli: Cli) -> None:
    ran = cli("remotes", "add", "Alma", "--format", "internal", "--base-url", NOBODY, stdin="k-4711")

    assert ran.err.startswith("NAME may have the letters a-z")


def test_a_name_is_given_once(cli: Cli, connected: FaultyRemote) -> None:
    ran = cli(
        "remotes", "add", "alma", "--format", "internal", "--base-url", NOBODY, "--json", stdin="another"
    )

    assert ran.code == 3
    assert cli("remotes", "test", "alma").code == 0  # with its own key


def test_removing_forgets_the_key_but_no_order(cli: Cli, connected: FaultyRemote) -> None:
    cli("sync", "--once")
    cli("orders", "move", ids(cli)[0], "accepted")

    ran = cli("remotes", "remove", "alma", "--json")

    assert (ran.code, ran.data) == (0, {"remotes": []})
    assert "1 change" in ran.err
    assert len(ids(cli)) == 3
    assert cli("remotes", "remove", "alma").code == 3
    assert cli("remotes", "test", "alma").code == 3
    again = cli("remotes", "add", "alma", "--format", "internal", "--base-url", connected.url)
    assert again.code == 3  # no key any more


def test_a_test_tells_who_is_away(cli: Cli, connected: FaultyRemote) -> None:
    assert cli("remotes", "test", "alma", "--json").code == 0
    connected.go_offline()

    ran = cli("remotes", "test", "alma", "--json")
    assert ran.code == 4
    assert "could not be reached" in ran.data["error"]["title"]


# -- doctor --------------------------------------------------------------------------------------------


def test_the_doctor_passes_a_healthy_installation(
    cli: Cli, connected: FaultyRemote, shop_store: Store
) -> None:
    cli("sync", "--once")

    ran = cli("doctor", "--json")

    assert ran.code == 0
    assert {frozenset(check) for check in ran.data["checks"]} == {
        frozenset({"name", "ok", "detail", "remedy"})
    }
    names = {check["name"] for check in ran.data["checks"]}
    assert names >= {
        "database integrity", "counters", "sqlite version", "disk space", "secrets", "queue", "settings file",
        "data directory rights", "shop alma", "clock against alma",
    }  # fmt: skip
    assert all(check["ok"] for check in ran.data["checks"])
    assert "encrypted file" in cli("doctor").out


def test_the_doctor_finds_what_is_wrong_and_keeps_on(
    cli: Cli, connected: FaultyRemote, data_dir: Path
) -> None:
    connected.go_offline()
    ran = cli("doctor", "--json")
    assert ran.code == 4
    wrong = [check for check in ran.data["checks"] if not check["ok"]]
    assert [check["name"] for check in wrong] == ["shop alma"]
    assert wrong[0]["remedy"]

    (data_dir / "posapp.toml").write_text("rubbish\n")
    ran = cli("doctor", "--json")
    assert ran.code == 2
    assert "line 1" in next(check["detail"] for check in ran.data["checks"] if not check["ok"])
    assert len(ran.data["checks"]) > 5


def test_a_new_key_reaches_the_process_that_sends(cli: Cli, remote: FaultyRemote) -> None:
    remote.add(1)
    cli("remotes", "add", "alma", "--format", "internal", "--base-url", remote.url, stdin="outdated-key")
    watch = subprocess.Popen(
        [sys.executable, "-m", "posapp", "sync", "--watch", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ},
    )
    try:
        assert watch.stdout is not None
        assert json.loads(watch.stdout.readline())["attention"] == 1
        assert cli("remotes", "password", "alma", stdin=f"{remote.api_key}\n").code == 0
        end = time.monotonic() + 15
        while not cli("orders", "list", "--json").data["total"] and time.monotonic() < end:
            time.sleep(0.1)
        assert cli("orders", "list", "--json").data["total"] == 1
        assert cli("remotes", "list", "--json").data["remotes"][0]["sign_in"] is False
    finally:
        watch.kill()
        watch.communicate()
