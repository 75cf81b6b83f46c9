"""Acts that arrived, by their ids: what a station kept while the database was away goes in once."""

from __future__ import annotations

from typing import Any

STATEMENTS = (
    (
        'CREATE TABLE "kept_acts" ("id" VARCHAR(36) NOT NULL PRIMARY KEY, "station" VARCHAR(128) NOT NULL, '
        '"at" INTEGER NOT NULL)'
    ),
    'CREATE INDEX "kept_acts_at" ON "kept_acts" ("at")',
)


def up(_migrator: Any, db: Any) -> None:
    """Add the table, empty."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
