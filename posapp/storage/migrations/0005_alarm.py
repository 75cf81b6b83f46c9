"""The time until which an accepted order is promised to be ready."""

from __future__ import annotations

from typing import Any

STATEMENTS = ("""ALTER TABLE "orders" ADD COLUMN "promised_at" INTEGER""",)


def up(_migrator: Any, db: Any) -> None:
    """Add a column that is empty in all orders so far."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
