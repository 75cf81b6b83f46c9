"""Text from strangers made harmless, and the digits of telephone numbers."""

from __future__ import annotations

import re
import unicodedata

# Characters that reorder, hide or control text on screen and on paper (bidi marks, overrides, isolates).
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u200b\u2060\ufeff")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_DIGITS = re.compile(r"[^0-9]")


def _harmless(char: str) -> bool:
    if char in _BIDI or char in _INVISIBLE:
        return False
    return unicodedata.category(char) not in {"Cc", "Cs", "Co", "Cn"}


class _Harmless(dict[int, int | None]):
    """A table for `str.translate`, learned as characters come up; the rare ones are looked at each time."""

    def __missing__(self, code: int) -> int | None:
        kept = code if code == _NEW_LINE or _harmless(chr(code)) else None
        if code < _COMMON:
            self[code] = kept
        return kept


_NEW_LINE, _COMMON = ord("\n"), 0x3000
_TABLE = _Harmless()


def clean_text(text: str) -> str:
    """Drop control characters, lone surrogates and bidi overrides; keep line breaks."""
    if text.isprintable():  # then it holds none of them, in any alphabet
        return text
    unified = _BREAKS.sub("\n", text).replace("\t", " ")
    return unified.translate(_TABLE)


def clean_line(text: str) -> str:
    """Return `text` on one line, cleaned, with runs of white space folded."""
    return " ".join(clean_text(text).split())


def digits_of(text: str) -> str:
    """Return the ASCII digits of a telephone number or of what somebody typed."""
    if text.isascii() and text.isdigit():
        return text
    return _DIGITS.sub("", text)


def pretty_phone(text: str) -> str:
    """Write a telephone number in groups: "77012341806" → "+7 701 234 18 06"."""
    digits = digits_of(text)
    if len(digits) == 11 and digits[0] in "78":
        return f"+7 {digits[1:4]} {digits[4:7]} {digits[7:9]} {digits[9:]}"
    if len(digits) == 13 and digits.startswith("977"):
        return f"+977 {digits[3:6]} {digits[6:]}"
    return clean_line(text)
