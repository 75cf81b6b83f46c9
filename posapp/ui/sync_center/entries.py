"""The rows of the Sync Center's list, made of one moment of the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.storage.publishing import ProductQueueRow
from posapp.storage.rows import QuarantineRow, QueueRow
from posapp.storage.sync_center import Part, ProductsWaiting, SyncState
from posapp.ui.sync_center import words
from posapp.ui.sync_center.words import number_text
from posapp.ui.sync_words import ShopState, shop_sentence, shop_word

translate = QCoreApplication.translate


class Kind(StrEnum):
    """What an entry is."""

    HEADER = "header"
    SHOP = "shop"
    CONFLICT = "conflict"
    FAILED = "failed"
    PRODUCT = "product"
    UNREAD = "unread"
    SENDING = "sending"
    WAITING = "waiting"
    PRODUCTS = "products"
    DONE = "done"
    MORE = "more"


NEEDING = frozenset({Kind.SHOP, Kind.CONFLICT, Kind.FAILED, Kind.PRODUCT, Kind.UNREAD})
QUIET = frozenset({Kind.HEADER, Kind.MORE})
Content = QueueRow | ProductQueueRow | QuarantineRow | ProductsWaiting | ShopState | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: `key` stays the same as long as it is about the same thing."""

    kind: Kind
    key: str
    title: str
    code: str = ""
    line: str = ""
    right: str = ""  # words at the right, beside the time
    at: datetime | None = None
    ages: bool = False  # tell how long ago it was, instead of the time of day
    content: Content = None

    @property
    def spoken(self) -> str:
        """Return the entry as one sentence for a screen reader."""
        return ", ".join(part for part in (self.code, self.title, self.line, self.right) if part)


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where entries are made: the time, the shop's zone, and how the shops stand."""

    now: datetime
    zone: ZoneInfo
    shops: tuple[ShopState, ...]

    @property
    def cut_off(self) -> frozenset[str]:
        """Return the shops that cannot be reached."""
        return frozenset(shop.name for shop in self.shops if shop.trouble not in {"", "connecting"})


def entries(state: SyncState, moment: Moment) -> list[Entry]:
    """Return all rows: what needs a person first, then what is sent, what waits, and what was done today."""
    needing = list(_needing(state, moment))
    return [
        *_group("needs", translate("sync", "Needs you"), needing, needs_count(state, moment)),
        *_products(state, moment),
        *_group(
            "sending", translate("sync", "Being sent"), _changes(state.sending, moment), state.sending.count
        ),
        *_waiting(state, moment),
        *_group(
            "done", translate("sync", "Done today"), [_done(row) for row in state.done.rows], state.done.count
        ),
    ]


def needs_count(state: SyncState, moment: Moment) -> int:
    """Return how many things need a person, beside products that were refused."""
    keyless = sum(shop.trouble == "sign_in" for shop in moment.shops)
    return state.asked.count + len(state.unread) + keyless


def _group(key: str, title: str, rows: list[Entry], count: int) -> Iterator[Entry]:
    if not rows:
        return
    yield Entry(Kind.HEADER, f"header:{key}", title, right=number_text(count))
    yield from rows
    if count > len(rows):
        more = translate("sync", "%1 more").replace("%1", number_text(count - len(rows)))
        yield Entry(Kind.MORE, f"more:{key}", more)


def _needing(state: SyncState, moment: Moment) -> Iterator[Entry]:
    for row in state.asked.rows:
        conflict = row.state == "conflict"
        behind = state.behind.get(row.order_pk, 0)
        more = translate("sync", "+%1 behind it").replace("%1", str(behind)) if behind else ""
        yield Entry(
            Kind.CONFLICT if conflict else Kind.FAILED,
            f"order:{row.order_pk}",
            words.asked_title(row),
            words.code_word(row.order_code),
            words.asked_line(row),
            more or ("" if conflict or not row.attempts else words.tries_text(row.attempts)),
            row.last_at or row.created_at,
            content=row,
        )
    for shop in moment.shops:
        if shop.trouble == "sign_in":
            yield Entry(
                Kind.SHOP, f"shop:{shop.name}", shop_word(shop), shop.name, shop_sentence(shop),
                at=shop.since, content=shop,
            )  # fmt: skip
    for unread in state.unread:
        yield Entry(
            Kind.UNREAD, f"unread:{unread.pk}", translate("sync", "Could not be read"),
            unread.remote_id[:24] or translate("sync", "Order"), unread.reason,
            at=unread.last_at, content=unread,
        )  # fmt: skip


def _waiting(state: SyncState, moment: Moment) -> Iterator[Entry]:
    rows = _changes(state.waiting, moment, started={row.order_pk for row in state.sending.rows})
    yield from _group("waiting", translate("sync", "Waiting"), rows, state.waiting.count)


def _products(state: SyncState, moment: Moment) -> Iterator[Entry]:
    """Return the group of products: those that were refused one by one, what is on its way by shop."""
    refused, summary = state.products_refused, state.summary
    rows = [
        Entry(
            Kind.PRODUCT, f"product:{product.id}", product.title or product.internal_id,
            product.remote, words.server_words(product.last_error),
            at=product.created_at, content=product,
        )
        for product in refused
    ]  # fmt: skip
    rows += [_products_of(waiting, moment) for waiting in state.products_waiting]
    if not rows:
        return
    count = summary.products_refused + summary.products_waiting
    yield Entry(Kind.HEADER, "header:products", translate("sync", "Products"), right=number_text(count))
    yield from rows


def _changes(part: Part, moment: Moment, started: Iterable[int] = ()) -> list[Entry]:
    found: list[Entry] = []
    seen = set(started)
    for row in part.rows:
        first = row.order_pk not in seen
        seen.add(row.order_pk)
        line = words.waiting_line(
            row, moment.now, moment.zone, cut_off=row.remote in moment.cut_off, first=first
        )
        kind = Kind.SENDING if row.state == "in_flight" else Kind.WAITING
        found.append(
            Entry(
                kind,
                f"change:{row.seq}",
                words.change_title(row),
                words.code_word(row.order_code),
                line,
                at=row.created_at,
                ages=True,
                content=row,
            )
        )
    return found


def _products_of(waiting: ProductsWaiting, moment: Moment) -> Entry:
    one, more = translate("sync", "1 product"), translate("sync", "%1 products")
    cut_off = waiting.remote in moment.cut_off
    line = (
        translate("sync", "Waits for the connection")
        if cut_off
        else translate("sync", "On the way to the shop")
    )
    title = one if waiting.count == 1 else more.replace("%1", str(waiting.count))
    return Entry(
        Kind.PRODUCTS, f"products:{waiting.remote}", title, waiting.remote, line,
        at=waiting.oldest, ages=True, content=waiting,
    )  # fmt: skip


def _done(row: QueueRow) -> Entry:
    line = translate("sync", "The shop has it · %1").replace("%1", words.who_text(row.actor, row.station))
    if row.kind == "reassert":
        line = translate("sync", "Sent again by itself: an older value had come back")
    return Entry(
        Kind.DONE, f"change:{row.seq}", words.change_title(row), words.code_word(row.order_code), line,
        at=row.last_at or row.created_at, content=row,
    )  # fmt: skip
