"""Customers are forgotten: everywhere in the database, for ever, and no figure of an old day changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.due import zone_of
from posapp.domain.errors import RefusedError, StorageError
from posapp.domain.payment import Tender
from posapp.domain.privacy import Hold, one_number
from posapp.domain.received import RemoteOrder
from posapp.domain.retention import PrivacyPlan
from posapp.domain.sale import Buyer, Sale, SaleLine
from posapp.domain.status import PaymentMethod, Status
from posapp.domain.who import station_itself
from posapp.services import counter, edits, orders, privacy, shifts
from posapp.services.audit import seal, verify
from posapp.services.intake import take_in, update_details
from posapp.storage.fields import to_us
from posapp.storage.store import Store
from posapp.storage.upkeep import compact
from tests.support.shop_orders import ANNA, SOURCE, Clock, order_fact, put_in, remote_order, set_rows
from tests.support.till import RULES
from tests.unit.services.test_audit import by_hand

UTC = zone_of("UTC")
NAME, PHONE, STREET, NOTE = "Жанна Зорькина", "+7 705 999-88-77", "Секретная 13", "код домофона 4711"
SECRETS = (NAME, "9998877", "999-88-77", "Секретная", "4711", "zhanna@", "Зорькин")
DAYS = 40


def secret_order(remote_id: str, **changes: Any) -> RemoteOrder:
    values: dict[str, Any] = {
        "customer_name": NAME,
        "phone": PHONE,
        "address": STREET,
        "street": STREET,
        "comment": NOTE,
        "email": "zhanna@example.com",
        "raw": f'{{"id": "{remote_id}", "name": "{NAME}", "phone": "{PHONE}"}}',
    }
    return remote_order(remote_id, **{**values, **changes})


def finish(store: Store, pk: int, *, settled: bool = True) -> None:
    for status in (Status.ACCEPTED, Status.COOKING, Status.ONDELIVERY, Status.DELIVERED):
        orders.move(store, pk, status, ANNA, reason=f"{NAME} просила")
    if settled:
        set_rows(store, pk, "confirmed", last_error=f"shop says {NAME}")


def everything(store: Store) -> Iterator[tuple[str, str]]:
    """Yield every text of every table, the search index too."""
    if store.dialect.name == "sqlite":
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    else:
        names = "SELECT tablename FROM pg_tables WHERE tablename NOT LIKE 'posapp%' "
        names += "AND schemaname = current_schema()"
    for (table,) in store.all(names):
        for row in store.all(f"SELECT * FROM {table}"):  # noqa: S608 - of the catalogue
            for value in row:
                if isinstance(value, bytes):
                    yield table, value.decode("utf-8", "replace")
                elif isinstance(value, str):
                    yield table, value


def left(store: Store) -> set[str]:
    """Return where a secret still is."""
    return {table for table, text in everything(store) if any(word in text for word in SECRETS)}


def forget_old(store: Store, clock: Clock) -> privacy.Forgotten:
    return privacy.anonymise(store, clock.now - timedelta(days=30), ANNA)


def test_nothing_tells_of_the_customer_any_more(store: Store, clock: Clock) -> None:
    (pk,) = put_in(store, secret_order("1"))
    edits.save(store, pk, {"comment": f"{NOTE} {NAME}", "phone": "+7 705 999-88-76"}, ANNA, UTC)
    set_rows(store, pk, "confirmed")
    finish(store, pk)
    assert left(store) >= {"orders", "order_raw", "events", "customers", "outbox"}
    clock.pass_by(days=DAYS)

    done = forget_old(store, clock)

    assert (done.orders, dict(done.held)) == (1, {})
    assert left(store) == set()
    assert (order_fact(store, pk, "total"), order_fact(store, pk, "status")) == ("2600.00", "delivered")
    assert order_fact(store, pk, "city") == "Алматы"
    assert store.all("SELECT title, total FROM order_lines") == [("Маргарита", "2600.00")]


@pytest.mark.databases("sqlite")
def test_after_compacting_not_even_the_bytes_of_the_file_tell_of_them(store: Store, clock: Clock) -> None:
    keys = put_in(store, *(secret_order(str(number)) for number in range(60)))
    for pk in keys:
        finish(store, pk)
    clock.pass_by(days=DAYS)
    assert forget_old(store, clock).orders == 60

    compact(store)

    store.close_thread()
    content = b"".join(path.read_bytes() for path in Path(store.data_dir).glob("posapp.db*"))
    assert [word for word in SECRETS if word.encode() in content] == []
    assert "сек".encode() not in content  # a trigram of the search index


def test_the_audit_still_holds_and_still_finds_what_is_changed(store: Store, clock: Clock) -> None:
    first, second = put_in(store, secret_order("1"), secret_order("2", phone="+7 700 111-22-33"))
    finish(store, first)
    clock.pass_by(days=DAYS)
    finish(store, second)
    clock.pass_by(seconds=11)
    seal(store)
    assert forget_old(store, clock).orders == 1
    assert verify(store).problem == ""
    clock.pass_by(seconds=11)
    seal(store)
    orders.acknowledge(store, [second], ANNA)

    found = verify(store)

    assert (found.problem, found.waiting) == ("", 0)
    changed = f"UPDATE events SET actor = 'bob' WHERE order_pk = {first} AND kind = 'moved'"  # noqa: S608
    by_hand(store, changed)
    assert "is not what was written down" in verify(store).problem


def test_only_forgotten_entries_and_only_their_texts_may_change(store: Store, clock: Clock) -> None:
    first, second = put_in(store, secret_order("1"), secret_order("2"))
    finish(store, first)
    clock.pass_by(days=DAYS)
    forget_old(store, clock)
    for statement in (
        f"UPDATE events SET params = '' WHERE order_pk = {second}",  # noqa: S608
        f"UPDATE events SET actor = 'x' WHERE order_pk = {first}",  # noqa: S608
    ):
        with pytest.raises(StorageError), store.write() as tx:
            tx.execute(statement)


def test_a_later_list_of_the_shop_brings_nothing_back(store: Store, clock: Clock) -> None:
    (pk,) = put_in(store, secret_order("1"))
    finish(store, pk)
    clock.pass_by(days=DAYS)
    forget_old(store, clock)

    again = secret_order("1", status="delivered", comment="new words")
    taken = take_in(store, SOURCE, [again], "counter-1")
    with store.write() as tx:
        update_details(tx, pk, again, "counter-1")

    assert (taken.new, [key for key, _ in taken.seen]) == (0, [pk])
    assert left(store) == set()
    put_in(store, secret_order("2"))  # the same customer orders again: that one is known as ever
    assert left(store) >= {"orders", "customers"}
    assert order_fact(store, pk, "customer_name") == ""


def test_what_is_not_finished_in_every_way_waits(store: Store, clock: Clock) -> None:
    numbers = ("open", "unsent", "unread", "printing", "done")
    keys = dict(zip(numbers, put_in(store, *(secret_order(name) for name in numbers)), strict=True))
    for name in ("unread", "printing", "done"):
        finish(store, keys[name])
    finish(store, keys["unsent"], settled=False)
    with store.write() as tx:
        tx.execute(
            "INSERT INTO quarantine(remote, remote_id, reason, raw, digest, first_at, last_at, times) "
            "VALUES ('alma', 'unread', 'x', 'x', 'x', 0, 0, 1)"
        )
        tx.execute(
            "INSERT INTO print_jobs(id, order_pk, revision, section, kind, title, printer, payload, facts, "
            "drawer, again, state, attempts, error, actor, station, created_at) "
            "VALUES ('x', ?, 0, '', 'receipt', 'x', 'front', '{}', '', 0, 0, 'queued', 0, '', 'a', 'b', 0)",
            (keys["printing"],),
        )
    clock.pass_by(days=DAYS)
    before = clock.now - timedelta(days=30)

    seen = privacy.preview(store, before)
    done = privacy.anonymise(store, before, ANNA)

    expected = {Hold.SENDING: 1, Hold.UNREAD: 1, Hold.PRINTING: 1}
    assert (seen.orders, dict(seen.held)) == (1, expected)
    assert (done.orders, dict(done.held)) == (1, expected)
    assert order_fact(store, keys["done"], "customer_name") == ""
    assert {order_fact(store, keys[name], "customer_name") for name in numbers[:-1]} == {NAME}


def sell(store: Store, *, paid: bool) -> int:
    sale = Sale(
        (SaleLine("Tea", Decimal("300"), notes=f"for {NAME}"),),
        kind="delivery",
        buyer=Buyer(name=NAME, phone=PHONE, address=STREET, street=STREET, city="Алматы"),
        comment=NOTE,
    )
    tenders = [Tender(PaymentMethod.CASH, Decimal("300"), person=NAME)] if paid else []
    return counter.sell(store, sale, RULES, ANNA, tenders=tenders).pk


def test_sales_wait_for_their_money_and_their_shift(store: Store, clock: Clock) -> None:
    shifts.open_shift(store, Decimal("0"), RULES, ANNA)
    paid, unpaid = sell(store, paid=True), sell(store, paid=False)
    for pk in (paid, unpaid):
        for status in (Status.COOKING, Status.ONDELIVERY, Status.DELIVERED):
            orders.move(store, pk, status, ANNA)
    clock.pass_by(days=DAYS)

    held = forget_old(store, clock).held
    assert dict(held) == {Hold.SHIFT: 2}
    with store.write() as tx:
        tx.execute("UPDATE shifts SET closed_at = ?", (to_us(clock.now),))
    journals = [store.all(f"SELECT * FROM {name}") for name in ("sale_entries", "cash_moves")]  # noqa: S608
    done = forget_old(store, clock)

    assert (done.orders, dict(done.held)) == (1, {Hold.MONEY: 1})
    assert order_fact(store, paid, "customer_name") == ""
    assert order_fact(store, unpaid, "customer_name") == NAME
    assert store.one("SELECT person, amount FROM payments") == ("", "300.00")
    assert [store.all(f"SELECT * FROM {name}") for name in ("sale_entries", "cash_moves")] == journals  # noqa: S608
    assert NAME not in str(store.one("SELECT cart FROM sales WHERE order_pk = ?", (paid,)))


def test_one_customer_is_forgotten_by_any_spelling_of_the_number(store: Store, clock: Clock) -> None:
    keys = put_in(
        store,
        secret_order("1"),
        secret_order("2", phone="8 (705) 999 88 77"),
        secret_order("3", phone="+7 701 000-00-01", customer_remote_id="8"),
        secret_order("4"),
    )
    for pk in keys[:3]:
        finish(store, pk)

    assert privacy.find_customer(store, "7059998877", ANNA) == (3, {Hold.ACTIVE: 1})
    done = privacy.forget_customer(store, "8 705 999-88-77", ANNA)

    assert (done.orders, dict(done.held)) == (2, {Hold.ACTIVE: 1})
    assert [order_fact(store, pk, "customer_name") for pk in keys] == ["", "", NAME, NAME]
    row = store.one("SELECT params FROM events WHERE kind = 'customer_forgotten'")
    assert row is not None
    assert "705" not in row[0]
    with pytest.raises(RefusedError):
        privacy.forget_customer(store, "12345", ANNA)


def test_carts_that_are_not_sold_forget_the_customer(store: Store) -> None:
    sale = Sale((SaleLine("Tea", Decimal("300")),), buyer=Buyer(name=NAME, phone=PHONE))
    counter.save_draft(store, "", sale, ANNA)

    assert privacy.forget_customer(store, PHONE, ANNA).drafts == 1
    assert left(store) == set()


class Stops:
    """An observer that stops after the first transaction."""

    stopped = False

    def tell(self, _what: str, _count: int) -> None:
        self.stopped = True


def test_what_is_stopped_goes_on_later_and_a_day_is_looked_at_once(store: Store, clock: Clock) -> None:
    keys = put_in(store, *(secret_order(str(number)) for number in range(privacy.AT_ONCE + 3)))
    for pk in keys:
        finish(store, pk)
    clock.pass_by(days=DAYS)
    station, plan = station_itself("counter-1"), PrivacyPlan(30)

    first = privacy.anonymise_due(store, plan, station, observer=Stops())
    second = privacy.anonymise_due(store, plan, station)

    assert first is not None
    assert (first.orders, first.stopped) == (privacy.AT_ONCE, True)
    assert second is not None
    assert (second.orders, second.stopped) == (3, False)
    assert privacy.anonymise_due(store, plan, station) is None
    clock.pass_by(days=1)
    assert privacy.anonymise_due(store, plan, station) is not None
    assert privacy.anonymise_due(store, PrivacyPlan(0), station) is None


def test_numbers_are_one_in_every_spelling() -> None:
    assert {"87059998877", "77059998877", "7059998877"} <= set(one_number("+7 705 999-88-77"))
    assert one_number("234-18-06") == ("2341806",)
    assert one_number("12-34") == ()
