"""The editing rules of an order's fields: texts made canonical, checked, and turned into columns and back.

A canonical text is unique for its meaning: "" for nothing; texts cleaned; whole numbers and choices plain;
amounts without exponent and trailing zeros; instants in UTC with "Z". The sync engine compares them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from difflib import get_close_matches
from types import MappingProxyType
from zoneinfo import ZoneInfo

from posapp.domain.contact import is_email, phone_warning
from posapp.domain.districts import DISTRICTS, district_named, find_districts
from posapp.domain.due import parse_due
from posapp.domain.fields import width
from posapp.domain.money import parse_amount, plain_amount, typed_amount
from posapp.domain.rule_table import (
    COUNTER,
    INTERNAL,
    STAFF,
    FieldKind,
    FieldRule,
    editable_names,
    rules_of,
)
from posapp.domain.text import clean_line, clean_text

__all__ = ["FieldKind", "FieldRule", "editable_names", "rules_of"]  # beside what is defined here

_NOTHING: Mapping[str, str] = MappingProxyType({})
_TIME_ALONE = re.compile(r"\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\s*\Z")
_DECIMALS = 2
_SHOWN = 40
_ADDRESS_PARTS = {
    STAFF: ("street", "addressline", "city", "district"),
    INTERNAL: ("city", "street", "home", "apt"),
    COUNTER: ("city", "street", "home", "apt"),
}
_APT = {INTERNAL: "кв/оф {}", COUNTER: "apt. {}"}  # as the shop itself writes it
# What is no field, and what to do instead.
_ELSEWHERE = {
    **dict.fromkeys(
        ("status", "order_status", "delivery_status"),
        "The status of an order is not edited: use `posapp orders move ORDER STATUS`.",
    ),
    "cart": "The lines of an order are edited one by one: name a part such as line.1.quantity.",
    "customer": "The account that ordered is not changed here: edit c_name and c_email, or use the shop.",
}


class FieldError(ValueError):
    """A text that a field does not take: a sentence for people that says what to do."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking texts: canonical values, and sentences about what is wrong or only strange."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)


def check_values(
    format: str,  # noqa: A002 - the word for it everywhere
    values: Mapping[str, str],
    zone: ZoneInfo,
    *,
    before: Mapping[str, str] = _NOTHING,
    whole: bool = False,
) -> Checked:
    """Check the given texts; `before` has the order's canonical values, an unchanged one is not judged.

    `whole`: required fields that are neither given nor filled in before are errors too.
    """
    checked = Checked()
    rules = rules_of(format)
    for name, text in values.items():
        if name not in rules:
            checked.errors[name] = _no_field(name, format)
            continue
        _check_one(checked, rules[name], text, zone, before.get(name))
    if whole:
        for name, rule in rules.items():
            if rule.required and not checked.values.get(name, before.get(name)):
                checked.errors.setdefault(name, _missing(rule))
    return checked


def _check_one(checked: Checked, rule: FieldRule, text: str, zone: ZoneInfo, before: str | None) -> None:
    if rule.read_only:
        checked.errors[rule.name] = rule.refusal
        return
    try:
        value = text if text == before else canonical(rule, text, zone)
    except FieldError as error:
        if _cleaned(rule, text) != before:
            checked.errors[rule.name] = str(error)
            return
        value = before
    checked.values[rule.name] = value
    if rule.kind is FieldKind.PHONE and (warning := phone_warning(value)):
        checked.warnings[rule.name] = warning


def canonical(rule: FieldRule, text: str, zone: ZoneInfo) -> str:
    """Return what a person wrote as canonical text; raise FieldError with a sentence.

    A time without an offset is on the clock of `zone`.
    """
    value = _cleaned(rule, text)
    if not value:
        if rule.may_be_empty:
            return ""
        raise FieldError(_missing(rule))
    if rule.length and len(value) > rule.length:
        raise FieldError(
            f"{rule.label} is too long — {len(value)} characters, {rule.length} fit. Shorten it."
        )
    match rule.kind:
        case FieldKind.EMAIL:
            if not is_email(value):
                raise FieldError(
                    f"“{_short(value)}” is not an email address. Write it like name@example.com."
                )
        case FieldKind.CHOICE | FieldKind.INTEGER:
            return _choice(rule, value)
        case FieldKind.AMOUNT:
            return _amount(rule, value)
        case FieldKind.INSTANT:
            return _instant(rule, value, zone)
    return value


def _cleaned(rule: FieldRule, text: str) -> str:
    cleaned = clean_text(text).strip() if rule.multi_line else clean_line(text)
    # What remains may be joiners and soft hyphens alone.
    return cleaned if any(char.isprintable() for char in cleaned) else ""


def _short(value: str) -> str:
    return value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"


