"""Texts are made harmless by quick ways that give what the plain rule gives."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from posapp.domain.text import clean_line, clean_text
from posapp.remote.values import line_of

_HIDDEN = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff"
TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from(f" \t\r\n\x0b\x85\u2028\xa0\u3000ab\U000f0000\ud800{_HIDDEN}"))
)


def plainly(text: str) -> str:
    """Follow the rule word by word."""
    for line_break in ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"):
        text = text.replace(line_break, "\n")
    kept = (
        char
        for char in text.replace("\t", " ")
        if char == "\n"
        or (char not in _HIDDEN and unicodedata.category(char) not in {"Cc", "Cs", "Co", "Cn"})
    )
    return "".join(kept)


@given(TEXTS)
@example("a\u202eb\r\nc\u3000\U000f0000")
def test_the_table_keeps_what_the_rule_keeps(text: str) -> None:
    assert clean_text(text) == plainly(text)
    assert clean_text(text) == plainly(text)  # what the table has learned is the same


@given(TEXTS, st.integers(1, 12))
@example(" a", 5)
@example("a ", 5)
@example("a  b", 5)
@example(" ", 5)
def test_a_line_is_cut_and_cleaned_the_same_on_the_quick_way(text: str, limit: int) -> None:
    assert line_of(text, limit) == clean_line(text.strip()[: 4 * limit])[:limit].rstrip()


def test_what_is_no_text_is_written_as_one() -> None:
    assert [line_of(value, 9) for value in (None, "", 0, 17)] == ["", "", "0", "17"]
