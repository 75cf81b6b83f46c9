"""Broken variants of what the engine decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from posapp.domain.outbox import Adopt, OrderSync, Row, Seen, Supersede, ToConflict, Watch
from posapp.domain.status import FINAL, PERSON_ROWS, WAITING_ROWS, RowState, Status, rank
from posapp.remote.api import Outcome, Verdict
from posapp.sync import collapse, engine, ledger, merge, merge_fields

Patch = Callable[[object, str, object], None]


def blind_retry(patch: Patch) -> None:
    """Send again after an unknown outcome, without a read."""
    real = engine._step_for

    def step_for(view: OrderSync, head: Row, read: Any, now: datetime, rules: Any) -> engine.Step:
        step = real(view, head, read, now, rules)
        return engine.Send(head) if isinstance(step, engine.Ask) and head.reached else step

    patch(engine, "_step_for", step_for)


def no_settling(patch: Patch) -> None:
    """Read before each write, but do not wait for late writes after it."""
    patch(engine, "SETTLE", timedelta(0))


def collapse_across_a_conflict(patch: Patch) -> None:
    """Collapse what waits behind a row that needs a person."""
    real = engine.next_step

    def next_step(view: OrderSync, read: Any, now: datetime, rules: Any) -> engine.Step:
        if view.needs_person:
            rows = tuple(
                replace(row, state=RowState.PENDING) if row.state is RowState.PARKED else row
                for row in view.rows
            )
            given_up, _ = collapse.collapse(replace(view, rows=rows), "last", now)
            if given_up:
                return engine.Decide(tuple(given_up))
        return real(view, read, now, rules)

    patch(engine, "next_step", next_step)


def no_reassert_limit(patch: Patch) -> None:
    """Send ours again as often as an older one comes back."""
    patch(merge, "MOST_REASSERTS", 1_000)
    patch(merge_fields, "MOST_REASSERTS", 1_000)


def forward_after_final(patch: Patch) -> None:
    """Overwrite a cancellation of somebody else's with the next step."""
    patch(merge, "_overtakes", lambda seen, row: seen not in FINAL and rank(seen) > rank(row.target))


def adopt_over_waiting(patch: Patch) -> None:
    """Take over somebody else's final status while changes of ours wait."""
    real = merge.about_rows

    def about_rows(view: OrderSync, seen: Status) -> list[Any]:
        if seen in FINAL and seen not in view.sent and seen is not view.status:
            return [Seen(seen), Adopt(seen)]
        return real(view, seen)

    patch(merge, "about_rows", about_rows)


def newest_first(patch: Patch) -> None:
    """Send the last change of an order before the first."""
    real = collapse.collapse

    def backwards(view: OrderSync, mode: str, now: datetime) -> tuple[list[Supersede], Row | None]:
        given_up, head = real(view, mode, now)
        waiting = [row for row in view.rows if row.state in WAITING_ROWS]
        return given_up, waiting[-1] if head is not None and not given_up else head

    patch(engine, "collapse", backwards)


def reads_used_twice(patch: Patch) -> None:
    """Let several writes rest on one read."""
    patch(engine, "_is_fresh", lambda read, last_at, now: now - engine.FRESH <= read.at <= now)
    real = ledger.Ledger.advance

    def advance(self: Any, pk: int, now: datetime, *, must_read: bool = False) -> Any:
        kept = self.reads.get(pk)
        found = real(self, pk, now, must_read=must_read)
        if kept is not None and not must_read:
            self.reads[pk] = kept
        return found

    patch(ledger.Ledger, "advance", advance)


def old_reads(patch: Patch) -> None:
    """Let a write rest on what the shop said a minute ago."""
    patch(engine, "FRESH", timedelta(seconds=60))


def no_undo_window(patch: Patch) -> None:
    """Send a cancellation at once although undo is still offered."""
    patch(collapse, "LONGEST_HOLD", timedelta(0))
    patch(engine, "LONGEST_HOLD", timedelta(0))


def refusals_vanish(patch: Patch) -> None:
    """Give up what the shop refuses instead of asking a person."""
    real = engine.after_write

    def after_write(
        view: OrderSync, row: Row, outcome: Outcome, *arguments: Any, **options: Any
    ) -> list[Any]:
        if outcome.verdict is Verdict.REFUSED:
            return [Supersede(row.seq, "the shop does not want it")]
        return real(view, row, outcome, *arguments, **options)

    patch(engine, "after_write", after_write)


def gives_up_what_may_have_arrived(patch: Patch) -> None:
    """Collapse rows that were sent already."""
    patch(collapse, "_must_go", lambda row: False)


def no_watch(patch: Patch) -> None:
    """Never look again at orders that are at rest."""
    real = engine._watching

    def watching(view: OrderSync, read: Any, now: datetime, *arguments: Any) -> list[Any]:
        found = real(view, read, now, *arguments)
        return [Watch(None) if isinstance(effect, Watch) else effect for effect in found]

    patch(engine, "_watching", watching)


def conflicts_settle_themselves(patch: Patch) -> None:
    """Let ours win where a person should be asked."""
    real = merge.about_rows

    def about_rows(view: OrderSync, seen: Status) -> list[Any]:
        if any(row.state in PERSON_ROWS for row in view.rows):
            return real(view, seen)
        found = real(view, seen)
        return [effect for effect in found if not isinstance(effect, ToConflict)]

    patch(merge, "about_rows", about_rows)


def last_field_writer_wins(patch: Patch) -> None:
    """Overwrite what somebody else wrote into a field that was edited here too."""
    patch(merge_fields, "_against", lambda view, row, seen: {})


def replays_for_ever(patch: Patch) -> None:
    """Send a refused jump again and again."""
    real = engine._refused

    def refused(view: OrderSync, row: Row, outcome: Outcome, now: datetime) -> Any:
        return real(view, replace(row, refusals=0), outcome, now)

    patch(engine, "_refused", refused)
