# ruff: noqa: E501 - statements as they were generated
"""The kitchen: ticks, bumps, what was acknowledged, and the categories of dishes."""

from __future__ import annotations

from typing import Any

STATEMENTS = (
    (
        'CREATE TABLE "kitchen_orders" ("order_pk" INTEGER NOT NULL PRIMARY KEY, "revision" INTEGER NOT NULL, '
        '"seen" TEXT NOT NULL, "ready_at" INTEGER, "ready_by" VARCHAR(128) NOT NULL, "struck" INTEGER NOT '
        'NULL, "started_for" INTEGER, FOREIGN KEY ("order_pk") REFERENCES "orders" ("pk") ON DELETE CASCADE)'
    ),
    (
        'CREATE TABLE "kitchen_ticks" ("pk" INTEGER NOT NULL PRIMARY KEY, "order_pk" INTEGER NOT NULL, '
        '"line_key" VARCHAR(64) NOT NULL, "section" VARCHAR(64) NOT NULL, "quantity" INTEGER NOT NULL, "at" '
        'INTEGER NOT NULL, "actor" VARCHAR(128) NOT NULL, FOREIGN KEY ("order_pk") REFERENCES "orders" ("pk") '
        "ON DELETE CASCADE)"
    ),
    (
        'CREATE UNIQUE INDEX "kitchen_ticks_order_pk_line_key_section" ON "kitchen_ticks" ("order_pk", '
        '"line_key", "section")'
    ),
    (
        'CREATE TABLE "kitchen_bumps" ("pk" INTEGER NOT NULL PRIMARY KEY, "order_pk" INTEGER NOT NULL, '
        '"section" VARCHAR(64) NOT NULL, "at" INTEGER NOT NULL, "actor" VARCHAR(128) NOT NULL, FOREIGN KEY '
        '("order_pk") REFERENCES "orders" ("pk") ON DELETE CASCADE)'
    ),
    'CREATE UNIQUE INDEX "kitchen_bumps_order_pk_section" ON "kitchen_bumps" ("order_pk", "section")',
    'CREATE INDEX "kitchen_bumps_at" ON "kitchen_bumps" ("at")',
    (
        'CREATE TABLE "dish_categories" ("pk" INTEGER NOT NULL PRIMARY KEY, "internal_id" VARCHAR(128) NOT '
        'NULL, "title" VARCHAR(500) NOT NULL, "category" VARCHAR(200) NOT NULL)'
    ),
    'CREATE UNIQUE INDEX "dish_categories_internal_id_title" ON "dish_categories" ("internal_id", "title")',
    'CREATE INDEX "dish_categories_title" ON "dish_categories" ("title")',
    "CREATE INDEX kitchen_struck ON kitchen_orders(order_pk) WHERE struck = 1",
    "CREATE INDEX kitchen_ready ON kitchen_orders(ready_at) WHERE ready_at IS NOT NULL",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables of the kitchen."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
