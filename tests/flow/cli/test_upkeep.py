"""The commands that forget customers, mend what is derived and write the file anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posapp.domain.status import Status
from posapp.services import orders
from posapp.storage.backup import verify_file
from posapp.storage.store import Store
from tests.flow.cli.conftest import Cli
from tests.support.shop_orders import ANNA, Clock, make_store, put_in, remote_order, set_rows

NAME, PHONE = "Жанна Зорькина", "+7 705 999-88-77"
STEPS = (Status.ACCEPTED, Status.COOKING, Status.ONDELIVERY, Status.DELIVERED)


@pytest.fixture
def old_store(data_dir: Path) -> Store:
    """Return a shop with three orders that were delivered 90 days ago, and one that is still cooked."""
    clock = Clock()
    clock.now = datetime.now(UTC) - timedelta(days=90)
    store = make_store(data_dir, clock)
    made = put_in(store, *(remote_order(f"r{n}", customer_name=NAME, phone=PHONE) for n in range(4)))
    for number, pk in enumerate(made):
        for step in STEPS if number else STEPS[:2]:
            orders.move(store, pk, step, ANNA)
        set_rows(store, pk, "confirmed")
    store.close_thread()
    return store


def names(store: Store) -> list[str]:
    found = [str(row[0]) for row in store.all("SELECT customer_name FROM orders ORDER BY pk", ())]
    store.close_thread()
    return found


def test_old_orders_are_counted_first_and_then_lose_their_customers(cli: Cli, old_store: Store) -> None:
    counted = cli("customers", "anonymise", "--days", "30", "--preview")
    assert (counted.code, names(old_store)) == (0, [NAME] * 4)
    assert "3 orders" in counted.out
    assert "would be anonymised" in counted.out

    done = cli("customers", "anonymise", "--days", "30", "--json")

    assert (done.code, done.data["orders"], done.data["done"]) == (0, 3, True)
    assert names(old_store)[0] == NAME
    assert NAME not in names(old_store)[1:]


def test_without_an_age_it_says_where_one_is_written(cli: Cli, old_store: Store) -> None:
    ran = cli("customers", "anonymise")

    assert ran.code != 0
    assert "--days" in ran.err
    assert names(old_store) == [NAME] * 4


def test_one_customer_is_forgotten_but_for_the_order_that_cooks(cli: Cli, old_store: Store) -> None:
    done = cli("customers", "forget", "--phone", "8 705 999 88 77", "--json")

    assert (done.code, done.data["orders"], done.data["held"]) == (0, 3, {"active": 1})
    assert names(old_store)[0] == NAME
    wrong = cli("customers", "forget", "--phone", "abc")
    assert wrong.code != 0
    assert "abc" not in names(old_store)


def test_what_is_derived_is_found_wrong_and_made_anew(cli: Cli, data_dir: Path, old_store: Store) -> None:
    with old_store.write() as tx:
        tx.execute("DELETE FROM order_counts")
    old_store.close_thread()

    before = cli("doctor", "--json").data["checks"]
    assert [check["name"] for check in before if not check["ok"] and check["name"] == "counters"]
    mended = cli("doctor", "--repair", "--json")

    assert [each["name"] for each in mended.data["repaired"]] == ["counters"]
    copies = list((data_dir / "backups").glob("*.db"))
    assert [verify_file(path).ok for path in copies] == [True]
    after = cli("doctor", "--json").data["checks"]
    assert [check["ok"] for check in after if check["name"] == "counters"] == [True]


def test_a_file_is_written_anew_after_a_backup_and_is_smaller(cli: Cli, old_store: Store) -> None:
    with old_store.write() as tx:
        tx.execute("CREATE TABLE ballast(content)")
        for _ in range(50):
            tx.execute("INSERT INTO ballast VALUES (zeroblob(100000))")
    with old_store.write() as tx:
        tx.execute("DROP TABLE ballast")
    old_store.close_thread()

    done = cli("database", "compact", "--json")

    assert done.code == 0, done.err
    assert done.data["after"] < done.data["before"] - 1_000_000
    assert Path(done.data["backup"]).exists()
    assert names(old_store) == [NAME] * 4
