"""The chain of the audit: sealed by and by, and broken by whatever is done to an entry afterwards."""

from __future__ import annotations

import pytest

from posapp.domain.errors import StorageError
from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services import doctor, orders
from posapp.services.audit import AuditReport, seal, verify
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, Clock, put_in, remote_order

BAR = Who("bob", "bar")


def fill(store: Store, clock: Clock) -> None:
    """Let two stations do something, and time pass."""
    first, second = put_in(store, remote_order("1"), remote_order("2", customer_name="Ян “x” \n"))
    orders.move(store, first, Status.ACCEPTED, ANNA)
    orders.move(store, second, Status.ACCEPTED, BAR)
    orders.move(store, first, Status.COOKING, ANNA)
    clock.pass_by(seconds=11)


def by_hand(store: Store, *statements: str) -> None:
    """Do something to the database that no part of the program does."""
    if store.dialect.name == "postgresql":
        with store.write() as tx:
            tx.execute("SET LOCAL session_replication_role = replica")
            for statement in statements:
                tx.execute(statement)
        return
    triggers = store.all("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%fixed%'")
    with store.write() as tx:
        for name, _ in triggers:
            tx.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            tx.execute(statement)
        for _, sql in triggers:
            tx.execute(sql)


def entries(store: Store) -> int:
    row = store.one("SELECT count(*) FROM events")
    assert row is not None
    return int(row[0])


def test_entries_are_sealed_once_they_are_ripe(store: Store, clock: Clock) -> None:
    fill(store, clock)
    count = entries(store)
    orders.acknowledge(store, [1, 2], ANNA)
    (pk,) = put_in(store, remote_order("3"))

    assert seal(store) == count
    assert seal(store) == 0
    assert verify(store) == AuditReport(count, entries(store) - count)
    clock.pass_by(seconds=11)
    ripe = entries(store) - count
    orders.move(store, pk, Status.ACCEPTED, BAR)
    assert seal(store) == ripe


def test_portions_make_the_same_chain_as_one(store: Store, clock: Clock) -> None:
    fill(store, clock)
    portions = []
    while count := seal(store, limit=2):
        portions.append(count)

    assert len(portions) > 2
    assert verify(store).problem == ""
    assert verify(store).sealed == entries(store)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE events SET actor = 'carol' WHERE pk = 4", "Entry 4 of counter-1 is not"),
        ("UPDATE events SET at = at + 1 WHERE pk = 3", "Entry 3 of"),
        ("UPDATE events SET station = 'bar' WHERE pk = 4", "Entry 4 of"),
        ("DELETE FROM events WHERE pk = 4", "Entry 4 of counter-1 is missing"),
        (
            "INSERT INTO events(pk, at, kind, actor, station, params) VALUES (-5, 0, 'd', 'x', 'y', '{}')",
            "Entry -5 was added afterwards",
        ),
        ("DELETE FROM audit_chain WHERE event_pk = 3", ""),
    ],
)
def test_whatever_is_done_afterwards_shows(store: Store, clock: Clock, statement: str, words: str) -> None:
    fill(store, clock)
    seal(store)
    by_hand(store, statement)

    found = verify(store)

    assert words in found.problem
    assert found.problem
    check = doctor.check_audit(store)
    assert (check.ok, check.detail) == (False, found.problem)


def test_the_database_itself_refuses_to_change_an_entry(store: Store, clock: Clock) -> None:
    fill(store, clock)
    seal(store)

    for statement in (
        "UPDATE events SET actor = 'carol' WHERE pk = 1",
        "UPDATE audit_chain SET station = 'x'",
        "DELETE FROM audit_chain",
    ):
        with pytest.raises(StorageError), store.write() as tx:
            tx.execute(statement)

    assert verify(store).problem == ""
    assert doctor.check_audit(store).ok
