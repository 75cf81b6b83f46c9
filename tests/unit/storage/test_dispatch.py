"""The queries of dispatch: in words that every database knows, and begun at the few rows that matter."""

from __future__ import annotations

import pytest

from posapp.storage import dispatch
from posapp.storage.store import Store

_QUERIES = {
    "_OWED": "SEARCH assignments USING INDEX assignments_open",
    "_OWED_BY_ONE": "SEARCH assignments USING INDEX assignments_open",
    "_CANCELLED": "SEARCH assignments USING INDEX assignments_open",
    "_HOLDERS": "SEARCH orders USING",
    "_DROPS": "SEARCH assignments USING INDEX assignments_courier_pk_assigned_at",
}


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("analyzed", [False, True])
@pytest.mark.parametrize("name", _QUERIES)
def test_a_query_of_dispatch_begins_at_the_few_and_never_reads_all(
    store: Store, name: str, analyzed: bool
) -> None:
    sql = getattr(dispatch, name)
    if analyzed:  # as a shop looks after years: nearly all orders are delivered, by a handful of couriers
        store.database.execute_sql("ANALYZE")
        store.database.execute_sql("DELETE FROM sqlite_stat1")
        for table, index, stat in (
            ("orders", "orders_status_created_at_pk", "1000000 125000 1 1"),
            ("assignments", "assignments_order_pk", "1000000 1"),
            ("assignments", "assignments_courier_pk_assigned_at", "1000000 125000 1"),
            ("assignments", "assignments_current", "1000000 1"),
            ("assignments", "assignments_open", "40 5 1"),
            ("couriers", None, "8"),
        ):
            store.database.execute_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", (table, index, stat))
        store.database.execute_sql("ANALYZE sqlite_schema")
    plan = [row[3] for row in store.all(f"EXPLAIN QUERY PLAN {sql}", (1,) * sql.count("?"))]

    assert plan[0].startswith(_QUERIES[name]), plan
    assert not any(line.startswith(("SCAN orders", "SCAN assignments")) for line in plan)
    assert "CROSS" not in sql
