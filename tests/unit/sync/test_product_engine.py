"""The queue of products: what goes next, and what an answer means."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from posapp.domain.publish import Again, InBatch, ProductRow, Published, PublishEffect, Refused, Singly
from posapp.domain.status import RowState
from posapp.remote.api import Verdict
from posapp.remote.internal_products import MOST_TOGETHER, ProductOutcome, Stage
from posapp.sync.product_engine import (
    LONGEST_IMPORT,
    TOGETHER,
    AskImport,
    Nothing,
    SendMany,
    SendOne,
    WaitUntil,
    after_look,
    after_many,
    after_one,
    next_step,
)
from tests.support.shop_orders import START

SOON = START + timedelta(seconds=9)


def row(seq: int, **changes: Any) -> ProductRow:
    values: dict[str, Any] = {
        "internal_id": f"p-{seq}", "body": "{}", "state": RowState.PENDING, "single": False, "batch": "",
        "attempts": 0, "created_at": START, "not_before": None, "last_at": None, "unknown_at": None,
    } | changes  # fmt: skip
    return ProductRow(seq, **values)


def outcome(verdict: Verdict, stage: Stage = Stage.NONE, batch: str = "") -> ProductOutcome:
    return ProductOutcome(verdict, stage, "words", batch)


def test_few_go_one_by_one_and_many_together() -> None:
    few = [row(seq) for seq in range(TOGETHER - 1)]
    many = [row(seq) for seq in range(MOST_TOGETHER + 9)]

    assert next_step([], START) == Nothing()
    assert next_step(few, START) == SendOne(few[0])
    assert next_step(many, START) == SendMany(tuple(many[:MOST_TOGETHER]))
    singles = [row(seq, single=True) for seq in range(30)]
    assert next_step(singles, START) == SendOne(singles[0])


def test_of_one_product_the_older_state_goes_first() -> None:
    waiting, newer = row(1, not_before=SOON), row(2, internal_id="p-1")

    assert next_step([waiting, newer], START) == WaitUntil(SOON)
    assert next_step([waiting, newer, row(3)], START) == SendOne(row(3))


def test_nothing_overtakes_an_import() -> None:
    under_way = [row(seq, state=RowState.IN_FLIGHT, batch="7") for seq in range(2)]
    rows = [*under_way, row(3, internal_id="p-0")]

    assert next_step(rows, START) == AskImport("7", tuple(under_way))
    later = [row(seq, state=RowState.IN_FLIGHT, batch="7", not_before=SOON) for seq in range(2)]
    assert next_step([*later, row(3)], START) == WaitUntil(SOON)


def test_what_was_on_its_way_when_a_process_ended_is_sent_again() -> None:
    lost = row(1, state=RowState.IN_FLIGHT, last_at=START)

    assert next_step([lost], START) == SendOne(lost)


def test_a_wait_of_a_clock_that_was_put_back_is_over() -> None:
    odd = row(1, not_before=START + timedelta(days=400))

    assert next_step([odd], START) == SendOne(odd)


ONE = row(1)
TWO = (row(1), row(2))


@pytest.mark.parametrize(
    ("given", "effect"),
    [
        (outcome(Verdict.OK, Stage.SUCCEEDED, "7"), Published((ONE,))),
        (outcome(Verdict.OK, Stage.PREPROCESSED, "7"), InBatch((ONE,), "7", START + timedelta(seconds=1))),
        (outcome(Verdict.REFUSED, Stage.FAILED), Refused((ONE,), "words")),
        (outcome(Verdict.GONE), Refused((ONE,), "words")),
    ],
)
def test_the_answer_to_one(given: ProductOutcome, effect: PublishEffect) -> None:
    assert after_one(ONE, given, START, Random(1)) == effect


@pytest.mark.parametrize(
    ("given", "effect"),
    [
        (outcome(Verdict.OK, Stage.SUCCEEDED), Published(TWO)),
        (outcome(Verdict.OK, Stage.PREPROCESSED, "7"), InBatch(TWO, "7", START + timedelta(seconds=1))),
        (
            outcome(Verdict.OK, Stage.PREPROCESSED),
            Singly(TWO, "The shop gave the import no number to ask for."),
        ),
        (outcome(Verdict.REFUSED, Stage.FAILED), Singly(TWO, "words")),
        (outcome(Verdict.GONE), Singly(TWO, "words")),
    ],
)
def test_the_answer_to_an_import(given: ProductOutcome, effect: PublishEffect) -> None:
    assert after_many(TWO, given, START, Random(1)) == effect


def test_the_answer_to_a_look() -> None:
    rows = tuple(row(seq, state=RowState.IN_FLIGHT, batch="7", last_at=START) for seq in range(2))

    def look(given: ProductOutcome, seconds: float = 20) -> PublishEffect:
        return after_look(rows, given, START + timedelta(seconds=seconds), Random(1))

    assert look(outcome(Verdict.OK, Stage.SUCCEEDED)) == Published(rows)
    assert look(outcome(Verdict.OK, Stage.PROCESSING)) == InBatch(rows, "7", START + timedelta(seconds=25))
    assert look(outcome(Verdict.REFUSED, Stage.FAILED)) == Singly(rows, "words")
    assert look(outcome(Verdict.GONE)) == Singly(rows, "words")
    late = LONGEST_IMPORT.total_seconds() + 1
    assert isinstance(look(outcome(Verdict.OK, Stage.PROCESSING), late), Singly)
    assert isinstance(look(outcome(Verdict.UNREADABLE), 1), InBatch)


@pytest.mark.parametrize(
    ("verdict", "unknown"),
    [
        (Verdict.UNKNOWN, True), (Verdict.PORTAL, True), (Verdict.NOT_SENT, False),
        (Verdict.THROTTLED, False), (Verdict.SIGN_IN, False), (Verdict.CERTIFICATE, False),
        (Verdict.FORBIDDEN, False),
    ],
)  # fmt: skip
def test_what_is_tried_again(verdict: Verdict, unknown: bool) -> None:
    for effect in (
        after_one(ONE, outcome(verdict), START, Random(1), hurry=True),
        after_many(TWO, outcome(verdict), START, Random(1), hurry=True),
        after_look(TWO, outcome(verdict), START, Random(1), hurry=True),
    ):
        assert isinstance(effect, Again)
        assert effect.unknown is unknown
        assert START < effect.at <= START + timedelta(seconds=2)


def test_a_shop_in_trouble_is_not_asked_every_second_though_a_person_waits() -> None:
    end, now, tries, rng = START + timedelta(minutes=5), START, 0, Random(4)
    while now < end:
        effect = after_many((row(1, attempts=tries), row(2, attempts=tries)), outcome(Verdict.UNKNOWN),
                            now, rng, hurry=True)  # fmt: skip
        assert isinstance(effect, Again)
        now, tries = effect.at, tries + 1
    assert 5 <= tries <= 30
