"""Canonical values as people read and write them in a field: sums in groups, times on the shop's clock."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from posapp.domain.due import parse_instant
from posapp.domain.money import NO_BREAK_SPACE, format_number
from posapp.domain.rules import FieldKind, FieldRule
from posapp.ui.moneytext import amount_of

_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})\Z", re.ASCII)


def shown_value(rule: FieldRule, value: str, currency: str, now: datetime, zone: ZoneInfo) -> str:
    """Return a canonical value as its field shows it; what cannot be read is shown as it is."""
    if rule.kind is FieldKind.AMOUNT:
        amount = amount_of(value)
        return value if amount is None else format_number(amount, currency).replace(NO_BREAK_SPACE, " ")
    if rule.kind is FieldKind.INSTANT and value:
        return shown_moment(parse_instant(value), now, zone)
    return value


def shown_moment(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Write an instant as the field for it reads: "19:45" today, "2026-05-22 19:45" on other days."""
    local = moment.astimezone(zone)
    today = local.date() == now.astimezone(zone).date()
    return local.strftime("%H:%M" if today else "%Y-%m-%d %H:%M")


def typed_value(rule: FieldRule, text: str, now: datetime, zone: ZoneInfo) -> str:
    """Return what a person typed as the rules of fields read it: a time alone is the next such time."""
    if rule.kind is FieldKind.AMOUNT:
        return text.replace("−", "-")
    if rule.kind is not FieldKind.INSTANT:
        return text
    match = _CLOCK.match(text.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return text
    local = now.astimezone(zone)
    moment = local.replace(hour=int(match[1]), minute=int(match[2]), second=0, microsecond=0)
    # Shortly past is a slip of minutes; long past means tomorrow, as an order after midnight does.
    if moment < local - timedelta(hours=6):
        moment += timedelta(days=1)
    return moment.isoformat()
