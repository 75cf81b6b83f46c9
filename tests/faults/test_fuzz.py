"""Answers of shops and settings files, mutated: no exception gets out, and nothing hangs.

Each reader gets the same bodies each time; with POSAPP_FUZZ_SECONDS, which is the time of all tests together,
as many as there is time for. POSAPP_FUZZ_SEED is where chance begins. What was found once lies in
`findings/<reader>-<what>.txt` and is read again each time.
"""

from __future__ import annotations

import itertools
import json
import os
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from posapp.config import load
from posapp.domain.errors import UsageError
from posapp.domain.text import clean_line
from posapp.remote import internal_products, staff_info, tokens
from posapp.remote.api import Answer, NoReply, Outcome, Push, Request
from posapp.remote.internal import InternalFormat
from posapp.remote.staff import StaffFormat
from tests.faults.fuzz import body_of, damaged
from tests.support.drf_shop import staff_order
from tests.unit.remote.samples import SHOP, answer, order
from tests.unit.remote.test_hostile import sound

BODIES = 8_000  # of each reader, unless a time is given
SECONDS = float(os.environ.get("POSAPP_FUZZ_SECONDS", "0"))
SEED = int(os.environ.get("POSAPP_FUZZ_SEED", "20260301"))
FINDINGS = Path(__file__).with_name("findings")
LONGEST_S = 2.0  # for one body, and again for each megabyte of it, on a busy machine
MOST_BYTES = 64_000_000
STATUSES = (200, 200, 200, 200, 201, 202, 204, 301, 400, 401, 403, 404, 405, 409, 422, 429, 500, 503, 511)
PUSHES = (
    Push(status="accepted"),
    Push(fields={"shipping_cost": "0", "shipping_date": "2020-09-05T12:21:48Z"}),
    Push(fields={"cart": "[]"}),
)
FAILED = {"id": 7, "status": "failed", "info": "Updated: 0", "errors": {"price": ["bad"]}}
PROCESSING = {"processing_object": FAILED}
SHOP_URL = "https://shop.example"
TOML = """[station]
name = "counter-1"
[[remotes]]
name = "alma"
format = "staff"
base_url = "https://shop.example"
currency = "KZT"
timezone = "Asia/Almaty"
poll_seconds = 20
statuses = { cooking = [3, 0], cancelled = [4] }
[[printers]]
name = "kitchen"
address = "tcp://192.168.1.50:9100"
"""

Reader = Callable[[bytes, Random], object]


class _Shop:
    """A shop that answers every question with the same body."""

    def __init__(self, body: bytes, chance: Random) -> None:
        self._body = body
        self._chance = chance

    def send(self, request: Request) -> Answer:
        return answer(self._body, self._chance.choice(STATUSES))

    def close(self) -> None:
        """Nothing is open."""


class _Safe:
    """A secret in memory."""

    def load(self) -> str | None:
        return tokens.SignIn("staff", "canary-password", "refresh-token").to_secret()

    def save(self, secret: str) -> None:
        assert isinstance(json.loads(secret), dict)


def internal_list(body: bytes, chance: Random) -> object:
    return judged(InternalFormat().read_list(answer(body, chance.choice(STATUSES)), SHOP))


def internal_order(body: bytes, chance: Random) -> object:
    return judged(InternalFormat().read_order(answer(body, chance.choice(STATUSES)), SHOP, "12"))


def internal_update(body: bytes, chance: Random) -> object:
    return judged(InternalFormat().read_update(answer(body, chance.choice(STATUSES)), PUSHES[0]))


def staff_list(body: bytes, chance: Random) -> object:
    return judged(StaffFormat().read_list(answer(body, chance.choice(STATUSES)), SHOP))


def staff_read(body: bytes, chance: Random) -> object:
    return judged(StaffFormat().read_order(answer(body, chance.choice(STATUSES)), SHOP, "12"))


def staff_update(body: bytes, chance: Random) -> object:
    return judged(StaffFormat().read_update(answer(body, chance.choice(STATUSES)), chance.choice(PUSHES)))


def staff_whole(body: bytes, chance: Random) -> object:
    sent = StaffFormat("put").update_request("12", chance.choice(PUSHES), body.decode(errors="replace"))
    return judged(sent) if isinstance(sent, Outcome) else sent


def products(body: bytes, chance: Random) -> object:
    return internal_products.read_answer(answer(body, chance.choice(STATUSES)), write=chance.random() < 0.5)


def token(body: bytes, chance: Random) -> object:
    found = tokens.TokenTransport(_Shop(body, chance), _Safe()).send(StaffFormat().list_request())
    assert found.detail if isinstance(found, NoReply) else found.status in STATUSES
    tokens.read_sign_in(body.decode(errors="replace"))
    return None


def around(body: bytes, chance: Random) -> object:
    listing: Any = chance.choice((staff_info.DELIVERY_COSTS, staff_info.PRODUCTS, staff_info.TAXES))
    reply = answer(body, chance.choice(STATUSES))
    return [staff_info.read_part(listing, reply, SHOP_URL), staff_info.read_districts(reply)]


