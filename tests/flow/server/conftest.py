"""A shop's database on a server, and stations that use it: each with its own data directory and processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from posapp.storage.database import open_store
from posapp.storage.server import Server
from posapp.storage.store import Store
from tests.support import postgres
from tests.support.shop_orders import Clock, make_store


@dataclass(frozen=True, slots=True)
class Done:
    """What a command of a station did."""

    code: int
    data: dict[str, Any]
    err: str


@dataclass(frozen=True, slots=True)
class Station:
    """A computer of the shop."""

    data_dir: Path
    server: Server

    def environment(self) -> dict[str, str]:
        return {**os.environ, "POSAPP_DATA_DIR": str(self.data_dir), "PYTHONUTF8": "1"}

    def run(self, *arguments: str, stdin: str = "", **variables: str) -> Done:
        """Run a command as a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "posapp", "--json", *arguments],
            input=stdin, capture_output=True, text=True, timeout=50, check=False,
            env={**self.environment(), **variables},
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, json.loads(done.stdout or "{}"), done.stderr)

    def open(self) -> Store:
        """Open the database in this process, as the window does."""
        return make_store(self.data_dir, Clock(), self.server)


def station(folder: Path, server: Server, name: str) -> Station:
    """Set a computer up."""
    folder.mkdir(parents=True)
    text = f'[station]\nname = "{name}"\n\n[database]\nurl = "{server.url}"\n'
    (folder / "posapp.toml").write_text(text, encoding="utf-8")
    return Station(folder, server)


@pytest.fixture
def server() -> Iterator[Server]:
    """Return an empty database with posapp's tables."""
    running = postgres.needed_server()
    made = running.fresh(postgres.migrated_template())
    yield made
    running.drop(made)


@pytest.fixture
def counter(tmp_path: Path, server: Server) -> Station:
    return station(tmp_path / "counter", server, "counter-1")


@pytest.fixture
def kitchen(tmp_path: Path, server: Server) -> Station:
    return station(tmp_path / "kitchen", server, "kitchen-1")


@pytest.fixture
def own_server() -> Iterator[postgres.PostgresServer]:
    """Return a server that the test may stop."""
    postgres.needed_server()
    with tempfile.TemporaryDirectory(prefix="posapp-pg-") as folder:
        running = postgres.PostgresServer(Path(folder))
        yield running
        running.stop()


@dataclass(frozen=True, slots=True)
class Shop:
    """Two computers, and the server between them."""

    mortal: postgres.PostgresServer
    counter: Station
    kitchen: Station

    def open(self, place: Station, clock: Clock | None = None) -> Store:
        """Open the database at one of the computers."""
        return open_store(place.data_dir, server=place.server, clock=clock or Clock())


@pytest.fixture(scope="module")
def mortal() -> Iterator[tuple[postgres.PostgresServer, str]]:
    """Return a server that the tests stop and start again, and its template."""
    with postgres.mortal_server() as made:
        yield made


@pytest.fixture
def shop(mortal: tuple[postgres.PostgresServer, str], tmp_path: Path) -> Iterator[Shop]:
    """Return a shop with two computers."""
    server, template = mortal
    made = server.fresh(template)
    places = [station(tmp_path / name, made, name) for name in ("counter-1", "kitchen-1")]
    shop = Shop(server, places[0], places[1])
    yield shop
    server.stop()
    server.start()
    server.drop(made)
