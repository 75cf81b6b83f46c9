"""The history of an order in English sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from posapp.storage.rows import EventRow

_SENTENCES: Final[Mapping[str, str]] = {
    "received": "Came in from {remote} as {status}.",
    "updated": "The shop changed: {fields}.",
    "moved": "Moved from {from} to {to}.",
    "scheduled": "Planned for {at}.",
    "undone": "The last step was taken back: from {from} to {to}.",
    "noticed": "Noticed after {seconds} seconds.",
    "retried": "To be sent again.",
    "discarded": "The waiting changes were given up ({reason}); the order is {to}.",
    "adopted": "Taken over from the shop: {to} instead of {from}.",
    "reasserted": "Sent again: {to}, because the shop showed {from}.",
    "foreign": "Somebody else set it to {to} at the shop.",
    "superseded": "The change to {to} was not sent: {reason}.",
    "refused": "The shop refused the change: {detail}",
    "conflict": "Here it is {ours}, at the shop {theirs}; a person has to decide.",
    "gone": "The shop does not know this order any more: {detail}",
}


class _Params(dict[str, str]):
    """The texts of an event; one that is missing leaves a gap, not an error."""

    def __missing__(self, key: str) -> str:
        return "?"


def event_sentence(event: EventRow) -> str:
    """Return what happened, as one sentence; an unknown kind is shown by its word."""
    params = _Params({key: str(value) for key, value in event.params.items()})
    match event.kind:
        case "confirmed":
            return (
                "The shop already had {to}." if params["how"] == "found" else "The shop confirmed {to}."
            ).format_map(params)
        case "resolved":
            return (
                "Decided: ours ({to}) is sent again."
                if params["choice"] == "mine"
                else "Decided: the shop's value ({to}) is taken."
            ).format_map(params)
        case "moved" if params.get("reason"):
            return "Moved from {from} to {to}: {reason}.".format_map(params)
    sentence = _SENTENCES.get(event.kind)
    if sentence is None:
        details = ", ".join(f"{key}: {value}" for key, value in params.items())
        return f"{event.kind}: {details}." if details else f"{event.kind}."
    return sentence.format_map(params)
