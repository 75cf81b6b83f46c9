"""Words that all tickets have in common: codes, times, names of methods."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

METHODS = {"cash": "Cash", "card": "Card"}


def code_text(code: str) -> str:
    """Return an order's code as people say it."""
    return f"#{code}" if code.isdigit() else code


def stamp(moment: datetime, zone: ZoneInfo) -> str:
    """Return a day and a time by the shop's clock."""
    return f"{moment.astimezone(zone):%d.%m.%Y %H:%M}"


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """Return a time by the shop's clock."""
    return f"{moment.astimezone(zone):%H:%M}"
