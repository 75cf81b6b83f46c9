"""A shop's back end on Django REST Framework and SimpleJWT: the staff API with its own rules, in a process.

`python -m tests.support.drf_server FOLDER` prints its port and serves until its standard input ends. What a
test changes goes through `/control/`.
"""

from __future__ import annotations

import json
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="x" * 50,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    TIME_ZONE="Asia/Kathmandu",
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(Path(sys.argv[1]) / "shop.db")}
    },
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "rest_framework_simplejwt.token_blacklist",
    ],
    MIDDLEWARE=[f"{__name__}.remember"],
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
    SIMPLE_JWT={"ROTATE_REFRESH_TOKENS": True, "BLACKLIST_AFTER_ROTATION": True},
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402 - Django has to be set up first
from django.core.management import call_command  # noqa: E402
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import status  # noqa: E402
from rest_framework.exceptions import ValidationError  # noqa: E402
from rest_framework.pagination import PageNumberPagination  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402
from rest_framework_simplejwt.token_blacklist.models import (  # noqa: E402
    BlacklistedToken,
    OutstandingToken,
)
from rest_framework_simplejwt.tokens import AccessToken  # noqa: E402
from rest_framework_simplejwt.views import (  # noqa: E402
    TokenBlacklistView,
    TokenObtainPairView,
    TokenRefreshView,
)

from tests.support import drf_stock  # noqa: E402
from tests.support.drf_forms import DISTRICTS, CartSerializer, OrderSerializer, priced  # noqa: E402


class State:
    """What a test may look at and change."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.orders: dict[int, dict[str, Any]] = {}
        self.requests: list[dict[str, Any]] = []
        self.shape = "array"  # array | page | object
        self.page_size = 5
        self.no_patch = False
        self.next_host = ""  # what stands in `next` instead of this server
        self.fail_after = 0  # save so many writes, but answer 500
        self.refuse: dict[str, list[str]] = {}  # what it says of a field when one is sent
        self.ignore: list[str] = []  # fields that it takes and does not change
        self.catalogue = drf_stock.products()


STATE = State()
SETTABLE = (
    "shape", "page_size", "no_patch", "next_host", "fail_after", "catalogue", "refuse", "ignore",
)  # fmt: skip


def remember(get_response: Any) -> Any:
    """Keep every request for the tests."""

    def middleware(request: HttpRequest) -> Any:
        body = request.body.decode()
        answer = get_response(request)
        if not request.path.startswith("/control/"):
            entry = {"method": request.method, "path": request.get_full_path(), "status": answer.status_code}
            with STATE.lock:
                STATE.requests.append({**entry, "body": body})
        return answer

    return middleware


class Pages(PageNumberPagination):
    """Pages as large as the test wants them."""

    def get_page_size(self, request: Request) -> int:
        """Return how many orders a page has."""
        return STATE.page_size

    def get_next_link(self) -> str | None:
        """Return where the list goes on, elsewhere if the test wants that."""
        link = super().get_next_link()
        if link is None or not STATE.next_host:
            return link
        return f"{STATE.next_host}{self.request.path}?page=2"


def in_shape(rows: list[dict[str, Any]], request: Request) -> Response:
    """Answer a list in the chosen shape."""
    if STATE.shape == "object":
        return Response(rows[0])
    if STATE.shape == "page":
        pages = Pages()
        return pages.get_paginated_response(pages.paginate_queryset(rows, request))
    return Response(rows)


class OrderList(APIView):
    """GET /apps/order/all/."""

    def get(self, request: Request) -> Response:
        """Answer every order in the chosen shape."""
        with STATE.lock:
            orders = [STATE.orders[number] for number in sorted(STATE.orders)]
        return in_shape(orders, request)


def number_of_cart(order: dict[str, Any]) -> int:
    """Return the number of an order's cart; most answers do not tell it."""
    cart = order["cart"]
    found: int = cart if isinstance(cart, int) else cart.get("id", 1000 + order["id"])
    return found


