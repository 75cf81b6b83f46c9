"""Opening, writing and failing: nothing is half there, and people hear why in sentences."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from random import Random

import pytest

from posapp.domain.errors import RefusedError, StorageError
from posapp.storage.database import open_store
from posapp.storage.dialect_sqlite import storage_error
from posapp.storage.feed import Change, Topic
from posapp.storage.store import Store
from tests.support.shop_orders import put_in, remote_order

_SET = "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value"
_HOLD = """
import sys, time
from pathlib import Path
from posapp.storage.database import open_store
store = open_store(Path(sys.argv[1]))
print(store.meta("installation"), flush=True)
"""


@pytest.mark.databases("sqlite")
def test_files_are_for_the_owner_only(store: Store) -> None:
    with store.write() as tx:
        tx.execute(_SET, ("a", "b"))
    rights = {
        path.name: path.stat().st_mode & 0o777
        for path in (store.data_dir, *store.data_dir.glob("posapp.db*"))
    }

    assert len(rights) == 4
    assert os.name != "posix" or set(rights.values()) == {0o700, 0o600}


@pytest.mark.databases("sqlite")
def test_the_database_is_set_to_lose_nothing(store: Store) -> None:
    pragmas = {
        name: store.one(f"PRAGMA {name}")
        for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
    }

    assert pragmas == {
        "journal_mode": ("wal",), "synchronous": (2,), "foreign_keys": (1,), "trusted_schema": (0,)
    }  # fmt: skip


def test_a_failing_act_leaves_nothing_and_tells_nobody(store: Store) -> None:
    heard: list[Change] = []
    store.feed.subscribe(heard.append)

    def act() -> None:
        with store.write() as tx:
            tx.execute(_SET, ("a", "b"))
            tx.touch(1)
            raise RefusedError("no")

    with pytest.raises(RefusedError):
        act()

    assert store.meta("a") == ""
    assert heard == []


def test_listeners_hear_after_the_commit_and_cannot_spoil_it(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str] = []

    def read_it(change: Change) -> None:
        seen.append(store.meta("a"))
        assert change.topics == {Topic.ORDERS, Topic.QUEUE}
        assert change.orders == {7}

    end = store.feed.subscribe(read_it)
    with store.write("me") as tx:
        tx.execute(_SET, ("a", "b"))
        tx.touch(7, Topic.QUEUE)
    end()
    with store.write() as tx:
        tx.touch(8)

    assert seen == ["b"]


def test_an_act_inside_an_act_is_a_mistake(store: Store) -> None:
    with pytest.raises(RuntimeError, match="inside"), store.write(), store.write():
        pass


def test_threads_write_one_after_the_other(store: Store) -> None:
    def add() -> None:
        for _ in range(25):
            with store.write() as tx:
                row = tx.one("SELECT value FROM meta WHERE key = 'sum'")
                tx.execute(_SET, ("sum", str(int(row[0] if row else 0) + 1)))
        store.close_thread()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert store.meta("sum") == "100"


def test_two_first_starts_at_once_make_one_database(tmp_path: Path) -> None:
    starts = [
        subprocess.Popen([sys.executable, "-c", _HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ids = {start.communicate(timeout=50)[0].strip() for start in starts}

    assert [start.returncode for start in starts] == [0, 0, 0]
    assert len(ids) == 1
    assert ids != {""}


@pytest.mark.databases("sqlite")
def test_errors_while_many_rows_are_written_are_storage_errors(store: Store) -> None:
    def act() -> None:
        with store.write() as tx:
            tx.execute("PRAGMA max_page_count = 1")  # the present size is the least: the disk is full now
            tx.executemany(_SET, [(str(number), "x" * 1000) for number in range(5000)])

    with pytest.raises(StorageError, match="disk is full"):
        act()
    store.close_thread()
    assert store.meta("0") == ""


@pytest.mark.databases("sqlite")
def test_a_full_disk_is_called_by_its_name(store: Store) -> None:
    def act() -> None:
        with store.write() as tx:
            tx.execute("PRAGMA max_page_count = 1")
            for number in range(5000):
                tx.execute(_SET, (str(number), "x" * 1000))

    with pytest.raises(StorageError, match="disk is full"):
        act()


@pytest.mark.databases("sqlite")
def test_errors_while_rows_are_read_are_storage_errors(store: Store) -> None:
    put_in(store, *(remote_order(f"r{number}") for number in range(500)))
    store.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    data_dir = store.data_dir
    store.close_thread()
    file = data_dir / "posapp.db"
    with file.open("r+b") as out:
        out.seek(16 * 4096)
        out.write(Random(1).randbytes(file.stat().st_size - 20 * 4096))

    def read_all() -> None:
        damaged = open_store(data_dir)
        try:
            for name in ("orders", "order_raw", "events", "customers", "order_lines"):
                damaged.all(f"SELECT * FROM {name} ORDER BY 2")  # noqa: S608
        finally:
            damaged.close_thread()

    with pytest.raises(StorageError, match="damaged"):
        read_all()


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("database is locked", "busy"),
        ("database or disk is full", "full"),
        ("disk I/O error", "read or written"),
        ("attempt to write a readonly database", "cannot be written"),
        ("database disk image is malformed", "damaged"),
        ("file is not a database", "damaged"),
        ("'utf-8' codec can't decode byte 0xbf", "damaged"),
        ("something else", "cannot be used"),
    ],
)
def test_the_driver_speaks_to_people(said: str, title: str) -> None:
    error = storage_error(Exception(said))

    assert title in error.title
    assert error.remedy.endswith(".")
    assert error.exit_code == 6


def test_the_failure_behind_a_failing_rollback_is_told() -> None:
    rollback = ValueError("cannot rollback - no transaction is active")
    rollback.__context__ = ValueError("database or disk is full")

    assert storage_error(rollback).title == "The disk is full."


def test_opening_a_connection_writes_nothing(tmp_path: Path) -> None:
    open_store(tmp_path).close_thread()
    before = (tmp_path / "posapp.db").read_bytes()

    open_store(tmp_path).close_thread()

    assert (tmp_path / "posapp.db").read_bytes() == before


def test_a_newer_database_is_left_as_it_is(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.database.execute_sql("PRAGMA user_version = 99")
    store.close_thread()
    before = (tmp_path / "posapp.db").read_bytes()

    with pytest.raises(StorageError, match="newer"):
        open_store(tmp_path)
    assert (tmp_path / "posapp.db").read_bytes() == before


@pytest.mark.parametrize("version", [0, 1, 99])
@pytest.mark.parametrize("journal", ["delete", "wal"])
@pytest.mark.parametrize("table", ["songs", "orders"])
def test_a_file_of_another_program_is_left_as_it_is(
    tmp_path: Path, version: int, journal: str, table: str
) -> None:
    path = tmp_path / "posapp.db"
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA journal_mode = {journal}")
        other.execute(f"CREATE TABLE {table}(title TEXT)")
        other.execute(f"PRAGMA user_version = {version}")
    before = path.read_bytes()

    with pytest.raises(StorageError, match="not posapp's") as told:
        open_store(tmp_path)

    assert told.value.remedy
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    (tmp_path / "posapp.db").touch()

    store = open_store(tmp_path)

    assert store.meta("installation")
    store.close_thread()


def test_a_file_in_the_place_of_the_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    with pytest.raises(StorageError, match="data directory"):
        open_store(tmp_path / "data")


def test_migrations_are_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "posapp.storage.database"):
        open_store(tmp_path).close_thread()

    assert "0001_initial" in caplog.text
