"""The decisions of the send loop, as pure functions of an order's view, the time and the remote's answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from posapp.domain.outbox import (
    Adopt,
    Again,
    Confirm,
    Dead,
    Effect,
    FieldsConflict,
    Missing,
    OrderSync,
    Park,
    Reassert,
    ReassertFields,
    Replay,
    Row,
    Seen,
    SeenFields,
    Settle,
    ToConflict,
    Watch,
)
from posapp.domain.status import FINAL, WAITING_ROWS, RowState, Status
from posapp.remote.api import Outcome, Verdict
from posapp.sync.collapse import collapse
from posapp.sync.meaning import likeliest
from posapp.sync.merge import judge
from posapp.sync.policy import LONGEST_HOLD, ahead, backoff

FRESH = timedelta(seconds=5)
SETTLE = timedelta(seconds=120)
WATCH = timedelta(seconds=30)
GONE_AGAIN = timedelta(seconds=60)
REPLAY = timedelta(seconds=1)
MOST_IGNORED = 3  # so many writes of an edit that were answered well and changed nothing


_OPENING = (Reassert, ReassertFields, ToConflict, FieldsConflict)


@dataclass(frozen=True, slots=True)
class Read:
    """What the remote showed; `at` is when the question left, `fields` are those that were edited here."""

    value: Status
    at: datetime
    fields: Mapping[str, str] = field(default_factory=dict)
    possible: frozenset[Status] = frozenset()  # all that it may mean, where one word stands for several


@dataclass(frozen=True, slots=True)
class Trouble:
    """How often an order could not be read, one time after the other, and since when."""

    failures: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Rules:
    """What the loop is bound by; `kicked`: a person asked for a try since this order's last one."""

    mode: str = "milestones"
    kicked: bool = False


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
    return Wait(view.watch_at) if ahead(view.watch_at, now) and not rules.kicked else Ask()


def _step_for(view: OrderSync, head: Row, read: Read | None, now: datetime, rules: Rules) -> Step:
    if head.hold_until is not None and ahead(head.hold_until, now, LONGEST_HOLD):
        return Wait(head.hold_until)
    if head.not_before is not None and ahead(head.not_before, now) and not rules.kicked:
        return Wait(head.not_before)
    if read is None or not _is_fresh(read, head.last_at, now):
        return Ask()
    # What waited when it was read may have been given up since: that decides what one word means.
    effects = judge(view, likeliest(view, read.possible, read.value), read.fields)
    if any(not isinstance(effect, Seen | SeenFields) for effect in effects):
        return Decide(tuple(effects))
    if head.patch and head.last_class == Verdict.OK and head.reached >= MOST_IGNORED:
        return Decide((Park(head.seq, f"The shop answers well but does not change: {_kept(head, read)}."),))
    return Send(head)


def _kept(row: Row, read: Read) -> str:
    """Return the fields of an edit that are not what it made them."""
    return ", ".join(
        sorted(name for name, change in row.patch.items() if read.fields.get(name) != change.ours)
    )


def _is_fresh(read: Read, last_at: datetime | None, now: datetime) -> bool:
    """Tell whether a value is at most 5 s old and newer than the last write; none comes from the future."""
    if not now - FRESH <= read.at <= now:
        return False
    # A write from the future was made before the clock went back; the ledger forgets reads at each write.
    return last_at is None or last_at > now or read.at >= last_at


def after_read(view: OrderSync, read: Read, now: datetime, rng: Random) -> list[Effect]:
    """Return what follows from a value that the remote showed."""
    effects: list[Effect] = [Missing(None)] if view.missing_at is not None else []
    effects += judge(view, read.value, read.fields)
    return effects + _watching(view, read, now, rng, effects)


def _watching(view: OrderSync, read: Read, now: datetime, rng: Random, effects: list[Effect]) -> list[Effect]:
    """Keep watching what is active or may still be overtaken by a late write of ours."""
    adopted = next((effect.value for effect in effects if isinstance(effect, Adopt)), view.status)
    open_rows = bool(view.rows) or any(isinstance(effect, _OPENING) for effect in effects)
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


