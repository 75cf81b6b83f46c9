# ruff: noqa: E501 - statements as they were generated
"""The catalogue with its way to the shops, and counter sales: drafts, sales, payments, shifts."""

from __future__ import annotations

from typing import Any

TABLES = (
    'CREATE TABLE "shifts" ("pk" INTEGER NOT NULL PRIMARY KEY, "number" INTEGER NOT NULL, "station" VARCHAR(128) NOT NULL, "currency" VARCHAR(8) NOT NULL, "opening_float" TEXT NOT NULL, "opened_at" INTEGER NOT NULL, "opened_by" VARCHAR(128) NOT NULL, "carried" TEXT NOT NULL, "last_order" INTEGER NOT NULL, "prefix" VARCHAR(16) NOT NULL, "first_number" INTEGER NOT NULL, "closed_at" INTEGER, "closed_by" VARCHAR(128) NOT NULL)',
    'CREATE UNIQUE INDEX "shifts_number" ON "shifts" ("number")',
    'CREATE TABLE "cash_moves" ("pk" INTEGER NOT NULL PRIMARY KEY, "shift_pk" INTEGER NOT NULL, "kind" VARCHAR(8) NOT NULL, "amount" TEXT NOT NULL, "reason" VARCHAR(200) NOT NULL, "at" INTEGER NOT NULL, "actor" VARCHAR(128) NOT NULL, "station" VARCHAR(128) NOT NULL, FOREIGN KEY ("shift_pk") REFERENCES "shifts" ("pk") ON DELETE RESTRICT)',
    'CREATE INDEX "cash_moves_shift_pk" ON "cash_moves" ("shift_pk")',
    'CREATE TABLE "categories" ("pk" INTEGER NOT NULL PRIMARY KEY, "name" VARCHAR(200) NOT NULL, "position" INTEGER NOT NULL, "colour" VARCHAR(16) NOT NULL, "icon" VARCHAR(64) NOT NULL)',
    'CREATE UNIQUE INDEX "categories_name" ON "categories" ("name")',
    'CREATE TABLE "drafts" ("pk" INTEGER NOT NULL PRIMARY KEY, "id" VARCHAR(36) NOT NULL, "station" VARCHAR(128) NOT NULL, "actor" VARCHAR(128) NOT NULL, "label" VARCHAR(200) NOT NULL, "held" INTEGER NOT NULL, "cart" TEXT NOT NULL, "version" INTEGER NOT NULL, "created_at" INTEGER NOT NULL, "changed_at" INTEGER NOT NULL)',
    'CREATE UNIQUE INDEX "drafts_id" ON "drafts" ("id")',
    'CREATE TABLE "payments" ("pk" INTEGER NOT NULL PRIMARY KEY, "id" VARCHAR(36) NOT NULL, "order_pk" INTEGER NOT NULL, "shift_pk" INTEGER, "kind" VARCHAR(16) NOT NULL, "method" VARCHAR(16) NOT NULL, "currency" VARCHAR(8) NOT NULL, "amount" TEXT NOT NULL, "rounding" TEXT NOT NULL, "tip" TEXT NOT NULL, "tendered" TEXT NOT NULL, "change" TEXT NOT NULL, "returned" TEXT NOT NULL, "reference" VARCHAR(200) NOT NULL, "person" VARCHAR(200) NOT NULL, "reason" VARCHAR(200) NOT NULL, "lines" TEXT NOT NULL, "reverses" INTEGER, "at" INTEGER NOT NULL, "actor" VARCHAR(128) NOT NULL, "station" VARCHAR(128) NOT NULL, FOREIGN KEY ("order_pk") REFERENCES "orders" ("pk") ON DELETE RESTRICT, FOREIGN KEY ("shift_pk") REFERENCES "shifts" ("pk") ON DELETE RESTRICT)',
    'CREATE UNIQUE INDEX "payments_id" ON "payments" ("id")',
    'CREATE INDEX "payments_order_pk" ON "payments" ("order_pk")',
    'CREATE INDEX "payments_shift_pk" ON "payments" ("shift_pk")',
    'CREATE UNIQUE INDEX "payments_reverses" ON "payments" ("reverses")',
    'CREATE TABLE "products" ("pk" INTEGER NOT NULL PRIMARY KEY, "internal_id" VARCHAR(128) NOT NULL, "title" VARCHAR(500) NOT NULL, "weight" VARCHAR(64) NOT NULL, "price" TEXT NOT NULL, "category_pk" INTEGER, "colour" VARCHAR(16) NOT NULL, "icon" VARCHAR(64) NOT NULL, "station" VARCHAR(64) NOT NULL, "tax_percent" TEXT NOT NULL, "modifiers" TEXT NOT NULL, "deleted" INTEGER NOT NULL, "sold_out_until" INTEGER, "position" INTEGER NOT NULL, "address" VARCHAR(500) NOT NULL, "search" TEXT NOT NULL, "version" INTEGER NOT NULL, "changed_at" INTEGER NOT NULL, FOREIGN KEY ("category_pk") REFERENCES "categories" ("pk") ON DELETE SET NULL)',
    'CREATE UNIQUE INDEX "products_internal_id" ON "products" ("internal_id")',
    'CREATE INDEX "products_category_pk" ON "products" ("category_pk")',
    'CREATE TABLE "product_outbox" ("seq" INTEGER NOT NULL PRIMARY KEY, "id" VARCHAR(36) NOT NULL, "remote" VARCHAR(64) NOT NULL, "internal_id" VARCHAR(128) NOT NULL, "body" TEXT NOT NULL, "state" VARCHAR(16) NOT NULL, "single" INTEGER NOT NULL, "batch" VARCHAR(64) NOT NULL, "actor" VARCHAR(128) NOT NULL, "station" VARCHAR(128) NOT NULL, "created_at" INTEGER NOT NULL, "not_before" INTEGER, "attempts" INTEGER NOT NULL, "last_at" INTEGER, "unknown_at" INTEGER, "last_error" TEXT NOT NULL, "closed_at" INTEGER, "reason" TEXT NOT NULL)',
    'CREATE UNIQUE INDEX "product_outbox_id" ON "product_outbox" ("id")',
    'CREATE INDEX "product_outbox_remote_internal_id_seq" ON "product_outbox" ("remote", "internal_id", "seq")',
    """CREATE TABLE "product_published" ("remote" VARCHAR(64) NOT NULL, "internal_id" VARCHAR(128) NOT NULL, "body" TEXT NOT NULL, "at" INTEGER NOT NULL, PRIMARY KEY ("remote", "internal_id"), CHECK (body <> ''))""",
    'CREATE TABLE "sale_entries" ("pk" INTEGER NOT NULL PRIMARY KEY, "order_pk" INTEGER NOT NULL, "shift_pk" INTEGER, "at" INTEGER NOT NULL, "content" TEXT NOT NULL, FOREIGN KEY ("order_pk") REFERENCES "orders" ("pk") ON DELETE RESTRICT, FOREIGN KEY ("shift_pk") REFERENCES "shifts" ("pk") ON DELETE RESTRICT)',
    'CREATE INDEX "sale_entries_order_pk" ON "sale_entries" ("order_pk")',
    'CREATE INDEX "sale_entries_shift_pk" ON "sale_entries" ("shift_pk")',
    'CREATE TABLE "sale_numbers" ("prefix" VARCHAR(16) NOT NULL PRIMARY KEY, "last" INTEGER NOT NULL)',
    'CREATE TABLE "sales" ("order_pk" INTEGER NOT NULL PRIMARY KEY, "station" VARCHAR(128) NOT NULL, "prefix" VARCHAR(16) NOT NULL, "number" INTEGER NOT NULL, "day" VARCHAR(10) NOT NULL, "day_number" INTEGER NOT NULL, "shift_pk" INTEGER, "table_label" VARCHAR(64) NOT NULL, "cart" TEXT NOT NULL, "gross" TEXT NOT NULL, "discount" TEXT NOT NULL, "tax" TEXT NOT NULL, "sold_at" INTEGER NOT NULL, FOREIGN KEY ("order_pk") REFERENCES "orders" ("pk") ON DELETE CASCADE, FOREIGN KEY ("shift_pk") REFERENCES "shifts" ("pk") ON DELETE RESTRICT)',
    'CREATE INDEX "sales_shift_pk" ON "sales" ("shift_pk")',
    'CREATE UNIQUE INDEX "sales_prefix_number" ON "sales" ("prefix", "number")',
    'CREATE UNIQUE INDEX "sales_station_day_day_number" ON "sales" ("station", "day", "day_number")',
    """CREATE TABLE "shift_reports" ("pk" INTEGER NOT NULL PRIMARY KEY, "shift_pk" INTEGER NOT NULL, "kind" VARCHAR(1) NOT NULL, "number" INTEGER NOT NULL, "made_at" INTEGER NOT NULL, "content" TEXT NOT NULL, FOREIGN KEY ("shift_pk") REFERENCES "shifts" ("pk") ON DELETE RESTRICT, CHECK (kind IN ('X', 'Z')))""",
    'CREATE INDEX "shift_reports_shift_pk" ON "shift_reports" ("shift_pk")',
    'CREATE UNIQUE INDEX "shift_reports_shift_pk_kind_number" ON "shift_reports" ("shift_pk", "kind", "number")',
)
# What was counted stays as it was counted, whatever a program does to the database.
_FIXED = ("payments", "sale_entries", "cash_moves", "shift_reports")
EXTRAS = (
    'CREATE UNIQUE INDEX "shifts_open" ON "shifts" ("station") WHERE closed_at IS NULL',
    'CREATE INDEX "product_outbox_open" ON "product_outbox" ("remote", "seq") WHERE state IN (\'pending\', \'in_flight\', \'parked\')',
    *(
        f"CREATE TRIGGER {table}_fixed_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
        for table in _FIXED
        for act in ("UPDATE", "DELETE")
    ),
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables of the catalogue and of sales, and keep the journals from being changed."""
    for statement in (*TABLES, *EXTRAS):
        db.execute_sql(statement)
