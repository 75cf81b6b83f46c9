"""What the database keeps twice is damaged by hand, found by the doctor, and made anew from the orders."""

from __future__ import annotations

from decimal import Decimal

import pytest

from posapp.domain.sale import Sale, SaleLine
from posapp.domain.status import Status
from posapp.services import counter, doctor, orders
from posapp.services.audit import verify
from posapp.services.repair import repair
from posapp.storage.backup import verify_file
from posapp.storage.search import search_condition
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, put_in, remote_order, set_rows
from tests.support.till import RULES


@pytest.fixture
def filled(store: Store) -> Store:
    keys = put_in(store, *(remote_order(f"r{number}") for number in range(5)))
    orders.move(store, keys[0], Status.ACCEPTED, ANNA)
    for status in (Status.ACCEPTED, Status.COOKING, Status.ONDELIVERY, Status.DELIVERED):
        orders.move(store, keys[1], status, ANNA)
    set_rows(store, keys[1], "confirmed")
    counter.sell(store, Sale((SaleLine("Tea", Decimal("300")),)), RULES, ANNA)
    return store


def broken(store: Store) -> dict[str, str]:
    return {check.name: check.detail for check in doctor.derived_checks(store) if not check.ok}


def by_hand(store: Store, *statements: str) -> None:
    with store.write() as tx:
        for statement in statements:
            tx.execute(statement)


def search_of(store: Store, sqlite: str, postgresql: str) -> str:
    return sqlite if store.dialect.name == "sqlite" else postgresql


def test_what_is_whole_is_left_alone(filled: Store) -> None:
    assert broken(filled) == {}

    done = repair(filled, ANNA)

    assert (done.repaired, done.backup) == ((), None)
    assert list(filled.data_dir.glob("backups/before-repair*")) == []


@pytest.mark.parametrize(
    ("name", "statement", "said"),
    [
        ("counters", "UPDATE order_counts SET n = n + 7 WHERE status = 'created'", "10 counted, 3 there"),
        ("counters", "DELETE FROM order_counts", "delivered: 0 counted, 1 there"),
        ("active orders", "UPDATE orders SET urgency = NULL WHERE status = 'created'", "wrong list"),
        ("active orders", "UPDATE orders SET urgency = 1 WHERE status = 'delivered'", "wrong list"),
        ("sync marks", "UPDATE orders SET sync = 'synced' WHERE remote_id = 'r0'", "another state"),
        ("sync marks", "UPDATE orders SET sync = 'failed' WHERE remote_id = 'r3'", "another state"),
        ("order numbers", "UPDATE sale_numbers SET last = 0", "was given already"),
        ("order numbers", "DELETE FROM sale_numbers", "was given already"),
    ],
)
def test_each_is_found_and_made_anew(filled: Store, name: str, statement: str, said: str) -> None:
    whole = filled.all("SELECT pk, urgency, sync FROM orders ORDER BY pk")
    by_hand(filled, statement)
    assert said in broken(filled)[name]

    done = repair(filled, ANNA)

    assert [each.name for each in done.repaired] == [name]
    assert broken(filled) == {}
    assert filled.all("SELECT pk, urgency, sync FROM orders ORDER BY pk") == whole
    event = filled.one("SELECT kind, actor, params FROM events ORDER BY pk DESC LIMIT 1")
    assert event is not None
    assert event[:2] == ("repaired", "anna")
    assert name in event[2]
    assert verify(filled).problem == ""


def test_the_backup_before_holds_what_was_there(filled: Store) -> None:
    by_hand(filled, "DELETE FROM order_counts")

    done = repair(filled, ANNA)

    if filled.dialect.name == "sqlite":
        assert done.backup is not None
        assert verify_file(done.backup.file).ok
    else:
        assert done.backup is None


@pytest.mark.parametrize(
    ("sqlite", "postgresql", "said"),
    [
        (
            "INSERT INTO orders_fts(orders_fts) VALUES ('delete-all')",
            "DELETE FROM order_texts",
            "6 orders are not in it",
        ),
        (
            (
                "INSERT INTO orders_fts(orders_fts, rowid, code, customer_name, phone_digits, address) "
                "SELECT 'delete', pk, code, customer_name, phone_digits, address FROM orders WHERE pk = 2"
            ),
            "UPDATE order_texts SET texts = '' WHERE pk = 2",
            "",
        ),
    ],
)
def test_the_search_index_is_made_anew(filled: Store, sqlite: str, postgresql: str, said: str) -> None:
    by_hand(filled, search_of(filled, sqlite, postgresql))
    assert said in broken(filled)["search index"]

    assert [each.name for each in repair(filled, ANNA).repaired] == ["search index"]

    assert broken(filled) == {}
    found = search_condition(filled.dialect, "Айгерим")
    assert found is not None
    rows = filled.all(f"SELECT count(*) FROM orders WHERE {found.sql}", found.params)  # noqa: S608
    assert rows == [(5,)]


def test_several_are_mended_at_once(filled: Store) -> None:
    by_hand(filled, "DELETE FROM order_counts", "DELETE FROM sale_numbers")

    assert {each.name for each in repair(filled, ANNA).repaired} == {"counters", "order numbers"}
    assert counter.sell(filled, Sale((SaleLine("Tea", Decimal("300")),)), RULES, ANNA).code.endswith("002")
