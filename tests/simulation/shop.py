"""The shop at the other end, written from the documents of its API alone: it shares nothing with posapp."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.simulation import carts
from tests.simulation.goods import Goods

# A word in the internal API, (order_status, delivery_status) in the staff API.
Value = str | tuple[int, int]

WORDS = ("created", "accepted", "cooking", "ondelivery", "timing", "edited", "delivered", "cancelled")
PAIRS = {
    "created": (0, 0),
    "accepted": (1, 0),
    "timing": (1, 0),
    "edited": (1, 0),
    "cooking": (2, 0),
    "ondelivery": (2, 1),
    "delivered": (3, 2),
}
RANKS = {
    "created": 0,
    "accepted": 1,
    "timing": 1,
    "edited": 1,
    "cooking": 2,
    "ondelivery": 3,
    "delivered": 4,
    "cancelled": 4,
}
LADDER = ("created", "accepted", "cooking", "ondelivery", "delivered")


def shows(value: Value, word: str) -> bool:
    """Tell whether what the shop has may be called by this word."""
    if isinstance(value, str):
        return value == word
    return value[0] == 4 if word == "cancelled" else value == PAIRS.get(word)


def word_of(value: Value) -> str:
    """Return the plainest word for what the shop has; "" for a pair that the documents do not name."""
    if isinstance(value, str):
        return value
    return next((word for word in WORDS if shows(value, word)), "")


def is_final(value: Value) -> bool:
    """Tell whether nothing comes after this."""
    return word_of(value) in {"delivered", "cancelled"}


# The fields of an order that people edit in these schedules.
FIELDS = {"internal": ("comment", "street"), "staff": ("name", "street")}
REFUSED_TEXT = "no such place"


@dataclass(frozen=True, slots=True)
class Shown:
    """What an answer shows of an order, and who had made it so."""

    value: Value
    who: str
    fields: dict[str, tuple[str, str]]  # text and who, by name


@dataclass(frozen=True, slots=True)
class Entry:
    """One change in the shop's true history."""

    at: int
    value: Value
    who: str  # us | them | shop


@dataclass(slots=True)
class Record:
    """An order of the shop."""

    remote_id: str
    number: int
    value: Value
    gone: bool = False
    stubborn: bool = False
    history: list[Entry] = field(default_factory=list)
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)  # text and who, by name

    def text(self, name: str) -> str:
        """Return the text of a field."""
        return self.fields[name][0]

    def shown(self) -> Shown:
        """Return what an answer of this moment shows."""
        return Shown(self.value, self.history[-1].who, dict(self.fields))

    def write(self, name: str, text: str, who: str) -> None:
        """Change a field."""
        if text != self.text(name):
            self.fields[name] = (text, who)

    def set(self, at: int, value: Value, who: str) -> None:
        """Change the order; who sets what it is already changes nothing about who made it so."""
        who = self.history[-1].who if self.history and value == self.value else who
        self.value = value
        self.history.append(Entry(at, value, who))


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What the shop's server says."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/json"})


def as_json(content: Any, status: int = 200) -> HttpAnswer:
    """Return an answer with JSON in it."""
    return HttpAnswer(status, json.dumps(content).encode())


