"""Taking money and giving it back, for orders of the counter and of shops."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from posapp.domain.errors import RefusedError, StaleOrderError, UnknownOrderError
from posapp.domain.payment import Tender
from posapp.domain.status import PaymentMethod, Status
from posapp.services import counter, orders, payments
from posapp.storage.sales import payment_lines
from posapp.storage.store import Store, Transaction
from tests.support.shop_orders import ANNA, START, order_fact, put_in, remote_order
from tests.support.till import CARD, CASH, RULES, a_line, a_sale, events

ROUNDED = replace(RULES, cash_step=Decimal("5"), tips=True)


def test_pay_later_in_parts_and_by_several_people(store: Store) -> None:
    sold = counter.sell(store, a_sale(a_line("1003.00")), RULES, ANNA)
    assert order_fact(store, sold.pk, "payment_status") == "unpaid"

    first = Tender(PaymentMethod.CARD, Decimal("500"), person="Aset", reference="12")
    took = payments.pay(store, sold.pk, [first], ROUNDED, ANNA)
    assert (took.balance.due, took.status_changed) == (Decimal("503.00"), True)
    assert order_fact(store, sold.pk, "payment_status") == "partly_paid"
    second = Tender(PaymentMethod.CASH, tendered=Decimal("1000"), tip=Decimal("20"), person="Dana")
    took = payments.pay(store, sold.pk, [second], ROUNDED, ANNA)

    assert (took.change, took.balance.due) == (Decimal("475.00"), Decimal(0))
    assert (order_fact(store, sold.pk, "payment_status"), order_fact(store, sold.pk, "payment_method")) == (
        "paid", "mixed",
    )  # fmt: skip
    lines = payment_lines(store, sold.pk)
    assert [(line.payment.person, line.payment.received, line.actor, line.at) for line in lines] == [
        ("Aset", Decimal("500.00"), "anna", START),
        ("Dana", Decimal("525.00"), "anna", START),
    ]
    with pytest.raises(RefusedError, match="Nothing is due"):
        payments.pay(store, sold.pk, [CASH], RULES, ANNA)


def test_all_tenders_or_none(store: Store) -> None:
    sold = counter.sell(store, a_sale(), RULES, ANNA)
    with pytest.raises(RefusedError):
        payments.pay(store, sold.pk, [CARD, CASH], RULES, ANNA)

    assert payment_lines(store, sold.pk) == ()


def test_a_whole_refund_goes_back_the_way_it_came(store: Store) -> None:
    tenders = [Tender(PaymentMethod.CARD, Decimal("1000"), reference="9"), CASH]
    sold = counter.sell(store, a_sale(), RULES, ANNA, tenders=tenders)
    took = payments.refund_order(store, sold.pk, RULES, ANNA, reason="  burnt ")

    assert [(row.method.value, row.received, row.reason) for row in took.payments] == [
        ("card", Decimal("-1000.00"), "burnt"),
        ("cash", Decimal("-1600.00"), "burnt"),
    ]
    assert order_fact(store, sold.pk, "payment_status") == "refunded"
    assert events(store, sold.pk) == ["sold", "paid", "paid", "refunded", "refunded"]


def test_pieces_are_given_back_no_more_than_there_are(store: Store) -> None:
    sold = counter.sell(store, a_sale(a_line("10.01", 3), a_line("5")), RULES, ANNA, tenders=[CASH])
    took = payments.refund_lines(store, sold.pk, [(0, 1), (1, 1)], RULES, ANNA, reason="cold")
    assert took.payments[0].amount == Decimal("-15.01")
    assert order_fact(store, sold.pk, "payment_status") == "paid"
    took = payments.refund_lines(store, sold.pk, [(0, 2)], RULES, ANNA, reason="cold")

    assert took.balance.refundable == 0
    for wrong in ([(0, 1)], [(1, 0)], [(7, 1)]):
        with pytest.raises(RefusedError):
            payments.refund_lines(store, sold.pk, wrong, RULES, ANNA, reason="cold")


def test_one_line_named_twice_is_counted_twice(store: Store) -> None:
    sold = counter.sell(store, a_sale(a_line("10", 3)), RULES, ANNA, tenders=[CASH])
    with pytest.raises(RefusedError):
        payments.refund_lines(store, sold.pk, [(0, 2), (0, 2)], RULES, ANNA, reason="x")

    assert payments.refund_lines(
        store, sold.pk, [(0, 2), (0, 1)], RULES, ANNA, reason="x"
    ).balance.refunded == Decimal("30.00")


def test_a_mistake_is_taken_back_by_a_row_of_its_own(store: Store) -> None:
    sold = counter.sell(store, a_sale(), RULES, ANNA, tenders=[CARD])
    (paid,) = sold.payments
    payments.reverse(store, sold.pk, paid.pk, RULES, ANNA, reason="was cash")

    assert order_fact(store, sold.pk, "payment_status") == "unpaid"
    payments.pay(store, sold.pk, [CASH], RULES, ANNA)
    assert order_fact(store, sold.pk, "payment_method") == "cash"
    assert [line.payment.kind.value for line in payment_lines(store, sold.pk)] == [
        "payment", "reversal", "payment",
    ]  # fmt: skip
    with pytest.raises(RefusedError, match="already"):
        payments.reverse(store, sold.pk, paid.pk, RULES, ANNA, reason="again")


def test_somebody_was_faster(store: Store) -> None:
    sold = counter.sell(store, a_sale(), RULES, ANNA)
    version = int(order_fact(store, sold.pk, "version"))
    payments.pay(store, sold.pk, [CASH], RULES, ANNA, expected_version=version)
    with pytest.raises(StaleOrderError):
        payments.refund_order(store, sold.pk, RULES, ANNA, reason="x", expected_version=version)
    with pytest.raises(UnknownOrderError):
        payments.pay(store, 999, [CASH], RULES, ANNA)


def test_a_cancelled_order_takes_no_money_but_gives_it_back(store: Store) -> None:
    sold = counter.sell(store, a_sale(), RULES, ANNA, tenders=[CASH])
    unpaid = counter.sell(store, a_sale(), RULES, ANNA)
    for pk in (sold.pk, unpaid.pk):
        orders.move(store, pk, Status.CANCELLED, ANNA)
    with pytest.raises(RefusedError, match="cancelled"):
        payments.pay(store, unpaid.pk, [CASH], RULES, ANNA)

    assert payments.refund_order(store, sold.pk, RULES, ANNA, reason="left").balance.refundable == 0


# -- orders of shops -----------------------------------------------------------------------------------


def test_cash_is_collected_on_delivery_whatever_the_shop_says(store: Store) -> None:
    cash, card = put_in(
        store,
        remote_order("r1", payment_method="cash", payment_status="paid"),
        remote_order("r2", payment_method="card", payment_status="paid"),
    )
    assert payments.account(store, cash).balance.due == Decimal("2600.00")
    assert payments.account(store, card).balance.due == 0

    took = payments.pay(store, cash, [CASH], RULES, ANNA)
    assert took.balance.status == "paid"
    assert payments.account(store, cash).balance.due == 0
    assert order_fact(store, cash, "payment_status") == "paid"
    assert events(store, cash)[-1] == "paid"


def test_the_shop_is_told_in_the_same_transaction(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1", payment_method="card", payment_status="unpaid"))
    told: list[tuple[str | None, str]] = []

    def tell(tx: Transaction, took: payments.Took) -> None:
        assert tx.one("SELECT count(*) FROM payments WHERE order_pk = ?", (took.pk,)) == (1,)
        if took.status_changed:
            told.append((took.remote, took.balance.status.value))

    payments.pay(store, pk, [CARD], RULES, ANNA, also=tell)
    assert told == [("alma", "paid")]
    # What the shop says of its order stays until it says otherwise.
    assert order_fact(store, pk, "payment_status") == "unpaid"


def test_a_total_that_is_no_amount_is_not_collected(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1", total="free"))
    with pytest.raises(RefusedError, match="free"):
        payments.pay(store, pk, [CASH], RULES, ANNA)
