"""Each check finds what it is there for, and names the way out."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from posapp.domain.status import Status
from posapp.services import conflicts, doctor, orders
from posapp.storage.database import DATABASE_NAME
from posapp.storage.details import queue_rows
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, put_in, remote_order, set_rows


def test_a_healthy_installation_passes(store: Store) -> None:
    put_in(store, remote_order("r1"))
    checks = [
        doctor.check_sqlite(),
        doctor.check_integrity(store),
        *doctor.derived_checks(store),
        doctor.check_log(store),
        doctor.check_queue(store),
        doctor.check_disk(store.data_dir),
        doctor.check_rights(store.data_dir),
        doctor.check_clock("alma", 2),
    ]

    assert [check.name for check in checks if not check.ok] == []
    assert all(check.detail and not check.remedy for check in checks)


def test_wrong_counts_are_found(store: Store) -> None:
    put_in(store, remote_order("r1"))
    with store.write() as tx:
        tx.execute("UPDATE order_counts SET n = 5 WHERE status = 'created'")

    check = next(doctor.derived_checks(store))
    assert (check.name, check.ok, check.detail) == ("counters", False, "created: 5 counted, 1 there.")
    assert "--repair" in check.remedy


@pytest.mark.databases("sqlite")
def test_damage_is_found_and_is_the_worst_that_can_be(store: Store) -> None:
    put_in(store, *(remote_order(f"r{number}") for number in range(300)))
    store.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    data_dir = store.data_dir
    store.close_thread()
    with (data_dir / DATABASE_NAME).open("r+b") as file:
        file.seek(40 * 4096)
        file.write(Random(1).randbytes(20 * 4096))

    opened, check = doctor.open_database(data_dir)
    if opened is not None:
        check = doctor.guarded("database integrity", lambda: doctor.check_integrity(opened))
        opened.close_thread()
    assert not check.ok
    assert check.exit_code == 6
    assert "restore" in check.remedy


@pytest.mark.databases("sqlite")
def test_a_newer_database_cannot_be_opened(store: Store) -> None:
    store.database.execute_sql("PRAGMA user_version = 99")

    opened, check = doctor.open_database(store.data_dir)

    assert opened is None
    assert (check.ok, check.exit_code) == (False, 6)
    assert "newer" in check.detail


@pytest.mark.databases("sqlite")
def test_a_database_that_others_can_read_is_found(store: Store) -> None:
    (store.data_dir / DATABASE_NAME).chmod(0o644)

    check = doctor.check_rights(store.data_dir)

    assert check.ok is (os.name != "posix")
    assert (DATABASE_NAME in check.detail) is not check.ok
    assert ("chmod" in check.remedy) is not check.ok


def test_what_needs_a_person_is_counted(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    assert doctor.check_queue(store).detail == "1 waiting, 0 for a person."
    set_rows(store, pk, "parked", last_error="no")

    check = doctor.check_queue(store)
    assert (check.ok, check.exit_code) == (False, 5)
    conflicts.discard(store, [queue_rows(store)[0].id], "wrong", ANNA)
    assert doctor.check_queue(store).ok


@pytest.mark.parametrize(
    ("skew", "ok", "word"),
    [(None, True, "Not known"), (0, True, "agree"), (61, False, "ahead"), (-61, False, "behind")],
)
def test_the_clock_may_differ_by_a_minute(skew: int | None, ok: bool, word: str) -> None:
    check = doctor.check_clock("alma", skew)

    assert check.ok is ok
    assert word in check.detail
    assert bool(check.remedy) is not ok


def test_a_directory_that_is_not_there_has_no_room(tmp_path: Path) -> None:
    assert not doctor.check_disk(tmp_path / "nix").ok
