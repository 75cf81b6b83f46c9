"""Whether the database is whole, and its counters right; works on both databases."""

from __future__ import annotations

from posapp.storage.reader import Reader
from posapp.storage.store import Store


def integrity_problems(store: Store) -> list[str]:
    """Return what the database's own checks complain about; reads all of it."""
    try:
        return store.dialect.integrity_problems()
    except store.dialect.failures as error:
        raise store.dialect.error(error) from error


def count_problems(reader: Reader) -> list[str]:
    """Compare the counters with the orders; return what differs."""
    real = dict(reader.all("SELECT status, count(*) FROM orders GROUP BY status"))
    kept = dict(reader.all("SELECT status, n FROM order_counts WHERE n <> 0"))
    return [
        f"{status}: {kept.get(status, 0)} counted, {real.get(status, 0)} there"
        for status in sorted(real.keys() | kept.keys())
        if real.get(status, 0) != kept.get(status, 0)
    ]
