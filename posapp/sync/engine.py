"""The decisions of the send loop, as pure functions of an order's view, the time and the remote's answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from posapp.domain.outbox import (
    Adopt,
    Again,
    Confirm,
    Dead,
    Effect,
    Missing,
    OrderSync,
    Park,
    Reassert,
    Revive,
    Row,
    Seen,
    Settle,
    Supersede,
    ToConflict,
    Watch,
)
from posapp.domain.status import FINAL, WAITING_ROWS, RowState, Status, rank
from posapp.remote.api import Outcome, Verdict
from posapp.sync.collapse import collapse
from posapp.sync.policy import backoff

FRESH = timedelta(seconds=5)
SETTLE = timedelta(seconds=120)
WATCH = timedelta(seconds=30)
GONE_AGAIN = timedelta(seconds=60)
REPLAY = timedelta(seconds=1)
MOST_REASSERTS = 2


@dataclass(frozen=True, slots=True)
class Read:
    """A value that the remote showed; `at` is when the question left."""

    value: Status
    at: datetime


@dataclass(frozen=True, slots=True)
class Rules:
    """What the loop is bound by; tries before `kicked_at` do not hold a row back (a person asked)."""

    mode: str = "milestones"
    kicked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing to do for this order."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before this time."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Ask:
    """Read the order from the remote."""


@dataclass(frozen=True, slots=True)
class Decide:
    """Write these effects down, then look again."""

    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Send:
    """Send this row's value."""

    row: Row


Step = Idle | Wait | Ask | Decide | Send


def next_step(view: OrderSync, read: Read | None, now: datetime, rules: Rules) -> Step:
    """Return what to do next for this order. A write is only ever chosen after a fresh read."""
    if not view.needs_person and any(row.state in WAITING_ROWS for row in view.rows):
        given_up, head = collapse(view, rules.mode, now)
        if given_up:
            return Decide(tuple(given_up))
        if head is not None:
            return _step_for(view, head, read, now, rules)
    if view.watch_at is None:
        return Idle()
    return Ask() if _due_at(view.watch_at, read, rules) <= now else Wait(view.watch_at)


def _due_at(watch_at: datetime, read: Read | None, rules: Rules) -> datetime:
    """Return when a watched order is due: at once if a person asked since the last read."""
    if rules.kicked_at is not None and (read is None or read.at < rules.kicked_at):
        return rules.kicked_at
    return watch_at


def _step_for(view: OrderSync, head: Row, read: Read | None, now: datetime, rules: Rules) -> Step:
    if head.hold_until is not None and head.hold_until > now:
        return Wait(head.hold_until)
    kicked = rules.kicked_at is not None and (head.last_at is None or head.last_at < rules.kicked_at)
    if head.not_before is not None and head.not_before > now and not kicked:
        return Wait(head.not_before)
    since = max(now - FRESH, head.last_at) if head.last_at else now - FRESH
    if read is None or read.at < since:
        return Ask()
    effects = _about_rows(view, read.value)
    if any(not isinstance(effect, Seen) for effect in effects):
        return Decide(tuple(effects))
    return Send(head)


def after_read(view: OrderSync, read: Read, now: datetime, rng: Random) -> list[Effect]:
    """Return what follows from a value that the remote showed."""
    effects: list[Effect] = [Missing(None)] if view.missing_at is not None else []
    if any(row.state is RowState.DEAD for row in view.rows):
        effects.append(Revive())
    if view.rows:
        effects += _about_rows(view, read.value)
    else:
        effects += _about_order(view, read.value)
    return effects + _watching(view, read, now, rng, effects)


