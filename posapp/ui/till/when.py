"""For when something is sold: as soon as possible, in a quarter of an hour or two, or at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QMenu, QWidget

from posapp.domain.due import is_today, parse_instant, wall_clock
from posapp.ui.till.words import say

QUICK = (15, 30, 45, 60)
_STEP = timedelta(minutes=5)


def due_of(text: str) -> datetime | None:
    """Return the instant that a cart names, None for as soon as possible."""
    return parse_instant(text) if text else None


def quick_due(now: datetime, minutes: int) -> datetime:
    """Return the time in so many minutes, on the nearest full five."""
    moment = now.astimezone(UTC) + timedelta(minutes=minutes) + _STEP / 2
    over = timedelta(minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond)
    return moment - over


def due_words(text: str, now: datetime, zone: ZoneInfo) -> str:
    """Return what the button over the cart says: "Now", "For 18:30", "For 24.11. 18:30"."""
    due = due_of(text)
    if due is None:
        return say("Now")
    day = "" if is_today(due, now, zone) else f"{due.astimezone(zone):%d.%m.} "
    return say("For %1").replace("%1", day + wall_clock(due, zone))


def when_menu(
    parent: QWidget, now: datetime, zone: ZoneInfo, put: Callable[[str], None], ask: Callable[[], None]
) -> QMenu:
    """Return the menu of times: `put` takes one as the cart names it, `ask` opens the dialog of others."""
    menu = QMenu(parent)
    menu.setObjectName("dueMenu")
    menu.setAccessibleName(say("For when?"))
    first = menu.addAction(say("As soon as possible"))
    first.setObjectName("dueNow")
    first.triggered.connect(lambda: put(""))
    for minutes in QUICK:
        due = quick_due(now, minutes)
        words = say("In %1 min · %2").replace("%1", str(minutes)).replace("%2", wall_clock(due, zone))
        act = menu.addAction(words)
        act.setObjectName(f"due_{minutes}")
        act.triggered.connect(lambda _=False, due=due: put(due.isoformat()))
    menu.addSeparator()
    other = menu.addAction(say("Another time…"))
    other.setObjectName("dueOther")
    other.triggered.connect(ask)
    menu.setActiveAction(menu.actions()[1])
    return menu
