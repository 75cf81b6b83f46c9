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
from rest_framework import serializers, status  # noqa: E402
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

DISTRICTS = """
    Achham Arghakhanchi Baglung Baitadi Bajhang Bajura Banke Bara Bardiya Bhaktapur Bhojpur Chitwan
    Dadeldhura Dailekh Dang Darchula Dhading Dhankuta Dhanusa Dolakha Dolpa Doti Eastern_Rukum Gorkha
    Gulmi Humla Ilam Jajarkot Jhapa Jumla Kailali Kalikot Kanchanpur Kapilvastu Kaski Kathmandu
    Kavrepalanchok Khotang Lalitpur Lamjung Mahottari Makwanpur Manang Morang Mugu Mustang Myagdi
    Nawalpur Nuwakot Okhaldhunga Palpa Panchthar Parasi Parbat Parsa Pyuthan Ramechhap Rasuwa Rautahat
    Rolpa Rupandehi Salyan Sankhuwasabha Saptari Sarlahi Sindhuli Sindhupalchok Siraha Solukhumbu Sunsari
    Surkhet Syangja Tanahun Taplejung Terhathum Udayapur Western_Rukum
""".replace("\n", " ").split()


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


STATE = State()


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


class OrderSerializer(serializers.Serializer):
    """The fields of the seed's table, with its bounds."""

    payment_status = serializers.ChoiceField([0, 1], required=False)
    payment_method = serializers.ChoiceField([0], required=False)
    order_status = serializers.ChoiceField([0, 1, 2, 3, 4], required=False)
    delivery_status = serializers.ChoiceField([0, 1, 2], required=False)
    name = serializers.CharField(max_length=100)
    addressline = serializers.CharField(max_length=100, required=False)
    street = serializers.CharField(max_length=250)
    city = serializers.CharField(max_length=50)
    district = serializers.ChoiceField([name.replace("_", " ") for name in DISTRICTS])
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    email = serializers.EmailField(max_length=255)
    country = serializers.CharField(required=False)
    order_date = serializers.DateTimeField(required=False)
    shipping_date = serializers.DateTimeField(required=False, allow_null=True)
    delivery_date = serializers.DateTimeField(required=False, allow_null=True)
    payment_date = serializers.DateTimeField(required=False, allow_null=True)
    delivery_class = serializers.IntegerField(required=False, min_value=0, max_value=2)
    shipping_cost = serializers.FloatField(required=False, min_value=0)
    c_email = serializers.CharField(max_length=254, required=False)
    c_name = serializers.CharField(max_length=180, required=False)
    customer = serializers.IntegerField(required=False)
    cart = serializers.IntegerField()


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
        return f"{STATE.next_host}/apps/order/all/?page=2"


class OrderList(APIView):
    """GET /apps/order/all/."""

    def get(self, request: Request) -> Response:
        """Answer every order in the chosen shape."""
        with STATE.lock:
            orders = [STATE.orders[number] for number in sorted(STATE.orders)]
        if STATE.shape == "object":
            return Response(orders[0])
        if STATE.shape == "page":
            pages = Pages()
            return pages.get_paginated_response(pages.paginate_queryset(orders, request))
        return Response(orders)


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
        with STATE.lock:
            order.update({name: request.data[name] for name in form.validated_data if name != "cart"})
            if STATE.fail_after > 0:
                STATE.fail_after -= 1
                return Response({"detail": "broken"}, status.HTTP_500_INTERNAL_SERVER_ERROR)
        return Response(order)

    @property
    def allowed_methods(self) -> list[str]:
        """Return what is in the header Allow."""
        return [name for name in super().allowed_methods if not (STATE.no_patch and name == "PATCH")]


def control(request: HttpRequest) -> JsonResponse:
    """Change what the test asks for and answer everything."""
    wishes = json.loads(request.body or b"{}")
    with STATE.lock:
        for name in ("shape", "page_size", "no_patch", "next_host", "fail_after"):
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
