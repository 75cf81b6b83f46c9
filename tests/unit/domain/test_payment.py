"""Payments: what is paid and due adds up, change is exact, and no more goes back than came."""

from __future__ import annotations

import contextlib
import random
from dataclasses import replace
from decimal import Decimal

import pytest

from posapp.domain.errors import RefusedError
from posapp.domain.payment import (
    Balance,
    Payment,
    PaymentKind,
    Tender,
    balance,
    full_refund,
    line_refund,
    quick_cash,
    refund,
    returned_quantities,
    reversal,
    round_cash,
    split_evenly,
    take,
)
from posapp.domain.sale import price_sale
from posapp.domain.status import PaymentMethod
from tests.support.carts import Case, cases, how_many

CASH, CARD = PaymentMethod.CASH, PaymentMethod.CARD
ZERO = Decimal("0")
SEED = 20_260_306


def d(text: str) -> Decimal:
    return Decimal(text)


class Till:
    """Takes and gives back by chance, and checks after each step that everything adds up."""

    def __init__(self, case: Case, chance: random.Random) -> None:
        self.case = case
        self.chance = chance
        self.total = price_sale(case.sale, case.currency).total
        self.rows: list[Payment] = []

    @property
    def now(self) -> Balance:
        return balance(self.total, self.rows)

    def add(self, *new: Payment) -> None:
        self.rows += [replace(row, pk=len(self.rows) + index + 1) for index, row in enumerate(new)]
        now = self.now
        assert now.paid - now.refunded + now.due == self.total - now.returned
        assert 0 <= now.refundable <= now.paid
        assert now.returned <= now.refunded
        for row in new:
            assert {type(getattr(row, name)) for name in ("amount", "rounding", "tip", "change")} == {Decimal}
            if row.kind is PaymentKind.PAYMENT:
                assert row.tendered == row.received + row.change
                assert row.change >= 0
                if row.method is CASH and self.case.step:
                    assert row.received % self.case.step == 0
                else:
                    assert row.rounding == 0

    def pay(self) -> None:
        due = self.now.due
        part = (
            None
            if self.chance.random() < 0.5
            else Decimal(self.chance.randrange(1, int(due * 100) + 1)).scaleb(-2)
        )
        method = self.chance.choice((CASH, CARD))
        tip = Decimal(self.chance.randrange(300)) if self.chance.random() < 0.2 else ZERO
        collect = (due if part is None else part) + tip
        collect = round_cash(collect, self.case.step) if method is CASH else collect
        more = Decimal(self.chance.randrange(5_000)) if method is CASH else ZERO
        tender = Tender(method, part, collect + more, tip=tip)
        row = take(tender, due, self.case.currency, cash_step=self.case.step, tips=True)
        assert row.change == more
        self.add(row)

    def give_back(self) -> None:
        left = self.now.refundable
        amount = Decimal(self.chance.randrange(1, int(left * 100) + 1)).scaleb(-2)
        method = self.chance.choice((CASH, CARD))
        currency, step = self.case.currency, self.case.step
        try:
            self.add(refund(self.rows, self.total, amount, method, currency, reason="cold", cash_step=step))
        except RefusedError:
            assert method is CARD

    def take_back(self) -> None:
        row = self.chance.choice(self.rows)
        with contextlib.suppress(RefusedError):
            self.add(reversal(self.rows, row.pk, "typed wrong"))


def test_payments_and_what_is_due_are_the_total_whatever_happens() -> None:
    chance = random.Random(SEED)
    for case in cases(how_many(2_000), SEED):
        till = Till(case, chance)
        assert till.now.due == till.total
        for _ in range(chance.randrange(1, 6)):
            acts = [till.pay] * (till.now.due > 0) * 3 + [till.give_back] * (till.now.refundable > 0)
            acts += [till.take_back] * bool(till.rows)
            if acts:
                chance.choice(acts)()
        if till.now.refundable > 0:
            till.add(*full_refund(till.rows, till.total, case.currency, reason="all", cash_step=case.step))
            assert till.now.refundable == 0


def test_exact_cash_closes_the_order() -> None:
    row = take(Tender(CASH), d("5130.72"), "KZT", cash_step=d("1"))

    assert (row.amount, row.rounding, row.received, row.change) == (
        d("5130.72"),
        d("0.28"),
        d("5131.00"),
        ZERO,
    )
    assert balance(d("5130.72"), [row]).status == "paid"


@pytest.mark.parametrize(
    ("tender", "field", "words"),
    [
        (Tender(CASH, tendered=d("99.99")), "tendered", "missing"),
        (Tender(CARD, tendered=d("200")), "tendered", "no change"),
        (Tender(CASH, d("100.01")), "amount", "Only"),
        (Tender(CASH, d("0")), "amount", "not an amount"),
        (Tender(CASH, d("-5")), "amount", "not an amount"),
        (Tender(CASH, d("0.001")), "amount", "not an amount"),
        (Tender(CASH, tip=d("5")), "tip", "switched off"),
        (Tender(CARD, reference="x" * 201), "reference", "200"),
    ],
)
def test_what_cannot_be_taken(tender: Tender, field: str, words: str) -> None:
    with pytest.raises(RefusedError) as caught:
        take(tender, d("100"), "KZT")
    assert words in caught.value.fields[field]


