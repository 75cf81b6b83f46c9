"""Answers and settings as no one would write them: mutated by structure and by bytes."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from random import Random
from typing import Any

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**64), 10**400, 1e308, -0.0, 0.1, "", " ", "0", "-1", "1,5",
    "1e5", "NaN", "null", "x" * 5_000, "\u202e\u0007", "\ud83d", "٣", "2022-02-30T25:61:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "2022-03-27T02:30:00", "<html>", "=1+1", "\u0000", [], {}, [[]],
    [None], {"": {}}, {"id": {"id": []}}, ["a"] * 300,
)  # fmt: skip
BYTES = (
    b"\x00", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"[" * 3_000, b'{"a":' * 500, b"9" * 6_000,
    b"1e999999", b"NaN", b"-", b'"', b"\\", b"\\ud800", b"{", b"}", b"[", b"]", b",", b":", b"\r\n", b"=",
    b"[[remotes]]\n", b"''' ", b"#",
)  # fmt: skip


def changed(chance: Random, content: Any) -> Any:
    """Return a copy of a JSON value with a few places changed."""
    made = copy.deepcopy(content)
    for _ in range(chance.randint(1, 4)):
        made = _one_change(chance, made)
    return made


def _one_change(chance: Random, made: Any) -> Any:
    places: list[tuple[Any, Any]] = []
    _collect(made, places)
    if not places:
        return copy.deepcopy(chance.choice(ODD))
    holder, key = chance.choice(places)
    match chance.randrange(6):
        case 0 if isinstance(holder, dict):
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[chance.choice((str(key).upper(), f"{key}s", "", "id", "status"))] = holder.pop(key)
        case 2 if isinstance(holder, list):
            holder[key:key] = [copy.deepcopy(holder[key])] * chance.choice((1, 2, 200))
        case 3:
            other, name = chance.choice(places)
            holder[key] = copy.deepcopy(other[name])
        case 4:
            holder[key] = [holder[key]] if chance.random() < 0.5 else str(holder[key])
        case _:
            holder[key] = copy.deepcopy(chance.choice(ODD))
    return made


def _collect(value: Any, places: list[tuple[Any, Any]]) -> None:
    names = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for name in names:
        places.append((value, name))
        _collect(value[name], places)


def written(chance: Random, content: Any) -> bytes:
    """Return JSON as one of the many writers would have it."""
    return json.dumps(
        content, ensure_ascii=chance.random() < 0.5, indent=chance.choice((None, None, 1))
    ).encode(errors="surrogatepass")


def damaged(chance: Random, body: bytes) -> bytes:
    """Return bytes with a few accidents in them."""
    made = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(made) + 1)
        match chance.randrange(4):
            case 0:
                made[place:place] = chance.choice(BYTES)
            case 1:
                del made[place : place + chance.randint(1, 30)]
            case 2 if place < len(made):
                made[place] = chance.randrange(256)
            case _:
                begin = chance.randrange(len(made) + 1)
                made[place:place] = made[begin : begin + chance.randint(1, 200)]
    return bytes(made)


def body_of(chance: Random, samples: Sequence[Any]) -> bytes:
    """Return one body made from one of these values, by structure, by bytes, or by both."""
    content = chance.choice(samples)
    kind = chance.randrange(3)
    body = written(chance, changed(chance, content) if kind else content)
    return damaged(chance, body) if kind != 1 else body
