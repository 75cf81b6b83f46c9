"""The seed's table of the staff API, line by line, and what follows from each line for a person's edit."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from posapp.domain.districts import DISTRICTS
from posapp.domain.rules import Checked, check_values, editable_names, rules_of
from tests.unit.domain.judging import ZONE, assert_refused, edit

# The parameters of "Update Order by ID", as its documentation has them.
SEED = """
final_cost `(read only)` | number
payment_status `(Enum:[0,1])` | integer
payment_method `(Enum:[0])` | string
order_status `( Enum:[0,1,2,3,4])` | integer
delivery_status `(Enum:[0,1,2])`| integer
code `(read only)`| string
name `(required and maxlength:100)`| string
addressline `( optional and [1 .. 100] characters)` | string
street `(required and [1 .. 250] characters)` | string
city `(required and [1..50] characters)` | string
district `(required and Enum)`| string
phone `(maxlength:20)`| string
email `(required and [ 1 .. 255 ] characters)` | string
country | string
order_date `(default date now)`| date-time
shipping_date `(default date now)`| date-time
delivery_date `(default date now)`| date-time
payment_date `(default date now)`| date-time
delivery_class| integer
shipping_cost| number
c_email `(maxlength:254 character)`| string
c_name `(maxlength:180 character)`| string
cart `(required)`| integer
"""
# What a sentence about them may say instead, as no edit of fields changes them.
ELSEWHERE = {"order_status": "posapp orders move", "delivery_status": "posapp orders move", "cart": "lines"}
NOT_OURS = {"order_date"}  # writable at the shop, but an order's date stays as it is
EMAILS = {"email", "c_email"}
NOTHING = ("", "  ", "\n\t", "\u200b\u202e", "\x00", "\xad\u200d")
JUNK = {
    "integer": ("x", "1.0", "1e0", "0x1", "١", "true", "--1", "0 0", "None"),
    "number": ("x", "1e3", "NaN", "Infinity", "12,5,0", "1.2.3", "1 2", "٣", "5 Rs", "-1", "-0.01", "1,23,4"),
    "date-time": (
        "x",
        "now",
        "2026-02-30",
        "2026-03-05T25:00",
        "14:30",
        "1772700000",
        "1970-01-01",
        "2100-01-02",
    ),
}
GOOD = {
    "integer": {"0": "0"},
    "number": {
        "0": "0",
        "0.00": "0",
        "-0": "0",
        "00012.50": "12.5",
        "1,250.5": "1250.5",
        "3 465": "3465",
        "12,50": "12.5",
    },
    "date-time": {
        "2026-03-05 14:30": "2026-03-05T08:45:00Z",
        "2026-03-05T14:30+05:45": "2026-03-05T08:45:00Z",
        "2020-09-05T15:33:14.770166+02:00": "2020-09-05T13:33:14.770166Z",
        "2020-09-05T15:33:14.000000+02:00": "2020-09-05T13:33:14Z",
        "2026-03-05": "2026-03-04T18:15:00Z",
        "14:30 05:03:26": "2026-03-05T08:45:00Z",
    },
}


@dataclass(frozen=True)
class Line:
    """One line of the table, understood."""

    name: str
    kind: str
    read_only: bool
    required: bool
    least: int
    most: int
    values: tuple[int, ...]


def read_line(line: str) -> Line:
    """Understand the table's words for bounds."""
    name, words, kind = re.fullmatch(r"(\w+)\s*(?:`\((.*)\)`)?\s*\|\s*(\S+)", line).groups(default="")  # type: ignore[union-attr]
    bounds = re.search(r"\[\s*(\d+)\s*\.\.\s*(\d+)\s*\]", words)
    most = re.search(r"maxlength:(\d+)", words)
    enum = re.search(r"Enum:\[([\d,]+)\]", words)
    return Line(
        name,
        kind,
        "read only" in words,
        "required" in words,
        int(bounds[1]) if bounds else 0,
        int(bounds[2]) if bounds else int(most[1]) if most else 0,
        tuple(int(value) for value in enum[1].split(",")) if enum else (),
    )


LINES = [read_line(line) for line in SEED.strip().splitlines()]
EDITABLE = [line for line in LINES if not line.read_only and line.name not in {*ELSEWHERE, *NOT_OURS}]
BOUNDED = [line for line in EDITABLE if line.most]
by_name = pytest.mark.parametrize("line", EDITABLE, ids=lambda line: line.name)


def of_length(name: str, count: int) -> str:
    ending = "@example.com" if name in EMAILS else ""
    return "ы" * count if not ending else "a" * (count - len(ending)) + ending


def test_every_line_of_the_table_has_its_rule_or_its_sentence() -> None:
    named = {line.name for line in LINES}

    assert len(LINES) == 23
    assert named - set(rules_of("staff")) == set(ELSEWHERE)
    assert {line.name for line in EDITABLE} == set(editable_names("staff"))
    assert set(rules_of("staff")) - named == {"id"}


