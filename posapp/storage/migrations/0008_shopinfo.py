# ruff: noqa: E501 - statements as they were generated
"""What a staff shop tells around its orders: districts, delivery costs, taxes, products."""

from __future__ import annotations

from typing import Any

TABLES = (
    'CREATE TABLE "shop_delivery_costs" ("remote" VARCHAR(64) NOT NULL, "district" VARCHAR(500) NOT NULL, "price_unit" VARCHAR(32) NOT NULL, "class_a" TEXT NOT NULL, "class_b" TEXT NOT NULL, "class_c" TEXT NOT NULL, PRIMARY KEY ("remote", "district", "price_unit"))',
    'CREATE TABLE "shop_districts" ("remote" VARCHAR(64) NOT NULL, "name" VARCHAR(500) NOT NULL, "deliverable" INTEGER NOT NULL, "class_a" TEXT, "class_b" TEXT, "class_c" TEXT, PRIMARY KEY ("remote", "name"))',
    'CREATE TABLE "shop_info" ("remote" VARCHAR(64) NOT NULL PRIMARY KEY, "fetched_at" INTEGER NOT NULL, "skipped" INTEGER NOT NULL, "problems" TEXT NOT NULL)',
    'CREATE TABLE "shop_products" ("remote" VARCHAR(64) NOT NULL, "remote_id" VARCHAR(128) NOT NULL, "address" VARCHAR(500) NOT NULL, "name" VARCHAR(500) NOT NULL, "price" TEXT NOT NULL, "discount_percent" TEXT NOT NULL, "final_cost" TEXT, "price_unit" VARCHAR(32) NOT NULL, "description" VARCHAR(500) NOT NULL, "sku" VARCHAR(500) NOT NULL, "active" INTEGER NOT NULL, "stock" TEXT, "stock_unit" VARCHAR(64) NOT NULL, "tax" VARCHAR(500) NOT NULL, "category" VARCHAR(500) NOT NULL, "search" TEXT NOT NULL, PRIMARY KEY ("remote", "remote_id"))',
    'CREATE TABLE "shop_taxes" ("remote" VARCHAR(64) NOT NULL, "remote_id" VARCHAR(128) NOT NULL, "address" VARCHAR(500) NOT NULL, "name" VARCHAR(500) NOT NULL, "percent" TEXT NOT NULL, PRIMARY KEY ("remote", "remote_id"))',
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables of what shops tell; orders and the catalogue stay as they are."""
    for statement in TABLES:
        db.execute_sql(statement)
