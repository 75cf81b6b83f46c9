"""A shop moves from a computer to a server and back: every row, at no moment twice, and never half."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.errors import PosError, RefusedError, StorageError
from posapp.domain.kept import KeptKind, SeenOrder, Wish
from posapp.domain.status import Kind, Status
from posapp.services import orders
from posapp.services.audit import verify
from posapp.storage import moving_sqlite
from posapp.storage.backup import BackupStoppedError, verify_file
from posapp.storage.checks import count_problems
from posapp.storage.database import open_store
from posapp.storage.locks import sender_lock, window_lock
from posapp.storage.moving import Place, move, reopen
from posapp.storage.server import Server
from posapp.storage.store import Store
from posapp.storage.transfer import Sum, parts, sum_rows
from tests.flow.server.conftest import Station, station
from tests.support import postgres
from tests.support.filled import fill
from tests.support.shop_orders import ANNA, START, Clock, make_store, put_in, remote_order

PIN = "735928"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def alone(tmp_path: Path, clock: Clock) -> Station:
    """Return a computer with something in every table of its own file."""
    place = station(tmp_path / "alone", Server(""), "counter-1")
    with closing_store(place, clock) as store:
        fill(store, clock)
    return place


class closing_store:  # noqa: N801 - a block
    """Open a computer's database for a block."""

    def __init__(self, place: Station, clock: Clock, server: Server | None = None) -> None:
        self._made = open_store(place.data_dir, server=server, clock=clock)

    def __enter__(self) -> Store:
        return self._made

    def __exit__(self, *_: object) -> None:
        self._made.close_thread()


def here(place: Station) -> Place:
    return Place(file=place.data_dir / "posapp.db")


def go(source: Place, target: Place, observer: Any = None, number: str = "copy-1") -> dict[str, Sum]:
    return move(source, target, ANNA, START, number, observer).sums


def sums(store: Store) -> dict[str, Sum]:
    return sum_rows(lambda sql, params: store.dialect.read(sql, params).fetchall())


def every_table(store: Store) -> set[str]:
    """Return the tables that SQLite knows, but for those of its search and of the migrations."""
    rows = store.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'orders_fts%'")
    return {str(name) for (name,) in rows} - {
        "schema_migration",
        "order_counts",
        "sqlite_stat1",
        "sqlite_stat4",
    }


def test_every_row_of_every_table_arrives_and_comes_back(
    alone: Station, server: Server, clock: Clock
) -> None:
    with closing_store(alone, clock) as store:
        before = sums(store)
        assert {part.table for part in parts()} == every_table(store), "a table that is not copied"
        assert all(found.rows for found in before.values()), "a table that this test leaves empty"

    there = go(here(alone), Place(server=server))

    assert there == before
    with closing_store(alone, clock, server) as store:
        after = sums(store)
        assert {name for name in after if after[name] != before[name]} == {"events"}  # who moved it
        assert verify(store).problem == ""
        assert count_problems(store) == []
        words = store.dialect.matching(("Айгерим",))
        found = store.all(f"SELECT pk FROM orders WHERE {words.sql}", words.params)  # noqa: S608 - the dialect's
        assert len(found) == 3
        with pytest.raises(StorageError, match="never changed"):
            spoil(store)
        (pk,) = put_in(store, remote_order("after"))
        assert pk == 1 + max(
            502, *(row[0] for row in store.all("SELECT pk FROM orders WHERE pk <> ?", (pk,)))
        )
        orders.move(store, pk, Status.ACCEPTED, ANNA)
        on_server = sums(store)
    with pytest.raises(StorageError, match="The data were moved"):
        make_store(alone.data_dir, clock)

    back = move(Place(server=server), here(alone), ANNA, START, "copy-2")

    assert back.sums == on_server
    assert back.kept is not None
    assert verify_file(back.kept).ok
    assert verify_file(alone.data_dir / "posapp.db").ok
    with closing_store(alone, clock) as store:
        assert verify(store).problem == ""
        assert count_problems(store) == []
        assert [row[0] for row in store.all("SELECT status FROM orders WHERE pk = ?", (pk,))] == ["accepted"]
        with pytest.raises(StorageError, match="never changed"):
            spoil(store)
    with pytest.raises(StorageError, match="The data were moved"):
        make_store(alone.data_dir, clock, server)


