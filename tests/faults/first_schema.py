"""A database as the first version of posapp left it: orders, customers, and changes that still wait."""

from __future__ import annotations

from pathlib import Path

from peewee import SqliteDatabase
from playhouse.migrations import Runner

from posapp.storage import dialect_sqlite
from posapp.storage.database import DATABASE_NAME, TALLY_NAME
from posapp.storage.directory import prepare_directory
from posapp.storage.fields import to_us
from posapp.storage.tally import CommitTally
from tests.support.shop_orders import START


def make_first_schema(data_dir: Path, orders: int = 8, changes: int = 12) -> None:
    """Make it, with a change waiting for each of the first orders, and more behind those."""
    prepare_directory(data_dir)
    database: SqliteDatabase = dialect_sqlite.make_database(data_dir / DATABASE_NAME)
    database.connect()
    CommitTally(data_dir / TALLY_NAME)
    runner = Runner(database, directory=str(dialect_sqlite.MIGRATIONS), table_name=dialect_sqlite.NOTES_TABLE)
    runner.up("0001_initial")
    dialect_sqlite.set_schema_version(database, 1)
    with database.atomic("IMMEDIATE"):
        for key, value in (("installation", "7d9d4a52"), ("next_code", "1100")):
            _insert(database, "meta", key=key, value=value)
        for pk in range(1, orders + 1):
            _insert_order(database, pk)
        for seq in range(1, changes + 1):
            _insert_change(database, seq, 1 + (seq - 1) % orders)
    database.close()


def _insert_order(database: SqliteDatabase, pk: int) -> None:
    now = to_us(START)
    _insert(database, "orders", pk=pk, id=f"order-{pk}", code=str(1000 + pk), remote="alma",
            remote_id=str(pk), format="internal", status="accepted", shadow="created", status_at=now,
            created_at=now, received_at=now, customer_name=f"Guest {pk}", kind="delivery", total="10.00",
            products_total="10.00", currency="KZT", delivery_cost="0.00", sync="pending",
            version=2)  # fmt: skip
    _insert(database, "order_lines", order_pk=pk, position=0, title="Pizza", quantity=1, unit_price="10.00",
            total="10.00", additions="[]")  # fmt: skip
    _insert(database, "order_raw", order_pk=pk, raw="{}", received_at=now)
    _insert(
        database,
        "events",
        order_pk=pk,
        at=now,
        kind="received",
        actor="sync",
        station="counter-1",
        params="{}",
    )


def _insert_change(database: SqliteDatabase, seq: int, pk: int) -> None:
    now = to_us(START)
    _insert(database, "outbox", seq=seq, id=f"change-{seq}", order_pk=pk, kind="status", target="accepted",
            base="created", station="counter-1", actor="anna", created_at=now, state="pending")  # fmt: skip
    _insert(
        database, "events", order_pk=pk, at=now, kind="moved", actor="anna", station="counter-1", params="{}"
    )


def _insert(database: SqliteDatabase, table: str, **values: object) -> None:
    """Insert a row; what must not be empty and is not given is "" or 0."""
    for _, name, kind, needed, default, key in database.execute_sql(f"PRAGMA table_info({table})").fetchall():
        if needed and not key and default is None:
            values.setdefault(name, 0 if kind == "INTEGER" else "")
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    database.execute_sql(f"INSERT INTO {table}({names}) VALUES ({marks})", tuple(values.values()))  # noqa: S608
