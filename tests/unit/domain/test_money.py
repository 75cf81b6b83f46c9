"""Money: what is an amount, how it is rounded, and how each shop writes it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.money import (
    change_to_bring,
    currency_of,
    format_money,
    format_number,
    format_received,
    line_total,
    parse_amount,
    round_money,
    total_of,
)

N = "\u00a0"
amounts = st.decimals(0, 10**9, places=2)


@pytest.mark.parametrize("text", ["0", "0.00", "2600.00", "1.5", "007", "999999999999.999999", "-0"])
def test_amounts_are_read_exactly(text: str) -> None:
    assert str(parse_amount(text)) == str(Decimal(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1,5",
        "1 000",
        "1e3",
        "NaN",
        "Infinity",
        "-1",
        "+1",
        ".5",
        "5.",
        "1.0000001",
        "1" * 13,
        "1" * 5_000,
        "12\n",
        " 12",
        "0x10",
        "1_000",
        "٣",
        "12₸",
        "--1",
        "1.2.3",
        "\0",
    ],
)
def test_what_is_no_amount_is_refused_with_a_short_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not an amount such as 2600\.00|is below zero") as refused:
        parse_amount(text)
    assert len(str(refused.value)) < 90


def test_below_zero_is_taken_where_it_makes_sense() -> None:
    assert parse_amount("-12.50", negative=True) == Decimal("-12.50")


@given(st.text(max_size=20))
def test_no_text_gives_an_amount_that_is_not_finite(text: str) -> None:
    try:
        amount = parse_amount(text)
    except ValueError:
        amount = Decimal(0)
    assert amount.is_finite()
    assert 0 <= amount < 10**12


@given(amounts)
def test_what_is_written_is_read_back(amount: Decimal) -> None:
    assert parse_amount(f"{amount:f}") == amount


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("0.005", "0.01"),
        ("0.0049", "0.00"),
        ("2.675", "2.68"),
        ("-0.005", "-0.01"),
        ("999999999999.995", "1000000000000.00"),
    ],
)
def test_halves_are_rounded_up(amount: str, rounded: str) -> None:
    assert str(round_money(Decimal(amount), "KZT")) == rounded


def test_a_line_is_rounded_once() -> None:
    assert line_total(Decimal("0.335"), 3, "KZT") == Decimal("1.01")
    assert line_total(Decimal("999999999999.999999"), 100_000, "KZT") == Decimal("99999999999999999.90")


@given(st.lists(amounts, max_size=50))
def test_sums_lose_no_cent(parts: list[Decimal]) -> None:
    cents = sum(int(part * 100) for part in parts)
    assert total_of(parts) == Decimal(cents) / 100
    assert total_of(iter(parts)) == total_of(reversed(parts))


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("12600.00", "KZT", f"12{N}600{N}₸"),
        ("12600.5", "KZT", f"12{N}600.50{N}₸"),
        ("1234567.89", "KZT", f"1{N}234{N}567.89{N}₸"),
        ("0", "KZT", f"0{N}₸"),
        ("-5", "KZT", f"−5{N}₸"),
        ("-0.001", "KZT", f"0{N}₸"),
        ("1250", "NPR", f"Rs{N}1,250"),
        ("1250.5", "NPR", f"Rs{N}1,250.50"),
        ("99.99", "USD", f"${N}99.99"),
        ("5", "XXX", f"5{N}XXX"),
    ],
)
def test_money_is_written_as_the_shop_writes_it(amount: str, currency: str, text: str) -> None:
    assert format_money(Decimal(amount), currency) == text


def test_the_number_alone() -> None:
    assert format_number(Decimal("12600.00"), "KZT") == f"12{N}600"
    assert currency_of("KZT").minor == 2


@pytest.mark.parametrize(
    ("received", "text"), [("8950.00", f"8{N}950{N}₸"), ("-5", f"−5{N}₸"), ("free", "free"), ("", "")]
)
def test_a_total_that_cannot_be_read_is_shown_as_it_came(received: str, text: str) -> None:
    assert format_received(received, "KZT") == text


@pytest.mark.parametrize(
    ("given_note", "change"),
    [
        ("2500", "250"),
        (" 2500 ", "250"),
        ("2250.00", "0"),
        ("2000", "-250"),
        ("", None),
        ("a 5000 note", None),
        ("-1", None),
    ],
)
def test_the_courier_brings_change_only_when_the_note_is_known(given_note: str, change: str | None) -> None:
    assert change_to_bring(Decimal("2250.00"), given_note) == (None if change is None else Decimal(change))
