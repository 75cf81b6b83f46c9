"""A pull of 10,000 orders: decoding with every check, and the way into the database."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from posapp.remote.api import FormatSettings, Outcome, Reply, Verdict
from posapp.remote.internal import InternalFormat
from posapp.services.intake import Source, take_in
from posapp.storage.models import Order, OrderLine, OrderRaw
from posapp.storage.store import Store
from tests.benchmarks.bench import Bench, opened, seconds_of, turned
from tests.benchmarks.figures import Figure, Goal, Line
from tests.support.faulty_orders import make_orders

NAME = "pull"
ROUNDS = 3
COUNT = 10_000
BYTES = 1_500  # of one order
_CHUNK = 500
_SETTINGS = FormatSettings("KZT", ZoneInfo("Asia/Almaty"))
_MOMENT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_COLUMNS = (
    "pk, id, code, remote, remote_id, format, status, status_at, shadow, payment_status, "
    "payment_method, source, brand, kind, customer_name, phone, phone_digits, address, street, "
    "home, apt, entrance, level, city, comment, change_from, due_text, delivery_cost, "
    "products_total, total, currency, created_at, received_at, noticed_by, urgency, version, "
    "sync, sync_reason, reasserts"
)
_INSERT = f"INSERT INTO orders({_COLUMNS}) VALUES ({', '.join('?' * len(_COLUMNS.split(',')))})"  # noqa: S608
_INSERT_LINE = (
    "INSERT INTO order_lines(order_pk, position, internal_id, title, quantity, unit_price, total, additions, "
    "promo_id, promo_title, promo_code_id, promo_code, paid_in_bonuses, notes) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, '[]', '', '', '', '', 0, '')"
)


class _Price(msgspec.Struct):
    base_for_one: str
    base_total: str


class _Product(msgspec.Struct):
    internal_id: str
    quantity: int
    price: _Price
    title: str = ""


class _Customer(msgspec.Struct):
    name: str
    mobile_phone: str


class _Delivery(msgspec.Struct):
    address: str
    address_street: str
    address_home: str
    address_apt: str
    address_city: str
    datetime: str | None = None


class _Totals(msgspec.Struct):
    delivery_base: str
    products_base: str
    order_base_total: str


class _Order(msgspec.Struct):
    id: str
    created_at: datetime
    status: str
    payment_status: str
    payment_method: str
    source_type: str
    brand: str
    comment: str
    change: str
    products: list[_Product]
    customer: _Customer
    delivery: _Delivery
    price: _Totals


class _List(msgspec.Struct):
    orders: list[_Order]


def run(bench: Bench) -> list[Line]:
    """Take the same answer in, in three ways, each time into an empty database."""
    body = make_body(COUNT)
    ways: dict[str, Callable[[Store], None]] = {
        "ours": lambda store: _ours(store, body),
        "limit": lambda store: _limit(store, body),
        "peewee": lambda store: _peewee(store, body),
    }
    seconds: dict[str, list[float]] = {name: [] for name in (*ways, "decode", "raw decode")}
    for number in bench.each_round(ROUNDS):
        seconds["decode"].append(seconds_of(lambda: _read(body)))
        seconds["raw decode"].append(seconds_of(lambda: msgspec.json.decode(body, type=_List)))
        for name in turned(list(ways), number):
            with opened(bench.empty("pull")) as store:
                seconds[name].append(seconds_of(lambda name=name, store=store: ways[name](store)))  # type: ignore[misc]
                assert store.one("SELECT count(*) FROM orders") == (COUNT,)

    def figure(name: str, key: str) -> Figure:
        return Figure(name, "s", tuple(seconds[key]))

    mine, limit = figure("", "ours"), figure("msgspec and executemany, no checks", "limit")
    goal = Goal("≤ 2 × the limit", mine.ratio_to(limit), 2)
    peer = figure("json and Peewee `insert_many`", "peewee")
    size = f"{COUNT:,} orders of {len(body) / COUNT / 1000:.1f} kB"
    return [
        Line(f"A pull of {size} into the database", mine, (peer,), limit, goal),
        Line(f"Decoding {size}", figure("with every check", "decode"), (), figure("msgspec", "raw decode")),
    ]


def make_body(count: int, seed: int = 7) -> bytes:
    """Return a list of orders as a shop sends it, filled up to 1.5 kB each."""
    rows: list[str] = []
    for order in make_orders(random.Random(seed), count, _MOMENT):
        short = BYTES - len(json.dumps(order, ensure_ascii=False).encode())
        if short > 0:
            order["comment"] += " " + "Позвоните, пожалуйста, за 10 минут. " * 60
            order["comment"] = order["comment"].encode()[:short].decode("utf-8", "ignore")
        rows.append(json.dumps(order, ensure_ascii=False))
    return ('{"orders": [' + ", ".join(rows) + "]}").encode()


def _read(body: bytes) -> Outcome:
    return InternalFormat().read_list(Reply(200, {"content-type": "application/json"}, body), _SETTINGS)


def _ours(store: Store, body: bytes) -> None:
    outcome = _read(body)
    assert (outcome.verdict, len(outcome.orders)) == (Verdict.OK, COUNT)
    take_in(store, Source("shop", "internal", "KZT"), outcome.orders, "bench")


def _order_row(pk: int, order: _Order, now: int) -> tuple[Any, ...]:
    place, price, who = order.delivery, order.price, order.customer
    made = int(order.created_at.timestamp() * 1_000_000)
    return (
        pk, order.id, str(pk), "shop", order.id, "internal", order.status, now, order.status,
        order.payment_status, order.payment_method, order.source_type, order.brand, "delivery", who.name,
        who.mobile_phone, who.mobile_phone, place.address, place.address_street, place.address_home,
        place.address_apt, "", "", place.address_city, order.comment, order.change, place.datetime or "",
        price.delivery_base, price.products_base, price.order_base_total, "KZT", made, now, "", now, 1,
        "synced", "", 0,
    )  # fmt: skip


def _limit(store: Store, body: bytes) -> None:
    """Decode with types and insert: nothing is checked, cleaned, compared or noted."""
    orders = msgspec.json.decode(body, type=_List).orders
    now = int(_MOMENT.timestamp() * 1_000_000)
    for start in range(0, COUNT, _CHUNK):
        chunk = orders[start : start + _CHUNK]
        with store.database.atomic("IMMEDIATE"):
            many = store.database.cursor().executemany
            many(_INSERT, [_order_row(pk, order, now) for pk, order in enumerate(chunk, start + 1)])
            many(
                _INSERT_LINE,
                [
                    (pk, place, line.internal_id, line.title, line.quantity, line.price.base_for_one,
                     line.price.base_total)
                    for pk, order in enumerate(chunk, start + 1)
                    for place, line in enumerate(order.products)
                ],
            )  # fmt: skip
            many(
                "INSERT INTO order_raw(order_pk, raw, received_at) VALUES (?, ?, ?)",
                [(pk, msgspec.json.encode(order).decode(), now) for pk, order in enumerate(chunk, start + 1)],
            )


def _peewee(store: Store, body: bytes) -> None:
    """Do it as one would with Peewee: dicts into insert_many."""
    orders = json.loads(body)["orders"]
    for start in range(0, COUNT, _CHUNK):
        chunk = list(enumerate(orders[start : start + _CHUNK], start + 1))
        with store.database.atomic("IMMEDIATE"):
            Order.insert_many([_peewee_order(pk, order) for pk, order in chunk]).execute()
            lines = [line for pk, order in chunk for line in _peewee_lines(pk, order)]
            for at in range(0, len(lines), _CHUNK):
                OrderLine.insert_many(lines[at : at + _CHUNK]).execute()
            OrderRaw.insert_many(
                [
                    {"order": pk, "payload": json.dumps(order, ensure_ascii=False), "received_at": _MOMENT}
                    for pk, order in chunk
                ]
            ).execute()


def _peewee_order(pk: int, order: dict[str, Any]) -> dict[str, Any]:
    place, price, who = order["delivery"], order["price"], order["customer"]
    return {
        "pk": pk, "id": order["id"], "code": str(pk), "remote": "shop", "remote_id": order["id"],
        "format": "internal", "status": order["status"], "status_at": _MOMENT, "shadow": order["status"],
        "payment_status": order["payment_status"], "payment_method": order["payment_method"],
        "source": order["source_type"], "brand": order["brand"], "kind": "delivery",
        "customer_name": who["name"], "phone": who["mobile_phone"], "phone_digits": who["mobile_phone"],
        "address": place["address"], "street": place["address_street"], "home": place["address_home"],
        "apt": place["address_apt"], "city": place["address_city"], "comment": order["comment"],
        "change_from": order["change"], "due_text": place["datetime"] or "",
        "delivery_cost": price["delivery_base"], "products_total": price["products_base"],
        "total": price["order_base_total"], "currency": "KZT",
        "created_at": datetime.fromisoformat(order["created_at"]), "received_at": _MOMENT,
        "urgency": _MOMENT, "sync": "synced",
    }  # fmt: skip


def _peewee_lines(pk: int, order: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "order": pk, "position": place, "internal_id": line["internal_id"],
            "title": line.get("title", ""), "quantity": line["quantity"],
            "unit_price": line["price"]["base_for_one"], "total": line["price"]["base_total"],
        }
        for place, line in enumerate(order["products"])
    ]  # fmt: skip