def _about_rows(view: OrderSync, seen: Status) -> list[Effect]:
    """Judge a value against the rows that are not settled; an empty answer or only Seen: ours may go out."""
    rows = [row for row in view.rows if row.state is not RowState.DEAD]
    if not rows:
        return []
    if any(row.state not in WAITING_ROWS for row in rows):
        return _about_person(view, rows, seen)
    head = rows[0]
    if seen is head.target:
        return [Seen(seen), Confirm(head.seq, "found")]
    if _may_overwrite(view, head, seen):
        return [Seen(seen)] if seen is not view.shadow else []
    ahead = rank(seen) > rank(head.target) or seen in FINAL
    if not ahead:
        return [Seen(seen, foreign=True)]
    later = next((row for row in rows[1:] if row.target is seen), None)
    if later is not None:
        passed: list[Effect] = [
            Supersede(row.seq, f"the shop is at {seen} already") for row in rows if row.seq < later.seq
        ]
        return [Seen(seen), *passed, Confirm(later.seq, "found")]
    return [Seen(seen, foreign=True), ToConflict(head.seq, seen, _conflict_words(head.target, seen))]


def _may_overwrite(view: OrderSync, head: Row, seen: Status) -> bool:
    """Tell whether the value is one that this order had here, or one that a person chose to overwrite."""
    if head.forced:
        return seen in {head.base, view.shadow} or seen in view.own
    if seen in FINAL:
        # A final status counts as ours only if we sent it; the shadow may show somebody else's.
        return seen in view.own
    return seen is view.shadow or seen in view.own


def _about_person(view: OrderSync, rows: list[Row], seen: Status) -> list[Effect]:
    """Judge a value while a person is asked: it may have become what we wanted; else only note it."""
    last = rows[-1]
    if seen is last.target and (last.reached > 0 or seen is not view.shadow):
        passed: list[Effect] = [Supersede(row.seq, f"the shop is at {seen} already") for row in rows[:-1]]
        return [Seen(seen), *passed, Confirm(last.seq, "found")]
    if seen is view.shadow:
        return []
    foreign = seen not in view.own
    conflict = next((row for row in rows if row.state is RowState.CONFLICT), None)
    if conflict is not None:
        return [Seen(seen, foreign), ToConflict(conflict.seq, seen, _conflict_words(conflict.target, seen))]
    if foreign and seen in FINAL:
        return [Seen(seen, foreign), ToConflict(rows[0].seq, seen, _conflict_words(rows[0].target, seen))]
    return [Seen(seen, foreign)]


def _about_order(view: OrderSync, seen: Status) -> list[Effect]:
    """Judge a value when nothing of ours is unsent."""
    if seen is view.status:
        return [Seen(seen)] if seen is not view.shadow else []
    if seen in view.own:
        if view.settle_at is not None and view.reasserts < MOST_REASSERTS and seen not in FINAL:
            return [Seen(seen), Reassert(view.status, seen)]
        words = f"The shop went back to “{seen}” after it had taken “{view.status}”."
        return [Seen(seen), ToConflict(None, seen, words)]
    if view.status in FINAL or (seen is Status.CANCELLED and rank(view.status) >= rank(Status.COOKING)):
        return [Seen(seen, foreign=True), ToConflict(None, seen, _conflict_words(view.status, seen))]
    return [Seen(seen, foreign=True), Adopt(seen)]


def _conflict_words(ours: Status, theirs: Status) -> str:
    return f"Here the order is “{ours}”; at the shop somebody made it “{theirs}”."


def _watching(view: OrderSync, read: Read, now: datetime, rng: Random, effects: list[Effect]) -> list[Effect]:
    """Keep watching what is active or may still be overtaken by a late write of ours."""
    adopted = next((effect.value for effect in effects if isinstance(effect, Adopt)), view.status)
    open_rows = bool(view.rows) or any(isinstance(effect, Reassert | ToConflict) for effect in effects)
    settled = view.settle_at is None or read.at >= view.settle_at
    result: list[Effect] = []
    if settled and view.settle_at is not None and not open_rows:
        result.append(Settle(None))
    if settled and adopted in FINAL and not open_rows:
        return [*result, Watch(None)] if view.watch_at is not None else result
    again = now + WATCH * rng.uniform(0.8, 1.2)
    if view.settle_at is not None and now < view.settle_at < again:
        again = view.settle_at
    return [*result, Watch(again)]


