"""People on the command line: who works here, whose PIN it takes, and what a role may not do."""

from __future__ import annotations

import getpass
import json
import zipfile
from pathlib import Path

import pytest

from posapp.storage.store import Store
from tests.flow.cli.conftest import Cli, Ran
from tests.support.shop_orders import put_in, remote_order

BOSS, CLERK = "735928", "1397"


@pytest.fixture
def people(cli: Cli) -> None:
    """Let Olga, the manager, and Aigerim, of the counter, work here."""
    assert cli("staff", "add", "Olga", "--role", "manager", stdin=f"{BOSS}\n").code == 0
    ran = cli(
        "staff",
        "add",
        "Aigerim",
        "--role",
        "counter",
        "--as",
        "olga",
        "--pin-stdin",
        stdin=f"{BOSS}\n{CLERK}\n",
    )
    assert ran.code == 0, ran.err


def last_event(cli: Cli, code: str = "1001") -> dict[str, str]:
    event = cli("orders", "show", code, "--json").data["events"][-1]
    assert isinstance(event, dict)
    return event


def test_without_staff_the_systems_user_acts(cli: Cli, shop_store: Store) -> None:
    put_in(shop_store, remote_order("r1"))

    assert cli("orders", "move", "1001", "accepted").code == 0

    assert last_event(cli)["actor"] == getpass.getuser()
    assert "Nobody works here yet" in cli("staff", "list").out


@pytest.mark.usefixtures("people")
def test_staff_are_listed_changed_and_let_go(cli: Cli) -> None:
    boss = ("--as", "Olga", "--pin-stdin")
    listed = cli("staff", "list", "--json").data["staff"]
    assert [(one["name"], one["role"]) for one in listed] == [("Aigerim", "counter"), ("Olga", "manager")]

    assert cli("staff", "change", "Aigerim", "--name", "Aigerim S", *boss, stdin=f"{BOSS}\n").code == 0
    assert cli("staff", "pin", "Aigerim S", *boss, stdin=f"{BOSS}\n8024\n").code == 0
    raised = cli(
        "staff", "change", "Aigerim S", "--role", "manager", *boss, "--json", stdin=f"{BOSS}\n418203\n"
    )
    assert [one["role"] for one in raised.data["staff"]] == ["manager", "manager"]
    assert cli("staff", "remove", "Aigerim S", *boss, stdin=f"{BOSS}\n").code == 0
    refused = cli("staff", "add", "Dan", "--role", "chef", *boss, "--json", stdin=f"{BOSS}\n2580\n")

    assert (refused.code, refused.data["error"]["fields"]) == (
        3,
        {"role": "One of cook, counter, courier_desk, manager."},
    )
    assert [one["name"] for one in cli("staff", "list", "--json").data["staff"]] == ["Olga"]


@pytest.mark.usefixtures("people")
def test_an_act_needs_a_pin_and_is_written_down_with_its_person(cli: Cli, shop_store: Store) -> None:
    put_in(shop_store, remote_order("r1"))

    bare = cli("orders", "move", "1001", "accepted", "--json")
    assert bare.code == 3
    assert "--pin-stdin" in bare.data["error"]["remedy"]
    assert last_event(cli)["kind"] == "received"
    # At a terminal the PIN is asked for; here it comes from a script.
    assert cli("orders", "move", "1001", "accepted", "--pin-stdin", stdin=f"{CLERK}\n").code == 0

    event = last_event(cli)
    assert (event["kind"], event["actor"]) == ("moved", "Aigerim")


@pytest.mark.usefixtures("people")
def test_what_a_role_may_not_do_is_refused_and_a_manager_does_it(cli: Cli, shop_store: Store) -> None:
    put_in(shop_store, remote_order("r1"))
    clerk = ("--as", "Aigerim", "--pin-stdin")
    assert cli("orders", "move", "1001", "accepted", *clerk, stdin=f"{CLERK}\n").code == 0

    refused = cli("orders", "move", "1001", "cancelled", *clerk, "--json", stdin=f"{CLERK}\n")
    assert refused.code == 3
    assert refused.data["error"]["title"] == "Cancelling an accepted order needs a manager."
    done = cli("orders", "move", "1001", "cancelled", "--pin-stdin", "--json", stdin=f"{BOSS}\n")

    assert done.data["order"]["status"] == "cancelled"
    assert last_event(cli)["actor"] == "Olga"


