"""The rows of sample orders: who ordered what, when, and how far it got."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from posapp.domain.status import FINAL, Status
from posapp.domain.timing import Moments, urgency
from posapp.storage.fields import maybe_us, to_us

REMOTE = "sample"
MOST_ACTIVE = 40
_HISTORY = 500  # so many of the newest orders have every step in their history
_DELIVERY = Decimal(990)
_STEPS = (Status.ACCEPTED, Status.COOKING, Status.ONDELIVERY, Status.DELIVERED)
_MINUTES = {Status.ACCEPTED: 2, Status.COOKING: 5, Status.ONDELIVERY: 18, Status.DELIVERED: 45}
_OPEN = (
    Status.CREATED, Status.ACCEPTED, Status.COOKING, Status.COOKING, Status.ONDELIVERY, Status.TIMING,
    Status.CREATED, Status.COOKING, Status.ACCEPTED, Status.EDITED,
)  # fmt: skip
ORDER_COLUMNS = (
    "pk", "id", "code", "remote", "remote_id", "format", "status", "status_at", "shadow", "shadow_at",
    "accepted_at", "sent_at", "closed_at", "created_at", "received_at", "due_at", "due_text", "noticed_at",
    "noticed_by", "urgency", "payment_status", "payment_method", "source", "brand", "kind", "customer_pk",
    "customer_name", "phone", "phone_digits", "address", "street", "home", "apt", "entrance", "level", "city",
    "comment", "change_from", "delivery_cost", "products_total", "total", "currency", "version", "sync",
    "sync_reason", "reasserts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SampleDish:
    """Something to order."""

    internal_id: str
    title: str
    price: Decimal
    brand: str


@dataclass(frozen=True, slots=True)
class Stock:
    """What sample orders are made of."""

    dishes: tuple[SampleDish, ...]
    names: tuple[str, ...]
    streets: tuple[str, ...]
    comments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guest:
    """A customer; the telephone number in digits."""

    pk: int
    name: str
    phone: str
    street: str
    home: str
    apt: str

    @property
    def address(self) -> str:
        """Return the address on one line."""
        return f"{self.street}, {self.home}, кв. {self.apt}"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one chunk."""

    orders: list[tuple[Any, ...]] = field(default_factory=list)
    lines: list[tuple[Any, ...]] = field(default_factory=list)
    raws: list[tuple[Any, ...]] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)


Line = tuple[int, int, str, str, int, str, str]  # order, position, id, title, quantity, price, total
Values = dict[str, Any]


