"""Email addresses are judged as the shop's framework judges them; telephone numbers are only wondered at."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from hypothesis import example, given
from hypothesis import strategies as st

from posapp.domain.contact import is_email, phone_warning

USERS = st.text("aZ09.-_+!'\"\\ @\u00e9", max_size=12) | st.just("x" * 310)
DOMAINS = st.text("aZ0.-_[]: \u00fc", max_size=16) | st.sampled_from(
    [
        "localhost", "LOCALHOST", "example.com", "example.com.", "xn--80a.xn--p1ai", "пример.рф",
        "[127.0.0.1]", "[256.0.0.1]", "[::1]", "[IPv6:::1]", "[1:2]", "a" * 63 + ".np", "a" * 64 + ".np",
        "-a.np", "a-.np", "a..np", "a.n", "a.123", "a.n-", "a.-np", "a.np-x",
    ]
)  # fmt: skip


def django_takes(text: str) -> bool:
    try:
        EmailValidator()(text)
    except ValidationError:
        return False
    return True


@given(
    st.builds("{}@{}".format, USERS, DOMAINS) | st.text(st.characters(exclude_categories=["Cc"]), max_size=20)
)
@example('"a b"@example.com')
@example('"a\\ b"@example.com')
@example('"a\\"b"@example.com')
@example("a@b@example.com")
@example("")
def test_an_address_is_what_the_framework_of_the_shop_takes(text: str) -> None:
    assert is_email(text) == django_takes(text)


@given(st.emails())
def test_addresses_of_the_standard_are_judged_alike(text: str) -> None:
    assert is_email(text) == django_takes(text)


@pytest.mark.parametrize(
    "text", ["sunita.s@example.com", "test@user.com", "a+b@пример.рф", "x@[::1]", "root@localhost"]
)
def test_addresses(text: str) -> None:
    assert is_email(text)


@pytest.mark.parametrize(
    "text", ["", "x", "x@", "@x.com", "x@y", "x y@z.com", "х@example.com", "x@example.com\n", "a@b.c"]
)
def test_no_addresses(text: str) -> None:
    assert not is_email(text)


SHORT, LONG = "Phone is too short — 10 digits after +{}.", "Phone is too long — 10 digits after +{}."


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("", ""),
        ("987654321", ""),
        ("9841234567", ""),
        ("+977 984 1234567", ""),
        ("+977-984-1234567", ""),
        ("977 984 1234567", ""),
        ("00977 984 1234567", ""),
        ("+977 984 12 555", SHORT.format(977)),
        ("97798412345", SHORT.format(977)),
        ("+977 984 1234 5678", LONG.format(977)),
        ("77012341806", ""),
        ("87012341806", ""),
        ("+7 (701) 234-18-06", ""),
        ("+7 701 234 18 0", SHORT.format(7)),
        ("+7 701 234 18 067", LONG.format(7)),
        ("+44 20 7946 0958", ""),
        ("+44 20", "Phone is strange — a number with + has 7 to 15 digits."),
        ("112", "Phone is very short — check it."),
        ("1234567890123456", "Phone is very long — check it."),
        ("call me", "Phone has signs that a number does not have — check it."),
        ("+٩٧٧ 9841234567", "Phone has signs that a number does not have — check it."),
    ],
)
def test_what_is_strange_about_a_phone(text: str, warning: str) -> None:
    assert phone_warning(text) == warning
