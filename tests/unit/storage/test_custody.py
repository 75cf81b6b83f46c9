"""The custody ledger notices whatever is taken out of the queues, of every kind and at every place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from posapp.domain.errors import RefusedError
from posapp.domain.outbox import Dead, Missing
from posapp.domain.publish import Published
from posapp.domain.shift import Counted
from posapp.domain.status import PaymentStatus, Status
from posapp.printing.document import to_json
from posapp.printing.reports import lay_out_report
from posapp.services import catalogue, conflicts, decisions, orders, settlement, shifts
from posapp.services.doctor import check_custody
from posapp.services.edits import save
from posapp.services.intake import Source, take_in
from posapp.services.line_edits import LineEdit
from posapp.services.publishing import Shop, mark_sending, settle
from posapp.services.sending import read_view
from posapp.services.shop_payments import mark_paid
from posapp.storage.custody import (
    CustodyLedger,
    changes_of,
    custody_ledger,
    orders_of,
    product_changes_of,
)
from posapp.storage.publishing import open_product_rows
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, START, Clock, put_in, remote_order, set_rows
from tests.support.till import RULES, pizza
from tests.support.triggers import drop_trigger

ZONE = ZoneInfo("Asia/Almaty")
STAFF = Source("kathmandu", "staff", "KZT")
ADDRESS = {"street": "25", "city": "Kathmandu", "district": "Baglung", "email": "a@shop.example", "apt": ""}
ALMA = Shop("alma", "KZT")


@contextmanager
def without(store: Store, table: str, first: int, last: int) -> Iterator[CustodyLedger]:
    """Remove rows of a queue by plain SQL, tell the ledger, and put them back."""
    span = (first, last)
    rows = store.all(f"SELECT * FROM {table} WHERE seq BETWEEN ? AND ?", span)  # noqa: S608
    with store.write() as tx:
        tx.execute(f"DELETE FROM {table} WHERE seq BETWEEN ? AND ?", span)  # noqa: S608
    yield ledger(store)
    with store.write() as tx:
        marks = ", ".join("?" * len(rows[0]))
        tx.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608


@pytest.fixture
def made(store: Store) -> dict[str, tuple[str, ...]]:
    """Make every kind of change; rows may be put back without writing themselves down anew."""
    found = a_day(store)
    with store.write() as tx:
        drop_trigger(tx, "change_log_insert", "outbox")
        drop_trigger(tx, "product_log_insert", "product_outbox")
    return found


def ledger(store: Store) -> CustodyLedger:
    return custody_ledger(store, START - timedelta(days=1), START + timedelta(days=1))


def a_day(store: Store) -> dict[str, tuple[str, ...]]:
    """Make every kind of change, settled and waiting; return by table what each row is of."""
    first, second = put_in(store, remote_order("a"), remote_order("b"))
    order = remote_order("12", code="1d07", home="", payment_status=PaymentStatus.UNPAID, **ADDRESS)
    third = take_in(store, STAFF, [order], "counter-1").seen[0][0]
    orders.move(store, first, Status.ACCEPTED, ANNA)
    orders.move(store, first, Status.COOKING, ANNA)
    set_rows(store, first, "confirmed")
    with store.write() as tx:
        tx.execute("UPDATE orders SET shadow = status WHERE pk = ?", (first,))
    save(store, third, {"street": "7"}, ANNA, ZONE)
    save(store, third, {}, ANNA, ZONE, lines=[LineEdit(3, place=0)])
    orders.move(store, second, Status.ACCEPTED, ANNA)
    mark_paid(store, third, RULES, ANNA)
    item = catalogue.save_product(store, pizza(), "KZT", ANNA, shops=[ALMA])
    mark_sending(store, open_product_rows(store, "alma"))
    settle(store, "alma", [Published(open_product_rows(store, "alma"))], "counter-1")
    catalogue.save_product(store, replace(item, title="Anew"), "KZT", ANNA, shops=[ALMA])
    orders.move(store, second, Status.CANCELLED, ANNA)
    save(store, third, {"street": "9"}, ANNA, ZONE)
    names = dict(store.all("SELECT pk, code FROM orders"))
    return {
        "outbox": tuple(names[row[0]] for row in store.all("SELECT order_pk FROM outbox ORDER BY seq")),
        "product_outbox": tuple(
            row[0] for row in store.all("SELECT internal_id FROM product_outbox ORDER BY seq")
        ),
    }


def test_a_row_that_is_lost_is_missed_and_named_whatever_it_was_and_wherever(
    store: Store, made: dict[str, tuple[str, ...]]
) -> None:
    assert ledger(store).adds_up
    assert check_custody(store, START).ok
    kinds = {row[0] for row in store.all("SELECT kind FROM change_log")}
    assert kinds == {"status", "fields"}
    assert len(made["outbox"]) >= 8

    for table, names in made.items():
        for seq, name in enumerate(names, start=1):
            with without(store, table, seq, seq) as found:
                assert (found.missing_changes, found.missing_orders) == (1, 0), (table, seq)
                assert [one.name for one in found.lost] == [name]
                check = check_custody(store, START)
                assert not check.ok
                assert name in check.detail
    assert ledger(store).adds_up


@pytest.mark.parametrize("table", ["outbox", "product_outbox"])
def test_all_that_is_newest_may_be_lost_and_all_of_it_is_missed(
    store: Store, made: dict[str, tuple[str, ...]], table: str
) -> None:
    count = len(made[table])
    for seq in range(1, count + 1):
        with without(store, table, seq, count) as found:
            assert found.missing_changes == count - seq + 1


def test_the_number_of_a_lost_change_is_not_given_to_the_next(store: Store) -> None:
    a_day(store)
    with store.write() as tx:
        tx.execute("DELETE FROM outbox WHERE seq = (SELECT max(seq) FROM outbox)")
        tx.execute("DELETE FROM product_outbox WHERE seq = (SELECT max(seq) FROM product_outbox)")

    (other,) = put_in(store, remote_order("c"))
    orders.move(store, other, Status.ACCEPTED, ANNA)
    catalogue.save_product(store, pizza(internal_id="p-2"), "KZT", ANNA, shops=[ALMA])

    found = ledger(store)
    assert found.missing_changes == 2
    assert [one.what for one in found.lost] == ["fields", "product"]
    assert {one.name for one in found.lost} == {"1d07", "p-1"}


def test_an_order_that_is_lost_with_its_changes_is_missed(store: Store) -> None:
    a_day(store)
    (last,) = put_in(store, remote_order("z"))
    orders.move(store, last, Status.ACCEPTED, ANNA)
    with store.write() as tx:
        tx.execute("DELETE FROM orders WHERE pk = ?", (last,))
    found = ledger(store)
    assert (found.missing_orders, found.missing_changes) == (1, 1)
    assert [one.name for one in found.lost] == [""]


def test_nobody_rewrites_the_log(store: Store) -> None:
    a_day(store)
    for sql in ("DELETE FROM change_log", "UPDATE change_log SET order_pk = 0", "DELETE FROM product_log"):
        with pytest.raises(Exception, match=r"[Ll]og|saved|database"), store.write() as tx:
            tx.execute(sql)
    assert ledger(store).adds_up


def test_a_figure_opens_changes_of_orders_and_of_products(store: Store) -> None:
    a_day(store)
    found = ledger(store)
    listed = {
        name: len(changes_of(store, found, name)) + len(product_changes_of(store, found, name))
        for name in found.changes
    }
    assert listed == found.changes
    assert sum(listed.values()) == found.made
    assert len(product_changes_of(store, found, "waiting")) == 1


def gone(store: Store, remote_id: str) -> int:
    """Let the shop say twice that there is no such order."""
    (pk,) = put_in(store, remote_order(remote_id))
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    with store.write() as tx:
        view = read_view(tx, pk)
        assert view is not None
        settlement.apply(tx, view, [Missing(tx.now), Dead("There is no such order.")], "counter-1")
    return pk


def test_orders_that_were_closed_because_the_shop_lost_them_are_a_figure_of_their_own(store: Store) -> None:
    plain, taken, given_up, waits = (*put_in(store, remote_order("p")), *(gone(store, x) for x in "abc"))
    orders.move(store, plain, Status.CANCELLED, ANNA)
    conflicts.resolve(store, taken, "theirs", ANNA)
    made = decisions.give_up(store, given_up, "the customer is served", ANNA, hold=True)

    found = ledger(store)
    assert found.orders == {"delivered": 0, "cancelled": 1, "gone": 2, "open": 1}
    assert found.adds_up
    assert orders_of(store, found, "gone") == (given_up, taken)
    assert orders_of(store, found, "cancelled") == (plain,)
    assert orders_of(store, found, "open") == (waits,)

    decisions.take_back(store, made, ANNA)
    assert ledger(store).orders["gone"] == 1


def test_a_shift_does_not_close_silently_over_a_lost_change(store: Store, clock: Clock) -> None:
    shifts.open_shift(store, Decimal(0), RULES, ANNA)
    clock.pass_by(minutes=1)
    made = a_day(store)["outbox"]
    assert shifts.x_report(store, ANNA).custody.is_sound
    with store.write() as tx:
        tx.execute("DELETE FROM outbox WHERE seq = ?", (len(made),))

    report = shifts.x_report(store, ANNA)
    assert report.custody.changes_lost == (made[-1],)
    assert f"Changes are missing: {made[-1]}" in to_json(lay_out_report(report, ZONE))
    with pytest.raises(RefusedError):
        shifts.close_shift(store, Counted(sum=report.expected_cash), ANNA)
