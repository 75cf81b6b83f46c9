"""What the migrations make is what the models and the queries expect."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

from peewee import SqliteDatabase
from playhouse.migrations import Runner

from posapp.storage import dialect_sqlite
from posapp.storage.database import DATABASE_NAME, open_store
from posapp.storage.tables import TABLES

FILES = sorted(path for path in dialect_sqlite.MIGRATIONS.glob("[0-9]*.py"))


def schema_of(database: SqliteDatabase) -> dict[str, str]:
    """Return every table, index and trigger by name; those that SQLite or FTS5 make are left out."""
    rows = database.execute_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {
        name: re.sub(r"\s+", " ", sql).replace(" IF NOT EXISTS", "")
        for name, sql in rows
        if not name.startswith(("sqlite_", "orders_fts_")) or " TRIGGER " in sql
    }


def migration(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"migration_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_schema_is_that_of_the_models_and_the_dialect(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    made = schema_of(store.database)
    store.close_thread()
    plain = SqliteDatabase(":memory:")
    with plain.bind_ctx(TABLES):
        plain.create_tables(TABLES)
    expected = schema_of(plain)
    plain.close()
    extras = {name for name in made if name not in expected}

    assert {name: made.get(name) for name in expected} == expected
    # The rest is what only the dialect can say: partial indexes, triggers, search, and the runner's notes.
    notes = {"schema_migration", "schema_migration_name"}
    special = re.compile(r"TRIGGER|VIRTUAL TABLE|WHERE|events\(order_pk, pk\)")
    assert {name for name in extras - notes if not special.search(made[name])} == set()
    assert extras > notes | {"orders_fts"}


def test_the_number_of_the_schema_is_the_number_of_migrations(tmp_path: Path) -> None:
    assert [int(path.name[:4]) for path in FILES] == list(range(1, len(FILES) + 1))
    assert len(FILES) == dialect_sqlite.SCHEMA_VERSION
    store = open_store(tmp_path)
    assert dialect_sqlite.schema_version(store.database) == dialect_sqlite.SCHEMA_VERSION
    store.close_thread()


def test_every_migration_says_what_it_does() -> None:
    for path in FILES:
        assert migration(path).up.__doc__


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    before = (schema_of(store.database), store.meta("installation"), store.meta("next_code"))
    store.close_thread()

    store = open_store(tmp_path)
    assert (schema_of(store.database), store.meta("installation"), store.meta("next_code")) == before
    assert before[1]
    store.close_thread()


def test_a_kill_between_migration_and_its_number_is_made_good(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    installation = store.meta("installation")
    store.database.execute_sql("PRAGMA user_version = 0")
    store.close_thread()

    store = open_store(tmp_path)
    assert dialect_sqlite.schema_version(store.database) == dialect_sqlite.SCHEMA_VERSION
    assert store.meta("installation") == installation
    store.close_thread()


def test_making_a_database_that_ended_after_the_first_migration_is_finished(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    database = dialect_sqlite.make_database(data_dir / DATABASE_NAME)
    database.connect()
    runner = Runner(database, directory=str(dialect_sqlite.MIGRATIONS), table_name=dialect_sqlite.NOTES_TABLE)
    runner.up("0001_initial")
    database.close()

    store = open_store(data_dir)
    assert dialect_sqlite.schema_version(store.database) == dialect_sqlite.SCHEMA_VERSION
    assert store.meta("installation")
    store.close_thread()
