"""What the Sync Center says of changes: what they are about, why they wait, and what can be done."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.domain.due import parse_instant
from posapp.domain.outbox import STATUS
from posapp.domain.rules import FieldKind, FieldRule, rules_of
from posapp.domain.text import clean_line
from posapp.services.conflict_case import ConflictCase, FieldCase
from posapp.storage.rows import QueueRow
from posapp.ui.delegates.age import clock_text, duration_text
from posapp.ui.moneytext import money_text
from posapp.ui.words import field_label, payment_status_word, status_word

translate = QCoreApplication.translate
CART = "cart"
_MOST_NAMED = 3


def code_word(code: str) -> str:
    """Return an order's code as the lists show it."""
    return f"#{code}" if code.isdigit() else code


def number_text(count: int) -> str:
    """Return a number in groups of digits."""
    return f"{count:,}".replace(",", "\u202f")


def names_text(names: Sequence[str]) -> str:
    """Return a few names of fields, and how many more there are."""
    words = [translate("sync", "Status") if name == STATUS else field_label(name) for name in names]
    if len(words) <= _MOST_NAMED:
        return ", ".join(words)
    more = translate("sync", "%1 and %2 more").replace("%2", str(len(words) - _MOST_NAMED))
    return more.replace("%1", ", ".join(words[:_MOST_NAMED]))


def change_title(row: QueueRow) -> str:
    """Return what a change is about."""
    if not row.patch:
        return translate("sync", "Status → %1").replace("%1", status_word(row.target))
    return translate("sync", "Edited: %1").replace("%1", names_text(list(row.patch)))


def asked_title(row: QueueRow) -> str:
    """Return what an order needs a person for, in a few words."""
    if row.state == "dead":
        return translate("sync", "Gone at the shop")
    if row.state != "conflict":
        return change_title(row)
    if not row.patch and row.theirs == "cancelled":
        return translate("sync", "Cancelled at the shop")
    return translate("sync", "Changed on both sides")


def asked_line(row: QueueRow) -> str:
    """Return why a person is asked."""
    if row.state == "dead":
        return translate("sync", "The shop no longer has this order.")
    if row.state == "conflict":
        if row.patch:
            names = [name for name, sides in row.patch.items() if sides[2] is not None]
            return translate("sync", "Different here and there: %1").replace("%1", names_text(names))
        text = translate("sync", "Here “%1”, at the shop “%2”").replace("%1", status_word(row.target))
        return text.replace("%2", status_word(row.theirs))
    return server_words(row.last_error)


def server_words(text: str) -> str:
    """Return what the server answered, as its own words."""
    shown = clean_line(text)
    return translate("sync", "Server: “%1”").replace("%1", shown) if shown else refused_text()


def refused_text() -> str:
    """Return that the shop refused a change without a word."""
    return translate("sync", "The shop refused this change and did not say why.")


def waiting_line(row: QueueRow, now: datetime, zone: ZoneInfo, *, cut_off: bool, first: bool) -> str:
    """Return why a change waits; `cut_off`: its shop is not reached, `first`: none of its order is before."""
    if row.state == "in_flight":
        asked = row.last_error or (row.last_at is not None and (now - row.last_at).total_seconds() > 30)
        if asked:
            return translate("sync", "Sent, but the answer was lost: the shop is asked first")
        return translate("sync", "Being sent…")
    if not first:
        return translate("sync", "After an earlier change of this order")
    if row.hold_until is not None and row.hold_until > now:
        return translate("sync", "Leaves in a few seconds: undo is still possible")
    if cut_off:
        return translate("sync", "Saved here, waits for the connection")
    if row.not_before is not None and row.not_before > now:
        at = clock_text(row.not_before, now, zone)
        return translate("sync", "Did not arrive. Tried again by itself at %1").replace("%1", at)
    return translate("sync", "Goes out next")


def tries_text(count: int) -> str:
    """Return how often it was tried."""
    return (
        translate("sync", "1 try") if count == 1 else translate("sync", "%1 tries").replace("%1", str(count))
    )


