"""Canonical texts: one for each meaning, stable, and the same after a way through the database."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from peewee import CharField, Field, IntegerField, TextField

from posapp.domain.due import EARLIEST, LATEST
from posapp.domain.fields import width
from posapp.domain.received import RemoteOrder
from posapp.domain.rules import (
    FieldError,
    FieldKind,
    FieldRule,
    address_of,
    canonical,
    from_column,
    rules_of,
    to_column,
)
from posapp.domain.text import clean_line
from posapp.remote.api import FormatSettings, Reply
from posapp.remote.staff import StaffFormat
from posapp.storage.fields import MoneyField, UtcField
from posapp.storage.models import Order
from tests.support.drf_shop import staff_order
from tests.unit.remote.samples import order, read_rows

ZONES = [ZoneInfo(name) for name in ("Asia/Kathmandu", "Asia/Almaty", "Europe/Berlin", "UTC")]
RULES = [(form, rule) for form in ("staff", "internal") for rule in rules_of(form).values()]
every_rule = pytest.mark.parametrize(
    "rule", [rule for _, rule in RULES], ids=[f"{form}-{rule.name}" for form, rule in RULES]
)

any_text = st.text(st.characters(), max_size=30)
instants = st.datetimes(
    EARLIEST.replace(tzinfo=None),
    LATEST.replace(tzinfo=None) - timedelta(microseconds=1),
    timezones=st.just(UTC),
)
amounts = st.decimals(0, 10**12 - 1, places=6, allow_nan=False, allow_infinity=False)
written_amounts = amounts.map(lambda amount: f"{amount:f}") | st.decimals(0, 10_000, places=2).map(
    lambda it: f"{it:,f}"
)
likely = {
    FieldKind.EMAIL: st.emails(),
    FieldKind.PHONE: st.from_regex(r"\+?[0-9 ()-]{3,20}", fullmatch=True),
    FieldKind.AMOUNT: written_amounts,
    FieldKind.INSTANT: instants.map(str) | instants.map(lambda it: it.strftime("%H:%M %d:%m:%y")),
}


def typed(rule: FieldRule) -> st.SearchStrategy[str]:
    """Return what people type, sensible and not."""
    words = [*rule.choices, *rule.choice_labels, *rule.stored]
    sensible = st.sampled_from(words) if words else likely.get(rule.kind, any_text)
    return any_text | sensible | sensible.map(lambda text: f" {text.upper()}\u200b ")


def held(rule: FieldRule) -> st.SearchStrategy[object]:
    """Return what a column may hold, valid or as a shop sent it."""
    match rule.kind:
        case FieldKind.INSTANT:
            return st.none() | instants
        case FieldKind.INTEGER:
            return st.none() | st.integers(-5, 99)
        case FieldKind.AMOUNT:
            return any_text | amounts | amounts.map(str)
    return any_text | st.sampled_from([*rule.choices, *rule.stored, "", "7"])


@every_rule
@given(data=st.data())
def test_a_canonical_text_is_canonical_whatever_was_typed(rule: FieldRule, data: st.DataObject) -> None:
    text, zone, other = data.draw(typed(rule)), *data.draw(st.permutations(ZONES))[:2]
    try:
        value = canonical(rule, text, zone)
    except FieldError as error:
        sentence = str(error)
        event("refused")
    else:
        sentence = "Taken."
        assert_stable(rule, value, other)

    assert clean_line(sentence) == sentence
    assert sentence[-1] in ".?"


def assert_stable(rule: FieldRule, value: str, other: ZoneInfo) -> None:
    assert canonical(rule, value, other) == value
    assert from_column(rule, to_column(rule, value)) == value
    assert json.loads(json.dumps(value).encode()) == value
    assert not rule.length or len(value) <= rule.length


@every_rule
@given(data=st.data())
def test_what_a_column_holds_reads_the_same_after_it_was_written_again(
    rule: FieldRule, data: st.DataObject
) -> None:
    value = from_column(rule, data.draw(held(rule)))

    assert from_column(rule, to_column(rule, value)) == value


@given(amounts, st.integers(0, 12))
def test_an_amount_has_one_text(amount: Decimal, zeros: int) -> None:
    rule = rules_of("staff")["shipping_cost"]
    text = from_column(rule, amount)
    longer = f"{amount:f}" + "0" * min(zeros, 6 - len(f"{amount:f}".partition(".")[2]))

    assert Decimal(text) == amount
    assert from_column(rule, longer) == text
    assert "E" not in text
    assert "." not in text or text[-1] in "123456789"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("0E+2"), "0"), (Decimal("1E+3"), "1000"), (Decimal("-0.0"), "0"), ("12.50", "12.5"),
        ("100", "100"), ("0012", "12"), ("5 тысяч", "5 тысяч"), ("-12.50", "-12.5"), (None, ""), ("", ""),
    ],
)  # fmt: skip
def test_amounts_of_columns(value: object, text: str) -> None:
    assert from_column(rules_of("internal")["change"], value) == text


@given(instants, st.sampled_from(ZONES))
def test_an_instant_has_one_text(moment: datetime, zone: ZoneInfo) -> None:
    rule = rules_of("staff")["delivery_date"]
    text = from_column(rule, moment)

    assert text.endswith("Z")
    assert "+" not in text
    assert from_column(rule, moment.astimezone(zone)) == text
    assert canonical(rule, moment.astimezone(zone).isoformat(), ZONES[0]) == text
    assert canonical(
        rule, moment.astimezone(zone).replace(tzinfo=None, fold=0).isoformat(), ZoneInfo("UTC")
    ).endswith("Z")
    assert to_column(rule, text) == moment


def test_microseconds_stand_in_an_instant_only_when_there_are_some() -> None:
    rule = rules_of("internal")["due_at"]

    assert from_column(rule, datetime(2026, 3, 5, 8, 45, tzinfo=UTC)) == "2026-03-05T08:45:00Z"
    assert (
        from_column(rule, datetime(2026, 3, 5, 8, 45, 0, 5000, tzinfo=UTC)) == "2026-03-05T08:45:00.005000Z"
    )


@pytest.mark.parametrize(
    ("name", "held", "text"),
    [
        ("payment_status", "paid", "1"),
        ("payment_status", "unpaid", "0"),
        ("payment_status", "7", "7"),
        ("payment_method", "cash", "0"),
        ("delivery_class", 2, "2"),
        ("delivery_class", None, ""),
    ],
)
def test_numbers_of_the_staff_api_and_what_the_columns_hold(name: str, held: object, text: str) -> None:
    rule = rules_of("staff")[name]

    assert from_column(rule, held) == text
    assert to_column(rule, text) == held


@every_rule
def test_every_field_has_a_column_that_is_wide_enough(rule: FieldRule) -> None:
    column: Field = Order._meta.fields[rule.column]
    kinds = {FieldKind.INSTANT: UtcField, FieldKind.INTEGER: IntegerField}

    assert rule.column in RemoteOrder.__struct_fields__
    assert isinstance(column, kinds.get(rule.kind, (CharField, TextField)))
    assert column.null or rule.kind not in kinds or rule.read_only
    if isinstance(column, CharField):
        longest = max((*map(len, rule.stored or rule.choices), len(f"{rule.maximum or 0}.00"), rule.length))
        assert longest <= column.max_length
    if isinstance(column, MoneyField):
        assert rule.kind is FieldKind.AMOUNT


@pytest.mark.parametrize("form", ["staff", "internal", ""])
def test_no_two_fields_share_a_column_or_a_label(form: str) -> None:
    rules = rules_of(form).values()

    assert [rule.name for rule in rules] == list(rules_of(form))
    assert len({rule.column for rule in rules}) == len({rule.label for rule in rules}) == len(rules)
    assert all(len(rule.choice_labels) in {0, len(rule.choices)} for rule in rules)
    assert all(len(rule.stored) in {0, len(rule.choices)} for rule in rules)


def values_of(form: str, received: RemoteOrder) -> dict[str, str]:
    return {name: from_column(rule, getattr(received, rule.column)) for name, rule in rules_of(form).items()}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"addressline": ""},
        {"city": None, "district": ""},
        {"city": "Lalitpur", "district": "Lalitpur"},
        {"street": None, "addressline": "", "city": "", "district": None},
        {"street": "ы" * 900, "addressline": " x\u202e\n y "},
    ],
)
def test_the_address_of_the_staff_format_is_the_one_of_intake(changes: dict[str, object]) -> None:
    settings = FormatSettings("NPR", ZONES[0], "https://shop.example")
    sent = staff_order(12, **changes)
    received = StaffFormat().read_order(Reply(200, {}, json.dumps(sent).encode()), settings, "12").order
    assert received is not None
    rules = rules_of("staff")
    parts = {
        name: from_column(rules[name], sent[name]) for name in ("street", "addressline", "city", "district")
    }

    assert address_of("staff", parts) == received.address


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {
            "delivery.address": "Алматы, улица Досмухамедова, 54А, кв/оф 23",
            "delivery.address_street": "улица Досмухамедова",
            "delivery.address_home": "54А",
            "delivery.address_apt": "23",
        },
        {
            "delivery.address": "",
            "delivery.address_street": "",
            "delivery.address_city": "",
            "delivery.address_home": "",
            "delivery.address_apt": "",
        },
    ],
)
def test_the_address_of_the_internal_format_reads_as_the_shop_writes_it(changes: dict[str, object]) -> None:
    (received,) = read_rows(order(**changes)).orders

    assert address_of("internal", values_of("internal", received)) == received.address


def test_the_address_of_a_counter_order_leaves_out_what_is_empty_and_fits_its_column() -> None:
    assert address_of("", {"street": "Thamel Marg", "home": "27", "apt": "4B"}) == "Thamel Marg, 27, apt. 4B"
    assert address_of("", {"street": "Thamel Marg", "apt": " "}) == "Thamel Marg"
    assert address_of("", {"name": "Sita"}) == ""
    long = {name: name * 200 for name in ("street", "addressline", "city", "district")}
    assert len(address_of("staff", long)) <= width("address")


def test_a_city_and_its_district_of_the_same_name_are_named_once() -> None:
    parts = {"street": "Patan Dhoka 7", "city": "Lalitpur", "district": "Lalitpur"}
    assert address_of("staff", parts) == "Patan Dhoka 7, Lalitpur"