class OneOrder(APIView):
    """GET, PUT and PATCH /apps/order/{id}/."""

    def get(self, request: Request, number: int) -> Response:
        """Answer one order."""
        order = STATE.orders.get(number)
        return Response(order) if order else Response({"detail": "Not found."}, status.HTTP_404_NOT_FOUND)

    def put(self, request: Request, number: int) -> Response:
        """Replace the writable fields."""
        return self._save(request, number, partial=False)

    def patch(self, request: Request, number: int) -> Response:
        """Change some of them."""
        if STATE.no_patch:
            return self.http_method_not_allowed(request)
        return self._save(request, number, partial=True)

    def _save(self, request: Request, number: int, *, partial: bool) -> Response:
        order = STATE.orders.get(number)
        if order is None:
            return Response({"detail": "Not found."}, status.HTTP_404_NOT_FOUND)
        form = OrderSerializer(data=request.data, partial=partial)
        form.is_valid(raise_exception=True)
        cart = form.validated_data.get("cart", number_of_cart(order))
        if cart != number_of_cart(order):
            raise ValidationError({"cart": [f'Invalid pk "{cart}" - object does not exist.']})
        refused = {name: words for name, words in STATE.refuse.items() if name in request.data}
        if refused:
            raise ValidationError(refused)
        with STATE.lock:
            kept = {name: order[name] for name in STATE.ignore}
            order.update(form.stored() | kept)
            if "shipping_cost" in form.validated_data and isinstance(order["cart"], dict):
                order["final_cost"] = round(order["cart"]["total"] + order["shipping_cost"], 2)
            if STATE.fail_after > 0:
                STATE.fail_after -= 1
                return Response({"detail": "broken"}, status.HTTP_500_INTERNAL_SERVER_ERROR)
        return Response(order)

    @property
    def allowed_methods(self) -> list[str]:
        """Return what is in the header Allow."""
        return [name for name in super().allowed_methods if not (STATE.no_patch and name == "PATCH")]


class Cart(APIView):
    """PUT and PATCH /apps/order/{id}/cart/."""

    def put(self, request: Request, number: int) -> Response:
        """Replace the lines."""
        order = STATE.orders.get(number)
        if order is None:
            return Response({"detail": "Not found."}, status.HTTP_404_NOT_FOUND)
        form = CartSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        cart = priced([dict(line) for line in form.validated_data["products"]], STATE.catalogue)
        with STATE.lock:
            known = order["cart"].get("id") if isinstance(order["cart"], dict) else order["cart"]
            order["cart"] = cart if known is None else {"id": known, **cart}
            order["final_cost"] = round(cart["total"] + order["shipping_cost"], 2)
        return Response(order["cart"])

    def patch(self, request: Request, number: int) -> Response:
        """Replace the lines."""
        return self.put(request, number)


class Stock(APIView):
    """GET of a list that stands around the orders; `rows` makes it."""

    rows: Any = None

    def get(self, request: Request) -> Response:
        """Answer it in the chosen shape."""
        return in_shape(self.rows(), request)


class Districts(APIView):
    """GET /apps/info/districts/, for everybody."""

    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request) -> Response:
        """Answer the districts."""
        return Response(drf_stock.districts(DISTRICTS))


def control(request: HttpRequest) -> JsonResponse:
    """Change what the test asks for and answer everything."""
    wishes = json.loads(request.body or b"{}")
    with STATE.lock:
        for name in SETTABLE:
            if name in wishes:
                setattr(STATE, name, wishes[name])
        if wishes.get("reset"):
            STATE.__init__()  # type: ignore[misc]
        for order in wishes.get("orders", []):
            STATE.orders[order["id"]] = STATE.orders.get(order["id"], {}) | order
        for number in wishes.get("remove", []):
            del STATE.orders[number]
        seen, STATE.requests = STATE.requests, [] if wishes.get("forget") else STATE.requests
        orders = [dict(order) for order in STATE.orders.values()]
    if "access_seconds" in wishes:
        AccessToken.lifetime = timedelta(seconds=wishes["access_seconds"])
    if wishes.get("end_refresh"):
        for token in OutstandingToken.objects.all():
            BlacklistedToken.objects.get_or_create(token=token)
    for name, password in wishes.get("passwords", {}).items():
        user, _ = User.objects.get_or_create(username=name)
        user.is_staff = name.startswith("staff")
        user.set_password(password)
        user.save()
    return JsonResponse({"orders": orders, "requests": seen})


urlpatterns = [
    path("api/token/obtain/", TokenObtainPairView.as_view(permission_classes=[])),
    path("api/token/refresh/", TokenRefreshView.as_view(permission_classes=[])),
    path("api/token/blacklist/", TokenBlacklistView.as_view(permission_classes=[])),
    path("apps/order/all/", OrderList.as_view()),
    path("apps/order/<int:number>/", OneOrder.as_view()),
    path("apps/order/<int:number>/cart/", Cart.as_view()),
    path("apps/info/districts/", Districts.as_view()),
    path("apps/delivery-cost/", Stock.as_view(rows=staticmethod(drf_stock.delivery_costs))),
    path("apps/product/", Stock.as_view(rows=staticmethod(lambda: STATE.catalogue))),
    path("apps/tax/", Stock.as_view(rows=staticmethod(drf_stock.taxes))),
    path("control/", control),
]


class _Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base
        """Say nothing."""


def main() -> None:
    """Serve until standard input ends."""
    call_command("migrate", verbosity=0)
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)  # noqa: T201 - the one word that the parent waits for
    sys.stdin.read()


if __name__ == "__main__":
    main()
