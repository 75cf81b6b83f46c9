"""The staff API's back end: all orders in pages, two numbers for a status, tokens that die."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from tests.simulation import carts
from tests.simulation.shop import FIELDS, PAIRS, REFUSED_TEXT, HttpAnswer, Record, Shop, Value, as_json

PAGE = 2
_LIST = "apps/order/all/"
_BOUNDS = {"order_status": 4, "delivery_status": 2, "payment_status": 1, "payment_method": 0}
_REQUIRED = ("name", "street", "city", "district", "email", "cart")


class StaffShop(Shop):
    """Django REST Framework as its documentation describes it."""

    form = "staff"
    names = FIELDS["staff"]

    def __init__(self, rng: Random, rule: str, refusal: int, secret: str) -> None:
        super().__init__(rng, rule, refusal, secret)
        self.known = "you"
        self.pages = True
        self.token_life = 0
        self.shown_cart = True
        self._alive: dict[str, int] = {}  # access tokens, and until when
        self._refresh = f"refresh-{secret}-0"
        self._issued = 0

    def new_id(self, number: int) -> str:
        return str(100 + number)

    def first(self) -> Value:
        return (0, 0)

    def coded(self, word: str, before: Value) -> Value:
        kept = before[1] if isinstance(before, tuple) else 0
        return (4, int(kept)) if word == "cancelled" else PAIRS[word]

    @property
    def refresh_token(self) -> str:
        """Return the refresh token that is good now."""
        return self._refresh

    def handle(self, method: str, path: str, headers: dict[str, str], body: bytes, at: int) -> HttpAnswer:
        self.listed = ()
        if path.startswith("api/token/"):
            return self._token(path, json.loads(body), at)
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        if self._alive.get(token, -1) < at:
            return as_json({"detail": "Given token not valid for any token type"}, 401)
        where, _, query = path.partition("?")
        if where == _LIST:
            return self._list(query)
        name, _, part = where.removeprefix("apps/order/").removesuffix("/").partition("/")
        record = self.records.get(name)
        if record is None or record.gone:
            return as_json({"detail": "Not found."}, 404)
        if method == "GET":
            return as_json(self.row(record))
        if part == "cart":
            return self._update_cart(record, json.loads(body), at)
        return self._update(record, json.loads(body), at, whole=method == "PUT")

    def _token(self, path: str, content: dict[str, str], at: int) -> HttpAnswer:
        if path == "api/token/refresh/" and content.get("refresh") != self._refresh:
            return as_json({"detail": "Token is blacklisted"}, 401)
        self._issued += 1
        access = f"access-{self.secret}-{self._issued}"
        self._alive[access] = at + self.token_life
        self._refresh = f"refresh-{self.secret}-{self._issued}"
        return as_json({"access": access, "refresh": self._refresh})

    def expire(self) -> None:
        """Let every access token die at once, as a restart with another key does."""
        self._alive.clear()

    def _list(self, query: str) -> HttpAnswer:
        all_of_them = [record for record in self.records.values() if not record.gone]
        if self.list_fault == "list_no_key":
            self.list_fault = ""
            return as_json({"detail": "Maintenance"})
        if not self.pages:
            return as_json(self.rows(all_of_them))
        number = int(query.removeprefix("page=") or 1)
        some = all_of_them[(number - 1) * PAGE : number * PAGE]
        more = number * PAGE < len(all_of_them)
        following = f"https://shop.example/{_LIST}?page={number + 1}" if more else None
        content = {"count": len(all_of_them), "next": following, "previous": None, "results": self.rows(some)}
        return as_json(content)

    def _update(self, record: Record, content: dict[str, Any], at: int, *, whole: bool) -> HttpAnswer:
        wrong = {
            name: ["Not a valid choice."]
            for name, most in _BOUNDS.items()
            if name in content and not (isinstance(content[name], int) and 0 <= content[name] <= most)
        }
        missing = [name for name in _REQUIRED if whole and name not in content]
        wrong |= {name: ["This field is required."] for name in missing}
        texts = {name: content[name] for name in self.names if name in content}
        wrong |= {name: ["There is no such place."] for name, text in texts.items() if text == REFUSED_TEXT}
        if wrong:
            return as_json(wrong, 400)
        now = record.value
        assert isinstance(now, tuple)
        asked = (content.get("order_status", now[0]), content.get("delivery_status", now[1]))
        if self.refuses(record, asked):
            return as_json({"order_status": [self.refusal()]}, 400)
        record.set(at, asked, "us")
        for name, text in texts.items():
            record.write(name, text, "us")
        return as_json(self.row(record))

    def _update_cart(self, record: Record, content: dict[str, Any], at: int) -> HttpAnswer:
        """Replace the lines: what is left out is gone."""
        text = carts.sent_text(content)
        if record.stubborn or carts.NO_DISH in text:
            return as_json({"products": [{"product": [self.refusal()]}]}, 400)
        record.set(at, record.value, "us")
        record.write(carts.CART, text, "us")
        return as_json(self.row(record))

    def row(self, record: Record) -> dict[str, Any]:
        assert isinstance(record.value, tuple)
        cart = {
            "no_of_items": 1,
            "products": carts.staff_lines(record.text(carts.CART)),
            "discounted_amount": 385.0,
            "total": 3465.0,
        }
        if self.shown_cart:
            cart["id"] = record.number
        return {
            "id": int(record.remote_id),
            "cart": cart,
            "final_cost": 3465.0,
            "payment_status": 1,
            "payment_method": 0,
            "order_status": record.value[0],
            "delivery_status": record.value[1],
            "code": f"1d07e32{record.number}",
            "name": record.text("name"),
            "addressline": "add-1234",
            "street": record.text("street"),
            "city": "Kathmandu",
            "district": "Baglung",
            "phone": "987654321",
            "email": "test@user.com",
            "country": "Nepal",
            "order_date": "2026-03-05T15:33:14.770166+02:00",
            "shipping_date": None,
            "delivery_date": None,
            "payment_date": None,
            "delivery_class": 0,
            "shipping_cost": 0.0,
            "c_email": "test@example.com",
            "c_name": "345wert",
            "customer": 207,
        }
