"""The restore drill: what it finds, and that it leaves nothing and changes nothing."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from posapp.domain.errors import StorageError
from posapp.domain.status import Status
from posapp.services import orders
from posapp.storage.backup import backup_database
from posapp.storage.drill import SCRATCH, clear_scratch, drill
from posapp.storage.models import DB
from posapp.storage.store import Store
from tests.faults.first_schema import make_first_schema
from tests.support.shop_orders import ANNA, put_in, remote_order

_DRILL = """
import sys
from pathlib import Path
from posapp.storage.drill import drill

class Slow:
    stopped = False
    def tell(self, what, count):
        if what == "open":
            print("there", flush=True)
            sys.stdin.readline()

drill(Path(sys.argv[1]), Path(sys.argv[2]), None, Slow())
"""
pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture
def file(store: Store, tmp_path: Path) -> Path:
    pks = put_in(store, remote_order("r1"), remote_order("r2"))
    orders.move(store, pks[0], Status.ACCEPTED, ANNA)
    return backup_database(store.database, tmp_path / "b.db").file


def test_a_good_backup_is_opened_counted_and_compared(store: Store, file: Path) -> None:
    put_in(store, remote_order("r3"))
    report = drill(file, store.data_dir, store)

    assert report.ok
    assert report.in_file == report.restored
    assert (report.restored.orders, report.restored.queue) == (2, {"pending": 1})
    assert report.here is not None
    assert report.here.orders == 3
    assert {since.name: (since.added, since.missing) for since in report.since}["orders"] == (1, 0)
    assert not (store.data_dir / SCRATCH).exists()
    assert DB.obj is store.database, "the models are still those of the running program"


def test_what_is_missing_here_is_told(store: Store, file: Path) -> None:
    with store.write() as tx:
        tx.execute("DELETE FROM orders WHERE remote_id = 'r1'")
    report = drill(file, store.data_dir, store)
    assert {since.name: since.missing for since in report.since}["orders"] == 1


def test_an_old_backup_is_upgraded_on_the_way(store: Store, tmp_path: Path) -> None:
    make_first_schema(tmp_path / "old")
    report = drill(tmp_path / "old" / "posapp.db", store.data_dir, store)

    assert report.ok, report.problems
    assert report.upgraded_from == 1
    assert report.restored.orders == 8
    assert report.here is None, "another shop's"


def test_counters_that_lie_are_found(store: Store, file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE order_counts SET n = n + 5 WHERE status = 'created'")
        database.commit()
    report = drill(file, store.data_dir, store)
    assert not report.ok
    assert "created" in report.problems[0]


def test_what_is_no_backup_cannot_be_tried(store: Store, tmp_path: Path) -> None:
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"SQLite format 3\0" + b"\0" * 4096)
    with pytest.raises(StorageError, match="cannot be restored") as raised:
        drill(bad, store.data_dir, store)
    assert raised.value.exit_code == 6
    assert not (store.data_dir / SCRATCH).exists()


def test_one_that_is_killed_leaves_nothing_after_the_next_run(store: Store, file: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _DRILL, str(file), str(store.data_dir)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        with pytest.raises(StorageError, match="being tried already"):
            drill(file, store.data_dir, store)
        process.kill()
    assert (store.data_dir / SCRATCH / "posapp.db").exists()
    clear_scratch(store.data_dir)
    assert not (store.data_dir / SCRATCH).exists()


def test_what_a_killed_one_left_goes_at_the_next_run(store: Store, file: Path) -> None:
    left = store.data_dir / SCRATCH
    left.mkdir()
    (left / "posapp.db").write_bytes(b"half")
    assert drill(file, store.data_dir, store).ok
    assert not left.exists()
    left.mkdir()
    clear_scratch(store.data_dir)
    assert not left.exists()