def judged(outcome: Outcome) -> Outcome:
    """Check what the rest of the program relies on."""
    assert all(sound(read) for read in outcome.orders)
    assert outcome.order is None or sound(outcome.order)
    assert all(bad.reason.endswith(".") for bad in outcome.bad_rows)
    return outcome


def sentences(value: object) -> Iterator[str]:
    """Find the texts of an outcome that people read."""
    if is_dataclass(value) and not isinstance(value, type):
        for item in fields(value):
            found = getattr(value, item.name)
            if item.name in {"detail", "reason", "problem"}:
                yield found
            elif isinstance(found, tuple | list):
                yield from (text for part in found for text in sentences(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in sentences(part))


ORDERS: Sequence[Any] = (order(), order(status="accepted", comment=None))
STAFF_ORDERS: Sequence[Any] = (staff_order(12), staff_order(13, order_status=2, cart=None))
PAGE = {"count": 2, "next": f"{SHOP_URL}/apps/order/all/?page=2", "previous": None, "results": STAFF_ORDERS}
REFUSALS: Sequence[Any] = (
    {"phone": ["Too long."], "cart": {"0": {"quantity": ["No."]}}},
    {"detail": "No."},
    [],
    "no",
)
READERS: dict[str, tuple[Reader, Sequence[Any]]] = {
    "internal_list": (internal_list, ({"orders": ORDERS}, {"orders": []})),
    "internal_order": (internal_order, ORDERS),
    "internal_update": (internal_update, (PROCESSING, *ORDERS)),
    "staff_list": (staff_list, (PAGE, STAFF_ORDERS, STAFF_ORDERS[0])),
    "staff_order": (staff_read, STAFF_ORDERS),
    "staff_update": (staff_update, (*STAFF_ORDERS, *REFUSALS)),
    "staff_whole": (staff_whole, STAFF_ORDERS),
    "products": (products, (PROCESSING, {"processing_object": {"id": "b-1", "status": "processing"}})),
    "token": (token, ({"access": "aaa.bbb", "refresh": "ccc"}, {"detail": "No.", "code": "token_not_valid"})),
    "around": (around, ({"results": [{"id": 1, "name": "VAT", "rate": "13.0", "district": "Baglung"}]}, [])),
}


def read(name: str, body: bytes, chance: Random) -> None:
    """Let a reader have a body; check its time and its words."""
    began = time.thread_time()
    found = READERS[name][0](body, chance)
    assert time.thread_time() - began < longest_s(body), "too slow"
    for words in sentences(found):
        assert clean_line(words) == words, words
        assert len(words) <= 5_000


def read_settings(text: bytes, folder: Path) -> None:
    (folder / "posapp.toml").write_bytes(text)
    began = time.thread_time()
    try:
        load(folder)
    except UsageError as error:
        said = error.title
        assert "line" in said, said
        assert clean_line(said) == said
    assert time.thread_time() - began < longest_s(text)


def longest_s(body: bytes) -> float:
    return LONGEST_S * (1 + len(body) / 1_000_000)


def numbers() -> Iterator[int]:
    """Count up to the number of bodies that one reader gets, or for its share of the time."""
    if not SECONDS:
        yield from range(BODIES)
        return
    end = time.monotonic() + SECONDS / (len(READERS) + 1)
    for number in itertools.count():
        if number >= 20 and time.monotonic() > end:
            return
        yield number


def keep(name: str, word: str, body: bytes, folder: Path) -> None:
    path = folder / f"{name}-{word}.txt"
    path.write_bytes(body)
    print(f"the body is in {path}; add it to tests/faults/findings")  # noqa: T201


@pytest.mark.timeout(240 + SECONDS)
@pytest.mark.parametrize("name", READERS)
def test_no_answer_of_a_shop_breaks_its_reader(name: str, tmp_path: Path) -> None:
    made = 0
    tracemalloc.start()
    try:
        for number in numbers():
            chance = Random(f"{SEED}/{name}/{number}")
            body = body_of(chance, READERS[name][1])
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            try:
                read(name, body, chance)
                assert tracemalloc.get_traced_memory()[1] - before < MOST_BYTES, "too much memory"
            except Exception:
                keep(name, f"{SEED}-{number}", body, tmp_path)
                raise
            made = number + 1
    finally:
        tracemalloc.stop()
    print(f"{name}: {made} bodies")  # noqa: T201 - figures for docs/sync.md
    assert made >= 20


@pytest.mark.timeout(240 + SECONDS)
def test_no_settings_file_breaks_the_program(tmp_path: Path) -> None:
    made = 0
    for number in numbers():
        text = damaged(Random(f"{SEED}/settings/{number}"), TOML.encode())
        try:
            read_settings(text, tmp_path)
        except Exception:
            keep("settings", f"{SEED}-{number}", text, tmp_path)
            raise
        made = number + 1
    print(f"settings: {made} files")  # noqa: T201
    assert made >= 20


@pytest.mark.parametrize("path", sorted(FINDINGS.glob("*.txt")), ids=lambda path: path.stem)
def test_what_was_found_once_stays_good(path: Path, tmp_path: Path) -> None:
    name, body = path.name.partition("-")[0], path.read_bytes()
    if name == "settings":
        read_settings(body, tmp_path)
        return
    for number in range(40):  # whatever status comes with it
        read(name, body, Random(number))
