"""Orders whose customer was forgotten: a mark, and what may then be taken out of their history."""

from __future__ import annotations

from typing import Any

_SAME = " AND ".join(
    f"new.{name} IS old.{name}" for name in ("pk", "order_pk", "at", "kind", "actor", "station")
)
_PAID = " AND ".join(
    f"new.{name} IS old.{name}"
    for name in (
        "pk", "id", "order_pk", "shift_pk", "kind", "method", "currency", "amount", "rounding", "tip",
        "tendered", "change", "returned", "reference", "lines", "reverses", "at", "actor", "station",
    )
)  # fmt: skip
_FORGOTTEN = "EXISTS (SELECT 1 FROM orders WHERE pk = old.order_pk AND anonymised_at IS NOT NULL)"
STATEMENTS = (
    """ALTER TABLE "orders" ADD COLUMN "anonymised_at" INTEGER""",
    "DROP TRIGGER events_fixed_update",
    (
        "CREATE TRIGGER events_fixed_unless_forgotten BEFORE UPDATE ON events "
        f"WHEN NOT ({_SAME} AND {_FORGOTTEN}) "
        "BEGIN SELECT RAISE(ABORT, 'entries of the audit are never changed'); END"
    ),
    "DROP TRIGGER payments_fixed_update",
    (
        f"CREATE TRIGGER payments_fixed_unless_forgotten BEFORE UPDATE ON payments WHEN NOT ({_PAID} AND "
        f"{_FORGOTTEN}) BEGIN SELECT RAISE(ABORT, 'rows of payments are never changed'); END"
    ),
)


def up(_migrator: Any, db: Any) -> None:
    """Add the mark, empty; of the order that has it, texts about the customer may be taken out."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
