"""One order of the internal API: what is taken, what is refused, and how it reads in our words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from posapp.domain.due import parse_due, parse_instant
from posapp.domain.money import parse_amount
from posapp.domain.status import Kind, Status
from posapp.domain.text import clean_line, clean_text
from posapp.remote.api import FormatSettings, RemoteLine, RemoteOrder

REMOTE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
MAX_QUANTITY = 100_000
MAX_LINES = 1_000
_COMMENT, _ADDRESS, _NAME, _SHORT = 10_000, 2_000, 500, 100

# Shops write numbers for floors and flats as they please.
Text = str | int | None
Amount = object  # text or a number, told apart by _amount


class _Price(msgspec.Struct):
    base_for_one: Amount = None
    base_total: Amount = None


class _Addition(msgspec.Struct):
    internal_id: Text = None
    title: Text = None


class _Promo(msgspec.Struct):
    promo_id: Text = None
    promo_title: Text = None


class _PromoCode(msgspec.Struct):
    promo_code_id: Text = None
    promo_code_value: Text = None


class _Product(msgspec.Struct):
    quantity: int
    price: _Price
    internal_id: Text = None
    title: Text = None
    additions: list[_Addition] | None = None
    paid_in_bonuses: bool | None = None
    promo: _Promo | None = None
    promo_code: _PromoCode | None = None


class _Customer(msgspec.Struct):
    id: Text = None
    name: Text = None
    mobile_phone: Text = None


class _Delivery(msgspec.Struct):
    address: Text = None
    datetime: str | None = None
    address_level: Text = None
    address_entrance: Text = None
    address_apt: Text = None
    address_home: Text = None
    address_street: Text = None
    address_city: Text = None
    price: _Price | None = None


class _Totals(msgspec.Struct):
    order_base_total: Amount = None
    products_base: Amount = None
    delivery_base: Amount = None


class _Order(msgspec.Struct):
    id: str | int
    created_at: str
    status: str
    products: list[_Product]
    price: _Totals
    payment_status: Text = None
    payment_method: Text = None
    source_type: Text = None
    brand: Text = None
    comment: Text = None
    change: Text = None
    customer: _Customer | None = None
    delivery: _Delivery | None = None


def read_order(content: object, raw: str, settings: FormatSettings) -> RemoteOrder:
    """Return the decoded `content` in our words; raise ValueError with a sentence that names the field."""
    try:
        row = msgspec.convert(content, _Order)
    except msgspec.ValidationError as error:
        raise ValueError(_sentence(str(error))) from None
    customer, delivery = row.customer or _Customer(), row.delivery or _Delivery()
    delivery_price = delivery.price or _Price()
    address = _line(delivery.address, _ADDRESS)
    shipping = row.price.delivery_base
    if shipping is None:
        shipping = delivery_price.base_total
    return RemoteOrder(
        remote_id=_remote_id(row.id),
        status=_status(row.status),
        created_at=_instant(row.created_at),
        payment_status=_line(row.payment_status, _SHORT),
        payment_method=_line(row.payment_method, _SHORT),
        source=_line(row.source_type, _SHORT),
        brand=_line(row.brand, _SHORT),
        kind=Kind.DELIVERY if address else Kind.PICKUP,
        customer_remote_id=_line(customer.id, _SHORT),
        customer_name=_line(customer.name, _NAME),
        phone=_line(customer.mobile_phone, _SHORT),
        address=address,
        street=_line(delivery.address_street, _NAME),
        home=_line(delivery.address_home, _SHORT),
        apt=_line(delivery.address_apt, _SHORT),
        entrance=_line(delivery.address_entrance, _SHORT),
        level=_line(delivery.address_level, _SHORT),
        city=_line(delivery.address_city, _NAME),
        comment=clean_text(_plain(row.comment)[:_COMMENT]).strip(),
        change_from=_line(row.change, _SHORT),
        due_at=_due(delivery.datetime, settings),
        due_text=_line(delivery.datetime, _SHORT),
        delivery_cost=_amount(shipping, "price.delivery_base"),
        products_total=_amount(row.price.products_base, "price.products_base"),
        total=_amount(row.price.order_base_total, "price.order_base_total"),
        lines=_lines(row.products),
        raw=raw,
    )


def _lines(products: Sequence[_Product]) -> tuple[RemoteLine, ...]:
    if len(products) > MAX_LINES:
        raise ValueError(f"products: an order of {len(products):,} lines is not taken.")
    return tuple(_product(product, f"products[{place}]") for place, product in enumerate(products))


def _product(product: _Product, path: str) -> RemoteLine:
    if not 1 <= product.quantity <= MAX_QUANTITY:
        raise ValueError(f"{path}.quantity: {product.quantity} is not between 1 and {MAX_QUANTITY:,}.")
    price, promo, code = product.price, product.promo or _NO_PROMO, product.promo_code or _NO_CODE
    return RemoteLine(
        title=_line(product.title, _NAME),
        quantity=product.quantity,
        unit_price=Decimal(_amount(price.base_for_one, path, ".price.base_for_one")),
        total=Decimal(_amount(price.base_total, path, ".price.base_total")),
        internal_id=_line(product.internal_id, _SHORT),
        additions=tuple(
            (_line(addition.internal_id, _SHORT), _line(addition.title, _NAME))
            for addition in product.additions or ()
        ),
        promo_id=_line(promo.promo_id, _SHORT),
        promo_title=_line(promo.promo_title, _NAME),
        promo_code_id=_line(code.promo_code_id, _SHORT),
        promo_code=_line(code.promo_code_value, _SHORT),
        paid_in_bonuses=bool(product.paid_in_bonuses),
    )


_NO_PROMO, _NO_CODE = _Promo(), _PromoCode()


def _remote_id(value: str | int) -> str:
    text = str(value)
    if not REMOTE_ID.match(text):
        raise ValueError(f"id: “{clean_line(text)[:40]}” cannot be the name of an order.")
    return text


def _status(word: str) -> str:
    try:
        return Status(word.strip().lower())
    except ValueError:
        raise ValueError(f"status: “{clean_line(word)[:40]}” is not a status that we know.") from None


def _instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise ValueError(f"created_at: {clean_line(str(error))}.") from None


def _due(text: str | None, settings: FormatSettings) -> datetime | None:
    try:
        return parse_due(text, settings.zone)
    except ValueError as error:
        raise ValueError(f"delivery.datetime: {clean_line(str(error))}.") from None


def _amount(value: Amount, path: str, more: str = "") -> str:
    """Return an amount as received, once it is sure to be one."""
    if value is None:
        raise ValueError(f"{path}{more}: the amount is missing.")
    text = _number_text(value)
    try:
        parse_amount(text)
    except ValueError as error:
        raise ValueError(f"{path}{more}: {clean_line(str(error))}.") from None
    return text


def _number_text(value: Amount) -> str:
    match value:
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value:f}"
        case int():
            return str(value)
    return "an object" if isinstance(value, dict) else "a list"


def _plain(value: Text) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _line(value: Text, limit: int) -> str:
    text = _plain(value)
    # Cut before cleaning, so that a text of megabytes costs nothing; cut again, as cleaning may not shorten.
    return clean_line(text.strip()[: 4 * limit])[:limit].rstrip() if text else ""


_WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "Decimal": "a number",
    "bool": "yes or no",
    "null": "nothing",
    "None": "nothing",
    "NoneType": "nothing",
    "object": "an object",
    "dict": "an object",
    "array": "a list",
    "list": "a list",
}
_AT = re.compile(r" - at `\$?\.?(?P<path>[^`]*)`\Z")
_EXPECTED = re.compile(r"Expected `(?P<wanted>[^`]*)`, got `(?P<got>[^`]*)`")
_MISSING = re.compile(r"Object missing required field `(?P<name>[^`]*)`")


def _sentence(message: str) -> str:
    """Say in plain words what msgspec found wrong, with the path of the field first."""
    at = _AT.search(message)
    path = at["path"] if at else ""
    if missing := _MISSING.search(message):
        return f"{path}{'.' if path else ''}{missing['name']}: this field is missing."
    where = f"{path}: " if path else ""
    if expected := _EXPECTED.search(message):
        wanted = " or ".join(
            _WORDS.get(word.strip(), word.strip())
            for word in expected["wanted"].split("|")
            if "null" not in word
        )
        got = _WORDS.get(expected["got"], expected["got"])
        return f"{where}this should be {wanted}, but it is {got}."
    return f"{where}this makes no sense."
