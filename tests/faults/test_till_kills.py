"""A till killed at random instants: a sale is whole or not there, and no payment is without its order.

POSAPP_KILLS and POSAPP_KILLS_SEED are as in test_kills; many more kills are in test_many_kills.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from posapp.domain.sale import price_sale
from posapp.services import catalogue
from posapp.services.payments import account
from posapp.storage.catalogue import product
from posapp.storage.database import open_store
from posapp.storage.dialect_sqlite import integrity_problems
from posapp.storage.sales import drafts, sale_record
from posapp.storage.store import Store
from tests.faults.shop_program import Posapp, ShopProgram
from tests.support.shop_orders import ANNA
from tests.support.till import pizza

KILLS = max(6, min(20, int(os.environ.get("POSAPP_KILLS", "100")) // 20))  # of whole new processes
SEED = int(os.environ.get("POSAPP_KILLS_SEED", "20260301"))
TIME = pytest.mark.timeout(120 + 8 * KILLS)


def sell_until_killed(data_dir: Path, seed: int, seconds: float) -> list[list[str]]:
    """Let a till sell for so long after it was ready; return what it said was saved."""
    command = [sys.executable, "-m", "tests.faults.till_program", str(data_dir), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(seconds)
        process.kill()
        out, errors = process.communicate()
    assert errors == ""
    # The last line may have been cut by the kill.
    return [line.split() for line in out.splitlines(keepends=True) if line.endswith("\n")]


def check_tickets(store: Store, pk: int) -> None:
    """Check that each act with money has its one receipt, of its own instant, and the sale its ticket."""
    jobs = store.all("SELECT kind, created_at FROM print_jobs WHERE order_pk = ? ORDER BY pk", (pk,))
    acts = store.all("SELECT DISTINCT at FROM payments WHERE order_pk = ? ORDER BY at", (pk,))
    assert [at for kind, at in jobs if kind == "receipt"] == [at for (at,) in acts]
    assert [kind for kind, _ in jobs].count("kitchen") == 1


def check_sales(store: Store) -> Counter[str]:
    """Check that every sale is whole; return how many payments each has, by code."""
    found: Counter[str] = Counter()
    orders = store.all("SELECT pk, code, total, payment_status FROM orders ORDER BY pk")
    for pk, code, total, status in orders:
        record = sale_record(store, pk)
        assert record is not None, f"{code} has no sale"
        priced = price_sale(record.sale, "KZT")
        assert str(priced.total) == total
        lines = store.all("SELECT total FROM order_lines WHERE order_pk = ? ORDER BY position", (pk,))
        assert [Decimal(row[0]) for row in lines] == [line.total for line in priced.lines]
        entries = store.all("SELECT count(*) FROM sale_entries WHERE order_pk = ?", (pk,))
        assert entries == [(1,)]
        stands = account(store, pk).balance
        assert stands.status == status, code
        assert stands.paid - stands.refunded + stands.due == stands.total - stands.returned
        found[code] = len(account(store, pk).payments)
        assert found[code] in {1, 2, 4}, f"{code} is sold by halves"
        told = store.all("SELECT kind FROM events WHERE order_pk = ? AND kind <> 'ticket' ORDER BY pk", (pk,))
        kinds = [row[0] for row in told]
        assert kinds == ["sold", "paid", "paid", "refunded", "refunded"][: found[code] + 1]
        check_tickets(store, pk)
    numbers = [row[0] for row in store.all("SELECT number FROM sales ORDER BY number")]
    assert numbers == list(range(1, len(orders) + 1))
    assert store.all("SELECT count(*) FROM payments WHERE order_pk NOT IN (SELECT pk FROM orders)") == [(0,)]
    return found


def assert_nothing_lost(data_dir: Path, saved: dict[str, int], said: list[list[str]]) -> None:
    """Check all that a till said before it was killed; `saved`: how many payments there are, by code."""
    # A connection that stayed open over other processes' writes sees damage of the search index that is
    # not there, so each check has one of its own.
    store = open_store(data_dir)
    assert integrity_problems(store.database) == []
    cart = ("", 0)
    for what, name, count in said:
        if what == "draft":
            cart = (name, int(count))
        else:
            saved[name] = int(count)
            cart = ("", 0)
    there = check_sales(store)
    lost = {code: count for code, count in saved.items() if there[code] < count}
    assert lost == {}, "was told to be saved and is not"
    # A cart that was told to be kept is there, or was sold in the instant of the kill.
    kept = {row.id: len(row.sale.lines) for row in drafts(store)}
    assert not cart[1] or kept.get(cart[0], cart[1]) >= cart[1]
    assert len(kept) <= 1
    store.close_thread()


@TIME
def test_a_sale_is_whole_or_not_there(tmp_path: Path) -> None:
    print(f"seed {SEED}")  # noqa: T201 - to find a failure again
    chance = random.Random(SEED)
    data_dir = tmp_path / "data"
    saved: dict[str, int] = {}
    for number in range(KILLS):
        said = sell_until_killed(data_dir, SEED + number, chance.uniform(0.0, 0.25))
        assert_nothing_lost(data_dir, saved, said)
    assert saved, "some sales came through"


@TIME
def test_publishing_that_is_killed_again_and_again_ends_with_all_at_the_shop(tmp_path: Path) -> None:
    chance = random.Random(SEED + 2)
    with ShopProgram("--seed", "5", "--fault-rate", "0.2", "--faults", "drop_before", "drop_after") as shop:
        posapp = Posapp(tmp_path / "data", shop.url)
        store = open_store(posapp.data_dir)
        for number in range(30):
            catalogue.save_product(store, pizza(internal_id=f"p-{number}"), "KZT", ANNA)
        for _ in range(max(3, KILLS // 2)):
            name = f"p-{chance.randrange(30)}"
            found = product(store, name)
            assert found is not None
            changed = replace(found, title=f"Pizza {chance.random()}")
            catalogue.save_product(store, changed, "KZT", ANNA)
            with posapp.start("products", "publish") as process:
                time.sleep(chance.uniform(0.4, 2.5))
                process.kill()
                process.communicate()
        store.close_thread()
        store = open_store(posapp.data_dir)
        assert integrity_problems(store.database) == []
        shop.ask("faults", clear=True)
        # What waits for a late arrival of an older state is not waited for here.
        posapp.run("products", "publish", "--timeout", "60", codes=(0, 4))
        there = shop.ask("state")["products"]
        wanted = dict(store.all("SELECT internal_id, title FROM products"))
        assert {name: item["title"] for name, item in there.items()} == wanted
        store.close_thread()
