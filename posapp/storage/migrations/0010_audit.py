"""The audit's chain: a hash over each entry and the one before it."""

from __future__ import annotations

from typing import Any

STATEMENTS = (
    (
        'CREATE TABLE "audit_chain" ("event_pk" INTEGER NOT NULL PRIMARY KEY, "station" VARCHAR(128) NOT '
        'NULL, "digest" BLOB NOT NULL)'
    ),
    'CREATE INDEX "audit_chain_station_event_pk" ON "audit_chain" ("station", "event_pk")',
    # What was written down is not written anew, whatever a program does to the database.
    (
        "CREATE TRIGGER events_fixed_update BEFORE UPDATE ON events "
        "BEGIN SELECT RAISE(ABORT, 'entries of the audit are never changed'); END"
    ),
    *(
        f"CREATE TRIGGER audit_chain_fixed_{act.lower()} BEFORE {act} ON audit_chain "
        "BEGIN SELECT RAISE(ABORT, 'links of the audit are never changed'); END"
        for act in ("UPDATE", "DELETE")
    ),
)


def up(_migrator: Any, db: Any) -> None:
    """Add the chain, empty: the entries that are there are sealed by and by."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
