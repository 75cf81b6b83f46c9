"""`posapp backup` without a file, `posapp drill`, and what the doctor says of backups."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from posapp import config_file
from posapp.domain.backups import BackupPlan
from posapp.storage.backup_rota import keep_up
from posapp.storage.store import Store
from tests.flow.cli.conftest import Cli, Ran
from tests.support.shop_orders import put_in, remote_order


def check(ran: Ran, name: str) -> dict[str, Any]:
    [found] = [one for one in ran.data["checks"] if one["name"] == name]
    assert isinstance(found, dict)
    return found


def test_a_backup_without_a_name_is_kept_copied_and_tried(
    cli: Cli, shop_store: Store, data_dir: Path, tmp_path: Path
) -> None:
    put_in(shop_store, remote_order("r1"))
    (tmp_path / "stick").mkdir()
    config_file.save_setting(data_dir, "backup", "folder", str(tmp_path / "stick"))
    config_file.save_setting(data_dir, "backup", "keep", 1)

    made = cli("backup", "--json").data

    assert made["ok"]
    assert made["copied"]
    assert [path.name for path in (tmp_path / "stick").iterdir()] == [Path(made["file"]).name]
    put_in(shop_store, remote_order("r2"))
    tried = cli("drill", "--json")
    assert tried.code == 0
    assert tried.data["file"] == made["file"]
    assert (tried.data["restored"]["orders"], tried.data["here"]["orders"]) == (1, 2)
    assert tried.data["since"][0] == {"name": "orders", "added": 1, "missing": 0}
    assert "Came since: 1 orders" in cli("drill").out
    assert not (data_dir / "drill").exists()


def test_a_second_folder_that_is_away_is_told_and_the_first_is_made(
    cli: Cli, data_dir: Path, tmp_path: Path
) -> None:
    config_file.save_setting(data_dir, "backup", "folder", str(tmp_path / "away"))

    ran = cli("backup", "--json")

    assert ran.code == 6
    assert Path(ran.data["file"]).exists()
    assert "not there" in ran.data["error"]["title"]
    found = check(cli("doctor", "--json"), "second backup folder")
    assert not found["ok"]
    assert "Connect the drive" in found["remedy"]


def test_a_drill_without_or_with_a_bad_backup_cannot_be_done(cli: Cli, tmp_path: Path) -> None:
    assert cli("drill").code == 6
    (tmp_path / "bad.db").write_bytes(b"no database" * 1000)
    ran = cli("drill", str(tmp_path / "bad.db"), "--json")
    assert ran.code == 6
    assert ran.data["error"]["title"] == "This backup cannot be restored."


def test_a_backup_can_be_tried_where_the_database_is_damaged(
    cli: Cli, shop_store: Store, data_dir: Path, tmp_path: Path
) -> None:
    put_in(shop_store, remote_order("r1"))
    shop_store.close_thread()
    assert cli("backup", str(tmp_path / "b.db")).code == 0
    for side in ("posapp.db-wal", "posapp.db-shm"):
        (data_dir / side).unlink(missing_ok=True)
    (data_dir / "posapp.db").write_bytes(b"rubbish" * 3000)

    ran = cli("drill", str(tmp_path / "b.db"))

    assert ran.code == 0
    assert "Not compared" in ran.out


def test_the_doctor_tells_the_age_and_finds_what_rotted(cli: Cli, shop_store: Store) -> None:
    assert check(cli("doctor", "--json"), "backups")["ok"], "a new database owes nobody a backup yet"
    made = keep_up(shop_store, BackupPlan(), now=True).backup
    assert made is not None
    # The shop's clock of these tests stands still; the doctor's own goes on.
    found = check(cli("doctor", "--json"), "backups")
    assert not found["ok"]
    assert "days old" in found["detail"]
    assert "posapp backup" in found["remedy"]
    assert cli("backup").code == 0
    found = check(cli("doctor", "--json"), "backups")
    assert found["ok"]
    assert "less than an hour" in found["detail"]

    newest = Path(found["detail"].rpartition(": ")[2].removesuffix("."))
    os.truncate(newest, newest.stat().st_size // 2)
    found = check(cli("doctor", "--json"), "backups")
    assert not found["ok"]
    assert "damaged" in found["detail"]


_WATCH = """
from posapp.storage import backup_worker
backup_worker.FIRST_S = 0
from posapp.cli.main import main
raise SystemExit(main(["sync", "--watch"]))
"""


def test_watching_makes_the_backup_of_the_day(cli: Cli, shop_store: Store, data_dir: Path) -> None:
    put_in(shop_store, remote_order("r1"))
    with subprocess.Popen([sys.executable, "-c", _WATCH], stdout=subprocess.DEVNULL) as watch:
        try:
            end = time.monotonic() + 30
            while not list((data_dir / "backups").glob("posapp-*z.db")) and time.monotonic() < end:
                time.sleep(0.05)
            watch.send_signal(signal.SIGTERM)
            assert watch.wait(15) == 0
        finally:
            watch.kill()
    [made] = (data_dir / "backups").iterdir()
    assert "1 orders" in cli("verify", str(made)).out


@pytest.mark.parametrize("line", ["hours = -1", "keep = 0", 'folder = "stick"'])
def test_settings_that_make_no_sense_are_named(cli: Cli, data_dir: Path, line: str) -> None:
    data_dir.mkdir(exist_ok=True)
    (data_dir / "posapp.toml").write_text(f"[backup]\n{line}\n")
    ran = cli("backup")
    assert ran.code == 2
    assert "line 2" in ran.err
