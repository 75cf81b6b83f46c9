"""An order of the internal API as its documentation shows it, and answers around it."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from posapp.remote.api import FormatSettings, Outcome, Reply
from posapp.remote.internal import InternalFormat

SHOP = FormatSettings("KZT", ZoneInfo("Asia/Almaty"))
FORMAT = InternalFormat()
ID = "7d424e65-3309-4064-a7d3-0c3da24b22a3"


def order(**changes: object) -> dict[str, Any]:
    """Return a fresh order; a change of None takes the field away, "a.b" reaches into objects and lists."""
    made: dict[str, Any] = {
        "id": ID,
        "created_at": "2022-03-05T17:50:13.513+06:00",
        "status": "created",
        "payment_status": "paid",
        "payment_method": "card",
        "source_type": "web",
        "comment": "Do not call me!!!",
        "change": "",
        "brand": "cibosano",
        "products": [
            {
                "internal_id": "internal_448_2",
                "title": "Маргарита",
                "quantity": 1,
                "price": {"base_for_one": "2600.00", "base_total": "3150.00"},
                "additions": [
                    {"internal_id": "internal_0_0", "title": "Салями"},
                    {"internal_id": "internal_486_0", "title": "Оливки"},
                ],
                "promo": {"promo_id": 12, "promo_title": "Первый заказ через мобильное приложение"},
                "promo_code": {"promo_code_id": 5, "promo_code_value": "Cibo2022"},
            },
            {
                "internal_id": "internal_195_0",
                "title": "Грибная",
                "quantity": 2,
                "price": {"base_for_one": "1850.00", "base_total": "4000.00"},
                "additions": [{"internal_id": "internal_0_0", "title": "Салями"}],
            },
            {
                "internal_id": "internal_143_0",
                "quantity": 1,
                "paid_in_bonuses": True,
                "price": {"base_for_one": "0.00", "base_total": "0.00"},
                "additions": [],
            },
        ],
        "customer": {"id": 1, "name": "Ivan", "mobile_phone": "79000000000"},
        "delivery": {
            "address": "Алматы, жилой комплекс Клубный дом на Чайковского, 149, кв/оф 123",
            "datetime": None,
            "address_level": "",
            "address_entrance": "",
            "address_apt": "123",
            "address_home": "149",
            "address_street": "жилой комплекс Клубный дом на Чайковского",
            "address_city": "Алматы",
            "price": {"base_total": "400.00"},
        },
        "price": {"delivery_base": "400.00", "products_base": "8550.00", "order_base_total": "8950.00"},
    }
    for path, value in changes.items():
        put(made, path, value)
    return made


def put(made: Any, path: str, value: object) -> None:
    """Set what `path` ("products.0.quantity") leads to."""
    *way, last = path.split(".")
    for step in way:
        made = made[int(step) if step.isdigit() else step]
    made[int(last) if last.isdigit() else last] = value


def without(path: str) -> dict[str, Any]:
    """Return an order without one field."""
    made: Any = order()
    inner = made
    *way, last = path.split(".")
    for step in way:
        inner = inner[int(step) if step.isdigit() else step]
    del inner[last]
    return made  # type: ignore[no-any-return]


def answer(body: object, status: int = 200, **headers: str) -> Reply:
    """Return an HTTP answer; a body that is not bytes is written as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    named = {"content-type": "application/json"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return Reply(status, named, content)


def read_rows(*rows: object) -> Outcome:
    """Return what the list of these rows comes to; bytes go in as they are."""
    texts = [row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode() for row in rows]
    return FORMAT.read_list(answer(b'{"orders": [' + b", ".join(texts) + b"]}"), SHOP)
