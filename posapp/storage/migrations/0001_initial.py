# ruff: noqa: E501 - statements as they were generated
"""The first schema: tables and plain indexes, then what the dialect adds. Frozen: never edit."""

from __future__ import annotations

from typing import Any

TABLES = (
    (
        'CREATE TABLE "calls" ("pk" INTEGER NOT NULL PRIMARY KEY, "kind" VARCHAR(16) NOT NULL, "payload" TEXT '
        'NOT NULL, "created_at" INTEGER NOT NULL, "taken_at" INTEGER, "done_at" INTEGER, "result" TEXT NOT '
        "NULL)"
    ),
    (
        'CREATE TABLE "customers" ("pk" INTEGER NOT NULL PRIMARY KEY, "remote" VARCHAR(255) NOT NULL, '
        '"remote_id" VARCHAR(255) NOT NULL, "name" VARCHAR(500) NOT NULL, "phone" VARCHAR(64) NOT NULL, '
        '"phone_digits" VARCHAR(32) NOT NULL, "first_at" INTEGER NOT NULL, "last_at" INTEGER NOT NULL)'
    ),
    'CREATE UNIQUE INDEX "customers_remote_remote_id" ON "customers" ("remote", "remote_id")',
    'CREATE INDEX "customers_phone_digits" ON "customers" ("phone_digits")',
    (
        'CREATE TABLE "orders" ("pk" INTEGER NOT NULL PRIMARY KEY, "id" VARCHAR(36) NOT NULL, "code" '
        'VARCHAR(64) NOT NULL, "remote" VARCHAR(64), "remote_id" VARCHAR(64), "format" VARCHAR(16) NOT NULL, '
        '"status" VARCHAR(16) NOT NULL, "status_at" INTEGER NOT NULL, "shadow" VARCHAR(16), "shadow_at" '
        'INTEGER, "payment_status" VARCHAR(32) NOT NULL, "payment_method" VARCHAR(32) NOT NULL, "source" '
        'VARCHAR(32) NOT NULL, "brand" VARCHAR(128) NOT NULL, "kind" VARCHAR(16) NOT NULL, "customer_pk" '
        'INTEGER, "customer_name" VARCHAR(500) NOT NULL, "phone" VARCHAR(64) NOT NULL, "phone_digits" '
        'VARCHAR(32) NOT NULL, "address" TEXT NOT NULL, "street" VARCHAR(500) NOT NULL, "home" VARCHAR(64) '
        'NOT NULL, "apt" VARCHAR(64) NOT NULL, "entrance" VARCHAR(64) NOT NULL, "level" VARCHAR(64) NOT NULL, '
        '"city" VARCHAR(200) NOT NULL, "comment" TEXT NOT NULL, "change_from" VARCHAR(32) NOT NULL, "due_at" '
        'INTEGER, "due_text" VARCHAR(64) NOT NULL, "planned_at" INTEGER, "delivery_cost" TEXT NOT NULL, '
        '"products_total" TEXT NOT NULL, "total" TEXT NOT NULL, "currency" VARCHAR(8) NOT NULL, "created_at" '
        'INTEGER NOT NULL, "received_at" INTEGER NOT NULL, "accepted_at" INTEGER, "sent_at" INTEGER, '
        '"closed_at" INTEGER, "noticed_at" INTEGER, "noticed_by" VARCHAR(128) NOT NULL, "urgency" INTEGER, '
        '"version" INTEGER NOT NULL, "sync" VARCHAR(16) NOT NULL, "sync_reason" TEXT NOT NULL, "settle_at" '
        'INTEGER, "watch_at" INTEGER, "missing_at" INTEGER, "reasserts" INTEGER NOT NULL, FOREIGN KEY '
        '("customer_pk") REFERENCES "customers" ("pk") ON DELETE SET NULL, CHECK ((remote IS NULL) = '
        "(remote_id IS NULL)))"
    ),
    'CREATE UNIQUE INDEX "orders_id" ON "orders" ("id")',
    'CREATE UNIQUE INDEX "orders_code" ON "orders" ("code")',
    'CREATE INDEX "orders_customer_pk" ON "orders" ("customer_pk")',
    'CREATE UNIQUE INDEX "orders_remote_remote_id" ON "orders" ("remote", "remote_id")',
    'CREATE INDEX "orders_status_created_at_pk" ON "orders" ("status", "created_at", "pk")',
    'CREATE INDEX "orders_created_at_pk" ON "orders" ("created_at", "pk")',
    'CREATE INDEX "orders_phone_digits" ON "orders" ("phone_digits")',
    (
        'CREATE TABLE "events" ("pk" INTEGER NOT NULL PRIMARY KEY, "order_pk" INTEGER, "at" INTEGER NOT NULL, '
        '"kind" VARCHAR(32) NOT NULL, "actor" VARCHAR(128) NOT NULL, "station" VARCHAR(128) NOT NULL, '
        '"params" TEXT NOT NULL, FOREIGN KEY ("order_pk") REFERENCES "orders" ("pk") ON DELETE CASCADE)'
    ),
    'CREATE INDEX "events_order_pk" ON "events" ("order_pk")',
    'CREATE TABLE "meta" ("key" VARCHAR(255) NOT NULL PRIMARY KEY, "value" TEXT NOT NULL)',
    'CREATE TABLE "order_counts" ("status" VARCHAR(16) NOT NULL PRIMARY KEY, "n" INTEGER NOT NULL)',
    (
        'CREATE TABLE "order_lines" ("pk" INTEGER NOT NULL PRIMARY KEY, "order_pk" INTEGER NOT NULL, '
        '"position" INTEGER NOT NULL, "internal_id" VARCHAR(128) NOT NULL, "title" VARCHAR(500) NOT NULL, '
        '"quantity" INTEGER NOT NULL, "unit_price" TEXT NOT NULL, "total" TEXT NOT NULL, "additions" TEXT NOT '
        'NULL, "promo_id" VARCHAR(64) NOT NULL, "promo_title" VARCHAR(500) NOT NULL, "promo_code_id" '
        'VARCHAR(64) NOT NULL, "promo_code" VARCHAR(128) NOT NULL, "paid_in_bonuses" INTEGER NOT NULL, '
        '"notes" TEXT NOT NULL, FOREIGN KEY ("order_pk") REFERENCES "orders" ("pk") ON DELETE CASCADE)'
    ),
    'CREATE INDEX "order_lines_order_pk" ON "order_lines" ("order_pk")',
    (
        'CREATE TABLE "order_raw" ("order_pk" INTEGER NOT NULL PRIMARY KEY, "raw" TEXT NOT NULL, '
        '"received_at" INTEGER NOT NULL, FOREIGN KEY ("order_pk") REFERENCES "orders" ("pk") ON DELETE '
        "CASCADE)"
    ),
    (
        'CREATE TABLE "outbox" ("seq" INTEGER NOT NULL PRIMARY KEY, "id" VARCHAR(36) NOT NULL, "order_pk" '
        'INTEGER NOT NULL, "kind" VARCHAR(16) NOT NULL, "target" VARCHAR(64) NOT NULL, "base" VARCHAR(64) NOT '
        'NULL, "forced" INTEGER NOT NULL, "undo" INTEGER NOT NULL, "station" VARCHAR(128) NOT NULL, "actor" '
        'VARCHAR(128) NOT NULL, "created_at" INTEGER NOT NULL, "hold_until" INTEGER, "state" VARCHAR(16) NOT '
        'NULL, "attempts" INTEGER NOT NULL, "reached" INTEGER NOT NULL, "refusals" INTEGER NOT NULL, '
        '"not_before" INTEGER, "last_at" INTEGER, "last_class" VARCHAR(16) NOT NULL, "last_error" TEXT NOT '
        'NULL, "theirs" VARCHAR(64) NOT NULL, "lease" VARCHAR(64) NOT NULL, "closed_at" INTEGER, "reason" '
        'TEXT NOT NULL, FOREIGN KEY ("order_pk") REFERENCES "orders" ("pk") ON DELETE CASCADE)'
    ),
    'CREATE UNIQUE INDEX "outbox_id" ON "outbox" ("id")',
    'CREATE INDEX "outbox_order_pk" ON "outbox" ("order_pk")',
    'CREATE INDEX "outbox_order_pk_seq" ON "outbox" ("order_pk", "seq")',
    (
        'CREATE TABLE "quarantine" ("pk" INTEGER NOT NULL PRIMARY KEY, "remote" VARCHAR(64) NOT NULL, '
        '"remote_id" VARCHAR(64) NOT NULL, "reason" TEXT NOT NULL, "raw" TEXT NOT NULL, "digest" VARCHAR(64) '
        'NOT NULL, "first_at" INTEGER NOT NULL, "last_at" INTEGER NOT NULL, "times" INTEGER NOT NULL, '
        '"solved_at" INTEGER)'
    ),
    'CREATE UNIQUE INDEX "quarantine_remote_digest" ON "quarantine" ("remote", "digest")',
    (
        'CREATE TABLE "remotes" ("name" VARCHAR(255) NOT NULL PRIMARY KEY, "last_ok_at" INTEGER, '
        '"last_pull_at" INTEGER, "trouble_since" INTEGER, "trouble" VARCHAR(255) NOT NULL, "detail" TEXT NOT '
        'NULL, "sign_in" INTEGER NOT NULL, "clock_skew_s" INTEGER, "throttled_until" INTEGER)'
    ),
    (
        'CREATE TABLE "sent_log" ("pk" INTEGER NOT NULL PRIMARY KEY, "order_pk" INTEGER NOT NULL, '
        '"outbox_seq" INTEGER NOT NULL, "value" VARCHAR(64) NOT NULL, "sent_at" INTEGER NOT NULL, '
        '"answered_at" INTEGER, "verdict" VARCHAR(16) NOT NULL, "detail" TEXT NOT NULL, FOREIGN KEY '
        '("order_pk") REFERENCES "orders" ("pk") ON DELETE CASCADE)'
    ),
    'CREATE INDEX "sent_log_order_pk_pk" ON "sent_log" ("order_pk", "pk")',
)
EXTRAS = (
    (
        "CREATE VIRTUAL TABLE orders_fts USING fts5(code, customer_name, phone_digits, address, "
        "content='orders', content_rowid='pk', tokenize='trigram')"
    ),
    (
        "CREATE TRIGGER orders_fts_insert AFTER INSERT ON orders BEGIN INSERT INTO orders_fts(rowid, code, "
        "customer_name, phone_digits, address) VALUES (new.pk, new.code, new.customer_name, new.phone_digits, "
        "new.address); END"
    ),
    (
        "CREATE TRIGGER orders_fts_delete AFTER DELETE ON orders BEGIN INSERT INTO orders_fts(orders_fts, "
        "rowid, code, customer_name, phone_digits, address) VALUES ('delete', old.pk, old.code, "
        "old.customer_name, old.phone_digits, old.address); END"
    ),
    (
        "CREATE TRIGGER orders_fts_update AFTER UPDATE OF code, customer_name, phone_digits, address ON "
        "orders BEGIN INSERT INTO orders_fts(orders_fts, rowid, code, customer_name, phone_digits, address) "
        "VALUES ('delete', old.pk, old.code, old.customer_name, old.phone_digits, old.address); INSERT INTO "
        "orders_fts(rowid, code, customer_name, phone_digits, address) VALUES (new.pk, new.code, "
        "new.customer_name, new.phone_digits, new.address); END"
    ),
    (
        "CREATE TRIGGER orders_count_insert AFTER INSERT ON orders BEGIN INSERT INTO order_counts(status, n) "
        "VALUES (new.status, 1) ON CONFLICT(status) DO UPDATE SET n = n + 1; END"
    ),
    (
        "CREATE TRIGGER orders_count_delete AFTER DELETE ON orders BEGIN UPDATE order_counts SET n = n - 1 "
        "WHERE status = old.status; END"
    ),
    (
        "CREATE TRIGGER orders_count_update AFTER UPDATE OF status ON orders WHEN old.status <> new.status "
        "BEGIN UPDATE order_counts SET n = n - 1 WHERE status = old.status; INSERT INTO order_counts(status, "
        "n) VALUES (new.status, 1) ON CONFLICT(status) DO UPDATE SET n = n + 1; END"
    ),
    "CREATE INDEX orders_urgent ON orders(urgency, pk) WHERE urgency IS NOT NULL",
    "CREATE INDEX orders_closed ON orders(closed_at, pk) WHERE closed_at IS NOT NULL",
    "CREATE INDEX orders_watch ON orders(remote, watch_at) WHERE watch_at IS NOT NULL",
    "CREATE INDEX orders_attention ON orders(sync) WHERE sync IN ('pending', 'failed', 'conflict')",
    "CREATE INDEX orders_listed ON orders(remote, shadow) WHERE urgency IS NOT NULL",
    "CREATE INDEX orders_unnoticed ON orders(received_at) WHERE noticed_at IS NULL",
    "CREATE INDEX events_order ON events(order_pk, pk)",
    (
        "CREATE INDEX outbox_open ON outbox(state, order_pk, seq) WHERE state IN ('pending', 'in_flight', "
        "'parked', 'conflict', 'dead')"
    ),
    "CREATE INDEX calls_open ON calls(pk) WHERE done_at IS NULL",
)


def up(_migrator: Any, db: Any) -> None:
    """Make all tables, indexes, triggers and the search index."""
    for statement in (*TABLES, *EXTRAS):
        db.execute_sql(statement)
