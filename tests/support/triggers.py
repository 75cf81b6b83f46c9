"""Triggers that make a database fail, or no longer refuse, on both kinds of databases."""

from __future__ import annotations

from posapp.storage.store import Store, Transaction

_FULL = (
    "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'could not extend file'; END $$"
)
_RAISE = "SELECT RAISE(ABORT, 'database or disk is full');"


def fill_disk(store: Store, table: str, when: str) -> None:
    """Let the disk be full for such new rows of a table."""
    begun = f"CREATE TRIGGER full_disk BEFORE INSERT ON {table}"
    with store.write() as tx:
        if store.dialect.name == "sqlite":
            tx.execute(f"{begun} WHEN {when} BEGIN {_RAISE} END")
        else:
            tx.execute(_FULL)
            tx.execute(f"{begun} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION full_disk()")


def drop_trigger(tx: Transaction, name: str, table: str) -> None:
    """Remove a trigger."""
    tx.execute(f"DROP TRIGGER {name}" if tx.dialect.name == "sqlite" else f"DROP TRIGGER {name} ON {table}")
