"""Seeded damage to real answers: whatever a byte-level accident makes of them, the reader keeps its word."""

from __future__ import annotations

import json
import os
import random

import pytest

from posapp.domain.text import clean_line
from posapp.remote.api import Outcome, Push, Verdict
from posapp.remote.staff import StaffFormat
from tests.support.drf_shop import staff_order
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


STAFF = StaffFormat()
STAFF_TEXTS = [json.dumps(staff_order(12), ensure_ascii=ascii_only).encode() for ascii_only in (True, False)]
PUSHES = (
    Push(status="accepted"),
    Push(fields={"shipping_cost": "0", "shipping_date": "2020-09-05T12:21:48Z", "delivery_class": "0"}),
    Push(fields={"cart": "[]"}),
)
# The shapes of a list: what stands before and after its rows.
INTERNAL_LIST = (b'{"orders":[', b"]}")
STAFF_LISTS = [(b"[", b"]"), (b'{"count":2,"next":null,"results":[', b"]}")]


def damaged(rng: random.Random, texts: list[bytes], around: tuple[bytes, bytes]) -> bytes:
    body = bytearray(around[0] + rng.choice(texts) + b"," + rng.choice(texts) + around[1])
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
        body = damaged(rng, TEXTS, INTERNAL_LIST)
        outcome = FORMAT.read_list(answer(body), SHOP)
        assert outcome.verdict in {Verdict.OK, Verdict.UNREADABLE, Verdict.PORTAL}
        assert all(sound(read) for read in outcome.orders)
        for bad in outcome.bad_rows:
            assert bad.reason.endswith(".")
            assert clean_line(bad.reason) == bad.reason
        assert FORMAT.read_update(answer(body), Push(status="accepted")).verdict is Verdict.UNKNOWN
        one = FORMAT.read_order(answer(body[len(b'{"orders":[') : -2]), SHOP, ID)
        assert (one.verdict is Verdict.OK) == (one.order is not None)
        assert one.order is None or sound(one.order)


@pytest.mark.timeout(0)
@pytest.mark.parametrize("seed", range(4))
def test_damage_to_the_staff_api_is_either_set_apart_or_harmless(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(ROUNDS):
        around = rng.choice(STAFF_LISTS)
        body = damaged(rng, STAFF_TEXTS, around)
        outcome = STAFF.read_list(answer(body), SHOP)
        assert outcome.verdict in {Verdict.OK, Verdict.UNREADABLE, Verdict.PORTAL}
        assert all(sound(read) for read in outcome.orders)
        assert all(bad.reason.endswith(".") for bad in outcome.bad_rows)
        assert outcome.next_request is None
        row = body[len(around[0]) : -len(around[1])]
        one = STAFF.read_order(answer(row), SHOP, "12")
        assert (one.verdict is Verdict.OK) == (one.order is not None)
        assert one.order is None or sound(one.order)
        for push in PUSHES:
            write = STAFF.read_update(answer(row), push)
            assert write.verdict in {Verdict.OK, Verdict.UNKNOWN, Verdict.PORTAL}
            assert write.order is None or sound(write.order)
            refused = STAFF.read_update(answer(row, 400), push)
            assert refused.verdict in {Verdict.REFUSED, Verdict.PORTAL}
            assert all(clean_line(words) == words for words in refused.fields.values())
        sent = StaffFormat("put").update_request("12", Push(status="accepted"), row.decode(errors="replace"))
        assert isinstance(sent, Outcome) or sent.body is not None
