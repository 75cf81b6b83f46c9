"""What the read queries answer: frozen rows that screens, commands and services share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posapp.domain.payment import Payment


class Tab(StrEnum):
    """The tabs of the Orders screen."""

    ACTIVE = "active"
    NEW = "new"
    ACCEPTED = "accepted"
    COOKING = "cooking"
    ONDELIVERY = "ondelivery"
    TIMING = "timing"
    DONE = "done"


class Sort(StrEnum):
    """The orders of the list."""

    URGENT = "urgent"
    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What a list shows; empty values do not filter. A search looks through all orders, whatever the tab."""

    tab: Tab | None = Tab.ACTIVE
    statuses: tuple[str, ...] = ()
    search: str = ""
    brand: str = ""
    source: str = ""
    remote: str = ""
    payment: str = ""  # a payment method or a payment status
    kind: str = ""
    sync: str = ""
    due_from: datetime | None = None
    due_until: datetime | None = None
    sort: Sort = Sort.URGENT

    @property
    def narrowed(self) -> bool:
        """Tell whether any of the filters (not tab or search) hides orders."""
        return any((self.brand, self.source, self.remote, self.payment, self.kind, self.sync, self.due_from))


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row of the order list."""

    pk: int
    id: str
    code: str
    remote: str | None
    status: str
    sync: str
    sync_reason: str
    source: str
    brand: str
    customer_name: str
    phone: str
    address: str
    kind: str
    total: str  # as received
    currency: str
    payment_method: str
    payment_status: str
    change_from: str
    comment: str
    created_at: datetime
    received_at: datetime
    age_from: datetime | None  # when its clock started; None when none runs
    target_s: int  # late after so many seconds; 0 when it cannot be late
    due_at: datetime | None
    planned_at: datetime | None  # what staff scheduled; counts before due_at
    closed_at: datetime | None
    unacknowledged: bool
    version: int
    promised_at: datetime | None = None  # when staff said that it would be ready
    format: str = "internal"  # "" for the counter


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the list; `next_key` continues it, None at the end."""

    rows: tuple[OrderRow, ...]
    next_key: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of an order."""

    title: str
    quantity: int
    unit_price: Decimal
    total: Decimal
    additions: tuple[str, ...]
    promo_title: str
    promo_code: str
    paid_in_bonuses: bool
    notes: str
    internal_id: str
    unit_cost: Decimal | None = None  # of one before the discount
    discount_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class EventRow:
    """One entry of an order's history."""

    at: datetime
    kind: str
    actor: str
    station: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One change in the outbox, with the code of its order."""

    seq: int
    id: str
    order_pk: int
    order_id: str
    order_code: str
    remote: str
    kind: str
    target: str
    base: str
    theirs: str
    state: str
    attempts: int
    last_class: str
    last_error: str
    reason: str
    actor: str
    station: str
    created_at: datetime
    hold_until: datetime | None
    not_before: datetime | None
    last_at: datetime | None
    patch: Mapping[str, Sequence[str | None]] = field(default_factory=dict)  # {field: (base, ours, theirs)}

    @property
    def what(self) -> str:
        """Return what the change is about: the status that it sets, or the names of its fields."""
        return ", ".join(self.patch) if self.patch else self.target


@dataclass(frozen=True, slots=True)
class SentRow:
    """One write that may have reached a remote, with its answer."""

    value: str  # the status, "" of a write of fields alone
    sent_at: datetime
    answered_at: datetime | None
    verdict: str
    detail: str
    fields: tuple[str, ...] = ()  # the names of the fields that it set


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """Everything about one order."""

    row: OrderRow
    remote_id: str | None
    format: str
    status_at: datetime
    shadow: str | None
    phone_digits: str
    street: str
    home: str
    apt: str
    entrance: str
    level: str
    city: str
    due_text: str
    delivery_cost: Decimal
    products_total: Decimal
    accepted_at: datetime | None
    sent_at: datetime | None
    noticed_at: datetime | None
    noticed_by: str
    customer_orders: int  # how many orders this telephone number has, with this one
    lines: tuple[LineRow, ...]
    events: tuple[EventRow, ...]
    queue: tuple[QueueRow, ...]
    sent: tuple[SentRow, ...]
    raw: str = field(repr=False)  # the payload as received, "" for a counter order
    payments: tuple[Payment, ...] = ()  # taken and given back here


@dataclass(frozen=True, slots=True)
class Counts:
    """The live counts of the tabs; `done_today` are those closed since the shop's day began."""

    by_status: Mapping[str, int]
    done_today: int

    def of(self, tab: Tab) -> int:
        """Return a tab's count."""
        get = self.by_status.get
        match tab:
            case Tab.ACTIVE:
                return sum(
                    n for status, n in self.by_status.items() if status not in {"delivered", "cancelled"}
                )
            case Tab.NEW:
                return get("created", 0) + get("edited", 0)
            case Tab.DONE:
                return self.done_today
            case _:
                return get(tab.value, 0)


@dataclass(frozen=True, slots=True)
class RemoteRow:
    """What is known of a remote's connection."""

    name: str
    last_ok_at: datetime | None
    last_pull_at: datetime | None
    trouble_since: datetime | None
    trouble: str
    detail: str
    sign_in: bool
    clock_skew_s: int | None


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """A row of a pull that made no sense."""

    pk: int
    remote: str
    remote_id: str
    reason: str
    raw: str = field(repr=False)
    first_at: datetime
    last_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class SyncSummary:
    """The truth about sync in a few numbers; `attention` counts orders and remotes that need a person.

    Products are counted apart: a round of sync does not wait for them.
    """

    waiting: int
    oldest_waiting: datetime | None
    attention: int
    failed: int
    conflicts: int
    quarantined: int
    remotes: tuple[RemoteRow, ...]
    products_waiting: int = 0
    products_refused: int = 0
    stopped: tuple[tuple[int, str], ...] = ()  # keys and codes of those that were cancelled at the shop alone

    @property
    def all_waiting(self) -> int:
        """Return how many changes of orders and products are on their way."""
        return self.waiting + self.products_waiting

    @property
    def all_attention(self) -> int:
        """Return how many orders, remotes and products need a person."""
        return self.attention + self.products_refused


@dataclass(frozen=True, slots=True)
class Alarm:
    """Orders that ring until somebody takes notice: new ones, and those that the shop cancelled meanwhile."""

    count: int
    oldest: datetime | None
    pks: tuple[int, ...]
    cancelled: int = 0  # how many of them the shop cancelled


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """The values that the filters offer, from the active and recent orders."""

    brands: tuple[str, ...]
    sources: tuple[str, ...]
    remotes: tuple[str, ...]
    days: tuple[date, ...]
