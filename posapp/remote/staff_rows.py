"""One order of the staff API: what is taken, what is refused, and how it reads in our words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext

import msgspec

from posapp.domain.fields import line_width, width
from posapp.domain.status import Kind, PaymentMethod, PaymentStatus, Status
from posapp.remote.api import RemoteLine, RemoteOrder
from posapp.remote.staff_status import StatusTable
from posapp.remote.values import (
    MAX_LINES,
    Amount,
    Text,
    amount_of,
    instant_of,
    line_of,
    quantity_of,
    remote_id_of,
    sentence_of,
)

_DECIMALS = 6
_PAYMENT_STATUSES = {"0": PaymentStatus.UNPAID, "1": PaymentStatus.PAID}
_PAYMENT_METHODS = {"0": PaymentMethod.CASH}


class _Product(msgspec.Struct):
    quantity: int
    product_id: Text = None
    p_name: Text = None
    unit_final_cost: Amount = None
    total_cost: Amount = None


class _Cart(msgspec.Struct):
    products: list[_Product]
    total: Amount = None


class _Order(msgspec.Struct):
    id: str | int
    order_status: int
    delivery_status: int
    order_date: str
    cart: _Cart | int | None = None  # the number of the cart after an order was made
    final_cost: Amount = None
    shipping_cost: Amount = None
    payment_status: Text = None
    payment_method: Text = None
    code: Text = None
    name: Text = None
    addressline: Text = None
    street: Text = None
    city: Text = None
    district: Text = None
    phone: Text = None
    customer: Text = None


def read_order(content: object, raw: str, table: StatusTable) -> RemoteOrder:
    """Return the decoded `content` in our words; raise ValueError with a sentence that names the field."""
    try:
        row = msgspec.convert(content, _Order)
    except msgspec.ValidationError as error:
        raise ValueError(sentence_of(str(error))) from None
    statuses = table.statuses_of(row.order_status, row.delivery_status)
    places = (row.street, row.addressline, row.city, row.district)
    address = ", ".join(text for text in (line_of(place, width("street")) for place in places) if text)
    total = _amount(row.final_cost, "final_cost")
    shipping = _amount(0 if row.shipping_cost is None else row.shipping_cost, "shipping_cost")
    cart = row.cart if isinstance(row.cart, _Cart) else None
    return RemoteOrder(
        remote_id=remote_id_of(row.id),
        status=statuses[0] if statuses else Status.CREATED,
        alternatives=statuses[1:],
        understood=bool(statuses),
        created_at=instant_of(row.order_date, "order_date"),
        payment_status=_word(row.payment_status, _PAYMENT_STATUSES),
        payment_method=_word(row.payment_method, _PAYMENT_METHODS),
        source="",
        brand="",
        kind=Kind.DELIVERY if address else Kind.PICKUP,
        customer_remote_id=line_of(row.customer, width("customer_remote_id")),
        customer_name=line_of(row.name, width("customer_name")),
        phone=line_of(row.phone, width("phone")),
        address=address[: width("address")],
        street=line_of(row.street, width("street")),
        home="",
        apt="",
        entrance="",
        level="",
        city=line_of(row.city, width("city")),
        comment="",
        change_from="",
        # delivery_date tells when it was delivered; nothing in this format says until when it should be.
        due_at=None,
        due_text="",
        delivery_cost=shipping,
        products_total=_amount(cart.total, "cart.total") if cart else _rest(total, shipping),
        total=total,
        lines=_lines(cart.products) if cart else (),
        raw=raw,
        code=line_of(row.code, width("code")),
    )


def _word(value: Text, words: dict[str, PaymentStatus] | dict[str, PaymentMethod]) -> str:
    """Return the word for a number; a number without one is shown as it came."""
    text = line_of(value, width("payment_method"))
    return words.get(text, text)


def _lines(products: Sequence[_Product]) -> tuple[RemoteLine, ...]:
    if len(products) > MAX_LINES:
        raise ValueError(f"cart.products: an order of {len(products):,} lines is not taken.")
    return tuple(_line(product, f"cart.products[{place}]") for place, product in enumerate(products))


def _line(product: _Product, path: str) -> RemoteLine:
    return RemoteLine(
        title=line_of(product.p_name, line_width("title")),
        quantity=quantity_of(product.quantity, f"{path}.quantity"),
        unit_price=Decimal(_amount(product.unit_final_cost, f"{path}.unit_final_cost")),
        total=Decimal(_amount(product.total_cost, f"{path}.total_cost")),
        internal_id=line_of(product.product_id, line_width("internal_id")),
    )


def _amount(value: Amount, path: str) -> str:
    """Return an amount as received, without the noise that binary floats leave far behind the point."""
    if isinstance(value, Decimal) and _decimals(value) > _DECIMALS:
        with localcontext() as context:
            context.prec = 60
            rounded = value.quantize(Decimal(1).scaleb(-_DECIMALS), rounding=ROUND_HALF_UP)
        text = f"{rounded:f}".rstrip("0").rstrip(".")
        return amount_of(text, path)
    return amount_of(value, path)


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _rest(total: str, shipping: str) -> str:
    """Return what the goods cost where no cart says it."""
    rest = Decimal(total) - Decimal(shipping)
    if rest < 0:
        raise ValueError("final_cost: it is less than the shipping cost.")
    return f"{rest:f}"
