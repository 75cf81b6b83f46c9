"""The script of the training day: what happens when, from a seed and the moment of the start alone."""

# ruff: noqa: RUF001 - this shop writes in Cyrillic

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from posapp.domain.status import PaymentMethod
from posapp.sandbox.acts import STAFF_ACTS, StaffAct
from posapp.sandbox.cast import GUESTS, OUTAGE_BEGINS, OUTAGE_ENDS, TOUR, Guest
from posapp.sandbox.menu import (
    ADDITIONS,
    COMMENTS,
    DISHES,
    FITTING,
    GIFT,
    NAMES,
    STREETS,
    TWO_FOR_ONE,
    Dish,
    address,
)
from posapp.sandbox.orders import SHOP_ZONE, Address, Line, ShopOrder

DAY = timedelta(hours=8)
OPERATORS = ("701", "702", "705", "707", "747", "771", "775", "777", "778")


@dataclass(frozen=True, slots=True)
class OrderArrives:
    """A customer orders; the name of the event is also the name by which staff acts call the order."""

    at: datetime
    name: str
    order: ShopOrder


@dataclass(frozen=True, slots=True)
class OutageBegins:
    """The shop cannot be reached from now on."""

    at: datetime
    name: str = "outage"


@dataclass(frozen=True, slots=True)
class OutageEnds:
    """The shop can be reached again."""

    at: datetime
    name: str = "outage-over"


@dataclass(frozen=True, slots=True)
class Milestone:
    """Nothing happens; a time to go to by its name."""

    at: datetime
    name: str


Event = OrderArrives | OutageBegins | OutageEnds | Milestone


@dataclass(frozen=True, slots=True)
class DayScript:
    """The events of a day in their order, and the acts of the staff that go with them."""

    seed: int
    start: datetime
    events: tuple[Event, ...]
    staff_acts: tuple[StaffAct, ...]


def day_script(seed: int, start: datetime) -> DayScript:
    """Write the script; the same seed and start give the same day, down to the ids of the orders."""
    rng = random.Random(f"{seed} {start.isoformat()}")
    events: list[Event] = [
        OutageBegins(start + OUTAGE_BEGINS),
        OutageEnds(start + OUTAGE_ENDS),
        Milestone(start + TOUR, "tour"),
    ]
    for number, guest in enumerate(GUESTS, 1):
        events.append(OrderArrives(start + guest.arrives, guest.name, _invited(rng, number, guest, start)))
    events.extend(_passers_by(rng, start, len(GUESTS) + 1))
    events.sort(key=lambda event: event.at)
    return DayScript(seed, start, tuple(events), STAFF_ACTS)


def _invited(rng: random.Random, number: int, guest: Guest, start: datetime) -> ShopOrder:
    lines = [_line(DISHES[key], quantity, additions) for key, quantity, additions in guest.items]
    if guest.promo is not None:
        line = lines[guest.promo_item]
        lines[guest.promo_item] = Line(
            line.internal_id, line.title, line.quantity, line.price, line.additions, guest.promo
        )
    if guest.gift:
        lines.append(GIFT)
    arrives = start + guest.arrives
    return ShopOrder(
        id=_id(rng),
        number=number,
        created_at=arrives,
        customer=guest.customer,
        phone=_phone(rng) if not guest.phone else guest.phone,
        address=guest.address,
        brand=guest.brand,
        source=guest.source,
        method=guest.method,
        lines=tuple(lines),
        delivery_price=guest.delivery,
        change=guest.change,
        comment=guest.comment,
        discount=guest.discount,
        due=None if guest.due is None else _due(start + guest.due, arrives),
        declined_after_cooking=guest.declined_after_cooking,
    )


def _passers_by(rng: random.Random, start: datetime, first: int) -> list[OrderArrives]:
    events = []
    moment = start + TOUR
    number = first
    while (moment := moment + timedelta(seconds=rng.randint(50, 200))) < start + DAY:
        events.append(OrderArrives(moment, f"order-{number}", _passer_by(rng, number, moment)))
        number += 1
    return events


def _passer_by(rng: random.Random, number: int, moment: datetime) -> ShopOrder:
    brand = rng.choice(tuple(FITTING))
    dishes = rng.sample([dish for dish in DISHES.values() if dish.brand == brand], rng.randint(1, 4))
    lines = [
        _line(dish, rng.choice((1, 1, 1, 2, 3)), tuple(rng.sample(FITTING[brand], rng.choice((0, 0, 0, 1)))))
        for dish in dishes
    ]
    discount = Decimal()
    if rng.random() < 0.1:
        head = lines[0]
        lines[0] = Line(head.internal_id, head.title, 2, head.price, head.additions, TWO_FOR_ONE)
        discount = head.price
    if rng.random() < 0.08:
        lines.append(GIFT)
    pickup = rng.random() < 0.15
    delivery = Decimal() if pickup else Decimal(rng.choice((490, 690, 990)))
    total = sum((line.total for line in lines), Decimal()) - discount + delivery
    cash = rng.random() < 0.4
    change = rng.choice(("", str(total), str((int(total) // 5000 + 1) * 5000))) if cash else ""
    due = None
    if rng.random() < 0.06:
        due = _due(moment + timedelta(minutes=rng.randint(60, 150)), moment)
    return ShopOrder(
        id=_id(rng),
        number=number,
        created_at=moment,
        customer=rng.choice(NAMES),
        phone=_phone(rng),
        address=Address() if pickup else _somewhere(rng),
        brand=brand,
        source=rng.choice(("web", "mobile", "mobile")),
        method=PaymentMethod.CASH if cash else PaymentMethod.CARD,
        lines=tuple(lines),
        delivery_price=delivery,
        change=change,
        comment=rng.choice(COMMENTS) if rng.random() < 0.3 else "",
        discount=discount,
        due=due,
        declined_after_cooking=timedelta(seconds=90) if not cash and rng.random() < 0.02 else None,
    )


def _line(dish: Dish, quantity: int, additions: tuple[str, ...]) -> Line:
    return Line(
        dish.internal_id, dish.title, quantity, dish.price, tuple(ADDITIONS[key] for key in additions)
    )


def _somewhere(rng: random.Random) -> Address:
    return address(
        rng.choice(STREETS),
        f"{rng.randint(1, 240)}{rng.choice(('', '', 'а', '/2'))}",
        apt=str(rng.randint(1, 160)),
        entrance=str(rng.randint(1, 5)),
        level=str(rng.randint(1, 12)),
    )


def _due(wanted: datetime, arrives: datetime) -> datetime:
    """Round to five minutes and stay on the same day of the shop, if that leaves time to cook."""
    local = wanted.astimezone(SHOP_ZONE).replace(second=0, microsecond=0)
    local -= timedelta(minutes=local.minute % 5)
    midnight = arrives.astimezone(SHOP_ZONE).replace(hour=23, minute=55, second=0, microsecond=0)
    if local > midnight and midnight - arrives > timedelta(minutes=15):
        return midnight
    return local


def _id(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _phone(rng: random.Random) -> str:
    return f"7{rng.choice(OPERATORS)}{rng.randrange(10**7):07d}"
