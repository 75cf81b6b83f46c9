"""What a tile says: which of the orders stand on the board, since when, how late, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.domain.kitchen import KitchenSetup, Section, start_by, waits_for_its_day
from posapp.domain.status import Status
from posapp.domain.text import clean_line
from posapp.domain.timing import Age, Moments, Targets, age_level, late_after
from posapp.services.kitchen_marks import ON_BOARD
from posapp.storage.kitchen_rows import Ticket, TicketItem
from posapp.ui.delegates.age import clock_text
from posapp.ui.words import kind_word

translate = QCoreApplication.translate
_LONGEST_MIN = 100


@dataclass(frozen=True, slots=True)
class View:
    """Through which eyes the board is seen: the time, the shop's zone, the settings."""

    now: datetime
    zone: ZoneInfo
    setup: KitchenSetup
    targets: Targets

    @property
    def section(self) -> Section:
        """Return the section that this board shows."""
        return self.setup.section


class NextStep(StrEnum):
    """What the footer of a tile does."""

    START = "start"
    READY = "ready"
    SEE = "see"
    TAKE_OFF = "take_off"
    WAIT = "wait"


def starts_at(ticket: Ticket, view: View) -> datetime | None:
    """Return when a scheduled order has to be started; None without a time."""
    if ticket.due_at is None:
        return None
    return _start_by(ticket.due_at, ticket.kind, view.setup.lead, view.zone)


# Each second asks again for every order; the shop's day of a moment takes longer to find than all else.
_start_by = lru_cache(maxsize=4096)(start_by)


def _waits(ticket: Ticket, now: datetime, view: View) -> bool:
    return waits_for_its_day(ticket.due_at, ticket.accepted_at, starts_at(ticket, view), now, view.zone)


def stands_on_board(ticket: Ticket, view: View) -> bool:
    """Tell whether a ticket is a tile now: in work here, of this day, and not bumped."""
    if ticket.struck:
        # One that waited for another day when it was cancelled never was a tile.
        return not _waits(ticket, ticket.status_at, view) and _concerns(ticket, view.section)
    if ticket.status not in ON_BOARD or not ticket.open_in(view.section):
        return False
    return ticket.status is Status.COOKING or not _waits(ticket, view.now, view)


def _concerns(ticket: Ticket, section: Section) -> bool:
    return not section.name or not ticket.items or bool(ticket.items_of(section))


def stands_in_lane(ticket: Ticket, view: View) -> bool:
    """Tell whether a ticket waits for its time."""
    if ticket.status is Status.TIMING:
        return _concerns(ticket, view.section)
    in_kitchen = ticket.status in ON_BOARD and ticket.status is not Status.COOKING
    return in_kitchen and _waits(ticket, view.now, view) and ticket.open_in(view.section)


def clock_from(ticket: Ticket, view: View) -> datetime:
    """Return when the clock of a tile began: at acceptance, for another day's order at its start."""
    return ticket.status_at if ticket.struck else _begun(ticket, view)


def _begun(ticket: Ticket, view: View) -> datetime:
    """Return the same for a cancelled order as if it were not, which keeps its place."""
    begun = ticket.accepted_at or ticket.status_at
    start = starts_at(ticket, view)
    if start is not None and ticket.due_at is not None:
        accepted_on = begun.astimezone(view.zone).date()
        if ticket.due_at.astimezone(view.zone).date() > accepted_on:
            return max(begun, start)
    return begun


def tiles(tickets: Iterable[Ticket], view: View) -> list[Ticket]:
    """Return the tickets that are tiles, the oldest first; a cancelled one keeps its place."""
    found = [ticket for ticket in tickets if stands_on_board(ticket, view)]
    return sorted(found, key=lambda ticket: (_begun(ticket, view), ticket.pk))


def lane(tickets: Iterable[Ticket], view: View) -> list[Ticket]:
    """Return the scheduled tickets, the next one first, those without a time last."""
    found = [ticket for ticket in tickets if stands_in_lane(ticket, view)]
    return sorted(found, key=lambda t: (t.due_at is None, t.due_at or view.now, t.pk))


def seconds_of(ticket: Ticket, view: View) -> int:
    """Return the age of a tile."""
    return max(0, int((view.now - clock_from(ticket, view)).total_seconds()))


def level_of(ticket: Ticket, view: View) -> Age:
    """Return how a tile stands against its target, or against what was promised."""
    if ticket.halted:
        return Age.LATE
    target = _target(ticket, clock_from(ticket, view), view)
    return age_level(ticket.status, seconds_of(ticket, view), target)


def late_from(ticket: Ticket, view: View) -> datetime | None:
    """Return from when on a tile is late; None if it never is."""
    begun = clock_from(ticket, view)
    target = _target(ticket, begun, view)
    return begun + timedelta(seconds=target + 1) if target > 0 else None


def _target(ticket: Ticket, begun: datetime, view: View) -> int:
    moments = Moments(begun, begun, begun, None, ticket.promised_at)
    return late_after(ticket.status, ticket.kind, moments, view.targets)