@pytest.mark.usefixtures("people")
def test_wrong_pins_slow_down_and_the_next_process_knows(cli: Cli, shop_store: Store) -> None:
    put_in(shop_store, remote_order("r1"))

    def attempt(pin: str) -> Ran:
        return cli(
            "orders", "move", "1001", "accepted", "--as", "Aigerim", "--pin-stdin", "--json", stdin=f"{pin}\n"
        )

    tries = [attempt("0001") for _ in range(5)]
    assert {ran.code for ran in tries} == {3}
    blocked = attempt(CLERK)

    assert blocked.code == 3
    assert blocked.data["error"]["title"] == "Too many wrong PINs."
    assert last_event(cli)["kind"] == "received"


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "arguments",
    [
        ("remotes", "add", "alma", "--format", "internal", "--base-url", "http://127.0.0.1:9"),
        ("support", "bundle.zip"),
        ("products", "export", "menu.csv"),
        ("queue", "discard", "abcd", "--reason", "no"),
        ("staff", "add", "Dan", "--role", "cook"),
    ],
)
def test_a_managers_commands_are_refused_to_others(
    cli: Cli, arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    ran = cli(*arguments, "--as", "Aigerim", "--pin-stdin", "--json", stdin=f"{CLERK}\n2580\n")

    assert ran.code == 3
    assert "needs a manager" in ran.data["error"]["title"]
    assert list(tmp_path.glob("*.zip")) == list(tmp_path.glob("*.csv")) == []


@pytest.mark.usefixtures("people")
def test_backups_and_restores_are_a_managers(cli: Cli, tmp_path: Path) -> None:
    file = str(tmp_path / "backup.db")
    assert cli("backup", file).code == 3
    assert cli("backup", file, "--as", "Aigerim", "--pin-stdin", stdin=f"{CLERK}\n").code == 3
    assert cli("backup", file, "--pin-stdin", stdin=f"{BOSS}\n").code == 0
    assert cli("drill", file, "--pin-stdin", stdin=f"{CLERK}\n").code == 3
    assert cli("drill", file, "--pin-stdin", stdin=f"{BOSS}\n").code == 0

    assert cli("restore", file, "--as", "Aigerim", "--pin-stdin", stdin=f"{CLERK}\n").code == 3
    assert cli("restore", file, "--as", "Olga", "--pin-stdin", stdin=f"{BOSS}\n").code == 0


@pytest.mark.usefixtures("people")
def test_a_sale_follows_the_pin_on_standard_input(cli: Cli) -> None:
    sale = json.dumps({"lines": [{"title": "Tea", "unit_price": "300", "quantity": 1}]})

    ran = cli("orders", "add", "-", "--pin-stdin", "--json", stdin=f"{CLERK}\n{sale}")

    assert ran.code == 0, ran.err
    assert last_event(cli, ran.data["order"]["code"])["actor"] == "Aigerim"


def test_a_name_without_staff_is_refused(cli: Cli, shop_store: Store) -> None:
    put_in(shop_store, remote_order("r1"))

    assert cli("orders", "move", "1001", "accepted", "--as", "Olga").code == 3
    assert last_event(cli)["kind"] == "received"


@pytest.mark.usefixtures("people")
def test_a_manager_who_lost_the_pin_gets_a_new_one_at_a_terminal_after_a_wait(
    cli: Cli, shop_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from posapp.cli import staff as command

    waited: list[float] = []
    monkeypatch.setattr(command, "pause", waited.append)
    monkeypatch.setattr(getpass, "getpass", lambda _question: "418203")

    assert cli("staff", "recover", "Olga", stdin="418203\n").code == 3  # a script
    assert cli("staff", "recover", "Aigerim", terminal=True).code == 3
    assert waited == []
    ran = cli("staff", "recover", "Olga", terminal=True)
    assert ran.code == 0, ran.err

    assert waited == [180]
    row = shop_store.one("SELECT actor, params FROM events WHERE kind = 'staff_recovered'")
    assert row == (getpass.getuser(), '{"name": "Olga"}')
    boss = ("--as", "Olga", "--pin-stdin")
    assert cli("staff", "change", "Aigerim", "--role", "cook", *boss, stdin=f"{BOSS}\n").code == 3
    assert cli("staff", "change", "Aigerim", "--role", "cook", *boss, stdin="418203\n").code == 0


@pytest.mark.usefixtures("people")
def test_a_restore_needs_the_pin_and_no_missing_input_lets_it_pass(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "copy.db"
    assert cli("backup", str(file), "--pin-stdin", stdin=f"{BOSS}\n").code == 0
    assert cli("restore", str(file)).code == 3
    assert cli("restore", str(file), "--pin-stdin", stdin="").code == 3
    assert cli("restore", str(file), "--pin-stdin", stdin=f"{CLERK}\n").code == 3

    from posapp.cli import main as program

    monkeypatch.setattr("sys.stdin", None)
    assert program.main(("restore", str(file), "--pin-stdin")) != 0


@pytest.mark.usefixtures("people")
def test_no_pin_is_in_logs_the_support_bundle_a_backup_or_what_is_printed(
    cli: Cli, data_dir: Path, tmp_path: Path, shop_store: Store
) -> None:
    put_in(shop_store, remote_order("r1"))
    said: list[str] = []
    for pin, act in (
        (CLERK, ("orders", "move", "1001", "accepted")),
        ("590217", ("orders", "move", "1001", "cooking")),
        (BOSS, ("backup", str(tmp_path / "copy.db"))),
        (BOSS, ("support", str(tmp_path / "support.zip"))),
        (BOSS, ("sync", "--once")),
    ):
        ran = cli(*act, "--pin-stdin", "--verbose", stdin=f"{pin}\n")
        said.append(ran.out + ran.err)

    files = [path for folder in (data_dir, tmp_path) for path in folder.rglob("*") if path.is_file()]
    with zipfile.ZipFile(tmp_path / "support.zip") as bundle:
        kept = [bundle.read(name) for name in bundle.namelist()]
    kept += [path.read_bytes() for path in files]
    assert any(b"Aigerim" in content for content in kept)
    assert len(kept) > 5
    for secret in (BOSS.encode(), b"590217"):  # four figures are found in any number
        assert [content for content in kept if secret in content] == []
        assert secret.decode() not in "".join(said)
