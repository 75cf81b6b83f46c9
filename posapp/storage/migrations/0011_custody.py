"""The log of changes: each that was made, apart from the queues, so that a row that vanishes is missed."""

from __future__ import annotations

from typing import Any

STATEMENTS = (
    (
        'CREATE TABLE "change_log" ("seq" INTEGER NOT NULL PRIMARY KEY, "order_pk" INTEGER NOT NULL, '
        '"kind" VARCHAR(16) NOT NULL, "made_at" INTEGER NOT NULL)'
    ),
    'CREATE INDEX "change_log_made_at" ON "change_log" ("made_at")',
    (
        'CREATE TABLE "product_log" ("seq" INTEGER NOT NULL PRIMARY KEY, "remote" VARCHAR(64) NOT NULL, '
        '"internal_id" VARCHAR(128) NOT NULL, "made_at" INTEGER NOT NULL)'
    ),
    'CREATE INDEX "product_log_made_at" ON "product_log" ("made_at")',
    (
        "INSERT INTO change_log(seq, order_pk, kind, made_at) "
        "SELECT seq, order_pk, CASE WHEN patch = '' THEN 'status' ELSE 'fields' END, created_at FROM outbox"
    ),
    (
        "INSERT INTO product_log(seq, remote, internal_id, made_at) "
        "SELECT seq, remote, internal_id, created_at FROM product_outbox"
    ),
    (
        "CREATE TRIGGER change_log_insert AFTER INSERT ON outbox BEGIN "
        "INSERT INTO change_log(seq, order_pk, kind, made_at) VALUES (new.seq, new.order_pk, "
        "CASE WHEN new.patch = '' THEN 'status' ELSE 'fields' END, new.created_at); END"
    ),
    (
        "CREATE TRIGGER product_log_insert AFTER INSERT ON product_outbox BEGIN "
        "INSERT INTO product_log(seq, remote, internal_id, made_at) "
        "VALUES (new.seq, new.remote, new.internal_id, new.created_at); END"
    ),
    *(
        f"CREATE TRIGGER {table}_fixed_{act.lower()} BEFORE {act} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the log of changes is never changed'); END"
        for table in ("change_log", "product_log")
        for act in ("UPDATE", "DELETE")
    ),
)


def up(_migrator: Any, db: Any) -> None:
    """Add the logs, with what is in the queues; from now on each change writes itself down."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
