"""Whatever is typed, shared and chosen: what the panel tells can be taken, and comes to what is due."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from posapp.domain.money import total_of
from posapp.domain.payment import Payment, balance, take
from posapp.ui.payment.till import Till, Way

AMOUNTS = st.integers(1, 50_000_000).map(lambda minor: Decimal(minor).scaleb(-2))
STEPS = st.sampled_from([Decimal("0"), Decimal("0.5"), Decimal("1"), Decimal("5")])
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("type"), st.text("0123456789.", max_size=7)),
        st.tuples(st.just("give"), st.integers(0, 3)),
        st.tuples(st.just("way"), st.sampled_from([Way.CASH, Way.CARD])),
        st.tuples(st.just("share"), st.integers(0, 7)),
        st.tuples(st.just("back"), st.just(0)),
        st.tuples(st.just("take"), st.just(0)),
        st.tuples(st.just("tip"), st.text("0123456789", max_size=4)),
    ),
    max_size=14,
)


def acted(till: Till, name: str, value: object) -> Till:
    match name, value:
        case "type", str(text):
            return till.type(text)
        case "give", int(place):
            notes = till.quick
            return till.give(notes[place - 1] if 0 < place <= len(notes) else None)
        case "way", Way() as way:
            return till.pay_by(way)
        case "share", int(people) if not till.taken:
            return till.shared(people)
        case "back", _:
            return till.back()
        case "tip", str(text) if not till.tipping:
            return till.write_tip().type(text).write_tip()
    return till


def finished(till: Till) -> Till:
    """Pay all that is left, share by share, exactly."""
    while till.rest > 0:
        till = till.give(None)
        till = till.hold(till.tender(""))
    return till


@settings(max_examples=400, deadline=None)
@given(due=AMOUNTS, step=STEPS, acts=ACTS)
def test_all_parts_are_taken_and_come_to_what_is_due(
    due: Decimal, step: Decimal, acts: list[tuple[str, object]]
) -> None:
    till = Till(due, "KZT", step)
    for name, value in acts:
        if name == "take" and till.possible and till.rest > 0:
            till = till.hold(till.tender("7"))
        else:
            till = acted(till, name, value)
    till = finished(till)

    rows: list[Payment] = []
    for part in till.taken:
        left = balance(due, rows).due
        row = take(part, left, "KZT", cash_step=step, tips=True)
        assert row.tendered - row.change == row.received
        rows.append(row)
    stands = balance(due, rows)
    assert stands.due == 0
    assert total_of(part.amount or Decimal(0) for part in till.taken) == due


@settings(max_examples=300, deadline=None)
@given(due=AMOUNTS, step=STEPS, typed=st.text("0123456789.", max_size=9))
def test_the_change_on_the_screen_is_the_change_that_is_booked(
    due: Decimal, step: Decimal, typed: str
) -> None:
    till = Till(due, "KZT", step).type(typed)
    if not till.possible:
        return
    row = take(till.tender(""), due, "KZT", cash_step=step)

    if till.change >= 0:
        assert row.change == till.change
        assert row.amount == due
    else:
        assert row.amount == till.amount
        assert row.received + row.change == till.given


@settings(max_examples=300, deadline=None)
@given(due=AMOUNTS, step=STEPS, people=st.integers(2, 9))
def test_shares_come_to_the_whole_and_differ_by_a_coin(due: Decimal, step: Decimal, people: int) -> None:
    shares = Till(due, "KZT", step).shared(people).shares

    assert total_of(shares) == due
    assert all(share > 0 for share in shares)
    if len(shares) == people:
        coin = max(step, Decimal("0.01"))
        assert max(shares) - min(shares) < 2 * coin
