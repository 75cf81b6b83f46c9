"""The history of an order in English sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from posapp.storage.rows import EventRow

_SENTENCES: Final[Mapping[str, str]] = {
    "received": "Came in from {remote} as {status}.",
    "updated": "The shop changed: {fields}.",
    "edited": "Edited: {fields}.",
    "edit undone": "The last edit was taken back: {fields}.",
    "moved": "Moved from {from} to {to}.",
    "scheduled": "Planned for {at}.",
    "undone": "The last step was taken back: from {from} to {to}.",
    "noticed": "Noticed after {seconds} seconds.",
    "reopened": "The decision was taken back: it is {to} again, and waits for another one.",
    "shop_info_fetched": "Prices and products of the shop {remote} were fetched.",
    "retried": "To be sent again.",
    "discarded": "The waiting changes were given up ({reason}); the order is {to}.",
    "adopted": "Taken over from the shop: {to} instead of {from}.",
    "reasserted": "Sent again: {to}, because the shop showed {from}.",
    "foreign": "Somebody else set it to {to} at the shop.",
    "superseded": "The change to {to} was not sent: {reason}.",
    "replayed": "The shop refused {to}: the steps before it that were left out are sent after all.",
    "refused": "The shop refused the change: {detail}",
    "conflict": "Here it is {ours}, at the shop {theirs}; a person has to decide.",
    "gone": "The shop does not know this order any more: {detail}",
    "item_made": "The kitchen made {quantity} × {title}.",
    "item_open": "The kitchen opened {quantity} × {title} again.",
    "bumped": "The kitchen is done with it.",
    "ready": "Ready.",
    "recalled": "The kitchen recalled it.",
    "made_again": "The kitchen recalled it, to be made again.",
    "edit_seen": "The kitchen saw the changes.",
    "edit_unseen": "The changes are marked again in the kitchen.",
    "taken_off": "The kitchen took the cancelled order off its board.",
    "put_back": "The cancelled order is on the kitchen's board again.",
    "auto_started": "Its time came ({due}): it started by itself.",
    "promised": "Promised for {at}.",
    "brought_in": "Brought in {seconds} seconds after it was done: the database had been away.",
    "kept_taken": "Done after all: {to}, not {from}, as {by} wanted at {at}, when the database was away.",
    "kept_dropped": "Left as it is, {from}: {by} wanted {to} at {at}, when the database was away.",
    "assigned": "Given to {courier}.",
    "unassigned": "Taken from {courier}.",
    "came_back": "Came back with {courier}.",
    "courier_added": "The courier {courier} was added.",
    "courier_changed": "The courier {courier} was changed.",
    "courier_removed": "The courier {courier} was removed.",
    "courier_restored": "The courier {courier} was put back.",
    "cash_returned": "{courier} brought back {amount} {currency}; the difference is {difference}.",
    "cash_undone": "Cash of {courier} was taken back: {amount} {currency}.",
    "ticket": "Ticket ({kind}) to the printer {printer}.",
    "drawer": "The drawer of {printer} was opened.",
    "sold": "Sold at the counter for {total} {currency}.",
    "sale_edited": "The lines were changed: {to} {currency} instead of {from}.",
    "paid": "Paid by {method}: {amount} {currency}.",
    "refunded": "Given back by {method}: {amount} {currency} ({reason}).",
    "reversed": "Taken back as a mistake: {amount} {currency} by {method} ({reason}).",
    "draft_dropped": "A cart of {lines} lines was thrown away.",
    "promo_saved": "The promo “{name}” was saved.",
    "promo_deleted": "The promo “{name}” was deleted.",
    "part_taken": "A part was taken before the sale: {amount} by {method} {reference}",
    "part_dropped": "A part that was taken before a sale was dropped: {amount} by {method} {reference}",
    "staff_added": "{name} works here now ({role}).",
    "staff_changed": "{before} is {name} ({role}) now.",
    "staff_removed": "{name} does not work here any more.",
    "pin_set": "{name} got a new PIN.",
    "pin_wrong": "A wrong PIN ({failures} in a row).",
    "signed_in": "Signed in.",
    "signed_out": "Signed out.",
    "staff_recovered": "{name} got a new PIN on the command line, without a manager's.",
    "data_moved": "The data were moved here from {from}.",
    "data_reopened": "The data were opened again here, after they had been moved away.",
    "restored": "A backup was restored: {file}; {kept} people stayed as they were.",
    "exported": "Exported {file}.",
    "anonymised": "The customer was taken out.",
    "orders_anonymised": "The customers were taken out of {count} orders finished before {before}.",
    "customer_forgotten": "A customer was forgotten: {count} orders; {left} keep the customer for now.",
    "repaired": "Made anew: {what} ({detail}).",
    "approved": "Approved {right} for {for}.",
    "shift_opened": "Shift {number} was opened with {float}.",
    "cash_moved": "Cash {way}: {amount} ({reason}).",
    "shift_closed": "Shift {number} was closed; the drawer differed by {difference}.",
    "categories_ordered": "Categories put into another order.",
    "category_saved": "The category “{name}” was saved.",
    "category_deleted": "The category “{name}” was deleted.",
    "products_imported": "Products from a file: {new} new, {changed} changed.",
    "products_queued": "Products to be published: {count}.",
    "products_returned": "On sale again by itself, to be published: {count}.",
    "products_retried": "Products to be published again: {count}.",
    "products_discarded": "Products not to be published: {count} ({reason}).",
    "product_added": "The product “{title}” was added.",
    "product_changed": "The product “{title}” was changed.",
    "product_sold_out": "Sold out: “{title}”.",
    "product_back": "Back: “{title}”.",
}


_ABOUT_FIELDS: Final[Mapping[str, str]] = {
    "confirmed": "The shop has the edit of: {fields}.",
    "superseded": "The edit of {fields} was not sent: {reason}.",
    "reasserted": "Sent again: {fields}, because older values came back.",
    "conflict": "Changed here and, differently, at the shop: {fields}; a person has to decide.",
}


_KEPT: Final[Mapping[str, str]] = {
    "here": "Edited: {fields}. Kept here: this shop takes only statuses.",
    "words": "Edited: {fields}. Options and notes of lines stay here: this shop takes none.",
}


# With a reason, where there need not be one.
_BECAUSE: Final[Mapping[str, str]] = {
    "drawer": "The drawer of {printer} was opened: {reason}.",
    "moved": "Moved from {from} to {to}: {reason}.",
}


class _Params(dict[str, str]):
    """The texts of an event; one that is missing leaves a gap, not an error."""

    def __missing__(self, key: str) -> str:
        return "?"


def event_sentence(event: EventRow) -> str:
    """Return what happened, as one sentence; an unknown kind is shown by its word."""
    params = _Params({key: str(value) for key, value in event.params.items()})
    said = _said(event, params)
    return f"{said} Approved by {params['approved_by']}." if "approved_by" in params else said


def _said(event: EventRow, params: _Params) -> str:
    match event.kind:
        case "confirmed" if "fields" not in params:
            return (
                "The shop already had {to}." if params["how"] == "found" else "The shop confirmed {to}."
            ).format_map(params)
        case "noticed" if params["seconds"] == "1":
            return "Noticed after 1 second."
        case "resolved" if params["choice"] == "fields":
            return _decided(params["mine"], params["theirs"])
        case "resolved":
            return (
                "Decided: ours ({to}) is sent again."
                if params["choice"] == "mine"
                else "Decided: the shop's value ({to}) is taken."
            ).format_map(params)
        case "edited" if params.get("kept"):
            return _KEPT.get(params["kept"], _KEPT["here"]).format_map(params)
        case "confirmed" | "superseded" | "reasserted" | "conflict" if "fields" in params:
            return _ABOUT_FIELDS[event.kind].format_map(params)
    because = _BECAUSE.get(event.kind, "") if params.get("reason") else ""
    sentence = because or _SENTENCES.get(event.kind)
    if sentence is None:
        details = ", ".join(f"{key}: {value}" for key, value in params.items())
        return f"{event.kind}: {details}." if details else f"{event.kind}."
    return sentence.format_map(params)


def _decided(mine: str, theirs: str) -> str:
    parts = [f"ours of {mine}"] if mine else []
    parts += [f"the shop's of {theirs}"] if theirs else []
    return f"Decided: {'; '.join(parts)}."
