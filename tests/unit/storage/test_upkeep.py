"""A file of SQLite shrinks by itself, its log is emptied when all is quiet, compacting keeps everything."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.domain.backups import BackupPlan
from posapp.domain.errors import StorageError
from posapp.storage import upkeep
from posapp.storage.backup import verify_file
from posapp.storage.backup_worker import BackupWorker
from posapp.storage.database import DATABASE_NAME, open_store
from posapp.storage.locks import window_lock
from posapp.storage.store import Store
from posapp.storage.upkeep import Upkeep, compact, file_state, log_size

pytestmark = pytest.mark.databases("sqlite")
TEXT = "x" * 3000


@pytest.fixture
def keeper(store: Store) -> Upkeep:
    return Upkeep(store, lambda: False, lambda: None)


def fill_and_empty(store: Store, rows: int = 6000) -> None:
    """Leave thousands of free pages behind."""
    with store.write() as tx:
        tx.executemany(
            "INSERT INTO calls(kind, payload, created_at, result) VALUES ('x', ?, 0, '')", [(TEXT,)] * rows
        )
    with store.write() as tx:
        tx.execute("DELETE FROM calls")


def state(store: Store) -> upkeep.FileState:
    found = file_state(store)
    assert found is not None
    return found


def test_free_pages_go_back_to_the_system(store: Store, keeper: Upkeep) -> None:
    fill_and_empty(store)
    before = state(store)
    assert before.shrinks
    assert before.free > 15_000_000

    keeper.look()
    keeper.look()

    after = state(store)
    assert 3_000_000 < after.free < 5_000_000
    assert (store.data_dir / DATABASE_NAME).stat().st_size < before.size - 10_000_000
    assert store.dialect.integrity_problems() == []


def test_somebody_at_work_is_left_alone(store: Store) -> None:
    fill_and_empty(store)
    free = state(store).free

    def act() -> None:
        def write() -> None:
            with store.write() as tx:
                tx.execute("INSERT INTO meta(key, value) VALUES ('x', '') ON CONFLICT DO NOTHING")
                tx.execute("UPDATE meta SET value = value || 'x' WHERE key = 'x'")
            store.close_thread()

        thread = threading.Thread(target=write)
        thread.start()
        thread.join()

    Upkeep(store, lambda: False, act).look()

    assert free - 1_000_000 < state(store).free < free


def test_the_log_is_emptied_when_all_is_quiet(store: Store, keeper: Upkeep) -> None:
    fill_and_empty(store)
    assert log_size(store.data_dir) > 10_000_000

    keeper._empty_log()

    assert log_size(store.data_dir) == 0


@pytest.fixture
def reader(store: Store) -> Iterator[threading.Event]:
    """Read an old state, in another thread, until the event is set."""
    begun, over = threading.Event(), threading.Event()

    def read() -> None:
        with store.snapshot():
            store.one("SELECT count(*) FROM orders")
            begun.set()
            over.wait(30)
        store.close_thread()

    thread = threading.Thread(target=read)
    thread.start()
    assert begun.wait(20)
    yield over
    over.set()
    thread.join()


@pytest.mark.expects_log("some program reads without an end")
def test_a_reader_that_stays_is_told_once(
    store: Store,
    keeper: Upkeep,
    reader: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(upkeep, "LONG_LOG_BYTES", 1_000_000)
    fill_and_empty(store)

    keeper.look()
    keeper.look()

    assert [record.levelno for record in caplog.records if "log has" in record.message] == [logging.WARNING]
    assert log_size(store.data_dir) > 1_000_000
    reader.set()
    for _ in range(100):
        keeper._empty_log()
        if not log_size(store.data_dir):
            return
        threading.Event().wait(0.1)
    raise AssertionError("the log stays although nobody reads")


def test_an_old_file_is_made_to_shrink_by_compacting(store: Store) -> None:
    # As files were made before.
    store.database.execute_sql("PRAGMA auto_vacuum = 0")
    store.database.execute_sql("VACUUM")
    fill_and_empty(store)
    assert not state(store).shrinks
    count = store.one("SELECT count(*) FROM meta")
    store.close_thread()

    done = compact(store)

    assert done.after < done.before - 10_000_000
    assert state(store).shrinks
    assert state(store).free < 100_000
    assert store.one("SELECT count(*) FROM meta") == count
    assert verify_file(done.backup.file).ok


def test_compacting_waits_for_no_window(store: Store) -> None:
    lock = window_lock(store.data_dir)
    assert lock.acquire()

    with pytest.raises(StorageError, match="running"):
        compact(store)

    lock.release()
    assert list((store.data_dir / "backups").iterdir()) == []


def test_without_room_nothing_is_begun(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_folder: Path, _needed: int) -> None:
        raise StorageError("There is no room for a backup.")

    monkeypatch.setattr(upkeep, "check_room", full)

    with pytest.raises(StorageError, match="no room"):
        compact(store)

    assert list((store.data_dir / "backups").iterdir()) == []


def test_the_quiet_thread_does_its_chores_and_keeps_the_file(store: Store) -> None:
    fill_and_empty(store, 2000)
    assert state(store).free > 6_000_000
    done = threading.Event()
    own = open_store(store.data_dir)
    worker = BackupWorker(
        own, lambda: BackupPlan(hours=0), first_s=0, every_s=0.05, chores=(lambda _worker: done.set(),)
    )
    worker.start()

    assert done.wait(20)
    for _ in range(200):
        if state(store).free < 5_000_000 and not log_size(store.data_dir):
            break
        threading.Event().wait(0.1)
    worker.stop()

    assert state(store).free < 5_000_000
