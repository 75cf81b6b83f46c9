"""Figures of a shift: an X report and what comes after it is the Z report."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from posapp.domain.errors import RefusedError
from posapp.domain.payment import Payment, PaymentKind, Tender, balance, refund, reversal, take
from posapp.domain.sale import DiscountShare, price_sale
from posapp.domain.shift import (
    CashMove,
    Counted,
    Custody,
    Figures,
    MoveKind,
    SaleEntry,
    check_count,
    denominations,
    figures,
    refund_reasons,
)
from posapp.domain.status import PaymentMethod
from tests.support.carts import cases, how_many

SEED = 20_260_307


def a_day(chance: random.Random, count: int) -> list[tuple[SaleEntry, list[Payment], list[CashMove]]]:
    """Return what happened, sale by sale: what it adds, its payments, and cash moved meanwhile."""
    found: list[tuple[SaleEntry, list[Payment], list[CashMove]]] = []
    for case in cases(count, chance.randrange(10**9)):
        priced = price_sale(case.sale, "KZT")
        rows: list[Payment] = []
        due = priced.total
        if due > 0:
            tender = Tender(chance.choice(list(PaymentMethod)), tip=Decimal(chance.randrange(3)))
            rows.append(replace(take(tender, due, "KZT", cash_step=case.step, tips=True), pk=1))
            if chance.random() < 0.2:
                back = refund(rows, due, due, rows[0].method, "KZT", reason="cold", cash_step=case.step)
                rows.append(replace(back, pk=2))
            elif chance.random() < 0.2:
                rows.append(replace(reversal(rows, 1, "typed wrong"), pk=2))
        moves = []
        if chance.random() < 0.3:
            kind = chance.choice(list(MoveKind))
            moves.append(CashMove(kind, Decimal(chance.randrange(1, 9_999)).scaleb(-2), "bank"))
        entry = SaleEntry(
            1, priced.gross, priced.discount, priced.delivery, priced.total, priced.taxes, priced.discounts
        )
        found.append((entry, rows, moves))
    return found


def sums(parts: list[tuple[SaleEntry, list[Payment], list[CashMove]]]) -> Figures:
    return figures(
        [entry for entry, _, _ in parts],
        [row for _, rows, _ in parts for row in rows],
        [move for _, _, moves in parts for move in moves],
    )


def test_an_x_report_and_the_later_sales_are_the_z_report() -> None:
    chance = random.Random(SEED)
    for _ in range(max(20, how_many(3_000) // 20)):
        day = a_day(chance, chance.randrange(1, 15))
        cut = chance.randrange(len(day) + 1)
        x, later, z = sums(day[:cut]), sums(day[cut:]), sums(day)

        assert x.plus(later) == z
        assert z.total == z.gross - z.discount + z.delivery
        for method in z.methods:
            assert method.received == method.sales - method.refunds + method.tips + method.rounding
        everything = sum((balance(entry.total, rows).refundable for entry, rows, _ in day), Decimal(0))
        assert sum((each.sales - each.refunds for each in z.methods), Decimal(0)) == everything


def test_the_cash_of_the_drawer_is_what_went_in_and_out() -> None:
    cash, card = PaymentMethod.CASH, PaymentMethod.CARD
    rows = [
        take(Tender(cash, tendered=Decimal("200")), Decimal("123.40"), "KZT", cash_step=Decimal("1")),
        take(Tender(card), Decimal("50"), "KZT"),
        Payment(PaymentKind.REFUND, cash, Decimal("-20"), reason="cold"),
    ]
    found = figures([], rows, [CashMove(MoveKind.IN, Decimal("10")), CashMove(MoveKind.OUT, Decimal("30"))])

    assert found.cash == Decimal("123") - 20 + 10 - 30
    assert [(each.method, each.count, each.refund_count) for each in found.methods] == [
        ("card", 1, 0),
        ("cash", 1, 1),
    ]
    assert refund_reasons(rows) == (DiscountShare("cold", Decimal("20")),)


def test_the_ledger_says_what_is_missing() -> None:
    assert Custody(carried=2, arrived=5, reopened=1, delivered=4, cancelled=1, open=3).is_sound
    assert Custody(carried=2, arrived=5, delivered=4, cancelled=1, open=1).gap == 1
    assert not Custody(lost=("C1-007",)).is_sound


def test_a_drawer_is_counted_by_notes_and_coins() -> None:
    counted = Counted(((Decimal("2000"), 3), (Decimal("0.50"), 4)), Decimal("7"))

    assert counted.total == Decimal("6009.00")
    check_count(counted, "USD")
    assert denominations("KZT")[0] == 20_000
    assert denominations("XXX")
    for wrong in (
        Counted(((Decimal("5"), -1),)),
        Counted(((Decimal("0"), 1),)),
        Counted(sum=Decimal("-1")),
        Counted(sum=Decimal("0.001")),
    ):
        with pytest.raises(RefusedError):
            check_count(wrong, "USD")
