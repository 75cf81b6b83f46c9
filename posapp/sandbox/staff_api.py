"""The staff API of the training shop in Thamel: requests to answers."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from urllib.parse import parse_qs

from posapp.domain.districts import DISTRICTS
from posapp.sandbox.orders import Json
from posapp.sandbox.staff_menu import CATEGORIES, PRODUCTS, SERVED, UNIT, VAT, Product
from posapp.sandbox.staff_orders import StaffOrder, cart_payload, money, order_payload
from posapp.sandbox.staff_shop import StaffShop
from posapp.sandbox.staff_tokens import Tokens
from posapp.sandbox.web import Answer, Request

PAGE = 20
_ORDER = re.compile(r"/apps/order/([0-9]{1,9})/(cart/)?\Z", re.ASCII)
_NOT_FOUND: Json = {"detail": "Not found."}


class StaffApi:
    """Answers for the shop; every call but the sign-in and the districts wants a living token."""

    def __init__(self, shop: StaffShop, tokens: Tokens) -> None:
        self.shop = shop
        self.tokens = tokens

    def answer(self, request: Request) -> Answer:
        """Answer a request."""
        origin = f"http://{request.headers.get('host', 'localhost')}"
        if request.path.startswith("/api/token/"):
            return self._sign_in(request)
        if (request.method, request.path) == ("GET", "/apps/info/districts/"):
            return Answer(200, _districts())
        refusal = self.tokens.refusal(request.headers.get("authorization", ""))
        if refusal is not None:
            return Answer(401, refusal)
        found = _ORDER.match(request.path)
        if found is not None:
            return self._order(request, int(found[1]), is_cart=found[2] is not None, origin=origin)
        rows = self._rows(request.path, origin)
        if rows is None:
            return Answer(404, _NOT_FOUND)
        return _page(request, origin, rows) if request.method == "GET" else _not_allowed(request)

    def _rows(self, path: str, origin: str) -> list[Json] | None:
        """Return all rows of a list, None where there is no list."""
        match path:
            case "/apps/order/all/":
                return [order_payload(order, origin) for order in self.shop.orders.values()]
            case "/apps/product/":
                return [_product(product, origin) for product in PRODUCTS.values()]
            case "/apps/delivery-cost/":
                return _delivery_costs()
            case "/apps/tax/":
                return [_tax(origin)]
            case _:
                return None

    def _sign_in(self, request: Request) -> Answer:
        calls = {
            "/api/token/obtain/": self.tokens.obtain,
            "/api/token/refresh/": self.tokens.refresh,
            "/api/token/blacklist/": self.tokens.blacklist,
        }
        call = calls.get(request.path)
        if call is None:
            return Answer(404, _NOT_FOUND)
        if request.method != "POST":
            return _not_allowed(request)
        body = _decoded(request)
        return body if isinstance(body, Answer) else Answer(*call(body))

    def _order(self, request: Request, number: int, *, is_cart: bool, origin: str) -> Answer:
        order = self.shop.orders.get(number)
        if request.method not in ({"PUT", "PATCH"} if is_cart else {"GET", "PUT", "PATCH"}):
            return _not_allowed(request)
        if order is None:
            return Answer(404, _NOT_FOUND)
        if request.method == "GET":
            return Answer(200, order_payload(order, origin))
        body = _decoded(request)
        if isinstance(body, Answer):
            return body
        return self._save_cart(order, body, origin) if is_cart else self._save(request, order, body, origin)

    def _save(self, request: Request, order: StaffOrder, body: Json, origin: str) -> Answer:
        errors = self.shop.update(order, body, whole=request.method == "PUT")
        return Answer(400, errors) if errors else Answer(200, order_payload(order, origin))

    def _save_cart(self, order: StaffOrder, body: Json, origin: str) -> Answer:
        errors = self.shop.update_cart(order, body)
        if errors:
            return Answer(400, errors)
        # The one answer that names the cart: whoever wants to send a whole order by PUT learns it here.
        return Answer(200, {"id": order.cart_number, **cart_payload(order, origin)})


def _decoded(request: Request) -> Json | Answer:
    try:
        body = json.loads(request.body or b"{}")
    except ValueError as error:
        return Answer(400, {"detail": f"JSON parse error - {error}"})
    if isinstance(body, dict):
        return body
    words = f"Invalid data. Expected a dictionary, but got {type(body).__name__}."
    return Answer(400, {"non_field_errors": [words]})


def _not_allowed(request: Request) -> Answer:
    return Answer(405, {"detail": f'Method "{request.method}" not allowed.'})


def _page(request: Request, origin: str, rows: Sequence[Json]) -> Answer:
    """Cut the page that is asked for; `next` and `previous` are whole addresses."""
    text = parse_qs(request.query).get("page", ["1"])[0]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    shown = rows[(number - 1) * PAGE : number * PAGE]
    if number < 1 or (number > 1 and not shown):
        return Answer(404, {"detail": "Invalid page."})
    here = f"{origin}{request.path}"
    more = number * PAGE < len(rows)
    return Answer(
        200,
        {
            "count": len(rows),
            "next": f"{here}?page={number + 1}" if more else None,
            "previous": f"{here}?page={number - 1}" if number > 1 else None,
            "results": shown,
        },
    )


def _product(product: Product, origin: str) -> Json:
    return {
        "id": product.number,
        "url": f"{origin}{product.path}",
        "slug": product.slug,
        "sku": f"MP-{product.number}",
        "name": product.name,
        "short_description": product.description,
        "active": True,
        "price": money(product.price),
        "discount_percent": money(product.discount),
        "final_cost": money(product.final),
        "price_unit": UNIT,
        "stock_amount": None,
        "stock_unit": "pcs",
        "tax_type": f"{origin}/apps/tax/1/",
        "primary_category": f"{origin}/apps/category/{CATEGORIES.index(product.category) + 1}/",
        "images": [],
    }


def _tax(origin: str) -> Json:
    return {"id": 1, "url": f"{origin}/apps/tax/1/", "name": "VAT", "percent": money(VAT)}


def _delivery_costs() -> list[Json]:
    return [
        {
            "id": number,
            "district_name": name,
            "price_class_a": float(a),
            "price_class_b": float(b),
            "price_class_c": float(c),
            "price_unit": UNIT,
        }
        for number, (name, (a, b, c)) in enumerate(SERVED.items(), 1)
    ]


def _districts() -> Json:
    detail = [{name: [0, *costs]} for name, costs in SERVED.items()]
    return {"all": list(DISTRICTS), "deliverable": list(SERVED), "detail": detail}
