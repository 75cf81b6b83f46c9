"""Seeded orders of the internal API as a shop would send them, with the odd corners that shops have."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

Order = dict[str, Any]

ALMATY = timezone(timedelta(hours=5))
NAMES = (
    "Айгерим Сатпаева",
    "Данияр Ким",
    "Нұрлан Әбенов",
    "Ольга Петрова",
    "Sam",
    "Қымбат Өтегенқызы",
    "Li Wei",
)
STREETS = (
    "улица Досмухамедова",
    "мкр. Самал-2",
    "проспект Абая",
    "ул. Жандосова",
    "жилой комплекс «Әл-Фараби»",
)
DISHES = (
    ("Маргарита", Decimal("1850.00")),
    ("Грибная", Decimal("2600.00")),
    ("Ролл «Филадельфия»", Decimal("2390.00")),
    ("Капучино 300 мл", Decimal("990.00")),
    ("Бауырсақ, 6 шт", Decimal("650.50")),
)
ADDITIONS = (("internal_0_0", "Салями", Decimal("300")), ("internal_486_0", "Оливки", Decimal("250")))
COMMENTS = (
    "",
    "",
    "Do not call me!!!",
    "Домофон не работает, позвоните",
    "Аллергия: <орехи> & мёд 🥜",
    "код 14К\nэтаж 3",
)


def make_orders(rng: random.Random, count: int, now: datetime | None = None, start: int = 0) -> list[Order]:
    """Make `count` orders; among any twelve in a row every corner occurs at least once."""
    moment = now or datetime.now(UTC)
    return [
        _order(rng, start + index, moment - timedelta(seconds=rng.randrange(30))) for index in range(count)
    ]


def _order(rng: random.Random, number: int, created: datetime) -> Order:
    lines = [_line(rng) for _ in range(rng.randint(1, 4))]
    corner = number % 12
    if corner in (1, 7):
        lines.append(_bonus_line())
    if corner in (2, 7):
        lines[0]["promo"] = {"promo_id": 12, "promo_title": "Первый заказ через мобильное приложение"}
        lines[0]["promo_code"] = {"promo_code_id": 5, "promo_code_value": "Cibo2022"}
    products = sum((Decimal(line["price"]["base_total"]) for line in lines), Decimal())
    if corner == 2:  # the remote applied a promo: the lines do not add up, and that is its word
        products -= Decimal("100.00")
    pickup = corner == 5
    delivery = Decimal("0.00") if pickup else Decimal(rng.choice(("400.00", "990.00")))
    total = products + delivery
    cash = corner in (0, 3, 9)
    order: Order = {
        "id": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        "created_at": created.astimezone(ALMATY).isoformat(timespec="milliseconds"),
        "status": "created",
        "payment_status": "paid",
        "payment_method": "cash" if cash else "card",
        "source_type": rng.choice(("web", "mobile")),
        "comment": COMMENTS[number % len(COMMENTS)],
        "change": str((int(total) // 5000 + 1) * 5000) if corner in (0, 3) else "",
        "brand": rng.choice(("cibosano", "meteor", "Ән & Дәм")),
        "products": lines,
        "customer": {
            "id": number + 1,
            "name": NAMES[number % len(NAMES)],
            "mobile_phone": f"77{rng.randrange(10**9):09d}",
        },
        "delivery": _delivery(rng, pickup, delivery, created if corner in (4, 10) else None),
        "price": {
            "delivery_base": f"{delivery:.2f}",
            "products_base": f"{products:.2f}",
            "order_base_total": f"{total:.2f}",
        },
    }
    if corner in (6, 7):  # fields that no document names
        order["loyalty"] = {"level": "gold", "points": 1200, "history": [1, None, {"ұпай": 3.5}]}
        order["customer"]["birthday"] = "1990-02-29"
        lines[0]["weight"] = "659 г"
    return order


def _line(rng: random.Random) -> Order:
    title, price = rng.choice(DISHES)
    quantity = rng.choice((1, 1, 1, 2, 3))
    additions = rng.sample(ADDITIONS, rng.choice((0, 0, 1, 2)))
    total = price * quantity + sum((addition[2] for addition in additions), Decimal())
    return {
        "internal_id": f"internal_{rng.randrange(500)}_{rng.randrange(3)}",
        "title": title,
        "quantity": quantity,
        "price": {"base_for_one": f"{price:.2f}", "base_total": f"{total:.2f}"},
        "additions": [{"internal_id": addition[0], "title": addition[1]} for addition in additions],
    }


def _bonus_line() -> Order:
    return {
        "internal_id": "internal_143_0",
        "quantity": 1,
        "paid_in_bonuses": True,
        "price": {"base_for_one": "0.00", "base_total": "0.00"},
        "additions": [],
    }


def _delivery(rng: random.Random, pickup: bool, price: Decimal, due_from: datetime | None) -> Order:
    street, home, apt = rng.choice(STREETS), f"{rng.randint(1, 250)}А", str(rng.randint(1, 180))
    due = None
    if due_from is not None:
        due = (due_from.astimezone(ALMATY) + timedelta(hours=2)).strftime("%H:%M %d:%m:%y")
    return {
        "address": "" if pickup else f"Алматы, {street}, {home}, кв/оф {apt}",
        "datetime": due,
        "address_level": "" if pickup else str(rng.randint(1, 12)),
        "address_entrance": "",
        "address_apt": "" if pickup else apt,
        "address_home": "" if pickup else home,
        "address_street": "" if pickup else street,
        "address_city": "" if pickup else "Алматы",
        "price": {"base_total": f"{price:.2f}"},
    }