def spoil(store: Store) -> None:
    """Change what was counted."""
    with store.write() as tx:
        tx.execute("UPDATE payments SET amount = '0'")


def test_the_searchs_texts_are_those_of_the_trigger(alone: Station, server: Server, clock: Clock) -> None:
    go(here(alone), Place(server=server))
    with closing_store(alone, clock, server) as store:
        made = store.all("SELECT pk, texts FROM order_texts ORDER BY pk")
        with store.write() as tx:
            tx.execute("UPDATE orders SET code = code")
        assert store.all("SELECT pk, texts FROM order_texts ORDER BY pk") == made
        assert len(made) == 5


def test_what_was_moved_cannot_be_changed_by_who_had_it_open(
    alone: Station, server: Server, clock: Clock
) -> None:
    """A command that waited for its turn during the copy must not save into what nobody reads any more."""
    with closing_store(alone, clock) as store:
        (pk, *_) = [row[0] for row in store.all("SELECT pk FROM orders ORDER BY pk")]
        go(here(alone), Place(server=server))
        with pytest.raises(StorageError, match="The data were moved"):
            orders.move(store, pk, Status.COOKING, ANNA)
        assert store.all("SELECT status FROM orders WHERE pk = ?", (pk,)) == [("accepted",)]
    with closing_store(alone, clock, server) as late:
        orders.move(late, pk, Status.COOKING, ANNA)
        late.close_thread()
        go(Place(server=server), here(alone), number="copy-2")
        with pytest.raises(StorageError, match="The data were moved"):
            orders.move(late, pk, Status.ONDELIVERY, ANNA)


def test_who_uses_it_keeps_it(alone: Station, server: Server, clock: Clock) -> None:
    for lock_of in (window_lock, sender_lock):
        lock = lock_of(alone.data_dir)
        assert lock.acquire()
        with pytest.raises(StorageError, match="posapp is running"):
            go(here(alone), Place(server=server))
        lock.release()
    with closing_store(alone, clock, server) as other:
        other.all("SELECT 1")
        with pytest.raises(StorageError, match="Another station is using the database"):
            go(here(alone), Place(server=server))
    go(here(alone), Place(server=server))


def test_what_does_not_fit_is_refused(alone: Station, server: Server, clock: Clock, tmp_path: Path) -> None:
    full = station(tmp_path / "full", Server(""), "bar")
    with closing_store(full, clock) as store:
        put_in(store, remote_order("x"))
    with pytest.raises(RefusedError, match=r"not empty.*orders \(1\)"):
        go(here(alone), here(full))
    with pytest.raises(RefusedError, match="the same database"):
        go(here(alone), here(alone))
    go(here(full), Place(server=server))
    with pytest.raises(RefusedError, match=r"not empty.*orders \(1\)"):
        go(here(alone), Place(server=server))
    with closing(moving_sqlite._connected(alone.data_dir / "posapp.db", read_only=False)) as database:
        for version, said in ((3, "an older posapp"), (9999, "a newer posapp")):
            database.execute_sql(f"PRAGMA user_version = {version}")
            with pytest.raises(RefusedError, match=said):
                go(here(alone), here(station(tmp_path / str(version), Server(""), "bar")))


class Stopper:
    """Wants it to stop at a step."""

    def __init__(self, step: str) -> None:
        self._step = step
        self.stopped = False

    def tell(self, what: str, count: int) -> None:
        self.stopped = self.stopped or what == self._step


@pytest.mark.parametrize("step", ["copy", "compare", "check"])
def test_one_that_is_stopped_leaves_both_as_they_were(
    alone: Station, server: Server, clock: Clock, step: str, tmp_path: Path
) -> None:
    other = station(tmp_path / "other", Server(""), "bar")
    for target in (Place(server=server), here(other)):
        if step == "check" and target.server is not None:
            continue  # a server's rows are compared, and that is all
        with pytest.raises(BackupStoppedError):
            go(here(alone), target, Stopper(step))
    assert [path.name for path in other.data_dir.glob("posapp.db*")] == []
    with closing_store(alone, clock) as store, closing_store(alone, clock, server) as empty:
        assert store.all("SELECT count(*) FROM orders") == [(5,)]
        assert empty.all("SELECT count(*) FROM orders") == [(0,)]
    go(here(alone), Place(server=server))


