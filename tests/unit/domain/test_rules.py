"""What a person may edit: read only, unknown, unchanged and strange values, and the internal format."""

from __future__ import annotations

import pytest

from posapp.domain.rules import Checked, FieldKind, check_values, editable_names, rules_of
from tests.unit.domain.judging import ZONE, assert_refused, edit

ELSEWHERE = {
    "status": "posapp orders move",
    "order_status": "posapp orders move",
    "delivery_status": "posapp orders move",
    "cart": "lines",
}


@pytest.mark.parametrize("form", ["staff", "internal", ""])
def test_what_is_read_only_says_so_even_unchanged(form: str) -> None:
    fixed = {name for name, rule in rules_of(form).items() if rule.read_only}

    assert fixed == {"id", "code", "final_cost", "order_date"} | (
        {"payment_status"} if form != "staff" else set()
    )
    for name in fixed:
        sentence = assert_refused(check_values(form, {name: "1"}, ZONE, before={name: "1"}), name)
        assert "stays as it is" in sentence


@pytest.mark.parametrize(("name", "words"), ELSEWHERE.items())
def test_what_is_no_field_names_the_way(name: str, words: str) -> None:
    for form in ("staff", "internal", ""):
        assert words in assert_refused(check_values(form, {name: "1"}, ZONE), name)


@pytest.mark.parametrize(
    ("form", "name", "words"),
    [
        ("staff", "stret", "Did you mean street?"),
        ("staff", "customer", "edit c_name and c_email"),
        ("staff", "home", "Its fields are: name, phone, email, street"),
        ("internal", "district", "Its fields are: name, phone, street, home, apt"),
        ("internal", "customer", "Its fields are"),
        ("", "phon", "Did you mean phone?"),
        ("", "\u202e\x00" + "x" * 9_000, "Its fields are"),
    ],
)
def test_an_unknown_field_is_refused_by_its_name(form: str, name: str, words: str) -> None:
    sentence = assert_refused(check_values(form, {name: "1"}, ZONE), name)

    assert words in sentence
    assert len(sentence) < 300


def test_a_strange_phone_only_warns() -> None:
    checked = check_values("staff", {"phone": "+977 984 12 555", "name": "Sita"}, ZONE)

    assert checked.values == {"phone": "+977 984 12 555", "name": "Sita"}
    assert checked.errors == {}
    assert checked.warnings == {"phone": "Phone is too short — 10 digits after +977."}
    assert edit("phone", "+977 984 1234567").warnings == {}


BROKEN = {
    "district": "Rukum", "email": "", "name": "x" * 300, "addressline": "", "delivery_class": "",
    "payment_status": "7", "shipping_cost": "1.123456", "phone": "x" * 60, "city": "",
}  # fmt: skip


def test_what_is_not_valid_but_unchanged_does_not_stand_in_the_way() -> None:
    checked = check_values("staff", {**BROKEN, "street": "26"}, ZONE, before={**BROKEN, "street": "25"})

    assert checked.errors == {}
    assert checked.values == {**BROKEN, "street": "26"}


@pytest.mark.parametrize("name", BROKEN)
def test_the_same_values_are_refused_as_news(name: str) -> None:
    assert_refused(check_values("staff", {name: BROKEN[name]}, ZONE, before={name: "something else"}), name)


INTERNAL = {
    "name": 500, "phone": 20, "street": 500, "home": 64, "apt": 64, "entrance": 64, "level": 64, "city": 200,
    "comment": 10_000,
}  # fmt: skip


@pytest.mark.parametrize("form", ["internal", ""])
@pytest.mark.parametrize(("name", "most"), INTERNAL.items())
def test_a_text_of_the_internal_format_fits_its_column_and_may_be_empty(
    form: str, name: str, most: int
) -> None:
    assert check_values(form, {name: "ы" * most}, ZONE).values == {name: "ы" * most}
    assert check_values(form, {name: ""}, ZONE, whole=True).values == {name: ""}
    assert_refused(check_values(form, {name: "ы" * (most + 1)}, ZONE), name)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("change", "2500", "2500"),
        ("change", "2\u00a0500.50", "2500.5"),
        ("change", "", ""),
        ("change", "-1", None),
        ("change", "100000000.01", None),
        ("change", "5 тысяч", None),
        ("due_at", "14:30 05:03:26", "2026-03-05T08:45:00Z"),
        ("due_at", "", ""),
        ("due_at", "soon", None),
        ("payment_method", "card", "card"),
        ("payment_method", "CASH", "cash"),
        ("payment_method", "0", None),
        ("payment_method", "", None),
        ("comment", " one\r\ntwo\t3\x00 ", "one\ntwo 3"),
    ],
)
def test_values_of_the_internal_format(name: str, text: str, value: str | None) -> None:
    for form in ("internal", ""):
        checked = check_values(form, {name: text}, ZONE)
        if value is None:
            assert_refused(checked, name)
        else:
            assert checked == Checked({name: value})


def test_the_fields_of_the_internal_format() -> None:
    assert set(editable_names("internal")) == {*INTERNAL, "due_at", "change", "payment_method"}
    assert editable_names("") == editable_names("internal")
    assert [rule.name for rule in rules_of("internal").values() if rule.multi_line] == ["comment"]
    assert rules_of("staff")["phone"].kind is FieldKind.PHONE
