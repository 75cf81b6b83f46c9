"""The quick way to read strict JSON and the slow one: they take, refuse and say the same."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from posapp.remote import internal_rows, staff_rows
from posapp.remote.internal_rows import read_order
from posapp.remote.jsonguard import BadJson, _decode_slowly, decode_strict
from posapp.remote.values import sentence_of
from tests.support.drf_shop import staff_order
from tests.unit.remote.samples import SHOP, order

BLANKS = st.sampled_from(["", "", "", " ", "\n", "\t ", "\r\n"])
NUMBERS = [
    *("0", "-0", "7", "-7", "1.0", "1.50", "-0.0", "1e5", "1E5", "1E+5", "1.5e-3", "1e30", "1e31", "1e400"),
    *("9" * 19, "9" * 20, "9" * 30, "9" * 31, "-" + "9" * 30, "-" + "9" * 31, "0." + "1" * 29),
    *("0." + "1" * 30, "18446744073709551616", "-9223372036854775809", "01", "1.", ".5", "+1"),
    *("NaN", "Infinity", "-Infinity"),
]
STRINGS = [
    *('""', '"a"', '"a:b"', '"\\":"', '" x "', '"\\u0041"', '"\\/"', '"\\n"', '"\\u0000"', '"\\u001F"'),
    *('"\x7f"', '"\\ud83c\\udf55"', '"\\ud83c"', '"🍕"', '"Әл-Фараби"', '"\u202e"', '"\t"', '"\\x"', '"'),
    '"' + "1" * 40 + '"',
]
KEYS = st.sampled_from(['"a"', '"b"', '"c"', '"\\u0061"', '""', '"id"', '"Ә"', "a", "1"])


def _listed(parts: list[str], blank: str) -> str:
    return "[" + f"{blank},{blank}".join(parts) + blank + "]"


def _object(pairs: list[tuple[str, str]], blank: str) -> str:
    return "{" + blank + f",{blank}".join(f"{key}{blank}:{blank}{value}" for key, value in pairs) + "}"


texts = st.recursive(
    st.sampled_from([*NUMBERS, *STRINGS, "null", "true", "false", "nul", ""])
    | st.text(max_size=6).map(json.dumps),
    lambda inner: (
        st.builds(_listed, st.lists(inner, max_size=4), BLANKS)
        | st.builds(_object, st.lists(st.tuples(KEYS, inner), max_size=4), BLANKS)
    ),
    max_leaves=14,
)


def said(way: Callable[[bytes], object], body: bytes) -> tuple[str, str]:
    """Return what one way makes of a text, types and signs included."""
    try:
        return "read", repr(way(body))
    except BadJson as trouble:
        return "refused", str(trouble)


@given(texts, BLANKS)
@example('{"a":1,"a":1}', "")
@example('{"a":null,"a":1}', "")
@example('[{"b":{"a": 1, "a": 1}}]', "")
@example("[" * 64 + "]" * 64, "")
@example("[" * 65 + "]" * 65, "")
@example("[[],[]]", "\ufeff")
def test_both_ways_say_the_same(text: str, around: str) -> None:
    body = (around + text + around).encode(errors="surrogatepass")
    assert said(decode_strict, body) == said(_decode_slowly, body)


DAMAGE = (b"", b'"', b",", b"0", b"1" * 31, b"\xff", b'"id":1,', b"e9", b"\\")


def test_damaged_texts_are_judged_alike() -> None:
    rng = random.Random(5)
    good = [json.dumps(order(), ensure_ascii=plain).encode() for plain in (True, False)]
    good.append(json.dumps(order(), separators=(",", ":"), ensure_ascii=False).encode())
    judged = set()
    for _ in range(1_500):
        body = bytearray(rng.choice(good))
        for _ in range(rng.randint(1, 3)):
            place = rng.randrange(len(body))
            body[place : place + rng.randrange(4)] = rng.choice(DAMAGE)
        mine = said(decode_strict, bytes(body))
        assert mine == said(_decode_slowly, bytes(body))
        judged.add(mine[0])
    assert judged == {"read", "refused"}


ODD: tuple[object, ...] = (
    *(
        None,
        True,
        0,
        -1,
        2.0,
        2.5,
        10**25,
        1e5,
        "",
        "x",
        "12",
        "\u202e",
        "a  b",
        " a ",
        [],
        [1],
        {},
        {"a": 1},
    ),
)


def _places(value: object, way: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Return the ways to all values inside a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(place for key, part in inner for place in _places(part, (*way, key)))]


@pytest.mark.parametrize(("module", "whole"), [(internal_rows, order()), (staff_rows, staff_order(12))])
def test_structures_are_read_from_the_text_as_from_what_was_decoded(module: object, whole: object) -> None:
    kind, quick = vars(module)["_Order"], vars(module)["_decode"]
    for place in _places(whole)[1:]:
        for odd in ODD:
            changed = json.loads(json.dumps(whole))
            at = changed
            for key in place[:-1]:
                at = at[key]
            at[place[-1]] = odd
            body = json.dumps(changed).encode()
            assert _read(quick, body) == _read(lambda text: msgspec.convert(decode_strict(text), kind), body)


def _read(way: Callable[[bytes], object], body: bytes) -> str:
    try:
        return repr(way(body))
    except msgspec.ValidationError as error:
        # Of a whole number that is too long for the machine, the one says “a number” only.
        return sentence_of(str(error)).replace("it is a whole number", "it is a number")


def test_a_key_in_escaped_letters_is_the_same_key() -> None:
    body = json.dumps(order(), ensure_ascii=False).replace('"status"', '"st\\u0061tus"').encode()
    assert read_order(body, body.decode(), SHOP).status == order()["status"]
