"""Every former schema opens with this program: after a backup, with its queue, which is then sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp import config_file
from posapp.cli.main import main
from posapp.config import RemoteConfig
from posapp.domain.errors import StorageError
from posapp.log import stop_logging
from posapp.services.audit import verify
from posapp.storage import dialect_sqlite, server_tools
from posapp.storage.checks import count_problems
from posapp.storage.custody import custody_ledger
from posapp.storage.database import open_store
from posapp.storage.dialect_sqlite import SCHEMA_VERSION
from posapp.storage.drill import drill
from posapp.storage.dump_file import verify_backup
from posapp.storage.server import Server
from posapp.storage.store import Store
from tests.migrations.former import make_file, make_server
from tests.support import postgres
from tests.support.faulty_remote import FaultyRemote
from tests.support.shop_orders import START

KEY = "key-of-the-test-shop"
FORMER = range(1, SCHEMA_VERSION)


@pytest.fixture
def remote() -> Iterator[FaultyRemote]:
    with FaultyRemote(api_key=KEY) as remote:
        remote.add(3)
        yield remote


@pytest.fixture
def empty() -> Iterator[Server]:
    """Return a database without a table."""
    running = postgres.needed_server()
    made = running.fresh()
    yield made
    running.drop(made)


def sent(data_dir: Path, remote: FaultyRemote, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """Let the program do a round with the shop."""
    config_file.add_remote(data_dir, RemoteConfig("alma", remote.url))
    capsys.readouterr()
    code = main(["--data-dir", str(data_dir), "--json", "sync", "--once"])
    stop_logging()
    told = json.loads(capsys.readouterr().out)
    assert isinstance(told, dict)
    return {"code": code, **told}


def check_whole(store: Store, schema: int) -> None:
    """Look whether everything that was there is there, and the rules of today hold for it."""
    assert store.dialect.schema_version() == SCHEMA_VERSION
    assert store.meta("installation") == "7d9d4a52-0000"
    assert store.all("SELECT state, count(*) FROM outbox GROUP BY state") == [("pending", 3)]
    assert store.all("SELECT title FROM order_lines WHERE order_pk = 3") == [("Маргарита",)]
    assert count_problems(store) == []
    assert store.dialect.integrity_problems() == []
    assert verify(store).problem == ""
    ledger = custody_ledger(store, START.replace(year=2000), START.replace(year=2100))
    assert (ledger.adds_up, ledger.changes["waiting"]) == (True, 3)
    if schema >= 7:
        assert store.all("SELECT amount FROM payments") == [("2600.00",)]
        with pytest.raises(StorageError, match="never changed"), store.write() as tx:
            tx.execute("UPDATE payments SET amount = '0'")


def check_sent(
    data_dir: Path, remote: FaultyRemote, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """Look whether the shop has what waited, once."""
    told = sent(data_dir, remote, capsys)
    assert (told["code"], told["pushed"], told["pending"], told["attention"]) == (0, 3, 0, 0), told
    assert {order["status"] for order in remote.orders.values()} == {"accepted"}
    assert store.all("SELECT state, count(*) FROM outbox GROUP BY state") == [("confirmed", 3)]
    assert remote.count("update") == 3


@pytest.mark.parametrize("schema", FORMER)
def test_a_file_of_a_former_schema_is_upgraded_and_sends_its_queue(
    schema: int,
    tmp_path: Path,
    remote: FaultyRemote,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POSAPP_REMOTE_ALMA_API_KEY", KEY)
    make_file(tmp_path, schema, list(remote.orders))

    store = open_store(tmp_path)

    check_whole(store, schema)
    [first] = (tmp_path / "backups").glob(f"before-{schema + 1:04d}*.db")
    assert verify_backup(first).detail == "3 orders, 3 changes not yet settled."
    tried = drill(first, tmp_path, store)
    assert (tried.ok, tried.upgraded_from) == (True, schema)
    check_sent(tmp_path, remote, store, capsys)
    store.close_thread()


@pytest.mark.parametrize("schema", FORMER)
def test_a_servers_former_schema_is_upgraded_and_sends_its_queue(
    schema: int,
    tmp_path: Path,
    empty: Server,
    remote: FaultyRemote,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POSAPP_REMOTE_ALMA_API_KEY", KEY)
    (tmp_path / "posapp.toml").write_text(f'[database]\nurl = "{empty.url}"\n', encoding="utf-8")
    make_server(empty, schema, list(remote.orders))
    if schema % 2:  # by turns with pg_dump and without
        server_tools.tools.cache_clear()
        monkeypatch.setattr(server_tools, "_folders", list)

    store = open_store(tmp_path, server=empty)

    monkeypatch.undo()
    server_tools.tools.cache_clear()
    monkeypatch.setenv("POSAPP_REMOTE_ALMA_API_KEY", KEY)
    check_whole(store, schema)
    [backup] = (tmp_path / "backups").glob(f"before-{schema + 1:04d}-*")
    assert backup.suffix == ".db" if schema % 2 or not server_tools.tools() else backup.suffix == ".dump"
    tried = drill(backup, tmp_path, store)
    assert (tried.problems, tried.upgraded_from, tried.restored.orders) == ((), schema, 3)
    check_sent(tmp_path, remote, store, capsys)
    store.close_thread()


def test_a_newer_database_is_refused_with_a_sentence(tmp_path: Path, empty: Server) -> None:
    store = open_store(tmp_path)
    dialect_sqlite.set_schema_version(store.database, SCHEMA_VERSION + 1)
    store.close_thread()
    shared = open_store(tmp_path / "station", server=empty)
    with shared.write() as tx:
        tx.execute("INSERT INTO posapp_schema(number, name) VALUES (?, 'of tomorrow')", (SCHEMA_VERSION + 1,))
    shared.close_thread()

    with pytest.raises(StorageError, match=r"made by a newer posapp.*Install the newer posapp again"):
        open_store(tmp_path)
    with pytest.raises(StorageError, match=r"made by a newer posapp.*on this station too"):
        open_store(tmp_path / "station", server=empty)

    with pytest.raises(StorageError, match="made by a newer posapp"):
        open_store(tmp_path)  # nothing was changed
    assert list((tmp_path / "backups").iterdir()) == []
