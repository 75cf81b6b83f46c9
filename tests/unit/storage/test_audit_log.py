"""The audit as a list: every entry once, newest first, by whatever is chosen, however many there are."""

from __future__ import annotations

from datetime import timedelta

from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services import orders
from posapp.services.audit import seal
from posapp.storage.audit_log import AuditFilter, AuditRow, audit_page, audit_stations, sealed
from posapp.storage.fields import to_us
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, START, Clock, order_fact, put_in, remote_order

BAR = Who("bob", "bar")


def everything(store: Store, chosen: AuditFilter, limit: int) -> list[AuditRow]:
    found: list[AuditRow] = []
    page = audit_page(store, chosen, limit=limit)
    while True:
        found += page.rows
        if page.before is None:
            return found
        page = audit_page(store, chosen, page.before, limit)


def fill(store: Store, clock: Clock) -> tuple[int, int]:
    first, second = put_in(store, remote_order("1"), remote_order("2"))
    orders.move(store, first, Status.ACCEPTED, ANNA)
    clock.pass_by(days=1)
    orders.move(store, second, Status.ACCEPTED, BAR)
    orders.move(store, first, Status.COOKING, BAR)
    clock.pass_by(days=1)
    orders.move(store, second, Status.CANCELLED, ANNA, reason="called")
    return first, second


def test_pages_hold_every_entry_once_newest_first(store: Store, clock: Clock) -> None:
    fill(store, clock)
    wanted = [row[0] for row in store.all("SELECT pk FROM events ORDER BY pk DESC")]

    for limit in (1, 2, 100):
        assert [row.pk for row in everything(store, AuditFilter(), limit)] == wanted


def test_what_is_chosen_is_left(store: Store, clock: Clock) -> None:
    first, second = fill(store, clock)
    code = str(order_fact(store, first, "code"))

    def found(chosen: AuditFilter) -> list[tuple[int | None, str]]:
        rows = everything(store, chosen, 2)
        return [(row.order_pk, row.event.params.get("to", "")) for row in rows if row.event.kind == "moved"]

    assert found(AuditFilter(actor="bob")) == [(first, "cooking"), (second, "accepted")]
    assert found(AuditFilter(station="bar", code=code)) == [(first, "cooking")]
    assert found(AuditFilter(code=code)) == [(first, "cooking"), (first, "accepted")]
    assert found(AuditFilter(kinds=("noticed",))) == []
    day = START + timedelta(hours=12)
    one_day = AuditFilter(since=day, until=day + timedelta(days=1))
    assert found(one_day) == [(first, "cooking"), (second, "accepted")]
    assert found(AuditFilter(since=day + timedelta(days=1))) == [(second, "cancelled")]


def test_many_entries_of_others_are_looked_through_in_portions(store: Store, clock: Clock) -> None:
    fill(store, clock)
    with store.write() as tx:
        tx.executemany(
            "INSERT INTO events(at, kind, actor, station, params) VALUES (?, 'moved', 'dan', 'bar', '{}')",
            [(to_us(clock.now),)] * 60_000,
        )

    page = audit_page(store, AuditFilter(actor="bob"))
    assert page.rows == ()
    assert page.before is not None
    assert [row.event.actor for row in audit_page(store, AuditFilter(actor="bob"), page.before).rows] != []


def test_how_far_the_chain_goes(store: Store, clock: Clock) -> None:
    fill(store, clock)
    assert sealed(store).at is None
    clock.pass_by(seconds=11)
    seal(store)
    orders.acknowledge(store, [1], ANNA)

    assert sealed(store).waiting == 0 or sealed(store).at is not None
    assert audit_stations(store) == tuple(
        str(row[0]) for row in store.all("SELECT DISTINCT station FROM events ORDER BY station")
    )
