"""Seeded damage to real answers: whatever a byte-level accident makes of them, the reader keeps its word."""

from __future__ import annotations

import json
import os
import random

import pytest

from posapp.domain.text import clean_line
from posapp.remote.api import Verdict
from tests.unit.remote.samples import FORMAT, ID, SHOP, answer, order
from tests.unit.remote.test_hostile import sound

# A long run sets this higher.
ROUNDS = int(os.environ.get("MUTATION_ROUNDS", "500"))
TEXTS = [json.dumps(order(), ensure_ascii=ascii_only).encode() for ascii_only in (True, False)]
ACCIDENTS = [
    *(
        b"NaN",
        b"1e999",
        b'"id"',
        b"\\ud800",
        b"\x00",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b'"',
        b"\\",
        b"-",
        b"e",
    ),
    *(b"9" * 5_000, b"[" * 70, b"null", b"true", b'"status":"accepted",', b"\xff", b"\xe2\x80\xae", b"1,5"),
    b"\xef\xbb\xbf",
]


def damaged(rng: random.Random) -> bytes:
    body = bytearray(b'{"orders":[' + rng.choice(TEXTS) + b"," + rng.choice(TEXTS) + b"]}")
    for _ in range(rng.randint(1, 5)):
        place = rng.randrange(len(body))
        match rng.randrange(10):
            case 0 | 1 | 2 | 3:
                body[place:place] = rng.choice(ACCIDENTS)
            case 4 | 5 | 6:
                del body[place : place + rng.randint(1, 20)]
            case 7 | 8:
                body[place] = rng.randrange(256)
            case _:
                begin = rng.randrange(len(body))
                body[place:place] = body[begin : begin + rng.randint(1, 200)]
    return bytes(body)


@pytest.mark.timeout(0)
@pytest.mark.parametrize("seed", range(8))
def test_damage_is_either_set_apart_or_harmless(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(ROUNDS):
        body = damaged(rng)
        outcome = FORMAT.read_list(answer(body), SHOP)
        assert outcome.verdict in {Verdict.OK, Verdict.UNREADABLE, Verdict.PORTAL}
        assert all(sound(read) for read in outcome.orders)
        for bad in outcome.bad_rows:
            assert bad.reason.endswith(".")
            assert clean_line(bad.reason) == bad.reason
        assert FORMAT.read_status(answer(body), "accepted").verdict is Verdict.UNKNOWN
        one = FORMAT.read_order(answer(body[len(b'{"orders":[') : -2]), SHOP, ID)
        assert (one.verdict is Verdict.OK) == (one.order is not None)
        assert one.order is None or sound(one.order)
