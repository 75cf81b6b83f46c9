"""Backups of a shop's server: by pg_dump and without it, one station at a time, tried and restored."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from posapp.domain.backups import BackupPlan
from posapp.domain.errors import RefusedError, StorageError
from posapp.domain.people import Role
from posapp.domain.status import Status
from posapp.domain.who import station_itself
from posapp.services import backups, orders, people
from posapp.services.audit import verify
from posapp.storage import server_tools
from posapp.storage.backup_rota import Made, keep_up
from posapp.storage.checks import count_problems
from posapp.storage.database import open_store
from posapp.storage.drill import drill
from posapp.storage.dump_file import schema_of, verify_backup
from posapp.storage.people import staff
from posapp.storage.restoring import restore_file
from posapp.storage.restoring_server import restore_server
from posapp.storage.server import Server
from posapp.storage.server_backup import turn
from posapp.storage.store import Store
from posapp.storage.transfer import Sum, sum_rows
from tests.flow.server.conftest import station
from tests.support.filled import fill
from tests.support.shop_orders import ANNA, Clock, put_in, remote_order

PIN = "735928"
HERE = station_itself("counter-1")
PLAN = BackupPlan(station="counter-1")


@pytest.fixture(params=["dump", "db"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Have pg_dump, or have none: then the copy is posapp's own."""
    server_tools.tools.cache_clear()
    if request.param == "db":
        monkeypatch.setattr(server_tools, "_folders", list)
    elif not server_tools.tools():
        pytest.skip("pg_dump is not installed")
    yield str(request.param)
    monkeypatch.undo()
    server_tools.tools.cache_clear()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shop(tmp_path: Path, server: Server, clock: Clock) -> Iterator[Store]:
    store = open_store(tmp_path / "counter", server=server, clock=clock)
    fill(store, clock)
    yield store
    store.close_thread()


def sums(store: Store) -> dict[str, Sum]:
    return sum_rows(lambda sql, params: store.dialect.read(sql, params).fetchall())


def made_by(done: Made) -> Path:
    assert done.backup is not None
    return done.backup.file


def test_one_is_made_tried_and_restored(
    shop: Store, server: Server, clock: Clock, kind: str, tmp_path: Path
) -> None:
    before = sums(shop)
    file = made_by(keep_up(shop, PLAN))
    assert file.suffix == f".{kind}"
    assert verify_backup(file).ok
    if kind == "dump":
        assert schema_of(file) == shop.dialect.schema_version()
    if os.name == "posix":
        assert file.stat().st_mode & 0o077 == 0
    put_in(shop, remote_order("later"))

    tried = drill(file, shop.data_dir, shop)

    assert tried.problems == ()
    assert tried.here is not None
    assert (tried.restored.orders, tried.here.orders) == (5, 6)
    assert tried.since[0].added == 1
    shop.close_thread()
    done = restore_server(file, shop.data_dir, server, clock.now, ANNA)
    assert done.people == 0
    assert done.kept is not None
    assert verify_backup(done.kept).ok
    again = open_store(tmp_path / "counter", server=server, clock=clock)
    after = sums(again)
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"events", "sign_ins"}  # the restore is written down, and nobody is signed in
    assert verify(again).problem == ""
    assert count_problems(again) == []
    orders.move(again, put_in(again, remote_order("new"))[0], Status.ACCEPTED, ANNA)
    again.close_thread()


def test_when_the_server_is_dead_a_computer_goes_on_with_the_backup(
    shop: Store, clock: Clock, kind: str, tmp_path: Path
) -> None:
    before = sums(shop)
    file = made_by(keep_up(shop, PLAN))
    alone = tmp_path / "alone"
    (alone / "backups").mkdir(parents=True)

    restore_file(file, alone, clock.now, ANNA)

    store = open_store(alone, clock=clock)
    after = sums(store)
    assert {name for name in before if after[name] != before[name]} == {"events", "sign_ins"}
    assert verify(store).problem == ""
    assert store.dialect.integrity_problems() == []
    store.close_thread()


