"""What people write about a line: options with prices, discounts with reasons."""

from __future__ import annotations

from decimal import Decimal

import pytest

from posapp.domain.discount import Discount, DiscountKind
from posapp.domain.line_text import (
    LineTextError,
    discount_text,
    option_text,
    options_text,
    read_discount,
    read_options,
)
from posapp.domain.sale import SaleModifier


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", ()),
        (" ; ", ()),
        ("extra cheese", (SaleModifier("extra cheese"),)),
        (
            "extra cheese +50; no onions",
            (SaleModifier("extra cheese", Decimal("50")), SaleModifier("no onions")),
        ),
        ("small -12,50", (SaleModifier("small", Decimal("-12.50")),)),
        ("Coca-Cola 0,5", (SaleModifier("Coca-Cola 0,5"),)),
        ("+ extra cheese", (SaleModifier("+ extra cheese"),)),
    ],
)
def test_options_are_read_with_what_they_add(text: str, options: tuple[SaleModifier, ...]) -> None:
    assert read_options(text) == options
    assert read_options(options_text(options)) == options


def test_the_price_of_an_option_is_written_behind_it() -> None:
    assert option_text(SaleModifier("extra cheese", Decimal("50.00"))) == "extra cheese +50"
    assert option_text(SaleModifier("small", Decimal("-12.50"))) == "small -12.5"


@pytest.mark.parametrize("text", ["x" * 201, "; ".join(str(number) for number in range(31)), "a +1,2,3"])
def test_options_that_make_no_sense_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(LineTextError, match=r"\.$"):
        read_options(text)


@pytest.mark.parametrize(
    ("text", "kind", "value", "reason"),
    [
        ("10%", DiscountKind.PERCENT, "10", "Discount"),
        ("-12,5 % regular guest", DiscountKind.PERCENT, "12.5", "regular guest"),
        ("50", DiscountKind.AMOUNT, "50", "Discount"),
        ("1,250.50 late", DiscountKind.AMOUNT, "1250.50", "late"),
    ],
)
def test_a_discount_is_read_with_its_reason(text: str, kind: DiscountKind, value: str, reason: str) -> None:
    assert read_discount(text) == Discount(kind, Decimal(value), reason)


def test_nothing_and_zero_are_no_discount() -> None:
    assert (read_discount(""), read_discount("0"), read_discount("0%")) == (None, None, None)
    assert discount_text(None) == ""
    assert discount_text(read_discount("10.0%")) == "10%"


@pytest.mark.parametrize("text", ["ten", "101%", "%", "1.2.3", "free of charge"])
def test_what_is_no_discount_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(LineTextError, match=r"\.$"):
        read_discount(text)
