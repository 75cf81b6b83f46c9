"""What holds for every order, every answer and every time: drawn at random."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from posapp.domain.outbox import Confirm, OrderSync, Row
from posapp.domain.status import FINAL, PERSON_ROWS, WAITING_ROWS, RowState, Status
from posapp.remote.api import Outcome, Verdict
from posapp.sync.collapse import collapse
from posapp.sync.engine import FRESH, Decide, Read, Rules, Send, after_read, after_write, next_step
from tests.unit.sync.views import NOW, view

statuses = st.sampled_from(list(Status))
open_states = [RowState.PENDING, RowState.IN_FLIGHT, RowState.PARKED, RowState.CONFLICT, RowState.DEAD]
near = st.integers(-900, 900).map(lambda seconds: NOW + timedelta(seconds=seconds))
maybe_near = st.none() | near
MODES = st.sampled_from(["milestones", "all", "last"])


@st.composite
def rows(draw: st.DrawFn, states: list[RowState]) -> tuple[Row, ...]:
    here = draw(statuses)
    found: list[Row] = []
    for seq in range(1, draw(st.integers(0, 6)) + 1):
        target = draw(st.sampled_from([status for status in Status if status is not here]))
        state = draw(st.sampled_from(states))
        tried = state is RowState.IN_FLIGHT or draw(st.booleans())
        found.append(
            Row(
                seq=seq,
                kind="status",
                target=target,
                base=here,
                forced=draw(st.integers(0, 9)) == 0,
                state=state,
                attempts=int(tried),
                reached=int(tried and (state is RowState.IN_FLIGHT or draw(st.booleans()))),
                refusals=draw(st.integers(0, 1)),
                created_at=draw(near),
                not_before=draw(maybe_near),
                hold_until=draw(maybe_near),
                last_at=draw(near) if tried else None,
            )
        )
        here = target
    return tuple(found)


@st.composite
def views(draw: st.DrawFn, states: list[RowState] = open_states) -> OrderSync:
    return view(
        *draw(rows(states)),
        shadow=draw(statuses),
        sent=draw(st.frozensets(statuses, max_size=3)),
        own=draw(st.frozensets(statuses.filter(lambda status: status not in FINAL), max_size=3)),
        settle_at=draw(maybe_near),
        watch_at=draw(maybe_near),
        missing_at=draw(maybe_near),
        reasserts=draw(st.integers(0, 3)),
    )


reads = st.none() | st.builds(Read, statuses, near)
rules = st.builds(Rules, MODES, st.booleans())


@given(views(), reads, rules)
@settings(max_examples=400)
def test_a_write_is_only_ever_chosen_when_it_may_be(
    order: OrderSync, read: Read | None, bound: Rules
) -> None:
    step = next_step(order, read, NOW, bound)
    if not isinstance(step, Send):
        return
    assert read is not None
    assert NOW - FRESH <= read.at <= NOW
    assert step.row.last_at is None or step.row.last_at > NOW or read.at >= step.row.last_at
    assert not any(row.state in PERSON_ROWS for row in order.rows)
    assert step.row is next(row for row in order.rows if row.state in WAITING_ROWS)
    assert read.value is not step.row.target
    if read.value in FINAL and read.value not in order.sent:
        assert step.row.forced
        assert read.value in {step.row.base, order.shadow}


@given(views([RowState.PENDING, RowState.IN_FLIGHT]), MODES)
@settings(max_examples=400)
def test_what_may_have_arrived_is_never_given_up(order: OrderSync, mode: str) -> None:
    given_up, head = collapse(order, mode, NOW)
    gone = {effect.seq for effect in given_up}
    for row in order.rows:
        if row.seq in gone:
            assert row.state is RowState.PENDING
            assert row.reached == 0
            assert not row.forced
    left = [row for row in order.rows if row.seq not in gone]
    assert head is (left[0] if left else None)
    if left and left[-1].seq == order.rows[-1].seq:
        assert left[-1].target is order.rows[-1].target
    elif order.rows:
        # The newest is given up only when the same value is reached without it.
        assert (left[-1].target if left else order.shadow) is order.rows[-1].target


@given(views([RowState.PENDING, RowState.IN_FLIGHT]), MODES)
@settings(max_examples=200)
def test_collapsing_twice_changes_nothing_more(order: OrderSync, mode: str) -> None:
    gone = {effect.seq for effect in collapse(order, mode, NOW)[0]}
    left = [row for row in order.rows if row.seq not in gone]
    again = view(*left, shadow=order.shadow, status=order.status)
    assert collapse(again, mode, NOW)[0] == []


@given(views(), statuses)
@settings(max_examples=300)
def test_a_read_confirms_only_what_it_showed(order: OrderSync, seen: Status) -> None:
    effects = after_read(order, Read(seen, NOW), NOW, Random(1))
    targets = {row.seq: row.target for row in order.rows}
    for effect in effects:
        if isinstance(effect, Confirm):
            assert targets[effect.seq] is seen


@given(views([RowState.IN_FLIGHT]).filter(lambda order: bool(order.rows)), st.sampled_from(list(Verdict)))
def test_no_answer_but_the_remotes_own_word_confirms(order: OrderSync, verdict: Verdict) -> None:
    effects = after_write(order, order.rows[0], Outcome(verdict), NOW, Random(1))
    assert not any(isinstance(effect, Confirm) for effect in effects)


@given(views(), statuses, rules)
@settings(max_examples=300)
def test_deciding_comes_to_an_end(order: OrderSync, seen: Status, bound: Rules) -> None:
    for _ in range(4):
        step = next_step(order, Read(seen, NOW), NOW, bound)
        if not isinstance(step, Decide):
            return
        closed = {effect.seq for effect in step.effects if hasattr(effect, "seq")}
        assert closed
        left = [row for row in order.rows if row.seq not in closed]
        order = view(*left, shadow=order.shadow, status=order.status, sent=order.sent, own=order.own)
        if len(left) == 0:
            return
