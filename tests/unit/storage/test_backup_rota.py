"""Backups by the schedule: when they are due, in both folders, and what is never lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from posapp.domain.backups import BackupPlan, file_name
from posapp.domain.errors import StorageError
from posapp.storage import backup_rota
from posapp.storage.backup import BackupStoppedError, verify_file
from posapp.storage.backup_rota import first_folder, keep_up, kept_in, stamp_of
from posapp.storage.backup_worker import BackupWorker
from posapp.storage.locks import backup_lock
from posapp.storage.store import Store
from tests.support.shop_orders import Clock, put_in, remote_order

pytestmark = pytest.mark.databases("sqlite")
DAY = timedelta(hours=24)
ROOT = os.name == "posix" and os.geteuid() == 0
_BACK_UP = """
import sys
from pathlib import Path
from posapp.domain.backups import BackupPlan
from posapp.storage.backup_rota import keep_up
from posapp.storage.database import open_store

class Slow:
    stopped = False
    def tell(self, what, count):
        if what == sys.argv[3]:
            print("there", flush=True)
            sys.stdin.readline()

store = open_store(Path(sys.argv[1]))
keep_up(store, BackupPlan(folder=sys.argv[2]), now=True, observer=Slow())
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def second(tmp_path: Path) -> Path:
    folder = tmp_path / "second drive"
    folder.mkdir()
    return folder


def test_one_is_made_when_the_newest_is_a_day_old(store: Store, clock: Clock) -> None:
    put_in(store, remote_order("r1"))
    plan = BackupPlan()
    made = keep_up(store, plan).backup
    assert made is not None
    assert made.file.name == file_name(stamp_of(store), clock.now)
    assert verify_file(made.file).detail.startswith("1 orders")

    clock.now += DAY - timedelta(seconds=1)
    assert keep_up(store, plan).backup is None
    clock.now += timedelta(seconds=1)
    assert keep_up(store, plan).backup is not None
    clock.now += 9 * DAY
    assert keep_up(store, BackupPlan(hours=0)).backup is None


def test_the_oldest_of_our_own_go_and_nothing_else(store: Store, clock: Clock, second: Path) -> None:
    plan = BackupPlan(keep=2, folder=str(second))
    folder = first_folder(store.data_dir)
    others = ("before-0002_edits-20260101-000000-1.db", "before-restore-20260101-000000.db",
              "posapp-00000000-20200101-000000z.db", "holiday.jpg")  # fmt: skip
    for name in others:
        (folder / name).write_text("precious")
        (second / name).write_text("precious")
    made = []
    for _ in range(4):
        found = keep_up(store, plan)
        assert found.backup is not None
        assert found.copied
        made.append(found.backup.file.name)
        clock.now += DAY

    assert names(folder) == names(second) == sorted([*others, *made[2:]])
    assert verify_file(second / made[3]).ok


def test_backups_of_a_clock_that_was_wrong_count_for_nothing(store: Store, clock: Clock) -> None:
    clock.now += 400 * DAY
    ahead = [keep_up(store, BackupPlan(keep=2), now=True).backup]
    clock.now += timedelta(hours=1)
    ahead.append(keep_up(store, BackupPlan(keep=2), now=True).backup)
    clock.now -= 400 * DAY

    made = keep_up(store, BackupPlan(keep=2)).backup

    assert made is not None
    assert made.file.exists()
    assert len(kept_in(first_folder(store.data_dir), stamp_of(store))) == 2


def test_a_second_folder_that_is_not_there_is_told_and_caught_up(store: Store, tmp_path: Path) -> None:
    plan = BackupPlan(folder=str(tmp_path / "stick"))
    found = keep_up(store, plan)
    assert found.backup is not None
    assert found.trouble is not None
    assert "not there" in found.trouble.title
    assert not (tmp_path / "stick").exists()

    (tmp_path / "stick").mkdir()
    later = keep_up(store, plan)

    assert (later.backup, later.copied, later.trouble) == (None, True, None)
    assert names(tmp_path / "stick") == [found.backup.file.name]


@pytest.mark.skipif(ROOT, reason="nothing is read-only for root")
def test_a_second_folder_that_is_read_only_is_told(store: Store, second: Path) -> None:
    second.chmod(0o500)
    try:
        found = keep_up(store, BackupPlan(folder=str(second)))
    finally:
        second.chmod(0o700)
    assert found.backup is not None
    assert found.trouble is not None


