"""A database as a former posapp left it: orders, changes that wait, and money that was counted.

Written by plain statements, so that no model of today has a part in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from peewee import SqliteDatabase
from playhouse.migrations import Migration

from posapp.storage import dialect_sqlite
from posapp.storage.database import DATABASE_NAME
from posapp.storage.dialect_postgres import PostgresDialect
from posapp.storage.directory import prepare_directory
from posapp.storage.fields import to_us
from posapp.storage.postgres_schema import _FIRST, _fold, _Translating
from posapp.storage.server import Server
from tests.support.shop_orders import START

NOW = to_us(START)
Statement = tuple[str, tuple[Any, ...]]


def make_file(data_dir: Path, schema: int, remote_ids: Sequence[str]) -> None:
    """Make a file of a former schema."""
    prepare_directory(data_dir)
    database = dialect_sqlite.make_database(data_dir / DATABASE_NAME)
    database.connect()
    dialect_sqlite.run_migrations(database, schema)
    with closing(database), database.atomic("IMMEDIATE"):
        for sql, params in rows(schema, remote_ids):
            database.execute_sql(sql, params)


def make_server(server: Server, schema: int, remote_ids: Sequence[str]) -> None:
    """Make a server's database of a former schema."""
    dialect = PostgresDialect(server)
    session = dialect.session()
    session.plain("BEGIN")
    for statement in (*_FIRST, _fold(dialect)):
        session.execute(statement)
    for migration in Migration.load_directory(str(dialect_sqlite.MIGRATIONS)):
        if migration.idx <= schema:
            migration.load().up(None, _Translating(dialect))
            noted = (migration.idx, migration.name)
            session.execute("INSERT INTO posapp_schema(number, name) VALUES (?, ?)", noted)
    for sql, params in rows(schema, remote_ids):
        session.execute(sql, params)
    session.send_waiting()
    session.plain("COMMIT")
    dialect.close_thread()


def rows(schema: int, remote_ids: Sequence[str]) -> list[Statement]:
    """Return what a shop had by then: an accepted order for each id, of which the shop does not know yet."""
    plain = SqliteDatabase(":memory:")
    plain.connect()
    dialect_sqlite.run_migrations(plain, schema)
    with closing(plain):
        return list(_rows(lambda table, **values: _insert(plain, table, values), schema, remote_ids))


Insert = Callable[..., Statement]


def _rows(insert: Insert, schema: int, remote_ids: Sequence[str]) -> Iterator[Statement]:
    yield insert("meta", key="installation", value="7d9d4a52-0000")
    yield insert("meta", key="next_code", value="1100")
    yield insert("customers", pk=1, remote="alma", remote_id="7", name="Айгерим", first_at=NOW, last_at=NOW)
    for pk, remote_id in enumerate(remote_ids, start=1):
        yield insert(
            "orders", pk=pk, id=f"order-{pk}", code=str(1000 + pk), remote="alma", remote_id=remote_id,
            format="internal", status="accepted", shadow="created", status_at=NOW, created_at=NOW,
            received_at=NOW, customer_pk=1, customer_name="Айгерим", kind="delivery", total="2600.00",
            products_total="2600.00", delivery_cost="0.00", currency="KZT", sync="pending", version=2,
            payment_status="paid", payment_method="cash",
        )  # fmt: skip
        yield insert(
            "order_lines", pk=pk, order_pk=pk, title="Маргарита", quantity=1, unit_price="2600.00",
            total="2600.00", additions="[]",
        )  # fmt: skip
        yield insert("order_raw", order_pk=pk, raw="{}", received_at=NOW)
        yield insert("events", pk=pk, order_pk=pk, at=NOW, kind="moved", actor="anna", station="counter-1",
                     params='{"from": "created", "to": "accepted"}')  # fmt: skip
        yield insert("outbox", seq=pk, id=f"change-{pk}", order_pk=pk, kind="status", target="accepted",
                     base="created", station="counter-1", actor="anna", created_at=NOW,
                     state="pending")  # fmt: skip
    if schema >= 4:
        yield insert("couriers", pk=1, id="courier-1", name="Ерлан", on_duty=1, created_at=NOW, version=1)
        yield insert("assignments", pk=1, order_pk=1, courier_pk=1, run="run-1", assigned_at=NOW)
    if schema >= 6:
        yield insert("print_jobs", pk=1, id="job-1", order_pk=1, kind="receipt", state="done", created_at=NOW,
                     payload="{}", facts="{}")  # fmt: skip
    if schema >= 7:
        yield insert("shifts", pk=1, number=1, station="counter-1", currency="KZT", opening_float="0.00",
                     opened_at=NOW, carried="{}", prefix="C1", first_number=1, last_order=0)  # fmt: skip
        yield insert("payments", pk=1, id="payment-1", order_pk=1, shift_pk=1, kind="payment", method="cash",
                     currency="KZT", amount="2600.00", rounding="0.00", tip="0.00", tendered="2600.00",
                     change="0.00", returned="0.00", lines="[]", at=NOW)  # fmt: skip
    if schema >= 9:
        yield insert(
            "staff", pk=1, id="person-1", name="Olga", role="manager", created_at=NOW, removed_at=NOW
        )


def _insert(plain: SqliteDatabase, table: str, values: dict[str, Any]) -> Statement:
    """Return the statement for a row; what must not be empty and is not given is "" or 0."""
    for _, name, kind, needed, default, key in plain.execute_sql(f"PRAGMA table_info({table})").fetchall():
        if needed and not key and default is None:
            values.setdefault(name, 0 if kind == "INTEGER" else "")
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" * len(values))
    return f"INSERT INTO {table}({names}) VALUES ({marks})", tuple(values.values())  # noqa: S608 - ours