_KILLED = """
import os, sys
from pathlib import Path
from posapp.storage import moving, moving_postgres, moving_sqlite
from posapp.storage.moving import Place
from posapp.storage.server import Server
from tests.support.shop_orders import ANNA, START

def place(text):
    return Place(server=Server(text)) if "://" in text else Place(file=Path(text))

class Killed:
    stopped = False
    def tell(self, what, count):
        if what == sys.argv[3]:
            os._exit(9)

def die(*_):
    os._exit(9)

for module, held, taken in (
    (moving_postgres, "_HeldServer", "_TakenServer"), (moving_sqlite, "_HeldFile", "_TakenFile")
):
    if sys.argv[3] == "before the note":
        getattr(module, held).note_moved = die
    if sys.argv[3] == "before the release":
        getattr(module, taken).release = die
moving.move(place(sys.argv[1]), place(sys.argv[2]), ANNA, START, "copy-killed", Killed())
"""


@pytest.mark.parametrize("to_server", [True, False])
@pytest.mark.parametrize("step", ["copy", "compare", "before the note", "before the release"])
def test_after_a_kill_the_same_copy_is_finished(
    alone: Station, server: Server, clock: Clock, step: str, to_server: bool, tmp_path: Path
) -> None:
    if not to_server:
        go(here(alone), Place(server=server))
    source, target = (here(alone), Place(server=server))[:: 1 if to_server else -1]
    with closing_store(alone, clock, source.server) as store:
        before = sums(store)

    done = subprocess.run(
        [sys.executable, "-c", _KILLED, source.words, target.words, step], timeout=50, check=False
    )

    assert done.returncode == 9
    _until_nobody_is_connected(server)
    usable = [_can_be_used(alone, clock, at) for at in (source, target)]
    # At no moment there are two to work with, nor one that looks whole and is not.
    assert usable == [step != "before the release", False]
    assert go(source, target, number="copy-again") == before
    assert [_can_be_used(alone, clock, at) for at in (source, target)] == [False, True]
    with closing_store(alone, clock, target.server) as store:
        assert store.all("SELECT count(*) FROM events WHERE kind = 'data_moved'")[0][0] == (
            1 if to_server else 2
        )


def _can_be_used(place: Station, clock: Clock, at: Place) -> bool:
    """Tell whether a start opens it with its orders."""
    if at.file is not None and not at.file.exists():
        return False
    try:
        with closing_store(place, clock, at.server) as store:
            return bool(store.all("SELECT 1 FROM orders LIMIT 1"))
    except PosError:
        return False


def _until_nobody_is_connected(server: Server) -> None:
    """Wait until the server knows that the killed one is gone."""
    name, end = server.url.rpartition("/")[2], time.monotonic() + 20
    with postgres.the_server().owner() as owner:
        while time.monotonic() < end:
            row = owner.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", (name,)
            ).fetchone()
            if row == (0,):
                return
            time.sleep(0.05)


def test_one_can_go_back_to_the_old_data(alone: Station, server: Server, clock: Clock) -> None:
    go(here(alone), Place(server=server))
    assert reopen(here(alone))
    assert not reopen(here(alone))
    with closing_store(alone, clock) as store:
        (pk, *_) = [row[0] for row in store.all("SELECT pk FROM orders ORDER BY pk")]
        orders.move(store, pk, Status.COOKING, ANNA)
    assert verify_file(alone.data_dir / "posapp.db").ok


def test_a_backup_is_filled_into_a_server_and_stays_as_it_is(
    alone: Station, server: Server, clock: Clock, tmp_path: Path
) -> None:
    file = tmp_path / "monday.db"
    go(here(alone), Place(file=file))
    content = file.read_bytes()
    with closing_store(alone, clock) as store:
        before = sums(store)

    assert go(Place(file=file), Place(server=server)) == before
    assert file.read_bytes() == content
    with pytest.raises(RefusedError, match="already a file"):
        go(here(alone), Place(file=file))


