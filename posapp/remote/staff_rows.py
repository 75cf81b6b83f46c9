"""One order of the staff API: what is taken, what is refused, and how it reads in our words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext

import msgspec

from posapp.domain.fields import line_width, width
from posapp.domain.rules import FieldKind, FieldRule, from_column
from posapp.domain.status import Kind, PaymentMethod, PaymentStatus, Status
from posapp.remote.api import RemoteLine, RemoteOrder
from posapp.remote.jsonguard import decoder_of
from posapp.remote.staff_status import StatusTable
from posapp.remote.staff_write import field_rules, number_of
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
_MOST_CLASSES = 99
_PAYMENT_STATUSES = {"0": PaymentStatus.UNPAID, "1": PaymentStatus.PAID}
_PAYMENT_METHODS = {"0": PaymentMethod.CASH}


# What is `object` here does no harm when it makes no sense: it is left empty, and the raw order keeps it.
class _Product(msgspec.Struct):
    quantity: int
    product_id: Text = None
    p_name: Text = None
    unit_final_cost: Amount = None
    total_cost: Amount = None
    product: object = None
    p_short_description: object = None
    p_price_unit: object = None
    p_delivery_class: object = None
    unit_cost: object = None
    discount_percent: object = None


class _Cart(msgspec.Struct):
    products: list[_Product]
    total: Amount = None
    id: object = None


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
    email: object = None
    country: object = None
    c_name: object = None
    c_email: object = None
    delivery_class: object = None
    shipping_date: object = None
    delivery_date: object = None
    payment_date: object = None
    cart_id: object = None


_decode = decoder_of(_Order).decode


def read_order(strict: bytes, raw: str, table: StatusTable) -> RemoteOrder:
    """Return an order of strict JSON in our words; raise ValueError with a sentence that names the field."""
    try:
        row = _decode(strict)
    except msgspec.MsgspecError as error:
        raise ValueError(sentence_of(str(error))) from None
    statuses = table.statuses_of(row.order_status, row.delivery_status)
    places = (row.street, row.addressline, row.city, row.district)
    # The district of a city often has the city's name.
    address = ", ".join(dict.fromkeys(filter(None, (line_of(place, width("street")) for place in places))))
    total = received_amount(row.final_cost, "final_cost")
    shipping = received_amount(0 if row.shipping_cost is None else row.shipping_cost, "shipping_cost")
    cart = row.cart if isinstance(row.cart, _Cart) else None
    return RemoteOrder(
        remote_id=remote_id_of(row.id),
        status=statuses[0] if statuses else Status.CREATED,
        alternatives=statuses[1:],
        understood=bool(statuses),
        created_at=instant_of(row.order_date, "order_date"),
        payment_status=_word(row.payment_status, _PAYMENT_STATUSES),
        payment_method=_word(row.payment_method, _PAYMENT_METHODS),
        source="web",  # the API is that of a web shop and has no field for it
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
        products_total=received_amount(cart.total, "cart.total") if cart else _rest(total, shipping),
        total=total,
        lines=_lines(cart.products) if cart else (),
        raw=raw,
        code=line_of(row.code, width("code")),
        addressline=line_of(row.addressline, width("addressline")),
        district=line_of(row.district, width("district")),
        country=_harmless(row.country, width("country")),
        email=_harmless(row.email, width("email")),
        account_name=_harmless(row.c_name, width("account_name")),
        account_email=_harmless(row.c_email, width("account_email")),
        delivery_class=_class_of(row.delivery_class),
        shipping_at=_moment(row.shipping_date),
        delivered_at=_moment(row.delivery_date),
        paid_at=_moment(row.payment_date),
        cart_id=_cart_id(row),
    )


def read_cart(content: object) -> tuple[RemoteLine, ...]:
    """Return the lines of a decoded cart; raise ValueError with a sentence that names the field."""
    try:
        return _lines(msgspec.convert(content, _Cart).products)
    except msgspec.ValidationError as error:
        raise ValueError(sentence_of(str(error))) from None


def canonical_values(content: Mapping[str, object], names: Iterable[str]) -> dict[str, str]:
    """Return fields of a decoded answer in canonical text, as a read order would have them.

    What is missing, or cannot be read, is not among them. Raises nothing.
    """
    rules = field_rules()
    found: dict[str, str] = {}
    for name in names:
        if name in content and (value := _column_value(rules[name], content[name])) is not None:
            found[name] = from_column(rules[name], value[0])
    return found


def _column_value(rule: FieldRule, value: object) -> tuple[object] | None:
    """Return what the column of a received value holds, None where it makes no sense."""
    if rule.kind is FieldKind.AMOUNT:
        try:
            return (received_amount(0 if value is None else value, rule.name),)
        except ValueError:
            return None
    if value is None:
        return (None,)
    if rule.kind is FieldKind.INSTANT:
        moment = _moment(value)
        return None if moment is None else (moment,)
    if rule.kind is FieldKind.INTEGER:
        number = _class_of(value)
        return None if number is None else (number,)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    if rule.stored:
        return (value,)
    return (line_of(value, width(rule.column)),)


def _harmless(value: object, limit: int) -> str:
    """Return a text, "" for what is none."""
    return line_of(value, limit) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _class_of(value: object) -> int | None:
    known = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_CLASSES
    return value if known else None  # type: ignore[return-value] # it is an int then


def _moment(value: object) -> datetime | None:
    """Return a time, None for what is none: it decides nothing about the order."""
    try:
        return instant_of(value, "") if isinstance(value, str) else None
    except ValueError:
        return None


def _decimal(value: object) -> Decimal | None:
    try:
        return None if value is None else Decimal(received_amount(value, ""))
    except ValueError:
        return None


def _cart_id(row: _Order) -> str:
    """Return the number of the cart where this answer tells it."""
    cart = row.cart.id if isinstance(row.cart, _Cart) else row.cart
    return number_of(cart) or number_of(row.cart_id)


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
        unit_price=Decimal(received_amount(product.unit_final_cost, f"{path}.unit_final_cost")),
        total=Decimal(received_amount(product.total_cost, f"{path}.total_cost")),
        internal_id=line_of(product.product_id, line_width("internal_id")),
        product=_harmless(product.product, line_width("product")),
        description=_harmless(product.p_short_description, line_width("description")),
        price_unit=_harmless(product.p_price_unit, line_width("price_unit")),
        delivery_class=_class_of(product.p_delivery_class),
        unit_cost=_decimal(product.unit_cost),
        discount_percent=_decimal(product.discount_percent),
    )


def received_amount(value: Amount, path: str) -> str:
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
