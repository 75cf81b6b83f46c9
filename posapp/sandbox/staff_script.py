"""The day of the shop in Thamel: its orders and what a colleague makes of them, from seed and start alone."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from posapp.sandbox.cast import TOUR
from posapp.sandbox.orders import Json
from posapp.sandbox.script import DAY
from posapp.sandbox.staff_cast import (
    COLLEAGUE_EDITS,
    LINES_TO_FIND,
    NAMES,
    STAFF_GUESTS,
    STREETS,
    StaffGuest,
)
from posapp.sandbox.staff_menu import PRODUCTS, SERVED
from posapp.sandbox.staff_orders import CartLine, StaffOrder, moment

FIRST_NUMBER, FIRST_CODE = 90_001, 2103  # the ids are far from the running numbers of other shops


@dataclass(frozen=True, slots=True)
class OrderComes:
    """A customer orders; the name of the event is that of the order too."""

    at: datetime
    name: str
    order: StaffOrder


@dataclass(frozen=True, slots=True)
class ColleagueSaves:
    """A colleague at the shop saves fields of an order."""

    at: datetime
    name: str
    order: str
    fields: Json


StaffEvent = OrderComes | ColleagueSaves


def staff_script(seed: int, start: datetime) -> tuple[StaffEvent, ...]:
    """Write the events in their order; the same seed and start give the same day."""
    rng = random.Random(f"staff {seed} {start.isoformat()}")
    events: list[StaffEvent] = [
        OrderComes(start + guest.arrives, guest.name, _invited(place, guest, start + guest.arrives))
        for place, guest in enumerate(STAFF_GUESTS)
    ]
    events += [
        ColleagueSaves(start + edit.at, edit.name, edit.order, dict(edit.fields)) for edit in COLLEAGUE_EDITS
    ]
    events += _passers_by(rng, start, len(STAFF_GUESTS))
    return tuple(sorted(events, key=lambda event: event.at))


def _invited(place: int, guest: StaffGuest, comes: datetime) -> StaffOrder:
    email = guest.email or f"{guest.name}@example.com"
    fields = _fields(comes, guest.customer, guest.phone, email, guest.shipping, paid=guest.paid)
    fields |= {
        "street": guest.street,
        "city": guest.city,
        "district": guest.district,
        "addressline": guest.addressline,
        "c_name": guest.account or guest.customer,
        "customer": 200 + place,
    }
    return _order(place, guest.name, fields, guest.items)


def _order(place: int, name: str, fields: Json, items: tuple[tuple[str, int], ...]) -> StaffOrder:
    lines = tuple(
        CartLine(100 + number, PRODUCTS[slug], quantity) for number, (slug, quantity) in enumerate(items, 1)
    )
    return StaffOrder(name, FIRST_NUMBER + place, str(FIRST_CODE + place), fields, lines)


def _fields(comes: datetime, customer: str, phone: str, email: str, shipping: Decimal, *, paid: bool) -> Json:
    """Return the writable fields of an order that has just come, in the API's order."""
    return {
        "payment_status": int(paid),
        "payment_method": 0,
        "order_status": 0,
        "delivery_status": 0,
        "name": customer,
        "addressline": "",
        "street": "",
        "city": "",
        "district": "",
        "phone": phone,
        "email": email,
        "country": "Nepal",
        "order_date": moment(comes),
        "shipping_date": None,
        "delivery_date": None,
        "payment_date": moment(comes) if paid else None,
        "delivery_class": 0,
        "shipping_cost": float(shipping),
        "c_email": email,
        "c_name": customer,
        "customer": None,
    }


def _passers_by(rng: random.Random, start: datetime, place: int) -> list[StaffEvent]:
    events: list[StaffEvent] = []
    comes = start + TOUR
    while (comes := comes + timedelta(seconds=rng.randint(150, 480))) < start + DAY:
        name = f"thamel-{place + 1}"
        events.append(OrderComes(comes, name, _passer_by(rng, place, name, comes)))
        if rng.random() < 0.2:
            saved = comes + timedelta(seconds=rng.randint(40, 240))
            changed = rng.choice((("phone", _phone(rng)), ("addressline", "Ring twice, please")))
            events.append(ColleagueSaves(saved, f"{name}-saved", name, dict([changed])))
        place += 1
    return events


def _passer_by(rng: random.Random, place: int, name: str, comes: datetime) -> StaffOrder:
    street, city, district = rng.choice(STREETS)
    email = f"guest{place}@example.com"
    shipping = Decimal(SERVED[district][0])
    fields = _fields(comes, rng.choice(NAMES), _phone(rng), email, shipping, paid=rng.random() < 0.5)
    fields |= {
        "street": f"{street} {rng.randint(1, 90)}",
        "city": city,
        "district": district,
        "addressline": rng.choice(LINES_TO_FIND),
        "customer": 200 + place,
    }
    slugs = rng.sample(list(PRODUCTS), rng.randint(1, 4))
    return _order(place, name, fields, tuple((slug, rng.choice((1, 1, 2))) for slug in slugs))


def _phone(rng: random.Random) -> str:
    begins = rng.choice(("9803", "9818", "9841", "9851", "9860"))
    return f"{begins} {rng.randrange(10**3):03d} {rng.randrange(10**3):03d}"
