"""The people who work here: staff, their sign-ins, approvals, and wrong PINs."""

from __future__ import annotations

from typing import Any

STATEMENTS = (
    (
        'CREATE TABLE "staff" ("pk" INTEGER NOT NULL PRIMARY KEY, "id" VARCHAR(36) NOT NULL, "name" '
        'VARCHAR(80) NOT NULL, "role" VARCHAR(16) NOT NULL, "colour" VARCHAR(16) NOT NULL, "pin_hash" '
        'VARCHAR(200) NOT NULL, "version" INTEGER NOT NULL, "created_at" INTEGER NOT NULL, "removed_at" '
        "INTEGER)"
    ),
    'CREATE UNIQUE INDEX "staff_id" ON "staff" ("id")',
    (
        'CREATE TABLE "sign_ins" ("pk" INTEGER NOT NULL PRIMARY KEY, "id" VARCHAR(36) NOT NULL, "staff_pk" '
        'INTEGER NOT NULL, "station" VARCHAR(128) NOT NULL, "at" INTEGER NOT NULL, "ended_at" INTEGER, '
        'FOREIGN KEY ("staff_pk") REFERENCES "staff" ("pk"))'
    ),
    'CREATE UNIQUE INDEX "sign_ins_id" ON "sign_ins" ("id")',
    'CREATE INDEX "sign_ins_staff_pk_at" ON "sign_ins" ("staff_pk", "at")',
    (
        'CREATE TABLE "approvals" ("pk" INTEGER NOT NULL PRIMARY KEY, "sign_in_pk" INTEGER NOT NULL, "act" '
        'VARCHAR(16) NOT NULL, "manager_pk" INTEGER NOT NULL, "at" INTEGER NOT NULL, "until" INTEGER NOT '
        'NULL, "used_at" INTEGER, FOREIGN KEY ("sign_in_pk") REFERENCES "sign_ins" ("pk"), FOREIGN KEY '
        '("manager_pk") REFERENCES "staff" ("pk"))'
    ),
    'CREATE INDEX "approvals_sign_in_pk_act" ON "approvals" ("sign_in_pk", "act")',
    (
        'CREATE TABLE "pin_failures" ("scope" VARCHAR(140) NOT NULL PRIMARY KEY, "failures" INTEGER NOT '
        'NULL, "last_at" INTEGER NOT NULL, "wait_until" INTEGER)'
    ),
)


def up(_migrator: Any, db: Any) -> None:
    """Add the tables of people; nobody is in them, so that the station goes on acting for everybody."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
