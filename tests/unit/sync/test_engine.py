"""The next step of an order, and what follows from each answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from posapp.domain.outbox import Again, Confirm, Dead, Effect, Missing, Park, Settle, Watch
from posapp.domain.status import RowState
from posapp.remote.api import Outcome, Verdict
from posapp.sync.engine import (
    Ask,
    Decide,
    Idle,
    Read,
    Rules,
    Send,
    Trouble,
    Wait,
    after_failed_read,
    after_read,
    after_write,
    next_step,
)
from tests.unit.sync.views import (
    ACCEPTED,
    CANCELLED,
    COOKING,
    CREATED,
    DELIVERED,
    NOW,
    ago,
    chain,
    later,
    row,
    view,
)

RULES = Rules()
KICKED = Rules(kicked=True)
CALM = Trouble(1, NOW)


def only(effects: list[Effect], kind: type[Effect]) -> list[Effect]:
    return [effect for effect in effects if isinstance(effect, kind)]


def test_nothing_waits_and_nothing_is_watched() -> None:
    assert next_step(view(), None, NOW, RULES) == Idle()


def test_without_a_read_the_order_is_read() -> None:
    assert next_step(view(*chain(CREATED, ACCEPTED)), None, NOW, RULES) == Ask()


@pytest.mark.parametrize(("seconds", "step"), [(0, Send), (5, Send), (5.1, Ask), (-1, Ask)])
def test_a_read_counts_for_five_seconds_and_never_from_the_future(seconds: float, step: type) -> None:
    order = view(*chain(CREATED, ACCEPTED))
    assert isinstance(next_step(order, Read(CREATED, ago(seconds)), NOW, RULES), step)


def test_a_read_from_before_the_last_write_does_not_count() -> None:
    tried = row(1, CREATED, ACCEPTED, last_at=ago(1), reached=1, state=RowState.IN_FLIGHT)
    assert next_step(view(tried), Read(CREATED, ago(2)), NOW, RULES) == Ask()
    assert next_step(view(tried), Read(CREATED, ago(1)), NOW, RULES) == Send(tried)


def test_backoff_is_waited_for_unless_a_person_asks() -> None:
    order = view(row(1, CREATED, ACCEPTED, not_before=later(30)))
    assert next_step(order, None, NOW, RULES) == Wait(later(30))
    assert next_step(order, None, NOW, KICKED) == Ask()


def test_a_held_row_waits_even_when_a_person_asks() -> None:
    order = view(row(1, COOKING, DELIVERED, hold_until=later(5)), shadow=COOKING)
    assert next_step(order, None, NOW, KICKED) == Wait(later(5))


@pytest.mark.parametrize("state", [RowState.PARKED, RowState.CONFLICT, RowState.DEAD])
def test_nothing_is_sent_while_a_person_is_asked(state: RowState) -> None:
    order = view(row(1, CREATED, ACCEPTED, state=state), row(2, ACCEPTED, COOKING))
    assert next_step(order, Read(CREATED, NOW), NOW, KICKED) == Idle()
    watched = replace(order, watch_at=later(10))
    assert next_step(watched, Read(CREATED, NOW), NOW, RULES) == Wait(later(10))


def test_a_watched_order_is_read_when_it_is_due_or_a_person_asks() -> None:
    assert next_step(view(watch_at=ago(1)), None, NOW, RULES) == Ask()
    assert next_step(view(watch_at=later(9)), None, NOW, RULES) == Wait(later(9))
    assert next_step(view(watch_at=later(9)), None, NOW, KICKED) == Ask()


def test_a_watch_that_lies_too_far_ahead_is_not_believed() -> None:
    assert next_step(view(watch_at=later(3600)), None, NOW, RULES) == Ask()


def test_what_is_there_already_is_decided_not_sent() -> None:
    step = next_step(view(*chain(CREATED, ACCEPTED)), Read(ACCEPTED, NOW), NOW, RULES)
    assert isinstance(step, Decide)
    assert Confirm(1, "found") in step.effects


# -- watching ------------------------------------------------------------------------------------------


def test_the_watch_ends_with_a_read_at_or_after_the_settle_time() -> None:
    order = view(shadow=DELIVERED, settle_at=NOW, watch_at=NOW)
    assert after_read(order, Read(DELIVERED, NOW), NOW, Random(1)) == [Settle(None), Watch(None)]


def test_a_read_that_left_before_the_settle_time_does_not_end_the_watch() -> None:
    order = view(shadow=DELIVERED, settle_at=NOW, watch_at=NOW)
    effects = after_read(order, Read(DELIVERED, ago(0.1)), NOW, Random(1))
    assert not only(effects, Settle)
    assert all(isinstance(effect, Watch) and effect.at is not None for effect in effects)


def test_an_active_order_is_watched_for_ever_with_jitter() -> None:
    for seed in range(50):
        effects = after_read(view(shadow=COOKING), Read(COOKING, NOW), NOW, Random(seed))
        (watch,) = effects
        assert isinstance(watch, Watch)
        assert watch.at is not None
        assert timedelta(seconds=24) <= watch.at - NOW <= timedelta(seconds=36)


def test_a_read_ends_what_was_missing() -> None:
    assert Missing(None) in after_read(view(missing_at=ago(9)), Read(CREATED, NOW), NOW, Random(1))


# -- writes --------------------------------------------------------------------------------------------

ROW = row(1, CREATED, ACCEPTED)
AFTER_WRITE = [
    (Verdict.UNKNOWN, RowState.IN_FLIGHT, False, True),
    (Verdict.UNREADABLE, RowState.IN_FLIGHT, False, True),
    (Verdict.PORTAL, RowState.IN_FLIGHT, False, True),
    (Verdict.OK, RowState.IN_FLIGHT, False, True),  # no word of its own
    (Verdict.NOT_SENT, RowState.PENDING, True, True),
    (Verdict.CERTIFICATE, RowState.PENDING, True, True),
    (Verdict.SIGN_IN, RowState.PENDING, True, True),
    (Verdict.THROTTLED, RowState.PENDING, True, False),
    (Verdict.FORBIDDEN, RowState.PENDING, True, True),
    (Verdict.REFUSED, RowState.PENDING, False, True),
    (Verdict.GONE, RowState.PENDING, True, True),
]


@pytest.mark.parametrize(("verdict", "state", "unsent", "counts"), AFTER_WRITE)
def test_after_a_write_that_did_not_succeed(
    verdict: Verdict, state: RowState, unsent: bool, counts: bool
) -> None:
    effects = after_write(view(ROW), ROW, Outcome(verdict, "words"), NOW, Random(1))
    (again,) = only(effects, Again)
    assert isinstance(again, Again)
    assert (again.state, again.unsent, again.counts) == (state, unsent, counts)
    assert (again.verdict, again.error) == (verdict.value, "words")
    assert not only(effects, Confirm)
    if state is RowState.IN_FLIGHT:
        assert Settle(later(120)) in effects


def test_every_verdict_has_its_line() -> None:
    assert {line[0] for line in AFTER_WRITE} == set(Verdict)


def test_only_the_remotes_own_word_confirms() -> None:
    effects = after_write(view(ROW), ROW, Outcome(Verdict.OK, verified=True), NOW, Random(1))
    assert Confirm(1, "answered") in effects
    assert Settle(later(120)) in effects


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.GONE])
def test_a_second_refusal_is_for_a_person(verdict: Verdict) -> None:
    again = replace(ROW, refusals=1)
    assert after_write(view(again), again, Outcome(verdict, "no"), NOW, Random(1)) == [Park(1, "no")]


# -- reads that failed ---------------------------------------------------------------------------------


def test_an_order_is_believed_gone_the_second_time_only() -> None:
    gone = Outcome(Verdict.GONE, "not found")
    first = after_failed_read(view(ROW), gone, NOW, Random(1), CALM)
    assert Missing(NOW) in first
    assert not only(first, Dead)
    soon = after_failed_read(view(ROW, missing_at=ago(59)), gone, NOW, Random(1), CALM)
    assert not only(soon, Dead)
    assert [effect.not_before for effect in soon if isinstance(effect, Again)] == [later(1)]
    late = after_failed_read(view(ROW, missing_at=ago(60)), gone, NOW, Random(1), CALM)
    assert Dead("not found") in late


def test_a_read_that_is_refused_twice_is_for_a_person() -> None:
    outcome = Outcome(Verdict.REFUSED, "bad request")
    (again,) = after_failed_read(view(ROW), outcome, NOW, Random(1), CALM)
    assert isinstance(again, Again)
    assert again.refused
    second = view(replace(ROW, refusals=1))
    assert after_failed_read(second, outcome, NOW, Random(1), CALM) == [Park(1, "bad request")]


def test_a_failed_read_of_a_row_in_flight_leaves_it_in_flight() -> None:
    order = view(row(1, CREATED, ACCEPTED, state=RowState.IN_FLIGHT, reached=1))
    (again,) = after_failed_read(order, Outcome(Verdict.UNKNOWN), NOW, Random(1), CALM)
    assert isinstance(again, Again)
    assert again.state is RowState.IN_FLIGHT


def test_a_failed_read_while_a_person_is_asked_only_moves_the_watch() -> None:
    order = view(row(1, CREATED, ACCEPTED, state=RowState.CONFLICT, theirs=CANCELLED.value), watch_at=NOW)
    (watch,) = after_failed_read(order, Outcome(Verdict.UNKNOWN), NOW, Random(1), CALM)
    assert isinstance(watch, Watch)
