"""An order as the shop of the staff API holds it, and how its API shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from posapp.sandbox.orders import Json
from posapp.sandbox.staff_menu import UNIT, VAT, Product

STAFF_ZONE = ZoneInfo("Asia/Kathmandu")


@dataclass(frozen=True, slots=True)
class CartLine:
    """One line of a cart, at the prices that the catalogue has."""

    number: int
    product: Product
    quantity: int

    @property
    def total(self) -> Decimal:
        """The line's sum after the discount."""
        return self.product.final * self.quantity


@dataclass(slots=True)
class StaffOrder:
    """An order; `fields` are the writable ones as the API shows them, `name` is that of its event."""

    name: str
    number: int
    code: str
    fields: Json
    lines: tuple[CartLine, ...]

    @property
    def cart_number(self) -> int:
        """The number by which a PUT names the cart."""
        return self.number + 7000

    @property
    def goods(self) -> Decimal:
        """What the lines cost."""
        return sum((line.total for line in self.lines), Decimal())


def order_payload(order: StaffOrder, origin: str) -> Json:
    """Build the JSON object that the staff API calls an order; addresses begin with `origin`."""
    shipping = Decimal(str(order.fields["shipping_cost"]))
    return {
        "id": order.number,
        "cart": cart_payload(order, origin),
        "final_cost": money(order.goods + shipping),
        "code": order.code,
        **order.fields,
    }


def cart_payload(order: StaffOrder, origin: str) -> Json:
    """Build a cart as it is read; tax is contained in the prices."""
    lines = [_line(line, origin) for line in order.lines]
    saved = sum(
        ((line.product.price - line.product.final) * line.quantity for line in order.lines), Decimal()
    )
    return {
        "no_of_items": len(lines),
        "products": lines,
        "discounted_amount": money(saved),
        "tax_amount": money(order.goods * VAT / (100 + VAT)),
        "total": money(order.goods),
    }


def _line(line: CartLine, origin: str) -> Json:
    product = line.product
    return {
        "id": line.number,
        "product_id": product.number,
        "product": f"{origin}{product.path}",
        "p_name": product.name,
        "p_short_description": product.description,
        "p_price_unit": UNIT,
        "p_delivery_class": product.delivery_class,
        "unit_cost": money(product.price),
        "discount_percent": money(product.discount),
        "unit_final_cost": money(product.final),
        "quantity": line.quantity,
        "total_cost": money(line.total),
        "total_saved": money((product.price - product.final) * line.quantity),
    }


def money(amount: Decimal) -> float:
    """Return an amount as this API writes it."""
    return float(amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def moment(at: datetime) -> str:
    """Return a time as this API writes it."""
    return at.astimezone(STAFF_ZONE).isoformat(timespec="microseconds")
