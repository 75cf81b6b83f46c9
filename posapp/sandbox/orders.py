"""What the training shop sells and to whom, and how an order looks in the internal API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from posapp.domain.status import PaymentMethod, PaymentStatus, Status

SHOP_ZONE = ZoneInfo("Asia/Almaty")
CITY = "Алматы"

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Addition:
    """Something more, or less, on a dish; `price` is for the whole line."""

    internal_id: str
    title: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Promo:
    """A promotion on a line, with the code that the customer typed, if any."""

    promo_id: int
    title: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order; a line without a title was paid in bonuses."""

    internal_id: str
    title: str
    quantity: int
    price: Decimal
    additions: tuple[Addition, ...] = ()
    promo: Promo | None = None

    @property
    def total(self) -> Decimal:
        """The line's sum with its additions."""
        return self.price * self.quantity + sum((addition.price for addition in self.additions), Decimal())


@dataclass(frozen=True, slots=True)
class Address:
    """Where to; all empty means that the customer collects the order."""

    text: str = ""
    street: str = ""
    home: str = ""
    entrance: str = ""
    level: str = ""
    apt: str = ""


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """An order as the shop holds it; status and payment status change and are kept apart.

    `discount` is what a promotion takes off; the lines then do not add up to the total, as at real shops.
    `declined_after_cooking`: the payment system takes the money back so long after the order began to cook.
    """

    id: str
    number: int
    created_at: datetime
    customer: str
    phone: str
    address: Address
    brand: str
    source: str
    method: PaymentMethod
    lines: tuple[Line, ...]
    delivery_price: Decimal
    change: str = ""
    comment: str = ""
    discount: Decimal = Decimal()
    due: datetime | None = None
    declined_after_cooking: timedelta | None = None

    @property
    def products_total(self) -> Decimal:
        """The sum of the lines after the discount."""
        return sum((line.total for line in self.lines), Decimal()) - self.discount

    @property
    def total(self) -> Decimal:
        """What the customer pays."""
        return self.products_total + self.delivery_price


def payload(order: ShopOrder, status: Status, payment_status: PaymentStatus) -> Json:
    """Build the JSON object that the internal API calls Order."""
    return {
        "id": order.id,
        "created_at": order.created_at.astimezone(SHOP_ZONE).isoformat(timespec="milliseconds"),
        "status": str(status),
        "payment_status": str(payment_status),
        "payment_method": str(order.method),
        "source_type": order.source,
        "comment": order.comment,
        "change": order.change,
        "brand": order.brand,
        "products": [_line(line) for line in order.lines],
        "customer": {"id": order.number, "name": order.customer, "mobile_phone": order.phone},
        "delivery": _delivery(order),
        "price": {
            "delivery_base": _money(order.delivery_price),
            "products_base": _money(order.products_total),
            "order_base_total": _money(order.total),
        },
    }


def _line(line: Line) -> Json:
    result: Json = {"internal_id": line.internal_id}
    if line.title:
        result["title"] = line.title
    else:
        result["paid_in_bonuses"] = True
    result["quantity"] = line.quantity
    result["price"] = {"base_for_one": _money(line.price), "base_total": _money(line.total)}
    result["additions"] = [
        {"internal_id": addition.internal_id, "title": addition.title} for addition in line.additions
    ]
    if line.promo is not None:
        result["promo"] = {"promo_id": line.promo.promo_id, "promo_title": line.promo.title}
        if line.promo.code:
            code = {"promo_code_id": line.promo.promo_id, "promo_code_value": line.promo.code}
            result["promo_code"] = code
    return result


def _delivery(order: ShopOrder) -> Json:
    where = order.address
    due = None if order.due is None else order.due.astimezone(SHOP_ZONE).strftime("%H:%M %d:%m:%y")
    return {
        "address": where.text,
        "datetime": due,
        "address_level": where.level,
        "address_entrance": where.entrance,
        "address_apt": where.apt,
        "address_home": where.home,
        "address_street": where.street,
        "address_city": CITY if where.text else "",
        "price": {"base_total": _money(order.delivery_price)},
    }


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
