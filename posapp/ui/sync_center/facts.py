"""What the right side tells of an entry that is no conflict: in words, facts and acts, before any widget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.domain.outbox import FIELDS
from posapp.storage.publishing import ProductQueueRow
from posapp.storage.rows import QuarantineRow, QueueRow
from posapp.storage.sync_center import ProductsWaiting, ShopFigures
from posapp.ui.delegates.age import clock_text
from posapp.ui.sync_center import words
from posapp.ui.sync_center.entries import Entry, Kind
from posapp.ui.sync_words import ShopState, shop_sentence, shop_word, skew_sentence, synced_text
from posapp.ui.words import field_label, status_word

translate = QCoreApplication.translate


class Act(StrEnum):
    """What a person can do about an entry."""

    OPEN = "open"
    EDIT = "edit"
    RETRY = "retry"
    DISCARD = "discard"
    COPY = "copy"
    KEY = "key"
    SEND = "send"


@dataclass(frozen=True, slots=True)
class Facts:
    """A title, a sentence, the words of a stranger as a quote, pairs of name and value, and the acts."""

    title: str
    icon: str
    tone: str
    sentence: str
    quote: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    raw: str = ""
    acts: tuple[Act, ...] = ()
    chip: str = ""

    def for_support(self) -> str:
        """Return all of it as text, to be sent to whoever can help."""
        lines = [self.title, self.quote, *(f"{name}: {value}" for name, value in self.pairs), "", self.raw]
        return "\n".join(lines).strip()


def facts_of(entry: Entry, now: datetime, zone: ZoneInfo) -> Facts:
    """Return what is told of an entry."""
    match entry.content:
        case QueueRow() as row:
            return _change(entry, row, now, zone)
        case ProductQueueRow() as product:
            return _product(product, now, zone)
        case QuarantineRow() as unread:
            return _unread(unread, now, zone)
        case ProductsWaiting() as waiting:
            return Facts(
                entry.title, "cloud-arrow-up-fill", "warn",
                translate("sync", "These products go out by themselves, beside the orders and after them."),
                pairs=((translate("sync", "Shop"), waiting.remote), (translate("sync", "State"), entry.line)),
                acts=(Act.SEND,),
            )  # fmt: skip
        case ShopState() as shop:
            return shop_facts(shop, ShopFigures(), now, zone)
        case _:
            return Facts(entry.title, "info-fill", "accent", entry.line)


def _change(entry: Entry, row: QueueRow, now: datetime, zone: ZoneInfo) -> Facts:
    pairs = [
        (translate("sync", "Change"), words.change_title(row)),
        (translate("sync", "Made by"), _by(row.actor, row.station, row.created_at, now, zone)),
    ]
    pairs += _edited(row)
    if row.attempts:
        last = f" · {clock_text(row.last_at, now, zone)}" if row.last_at else ""
        pairs.append((translate("sync", "Tried"), f"{words.tries_text(row.attempts)}{last}"))
    if entry.right.startswith("+"):
        pairs.append((translate("sync", "Also waits"), entry.right))
    title = translate("sync", "Order %1").replace("%1", entry.code)
    match entry.kind:
        case Kind.FAILED:
            return _failed(title, row, tuple(pairs))
        case Kind.DONE:
            return Facts(
                title, "cloud-check-fill", "ok", entry.line, pairs=tuple(pairs), acts=(Act.OPEN,)
            )  # fmt: skip
        case Kind.SENDING:
            sentence = translate(
                "sync", "Nothing to do. If the answer is lost, the shop is asked what it has."
            )
            return Facts(
                title, "cloud-arrow-up-fill", "warn", sentence, row.last_error, tuple(pairs), acts=(Act.OPEN,)
            )
        case _:
            return Facts(
                title, "cloud-arrow-up-fill", "warn", f"{entry.line}.", row.last_error, tuple(pairs),
                acts=(Act.RETRY, Act.OPEN, Act.DISCARD),
            )  # fmt: skip


def _failed(title: str, row: QueueRow, pairs: tuple[tuple[str, str], ...]) -> Facts:
    acts: tuple[Act, ...] = (Act.RETRY, Act.OPEN, Act.DISCARD)
    if row.state == "dead":
        sentence = translate(
            "sync",
            "The shop answered twice, a minute apart, that it does not know this order. Ask the shop. "
            "Retry if it is there again; discarding cancels the order here too.",
        )
        return Facts(title, "cloud-warning-fill", "danger", sentence, row.last_error, pairs, acts=acts)
    if row.kind == FIELDS or row.patch:
        acts = (Act.EDIT, *acts)
        sentence = translate(
            "sync",
            "The shop does not take this change as it is. Correct it and save: it goes out again. "
            "No other order waits for it.",
        )
    else:
        sentence = translate(
            "sync",
            "The shop does not take this change. Retry when its reason is gone, or discard it: "
            "then the order is here what it is at the shop. No other order waits for it.",
        )
    quote = words.server_words(row.last_error) if row.last_error else words.refused_text()
    return Facts(title, "cloud-warning-fill", "danger", sentence, quote, pairs, acts=acts)


def _edited(row: QueueRow) -> list[tuple[str, str]]:
    told = []
    for name, (base, ours, _theirs) in row.patch.items():
        if name == words.CART:
            told.append((field_label(name), words.cart_changes(base or "", ours or "")))
            continue
        empty = translate("sync", "empty")
        text = translate("sync", "“%1”, was “%2”").replace("%1", ours or empty)
        told.append((field_label(name), text.replace("%2", base or empty)))
    if not row.patch and row.base != row.target:
        told.append((translate("sync", "Was"), status_word(row.base)))
    return told


def _product(row: ProductQueueRow, now: datetime, zone: ZoneInfo) -> Facts:
    sentence = translate(
        "sync",
        "The shop does not take this product as it is. Correct it in Settings → Menu, or retry when the "
        "reason is gone. Its other products are published all the same.",
    )
    pairs = (
        (translate("sync", "Shop"), row.remote),
        (translate("sync", "Number"), row.internal_id),
        (translate("sync", "Changed by"), _by(row.actor, row.station, row.created_at, now, zone)),
        (translate("sync", "Tried"), words.tries_text(row.attempts)),
    )
    return Facts(
        row.title or row.internal_id, "cloud-warning-fill", "danger", sentence,
        words.server_words(row.last_error), pairs, acts=(Act.RETRY, Act.DISCARD),
    )  # fmt: skip


def _unread(row: QuarantineRow, now: datetime, zone: ZoneInfo) -> Facts:
    sentence = translate(
        "sync",
        "The shop sent something that is no order. All other orders are taken in. Ask the shop to correct "
        "it, or take the order by hand; as soon as it can be read it comes in by itself.",
    )
    once, more = translate("sync", "once"), translate("sync", "%1 times")
    pairs = (
        (translate("sync", "Shop"), row.remote),
        (translate("sync", "Its number there"), row.remote_id or translate("sync", "none")),
        (translate("sync", "First seen"), clock_text(row.first_at, now, zone)),
        (translate("sync", "Received"), once if row.times == 1 else more.replace("%1", str(row.times))),
    )
    return Facts(
        translate("sync", "An order could not be read"), "warning-fill", "warn", sentence, row.reason, pairs,
        raw=row.raw, acts=(Act.COPY,),
    )  # fmt: skip


def shop_facts(shop: ShopState, figures: ShopFigures, now: datetime, zone: ZoneInfo) -> Facts:
    """Return how the connection with a shop stands, and what is under way with it."""
    well = not shop.trouble
    calm = translate("sync", "Orders arrive, and your changes reach the shop.")
    sentence = " ".join(part for part in (shop_sentence(shop) or calm, _clock(shop)) if part)
    never = translate("sync", "not yet")
    pairs = [
        (translate("sync", "Last answer"), synced_text(shop.last, now, zone) if shop.last else never),
        (translate("sync", "Waiting"), str(figures.waiting)),
        (translate("sync", "Refused"), str(figures.failed)),
        (translate("sync", "Conflicts"), str(figures.conflicts)),
    ]
    if figures.oldest is not None:
        pairs.insert(2, (translate("sync", "Waits longest"), words.ago_text(figures.oldest, now)))
    if shop.since is not None and not well:
        pairs.insert(0, (translate("sync", "Since"), clock_text(shop.since, now, zone)))
    tone = "ok" if well else "danger" if shop.trouble == "sign_in" else "warn"
    icon = "cloud-check-fill" if well else "warning-circle-fill" if tone == "danger" else "cloud-slash-fill"
    acts = (Act.KEY,) if shop.trouble == "sign_in" else (Act.SEND,)
    return Facts(shop.name, icon, tone, sentence, shop.detail, tuple(pairs), acts=acts, chip=shop_word(shop))


def _clock(shop: ShopState) -> str:
    text = skew_sentence(shop)
    return f"{text} {translate('sync', 'Let this PC set its clock by the network.')}" if text else ""


def _by(actor: str, station: str, at: datetime, now: datetime, zone: ZoneInfo) -> str:
    return f"{words.who_text(actor, station)} · {clock_text(at, now, zone)}"