class Maker:
    """Makes the same orders from the same seed, the oldest first."""

    def __init__(self, random: Random, now: datetime, count: int, stock: Stock, station: str) -> None:
        self._random = random
        self._now = now
        self._count = count
        self._stock = stock
        self._station = station
        self.active = min(MOST_ACTIVE, max(1, count // 8))
        # A day has 120 orders or, for large numbers, as many as fit all of them into a year.
        self._gap = timedelta(days=1) / max(120, count / 365)
        self.guests = tuple(self._guests(max(1, min(20_000, count // 4))))
        self._menus = [
            [dish for dish in stock.dishes if dish.brand == brand]
            for brand in dict.fromkeys(dish.brand for dish in stock.dishes)
        ]

    def _guests(self, count: int) -> Iterator[Guest]:
        pick = self._random
        for pk in range(1, count + 1):
            yield Guest(
                pk,
                pick.choice(self._stock.names),
                f"77{pick.randrange(10**9):09d}",
                pick.choice(self._stock.streets),
                str(pick.randrange(1, 260)),
                str(pick.randrange(1, 120)),
            )

    def chunk(self, start: int, end: int) -> Rows:
        """Return the rows of the orders from number `start` to before `end`."""
        rows = Rows()
        for number in range(start, end):
            self._add(rows, number)
        return rows

    def _add(self, rows: Rows, number: int) -> None:
        pk = number + 1
        status = self._status(number)
        menu = self._random.choice(self._menus)
        lines = [
            self._line(pk, position, menu) for position in range(self._random.choice((1, 1, 2, 2, 3, 4)))
        ]
        pickup = self._random.random() < 0.15
        values: Values = {
            "pk": pk,
            "id": self._uuid(),
            "code": str(1001 + number),
            "remote": REMOTE,
            "remote_id": f"sample-{pk}",
            "format": "internal",
            "kind": "pickup" if pickup else "delivery",
            "brand": menu[0].brand,
            "currency": "KZT",
            "version": 1,
            "sync": "synced",
            "sync_reason": "",
            "reasserts": 0,
            **self._times(number, status, pickup=pickup),
            **self._customer(pickup=pickup),
            **self._money(lines, pickup=pickup),
        }
        rows.orders.append(tuple(values[name] for name in ORDER_COLUMNS))
        rows.lines.extend(lines)
        rows.raws.append((pk, _payload(values, lines), values["received_at"]))
        rows.events.extend(self._events(values, status, whole=self._count - number <= _HISTORY))

    def _status(self, number: int) -> Status:
        ahead = self._count - 1 - number
        if ahead < self.active:
            return _OPEN[ahead % len(_OPEN)]
        return Status.CANCELLED if self._random.random() < 0.06 else Status.DELIVERED

    def _created(self, number: int, status: Status) -> datetime:
        ahead = self._count - 1 - number
        if status not in FINAL:
            # Active ones came in within the last hour, each as long ago as fits its status.
            return self._now - timedelta(minutes=_MINUTES.get(status, 0), seconds=20 + 25 * ahead)
        before = self._gap * (ahead - self.active + self._random.random())
        return self._now - timedelta(minutes=90) - before

    def _times(self, number: int, status: Status, *, pickup: bool) -> Values:
        created = self._created(number, status)
        received = created + timedelta(seconds=4)
        reached = {step: received + _until(step, number, status, pickup=pickup) for step in _STEPS}
        new = status is Status.CREATED
        status_at = received if new else min(self._now, reached.get(status, received + timedelta(minutes=6)))
        accepted = None if status in {Status.CREATED, Status.TIMING} else reached[Status.ACCEPTED]
        away = status in {Status.ONDELIVERY, Status.DELIVERED} and not pickup
        sent = reached[Status.ONDELIVERY] if away else None
        due = None
        if status is Status.TIMING:
            due = self._now + timedelta(minutes=40 + 5 * self._random.randrange(30))
        return {
            "status": status.value,
            "status_at": to_us(status_at),
            "shadow": status.value,
            "shadow_at": to_us(status_at),
            "accepted_at": maybe_us(accepted),
            "sent_at": maybe_us(sent),
            "closed_at": to_us(status_at) if status in FINAL else None,
            "created_at": to_us(created),
            "received_at": to_us(received),
            "due_at": maybe_us(due),
            "due_text": due.isoformat() if due else "",
            "noticed_at": None if new else to_us(received + timedelta(seconds=15)),
            "noticed_by": "" if new else self._station,
            "urgency": urgency(status, Moments(received, status_at, accepted, sent), due),
        }

    def _customer(self, *, pickup: bool) -> Values:
        pick = self._random
        # Some customers order far more often than others.
        guest = self.guests[int(len(self.guests) * pick.random() ** 2)]
        return {
            "source": pick.choice(("web", "mobile", "mobile")),
            "customer_pk": guest.pk,
            "customer_name": guest.name,
            "phone": f"+{guest.phone}",
            "phone_digits": guest.phone,
            "address": "" if pickup else guest.address,
            "street": "" if pickup else guest.street,
            "home": "" if pickup else guest.home,
            "apt": "" if pickup else guest.apt,
            "entrance": "",
            "level": "",
            "city": "",
            "comment": pick.choice(self._stock.comments) if pick.random() < 0.2 else "",
        }

    def _money(self, lines: Sequence[Line], *, pickup: bool) -> Values:
        products = sum((Decimal(line[6]) for line in lines), Decimal())
        delivery = Decimal() if pickup else _DELIVERY
        method = self._random.choice(("card", "card", "cash"))
        note = (int(products + delivery) // 5000 + 1) * 5000
        return {
            "payment_status": "paid",
            "payment_method": method,
            "change_from": str(note) if method == "cash" and not pickup else "",
            "delivery_cost": f"{delivery:.2f}",
            "products_total": f"{products:.2f}",
            "total": f"{products + delivery:.2f}",
        }

    def _line(self, pk: int, position: int, menu: Sequence[SampleDish]) -> Line:
        dish = self._random.choice(menu)
        quantity = self._random.choice((1, 1, 1, 2, 2, 3))
        total = f"{dish.price * quantity:.2f}"
        return (pk, position, dish.internal_id, dish.title, quantity, f"{dish.price:.2f}", total)

    def _events(self, values: Values, status: Status, *, whole: bool) -> Iterator[tuple[Any, ...]]:
        pk, received = values["pk"], values["received_at"]
        words = {"remote": REMOTE, "status": "created", "source": values["source"]}
        yield (pk, received, "received", "sync", self._station, json.dumps(words))
        if not whole or status is Status.CREATED:
            return
        steps = list(_STEPS[: _STEPS.index(status) + 1]) if status in _STEPS else [status]
        if values["kind"] == "pickup" and status is Status.DELIVERED:
            steps.remove(Status.ONDELIVERY)
        before = Status.CREATED
        for step in steps:
            pickup = values["kind"] == "pickup"
            took = _until(step, pk - 1, status, pickup=pickup) // timedelta(microseconds=1)
            at = min(to_us(self._now), received + took)
            words = {"from": before.value, "to": step.value}
            yield (pk, at, "moved", self._station, self._station, json.dumps(words))
            before = step

    def _uuid(self) -> str:
        digits = f"{self._random.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _until(step: Status, number: int, status: Status, *, pickup: bool) -> timedelta:
    """Return how long an order takes to a step: what is finished was made in 8 to 20 minutes.

    Not by chance: the same seed has to give the same orders as it always did.
    """
    handed_over = pickup and step is Status.DELIVERED  # as soon as it is made
    usual = timedelta(minutes=_MINUTES.get(Status.ONDELIVERY if handed_over else step, 6))
    if status is not Status.DELIVERED or step not in {Status.ONDELIVERY, Status.DELIVERED}:
        return usual
    return usual + timedelta(seconds=number * 7919 % 720 - 480)


def _payload(value: Values, lines: Sequence[Line]) -> str:
    """Return the order as the internal API would have sent it, shortened."""
    content = {
        "id": value["remote_id"],
        "status": "created",
        "payment_status": value["payment_status"],
        "payment_method": value["payment_method"],
        "source_type": value["source"],
        "brand": value["brand"],
        "comment": value["comment"],
        "change": value["change_from"],
        "products": [
            {
                "internal_id": line[2],
                "title": line[3],
                "quantity": line[4],
                "price": {"base_for_one": line[5], "base_total": line[6]},
            }
            for line in lines
        ],
        "customer": {
            "id": value["customer_pk"],
            "name": value["customer_name"],
            "mobile_phone": value["phone"],
        },
        "delivery": {"address": value["address"], "price": {"base_total": value["delivery_cost"]}},
        "price": {"products_base": value["products_total"], "order_base_total": value["total"]},
    }
    return json.dumps(content, ensure_ascii=False)