def test_a_copy_that_lost_a_byte_is_found(shop: Store, kind: str) -> None:
    file = made_by(keep_up(shop, PLAN))
    content = bytearray(file.read_bytes())
    if kind == "dump":
        del content[len(content) // 2 :]
    else:
        content[len(content) // 2 : len(content) // 2 + 4096] = b"\xa5" * 4096
    file.write_bytes(content)

    assert not verify_backup(file).ok
    with pytest.raises(StorageError, match="cannot be restored"):
        drill(file, shop.data_dir, shop)


def test_one_station_makes_it_and_the_others_know(
    shop: Store, server: Server, clock: Clock, tmp_path: Path
) -> None:
    kitchen = open_store(tmp_path / "kitchen", server=server, clock=clock)
    theirs = BackupPlan(station="kitchen-1")
    file = made_by(keep_up(shop, PLAN))
    assert keep_up(kitchen, theirs).backup is None
    found = backups.standing(kitchen, theirs)
    assert found.elsewhere is not None
    assert (found.elsewhere.station, found.elsewhere.file) == ("counter-1", str(file))
    assert found.fine
    with pytest.raises(StorageError, match="at the station counter-1"):
        backups.newest_backup(kitchen, theirs)

    clock.now += timedelta(hours=25)
    assert keep_up(kitchen, theirs).backup is None, "the one that made the last makes the next"
    clock.now += timedelta(hours=2)
    assert keep_up(kitchen, theirs).backup is not None, "but not for ever"
    assert keep_up(shop, PLAN).backup is None
    clock.now += timedelta(hours=60)
    assert backups.standing(shop, PLAN).overdue

    over = threading.Event()

    def hold() -> None:
        with turn(kitchen) as mine:
            assert mine
            held.set()
            over.wait(20)
        kitchen.close_thread()

    held = threading.Event()
    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(20)
    assert keep_up(shop, PLAN).backup is None
    with pytest.raises(StorageError, match="at another station"):
        keep_up(shop, PLAN, now=True)
    over.set()
    thread.join(20)
    assert keep_up(shop, PLAN).backup is not None
    kitchen.close_thread()


def test_the_oldest_go_and_the_second_folder_gets_each(
    shop: Store, clock: Clock, kind: str, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    plan = BackupPlan(station="counter-1", keep=2, folder=str(stick))
    for _ in range(3):
        done = keep_up(shop, plan)
        assert (done.copied, done.trouble) == (True, None)
        clock.now += timedelta(hours=24)
    names = sorted(path.name for path in (shop.data_dir / "backups").iterdir())
    assert len(names) == 2
    assert sorted(path.name for path in stick.iterdir()) == names
    assert all(name.endswith(kind) for name in names)


def test_people_stay_as_they_are_through_a_restore(
    shop: Store, server: Server, clock: Clock, kind: str, tmp_path: Path
) -> None:
    olga = people.add_person(shop, "Olga", Role.MANAGER, PIN, HERE)
    boss = people.sign_in(shop, olga.id, PIN, "counter-1").who
    gone = people.add_person(shop, "Marat", Role.MANAGER, "846213", boss)
    cook = people.add_person(shop, "Dana", Role.COOK, "5937", boss)
    file = made_by(keep_up(shop, PLAN))
    people.remove_person(shop, gone.id, boss)
    people.set_pin(shop, cook.id, "7264", boss)
    people.add_person(shop, "Aru", Role.COUNTER, "4826", boss)
    shop.close_thread()

    done = restore_server(file, shop.data_dir, server, clock.now, boss)

    assert done.people == 3
    assert "3 people stayed" in done.people_words
    again = open_store(tmp_path / "counter", server=server, clock=clock)
    assert [one.name for one in staff(again)] == ["Aru", "Dana", "Olga"]
    with pytest.raises(RefusedError):
        people.sign_in(again, gone.id, "846213", "counter-1")
    with pytest.raises(RefusedError):
        people.sign_in(again, cook.id, "5937", "counter-1")
    clock.pass_by(minutes=1)
    assert people.sign_in(again, cook.id, "7264", "counter-1").person.name == "Dana"
    with pytest.raises(RefusedError, match="signed out"):
        people.remove_person(again, cook.id, boss)
    [(told,)] = again.all("SELECT params FROM events WHERE kind = 'restored'")
    assert '"kept": "3"' in told
    again.close_thread()


def test_nothing_is_restored_while_a_station_uses_the_server(
    shop: Store, server: Server, clock: Clock, tmp_path: Path
) -> None:
    file = made_by(keep_up(shop, PLAN))
    with pytest.raises(StorageError, match="Another station is using"):
        restore_server(file, tmp_path / "counter", server, clock.now, ANNA)
    assert shop.all("SELECT count(*) FROM orders") == [(5,)]


_WATCHED = """
import sys
from pathlib import Path
from posapp.domain.backups import BackupPlan
from posapp.storage import server_tools
from posapp.storage.backup_rota import keep_up
from posapp.storage.database import open_store
from posapp.storage.server import Server

real = server_tools._end
def hold(process):
    sys.stdin.readline() if "dump" in str(process.args[0]).rpartition("/")[2] else None
    real(process)
server_tools._end = hold
store = open_store(Path(sys.argv[1]), server=Server(sys.argv[2], sys.stdin.readline().strip()))
print("ready", flush=True)
print(keep_up(store, BackupPlan(station="x"), now=True).backup.file, flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_password_is_in_no_command_line_file_or_log(shop: Store, server: Server, tmp_path: Path) -> None:
    if not server_tools.tools():
        pytest.skip("pg_dump is not installed")
    word = "s3cr3t-w0rds"
    with subprocess.Popen(
        [sys.executable, "-c", _WATCHED, str(tmp_path / "till"), server.url],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{word}\n")
        process.stdin.flush()
        assert process.stdout.readline() == "ready\n"
        seen = _command_lines_of(process.pid)
        process.stdin.write("\n")
        process.stdin.flush()
        file = Path(process.stdout.readline().strip())
        process.communicate(timeout=30)
    assert any("pg_dump" in line for line in seen)
    assert not any(word in line or server.url in line for line in seen)
    for path in (tmp_path / "till").rglob("*"):
        assert not path.is_file() or word.encode() not in path.read_bytes(), path
    assert verify_backup(file).ok


def _command_lines_of(parent: int) -> list[str]:
    """Return the command lines of a process's children, once there is one."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if re.search(rf"^PPid:\s*{parent}$", (folder / "status").read_text(), re.MULTILINE):
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
        if any("pg_dump" in line and "--file" in line for line in found):
            return found
        time.sleep(0.005)
    return []


def test_the_commands_back_up_try_and_restore(tmp_path: Path, server: Server, kind: str) -> None:
    if kind == "db":
        pytest.skip("a process of its own finds pg_dump by itself")
    place = station(tmp_path / "till", server, "till-1")
    assert place.run("sample-data", "--orders", "30").code == 0
    made = place.run("backup")
    assert made.code == 0, made.err
    assert Path(made.data["file"]).suffix == ".dump"
    by_hand = place.run("backup", str(tmp_path / "monday.db"))
    assert by_hand.code == 0, by_hand.err
    assert place.run("backup", str(tmp_path / "monday.db")).code == 3
    assert place.run("verify", str(tmp_path / "monday.db")).code == 0
    tried = place.run("drill")
    assert (tried.code, tried.data["here"]["orders"]) == (0, 30)
    first = place.run("orders", "list").data["orders"][0]["code"]
    place.run("orders", "move", first, "cancelled", "--reason", "a test")
    checks = {check["name"]: check for check in place.run("doctor").data["checks"]}
    assert checks["backups"]["ok"]
    assert "till-1" in made.data["file"] or "less than an hour" in checks["backups"]["detail"]

    back = place.run("restore", made.data["file"])

    assert back.code == 0, back.err
    assert Path(back.data["kept"]).exists()
    assert place.run("orders", "show", first).data["order"]["status"] != "cancelled"
    assert place.run("restore", str(tmp_path / "nothing.db")).code == 3
