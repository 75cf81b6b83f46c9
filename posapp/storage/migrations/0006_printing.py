"""The print queue."""

from __future__ import annotations

from typing import Any

STATEMENTS = (
    (
        'CREATE TABLE "print_jobs" ("pk" INTEGER NOT NULL PRIMARY KEY, "id" VARCHAR(36) NOT NULL, "order_pk" '
        'INTEGER, "revision" INTEGER NOT NULL, "section" VARCHAR(64) NOT NULL, "kind" VARCHAR(16) NOT NULL, '
        '"title" VARCHAR(200) NOT NULL, "printer" VARCHAR(64) NOT NULL, "payload" TEXT NOT NULL, "facts" '
        'TEXT NOT NULL, "drawer" INTEGER NOT NULL, "again" INTEGER NOT NULL, "copy_of" INTEGER, "state" '
        'VARCHAR(16) NOT NULL, "attempts" INTEGER NOT NULL, "error" TEXT NOT NULL, "actor" VARCHAR(128) NOT '
        'NULL, "station" VARCHAR(128) NOT NULL, "created_at" INTEGER NOT NULL, "started_at" INTEGER, '
        '"finished_at" INTEGER, FOREIGN KEY ("order_pk") REFERENCES "orders" ("pk") ON DELETE CASCADE)'
    ),
    'CREATE UNIQUE INDEX "print_jobs_id" ON "print_jobs" ("id")',
    'CREATE INDEX "print_jobs_order_pk_pk" ON "print_jobs" ("order_pk", "pk")',
    "CREATE INDEX print_jobs_open ON print_jobs(state, pk) WHERE state IN ('queued', 'printing')",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the table of print jobs."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