def test_the_commands_move_in_and_back(alone: Station, server: Server, clock: Clock) -> None:
    moved = alone.run("database", "copy", "--to", server.url, "--use")

    assert (moved.code, moved.data["used"]) == (0, True)
    assert moved.data["tables"]["orders"]["rows"] == 5
    assert f'url = "{server.url}"' in (alone.data_dir / "posapp.toml").read_text()
    assert alone.run("orders", "list").data["total"] == 5
    refused = alone.run("database", "copy", "--from", "here", "--to", server.url)
    assert refused.code == 6
    assert server.url in refused.err
    assert alone.run("database", "copy").code == 2
    assert alone.run("database", "copy", "--to", "postgresql://a:b@c/d").code == 2

    back = alone.run("database", "copy", "--to", "here", "--use")

    assert back.code == 0, back.err
    assert Path(back.data["kept"]).exists()
    assert alone.run("orders", "list").data["total"] == 5
    assert alone.run("doctor").data["checks"][2]["ok"]
    assert alone.run("database", "reopen", server.url).data == {"place": server.url, "reopened": True}
    assert alone.run("database", "reopen").data["reopened"] is False


def test_what_only_this_computer_has_is_not_left_behind(alone: Station, server: Server, clock: Clock) -> None:
    assert alone.run("database", "copy", "--to", server.url, "--use").code == 0
    with closing_store(alone, clock, server) as store:
        assert store.kept is not None
        row = store.all("SELECT pk, code FROM orders ORDER BY pk LIMIT 1")[0]
        order = SeenOrder(row[0], row[1], Status.ACCEPTED, Kind.DELIVERY, 2)
        store.kept.add("act-1", Wish(order, KeptKind.MOVE, Status.COOKING), ANNA, "", clock.now)
        store.kept.close()

    refused = alone.run("database", "copy", "--to", "here")

    assert refused.code == 6
    assert "1 changes are on this computer only" in refused.err


def test_where_people_work_a_manager_copies(tmp_path: Path, server: Server, clock: Clock) -> None:
    place = station(tmp_path / "alone", Server(""), "counter-1")
    with closing_store(place, clock) as store:
        fill(store, clock, PIN)

    assert place.run("database", "copy", "--to", server.url).code == 3
    assert place.run("database", "copy", "--to", server.url, "--pin-stdin", stdin="000000\n").code == 3
    done = place.run("database", "copy", "--to", server.url, "--use", "--pin-stdin", stdin=f"{PIN}\n")

    assert done.code == 0, done.err
    assert PIN not in done.err + str(done.data)
    assert place.run("staff", "list", "--pin-stdin", stdin=f"{PIN}\n").data["staff"][0]["name"] == "Olga"


def test_ctrl_c_leaves_everything_as_it_was(tmp_path: Path, server: Server, clock: Clock) -> None:
    place = station(tmp_path / "alone", Server(""), "counter-1")
    assert place.run("sample-data", "--orders", "4000").code == 0
    with subprocess.Popen(
        [sys.executable, "-m", "posapp", "database", "copy", "--to", server.url],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=place.environment(),
    ) as copying:  # fmt: skip
        _until_copying(server)
        copying.send_signal(signal.SIGINT)
        out, err = copying.communicate(timeout=40)
    assert (copying.returncode, out) == (130, "")
    assert "Stopped" in err
    assert place.run("orders", "list").data["total"] == 4000
    with closing_store(place, clock, server) as store:
        assert store.all("SELECT count(*) FROM orders") == [(0,)]


def _until_copying(server: Server) -> None:
    """Wait until rows are on their way."""
    name, end = server.url.rpartition("/")[2], time.monotonic() + 30
    asked = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND query LIKE 'COPY%%' AND state = 'active'"
    with postgres.the_server().owner() as owner:
        while owner.execute(asked, (name,)).fetchone() is None and time.monotonic() < end:
            time.sleep(0.005)
