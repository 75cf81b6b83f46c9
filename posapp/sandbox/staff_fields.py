"""What the shop of the staff API takes into its fields, and its refusals in the words of its framework."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from urllib.parse import urlsplit

from posapp.domain.contact import is_email
from posapp.domain.districts import DISTRICTS
from posapp.domain.rule_table import STAFF, FieldKind, FieldRule, rules_of
from posapp.sandbox.orders import Json
from posapp.sandbox.staff_menu import BRAND, BY_PATH, SERVED
from posapp.sandbox.staff_orders import CartLine, moment

REQUIRED = "This field is required."
NOT_NULL = "This field may not be null."
NOT_BLANK = "This field may not be blank."
NOT_SERVED = f"District is not served by {BRAND}."
BAD_TIME = (
    "Datetime has wrong format. Use one of these formats instead: "
    "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."
)
_MOST_QUANTITY = 1000
_NAME_LENGTH = 180


class FieldRefusalError(ValueError):
    """A value that a field does not take, with the sentence for it."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The values to store, and what is wrong with others: a list of sentences by field."""

    values: Json = field(default_factory=dict)
    errors: Json = field(default_factory=dict)


def check_order(body: Mapping[str, object], *, whole: bool, cart: int) -> Checked:
    """Check the fields of an update; `whole`: the required ones have to be there, as a PUT wants it."""
    checked = Checked()
    for name, read in _READERS.items():
        if name in body:
            try:
                checked.values[name] = read(body[name])
            except FieldRefusalError as problem:
                checked.errors[name] = [str(problem)]
    if whole:
        rules = rules_of(STAFF).items()
        missing = [name for name, rule in rules if rule.required and name not in body]
        checked.errors.update({name: [REQUIRED] for name in missing})
    if "cart" in body:
        if body["cart"] != cart:
            checked.errors["cart"] = [f'Invalid pk "{body["cart"]}" - object does not exist.']
    elif whole:
        checked.errors["cart"] = [REQUIRED]
    return checked


def check_cart(body: object) -> tuple[tuple[CartLine, ...], Json]:
    """Return the lines of a cart, and what is wrong with it."""
    rows = body.get("products") if isinstance(body, dict) else body
    if rows is None:
        return (), {"products": [REQUIRED]}
    if not isinstance(rows, list):
        return (), {"products": [f'Expected a list of items but got type "{type(rows).__name__}".']}
    if not rows:
        return (), {"products": ["This list may not be empty."]}
    return _checked_lines(rows)


def _checked_lines(rows: Sequence[object]) -> tuple[tuple[CartLine, ...], Json]:
    lines: list[CartLine] = []
    wrong: list[Json] = []
    for number, row in enumerate(rows, 1):
        given = row if isinstance(row, dict) else {}
        problems: Json = {}
        product = None
        path = _path(given.get("product"))
        if path not in BY_PATH:
            problems["product"] = ["Invalid hyperlink - Object does not exist." if path else REQUIRED]
        else:
            product = BY_PATH[path]
        try:
            _text(given.get("p_name"), _NAME_LENGTH, may_be_blank=False)
        except FieldRefusalError as problem:
            problems["p_name"] = [str(problem)]
        quantity = 0
        try:
            quantity = _between(1, _MOST_QUANTITY, given.get("quantity"))
        except FieldRefusalError as problem:
            problems["quantity"] = [str(problem)]
        wrong.append(problems)
        if product is not None:
            lines.append(CartLine(100 + number, product, quantity))
    return tuple(lines), {"products": wrong} if any(wrong) else {}


def _path(address: object) -> str:
    try:
        return urlsplit(address).path if isinstance(address, str) else ""
    except ValueError:
        return ""


def _value(rule: FieldRule, value: object) -> object:
    match rule.kind:
        case FieldKind.AMOUNT:
            return _amount(rule, value)
        case FieldKind.INSTANT:
            return _instant(value)
        case FieldKind.INTEGER:
            return _between(int(rule.choices[0]), int(rule.choices[-1]), value)
        case FieldKind.CHOICE if rule.choices != DISTRICTS:
            return _choice(rule.choices, value)
    text = _text(value, rule.length, may_be_blank=rule.may_be_empty)
    if rule.kind is FieldKind.EMAIL and text and not is_email(text):
        raise FieldRefusalError("Enter a valid email address.")
    if rule.choices == DISTRICTS:
        if text not in DISTRICTS:
            raise FieldRefusalError(f'"{text}" is not a valid choice.')
        if text not in SERVED:
            raise FieldRefusalError(NOT_SERVED)
    return text


def _text(value: object, length: int, *, may_be_blank: bool) -> str:
    if value is None:
        raise FieldRefusalError(NOT_NULL)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise FieldRefusalError("Not a valid string.")
    text = str(value).strip()
    if not text and not may_be_blank:
        raise FieldRefusalError(NOT_BLANK)
    if length and len(text) > length:
        raise FieldRefusalError(f"Ensure this field has no more than {length} characters.")
    return text


def _choice(choices: Sequence[str], value: object) -> int:
    if value is None:
        raise FieldRefusalError(NOT_NULL)
    if isinstance(value, bool) or str(value) not in choices:
        raise FieldRefusalError(f'"{value}" is not a valid choice.')
    return int(str(value))


def _integer(value: object) -> int:
    if value is None:
        raise FieldRefusalError(NOT_NULL)
    try:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise TypeError
        return int(value)
    except (TypeError, ValueError):
        raise FieldRefusalError("A valid integer is required.") from None


def _between(least: int, most: int, value: object) -> int:
    number = _integer(value)
    if number < least:
        raise FieldRefusalError(f"Ensure this value is greater than or equal to {least}.")
    if number > most:
        raise FieldRefusalError(f"Ensure this value is less than or equal to {most}.")
    return number


def _account(value: object) -> int | None:
    return None if value is None else _integer(value)


def _amount(rule: FieldRule, value: object) -> float:
    if value is None:
        raise FieldRefusalError(NOT_NULL)
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise TypeError
        number = Decimal(str(value))
    except (TypeError, InvalidOperation):
        raise FieldRefusalError("A valid number is required.") from None
    if not number.is_finite():
        raise FieldRefusalError("A valid number is required.")
    if rule.minimum is not None and number < rule.minimum:
        raise FieldRefusalError(f"Ensure this value is greater than or equal to {rule.minimum}.")
    if rule.maximum is not None and number > rule.maximum:
        raise FieldRefusalError(f"Ensure this value is less than or equal to {rule.maximum}.")
    return float(number)


def _instant(value: object) -> str | None:
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise FieldRefusalError(BAD_TIME)
    return moment(found)


_STATUSES = {"order_status": "01234", "delivery_status": "012"}
_READERS: dict[str, Callable[[object], object]] = {
    **{name: partial(_value, rule) for name, rule in rules_of(STAFF).items() if not rule.read_only},
    **{name: partial(_choice, tuple(numbers)) for name, numbers in _STATUSES.items()},
    "order_date": _instant,
    "customer": _account,
}