def timer_text(seconds: int) -> str:
    """Return "17:20", or "3 h 05" beyond a hundred minutes."""
    minutes, rest = divmod(seconds, 60)
    if minutes < _LONGEST_MIN:
        return f"{minutes}:{rest:02d}"
    hours, minutes = divmod(minutes, 60)
    return translate("kitchen", "%1 h %2").replace("%1", str(hours)).replace("%2", f"{minutes:02d}")


def due_text(ticket: Ticket, view: View) -> str:
    """Return "due 19:40", with the date if that is not today; without one, what was promised."""
    if ticket.due_at is not None:
        text = clock_text(ticket.due_at, view.now, view.zone)
        return translate("kitchen", "due %1").replace("%1", text)
    if ticket.promised_at is not None:
        text = clock_text(ticket.promised_at, view.now, view.zone)
        return translate("kitchen", "promised %1").replace("%1", text)
    return ""


def who_text(ticket: Ticket) -> str:
    """Return "Delivery · Timur"."""
    name = clean_line(ticket.customer_name)
    return f"{kind_word(ticket.kind)} · {name}" if name else kind_word(ticket.kind)


def code_text(ticket: Ticket) -> str:
    """Return the code with its number sign; codes with letters stand alone."""
    return f"#{ticket.code}" if ticket.code.isdigit() else ticket.code


def shown_items(ticket: Ticket, view: View) -> tuple[TicketItem, ...]:
    """Return the items that this board shows of a ticket."""
    return ticket.items_of(view.section)


def all_made(ticket: Ticket, view: View) -> bool:
    """Tell whether every item here is ticked."""
    items = [item for item in shown_items(ticket, view) if not item.removed]
    return bool(items) and all(item.done(view.section.name) for item in items)


def next_of(ticket: Ticket) -> NextStep:
    """Return the one obvious next step."""
    if ticket.struck:
        return NextStep.TAKE_OFF
    if ticket.stopped:
        return NextStep.WAIT
    if ticket.changed:
        return NextStep.SEE
    return NextStep.READY if ticket.status is Status.COOKING else NextStep.START


def next_words(step: NextStep) -> str:
    """Return the words on the footer."""
    match step:
        case NextStep.START:
            return translate("kitchen", "Start cooking")
        case NextStep.READY:
            return translate("kitchen", "Ready")
        case NextStep.SEE:
            return translate("kitchen", "Changes seen")
        case NextStep.TAKE_OFF:
            return translate("kitchen", "Take off")
        case NextStep.WAIT:
            return translate("kitchen", "Counter decides")


def spoken(ticket: Ticket, view: View) -> str:
    """Return a tile as a sentence for screen readers, without the running time."""
    section = view.section.name
    parts = [
        translate("kitchen", "Order %1").replace("%1", ticket.code),
        translate("kitchen", "cancelled") if ticket.halted else "",
        translate("kitchen", "changed") if ticket.changed else "",
        who_text(ticket),
        due_text(ticket, view),
    ]
    for item in shown_items(ticket, view):
        words = f"{item.item.quantity} × {item.item.title}"
        extra = ", ".join(item.item.additions)
        made = translate("kitchen", "made") if item.done(section) else ""
        gone = translate("kitchen", "taken out") if item.removed else ""
        parts.append(" ".join(part for part in (words, extra, made, gone) if part))
    parts.append(clean_line(ticket.comment))
    return ", ".join(part for part in parts if part)


def left_to_make(shown: Iterable[Ticket], view: View) -> list[tuple[str, int]]:
    """Return how many pieces of each dish are left to make, the most first."""
    left: dict[str, int] = {}
    for ticket in shown:
        if ticket.halted:
            continue
        for item in shown_items(ticket, view):
            if not item.removed and not item.done(view.section.name):
                title = clean_line(item.item.title)
                left[title] = left.get(title, 0) + item.item.quantity
    return sorted(left.items(), key=lambda pair: (-pair[1], pair[0]))


def summary(ticket: Ticket, view: View) -> str:
    """Return what a scheduled order is about: its dish, or its first one and how many more pieces."""
    items = shown_items(ticket, view)
    if not items:
        return ""
    first = items[0].item
    text = f"{first.quantity} × {clean_line(first.title)}"
    more = sum(item.item.quantity for item in items[1:])
    return f"{text} +{more}" if more else text


def countdown_text(ticket: Ticket, view: View) -> str:
    """Return "starts in 21 min", the day for another day's order, or that it waits for somebody."""
    start = starts_at(ticket, view)
    if start is None:
        return translate("kitchen", "no time: start it by hand")
    minutes = -int((view.now - start).total_seconds() // 60)
    if minutes <= 0:
        return translate("kitchen", "to be started")
    if start.astimezone(view.zone).date() > view.now.astimezone(view.zone).date():
        return translate("kitchen", "starts %1").replace("%1", clock_text(start, view.now, view.zone))
    hours, rest = divmod(minutes, 60)
    if not hours:
        return translate("kitchen", "starts in %1 min").replace("%1", str(minutes))
    text = translate("kitchen", "starts in %1 h %2").replace("%1", str(hours))
    return text.replace("%2", f"{rest:02d}")
