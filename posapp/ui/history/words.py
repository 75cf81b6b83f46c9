"""What an entry of the audit says, also one that is about no order; and the groups to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.domain.people import Role
from posapp.domain.who import SYNC_ACTOR
from posapp.storage.rows import EventRow
from posapp.ui.eventwords import event_text
from posapp.ui.people.words import role_words

translate = QCoreApplication.translate

_PEOPLE = (
    "staff_added",
    "staff_changed",
    "staff_removed",
    "staff_recovered",
    "pin_set",
    "pin_wrong",
    "signed_in",
    "signed_out",
    "approved",
)
_MONEY = (
    "sold",
    "sale_edited",
    "paid",
    "refunded",
    "reversed",
    "draft_dropped",
    "part_taken",
    "part_dropped",
    "drawer",
    "shift_opened",
    "cash_moved",
    "shift_closed",
    "cash_returned",
    "cash_undone",
    "exported",
)
_STATUS = (
    "moved",
    "undone",
    "scheduled",
    "promised",
    "auto_started",
    "adopted",
    "resolved",
    "discarded",
    "reopened",
    "brought_in",
    "kept_taken",
    "kept_dropped",
)
_MENU = (
    "promo_saved",
    "promo_deleted",
    "categories_ordered",
    "category_saved",
    "category_deleted",
    "products_imported",
    "products_queued",
    "products_returned",
    "products_retried",
    "products_discarded",
    "product_added",
    "product_changed",
    "product_sold_out",
    "product_back",
)
GROUPS: Mapping[str, tuple[str, ...]] = {
    "status": _STATUS,
    "money": _MONEY,
    "people": _PEOPLE,
    "menu": _MENU,
}


def group_words() -> tuple[tuple[str, str], ...]:
    """Return the groups of entries with their names."""
    return (
        ("status", translate("audit", "Steps of orders")),
        ("money", translate("audit", "Money")),
        ("people", translate("audit", "People and PINs")),
        ("menu", translate("audit", "Menu")),
    )


def entry_text(event: EventRow, now: datetime, zone: ZoneInfo) -> str:
    """Return what an entry says; a kind without words is told by its name."""
    template = {**_people(), **_shop(), **_menu()}.get(event.kind)
    if template is None:
        return event_text(event, now, zone)
    params = dict(event.params)
    if params.get("role", "") in set(Role):
        params["role"] = role_words()[Role(params["role"])]
    for name, value in params.items():
        template = template.replace(f"{{{name}}}", value)
    return template


def who_text(event: EventRow) -> str:
    """Return who did it, where, and who approved it."""
    who = translate("audit", "by itself") if event.actor in {"", SYNC_ACTOR} else event.actor
    if event.station and event.station != event.actor:
        who += f" · {event.station}"
    manager = event.params.get("approved_by", "")
    return f"{who} · {translate('audit', 'approved by %1').replace('%1', manager)}" if manager else who


def _people() -> Mapping[str, str]:
    return {
        "staff_added": translate("audit", "{name} works here now: {role}"),
        "staff_changed": translate("audit", "{before} is {name} now: {role}"),
        "staff_removed": translate("audit", "{name} does not work here any more"),
        "staff_recovered": translate("audit", "{name} got a new PIN without a manager, on the command line"),
        "pin_set": translate("audit", "New PIN for {name}"),
        "pin_wrong": translate("audit", "Wrong PIN, {failures} in a row {name}"),
        "signed_in": translate("audit", "Signed in"),
        "signed_out": translate("audit", "Signed out"),
        "approved": translate("audit", "Approved “{right}” for {for}"),
        "exported": translate("audit", "Exported {file}"),
        "orders_anonymised": translate(
            "audit", "Customers taken out of {count} orders finished before {before}"
        ),
        "customer_forgotten": translate("audit", "A customer was forgotten: {count} orders"),
        "repaired": translate("audit", "Made anew: {what} ({detail})"),
        "data_moved": translate("audit", "The data were moved here from {from}"),
        "data_reopened": translate(
            "audit", "The data were opened again here, after they had been moved away"
        ),
        "restored": translate("audit", "A backup was restored: {file}; {kept} people stayed as they were"),
    }


def _shop() -> Mapping[str, str]:
    return {
        "shift_opened": translate("audit", "Shift {number} opened with {float}"),
        "cash_moved": translate("audit", "Cash {way}: {amount} · {reason}"),
        "shift_closed": translate("audit", "Shift {number} closed, difference {difference}"),
        "cash_returned": translate("audit", "{courier} brought {amount} {currency}"),
        "cash_undone": translate("audit", "Cash of {courier} taken back: {amount} {currency}"),
        "courier_added": translate("audit", "Courier {courier} added"),
        "courier_changed": translate("audit", "Courier {courier} changed"),
        "courier_removed": translate("audit", "Courier {courier} removed"),
        "courier_restored": translate("audit", "Courier {courier} put back"),
        "draft_dropped": translate("audit", "A cart of {lines} lines thrown away"),
        "part_taken": translate("audit", "Part taken before the sale: {amount} by {method} {reference}"),
        "part_dropped": translate("audit", "Part taken and dropped: {amount} by {method} {reference}"),
        "shop_info_fetched": translate("audit", "Prices and products of {remote} fetched"),
    }


def _menu() -> Mapping[str, str]:
    return {
        "promo_saved": translate("audit", "Promo “{name}” saved"),
        "promo_deleted": translate("audit", "Promo “{name}” deleted"),
        "categories_ordered": translate("audit", "Categories put into another order"),
        "category_saved": translate("audit", "Category “{name}” saved"),
        "category_deleted": translate("audit", "Category “{name}” deleted"),
        "products_imported": translate("audit", "Products from a file: {new} new, {changed} changed"),
        "products_queued": translate("audit", "Products to be published: {count}"),
        "products_returned": translate("audit", "On sale again by itself: {count}"),
        "products_retried": translate("audit", "Products to be published again: {count}"),
        "products_discarded": translate("audit", "Products not to be published: {count} · {reason}"),
        "product_added": translate("audit", "Product “{title}” added"),
        "product_changed": translate("audit", "Product “{title}” changed"),
        "product_sold_out": translate("audit", "Sold out: “{title}”"),
        "product_back": translate("audit", "Back: “{title}”"),
    }
