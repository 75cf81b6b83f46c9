"""Details of the staff format, edits of fields on their way, and what each write carried."""

from __future__ import annotations

from typing import Any

STATEMENTS = (
    """ALTER TABLE "orders" ADD COLUMN "addressline" VARCHAR(500) NOT NULL DEFAULT ''""",
    """ALTER TABLE "orders" ADD COLUMN "district" VARCHAR(100) NOT NULL DEFAULT ''""",
    """ALTER TABLE "orders" ADD COLUMN "country" VARCHAR(200) NOT NULL DEFAULT ''""",
    """ALTER TABLE "orders" ADD COLUMN "email" VARCHAR(320) NOT NULL DEFAULT ''""",
    """ALTER TABLE "orders" ADD COLUMN "account_name" VARCHAR(500) NOT NULL DEFAULT ''""",
    """ALTER TABLE "orders" ADD COLUMN "account_email" VARCHAR(320) NOT NULL DEFAULT ''""",
    """ALTER TABLE "orders" ADD COLUMN "delivery_class" INTEGER""",
    """ALTER TABLE "orders" ADD COLUMN "shipping_at" INTEGER""",
    """ALTER TABLE "orders" ADD COLUMN "delivered_at" INTEGER""",
    """ALTER TABLE "orders" ADD COLUMN "paid_at" INTEGER""",
    """ALTER TABLE "orders" ADD COLUMN "cart_id" VARCHAR(64) NOT NULL DEFAULT ''""",
    """ALTER TABLE "orders" ADD COLUMN "shadow_fields" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "order_lines" ADD COLUMN "product" VARCHAR(500) NOT NULL DEFAULT ''""",
    """ALTER TABLE "order_lines" ADD COLUMN "description" VARCHAR(500) NOT NULL DEFAULT ''""",
    """ALTER TABLE "order_lines" ADD COLUMN "price_unit" VARCHAR(32) NOT NULL DEFAULT ''""",
    """ALTER TABLE "order_lines" ADD COLUMN "delivery_class" INTEGER""",
    """ALTER TABLE "order_lines" ADD COLUMN "unit_cost" TEXT""",
    """ALTER TABLE "order_lines" ADD COLUMN "discount_percent" TEXT""",
    """ALTER TABLE "outbox" ADD COLUMN "patch" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "outbox" ADD COLUMN "field_errors" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "sent_log" ADD COLUMN "fields" TEXT NOT NULL DEFAULT ''""",
)


def up(_migrator: Any, db: Any) -> None:
    """Add columns; what waits to be sent stays as it is."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