def test_nothing_is_taken_when_nothing_is_due() -> None:
    with pytest.raises(RefusedError, match="Nothing is due"):
        take(Tender(CASH), ZERO, "KZT")


def paid(*rows: tuple[PaymentMethod, str]) -> list[Payment]:
    return [
        Payment(PaymentKind.PAYMENT, method, d(amount), pk=index)
        for index, (method, amount) in enumerate(rows, start=1)
    ]


def test_no_more_goes_back_than_came_and_not_onto_another_card() -> None:
    rows = paid((CASH, "60"), (CARD, "40"))
    with pytest.raises(RefusedError, match="At most"):
        refund(rows, d("100"), d("100.01"), CASH, "KZT", reason="x")
    with pytest.raises(RefusedError, match="By card only"):
        refund(rows, d("100"), d("40.01"), CARD, "KZT", reason="x")
    with pytest.raises(RefusedError, match="Say why"):
        refund(rows, d("100"), d("1"), CASH, "KZT", reason=" ")

    back = full_refund(rows, d("100"), "KZT", reason="burnt")
    assert [(row.method, row.amount) for row in back] == [(CARD, d("-40.00")), (CASH, d("-60.00"))]
    after = balance(d("100"), [*rows, *back])
    assert (after.status.value, after.due, after.refundable) == ("refunded", ZERO, ZERO)
    with pytest.raises(RefusedError, match="Nothing was paid"):
        full_refund([*rows, *back], d("100"), "KZT", reason="again")


def test_giving_an_overpayment_back_leaves_the_order_paid() -> None:
    rows = paid((CASH, "100"))
    back = refund(rows, d("70"), d("30"), CASH, "KZT", reason="one dish less")

    assert back.returned == 0
    after = balance(d("70"), [*rows, back])
    assert (after.due, after.status.value) == (Decimal(0), "paid")


def test_a_mistaken_payment_is_taken_back_once() -> None:
    rows = paid((CASH, "100"))
    back = replace(reversal(rows, 1, "wrong table"), pk=2)

    assert balance(d("100"), [*rows, back]).due == d("100")
    assert balance(d("100"), [*rows, back]).status == "unpaid"
    for pk in (1, 2):
        with pytest.raises(RefusedError, match="already"):
            reversal([*rows, back], pk, "again")
    with pytest.raises(RefusedError, match="no such"):
        reversal(rows, 9, "x")


def test_a_payment_that_was_given_back_in_part_is_not_taken_back() -> None:
    rows = paid((CASH, "100"))
    rows.append(replace(refund(rows, d("100"), d("30"), CASH, "KZT", reason="x"), pk=2))
    with pytest.raises(RefusedError, match="given back already"):
        reversal(rows, 1, "wrong table")


def test_a_refund_that_is_taken_back_counts_no_more() -> None:
    rows = paid((CASH, "100"))
    rows.append(
        replace(refund(rows, d("100"), d("30"), CASH, "KZT", reason="x", lines=((0, 1, d("30")),)), pk=2)
    )
    assert returned_quantities(rows) == {0: 1}
    rows.append(replace(reversal(rows, 2, "kept it after all"), pk=3))

    assert returned_quantities(rows) == {0: 0}
    assert balance(d("100"), rows) == Balance(d("100"), d("100"), ZERO, ZERO, ZERO, ZERO, ZERO)


def test_pieces_given_back_one_by_one_come_to_the_whole_line() -> None:
    chance = random.Random(SEED)
    for _ in range(1_000):
        quantity = chance.randrange(1, 30)
        total = Decimal(chance.randrange(100_000)).scaleb(-2)
        before, sums = 0, ZERO
        while before < quantity:
            count = chance.randrange(1, quantity - before + 1)
            sums += line_refund(total, quantity, before, count, "KZT")
            before += count
        assert sums == total


@pytest.mark.parametrize(
    ("amount", "step", "rounded"),
    [
        ("123.40", "1", "123"), ("123.50", "1", "124"), ("0.40", "1", "0"), ("7.5", "5", "10"),
        ("123.42", "0.05", "123.40"), ("9.99", "0", "9.99"),
    ],
)  # fmt: skip
def test_cash_is_rounded_half_up_to_its_step(amount: str, step: str, rounded: str) -> None:
    assert round_cash(d(amount), d(step)) == d(rounded)


def test_splitting_between_people_loses_nothing() -> None:
    assert split_evenly(d("100.00"), 3, "KZT") == (d("33.34"), d("33.33"), d("33.33"))
    assert split_evenly(d("0.01"), 2, "KZT") == (d("0.01"), d("0.00"))
    with pytest.raises(ValueError, match="nobody"):
        split_evenly(d("1"), 0, "KZT")


def test_quick_notes_are_exact_first_then_what_people_hand_over() -> None:
    assert quick_cash(d("5130.72"), "KZT", cash_step=d("1")) == (
        d("5131"),
        d("6000"),
        d("10000"),
        d("20000"),
    )
    assert quick_cash(d("6470"), "KZT")[1:] == (d("7000"), d("10000"), d("20000"))
    assert quick_cash(d("12600"), "KZT")[1:] == (d("13000"), d("15000"), d("20000"))
    assert quick_cash(d("123456789"), "KZT")[1] == d("123457000"), "no end of notes is too much"
    assert quick_cash(d("1000"), "NPR") == (d("1000"),)
    assert quick_cash(d("17.20"), "USD")[:3] == (d("17.20"), d("20"), d("50"))
