"""`posapp backup`, `verify`, `restore`, `sample-data` and `tour`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from posapp import tour
from posapp.storage.store import Store
from tests.flow.cli.conftest import Cli
from tests.support.shop_orders import put_in, remote_order


def test_a_backup_is_made_checked_and_restored(
    cli: Cli, shop_store: Store, tmp_path: Path, data_dir: Path
) -> None:
    put_in(shop_store, remote_order("r1"))
    shop_store.close_thread()
    file = tmp_path / "b.db"

    made = cli("backup", str(file), "--json")
    assert made.data == {"file": str(file), "ok": True, "detail": "1 orders, 0 changes not yet settled."}
    assert cli("orders", "move", "r1", "accepted").code == 0
    assert cli("verify", str(file), "--json").data == made.data
    assert cli("restore", str(file), "--json").data["ok"] is True

    assert cli("orders", "show", "r1", "--json").data["order"]["status"] == "created"
    (kept,) = (data_dir / "backups").glob("before-restore-*.db")
    assert "1 changes" in cli("verify", str(kept)).out


def test_a_backup_beside_and_one_that_is_there(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert cli("backup", "b.db", "--json").data["file"] == str(tmp_path / "b.db")
    assert cli("backup", "b.db").code == 3
    assert cli("backup", str(tmp_path / "b.db" / "x")).code == 6


@pytest.mark.parametrize("command", ["verify", "restore"])
@pytest.mark.parametrize("name", ["none.db", "text.db", "."])
def test_what_is_no_backup_is_refused(cli: Cli, tmp_path: Path, command: str, name: str) -> None:
    (tmp_path / "text.db").write_text("no database" * 1000)

    ran = cli(command, str(tmp_path / name), "--json")

    assert ran.code == 3
    assert ran.data["error"]["title"]
    if command == "verify":
        assert ran.data["ok"] is False
        assert ran.data["detail"]


def test_a_restore_makes_a_new_installation(cli: Cli, shop_store: Store, tmp_path: Path) -> None:
    put_in(shop_store, remote_order("r1"))
    cli("backup", str(tmp_path / "b.db"))
    new = str(tmp_path / "new")

    assert cli("--data-dir", new, "restore", str(tmp_path / "b.db")).code == 0
    assert cli("--data-dir", new, "orders", "list", "--json").data["total"] == 1
    assert os.name != "posix" or Path(new).stat().st_mode & 0o777 == 0o700


def test_sample_orders_fill_an_empty_database_only(cli: Cli) -> None:
    ran = cli("sample-data", "--orders", "200", "--seed", "3", "--json")
    assert ran.code == 0
    assert ran.data["orders"] == 200
    assert ran.err == ""  # progress is for terminals

    listed = cli("orders", "list", "--limit", "200", "--json").data
    assert listed["total"] == 200
    assert len({order["status"] for order in listed["orders"]}) == 8
    assert cli("doctor").code == 0
    assert cli("sample-data", "--orders", "5").code == 3
    assert cli("sync", "--once").code == 0


def test_the_tour_tells_what_it_wrote(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True)
    class Screen:
        name: str
        file: Path

    asked: list[tuple[Path, str, str]] = []

    def run(out: Path, *, language: str, theme: str) -> list[Screen]:
        asked.append((out, language, theme))
        return [Screen("orders", out / "orders.png")]

    monkeypatch.setattr(tour, "run", run)

    ran = cli("tour", "--out", str(tmp_path / "t"), "--theme", "dark", "--json")

    assert ran.data == {"screens": [{"name": "orders", "file": str(tmp_path / "t" / "orders.png")}]}
    assert asked == [(tmp_path / "t", "en", "dark")]
    assert cli("tour", "--out", str(tmp_path / "t"), "--language", "ne").code == 2
    assert len(asked) == 1
