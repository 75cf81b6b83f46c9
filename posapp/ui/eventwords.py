"""The history of an order in plain words: what people did here, joined with what was exchanged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.domain.who import SYNC_ACTOR
from posapp.storage.rows import EventRow, OrderDetail, SentRow
from posapp.ui.away.eventtext import kept_text
from posapp.ui.delegates.age import clock_text, duration_text
from posapp.ui.editwords import edit_text, fields_text
from posapp.ui.print_words import ticket_text
from posapp.ui.salewords import sale_text
from posapp.ui.words import source_word, status_word

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the history: when, what, and who it was (empty for the exchange itself)."""

    at: datetime
    text: str
    who: str


def history(detail: OrderDetail, now: datetime, zone: ZoneInfo) -> tuple[HistoryLine, ...]:
    """Return an order's history, the newest first."""
    lines = [HistoryLine(event.at, event_text(event, now, zone), _actor(event)) for event in detail.events]
    lines += [HistoryLine(sent.sent_at, sent_text(sent), "") for sent in detail.sent]
    lines.sort(key=lambda line: line.at)
    return tuple(reversed(lines))  # of one instant, too, what was written last stands first


def _actor(event: EventRow) -> str:
    if event.actor in {"", SYNC_ACTOR}:
        return ""
    who = event.actor if event.actor == event.station else f"{event.actor} · {event.station}"
    manager = event.params.get("approved_by", "")
    return f"{who} · {translate('history', 'approved by %1').replace('%1', manager)}" if manager else who


def event_text(event: EventRow, now: datetime, zone: ZoneInfo) -> str:
    """Return what an event says; a kind without words is told by its name."""
    get = event.params.get
    about_fields = edit_text(event)
    if about_fields:
        return about_fields
    match event.kind:
        case "received":
            text = translate("history", "Arrived from %1").replace("%1", get("remote", ""))
            source = get("source", "")
            return f"{text} · {source_word(source)}" if source else text
        case "scheduled":
            when = clock_text(_moment(get("at", "")), now, zone)
            return translate("history", "Planned for %1").replace("%1", when)
        case "promised":
            when = clock_text(_moment(get("at", "")), now, zone)
            return translate("history", "Promised to be ready at %1").replace("%1", when)
        case "noticed":
            waited = duration_text(_number(get("seconds", "0")), exact=True)
            return translate("history", "Looked at after %1").replace("%1", waited)
        case "assigned" | "unassigned" | "came_back":
            return _courier_text(event)
        case "moved" | "undone" | "adopted" | "resolved" | "discarded" | "reasserted" | "replayed":
            return _status_text(event)
        case _:
            known = ticket_text(event) or kept_text(event) or _kitchen_text(event)
            return known or sale_text(event) or _exchange_text(event)


def _courier_text(event: EventRow) -> str:
    words = {
        "assigned": translate("history", "Given to %1"),
        "unassigned": translate("history", "Taken from %1"),
        "came_back": translate("history", "Came back with %1"),
    }
    return words[event.kind].replace("%1", event.params.get("courier", ""))


def _status_text(event: EventRow) -> str:
    get = event.params.get
    word = status_word(get("to", ""))
    match event.kind:
        case "moved":
            text = translate("history", "%1 → %2").replace("%1", status_word(get("from", "")))
            reason = get("reason", "")
            return text.replace("%2", word) + (f" · {reason}" if reason else "")
        case "undone":
            return translate("history", "Undone, back to “%1”").replace("%1", word)
        case "adopted":
            return translate("history", "The shop made it “%1”").replace("%1", word)
        case "reasserted":
            return translate("history", "“%1” is sent again: an older value came back").replace("%1", word)
        case "replayed":
            text = translate("history", "The shop refused “%1”: the steps before it are sent after all")
            return text.replace("%1", word)
        case "discarded":
            text = translate("history", "Change given up, now “%1”").replace("%1", word)
            return text + (f" · {get('reason', '')}" if get("reason", "") else "")
        case _:
            mine = translate("history", "Decided: ours, “%1”")
            theirs = translate("history", "Decided: the shop's, “%1”")
            return (mine if get("choice", "") == "mine" else theirs).replace("%1", word)


def _kitchen_text(event: EventRow) -> str:
    """Return what the kitchen or the schedule did; "" for other events."""
    words = {
        "item_made": translate("history", "Kitchen: made %2 × %1"),
        "item_open": translate("history", "Kitchen: %2 × %1 is open again"),
        "bumped": translate("history", "Kitchen: done with it"),
        "ready": translate("history", "Ready"),
        "recalled": translate("history", "Kitchen: recalled"),
        "made_again": translate("history", "Kitchen: recalled, to be made again"),
        "edit_seen": translate("history", "Kitchen: changes seen"),
        "edit_unseen": translate("history", "Kitchen: changes marked again"),
        "taken_off": translate("history", "Kitchen: taken off the board, as it is cancelled"),
        "put_back": translate("history", "Kitchen: back on the board, still cancelled"),
        "auto_started": translate("history", "Its time came: started by itself"),
    }
    get = event.params.get
    text = words.get(event.kind, "").replace("%2", get("quantity", "")).replace("%1", get("title", ""))
    return f"{text} · {get('section', '')}" if text and get("section", "") else text


def _exchange_text(event: EventRow) -> str:
    get = event.params.get
    word = status_word(get("to", ""))
    match event.kind:
        case "confirmed":
            found = get("how", "") == "found"
            text = (
                translate("history", "Asked the shop: “%1”")
                if found
                else translate("history", "The shop has “%1”")
            )
            text = text.replace("%1", word)
        case "superseded":
            text = translate("history", "“%1” need not be sent any more").replace("%1", word)
        case "foreign":
            text = translate("history", "Somebody at the shop set “%1”").replace("%1", word)
        case "refused":
            text = translate("history", "The shop refused: %1").replace("%1", get("detail", ""))
        case "conflict":
            text = translate("history", "Conflict. Here “%1”, at the shop “%2”")
            text = text.replace("%1", status_word(get("ours", "")))
            text = text.replace("%2", status_word(get("theirs", "")))
        case _:
            text = _plain_text(event.kind)
    return text


def _plain_text(kind: str) -> str:
    """Return the sentence of an event that is always told alike; its kind where there is none."""
    words = {
        "gone": translate("history", "The shop no longer has this order"),
        "revived": translate("history", "The shop has this order again"),
        "retried": translate("history", "To be sent again"),
        "anonymised": translate("history", "The customer was taken out; what was sold stays"),
        "reopened": translate("history", "Decision taken back: it waits to be made again"),
    }
    return words.get(kind, kind)


def sent_text(sent: SentRow) -> str:
    """Return what was sent and what came of it."""
    what = [f"“{status_word(sent.value)}”"] if sent.value else []
    if sent.fields:
        what.append(fields_text(", ".join(sent.fields)))
    text = translate("history", "Sent %1").replace("%1", ", ".join(what))
    answers: Mapping[str, str] = {
        "ok": translate("history", "taken"),
        "refused": translate("history", "refused"),
        "unknown": translate("history", "no answer"),
        "not_sent": translate("history", "did not arrive"),
        "throttled": translate("history", "the shop asked to wait"),
        "sign_in": translate("history", "the key was not accepted"),
        "forbidden": translate("history", "not allowed"),
        "gone": translate("history", "no such order"),
        "": translate("history", "no answer yet"),
    }
    answer = answers.get(sent.verdict, sent.verdict)
    more = f" ({sent.detail})" if sent.detail and sent.verdict != "ok" else ""
    return f"{text}: {answer}{more}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
