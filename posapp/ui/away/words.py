"""What is said about a database that is away, and about what is kept here meanwhile."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.domain.errors import PosError
from posapp.domain.kept import Kept, KeptFigures, KeptKind, KeptState
from posapp.ui.sync_words import moment_text
from posapp.ui.words import status_word

translate = QCoreApplication.translate


def kept_count(count: int) -> str:
    """Return "3 changes are kept on this computer"."""
    one = translate("away", "1 change is kept on this computer")
    more = translate("away", "%1 changes are kept on this computer")
    return one if count == 1 else more.replace("%1", str(count))


def away_title(since: datetime | None, figures: KeptFigures, now: datetime, zone: ZoneInfo) -> str:
    """Return the sentence of the bar over every screen."""
    text = translate("away", "The database has not answered since %1.")
    text = text.replace("%1", moment_text(since or now, now, zone))
    return f"{text} {kept_count(figures.all)}." if figures.all else text


def away_more() -> str:
    """Return what still works, and what does not."""
    return translate(
        "away",
        "You see what was loaded last. Changes of status are kept here and go in by themselves; sales, "
        "payments, edits and the full search have to wait.",
    )


def needs_title(count: int) -> str:
    """Return that kept changes need a person."""
    one = translate("away", "1 change that was kept here needs you.")
    more = translate("away", "%1 changes that were kept here need you.")
    return one if count == 1 else more.replace("%1", str(count))


def needs_more() -> str:
    """Return why they do."""
    return translate(
        "away", "The orders were changed elsewhere while the database was away from this computer."
    )


def back_text(came_in: int) -> str:
    """Return what the window says once the database is back."""
    if not came_in:
        return translate("away", "The database is here again")
    one = translate("away", "The database is here again: 1 change went in")
    more = translate("away", "The database is here again: %1 changes went in")
    return one if came_in == 1 else more.replace("%1", str(came_in))


def no_row() -> PosError:
    """Return what a list says that has nothing to show."""
    return PosError(
        translate("away", "The database is away"),
        translate("away", "None of the orders that were loaded last is one of these."),
    )


def not_read() -> str:
    """Return what stands in the place of an order's items."""
    return translate(
        "away", "Items and history cannot be shown: they were not loaded before the database went away."
    )


def not_opened() -> str:
    """Return why a screen does not open."""
    return translate("away", "This screen has to wait for the database")


def has_to_wait() -> str:
    """Return what somebody hears who asks for what only the database can do."""
    return translate("away", "The database is away: this has to wait")


def change_title(entry: Kept) -> str:
    """Return what an entry changes: "#1003: New → Cooking"."""
    code = f"#{entry.order.code}" if entry.order.code.isdigit() else entry.order.code
    if entry.wish.kind is KeptKind.BUMP:
        done = translate("away", "%1: the kitchen is done with it")
        return done.replace("%1", code)
    return f"{code}: {status_word(entry.order.status)} → {status_word(entry.wish.target)}"


def change_source(entry: Kept, now: datetime, zone: ZoneInfo) -> str:
    """Return who did it and when, and why."""
    text = f"{entry.actor} · {moment_text(entry.at, now, zone)}"
    return f"{text} · {entry.wish.reason}" if entry.wish.reason else text


def change_state(entry: Kept, *, behind: bool) -> str:
    """Return how an entry stands; `behind`: an earlier one of its order needs a person."""
    if entry.state is KeptState.NEEDS:
        if entry.found:
            text = translate("away", "In the database it is “%1” now.")
            return text.replace("%1", status_word(entry.found))
        return entry.why
    if behind:
        return translate("away", "Waits for the decision above.")
    if entry.state is KeptState.GOING:
        return translate("away", "On its way into the database.")
    return translate("away", "Kept on this computer; goes in when the database is here.")
