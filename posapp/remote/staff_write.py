"""What a write to the staff API carries: fields in the API's own types, whole orders, the lines of a cart."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from posapp.domain.rules import FieldKind, FieldRule, rules_of
from posapp.remote.jsonguard import BadJson, decode_strict, top_members
from posapp.remote.staff_status import Pair

CART = "cart"
# What a PUT replaces; the cart goes as a number, the two status fields as they shall be.
_WRITABLE = (
    "payment_status", "payment_method", "order_status", "delivery_status", "name", "addressline", "street",
    "city", "district", "phone", "email", "country", "order_date", "shipping_date", "delivery_date",
    "payment_date", "delivery_class", "shipping_cost", "c_name", "c_email", "customer",
)  # fmt: skip
# Empty, it is taken neither as "" nor as null by a shop that wants one to a hundred characters.
_NEVER_EMPTY = "addressline"
_TYPED = frozenset({FieldKind.AMOUNT, FieldKind.INSTANT, FieldKind.INTEGER})
_WHOLE_NUMBER = re.compile(r"(0|[1-9][0-9]{0,17})\Z", re.ASCII)
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?\Z", re.ASCII)


def field_rules() -> Mapping[str, FieldRule]:
    """Return the fields that people edit and this API takes, by name."""
    return {name: rule for name, rule in rules_of("staff").items() if not rule.read_only}


def encoded_pair(pair: Pair) -> dict[str, bytes]:
    """Return the two status numbers as JSON; a delivery that stays as it is, is not among them."""
    found = {"order_status": pair.order, "delivery_status": pair.delivery}
    return {name: str(number).encode() for name, number in found.items() if number is not None}


def encoded_fields(fields: Mapping[str, str]) -> dict[str, bytes]:
    """Return canonical texts as JSON values of the API's types; raise ValueError for a field it has not."""
    rules = field_rules()
    if strange := fields.keys() - rules.keys():
        raise ValueError(f"the staff API has no field {min(strange)}")
    return {name: _encoded(rule, fields[name]) for name, rule in rules.items() if name in fields}


def _encoded(rule: FieldRule, text: str) -> bytes:
    typed = rule.kind in _TYPED or bool(rule.stored)
    if not text and (typed or rule.name == _NEVER_EMPTY):
        return b"null"
    number = _AMOUNT if rule.kind is FieldKind.AMOUNT else _WHOLE_NUMBER
    if typed and rule.kind is not FieldKind.INSTANT and number.match(text):
        # The decimal text itself: it never becomes a binary float here.
        return text.encode()
    return json.dumps(text).encode()


def json_object(members: Mapping[str, bytes]) -> bytes:
    """Return members that are JSON already as one object."""
    return b"{" + b", ".join(f'"{name}": '.encode() + value for name, value in members.items()) + b"}"


def whole_order(raw: str, changes: Mapping[str, bytes], kept_cart: str) -> bytes | None:
    """Return the writable fields as they were received, with the changes; None without a cart's number.

    The fields keep the very text that the remote wrote, so that no amount and no time changes its form.
    """
    try:
        members = top_members(raw.encode())
        cart = cart_number(members) or (kept_cart if _WHOLE_NUMBER.match(kept_cart) else "")
    except BadJson:
        return None
    if not cart:
        return None
    fields = {name: members[name] for name in _WRITABLE if name in members}
    if fields.get(_NEVER_EMPTY) in {b'""', b"null"}:
        del fields[_NEVER_EMPTY]
    return json_object({**fields, **changes, CART: cart.encode()})


def cart_number(members: Mapping[str, bytes]) -> str:
    """Return the number of the cart that an answer tells, "" if it tells none."""
    for name in (CART, "cart_id"):
        found = decode_strict(members.get(name, b"null"))
        if number := number_of(found.get("id") if isinstance(found, dict) else found):
            return number
    return ""


def number_of(value: object) -> str:
    """Return the number of a cart as text, "" for what is none."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
    return text if _WHOLE_NUMBER.match(text) else ""


def cart_body(text: str) -> bytes:
    """Return the lines of a canonical cart as the API takes them: a cart with its products."""
    products = json.loads(text)
    for product in products:
        if product["p_delivery_class"] is None:
            del product["p_delivery_class"]
    return json.dumps({"products": products}).encode()
