"""The words of forgetting customers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from posapp.domain.privacy import Hold
from posapp.services.privacy import Forgotten, Preview


def _say(text: str) -> str:
    return QCoreApplication.translate("privacy", text)


def day_words(moment: datetime, zone: ZoneInfo) -> str:
    """Return a day, such as “1 January 2025”."""
    local = moment.astimezone(zone)
    return QLocale().toString(QDate(local.year, local.month, local.day), "d MMMM yyyy")


def _orders(count: int) -> str:
    return _say("1 order") if count == 1 else _say("%1 orders").replace("%1", f"{count:,}")


def preview_words(found: Preview, zone: ZoneInfo) -> str:
    """Return what anonymising would do."""
    before = day_words(found.before, zone)
    if not found.orders or found.oldest is None:
        text = _say("No order finished before %1 has a customer who could be taken out.")
        text = text.replace("%1", before)
    else:
        text = _say("%1 finished before %2 would be anonymised; the oldest is of %3.")
        text = text.replace("%1", _orders(found.orders)).replace("%2", before)
        text = text.replace("%3", day_words(found.oldest, zone))
    return " ".join((text, *held_words(found.held)))


def done_words(done: Forgotten) -> str:
    """Return what was done."""
    text = _say("Customers were taken out of %1.").replace("%1", _orders(done.orders))
    if done.stopped:
        text += " " + _say("Stopped; the others keep theirs for now.")
    return " ".join((text, *held_words(done.held)))


def found_words(count: int, held: Mapping[Hold, int]) -> str:
    """Return what is known under a number."""
    if not count:
        return _say("No order has this number.")
    return " ".join((_say("%1 with this number.").replace("%1", _orders(count)), *held_words(held)))


def held_words(held: Mapping[Hold, int]) -> list[str]:
    """Return why some keep their customer, a sentence each."""
    why = {
        Hold.ACTIVE: _say("%1 not finished yet."),
        Hold.SENDING: _say("%1 with changes that the shop does not have yet."),
        Hold.UNREAD: _say("%1 of which something could not be read."),
        Hold.PRINTING: _say("%1 with tickets to be printed."),
        Hold.SHIFT: _say("%1 of a shift that is not closed."),
        Hold.CASH: _say("%1 whose cash a courier still has."),
        Hold.MONEY: _say("%1 whose payments are not in balance."),
    }
    sentences = [why[hold].replace("%1", _orders(held[hold])) for hold in Hold if held.get(hold)]
    return [_say("Kept for now:"), *sentences] if sentences else []
