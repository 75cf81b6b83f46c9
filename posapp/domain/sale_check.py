"""What a sale has to be before it becomes an order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from posapp.domain.catalogue import HIGHEST_PRICE
from posapp.domain.discount import discount_problem
from posapp.domain.due import parse_instant
from posapp.domain.errors import RefusedError
from posapp.domain.fields import line_width, width
from posapp.domain.money import round_money
from posapp.domain.sale import Sale, SaleLine
from posapp.domain.status import Kind

MOST_LINES = 200
MOST_PIECES = 9_999
LONGEST_NOTE = 1_000
LONGEST_TABLE = 64
# The name of an error's field, and the rule of the text.
_BUYER = {
    "name": "customer_name",
    "phone": "phone",
    "address": "address",
    "street": "street",
    "home": "home",
    "apt": "apt",
    "entrance": "entrance",
    "level": "level",
    "city": "city",
}


def sale_problems(sale: Sale, currency: str, now: datetime) -> dict[str, str]:
    """Return what keeps a cart from being sold, a sentence by field; empty when nothing does."""
    problems: dict[str, str] = {}
    if not sale.lines:
        problems["lines"] = "There is nothing in the cart."
    elif len(sale.lines) > MOST_LINES:
        problems["lines"] = f"At most {MOST_LINES} lines."
    for index, line in enumerate(sale.lines):
        problems |= {f"lines[{index}].{name}": text for name, text in _line_problems(line, currency).items()}
    for index, discount in enumerate(sale.discounts):
        if problem := discount_problem(discount, currency):
            problems[f"discounts[{index}]"] = problem
    problems |= _buyer_problems(sale)
    if not 0 <= sale.delivery_cost <= HIGHEST_PRICE or _is_crooked(sale.delivery_cost, currency):
        problems["delivery_cost"] = "This is not an amount."
    problems |= _due_problem(sale, now)
    return problems


def check_sale(sale: Sale, currency: str, now: datetime) -> None:
    """Raise RefusedError with its fields unless the cart may be sold."""
    problems = sale_problems(sale, currency, now)
    if problems:
        raise RefusedError("This cannot be sold.", in_words(problems), fields=problems)


def in_words(problems: Mapping[str, str]) -> str:
    """Return what is wrong as one line; several problems are told field by field beside it."""
    if len(problems) > 1:
        return f"{len(problems)} fields are not valid."
    return "".join(f"{name}: {text}" for name, text in problems.items())


def _line_problems(line: SaleLine, currency: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not line.title.strip() or len(line.title) > line_width("title"):
        problems["title"] = f"From 1 to {line_width('title')} characters."
    if len(line.internal_id) > line_width("internal_id"):
        problems["internal_id"] = f"At most {line_width('internal_id')} characters."
    if not 1 <= line.quantity <= MOST_PIECES:
        problems["quantity"] = f"A whole number from 1 to {MOST_PIECES}."
    if not 0 <= line.unit_price <= HIGHEST_PRICE or _is_crooked(line.unit_price, currency):
        problems["unit_price"] = "This is not a price."
    elif any(_is_crooked(modifier.price, currency) for modifier in line.modifiers) or line.price_of_one < 0:
        problems["modifiers"] = "With these the price is no price."
    if any(not modifier.title.strip() for modifier in line.modifiers):
        problems["modifiers"] = "Every modifier needs a title."
    if len(line.notes) > LONGEST_NOTE:
        problems["notes"] = f"At most {LONGEST_NOTE} characters."
    if not 0 <= line.tax_percent < 100:
        problems["tax_percent"] = "From 0 to below 100."
    if line.discount is not None and (problem := discount_problem(line.discount, currency)):
        problems["discount"] = problem
    return problems


def _is_crooked(amount: Decimal, currency: str) -> bool:
    return amount != round_money(amount, currency)


def _buyer_problems(sale: Sale) -> dict[str, str]:
    problems = {
        name: f"At most {width(rule)} characters."
        for name, rule in _BUYER.items()
        if len(getattr(sale.buyer, name)) > width(rule)
    }
    if sale.kind not in set(Kind):
        problems["kind"] = "Use delivery or pickup."
    elif sale.kind == Kind.DELIVERY and not (sale.buyer.address.strip() or sale.buyer.street.strip()):
        problems["address"] = "A delivery needs an address."
    if len(sale.table) > LONGEST_TABLE:
        problems["table"] = f"At most {LONGEST_TABLE} characters."
    if len(sale.comment) > width("comment"):
        problems["comment"] = f"At most {width('comment')} characters."
    return problems


def _due_problem(sale: Sale, now: datetime) -> dict[str, str]:
    if not sale.due_at:
        return {}
    try:
        due = parse_instant(sale.due_at)
    except ValueError as error:
        return {"due_at": f"{error}."}
    return {} if due > now else {"due_at": "This time has passed."}
