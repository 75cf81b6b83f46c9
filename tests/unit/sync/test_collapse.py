"""What later changes make needless, and what they never do."""

from __future__ import annotations

import pytest

from posapp.domain.outbox import OrderSync
from posapp.domain.status import RowState, Status
from posapp.sync.collapse import collapse
from tests.unit.sync.views import (
    ACCEPTED,
    CANCELLED,
    COOKING,
    CREATED,
    DELIVERED,
    EDITED,
    NOW,
    ONDELIVERY,
    TIMING,
    ago,
    chain,
    later,
    row,
    view,
)


def sent_in_the_end(order: OrderSync, mode: str = "milestones") -> list[Status]:
    """Return what is left to be sent, in order."""
    given_up, head = collapse(order, mode, NOW)
    gone = {effect.seq for effect in given_up}
    left = [item for item in order.rows if item.seq not in gone]
    assert head is (left[0] if left else None)
    return [item.target for item in left]


def test_a_single_change_goes_out() -> None:
    assert sent_in_the_end(view(*chain(CREATED, ACCEPTED))) == [ACCEPTED]


def test_there_and_back_sends_nothing() -> None:
    assert sent_in_the_end(view(*chain(ACCEPTED, TIMING, ACCEPTED), shadow=ACCEPTED)) == []


def test_there_and_back_after_a_step_sends_the_step() -> None:
    assert sent_in_the_end(view(*chain(CREATED, ACCEPTED, TIMING, ACCEPTED))) == [ACCEPTED]


def test_there_and_back_does_not_count_when_the_shop_has_another_value_meanwhile() -> None:
    order = view(*chain(ACCEPTED, TIMING, ACCEPTED), shadow=EDITED)
    assert sent_in_the_end(order) == [TIMING, ACCEPTED]


def test_there_and_back_does_not_take_back_what_may_have_arrived() -> None:
    first = row(1, ACCEPTED, TIMING, reached=1, attempts=1, state=RowState.IN_FLIGHT)
    assert sent_in_the_end(view(first, row(2, TIMING, ACCEPTED), shadow=ACCEPTED)) == [TIMING, ACCEPTED]


def test_there_and_back_after_what_may_have_arrived_is_dropped() -> None:
    first = row(1, CREATED, ACCEPTED, reached=1, attempts=1, state=RowState.IN_FLIGHT)
    order = view(first, row(2, ACCEPTED, TIMING), row(3, TIMING, ACCEPTED))
    assert sent_in_the_end(order) == [ACCEPTED]


def test_a_cancellation_supersedes_all_that_waits() -> None:
    assert sent_in_the_end(view(*chain(CREATED, ACCEPTED, COOKING, CANCELLED)), "all") == [CANCELLED]


def test_a_cancellation_supersedes_nothing_that_may_have_arrived() -> None:
    first = row(1, CREATED, ACCEPTED, reached=1)
    order = view(first, row(2, ACCEPTED, COOKING), row(3, COOKING, CANCELLED))
    assert sent_in_the_end(order) == [ACCEPTED, CANCELLED]


def test_a_cancellation_that_was_taken_back_is_not_sent() -> None:
    order = view(*chain(CREATED, ACCEPTED, CANCELLED, ACCEPTED))
    assert sent_in_the_end(order) == [ACCEPTED]


def test_a_cancellation_that_undo_holds_back_supersedes_nothing_yet() -> None:
    held = row(2, ACCEPTED, CANCELLED, hold_until=later(4))
    assert sent_in_the_end(view(row(1, CREATED, ACCEPTED), held)) == [ACCEPTED, CANCELLED]


def test_a_row_that_undo_holds_back_is_the_head_when_it_is_alone() -> None:
    held = row(1, COOKING, CANCELLED, hold_until=later(4))
    assert sent_in_the_end(view(held, shadow=COOKING)) == [CANCELLED]


def test_a_hold_from_before_the_clock_went_back_is_over() -> None:
    held = row(2, ACCEPTED, CANCELLED, hold_until=later(3600))
    assert sent_in_the_end(view(row(1, CREATED, ACCEPTED), held)) == [CANCELLED]


def test_milestones_always_go_out_and_recent_steps_do() -> None:
    order = view(*chain(CREATED, ACCEPTED, COOKING, ONDELIVERY, DELIVERED, created_at=ago(599)))
    assert sent_in_the_end(order) == [ACCEPTED, COOKING, ONDELIVERY, DELIVERED]


def test_old_steps_between_milestones_do_not_go_out() -> None:
    order = view(*chain(CREATED, ACCEPTED, COOKING, ONDELIVERY, DELIVERED, created_at=ago(601)))
    assert sent_in_the_end(order) == [ACCEPTED, DELIVERED]


@pytest.mark.parametrize("step", [COOKING, ONDELIVERY, TIMING, EDITED])
def test_an_old_step_that_nothing_overtook_goes_out(step: Status) -> None:
    order = view(row(1, ACCEPTED, step, created_at=ago(86_400)), shadow=ACCEPTED)
    assert sent_in_the_end(order) == [step]


def test_the_mode_all_sends_every_step_however_old() -> None:
    order = view(*chain(CREATED, ACCEPTED, COOKING, ONDELIVERY, created_at=ago(86_400)))
    assert sent_in_the_end(order, "all") == [ACCEPTED, COOKING, ONDELIVERY]


def test_the_mode_last_sends_the_newest_step() -> None:
    order = view(*chain(CREATED, ACCEPTED, COOKING, ONDELIVERY))
    assert sent_in_the_end(order, "last") == [ONDELIVERY]


def test_the_mode_last_keeps_what_may_have_arrived() -> None:
    order = view(row(1, CREATED, ACCEPTED, reached=1), row(2, ACCEPTED, COOKING), row(3, COOKING, ONDELIVERY))
    assert sent_in_the_end(order, "last") == [ACCEPTED, ONDELIVERY]


def test_what_a_person_decided_against_the_shop_is_never_given_up() -> None:
    forced = row(1, CANCELLED, COOKING, forced=True)
    order = view(forced, row(2, COOKING, ONDELIVERY), row(3, ONDELIVERY, DELIVERED), shadow=CANCELLED)
    assert sent_in_the_end(order, "last") == [COOKING, DELIVERED]
