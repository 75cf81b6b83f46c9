"""Money at the door, areas of a town, initials, and when a courier is back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.dispatch import (
    Collect,
    area_of,
    back_at,
    cash_is_owed,
    initials_of,
    sum_brought_back,
    sum_carried,
    to_collect,
)

NOON = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


def collect(**changes: str) -> Collect:
    given = {"format_": "internal", "method": "cash", "payment_status": "paid", "total": "100.00"}
    return to_collect(**{**given, "change_from": "", **changes})


@pytest.mark.parametrize(
    ("changes", "amount", "back"),
    [
        ({}, "100.00", "100.00"),
        ({"payment_status": "unpaid"}, "100.00", "100.00"),
        ({"format_": "staff"}, "0", "0"),
        ({"format_": "staff", "payment_status": "unpaid"}, "100.00", "100.00"),
        ({"method": "card"}, "0", "0"),
        ({"method": "card", "payment_status": "failed"}, "100.00", "0"),
        ({"method": "", "payment_status": "unpaid"}, "100.00", "0"),
        ({"change_from": "500"}, "100.00", "500.00"),
        ({"change_from": "500", "method": "card", "payment_status": "unpaid"}, "100.00", "0"),
        ({"change_from": "60"}, "100.00", "100.00"),
        ({"change_from": "some"}, "100.00", "100.00"),
    ],
)
def test_what_is_to_be_taken_and_what_comes_back(changes: dict[str, str], amount: str, back: str) -> None:
    found = collect(**changes)

    assert (found.amount, found.brought_back) == (Decimal(amount), Decimal(back))


def test_a_total_that_nobody_can_read_is_told_and_not_counted() -> None:
    found = collect(total="1,5")

    assert (found.amount, found.brought_back, found.change) == (None, Decimal(0), None)


@pytest.mark.parametrize("note", ["", " ", "bez sdachi", "1e9", "NaN"])
def test_what_is_no_sum_leaves_the_change_unknown(note: str) -> None:
    assert collect(change_from=note).change is None


money = st.decimals(min_value=0, max_value=999_999, places=2)


@given(rows=st.lists(st.tuples(money, money)))
def test_cash_back_is_what_customers_give_and_without_the_change_out_what_they_owe(
    rows: list[tuple[Decimal, Decimal]],
) -> None:
    notes = [(total, total + more) for total, more in rows]
    found = [collect(total=f"{total:f}", change_from=f"{note:f}") for total, note in notes]

    assert sum_brought_back(found) == sum((note for _, note in notes), Decimal(0))
    assert sum_brought_back(found) - sum_carried(found) == sum((total for total, _ in notes), Decimal(0))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Бауыржан Б.", "ББ"), ("Marat", "M"), ("anna maria cruz", "AC"), ("…", "?"), ("सुमन राई", "सर")],
)
def test_initials(name: str, expected: str) -> None:
    assert initials_of(name) == expected


@given(st.text(max_size=40))
def test_initials_are_short_and_never_empty(name: str) -> None:
    assert 1 <= len(initials_of(name)) <= 2


@pytest.mark.parametrize(
    ("district", "street", "expected"),
    [
        ("", "мкр. Самал-2", "Самал"),
        ("", "мкр. Самал-1", "Самал"),
        ("", "ул. Навои", "Навои"),
        ("", "Қабанбай батыр көшесі", "Қабанбай батыр"),
        ("Bostandyk", "ул. Навои", "Bostandyk"),
        ("", "", ""),
        ("", "ул. 12", ""),
    ],
)
def test_areas(district: str, street: str, expected: str) -> None:
    assert area_of(district, street) == expected


def test_the_way_back_takes_as_long_as_the_way_there_but_not_for_ever() -> None:
    assert back_at(NOON, NOON + timedelta(minutes=10)) == NOON + timedelta(minutes=20)
    assert back_at(NOON, NOON + timedelta(hours=3)) == NOON + timedelta(hours=3, minutes=30)
    assert back_at(None, NOON) is None
    assert back_at(NOON, NOON - timedelta(minutes=1)) is None


@pytest.mark.parametrize(
    ("method", "status", "owed"),
    [
        ("", "unpaid", True),
        ("cash", "unpaid", True),
        ("card", "unpaid", False),  # somebody said so
        ("card", "partly_paid", True),  # the part that was taken was by card
        ("card", "paid", False),
    ],
)
def test_what_the_counter_sold_and_did_not_take_is_owed_in_cash(
    method: str, status: str, *, owed: bool
) -> None:
    assert cash_is_owed(format_="", method=method, payment_status=status) is owed