@pytest.mark.parametrize("line", BOUNDED, ids=lambda line: line.name)
def test_a_text_may_be_as_long_as_the_table_says_and_no_longer(line: Line) -> None:
    longest = of_length(line.name, line.most)

    assert len(longest) == line.most
    assert edit(line.name, longest).values == {line.name: longest}
    assert edit(line.name, f"  {longest}\u200b ").values == {line.name: longest}
    sentence = assert_refused(edit(line.name, of_length(line.name, line.most + 1)), line.name)
    assert f"{line.most + 1} characters, {line.most} fit" in sentence


@pytest.mark.parametrize(
    "line", [line for line in BOUNDED if line.name not in EMAILS], ids=lambda line: line.name
)
def test_one_character_is_enough(line: Line) -> None:
    assert edit(line.name, "ы").values == {line.name: "ы"}


@pytest.mark.parametrize("text", NOTHING, ids=ascii)
@by_name
def test_a_field_that_needs_something_cannot_be_emptied(line: Line, text: str) -> None:
    checked = edit(line.name, text)
    enumerated = bool(line.values) or line.name == "delivery_class"

    if line.required or line.least or enumerated or line.kind == "number":
        assert_refused(checked, line.name)
    else:
        assert checked == Checked({line.name: ""})


@pytest.mark.parametrize("line", [line for line in LINES if line.required], ids=lambda line: line.name)
def test_what_the_table_requires_is_missed_in_a_whole_order_only(line: Line) -> None:
    full = {
        "name": "Sita",
        "street": "25",
        "city": "Kathmandu",
        "district": "Baglung",
        "email": "s@example.com",
    }
    rest = {name: value for name, value in full.items() if name != line.name}
    missed = {line.name} & set(rules_of("staff"))  # the cart is no field

    assert check_values("staff", {}, ZONE, before=rest).errors == {}
    assert set(check_values("staff", {}, ZONE, before=rest, whole=True).errors) == missed
    assert set(check_values("staff", rest, ZONE, whole=True).errors) == missed
    assert check_values("staff", rest, ZONE, before=full, whole=True).errors == {}


ENUMS = [(line.name, line.values) for line in EDITABLE if line.values]


@pytest.mark.parametrize(("name", "values"), [*ENUMS, ("delivery_class", (0, 1, 2))])
def test_an_enum_takes_its_values_and_none_beside_them(name: str, values: tuple[int, ...]) -> None:
    for value in values:
        assert edit(name, f" {value}").values == {name: str(value)}
    for value in (min(values) - 1, max(values) + 1, 10, 99):
        sentence = assert_refused(edit(name, str(value)), name)
        assert f"“{value}”" in sentence
        assert f"{values[0]} (" in sentence


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("payment_status", "paid", "1"),
        ("payment_status", "Unpaid", "0"),
        ("payment_status", "Not paid", "0"),
        ("payment_method", "cash", "0"),
        ("delivery_class", "class b", "1"),
    ],
)
def test_an_enum_understands_its_words(name: str, text: str, value: str) -> None:
    assert edit(name, text).values == {name: value}


@pytest.mark.parametrize("name", DISTRICTS)
def test_every_district_is_taken_whatever_its_case(name: str) -> None:
    assert edit("district", f" {name.upper()} ").values == {"district": name}


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("Katmandu", "Did you mean Kathmandu?"),
        ("Rukum", "Did you mean Eastern Rukum or Western Rukum?"),
        ("pal", "Did you mean Palpa, Kavrepalanchok or Sindhupalchok?"),
        ("Baglun", "Did you mean Baglung?"),
        ("Алматы", "Use one of the 77 districts, such as Kathmandu."),
        ("x" * 5_000, "Use one of the 77 districts, such as Kathmandu."),
    ],
)
def test_a_district_that_there_is_not_names_those_near_it(text: str, end: str) -> None:
    sentence = assert_refused(edit("district", text), "district")

    assert sentence.startswith("There is no district “")
    assert sentence.endswith(end)
    assert len(sentence) < 150


@by_name
def test_a_value_of_another_type_is_refused(line: Line) -> None:
    for text in JUNK.get(line.kind, ()):
        assert_refused(edit(line.name, text), line.name)


@by_name
def test_a_value_of_its_type_is_taken(line: Line) -> None:
    for text, value in GOOD.get(line.kind, {}).items():
        assert edit(line.name, text).values == {line.name: value}


@pytest.mark.parametrize("name", sorted(EMAILS))
@pytest.mark.parametrize(
    "text", ["x", "a@b", "@example.com", "a b@example.com", "a@example.com, b@example.com"]
)
def test_an_email_address_is_one(name: str, text: str) -> None:
    assert assert_refused(edit(name, text), name).endswith("Write it like name@example.com.")


@pytest.mark.parametrize(
    ("text", "value"),
    [("999999.99", "999999.99"), ("1000000", "1000000"), ("1000000.01", ""), ("0.001", ""), ("5.10", "5.1")],
)
def test_a_shipping_cost_has_two_decimals_and_a_bound(text: str, value: str) -> None:
    assert edit("shipping_cost", text).values.get("shipping_cost", "") == value
