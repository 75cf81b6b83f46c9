"""JSON from strangers: what is taken, what is refused, and that one bad row leaves the others whole."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.remote.jsonguard import (
    MAX_ROWS,
    BadJson,
    MissingKey,
    decode_strict,
    mend_half_characters,
    split_rows,
)

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**29), 10**29)
    | st.decimals(-1000, 1000, places=3).map(float)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(documents, st.booleans())
def test_what_python_writes_is_read_back(document: object, ascii_only: bool) -> None:
    text = json.dumps(document, ensure_ascii=ascii_only)
    assert decode_strict(text.encode(errors="surrogatepass")) == json.loads(text, parse_float=Decimal)


def test_decimals_keep_their_digits() -> None:
    assert str(decode_strict("2600.10")) == "2600.10"
    assert decode_strict("[1e3, -0.5E-2]") == [Decimal("1e3"), Decimal("-0.005")]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert decode_strict(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}
    assert decode_strict("\ufeff[]") == []
    assert split_rows(b'\xef\xbb\xbf{"orders": [1]}', "orders") == [b"1"]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b" ",
        b"nul",
        b"{",
        b'{"a":1',
        b'{"a":1}}',
        b'{"a":1} {"b":2}',
        b"{'a': 1}",
        b'{"a":1,}',
        b"[1,]",
        b"[01]",
        b"[+1]",
        b"[.5]",
        b"[1.]",
        b"[0x10]",
        b"[NaN]",
        b"[-Infinity]",
        b"[Infinity]",
        b"[1e999]",
        b"[-1e-999]",
        b"[1e31]",
        b"[1e99999999999999999999]",
        b"[" + b"1" * 5_000 + b"]",
        b"[" + b"1" * 31 + b"]",
        b"[-" + b"1" * 31 + b"]",
        b"[0." + b"1" * 5_000 + b"]",
        b'{"a":1,"a":1}',
        b'{"a":1,"\\u0061":2}',
        b'{"x":[{"b":1,"c":2,"b":3}]}',
        b'["\\ud83d"]',
        b'["\\ude00"]',
        b'["\\ude00\\ud83d"]',
        b'["\\\\\\ud83d"]',
        b'{"\\ud83d": 1}',
        b'["\xff"]',
        b'["\xed\xa0\x80"]',
        b'["\xc0\xaf"]',
        '["a"]'.encode("utf-16"),
        '["a"]'.encode("utf-32"),
        b'["a\x00b"]',
        b'["a\nb"]',
        b'["\\x41"]',
        b'["\\u12"]',
        b'["abc',
        b"[" * 65 + b"]" * 65,
        b'{"a":' * 65 + b"1" + b"}" * 65,
        b"[" * 200_000,
        b"[" * 200_000 + b"]" * 200_000,
        b'{"a":' * 200_000 + b"1" + b"}" * 200_000,
        b"[]" * 100_000,
    ],
    ids=lambda text: repr(text[:24]),
)
def test_what_is_no_json_or_beyond_bounds_is_refused_with_a_sentence(text: bytes) -> None:
    with pytest.raises(BadJson) as refused:
        decode_strict(text)
    assert str(refused.value).endswith(".")
    assert len(str(refused.value)) < 120


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"[" * 64 + b"]" * 64, None),
        (b'["[[[[[[' + b"{" * 100 + b'"]', ["[[[[[[" + "{" * 100]),
        (b'["\\"' + b"[" * 100 + b'"]', ['"' + "[" * 100]),
        (b'["\\ud83d\\ude00"]', ["😀"]),
        (b'["\\\\ud83d"]', ["\\ud83d"]),
        (b'["\\u0000"]', ["\0"]),
        (b"[" + b"1" * 30 + b"]", [int("1" * 30)]),
        (b"[1e30, 1e-30]", [Decimal("1e30"), Decimal("1e-30")]),
    ],
    ids=lambda part: repr(part)[:24],
)
def test_what_is_within_bounds_is_taken(text: bytes, value: object) -> None:
    decoded = decode_strict(text)
    assert value is None or decoded == value


def refusal(work: Callable[[bytes], object], data: bytes) -> str:
    try:
        work(data)
    except BadJson as refused:
        return str(refused)
    return "Taken."


@given(st.binary(max_size=60))
def test_noise_never_raises_anything_else(noise: bytes) -> None:
    assert refusal(decode_strict, noise).endswith(".")
    assert refusal(lambda data: split_rows(data, "orders"), noise).endswith(".")


# ------------------------------------------------------------------------------- halves of characters


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        (r'"ok \ud83d\ude00"', r'"ok \ud83d\ude00"'),
        (r'"cut \ud83d"', r'"cut \ufffd"'),
        (r'"\ude00 tail"', r'"\ufffd tail"'),
        (r'"\uD83D\uD83D\uDE00"', r'"\ufffd\uD83D\uDE00"'),
        (r'"\\ud83d"', r'"\\ud83d"'),
        (r'"\\\ud83d"', r'"\\\ufffd"'),
    ],
)
def test_half_a_character_is_mended_and_nothing_else(text: str, mended: str) -> None:
    assert mend_half_characters(text) == mended
    decode_strict(mended)


# ------------------------------------------------------------------------------- rows

ROWS = [b'{"id": "a", "x": "]},{["}', b'{"id":"b"}', b"5", b'"text, \\" [ text"', b"[1, [2]]", b"null", b"{}"]
BROKEN = {
    "nan": b'{"id": "bad", "total": NaN}',
    "huge number": b'{"id": "bad", "total": 1e999}',
    "5,000 digits": b'{"id": "bad", "n": ' + b"9" * 5_000 + b"}",
    "depth 200,000": b'{"id": "bad", "x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "objects 200,000 deep": b'{"a":' * 200_000 + b"1" + b"}" * 200_000,
    "bare word": b'{"id": "bad", "x": undefined}',
    "single quotes": b"{'id': 'bad'}",
    "not utf-8": b'{"id": "bad", "x": "\xff\xfe"}',
    "nul byte": b'{"id": "bad", "x": "a\x00b"}',
    "bad escape": b'{"id": "bad", "x": "\\x"}',
    "unquoted price": b'{"id": "bad", "x": 1,5}',
    "missing colon": b'{"id" "bad"}',
    "half character": b'{"id": "bad", "x": "\\ud800"}',
    "twice": b'{"id": "bad", "id": "worse"}',
}


@pytest.mark.parametrize("broken", list(BROKEN.values()), ids=list(BROKEN))
@pytest.mark.parametrize("place", [0, 3, len(ROWS)])
def test_rows_come_apart_whatever_one_of_them_holds(broken: bytes, place: int) -> None:
    rows = [*ROWS[:place], broken, *ROWS[place:]]
    body = b'{"meta": {"orders": [7]}, "orders" : [ ' + b" ,\n".join(rows) + b' ], "page": [1, {"a": "]"}]}'
    assert split_rows(body, "orders") == rows
    plain = b'{"orders": [' + b",".join(rows) + b"]}"
    assert split_rows(plain, "orders") == rows


def test_an_empty_list_is_a_list() -> None:
    assert split_rows(b'{"orders": []}', "orders") == []
    assert split_rows(b' { "orders" : [ ] , "x": NaN } ', "orders") == []


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"null",
        b'"orders"',
        b"5",
        b'{"order": []}',
        b'{"Orders": [], "x": "orders"}',
        b'[{"orders": []}]',
    ],
)
def test_json_without_the_key_is_told_apart(body: bytes) -> None:
    with pytest.raises(MissingKey):
        split_rows(body, "orders")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"OK",
        b'{"orders": [{"id": "a"}',
        b'{"orders": [{"id": "a"}]',
        b'{"orders": [{"id": "a"}, ',
        b'{"orders": [{"id": "a',
        b'{"orders": [1,,2]}',
        b'{"orders": [,1]}',
        b'{"orders": [1,]}',
        b'{"orders": [1]} trailing',
        b'{"orders": [1]]',
        b'{"orders": [1}}',
        b'{"orders": {"a": 1}}',
        b'{"orders": null}',
        b'{"orders": "[]"}',
        b'{"orders": 0}',
        b'{"orders": [1], "orders": [2]}',
        b'{"orders": [1], "\\u006frders": [2]}',
        b'{"orders" [1]}',
        b"{orders: [1]}",
        b'{"\xbd": 1, "orders": [1]}',
        b'{"orders": [1], "\xff": 1}',
    ],
)
def test_a_list_that_cannot_be_told_apart_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(BadJson) as refused:
        split_rows(body, "orders")
    assert not isinstance(refused.value, MissingKey)


def test_too_many_rows_are_refused() -> None:
    body = b'{"orders": [' + b",".join([b"1"] * (MAX_ROWS + 1)) + b"]}"
    with pytest.raises(BadJson, match="rows"):
        split_rows(body, "orders")
    assert len(split_rows(body.replace(b"1,", b"", 1), "orders")) == MAX_ROWS


@given(st.lists(documents, max_size=6), st.booleans(), st.sampled_from([None, 1]))
def test_the_rows_of_any_list_are_its_elements(
    rows: list[object], ascii_only: bool, indent: int | None
) -> None:
    body = json.dumps({"orders": rows}, ensure_ascii=ascii_only, indent=indent).encode()
    assert [json.loads(row) for row in split_rows(body, "orders")] == rows
    broken = body[:-1] + b', "x": NaN}'  # forces the slow way
    assert [json.loads(row) for row in split_rows(broken, "orders")] == rows


def test_twenty_megabytes_of_brackets_are_refused_in_seconds() -> None:
    started = time.monotonic()
    for body in (
        b"[" * 20_000_000,
        b'{"orders": [' + b"[" * 20_000_000,
        b'{"orders": ["' + b"\\" * 20_000_000,
    ):
        with pytest.raises(BadJson):
            split_rows(body, "orders")
    assert time.monotonic() - started < 20
