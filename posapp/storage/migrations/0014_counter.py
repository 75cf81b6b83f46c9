"""The counter: parts of a payment beside their cart, promos, and the kitchen station of a category."""

from __future__ import annotations

from typing import Any

STATEMENTS = (
    """ALTER TABLE "drafts" ADD COLUMN "parts" TEXT NOT NULL DEFAULT '[]'""",
    """ALTER TABLE "categories" ADD COLUMN "station" VARCHAR(64) NOT NULL DEFAULT ''""",
    (
        'CREATE TABLE "promos" ("pk" INTEGER NOT NULL PRIMARY KEY, "id" VARCHAR(36) NOT NULL, "name" '
        'VARCHAR(80) NOT NULL, "kind" VARCHAR(16) NOT NULL, "value" TEXT NOT NULL, "first_day" VARCHAR(10) '
        'NOT NULL, "last_day" VARCHAR(10) NOT NULL, "role" VARCHAR(16) NOT NULL, "changed_at" INTEGER '
        "NOT NULL)"
    ),
    'CREATE UNIQUE INDEX "promos_id" ON "promos" ("id")',
    'CREATE UNIQUE INDEX "promos_name" ON "promos" ("name")',
)


def up(_migrator: Any, db: Any) -> None:
    """Add two columns and a table: no part is taken so far, no promo known, no category has a station."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