def after_write(  # noqa: PLR0911 - one return a line of the failure table
    view: OrderSync, row: Row, outcome: Outcome, now: datetime, rng: Random
) -> list[Effect]:
    """Return what follows from the answer to a write of this row."""
    wait = now + backoff(row.attempts + 1, now - row.created_at, rng)
    settle: list[Effect] = [Settle(now + SETTLE), Watch(now + WATCH)]
    match outcome.verdict:
        case Verdict.OK if outcome.verified:
            return [Confirm(row.seq, "answered"), Seen(row.target), *settle]
        case Verdict.OK | Verdict.UNKNOWN | Verdict.UNREADABLE | Verdict.PORTAL:
            # It may have been stored, now or later: read before anything else.
            return [_again(row, RowState.IN_FLIGHT, wait, outcome), *settle]
        case Verdict.NOT_SENT | Verdict.CERTIFICATE | Verdict.SIGN_IN:
            return [_again(row, RowState.PENDING, wait, outcome, unsent=True)]
        case Verdict.THROTTLED:
            return [_again(row, RowState.PENDING, now, outcome, unsent=True, counts=False)]
        case Verdict.REFUSED:
            if row.refusals == 0:
                return [_again(row, RowState.PENDING, now + REPLAY, outcome, refused=True)]
            return [Park(row.seq, outcome.detail)]
        case Verdict.FORBIDDEN:
            if row.last_class == Verdict.FORBIDDEN:
                return [Park(row.seq, outcome.detail)]
            return [_again(row, RowState.PENDING, now + REPLAY, outcome, unsent=True)]
        case Verdict.GONE:
            held = _again(row, RowState.PENDING, now + GONE_AGAIN, outcome, unsent=True)
            return [held, *_missing(view, outcome, now)]


def _again(
    row: Row,
    state: RowState,
    not_before: datetime,
    outcome: Outcome,
    *,
    unsent: bool = False,
    counts: bool = True,
    refused: bool = False,
) -> Again:
    return Again(
        row.seq,
        state,
        not_before,
        outcome.verdict.value,
        outcome.detail,
        unsent=unsent,
        counts=counts,
        refused=refused,
    )


def after_failed_read(
    view: OrderSync, outcome: Outcome, now: datetime, rng: Random, failures: int
) -> list[Effect]:
    """Return what follows when the remote did not show the order."""
    head = view.head
    if outcome.verdict is Verdict.GONE:
        effects: list[Effect] = _missing(view, outcome, now)
        if head is not None and not any(isinstance(effect, Dead) for effect in effects):
            effects.append(_again(head, head.state, now + GONE_AGAIN, outcome))
        return effects
    if outcome.verdict is Verdict.FORBIDDEN and head is not None and head.last_class == Verdict.FORBIDDEN:
        return [Park(head.seq, outcome.detail)]
    until = now + backoff(max(1, failures), timedelta(0), rng)
    if outcome.verdict is Verdict.FORBIDDEN:
        until = now + REPLAY
    result: list[Effect] = [Watch(max(until, now + FRESH))] if view.watch_at is not None else []
    if head is not None:
        result.append(_again(head, head.state, until, outcome))
    return result


def _missing(view: OrderSync, outcome: Outcome, now: datetime) -> list[Effect]:
    """Believe that an order is gone only when it is missing twice, a minute apart."""
    if view.missing_at is None:
        return [Missing(now), Watch(now + GONE_AGAIN)]
    if now - view.missing_at < GONE_AGAIN:
        return [Watch(view.missing_at + GONE_AGAIN)]
    if any(row.state is RowState.DEAD for row in view.rows):
        return [Watch(None)]
    words = outcome.detail or "The shop answers that there is no such order."
    return [Dead(words), Watch(None)]
