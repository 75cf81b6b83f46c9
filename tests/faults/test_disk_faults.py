"""A write or a flush that fails, once or for ever: the act is refused, nothing that was saved is lost.

The failures happen below the real driver (tests/faults/disk.py). POSAPP_DISK_FAULTS is how many places are
tried.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from posapp.domain.errors import RefusedError, StorageError
from posapp.domain.payment import Tender
from posapp.domain.status import PaymentMethod, Status
from posapp.services import counter, edits, orders
from posapp.services.intake import take_in
from posapp.storage.backup import backup_database
from posapp.storage.checks import count_problems, integrity_problems
from posapp.storage.database import open_store
from posapp.storage.store import Store
from tests.faults.day import ZONE, digest
from tests.faults.disk import FULL, IO_SYNC, IO_TRUNCATE, IO_WRITE, Step, What, can_watch, hooked
from tests.faults.recording import room
from tests.support.shop_orders import ANNA, SOURCE, remote_order
from tests.support.till import RULES, a_line, a_sale

PLACES = int(os.environ.get("POSAPP_DISK_FAULTS", "40"))
SEED = 20260301
_ERRORS = {What.WRITTEN: (FULL, IO_WRITE), What.SYNCED: (IO_SYNC,), What.CUT: (IO_TRUNCATE,)}
pytestmark = [
    pytest.mark.skipif(
        not can_watch(), reason="this system's SQLite driver hides the functions that fail here"
    ),
    pytest.mark.timeout(120 + PLACES),
]


@dataclass(slots=True)
class Trouble:
    """The n-th write, truncation or flush fails, or all from there on."""

    at: int
    for_ever: bool
    chance: Random
    seen: int = 0
    over: bool = False
    hits: int = 0

    def __call__(self, step: Step) -> int:
        self.seen += 1
        wrong = self.seen >= self.at if self.for_ever else self.seen == self.at
        if self.over or not wrong:
            return 0
        self.hits += 1
        return self.chance.choice(_ERRORS[step.what])


def sell(store: Store) -> None:
    tender = Tender(PaymentMethod.CARD, Decimal("100.00"), reference="7")
    counter.sell(store, a_sale(a_line()), RULES, ANNA, tenders=[tender])


def check_point(store: Store) -> None:
    store.all("PRAGMA wal_checkpoint(TRUNCATE)")


def acts(store: Store) -> Iterator[Callable[[], object]]:
    """Give what a station does in this test, act by act."""
    listed = [remote_order(str(number), comment="more" * 900) for number in range(1, 4)]
    yield lambda: orders.move(store, 1, Status.ACCEPTED, ANNA)
    yield lambda: edits.save(store, 1, {"phone": "9800000001"}, ANNA, ZONE)
    yield lambda: take_in(store, SOURCE, listed, "counter-1")
    yield lambda: check_point(store)
    yield lambda: sell(store)
    yield lambda: backup_database(store.database, store.data_dir / "backups" / "one.db")
    yield lambda: orders.move(store, 1, Status.COOKING, ANNA)
    yield lambda: orders.undo(store, 1, ANNA)


def work(store: Store) -> tuple[int, int]:
    """Do all acts; check of each that it is done or refused, and tell how many were refused."""
    refused = done = 0
    known = digest(store.database)
    for act in acts(store):
        try:
            act()
            known, done = digest(store.database), done + 1
        except StorageError as error:
            check_told(error)
            refused += 1
            assert digest(store.database) == known, "refused, and yet there"
        except RefusedError:
            assert refused, "only an act whose ground was refused can be pointless"
            assert digest(store.database) == known
    return done, refused


def check_told(error: StorageError) -> None:
    assert error.exit_code == 6
    assert error.title.endswith(".")
    assert error.remedy


def go_on(store: Store) -> None:
    """Work again now that the disk does."""
    for number in range(3):
        sell(store)
        take_in(store, SOURCE, [remote_order(f"later-{number}")], "counter-1")
    check_point(store)


def template(folder: Path) -> None:
    store = open_store(folder)
    take_in(store, SOURCE, [remote_order(str(number)) for number in range(1, 4)], "counter-1")
    store.close_thread()


@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for ever"])
def test_a_failing_disk_refuses_and_loses_nothing(for_ever: bool) -> None:
    chance = Random(SEED)
    figures: Counter[str] = Counter()
    with room() as folder:
        template(folder / "template")
        steps = count_steps(folder)
        for number in range(PLACES // 2):
            at = 1 + (number * steps // (PLACES // 2) if steps > PLACES // 2 else number % steps)
            trouble = Trouble(at, for_ever=for_ever, chance=chance)
            data = folder / "data"
            shutil.copytree(folder / "template", data)
            done, refused = run(data, trouble)
            assert trouble.hits, f"fault {at}"
            figures.update(done=done, refused=refused, hits=trouble.hits, places=1)
            shutil.rmtree(data)
    print(f"failing {'for ever' if for_ever else 'once'}: {dict(figures)} of {steps} steps")  # noqa: T201
    assert figures["done"] > 0
    assert figures["refused"] >= figures["places"] // 3


def count_steps(folder: Path) -> int:
    """Return how many writes, truncations and flushes the acts make on a good disk."""
    shutil.copytree(folder / "template", folder / "good")
    trouble = Trouble(10**9, for_ever=False, chance=Random(0))
    assert run(folder / "good", trouble) == (8, 0)
    return trouble.at


def run(data: Path, trouble: Trouble) -> tuple[int, int]:
    """Work while the disk fails, go on when it is well, and open the database anew."""
    quiet = Trouble(10**9, for_ever=False, chance=Random(0))
    current = [quiet]

    def fails(step: Step) -> int:
        return current[0](step)

    with hooked(fails=fails):
        store = open_store(data)
        current[0] = trouble
        outcome = work(store)
        if trouble.at == 10**9:
            trouble.at = trouble.seen
        trouble.over = True
        go_on(store)
        known = digest(store.database)
        store.close_thread()
        store = open_store(data)
        assert digest(store.database) == known
        assert integrity_problems(store) + count_problems(store) == []
        store.close_thread()
    return outcome
