"""What the history says of edits of fields and lines, and of what became of them at the shop."""

from __future__ import annotations

import json
from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from posapp.storage.rows import EventRow
from posapp.ui.words import field_label

translate = QCoreApplication.translate
_CART = "cart"
_MOST_TOLD = 2  # edits of more fields are told by their names alone
_LONGEST = 40
_DULL = frozenset({_CART, "due_at", "shipping_date", "delivery_date", "payment_date"})


def edit_text(event: EventRow) -> str:
    """Return what an event about edits says; "" for other events."""
    get = event.params.get
    names = fields_text(get("fields", ""))
    match event.kind:
        case "edited":
            text = translate("history", "Edited: %1").replace("%1", _changes(event.params) or names)
            kept = {
                "here": translate("history", "kept here: this shop takes only statuses"),
                "words": translate("history", "options and notes stay here: this shop takes none"),
            }.get(get("kept", ""), "")
            return f"{text} · {kept}" if kept else text
        case "edit undone":
            return translate("history", "Edit undone: %1").replace("%1", names)
        case "updated":
            return translate("history", "The shop changed: %1").replace("%1", names)
        case "resolved" if get("choice", "") == "fields":
            return _resolved(get("mine", ""), get("theirs", ""))
    return _exchange(event, names) if names else ""


def _exchange(event: EventRow, names: str) -> str:
    words = {
        "confirmed": translate("history", "The shop has the edit: %1"),
        "superseded": translate("history", "The edit need not be sent any more: %1"),
        "reasserted": translate("history", "The edit is sent again, older values came back: %1"),
        "conflict": translate("history", "Changed here and, differently, at the shop: %1"),
    }
    if event.kind == "confirmed" and event.params.get("how", "") == "found":
        return translate("history", "Asked the shop: it has the edit: %1").replace("%1", names)
    return words.get(event.kind, "").replace("%1", names)


def _resolved(mine: str, theirs: str) -> str:
    parts = []
    if mine:
        parts.append(translate("history", "ours: %1").replace("%1", fields_text(mine)))
    if theirs:
        parts.append(translate("history", "the shop's: %1").replace("%1", fields_text(theirs)))
    return translate("history", "Decided: %1").replace("%1", " · ".join(parts))


def _changes(params: Mapping[str, str]) -> str:
    """Return a few fields with what they were and became; "" where names alone have to do."""
    try:
        before, after = json.loads(params.get("before", "")), json.loads(params.get("after", ""))
    except ValueError:
        return ""
    if not 0 < len(after) <= _MOST_TOLD or after.keys() & _DULL:
        return ""
    told = []
    for name, text in after.items():
        change = translate("history", "%1 “%2” → “%3”").replace("%1", fields_text(name))
        told.append(change.replace("%2", _short(before.get(name, ""))).replace("%3", _short(text)))
    return ", ".join(told)


def _short(text: str) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def fields_text(names: str) -> str:
    """Return names of fields (or of what a shop's order has) as people say them."""
    words = {
        "customer_name": translate("history", "name"),
        "address": translate("history", "address"),
        "change_from": translate("history", "cash that the customer gives"),
        "change": translate("history", "cash that the customer gives"),
        "delivery_cost": translate("history", "delivery cost"),
        "products_total": translate("history", "sum of the items"),
        "total": translate("history", "total"),
        "lines": translate("history", "lines"),
        _CART: translate("history", "lines"),
        "kind": translate("history", "delivery or pickup"),
        "level": translate("history", "floor"),
        "apt": translate("history", "apartment"),
        "home": translate("history", "house"),
        "account_name": translate("history", "name of the account"),
        "account_email": translate("history", "email of the account"),
    }
    return ", ".join(words.get(name) or _label(name) for name in names.split(", ") if name)


def _label(name: str) -> str:
    label = field_label(name)
    return label[:1].lower() + label[1:]
