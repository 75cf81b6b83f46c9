"""What a remote told us, in our own words: orders, their lines, and rows that made no sense."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from msgspec import Struct


# Not dataclasses: tens of thousands come at once, and these are made in a fifth of the time, out of sight of
# the search for garbage.
class RemoteLine(Struct, frozen=True, gc=False):
    """One line of a remote order, as received."""

    title: str
    quantity: int
    unit_price: Decimal
    total: Decimal
    internal_id: str = ""
    additions: tuple[tuple[str, str], ...] = ()  # (internal_id, title)
    promo_id: str = ""
    promo_title: str = ""
    promo_code_id: str = ""
    promo_code: str = ""
    paid_in_bonuses: bool = False
    notes: str = ""
    product: str = ""  # its address at the remote
    description: str = ""
    price_unit: str = ""
    delivery_class: int | None = None
    unit_cost: Decimal | None = None  # before the discount
    discount_percent: Decimal | None = None


class RemoteOrder(Struct, frozen=True, gc=False):
    """One remote order in our words; texts are cleaned, amounts are decimal strings as received."""

    remote_id: str
    status: str  # a posapp.domain.status.Status value
    created_at: datetime  # UTC
    payment_status: str
    payment_method: str
    source: str
    brand: str
    kind: str  # delivery | pickup
    customer_remote_id: str
    customer_name: str
    phone: str
    address: str
    street: str
    home: str
    apt: str
    entrance: str
    level: str
    city: str
    comment: str
    change_from: str
    due_at: datetime | None  # UTC
    due_text: str  # as received
    delivery_cost: str
    products_total: str
    total: str
    lines: tuple[RemoteLine, ...]
    raw: str  # this order's JSON text, as received
    code: str = ""  # the remote's own code, where the format has one
    alternatives: tuple[str, ...] = ()  # further statuses that the remote's word for `status` may mean
    addressline: str = ""
    district: str = ""
    country: str = ""
    email: str = ""
    account_name: str = ""
    account_email: str = ""
    delivery_class: int | None = None
    shipping_at: datetime | None = None  # UTC, as the three below
    delivered_at: datetime | None = None
    paid_at: datetime | None = None
    cart_id: str = ""  # "": this answer does not tell it
    understood: bool = True  # False: the remote's word for the status says nothing; `status` is a stand-in

    def __repr__(self) -> str:
        """Name the order, not its customer."""
        return f"RemoteOrder({self.remote_id!r}, {self.status!r})"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row of a list that made no sense."""

    reason: str  # a sentence
    raw: str = field(repr=False)  # as received, cut to 64 kB
    remote_id: str = ""  # "" when it could not be read