def _choice(rule: FieldRule, value: str) -> str:
    if rule.choices == DISTRICTS:
        district = district_named(value)
        if district is None:
            raise FieldError(_no_district(value))
        return district
    key = value.casefold()
    for words in (rule.choices, rule.stored, rule.choice_labels):
        for choice, word in zip(rule.choices, words, strict=False):
            if key == word.casefold():
                return str(choice)
    raise FieldError(f"There is no {rule.label.lower()} “{_short(value)}”. Use one of: {_choices(rule)}.")


def _amount(rule: FieldRule, value: str) -> str:
    try:
        amount = typed_amount(value)
    except ValueError:
        raise FieldError(f"“{_short(value)}” is not an amount. Write it like 1250.50.") from None
    plain = plain_amount(amount)
    if len(plain.partition(".")[2]) > _DECIMALS:
        raise FieldError(f"{rule.label} has more than two decimals. Write it like 1250.50.")
    _bound(rule, amount)
    return plain


def _bound(rule: FieldRule, number: Decimal) -> None:
    if rule.minimum is not None and number < rule.minimum:
        raise FieldError(f"{rule.label} is too small. Give {plain_amount(rule.minimum)} or more.")
    if rule.maximum is not None and number > rule.maximum:
        raise FieldError(f"{rule.label} is too large. Give {plain_amount(rule.maximum)} or less.")


def _instant(rule: FieldRule, value: str, zone: ZoneInfo) -> str:
    if _TIME_ALONE.match(value):
        raise FieldError(f"{rule.label}: “{value}” needs its date too. Write it like 2026-03-05 14:30.")
    try:
        moment = parse_due(value, zone)
    except ValueError as error:
        raise FieldError(f"{rule.label}: {error}. Write it like 2026-03-05 14:30.") from None
    return "" if moment is None else _written(moment)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _missing(rule: FieldRule) -> str:
    if rule.choices and rule.choices != DISTRICTS:
        return f"{rule.label} is missing. Use one of: {_choices(rule)}."
    if rule.kind is FieldKind.TEXT and not rule.required:
        return f"{rule.label} cannot be emptied: the shop takes 1 to {rule.length} characters. Write “-”."
    return f"{rule.label} is missing. " + ("Choose one." if rule.choices else "Fill it in.")


def _choices(rule: FieldRule) -> str:
    labels = rule.choice_labels or rule.choices
    return ", ".join(f"{choice} ({label})" for choice, label in zip(rule.choices, labels, strict=True))


def _no_district(value: str) -> str:
    near = find_districts(value)[:3]
    if not near:
        return f"There is no district “{_short(value)}”. Use one of the 77 districts, such as Kathmandu."
    names = ", ".join(near[:-1]) + " or " + near[-1] if near[1:] else near[0]
    return f"There is no district “{_short(value)}”. Did you mean {names}?"


def _no_field(name: str, format: str) -> str:  # noqa: A002
    shown = _short(clean_line(name[: 4 * _SHOWN]))
    if name in _ELSEWHERE and (name != "customer" or format == STAFF):
        return _ELSEWHERE[name]
    names = editable_names(format)
    near = get_close_matches(shown, names, n=1, cutoff=0.75)
    if near:
        return f"This order has no field “{shown}”. Did you mean {near[0]}?"
    return f"This order has no field “{shown}”. Its fields are: {', '.join(names)}."


def from_column(rule: FieldRule, value: object) -> str:
    """Return a value of the database or of a remote order as canonical text; what is not valid as it is."""
    match value:
        case None:
            return ""
        case datetime():
            return _written(value)
        case Decimal():
            return plain_amount(value)
    text = _cleaned(rule, str(value))
    if rule.kind is FieldKind.AMOUNT:
        try:
            return plain_amount(parse_amount(text, negative=True))
        except ValueError:
            return text
    if text in rule.stored:
        return rule.choices[rule.stored.index(text)]
    return text


def to_column(rule: FieldRule, text: str) -> str | int | datetime | None:
    """Return a canonical text as the value of its column."""
    if rule.kind is FieldKind.INSTANT:
        return datetime.fromisoformat(text).astimezone(UTC) if text else None
    if rule.kind is FieldKind.INTEGER:
        return int(text) if text else None
    if text in rule.choices and rule.stored:
        return str(rule.stored[rule.choices.index(text)])
    return text


def address_of(format: str, values: Mapping[str, str]) -> str:  # noqa: A002
    """Return the address on one line, made of its parts as the shop makes it.

    Only for an order whose parts were edited: what a shop of the internal API sent says more than they do.
    """
    parts = []
    for name in _ADDRESS_PARTS[format]:
        text = clean_line(values.get(name, ""))[: width("street")].rstrip()
        if name == "apt" and text:
            text = _APT[format].format(text)
        if text:
            parts.append(text)
    # As a staff order reads when it comes: the district of a city often has the city's name.
    return ", ".join(dict.fromkeys(parts) if format == STAFF else parts)[: width("address")]
