"""The eight statuses: who may become what, what the next step is, and the ranks that merging relies on."""

from __future__ import annotations

import pytest

from posapp.domain.errors import RefusedError
from posapp.domain.status import (
    ACTIVE,
    FINAL,
    OPEN_ROWS,
    PERSON_ROWS,
    WAITING_ROWS,
    Kind,
    RowState,
    Status,
    allowed_moves,
    check_move,
    next_step,
    parse_status,
    rank,
)

S, D, P = Status, Kind.DELIVERY, Kind.PICKUP
MOVES: dict[Status, set[str]] = {
    S.CREATED: {"accepted", "timing", "edited", "cancelled"},
    S.EDITED: {"accepted", "timing", "cooking", "cancelled"},
    S.ACCEPTED: {"cooking", "timing", "edited", "cancelled"},
    S.TIMING: {"accepted", "cooking", "edited", "cancelled"},
    S.COOKING: {"ondelivery", "delivered", "edited", "cancelled"},
    S.ONDELIVERY: {"delivered", "cooking", "cancelled"},
    S.DELIVERED: set(),
    S.CANCELLED: set(),
}


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("kind", list(Kind))
def test_the_moves_are_those_of_the_trade(status: Status, kind: Kind) -> None:
    expected = set(MOVES[status])
    if status is S.COOKING:
        expected -= {"ondelivery"} if kind is P else {"delivered"}
    assert set(allowed_moves(status, kind)) == expected
    for target in Status:
        if target in expected:
            check_move(status, target, kind)
        else:
            with pytest.raises(RefusedError) as refused:
                check_move(status, target, kind)
            assert refused.value.exit_code == 3
            assert refused.value.remedy


def test_a_refused_move_names_what_is_possible() -> None:
    with pytest.raises(RefusedError, match="An order that is created cannot become delivered") as refused:
        check_move(S.CREATED, S.DELIVERED, D)
    assert refused.value.remedy == "From here it can become: accepted, timing, edited, cancelled."
    assert list(refused.value.fields) == ["status"]
    with pytest.raises(RefusedError, match="already cancelled"):
        check_move(S.CANCELLED, S.COOKING, D)


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        (D, ["created", "accepted", "cooking", "ondelivery", "delivered"]),
        (P, ["created", "accepted", "cooking", "delivered"]),
    ],
)
def test_the_next_step_leads_from_new_to_done(kind: Kind, way: list[str]) -> None:
    walked = [S.CREATED]
    while step := next_step(walked[-1], kind):
        check_move(walked[-1], step, kind)
        walked.append(step)
    assert walked == way


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("kind", list(Kind))
def test_every_active_order_has_a_next_step_that_is_allowed(status: Status, kind: Kind) -> None:
    step = next_step(status, kind)
    assert (step is None) == (status in FINAL)
    if step is not None:
        check_move(status, step, kind)
        assert rank(step) >= rank(status)


def test_ranks_are_those_that_merging_was_proven_with() -> None:
    assert {status: rank(status) for status in Status} == {
        S.CREATED: 0,
        S.ACCEPTED: 1,
        S.TIMING: 1,
        S.EDITED: 1,
        S.COOKING: 2,
        S.ONDELIVERY: 3,
        S.DELIVERED: 4,
        S.CANCELLED: 4,
    }


def test_finished_and_active_are_all_there_is() -> None:
    assert set(ACTIVE) | FINAL == set(Status)
    assert not set(ACTIVE) & FINAL
    assert set(RowState) - OPEN_ROWS == {RowState.CONFIRMED, RowState.SUPERSEDED}
    assert not WAITING_ROWS & PERSON_ROWS


@pytest.mark.parametrize("word", ["cooking", " Cooking\n", "COOKING"])
def test_a_status_is_found_by_its_word(word: str) -> None:
    assert parse_status(word) is S.COOKING


@pytest.mark.parametrize("word", ["", "cook", "canceled", "готовится", "x" * 5_000, "\0"])
def test_an_unknown_word_is_refused_with_all_that_there_are(word: str) -> None:
    with pytest.raises(RefusedError) as refused:
        parse_status(word)
    assert all(status in refused.value.remedy for status in Status)
    assert len(str(refused.value)) < 250