def ago_text(at: datetime, now: datetime) -> str:
    """Return an age: "40 s", "3 min"."""
    seconds = max(0, int((now - at).total_seconds()))
    if seconds < 60:
        return translate("sync", "%1 s").replace("%1", str(seconds))
    return duration_text(seconds, exact=False)


def who_text(actor: str, station: str) -> str:
    """Return who did it, and where if that says more."""
    return actor if actor == station or not station else f"{actor} · {station}"


# ------------------------------------------------------------------------------------------------ values


def value_text(case: ConflictCase, field: FieldCase, value: str, now: datetime, zone: ZoneInfo) -> str:
    """Return one side of a field as people read it."""
    if field.name == STATUS:
        return status_word(value) if value else ""
    if field.name == CART:
        return cart_changes(field.base, value) if value != field.base else _cart_whole(value)
    rule = rules_of(case.format).get(field.name)
    return shown(rule, value, case.currency, now, zone) if rule is not None else value


def was_text(case: ConflictCase, field: FieldCase, now: datetime, zone: ZoneInfo) -> str:
    """Return what a field was before both sides changed it; "" where nobody knows."""
    if field.name == STATUS:
        return status_word(field.base) if field.base else ""
    if field.name == CART:
        return _cart_before(field)
    return value_text(case, field, field.base, now, zone)


def shown(rule: FieldRule, value: str, currency: str, now: datetime, zone: ZoneInfo) -> str:
    """Return a canonical value for reading."""
    if not value:
        return translate("sync", "empty")
    if rule.kind is FieldKind.AMOUNT:
        return money_text(value, currency)
    if rule.kind is FieldKind.INSTANT:
        return clock_text(parse_instant(value), now, zone)
    if value in rule.choices and rule.choice_labels:
        return translate("fields", rule.choice_labels[rule.choices.index(value)])
    return payment_status_word(value) if rule.name == "payment_status" else value


def cart_changes(base: str, side: str) -> str:
    """Return how lines differ from what they were: other quantities, new ones, and those that are gone."""
    before, after = _quantities(base), _quantities(side)
    told = [
        f"{title} × {count}" for title, count in after.items() if title in before and before[title] != count
    ]
    told += [f"+ {title} × {count}" for title, count in after.items() if title not in before]
    told += [f"− {title}" for title in before if title not in after]
    return "\n".join(told) or translate("sync", "The same items in another form")


def _cart_whole(text: str) -> str:
    return "\n".join(f"{title} × {count}" for title, count in _quantities(text).items())


def _cart_before(field: FieldCase) -> str:
    before = _quantities(field.base)
    sides = [_quantities(side) for side in (field.ours, field.theirs)]
    touched = [title for title in before if any(side.get(title) != before[title] for side in sides)]
    return ", ".join(f"{title} × {before[title]}" for title in touched)


def _quantities(text: str) -> Mapping[str, int]:
    """Return how many there are of each product, by its name; products of one name by their address too."""
    try:
        lines = json.loads(text) if text else []
    except ValueError:
        return {}
    found: dict[str, int] = {}
    places: dict[str, str] = {}
    for line in lines:
        title, place = clean_line(line["p_name"]), urlsplit(line["product"]).path
        if places.setdefault(title, place) != place:
            title = f"{title} ({place.rstrip('/').rpartition('/')[2]})"
        found[title] = found.get(title, 0) + line["quantity"]
    return found


def choice_note(case: ConflictCase, field: FieldCase, side: str) -> str:
    """Return what choosing a side of the status comes to; "" for other fields."""
    if field.name != STATUS:
        return ""
    if case.cancelled_there:
        if side == "mine":
            return translate("sync", "Continue: the shop is told that the order goes on.")
        return translate("sync", "Stop: the order is cancelled here too.")
    if side == "mine":
        return translate("sync", "The shop is told once more.")
    return translate("sync", "It becomes so here; nothing is sent.")
