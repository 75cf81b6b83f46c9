"""What tests of the database run on: SQLite and PostgreSQL, each test on both unless it says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from posapp.storage.server import Server
from tests.support import postgres

_BOTH = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that has a `server`, itself or through its `store`, once for each database."""
    if "database" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("databases")
        metafunc.parametrize("database", marker.args if marker else _BOTH)


@pytest.fixture
def server(database: str) -> Iterator[Server | None]:
    """Return an empty database on the tests' server, None for the file of SQLite."""
    if database == "sqlite":
        yield None
        return
    running = postgres.needed_server()
    made = running.fresh(postgres.migrated_template())
    yield made
    running.drop(made)
