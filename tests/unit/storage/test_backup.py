"""Backups are whole or not there; a restore replaces everything or nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from posapp.domain.errors import RefusedError, StorageError
from posapp.domain.status import Status
from posapp.services import orders
from posapp.storage import backup, restoring
from posapp.storage.locks import sender_lock, window_lock
from posapp.storage.queries import total_orders
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, START, Clock, make_store, put_in, remote_order

pytestmark = pytest.mark.databases("sqlite")
_OPEN_AND_DIE = """
import os, sys
from pathlib import Path
from posapp.storage.database import open_store
store = open_store(Path(sys.argv[1]))
with store.write() as tx:
    tx.execute("INSERT INTO meta(key, value) VALUES ('last words', 'kept')")
os._exit(9)
"""


def backed_up(store: Store, target: Path) -> Path:
    report = backup.backup_database(store.database, target)
    assert report.ok
    return target


def test_a_backup_holds_orders_and_what_waits(store: Store, tmp_path: Path) -> None:
    pks = put_in(store, remote_order("r1"), remote_order("r2"))
    orders.move(store, pks[0], Status.ACCEPTED, ANNA)

    report = backup.backup_database(store.database, tmp_path / "new" / "a b%#?.db")

    assert report.detail == "2 orders, 1 changes not yet settled."
    assert backup.verify_file(report.file) == report
    assert sorted(path.name for path in report.file.parent.iterdir()) == [report.file.name]
    if os.name == "posix":
        assert report.file.stat().st_mode & 0o777 == 0o600


def test_an_existing_file_is_not_replaced(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "b.db"
    target.write_text("precious")

    with pytest.raises(RefusedError, match="already a file"):
        backup.backup_database(store.database, target)
    assert target.read_text() == "precious"


def test_a_backup_into_nowhere_leaves_nothing(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StorageError, match="could not be written"):
        backup.backup_database(store.database, tmp_path / "file" / "b.db")


@pytest.mark.parametrize(
    "content",
    [b"", b"no database", b"SQLite format 3\0" + b"\0" * 4096, b"SQLite format 3\0" + b"\xff" * 9000],
)
def test_what_is_no_database_does_not_verify(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.db"
    file.write_bytes(content)

    report = backup.verify_file(file)
    assert not report.ok
    assert report.detail.endswith(".")
    assert file.read_bytes() == content


def test_a_backup_with_a_torn_middle_does_not_verify(store: Store, tmp_path: Path) -> None:
    put_in(store, *(remote_order(f"r{number}") for number in range(300)))
    file = backed_up(store, tmp_path / "b.db")
    with file.open("r+b") as out:
        out.seek(file.stat().st_size // 3)
        out.write(Random(1).randbytes(60_000))

    assert not backup.verify_file(file).ok


def test_a_cut_backup_does_not_verify(store: Store, tmp_path: Path) -> None:
    put_in(store, *(remote_order(f"r{number}") for number in range(300)))
    file = backed_up(store, tmp_path / "b.db")
    os.truncate(file, file.stat().st_size // 2)

    assert not backup.verify_file(file).ok


def test_a_directory_and_nothing_do_not_verify(tmp_path: Path) -> None:
    assert not backup.verify_file(tmp_path).ok
    assert not backup.verify_file(tmp_path / "nix").ok


def test_a_backup_of_a_newer_posapp_is_refused(store: Store, tmp_path: Path) -> None:
    store.database.execute_sql("PRAGMA user_version = 99")
    with pytest.raises(StorageError, match="did not verify"):
        backup.backup_database(store.database, tmp_path / "b.db")
    assert not (tmp_path / "b.db").exists()


def test_a_restore_brings_the_backup_and_keeps_the_present(store: Store, tmp_path: Path) -> None:
    put_in(store, remote_order("r1"))
    file = backed_up(store, tmp_path / "b.db")
    put_in(store, remote_order("r2"))
    data_dir = store.data_dir
    store.close_thread()

    assert restoring.restore_file(file, data_dir, START).file == file

    restored = make_store(data_dir, Clock())
    assert total_orders(restored) == 1
    restored.close_thread()
    (kept,) = (data_dir / "backups").glob("before-restore-*.db")
    assert backup.verify_file(kept).detail.startswith("2 orders")


def test_what_a_killed_program_left_in_the_log_is_kept_too(store: Store, tmp_path: Path) -> None:
    file = backed_up(store, tmp_path / "b.db")
    data_dir = store.data_dir
    store.close_thread()
    died = subprocess.run([sys.executable, "-c", _OPEN_AND_DIE, str(data_dir)], check=False, timeout=30)
    assert died.returncode == 9
    assert (data_dir / "posapp.db-wal").stat().st_size > 0

    restoring.restore_file(file, data_dir, START)

    assert not (data_dir / "posapp.db-wal").exists()
    (kept,) = (data_dir / "backups").glob("before-restore-*.db")
    kept.rename(data_dir / "posapp.db")
    again = make_store(data_dir, Clock())
    assert again.meta("last words") == "kept"
    again.close_thread()


def test_a_damaged_present_database_can_be_replaced(store: Store, tmp_path: Path) -> None:
    put_in(store, remote_order("r1"))
    file = backed_up(store, tmp_path / "b.db")
    data_dir = store.data_dir
    store.close_thread()
    (data_dir / "posapp.db").write_bytes(b"rubbish" * 1000)

    restoring.restore_file(file, data_dir, START)

    restored = make_store(data_dir, Clock())
    assert total_orders(restored) == 1
    restored.close_thread()
    (kept,) = (data_dir / "backups").glob("before-restore-*.db")
    assert kept.read_bytes().startswith(b"rubbish")


def test_a_bad_backup_changes_nothing(store: Store, tmp_path: Path) -> None:
    put_in(store, remote_order("r1"))
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"no database")

    with pytest.raises(RefusedError, match="cannot be restored"):
        restoring.restore_file(bad, store.data_dir, START)
    assert total_orders(store) == 1


@pytest.mark.parametrize("make_lock", [window_lock, sender_lock])
def test_nothing_is_restored_while_posapp_runs(store: Store, tmp_path: Path, make_lock: type) -> None:
    file = backed_up(store, tmp_path / "b.db")
    lock = make_lock(store.data_dir)
    assert lock.acquire()
    try:
        with pytest.raises(StorageError, match="is running"):
            restoring.restore_file(file, store.data_dir, START)
    finally:
        lock.release()
