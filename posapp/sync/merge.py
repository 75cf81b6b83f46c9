"""What a value that the remote shows means for ours: confirmed, overtaken, adopted, or for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from posapp.domain.outbox import (
    POINTLESS,
    Adopt,
    Confirm,
    Effect,
    OrderSync,
    Reassert,
    Revive,
    Row,
    Seen,
    Supersede,
    ToConflict,
)
from posapp.domain.status import FINAL, PERSON_ROWS, WAITING_ROWS, RowState, Status, rank
from posapp.sync.merge_fields import about_fields

MOST_REASSERTS = 2


def judge(view: OrderSync, seen: Status, fields: Mapping[str, str]) -> list[Effect]:
    """Judge what the remote shows against ours; an empty answer or only what was seen: ours may go out."""
    if any(row.state is RowState.DEAD for row in view.rows):
        # It is there again: its rows wait anew and are judged as such.
        return [Revive()]
    steps = replace(view, rows=view.steps)
    effects = about_rows(steps, seen) if steps.rows else about_order(steps, seen)
    again = sum(isinstance(effect, Reassert) for effect in effects)
    pointless = _pointless(view) if Adopt(Status.CANCELLED) in effects else ()
    left = tuple(row for row in view.rows if row not in pointless)
    effects += about_fields(replace(view, rows=left, reasserts=view.reasserts + again), fields)
    effects += [Supersede(row.seq, POINTLESS) for row in pointless]
    return _freed(view, effects)


def _pointless(view: OrderSync) -> tuple[Row, ...]:
    """Return the edits that nobody needs once the shop has cancelled the order: those that never left.

    While a person is asked, none: what waits behind the question is a part of it.
    """
    if any(row.state in PERSON_ROWS for row in view.rows):
        return ()
    return tuple(row for row in view.edits if not (row.reached or row.forced))


def _freed(view: OrderSync, effects: list[Effect]) -> list[Effect]:
    """Let what waited behind a row that needs no person any more wait for its turn again."""
    settled = {effect.seq for effect in effects if isinstance(effect, Confirm)}
    asked = any(row.seq in settled and row.state in PERSON_ROWS for row in view.rows)
    if asked and len(settled) < len(view.rows) and not any(isinstance(item, Revive) for item in effects):
        return [*effects, Revive()]
    return effects


def about_rows(view: OrderSync, seen: Status) -> list[Effect]:
    """Judge a status against the rows that are not settled."""
    rows = list(view.rows)
    if any(row.state not in WAITING_ROWS for row in rows):
        return _about_person(view, rows, seen)
    head = rows[0]
    if seen is head.target:
        return [Seen(seen), Confirm(head.seq, "found")]
    if _may_overwrite(view, head, seen):
        return [Seen(seen)] if seen is not view.shadow else []
    if not _overtakes(seen, head):
        return [Seen(seen, foreign=True)]
    later = next((row for row in rows[1:] if row.target is seen), None)
    if later is not None:
        return [Seen(seen), *_passed(rows, later), Confirm(later.seq, "found")]
    if _is_outrun_edit(rows) and seen not in FINAL:
        # “Edited” would only take the order back from where somebody has brought it.
        outrun = Supersede(head.seq, f"the shop is at {seen} already")
        return [Seen(seen, foreign=True), outrun, Adopt(seen)]
    return [Seen(seen, foreign=True), _conflict(head, seen)]


def _is_outrun_edit(rows: list[Row]) -> bool:
    return len(rows) == 1 and rows[0].target is Status.EDITED and not (rows[0].reached or rows[0].forced)


def _overtakes(seen: Status, row: Row) -> bool:
    return rank(seen) > rank(row.target) or seen in FINAL


def _passed(rows: list[Row], until: Row) -> list[Effect]:
    reason = f"the shop is at {until.target} already"
    return [Supersede(row.seq, reason) for row in rows if row.seq < until.seq]


def _may_overwrite(view: OrderSync, head: Row, seen: Status) -> bool:
    """Tell whether the value is one that this order had here, or one that a person chose to overwrite."""
    if seen in view.sent or (head.forced and seen in {head.base, view.shadow}):
        return True
    # A final status counts as ours only if we sent it; the shadow may show somebody else's.
    return seen not in FINAL and (seen is view.shadow or seen in view.own)


def _about_person(view: OrderSync, rows: list[Row], seen: Status) -> list[Effect]:
    """Judge a value while a person is asked: it may have become what we wanted; else only note it."""
    conflict = next((row for row in rows if row.state is RowState.CONFLICT), None)
    wanted = rows[-1:] if conflict is not None else rows
    ours = next((row for row in reversed(wanted) if row.target is seen), None)
    if ours is not None and (ours.reached > 0 or seen is not view.shadow):
        after: list[Effect] = [] if ours is rows[-1] else [Revive()]
        return [Seen(seen), *_passed(rows, ours), Confirm(ours.seq, "found"), *after]
    if seen is view.shadow:
        return []
    foreign = seen not in view.own
    if conflict is not None:
        return [Seen(seen, foreign), _conflict(conflict, seen)]
    if foreign and _overtakes(seen, rows[0]):
        return [Seen(seen, foreign), _conflict(rows[0], seen)]
    return [Seen(seen, foreign)]


def about_order(view: OrderSync, seen: Status) -> list[Effect]:
    """Judge a value when nothing of ours is unsent."""
    if seen is view.status:
        return [Seen(seen)] if seen is not view.shadow else []
    watched = view.settle_at is not None
    if seen in view.sent and watched and view.reasserts < MOST_REASSERTS and seen not in FINAL:
        # A write of ours that was given up has arrived after all.
        return [Seen(seen), Reassert(view.status, seen)]
    if seen in view.own:
        words = f"The shop went back to “{seen}” after it had taken “{view.status}”."
        return [Seen(seen), ToConflict(None, seen, words)]
    if view.status in FINAL or (seen is Status.CANCELLED and rank(view.status) >= rank(Status.COOKING)):
        return [Seen(seen, foreign=True), ToConflict(None, seen, _words(view.status, seen))]
    return [Seen(seen, foreign=True), Adopt(seen)]


def _conflict(row: Row, theirs: Status) -> ToConflict:
    return ToConflict(row.seq, theirs, _words(row.target, theirs))


def _words(ours: Status, theirs: Status) -> str:
    return f"Here the order is “{ours}”; at the shop somebody made it “{theirs}”."
