"""Where an order stands: the steps of its timeline, the one next step, and what sync says about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.domain.status import FINAL, Kind, Status, allowed_moves, next_step
from posapp.domain.timing import Targets
from posapp.storage.rows import EventRow, OrderDetail, OrderRow
from posapp.ui.delegates.age import clock_text
from posapp.ui.widgets.timeline import StepState, TimelineStep
from posapp.ui.words import sync_word

translate = QCoreApplication.translate
_ROAD = timedelta(minutes=20)  # from the kitchen's door to the customer's, until there is a better estimate
_PATH = (Status.CREATED, Status.ACCEPTED, Status.COOKING, Status.ONDELIVERY, Status.DELIVERED)
_PLACE = {Status.EDITED: 0, Status.TIMING: 1}


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one obvious next act: where it leads, its words and its icon."""

    target: Status
    text: str
    icon: str


def next_step_of(row: OrderRow) -> NextStep | None:
    """Return the next step in the words of its button; None for a finished order."""
    target = next_step(Status(row.status), Kind(row.kind))
    if target is None:
        return None
    match row.status:
        case Status.CREATED:
            return NextStep(target, translate("steps", "Accept order"), "check-circle-fill")
        case Status.EDITED:
            return NextStep(target, translate("steps", "Accept changes"), "check-circle-fill")
        case Status.ACCEPTED:
            return NextStep(target, translate("steps", "Start cooking"), "fire-fill")
        case Status.TIMING:
            return NextStep(target, translate("steps", "Start now"), "check-circle-fill")
        case Status.ONDELIVERY:
            return NextStep(target, translate("steps", "Delivered"), "seal-check-fill")
    if target is Status.DELIVERED:
        return NextStep(target, translate("steps", "Hand over"), "seal-check-fill")
    return NextStep(target, translate("steps", "Send out"), "moped-fill")


def can_become(row: OrderRow, target: Status) -> bool:
    """Tell whether a person may move this order so; a scheduled one may be scheduled anew."""
    same = target is Status.TIMING and row.status == Status.TIMING
    return same or target in allowed_moves(Status(row.status), Kind(row.kind))


def can_be_promised(row: OrderRow) -> bool:
    """Tell whether staff may say when this order will be ready."""
    return row.status in {Status.CREATED, Status.EDITED, Status.ACCEPTED, Status.COOKING}


def reached_at(detail: OrderDetail) -> dict[Status, datetime]:
    """Return when the order reached each status, from its history; the last time counts."""
    found = {Status.CREATED: detail.row.created_at}
    for event in detail.events:
        status = _status_after(event)
        if status is not None:
            found[status] = event.at
    if detail.accepted_at is not None:
        found.setdefault(Status.ACCEPTED, detail.accepted_at)
    if detail.sent_at is not None:
        found.setdefault(Status.ONDELIVERY, detail.sent_at)
    found.setdefault(Status(detail.row.status), detail.status_at)
    return found


def _status_after(event: EventRow) -> Status | None:
    word = event.params.get("to", "")
    if event.kind in {"moved", "adopted", "undone", "resolved"} and word in set(Status):
        status = Status(word)
        return None if status is Status.CREATED else status
    return None


def expected_at(detail: OrderDetail, targets: Targets) -> datetime | None:
    """Return when the customer should have it: as planned, else the target time after acceptance."""
    row = detail.row
    if row.status in FINAL:
        return None
    planned = row.planned_at or row.due_at
    if planned is not None:
        return planned
    kind = Kind(row.kind)
    road = timedelta() if kind is Kind.PICKUP else _ROAD
    if row.promised_at is not None and row.status != Status.ONDELIVERY:
        return row.promised_at + road
    if row.status == Status.ONDELIVERY and detail.sent_at is not None:
        return detail.sent_at + road
    begun = detail.accepted_at or row.received_at
    return begun + timedelta(seconds=targets.seconds(kind)) + road


def timeline_steps(
    detail: OrderDetail, targets: Targets, now: datetime, zone: ZoneInfo
) -> tuple[TimelineStep, ...]:
    """Return the steps of the timeline; a cancelled order ends where it was cancelled."""
    row, times = detail.row, reached_at(detail)
    status = Status(row.status)
    # A shop may send what is to be fetched on the road all the same.
    rides = row.kind != Kind.PICKUP or status is Status.ONDELIVERY
    path = [s for s in _PATH if rides or s is not Status.ONDELIVERY]
    if status is Status.CANCELLED:
        passed = [s for s in path[:-1] if s in times]
        steps = [_step(s, StepState.DONE, times, now, zone) for s in passed]
        return (*steps, _step(status, StepState.CURRENT, times, now, zone))
    place = _PLACE[status] if status in _PLACE else path.index(status)
    if status in _PLACE:
        path[place] = status
    steps = []
    for number, step in enumerate(path):
        if number < place:
            steps.append(_step(step, StepState.DONE, times, now, zone))
        elif number == place:
            steps.append(_step(step, StepState.CURRENT, times, now, zone))
        else:
            steps.append(TimelineStep(step, StepState.NEXT))
    expected = expected_at(detail, targets)
    if expected is not None:
        about = "" if row.planned_at or row.due_at else "≈\u00a0"
        label = translate("steps", "Handed over") if row.kind == Kind.PICKUP else ""
        time = about + clock_text(expected, now, zone)
        steps[-1] = TimelineStep(Status.DELIVERED, StepState.NEXT, time, label)
    return tuple(steps)


def _step(
    status: Status, state: StepState, times: dict[Status, datetime], now: datetime, zone: ZoneInfo
) -> TimelineStep:
    return TimelineStep(status, state, clock_text(times.get(status), now, zone))


def sync_sentence(detail: OrderDetail, now: datetime, zone: ZoneInfo) -> str:
    """Return the order's sync state with its reason, in plain words."""
    row = detail.row
    word = sync_word(row.sync)
    if row.sync == "local":
        return translate("sync", "Only here — a counter order")
    if row.sync == "synced":
        answers = [sent.answered_at for sent in detail.sent if sent.answered_at is not None]
        return f"{word} {clock_text(max(answers, default=row.received_at), now, zone)}"
    if row.sync == "kept":
        return translate("sync", "Kept on this computer — goes in when the database is here")
    if row.sync != "pending":
        return translate("sync", "%1 — decide below").replace("%1", word)
    waiting = [entry for entry in detail.queue if entry.state in {"pending", "in_flight"}]
    if not waiting:
        return word
    head = waiting[0]
    if head.hold_until is not None and head.hold_until > now:
        return translate("sync", "Sent in a few seconds — undo is still free")
    if head.attempts == 0 or not head.last_error:
        return word
    text = translate("sync", "Not sent yet: %1").replace("%1", head.last_error)
    if head.not_before is not None and head.not_before > now:
        again = translate("sync", "Next try %1.").replace("%1", clock_text(head.not_before, now, zone))
        text = f"{text} {again}"
    return text
