"""Couriers, and which order is with whom."""

from __future__ import annotations

from typing import Any

STATEMENTS = (
    (
        'CREATE TABLE "couriers" ("pk" INTEGER NOT NULL PRIMARY KEY, "id" VARCHAR(36) NOT NULL, "name" '
        'VARCHAR(80) NOT NULL, "initials" VARCHAR(4) NOT NULL, "colour" VARCHAR(16) NOT NULL, "on_duty" '
        'INTEGER NOT NULL, "duty_at" INTEGER, "created_at" INTEGER NOT NULL, "removed_at" INTEGER, "version" '
        "INTEGER NOT NULL)"
    ),
    'CREATE UNIQUE INDEX "couriers_id" ON "couriers" ("id")',
    (
        'CREATE TABLE "assignments" ("pk" INTEGER NOT NULL PRIMARY KEY, "order_pk" INTEGER NOT NULL, '
        '"courier_pk" INTEGER NOT NULL, "run" VARCHAR(36) NOT NULL, "assigned_at" INTEGER NOT NULL, '
        '"ended_at" INTEGER, "settled_at" INTEGER, "settlement" VARCHAR(36) NOT NULL, FOREIGN KEY '
        '("order_pk") REFERENCES "orders" ("pk") ON DELETE CASCADE, FOREIGN KEY ("courier_pk") REFERENCES '
        '"couriers" ("pk"))'
    ),
    'CREATE INDEX "assignments_order_pk" ON "assignments" ("order_pk")',
    'CREATE INDEX "assignments_courier_pk_assigned_at" ON "assignments" ("courier_pk", "assigned_at")',
    # An order is with one courier at a time, whatever two stations do at once.
    "CREATE UNIQUE INDEX assignments_current ON assignments(order_pk) WHERE ended_at IS NULL",
    (
        "CREATE INDEX assignments_open ON assignments(courier_pk, order_pk) "
        "WHERE ended_at IS NULL AND settled_at IS NULL"
    ),
)


def up(_migrator: Any, db: Any) -> None:
    """Add the tables of dispatch; orders stay as they are."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
