"""What a cart comes to: each line rounded once, totals the sums of lines, discounts shared out whole."""

from __future__ import annotations

import random
from dataclasses import fields, is_dataclass
from decimal import ROUND_HALF_UP, Decimal

import pytest

from posapp.domain.discount import Discount, DiscountKind, discount_problem, shares
from posapp.domain.sale import Sale, SaleLine, SaleModifier, TaxShare, price_sale
from posapp.domain.sale_rules import code_of, parse_cash_steps, station_prefix
from tests.support.carts import Case, cases, how_many

CENT = Decimal("0.01")
SEED = 20_260_305


def amounts_in(value: object) -> list[object]:
    """Return every number of a dataclass, however deep."""
    if is_dataclass(value):
        return [number for part in fields(value) for number in amounts_in(getattr(value, part.name))]
    if isinstance(value, tuple):
        return [number for item in value for number in amounts_in(item)]
    return [] if isinstance(value, str | bool) or value is None else [value]


def check(case: Case) -> None:
    sale, priced = case.sale, price_sale(case.sale, case.currency)
    assert priced.products == sum(line.total for line in priced.lines)
    assert priced.total == priced.products + priced.delivery
    assert priced.gross - priced.discount == priced.products
    assert sum((share.amount for share in priced.discounts), Decimal(0)) == priced.discount
    for line, result in zip(sale.lines, priced.lines, strict=True):
        exact = (line.unit_price + sum(modifier.price for modifier in line.modifiers)) * line.quantity
        assert result.gross == exact.quantize(CENT, ROUND_HALF_UP)
        assert 0 <= result.discount <= result.gross
        assert result.total == result.gross - result.discount
        assert 0 <= result.tax <= result.total
        assert result.total == result.total.quantize(CENT)
    taxed = {share.percent: share for share in priced.taxes}
    assert sum((share.tax for share in taxed.values()), Decimal(0)) == priced.tax
    numbers = [number for number in amounts_in(priced) if not isinstance(number, int)]
    assert {type(number) for number in numbers} == {Decimal}


def test_whatever_is_in_the_cart_its_totals_are_the_sums_of_its_lines() -> None:
    for case in cases(how_many(3_000), SEED):
        check(case)


def line(price: str, quantity: int = 1, **more: object) -> SaleLine:
    return SaleLine("dish", Decimal(price), quantity, **more)  # type: ignore[arg-type] # by name


def test_a_line_is_rounded_once_and_half_up() -> None:
    third = Discount(DiscountKind.PERCENT, Decimal("50"), "half")
    priced = price_sale(Sale((line("0.01", discount=third), line("0.03", discount=third))), "KZT")

    assert [result.discount for result in priced.lines] == [Decimal("0.01"), Decimal("0.02")]
    assert priced.total == Decimal("0.01")


def test_options_count_for_each_piece() -> None:
    sale = Sale((line("2600.00", 2, modifiers=(SaleModifier("cheese", Decimal("250.40")),)),))

    assert price_sale(sale, "KZT").total == Decimal("5700.80")


def test_an_amount_off_the_whole_is_shared_out_to_the_last_unit() -> None:
    ten = Discount(DiscountKind.AMOUNT, Decimal("10.00"), "ten")

    assert shares(ten, [Decimal("3.33")] * 4, "USD") == (Decimal("2.50"),) * 4
    assert shares(ten, [Decimal("5.00")] * 3, "USD") == (Decimal("3.34"), Decimal("3.33"), Decimal("3.33"))
    assert shares(ten, [Decimal("4.00"), Decimal("0.00")], "USD") == (Decimal("4.00"), Decimal("0.00"))
    assert shares(ten, [Decimal("0")], "USD") == (Decimal("0"),)


def test_discounts_follow_each_other() -> None:
    sale = Sale(
        (line("100.00"), line("300.00")),
        discounts=(
            Discount(DiscountKind.PERCENT, Decimal("50"), promo="happy hour"),
            Discount(DiscountKind.AMOUNT, Decimal("100"), "sorry"),
        ),
    )
    priced = price_sale(sale, "KZT")

    assert priced.total == Decimal("100.00")
    assert [(share.name, share.amount) for share in priced.discounts] == [
        ("happy hour", Decimal("200.00")),
        ("sorry", Decimal("100.00")),
    ]
    assert [result.total for result in priced.lines] == [Decimal("25.00"), Decimal("75.00")]


def test_the_tax_is_contained_in_the_price_and_told_by_rate() -> None:
    sale = Sale(
        (line("112.00", tax_percent=Decimal("12")), line("56", tax_percent=Decimal("12.0")), line("9"))
    )
    priced = price_sale(sale, "KZT")

    assert priced.taxes == (TaxShare(Decimal("12"), Decimal("168.00"), Decimal("18.00")),)
    assert priced.total == Decimal("177.00")


@pytest.mark.parametrize(
    ("kind", "value", "reason", "words"),
    [
        ("percent", "0", "x", "above zero"),
        ("percent", "100.01", "x", "100 %"),
        ("percent", "3.333", "x", "two decimals"),
        ("amount", "-1", "x", "above zero"),
        ("amount", "1.005", "x", "decimals"),
        ("amount", "1", " ", "reason"),
        ("amount", "1", "x" * 201, "characters"),
    ],
)
def test_a_discount_that_makes_no_sense(kind: str, value: str, reason: str, words: str) -> None:
    assert words in discount_problem(Discount(DiscountKind(kind), Decimal(value), reason), "KZT")


def test_no_share_is_above_its_amount() -> None:
    chance = random.Random(SEED)
    for _ in range(2_000):
        amounts = [Decimal(chance.randrange(500)).scaleb(-2) for _ in range(chance.randrange(1, 9))]
        off = Discount(DiscountKind.AMOUNT, Decimal(chance.randrange(1, 3_000)).scaleb(-2), "x")
        found = shares(off, amounts, "KZT")
        assert sum(found) == min(off.value, sum(amounts))
        assert all(0 <= share <= amount for share, amount in zip(found, amounts, strict=True))


def test_codes_come_from_the_name_of_the_station() -> None:
    assert [station_prefix(name) for name in ("counter-1", "bar", "Касса 12", "…", "x9y")] == [
        "C1", "B", "К12", "P", "X",
    ]  # fmt: skip
    assert [code_of("C1", number) for number in (1, 27, 1000)] == ["C1-001", "C1-027", "C1-1000"]


def test_the_setting_of_cash_rounding() -> None:
    assert parse_cash_steps("KZT=1, npr=0.5;") == {"KZT": Decimal("1"), "NPR": Decimal("0.5")}
    for text in ("KZT", "KZT=x", "=1", "KZTT=1", "KZT=-1"):
        with pytest.raises(ValueError, match="KZT=1"):
            parse_cash_steps(text)
