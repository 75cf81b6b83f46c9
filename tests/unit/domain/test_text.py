"""Text from strangers: nothing that hides, reorders or controls comes through, and everything else does."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.text import clean_line, clean_text, digits_of, pretty_phone

CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) != "\n"]
BIDI = list("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@pytest.mark.parametrize(
    "char",
    [*CONTROLS, *BIDI, "\u200b", "\u2060", "\ufeff", "\ud800", chr(0xDFFF), "\ue000", "\U0010ffff"],
    ids=ascii,
)
def test_a_character_that_controls_or_hides_is_taken_out(char: str) -> None:
    assert char not in clean_text(f"a{char}b")
    assert clean_line(f"a{char}b").isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "Do not call me!!!",
        "Қымбат Өтегенқызы, «Әл-Фараби» № 54А",
        "क्\u200dष नेपाल",
        "家 🥜 👩\u200d🍳 🇰🇿 é e\u0301",
        "عربي שלום",
        "<b>NO ONIONS</b> & =1+1",
        "line one\nline two",
        "12\u00a0600 ₸",
    ],
)
def test_what_people_write_comes_through_unchanged(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_break_is_one_line_break(line_break: str) -> None:
    assert clean_text(f"a{line_break}b") == "a\nb"
    assert clean_line(f"a{line_break}b") == "a b"


def test_a_line_has_single_spaces_and_none_around_it() -> None:
    assert clean_line("  a \t b\n\n c\u00a0\u2003d  ") == "a b c d"


@given(st.text(st.characters(), max_size=60))
def test_cleaned_text_is_encodable_stable_and_harmless(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode()
    assert clean_text(cleaned) == cleaned
    assert not {unicodedata.category(char) for char in cleaned.replace("\n", "")} & {"Cc", "Cs", "Co", "Cn"}
    line = clean_line(text)
    assert "\n" not in line
    assert line == line.strip()
    assert clean_line(line) == line


@pytest.mark.parametrize(
    ("text", "digits"),
    [("+7 (701) 234-18-06", "77012341806"), ("", ""), ("no digits", ""), ("٧ and ७", ""), ("18 06", "1806")],
)
def test_only_ascii_digits_count(text: str, digits: str) -> None:
    assert digits_of(text) == digits


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("77012341806", "+7 701 234 18 06"),
        ("87012341806", "+7 701 234 18 06"),
        ("+7 (701) 234-18-06", "+7 701 234 18 06"),
        ("9779841234567", "+977 984 1234567"),
        ("112", "112"),
        ("call\u202e me\n", "call me"),
        ("", ""),
    ],
)
def test_phones_are_grouped_for_the_eye(phone: str, shown: str) -> None:
    assert pretty_phone(phone) == shown