class Shop:
    """What both APIs have in common."""

    form: str
    names: tuple[str, ...]  # of the fields that change

    def __init__(self, rng: Random, rule: str, refusal: int, secret: str) -> None:
        self.records: dict[str, Record] = {}
        self.secret = secret
        self.known = secret  # what a careless shop repeats of us
        self.written = 0
        self.list_fault = ""  # how the next list is wrong
        self.has_carts = False  # whose lines change
        self.listed: tuple[str, ...] = ()  # what the last one showed
        self._rng = rng
        self._rule = rule
        self._refusal = refusal
        self.goods: Goods | None = None

    @property
    def changing(self) -> tuple[str, ...]:
        """Return the fields that change in this schedule."""
        return (*self.names, carts.CART) if self.has_carts else self.names

    def add(self, at: int) -> Record:
        """Let a customer order something."""
        number = len(self.records) + 1
        record = Record(self.new_id(number), number, self.first())
        record.set(at, record.value, "shop")
        record.fields = {name: (f"{name} 0", "shop") for name in self.names}
        record.fields[carts.CART] = (carts.START[self.form], "shop")
        self.records[record.remote_id] = record
        return record

    def new_id(self, number: int) -> str:
        """Return the id of the next order."""
        raise NotImplementedError

    def first(self) -> Value:
        """Return what a new order is."""
        raise NotImplementedError

    def coded(self, word: str, before: Value) -> Value:
        """Return a status as this API has it."""
        raise NotImplementedError

    def handle(self, method: str, path: str, headers: dict[str, str], body: bytes, at: int) -> HttpAnswer:
        """Answer one request."""
        raise NotImplementedError

    def refuses(self, record: Record, value: Value) -> bool:
        """Tell whether the shop's own rules forbid a change that we ask for."""
        before, after = word_of(record.value), word_of(value)
        if record.stubborn:
            return True
        if before == after or not before or not after or self._rule == "none":
            return False
        if self._rule == "no_final" or (self._rule == "adjacent" and after == "cancelled"):
            return before in {"delivered", "cancelled"}
        if self._rule == "adjacent":
            return abs(RANKS[after] - RANKS[before]) > 1
        return RANKS[after] < RANKS[before] or before in {"delivered", "cancelled"}

    def rows(self, records: list[Record]) -> list[Any]:
        """Return the rows of a list, wrong in the way that is due."""
        fault, self.list_fault = self.list_fault, ""
        if fault == "list_gap":
            records = [record for record in records if self._rng.random() < 0.6]
        elif fault == "list_short":
            records = records[: len(records) // 2]
        elif fault == "list_empty":
            records = []
        self.listed = tuple(record.remote_id for record in records)
        rows = [self.row(record) for record in records]
        if fault == "list_bad_row":
            rows.insert(self._rng.randint(0, len(rows)), {"id": "9999", "status": 7, "products": "none"})
        elif fault == "list_twice":
            rows += rows[:1]
        return rows

    def row(self, record: Record) -> dict[str, Any]:
        """Return an order as this API shows it."""
        raise NotImplementedError

    def refusal(self) -> str:
        """Return the words of a refusal; careless shops repeat the key in them."""
        return self._rng.choice(("not possible", "transition not allowed", f"no, {self.known} may not"))


class InternalShop(Shop):
    """The internal API: a list of the new orders, one status word, processing objects."""

    form = "internal"
    names = FIELDS["internal"]
    _PREFIX = "internal_api/orders"

    def new_id(self, number: int) -> str:
        return f"0c5e{number:04d}-77a1-4c1e-9d3b-2f4a6c8e0b1d"

    def first(self) -> Value:
        return "created"

    def coded(self, word: str, before: Value) -> Value:
        return word

    def handle(self, method: str, path: str, headers: dict[str, str], body: bytes, at: int) -> HttpAnswer:
        self.listed = ()
        if headers.get("Api-Key") != self.secret:
            return as_json({"error": f"bad key {headers.get('Api-Key', '')}"}, 401)
        if self.goods is not None and not path.startswith(self._PREFIX):
            return as_json(*self.goods.handle(path, body, at, self.refusal))
        if path == f"{self._PREFIX}.json":
            key = "order" if self.list_fault == "list_no_key" else "orders"
            waiting = [one for one in self.records.values() if one.value == "created" and not one.gone]
            return as_json({key: self.rows(waiting)})
        record = self.records.get(path.removeprefix(f"{self._PREFIX}/").removesuffix(".json"))
        if record is None or record.gone:
            return as_json({"error": "not found"}, 404)
        if method == "GET":
            return as_json(self.row(record))
        return self._update(record, json.loads(body)["order"]["status"], at)

    def _update(self, record: Record, value: str, at: int) -> HttpAnswer:
        self.written += 1
        if value not in WORDS or self.refuses(record, value):
            report = {"id": self.written, "status": "failed", "errors": self.refusal()}
            return as_json({"processing_object": report}, self._refusal)
        record.set(at, value, "us")
        report = {"id": self.written, "status": "succeeded", "info": "Updated: 1"}
        return as_json({"processing_object": report})

    def row(self, record: Record) -> dict[str, Any]:
        return {
            "id": record.remote_id,
            "created_at": "2026-03-05T16:50:13.513+05:00",
            "status": record.value,
            "payment_status": "paid",
            "payment_method": "cash",
            "source_type": "web",
            "comment": record.text("comment"),
            "change": "",
            "brand": "meteor",
            "products": carts.internal_lines(record.text(carts.CART)),
            "customer": {"id": record.number, "name": "Айгерим", "mobile_phone": "77012341806"},
            "delivery": {
                "address": "пр. Абая, 52" if record.number % 3 else "",
                "address_street": record.text("street"),
                "datetime": None,
                "price": {"base_total": "0.00"},
            },
            "price": {"delivery_base": "0.00", "products_base": "2600.00", "order_base_total": "2600.00"},
        }


def make_shop(form: str, rng: Random, rule: str, refusal: int, secret: str) -> Shop:
    """Return a shop that speaks this API."""
    if form == "internal":
        return InternalShop(rng, rule, refusal, secret)
    from tests.simulation.staff_shop import StaffShop

    return StaffShop(rng, rule, refusal, secret)