def test_full_disks_are_told_before_anything_is_written(
    store: Store, second: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    plan, real = BackupPlan(folder=str(second)), shutil.disk_usage
    full = {second}

    def usage(path: Path) -> object:
        found = real(path)
        return found._replace(free=1_000) if Path(path) in full else found

    monkeypatch.setattr(backup_rota.shutil, "disk_usage", usage)
    found = keep_up(store, plan)
    assert found.backup is not None
    assert found.trouble is not None
    assert "no room" in found.trouble.title
    assert names(second) == []

    full.add(first_folder(store.data_dir))
    clock.now += DAY
    with pytest.raises(StorageError, match="no room"):
        keep_up(store, plan)
    assert names(first_folder(store.data_dir)) == [found.backup.file.name]


def test_two_processes_make_one(store: Store) -> None:
    lock = backup_lock(store.data_dir)
    assert lock.acquire()
    try:
        assert keep_up(store, BackupPlan()).backup is None
        with pytest.raises(StorageError, match="being made already"):
            keep_up(store, BackupPlan(), now=True)
    finally:
        lock.release()
    made = []

    def work() -> None:
        made.append(keep_up(store, BackupPlan()).backup)
        store.close_thread()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len([one for one in made if one]) == 1
    assert len(names(first_folder(store.data_dir))) == 1


@pytest.mark.parametrize("where", ["copy", "check", "second"])
def test_a_kill_leaves_the_last_good_one_and_no_rests(
    store: Store, second: Path, clock: Clock, where: str
) -> None:
    put_in(store, *(remote_order(f"r{number}") for number in range(50)))
    plan = BackupPlan(keep=1, folder=str(second))
    good = keep_up(store, plan).backup
    assert good is not None
    folder = first_folder(store.data_dir)
    with subprocess.Popen(
        [sys.executable, "-c", _BACK_UP, str(store.data_dir), str(second), where],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        if where == "second":
            assert any(name.endswith(".part") for name in names(second))
        process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    assert any(name.endswith(".part") for name in [*names(folder), *names(second)])
    assert verify_file(second / good.file.name).ok

    clock.now += 10_000 * DAY  # the killed one took the real time
    keep_up(store, plan)

    assert not [name for name in [*names(folder), *names(second)] if ".part" in name]
    assert len(names(folder)) == len(names(second)) == 1


class Stopper:
    """Wants to stop at once."""

    stopped = True

    def tell(self, what: str, count: int) -> None:
        """Hear nothing."""


def test_one_that_is_stopped_leaves_nothing(store: Store) -> None:
    with pytest.raises(BackupStoppedError):
        keep_up(store, BackupPlan(), observer=Stopper())
    assert names(first_folder(store.data_dir)) == []


def test_orders_that_arrive_do_not_begin_the_copy_anew(store: Store) -> None:
    put_in(store, *(remote_order(f"r{number}") for number in range(20)))

    class Busy:
        """Writes at each step, in another thread's connection."""

        stopped = False
        steps = 0

        def tell(self, what: str, count: int) -> None:
            if what == "copy":
                self.steps += 1
                thread = threading.Thread(target=self.write)
                thread.start()
                thread.join(20)

        def write(self) -> None:
            put_in(store, remote_order(f"x{self.steps}"))
            store.close_thread()

    busy = Busy()
    made = keep_up(store, BackupPlan(), observer=busy).backup
    assert made is not None
    assert busy.steps >= 1
    assert verify_file(made.file).detail.startswith("20 orders")


@pytest.mark.expects_log("Backup: The second folder")
def test_the_thread_makes_it_and_tells_once_what_is_wrong(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    asked = threading.Event()
    count = 0

    def plan() -> BackupPlan:
        nonlocal count
        count += 1
        if count == 4:
            asked.set()
        return BackupPlan(folder=str(tmp_path / "nowhere"))

    worker = BackupWorker(store, plan, first_s=0, every_s=0.01)
    worker.start()
    assert asked.wait(20)
    worker.stop()
    assert len(names(first_folder(store.data_dir))) == 1
    told = [record for record in caplog.records if "second folder" in record.getMessage()]
    assert len(told) == 1