def after_write(
    view: OrderSync, row: Row, outcome: Outcome, now: datetime, rng: Random, *, hurry: bool = False
) -> list[Effect]:
    """Return what follows from the answer to a write of this row."""
    wait = now + backoff(row.attempts + 1, now - row.created_at, rng, hurry=hurry)
    settle: list[Effect] = [Settle(now + SETTLE), Watch(now + WATCH)]
    match outcome.verdict:
        case Verdict.OK if outcome.verified:
            return [Confirm(row.seq, "answered"), _shown(row), *settle]
        case Verdict.OK | Verdict.UNKNOWN | Verdict.UNREADABLE | Verdict.PORTAL:
            # It may have been stored, now or later: read before anything else.
            return [_again(row, RowState.IN_FLIGHT, wait, outcome), *settle]
        case Verdict.NOT_SENT | Verdict.CERTIFICATE | Verdict.SIGN_IN:
            return [_again(row, RowState.PENDING, wait, outcome, unsent=True)]
        case Verdict.THROTTLED:
            return [_again(row, RowState.PENDING, now, outcome, unsent=True, counts=False)]
        case Verdict.REFUSED:
            return [_refused(view, row, outcome, now)]
        case Verdict.FORBIDDEN:
            # Not yet clear whether this order or the key is meant.
            return [_again(row, RowState.PENDING, now + REPLAY, outcome, unsent=True)]
        case Verdict.GONE:
            # It was there a moment ago. Whether it still is, a read tells; if so, this write is refused.
            if row.refusals > 0:
                return [Park(row.seq, outcome.detail)]
            held = _again(row, RowState.PENDING, now + GONE_AGAIN, outcome, unsent=True, refused=True)
            return [held, *_missing(view, outcome, now)]


def _refused(view: OrderSync, row: Row, outcome: Outcome, now: datetime) -> Effect:
    if row.refusals == 0:
        return _again(row, RowState.PENDING, now + REPLAY, outcome, refused=True)
    if row.refusals == 1 and view.skipped and not row.patch:
        # Perhaps the shop wants every step, and some were given up for this one.
        return Replay(row.seq, view.skipped, outcome.detail)
    return Park(row.seq, outcome.detail, outcome.fields)


def _shown(row: Row) -> Seen | SeenFields:
    if row.patch:
        return SeenFields({name: change.ours for name, change in row.patch.items()})
    return Seen(row.target)


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
    view: OrderSync, outcome: Outcome, now: datetime, rng: Random, trouble: Trouble, *, hurry: bool = False
) -> list[Effect]:
    """Return what follows when the remote did not show the order."""
    head = view.head
    if outcome.verdict is Verdict.GONE:
        effects: list[Effect] = _missing(view, outcome, now)
        if head is not None and not any(isinstance(effect, Dead) for effect in effects):
            recent = ahead(view.missing_at, now - GONE_AGAIN, GONE_AGAIN)
            since = view.missing_at if view.missing_at is not None and recent else now
            effects.append(_again(head, head.state, since + GONE_AGAIN, outcome))
        return effects
    refused = outcome.verdict is Verdict.REFUSED
    if refused and head is not None and head.refusals > 0:
        return [Park(head.seq, outcome.detail)]
    until = now + backoff(max(1, trouble.failures), now - trouble.since, rng, hurry=hurry)
    if refused or outcome.verdict is Verdict.FORBIDDEN:
        until = now + REPLAY
    result: list[Effect] = []
    if view.watch_at is not None:
        result.append(Watch(max(until, now + (FRESH if outcome.verdict is Verdict.UNKNOWN else WATCH))))
    if head is not None:
        result.append(_again(head, head.state, until, outcome, refused=refused))
    return result


def _missing(view: OrderSync, outcome: Outcome, now: datetime) -> list[Effect]:
    """Believe that an order is gone only when it is missing twice, a minute apart."""
    if view.missing_at is None or view.missing_at > now:
        return [Missing(now), Watch(now + GONE_AGAIN)]
    if now - view.missing_at < GONE_AGAIN:
        return [Watch(view.missing_at + GONE_AGAIN)]
    if any(row.state is RowState.DEAD for row in view.rows):
        return [Watch(None)]
    words = outcome.detail or "The shop answers that there is no such order."
    return [Dead(words), Watch(None)]
