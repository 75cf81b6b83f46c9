"""The texts of an order and its lines, in one table: how long each may be.

The models take their widths from here and the formats cut what strangers send to them, so that no database
refuses an order for a long word. What was sent stays whole in `raw`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One text: `length` in characters."""

    name: str
    length: int


ORDER_FIELDS = {
    rule.name: rule
    for rule in (
        FieldRule("code", 64),
        FieldRule("payment_status", 32),
        FieldRule("payment_method", 32),
        FieldRule("source", 32),
        FieldRule("brand", 128),
        FieldRule("customer_remote_id", 255),
        FieldRule("customer_name", 500),
        FieldRule("phone", 64),
        FieldRule("phone_digits", 32),
        FieldRule("address", 2_000),
        FieldRule("street", 500),
        FieldRule("home", 64),
        FieldRule("apt", 64),
        FieldRule("entrance", 64),
        FieldRule("level", 64),
        FieldRule("city", 200),
        FieldRule("comment", 10_000),
        FieldRule("change_from", 32),
        FieldRule("due_text", 64),
        FieldRule("addressline", 500),
        FieldRule("district", 100),
        FieldRule("country", 200),
        FieldRule("email", 320),
        FieldRule("account_name", 500),
        FieldRule("account_email", 320),
        FieldRule("cart_id", 64),
    )
}
LINE_FIELDS = {
    rule.name: rule
    for rule in (
        FieldRule("internal_id", 128),
        FieldRule("title", 500),
        FieldRule("promo_id", 64),
        FieldRule("promo_title", 500),
        FieldRule("promo_code_id", 64),
        FieldRule("promo_code", 128),
        FieldRule("product", 500),
        FieldRule("description", 500),
        FieldRule("price_unit", 32),
    )
}


def width(name: str) -> int:
    """Return how many characters this text of an order may have."""
    return ORDER_FIELDS[name].length


def line_width(name: str) -> int:
    """Return how many characters this text of an order's line may have."""
    return LINE_FIELDS[name].length
