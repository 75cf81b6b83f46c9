"""Receipts of what was sold at the counter, and the reports of a shift, from the real tables."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from posapp.domain.discount import Discount, DiscountKind
from posapp.domain.errors import RefusedError
from posapp.domain.payment import Tender
from posapp.domain.shift import Counted, MoveKind
from posapp.domain.status import PaymentMethod
from posapp.printing.document import Document, from_json, to_json
from posapp.printing.layout import composer
from posapp.printing.reports import lay_out_report, report_title
from posapp.services import counter, payments, shifts
from posapp.services.printing import print_report, queue_receipt
from posapp.services.sale_tickets import with_receipt
from posapp.storage.printing import job_rows
from posapp.storage.store import Store, Transaction
from tests.support.shop_orders import ANNA
from tests.support.till import CASH, RULES, a_line, a_sale

ALMATY = ZoneInfo("Asia/Almaty")
COMPOSE = composer(ALMATY)


def lines(document: Document) -> list[str]:
    blocks = document.blocks
    return [" ".join(f"{block.left} {block.right}".replace("\u00a0", " ").split()) for block in blocks]


def test_a_sale_its_payment_and_its_receipt_are_one(store: Store) -> None:
    off = Discount(DiscountKind.AMOUNT, Decimal("100"), promo="friends")
    sale = a_sale(a_line(quantity=2, tax_percent=Decimal("12")), discounts=(off,))

    def with_receipt(tx: Transaction, done: counter.Sold) -> None:
        queue_receipt(tx, done.pk, "front", ANNA, COMPOSE, drawer=True)

    sold = counter.sell(store, sale, RULES, ANNA, tenders=[CASH], also=with_receipt)

    [job] = job_rows(store)
    assert (job.order_pk, job.drawer, job.title) == (sold.pk, True, f"Receipt {sold.code}")
    text = lines(from_json(job.payload))
    for line in ("Items 5 200", "friends −100", "TOTAL 5 100 ₸", "including tax 12 % 546.43", "Cash 5 100"):
        assert line in text
    assert any(line.startswith("2 x ") and line.endswith(" 5 200") for line in text)
    assert "STILL TO PAY" not in " ".join(text)


def test_no_receipt_is_queued_without_its_payment(store: Store) -> None:
    def fail(tx: object, done: object) -> None:
        raise RefusedError("The terminal said no.")

    with pytest.raises(RefusedError):
        counter.sell(store, a_sale(), RULES, ANNA, tenders=[CASH], also=fail)

    assert job_rows(store) == ()
    assert store.one("SELECT count(*) FROM payments") == (0,)


def test_a_sale_that_is_paid_later_says_so(store: Store) -> None:
    sold = counter.sell(store, a_sale(a_line("700")), RULES, ANNA)

    with store.write() as tx:
        queue_receipt(tx, sold.pk, "front", ANNA, COMPOSE)

    text = lines(from_json(job_rows(store)[0].payload))
    assert text[-4:-2] == ["TO PAY 700", "Not paid yet"]


def test_a_refund_by_line_has_a_receipt_of_its_own(store: Store) -> None:
    sale = a_sale(a_line("1000", 2, title="Plov"), a_line("500", title="Tea"))
    sold = counter.sell(store, sale, RULES, ANNA, tenders=[Tender(PaymentMethod.CARD, reference="0077")])
    also = with_receipt("front", ANNA, COMPOSE)
    payments.refund_lines(store, sold.pk, [(0, 1)], RULES, ANNA, reason="cold", also=also)
    payments.refund_order(store, sold.pk, RULES, ANNA, reason="all of it", also=also)

    last, first = job_rows(store)
    assert (first.title, first.drawer, first.is_copy) == (f"Refund {sold.code}", True, False)
    assert lines(from_json(first.payload))[3:-2] == [
        "", "1 x Plov 1 000", "", "GIVEN BACK 1 000 ₸", "Cash, back 1 000", "Reason: cold", "",
        "The order came to 2 500", "It comes to now 1 500", "Paid, all in all 1 500",
    ]  # fmt: skip
    assert not last.is_copy
    text = lines(from_json(last.payload))
    assert text[4:7] == ["GIVEN BACK 1 500 ₸", "Card, back 1 500", "Reason: all of it"]
    assert "It comes to now 0" in text

    with store.write() as tx:
        queue_receipt(tx, sold.pk, "front", ANNA, COMPOSE)
    whole = job_rows(store)[0]
    assert not whole.is_copy
    assert "It comes to now 0" in lines(from_json(whole.payload))


def test_x_and_z_are_printed_with_their_numbers_and_again_as_copies(store: Store) -> None:
    shifts.open_shift(store, Decimal(10_000), RULES, ANNA)
    counter.sell(store, a_sale(a_line("2600")), RULES, ANNA, tenders=[CASH])
    shifts.move_cash(store, MoveKind.OUT, Decimal(600), "to the bank", ANNA)
    x = shifts.x_report(store, ANNA)
    z = shifts.close_shift(store, Counted(sum=Decimal(11_990)), ANNA, reason="coins lost")

    assert report_title(x) == "X 1 of shift 1"
    text = lines(lay_out_report(z, ALMATY))
    for line in (
        "Z 1", "Sales 1", "TOTAL 2 600 ₸", "Cash: 1 2 600", "At the beginning 10 000", "to the bank −600",
        "Expected 12 000", "Counted 11 990", "Short −10", "Reason: coins lost", "Arrived 1",
    ):  # fmt: skip
        assert line in text
    payload = to_json(lay_out_report(z, ALMATY))
    first = print_report(store, report_title(z), payload, "front", ANNA)
    again = print_report(store, report_title(z), payload, "front", ANNA, copy=True)
    assert [(job.pk, job.copy_of) for job in job_rows(store)] == [(again, first), (first, None)]
