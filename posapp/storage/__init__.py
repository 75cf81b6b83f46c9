"""The local database: models, transactions, change feed, queries, outbox and backup."""

from __future__ import annotations

import sys

# Peewee loads every driver that it finds, and PostgreSQL's makes its import three times as long. Only a shop
# with a server needs that one: dialect_postgres opens this door again.
for _driver in ("psycopg", "psycopg2"):
    sys.modules.setdefault(_driver, None)  # type: ignore[arg-type] # None: an import of it fails
