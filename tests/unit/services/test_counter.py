"""Selling at the counter: drafts that stay, one transaction per sale, codes that are never given twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from posapp.domain.catalogue import Product
from posapp.domain.discount import Discount, DiscountKind
from posapp.domain.errors import RefusedError, StaleOrderError, StorageError, UnknownOrderError
from posapp.domain.payment import Tender
from posapp.domain.people import NotAllowedError, Right, Role
from posapp.domain.sale import Buyer, Sale, SaleLine, SaleModifier
from posapp.domain.status import PaymentMethod, Status
from posapp.domain.timing import Targets
from posapp.domain.who import Who
from posapp.services import catalogue, counter, orders, payments, people
from posapp.storage.database import open_store
from posapp.storage.details import order_detail
from posapp.storage.sales import customers_like, drafts, payments_of, sale_record
from posapp.storage.server import Server
from posapp.storage.store import Store, Transaction
from tests.support.shop_orders import ANNA, START, Clock, order_fact, put_in, remote_order
from tests.support.till import CARD, CASH, RULES, a_line, a_sale, events, sums

BAR = Who("boris", "bar")


def test_a_sale_is_an_order_that_nobody_has_to_accept(store: Store) -> None:
    sold = counter.sell(store, a_sale(a_line(quantity=2)), RULES, ANNA, tenders=[CASH])

    detail = order_detail(store, sold.pk, Targets())
    assert detail is not None
    row = detail.row
    assert (row.code, row.status, row.sync, row.remote, row.source, row.kind) == (
        "C1-001", "accepted", "local", None, "counter", "pickup",
    )  # fmt: skip
    assert (row.total, row.payment_status, row.payment_method) == ("5200.00", "paid", "cash")
    assert not row.unacknowledged
    assert row.age_from == START
    (line,) = detail.lines
    assert (line.title, line.quantity, line.unit_price, line.total) == (
        "Маргарита", 2, Decimal("2600.00"), Decimal("5200.00"),
    )  # fmt: skip
    assert [event.kind for event in detail.events] == ["sold", "paid"]
    assert detail.queue == ()


def test_its_status_moves_like_any_other_and_is_undone(store: Store) -> None:
    sold = counter.sell(store, a_sale(), RULES, ANNA)
    orders.move(store, sold.pk, Status.COOKING, ANNA)
    orders.undo(store, sold.pk, ANNA)
    assert order_fact(store, sold.pk, "status") == "accepted"
    orders.move(store, sold.pk, Status.COOKING, ANNA)
    orders.move(store, sold.pk, Status.DELIVERED, ANNA)

    assert order_fact(store, sold.pk, "sync") == "local"
    assert sums(store, "outbox") == 0


def test_all_of_a_cart_is_on_the_order(store: Store) -> None:
    sale = Sale(
        lines=(
            a_line(
                "2600",
                2,
                internal_id="p-1",
                modifiers=(SaleModifier("L", Decimal("300"), "l-1"),),
                notes="hot",
            ),
            a_line("500", title="Чай", tax_percent=Decimal("12")),
        ),
        kind="delivery",
        table="",
        buyer=Buyer("Айгерим", "+7 701 234-18-06", street="пр. Абая", home="52", apt="7"),
        comment="no\x00 onions",
        discounts=(Discount(DiscountKind.PERCENT, Decimal("10"), promo="friends"),),
        delivery_cost=Decimal("800"),
        due_at=(START + timedelta(hours=2)).isoformat(),
        payment_method="card",
    )
    sold = counter.sell(store, sale, RULES, ANNA)

    detail = order_detail(store, sold.pk, Targets())
    assert detail is not None
    assert detail.row.status == "timing"
    assert detail.row.due_at == START + timedelta(hours=2)
    assert detail.row.address == "пр. Абая, 52, кв. 7"
    assert (detail.row.comment, detail.row.payment_method) == ("no onions", "card")
    assert (detail.products_total, detail.delivery_cost) == (Decimal("5670.00"), Decimal("800.00"))
    assert detail.row.total == "6470.00"
    assert detail.lines[0].additions == ("L",)
    assert detail.lines[0].total == Decimal("5220.00")
    assert detail.lines[0].notes == "hot"
    record = sale_record(store, sold.pk)
    assert record is not None
    assert (record.gross, record.discount, record.tax) == (
        Decimal("6300.00"), Decimal("630.00"), Decimal("48.21"),
    )  # fmt: skip
    assert record.sale == replace(sale, comment="no onions")
    assert [(row.name, row.phone, row.address, row.orders) for row in customers_like(store, "234-18")] == [
        ("Айгерим", "+7 701 234-18-06", "пр. Абая, 52, кв. 7", 1)
    ]
    assert [row.name for row in customers_like(store, "айг")] == ["Айгерим"]
    assert customers_like(store, "zz") == ()


def test_codes_run_on_by_station_and_the_day_is_counted_beside(store: Store, clock: Clock) -> None:
    first = counter.sell(store, a_sale(), RULES, ANNA)
    second = counter.sell(store, a_sale(), RULES, ANNA)
    bar = counter.sell(store, a_sale(), replace(RULES, prefix="B"), BAR)
    clock.pass_by(days=1)
    third = counter.sell(store, a_sale(), RULES, ANNA)

    assert [sold.code for sold in (first, second, bar, third)] == ["C1-001", "C1-002", "B-001", "C1-003"]
    assert [sold.number_of_day for sold in (first, second, bar, third)] == [1, 2, 1, 1]
    record = sale_record(store, third.pk)
    assert record is not None
    assert (record.day, record.number) == ("2026-03-06", 3)


def test_the_day_is_that_of_the_shop(store: Store, clock: Clock) -> None:
    clock.pass_by(hours=7)  # 19:00 UTC is the next day in Almaty

    record = sale_record(store, counter.sell(store, a_sale(), RULES, ANNA).pk)
    assert record is not None
    assert record.day == "2026-03-06"


def test_a_code_that_a_shop_uses_is_passed_over(store: Store) -> None:
    put_in(store, remote_order("r1", code="C1-001"))

    assert counter.sell(store, a_sale(), RULES, ANNA).code == "C1-002"


def test_a_cart_that_makes_no_sense_is_not_sold(store: Store) -> None:
    bad = Sale(
        lines=(a_line("2600.001"), a_line("5", 0), a_line("5", title=" ")),
        kind="delivery",
        discounts=(Discount(DiscountKind.AMOUNT, Decimal("5")),),
        due_at="2020-01-01T00:00:00Z",
        delivery_cost=Decimal("-1"),
        buyer=Buyer(phone="7" * 65),
    )
    with pytest.raises(RefusedError) as caught:
        counter.sell(store, bad, RULES, ANNA)

    assert set(caught.value.fields) == {
        "lines[0].unit_price", "lines[1].quantity", "lines[2].title", "address", "discounts[0]", "due_at",
        "delivery_cost", "phone",
    }  # fmt: skip
    with pytest.raises(RefusedError, match="nothing in the cart"):
        counter.sell(store, Sale(), RULES, ANNA)
    assert (sums(store, "orders"), sums(store, "sale_numbers")) == (0, 0)


def test_a_sale_whose_payment_fails_is_not_there(store: Store) -> None:
    draft = counter.save_draft(store, "", a_sale(), ANNA)
    with pytest.raises(RefusedError, match="missing"):
        counter.sell(
            store, a_sale(), RULES, ANNA, draft_id=draft.id,
            tenders=[Tender(PaymentMethod.CASH, tendered=Decimal("2000"))],
        )  # fmt: skip

    assert [sums(store, name) for name in ("orders", "sales", "payments", "sale_entries", "drafts")] == [
        0, 0, 0, 0, 1,
    ]  # fmt: skip


def test_what_belongs_to_a_sale_is_written_with_it_or_not_at_all(store: Store) -> None:
    seen: list[str] = []

    def ticket(tx: Transaction, sold: counter.Sold) -> None:
        seen.append(sold.code)
        assert tx.one("SELECT code FROM orders WHERE pk = ?", (sold.pk,)) == (sold.code,)
        raise RefusedError("The layout is broken.")

    with pytest.raises(RefusedError, match="layout"):
        counter.sell(store, a_sale(), RULES, ANNA, tenders=[CASH], also=ticket)
    assert seen == ["C1-001"]
    assert sums(store, "orders") == 0


def test_a_sale_for_nothing_is_paid(store: Store) -> None:
    free = a_sale(discounts=(Discount(DiscountKind.PERCENT, Decimal("100"), "staff"),))
    sold = counter.sell(store, free, RULES, ANNA)

    assert (sold.balance.due, order_fact(store, sold.pk, "payment_status")) == (Decimal(0), "paid")


# -- drafts --------------------------------------------------------------------------------------------


def test_drafts_survive_and_end_with_their_sale(store: Store, server: Server | None, tmp_path: Path) -> None:
    draft = counter.save_draft(store, "", Sale(), ANNA)
    draft = counter.save_draft(store, draft.id, a_sale(), ANNA, label="table 5", held=True)
    other = counter.save_draft(store, "", a_sale(a_line("500")), BAR)
    store.close_thread()
    again = open_store(tmp_path / "data", server=server)

    assert [(row.id, row.label, row.held, row.version) for row in drafts(again, "counter-1")] == [
        (draft.id, "table 5", True, 2)
    ]
    assert {row.id for row in drafts(again)} == {draft.id, other.id}
    assert drafts(again, "counter-1")[0].sale == a_sale()
    counter.sell(again, draft.sale, RULES, ANNA, draft_id=draft.id)
    assert drafts(again, "counter-1") == ()
    again.close_thread()


def test_one_cart_is_not_sold_twice(store: Store) -> None:
    draft = counter.save_draft(store, "", a_sale(), ANNA)
    counter.sell(store, a_sale(), RULES, ANNA, draft_id=draft.id)
    with pytest.raises(StaleOrderError):
        counter.sell(store, a_sale(), RULES, BAR, draft_id=draft.id)
    with pytest.raises(StaleOrderError):
        counter.save_draft(store, draft.id, a_sale(), ANNA)

    assert sums(store, "orders") == 1


def test_a_dropped_cart_can_be_put_back(store: Store) -> None:
    draft = counter.save_draft(store, "", a_sale(), ANNA, label="for Boris")

    was = counter.drop_draft(store, draft.id, ANNA)
    assert was is not None
    assert was.sale == a_sale()
    assert counter.drop_draft(store, draft.id, ANNA) is None
    assert events(store) == ["draft_dropped"]
    assert drafts(store) == ()


def test_a_part_that_was_taken_waits_with_its_cart_and_is_told_until_it_is_sold(store: Store) -> None:
    card = Tender(PaymentMethod.CARD, Decimal(1000), reference="0077")
    cash = Tender(PaymentMethod.CASH, Decimal(500), tendered=Decimal(500))
    draft = counter.save_draft(store, "", a_sale(), ANNA, parts=[card])
    draft = counter.save_draft(store, draft.id, a_sale(), ANNA, parts=[card, cash])
    counter.save_draft(store, draft.id, a_sale(comment="no onions"), ANNA, parts=draft.parts)
    assert [row.parts for row in drafts(store)] == [(card, cash)]
    assert events(store) == ["part_taken", "part_taken"]

    counter.sell(store, a_sale(), RULES, ANNA, tenders=[card, cash, CASH], draft_id=draft.id)
    assert sums(store, "payments") == 3
    assert events(store) == ["part_taken", "part_taken"]


def test_a_part_that_is_dropped_without_a_sale_stays_in_the_history(store: Store) -> None:
    card = Tender(PaymentMethod.CARD, Decimal(1000), reference="0077")
    draft = counter.save_draft(store, "", a_sale(), ANNA, parts=[card])
    counter.save_draft(store, draft.id, a_sale(), ANNA)
    other = counter.save_draft(store, "", a_sale(), ANNA, parts=[card, card])
    counter.drop_draft(store, other.id, ANNA)

    told = store.all("SELECT kind, params FROM events WHERE order_pk IS NULL ORDER BY pk")
    assert [kind for kind, _ in told].count("part_dropped") == 3
    assert all("0077" in params and "1000" in params for kind, params in told if kind.startswith("part"))


# -- edits ---------------------------------------------------------------------------------------------


def test_an_edited_cart_is_priced_anew_and_its_status_stays(store: Store) -> None:
    sold = counter.sell(store, a_sale(a_line(quantity=2)), RULES, ANNA, tenders=[CASH])
    orders.move(store, sold.pk, Status.COOKING, ANNA)
    cart = counter.sale_to_edit(store, sold.pk)
    more = counter.edit_sale(store, sold.pk, replace(cart, lines=(*cart.lines, a_line("500"))), RULES, ANNA)

    assert more.balance.due == Decimal("500.00")
    assert order_fact(store, sold.pk, "payment_status") == "partly_paid"
    assert (order_fact(store, sold.pk, "status"), order_fact(store, sold.pk, "total")) == (
        "cooking",
        "5700.00",
    )
    payments.pay(store, sold.pk, [CARD], RULES, ANNA)
    assert order_fact(store, sold.pk, "payment_status") == "paid"
    assert order_fact(store, sold.pk, "payment_method") == "mixed"

    less = counter.edit_sale(store, sold.pk, a_sale(), RULES, ANNA, reason="changed their mind")
    assert less.balance.due == Decimal("-3100.00")
    took = payments.refund_order(store, sold.pk, RULES, ANNA, reason="less", amount=Decimal("3100"))
    assert took.balance.due == 0
    assert events(store, sold.pk)[-2:] == ["sale_edited", "refunded"]


def test_an_edit_keeps_details_that_were_changed_elsewhere(store: Store) -> None:
    sold = counter.sell(store, a_sale(buyer=Buyer("Anna")), RULES, ANNA)
    with store.write() as tx:
        tx.execute("UPDATE orders SET customer_name = 'Boris' WHERE pk = ?", (sold.pk,))

    assert counter.sale_to_edit(store, sold.pk).buyer.name == "Boris"


def test_a_due_time_that_has_passed_does_not_stand_in_the_way_of_an_edit(store: Store, clock: Clock) -> None:
    sold = counter.sell(store, a_sale(due_at=(START + timedelta(hours=1)).isoformat()), RULES, ANNA)
    clock.pass_by(hours=2)
    cart = counter.sale_to_edit(store, sold.pk)

    edited = counter.edit_sale(store, sold.pk, replace(cart, lines=(a_line("500"),)), RULES, ANNA)
    assert edited.priced.total == Decimal("500.00")


def test_what_may_not_be_edited(store: Store) -> None:
    (remote,) = put_in(store, remote_order("r1"))
    with pytest.raises(UnknownOrderError):
        counter.sale_to_edit(store, remote)
    with pytest.raises(RefusedError, match="not sold here"):
        counter.edit_sale(store, remote, a_sale(), RULES, ANNA)
    sold = counter.sell(store, a_sale(), RULES, ANNA, tenders=[CASH])
    with pytest.raises(StaleOrderError):
        counter.edit_sale(store, sold.pk, a_sale(), RULES, ANNA, expected_version=99)
    payments.refund_order(store, sold.pk, RULES, ANNA, reason="cold", amount=Decimal("100"))
    with pytest.raises(RefusedError, match="given back"):
        counter.edit_sale(store, sold.pk, a_sale(), RULES, ANNA)
    other = counter.sell(store, a_sale(), RULES, ANNA)
    orders.move(store, other.pk, Status.CANCELLED, ANNA)
    with pytest.raises(RefusedError, match="already cancelled"):
        counter.edit_sale(store, other.pk, a_sale(), RULES, ANNA)


def test_the_journal_of_payments_cannot_be_changed(store: Store) -> None:
    sold = counter.sell(store, a_sale(), RULES, ANNA, tenders=[CASH])
    for sql in (
        "UPDATE payments SET amount = '1'",
        "DELETE FROM payments",
        "UPDATE sale_entries SET content = ''",
        "DELETE FROM orders",
    ):
        with pytest.raises(StorageError) as caught, store.write() as tx:
            tx.execute(sql)
        assert "never changed" in caught.value.detail or "foreign key" in caught.value.detail.lower()
    assert len(payments_of(store, sold.pk)) == 1


@pytest.mark.parametrize(("percent", "allowed"), [("10", True), ("10.01", False), ("100", False)])
def test_a_discount_beyond_the_limit_is_a_managers(store: Store, percent: str, allowed: bool) -> None:
    boss = people.add_person(store, "Olga", Role.MANAGER, "735928", ANNA)
    manager = people.sign_in(store, boss.id, "735928", ANNA.station).who
    clerk = people.add_person(store, "Aigerim", Role.COUNTER, "1397", manager)
    who = people.sign_in(store, clerk.id, "1397", ANNA.station).who
    rules = replace(RULES, discount_limit=Decimal("10"))
    off = Discount(DiscountKind.PERCENT, Decimal(percent), reason="friend")
    sale = a_sale(a_line("10000"), discounts=(off,))

    if not allowed:
        with pytest.raises(NotAllowedError, match="A discount as big as this needs a manager"):
            counter.sell(store, sale, rules, who)
        assert store.all("SELECT 1 FROM orders") == []
        people.approve(store, boss.id, "735928", Right.BIG_DISCOUNT, who)
    counter.sell(store, sale, rules, who)

    assert len(store.all("SELECT 1 FROM orders")) == 1
    counter.sell(store, sale, rules, manager)


def test_a_price_below_the_menus_is_a_discount_by_another_name(store: Store) -> None:
    boss = people.add_person(store, "Olga", Role.MANAGER, "735928", ANNA)
    manager = people.sign_in(store, boss.id, "735928", ANNA.station).who
    catalogue.save_product(store, Product("tea", "Tea", Decimal("300")), "KZT", manager)
    clerk = people.add_person(store, "Aigerim", Role.COUNTER, "1397", manager)
    who = people.sign_in(store, clerk.id, "1397", ANNA.station).who
    rules = replace(RULES, discount_limit=Decimal("10"))
    fair, cheap = (SaleLine("Tea", Decimal(price), internal_id="tea") for price in ("270", "269"))

    with pytest.raises(NotAllowedError):
        counter.sell(store, a_sale(cheap), rules, who)
    counter.sell(store, a_sale(fair), rules, who)
    counter.sell(store, a_sale(cheap), rules, manager)

    assert len(store.all("SELECT 1 FROM orders")) == 2
