"""One order of the internal API: what is taken, what is refused, and how it reads in our words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from posapp.domain.due import parse_due
from posapp.domain.fields import ORDER_FIELDS, line_width
from posapp.domain.status import Kind, Status
from posapp.domain.text import clean_line, clean_text
from posapp.remote.api import FormatSettings, RemoteLine, RemoteOrder
from posapp.remote.jsonguard import decoder_of
from posapp.remote.values import (
    MAX_LINES,
    Amount,
    Text,
    amount_of,
    decimal_of,
    instant_of,
    line_of,
    plain_of,
    quantity_of,
    remote_id_of,
    sentence_of,
)


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


_decode = decoder_of(_Order).decode
_WIDE = {name: rule.length for name, rule in ORDER_FIELDS.items()}
_TITLE, _ID = line_width("title"), line_width("internal_id")


def read_order(strict: bytes, raw: str, settings: FormatSettings) -> RemoteOrder:
    """Return an order of strict JSON in our words; raise ValueError with a sentence that names the field."""
    try:
        row = _decode(strict)
    except msgspec.MsgspecError as error:
        raise ValueError(sentence_of(str(error))) from None
    customer, delivery = row.customer or _Customer(), row.delivery or _Delivery()
    address = line_of(delivery.address, _WIDE["address"])
    shipping = row.price.delivery_base
    if shipping is None and delivery.price is not None:
        shipping = delivery.price.base_total
    return RemoteOrder(
        remote_id=remote_id_of(row.id),
        status=_status(row.status),
        created_at=instant_of(row.created_at, "created_at"),
        payment_status=line_of(row.payment_status, _WIDE["payment_status"]),
        payment_method=line_of(row.payment_method, _WIDE["payment_method"]),
        source=line_of(row.source_type, _WIDE["source"]),
        brand=line_of(row.brand, _WIDE["brand"]),
        kind=Kind.DELIVERY if address else Kind.PICKUP,
        customer_remote_id=line_of(customer.id, _WIDE["customer_remote_id"]),
        customer_name=line_of(customer.name, _WIDE["customer_name"]),
        phone=line_of(customer.mobile_phone, _WIDE["phone"]),
        address=address,
        street=line_of(delivery.address_street, _WIDE["street"]),
        home=line_of(delivery.address_home, _WIDE["home"]),
        apt=line_of(delivery.address_apt, _WIDE["apt"]),
        entrance=line_of(delivery.address_entrance, _WIDE["entrance"]),
        level=line_of(delivery.address_level, _WIDE["level"]),
        city=line_of(delivery.address_city, _WIDE["city"]),
        comment=clean_text(plain_of(row.comment)[: _WIDE["comment"]]).strip(),
        change_from=line_of(row.change, _WIDE["change_from"]),
        due_at=_due(delivery.datetime, settings),
        due_text=line_of(delivery.datetime, _WIDE["due_text"]),
        delivery_cost=amount_of(shipping, "price.delivery_base"),
        products_total=amount_of(row.price.products_base, "price.products_base"),
        total=amount_of(row.price.order_base_total, "price.order_base_total"),
        lines=_lines(row.products),
        raw=raw,
    )


def _lines(products: Sequence[_Product]) -> tuple[RemoteLine, ...]:
    if len(products) > MAX_LINES:
        raise ValueError(f"products: an order of {len(products):,} lines is not taken.")
    return tuple(_product(product, f"products[{place}]") for place, product in enumerate(products))


def _product(product: _Product, path: str) -> RemoteLine:
    price, promo, code = product.price, product.promo, product.promo_code
    return RemoteLine(
        title=line_of(product.title, _TITLE),
        quantity=quantity_of(product.quantity, path, ".quantity"),
        unit_price=decimal_of(price.base_for_one, path, ".price.base_for_one"),
        total=decimal_of(price.base_total, path, ".price.base_total"),
        internal_id=line_of(product.internal_id, _ID),
        additions=tuple(
            (line_of(addition.internal_id, _ID), line_of(addition.title, _TITLE))
            for addition in product.additions
        )
        if product.additions
        else (),
        promo_id=line_of(promo.promo_id, line_width("promo_id")) if promo else "",
        promo_title=line_of(promo.promo_title, line_width("promo_title")) if promo else "",
        promo_code_id=line_of(code.promo_code_id, line_width("promo_code_id")) if code else "",
        promo_code=line_of(code.promo_code_value, line_width("promo_code")) if code else "",
        paid_in_bonuses=bool(product.paid_in_bonuses),
    )


def _status(word: str) -> str:
    try:
        return Status(word.strip().lower())
    except ValueError:
        raise ValueError(f"status: “{clean_line(word)[:40]}” is not a status that we know.") from None


def _due(text: str | None, settings: FormatSettings) -> datetime | None:
    try:
        return parse_due(text, settings.zone)
    except ValueError as error:
        raise ValueError(f"delivery.datetime: {clean_line(str(error))}.") from None
