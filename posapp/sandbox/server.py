"""The training shops on the net: each API on a port of its own and, if wanted, a control door on another."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from posapp.domain.status import Status
from posapp.sandbox.clock import ShopClock
from posapp.sandbox.orders import Json
from posapp.sandbox.products import Shelf
from posapp.sandbox.shop import Shop
from posapp.sandbox.staff_api import StaffApi
from posapp.sandbox.web import Answer, Port, Request

ORDERS = "/internal_api/orders"
PROGRESS = "/internal_api/processing_status/"
MOST_SECONDS = 7 * 24 * 3600.0


class SandboxServer:
    """Answer for both shops; `key` is that of the internal API, `token` that of the control door, if any.

    They share one line: an outage takes both off the net.
    """

    def __init__(
        self, shop: Shop, staff: StaffApi, clock: ShopClock, *, key: str, token: str = "", port: int = 0
    ) -> None:
        self._shop = shop
        self._staff = staff
        self._clock = clock
        self._key = key
        self._token = token
        self._shelf = Shelf()
        self._outage_by_hand = False
        self._changed = asyncio.Event()
        self._api = Port(self._answer_api, self._utc, port)
        self._staff_api = Port(self._answer_staff, self._utc)
        self._control = Port(self._answer_control, self._utc) if token else None
        self._following = asyncio.Lock()

    @property
    def url(self) -> str:
        """The address of the internal API."""
        return self._api.url

    @property
    def staff_url(self) -> str:
        """The address of the staff API."""
        return self._staff_api.url

    @property
    def control_url(self) -> str:
        """The address of the control door; empty without one."""
        return "" if self._control is None else self._control.url

    async def open(self) -> None:
        """Open the ports."""
        if self._control is not None:
            await self._control.open()
        await self._catch_up()

    async def run_until(self, over: asyncio.Event) -> None:
        """Play the day until told to end, then close the ports."""
        player = asyncio.create_task(self._play())
        await over.wait()
        player.cancel()
        self._api.close()
        self._staff_api.close()
        if self._control is not None:
            self._control.close()

    # -- the day ---------------------------------------------------------------------------------------

    async def _play(self) -> None:
        """Let the day happen also when nobody asks: an outage must come by itself."""
        while True:
            self._changed.clear()
            due = [at for at in (self._shop.next_at(), self._staff.shop.next_at()) if at is not None]
            left = self._clock.seconds_until(min(due)) if due else None
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), left)
            await self._catch_up()

    async def _catch_up(self) -> list[str]:
        """Let happen what is due, and bring the ports of the shops in line with the outage."""
        names = self._shop.catch_up(self._clock.now()) + self._staff.shop.catch_up(self._clock.now())
        async with self._following:
            for port in (self._api, self._staff_api):
                if self._shop.outage or self._outage_by_hand:
                    port.refuse()
                else:
                    await port.open()
        return names

    def _utc(self) -> datetime:
        return self._clock.now().astimezone(UTC)

    # -- the APIs --------------------------------------------------------------------------------------

    async def _answer_staff(self, request: Request) -> Answer:
        await self._catch_up()
        return self._staff.answer(request)

    async def _answer_api(self, request: Request) -> Answer:
        await self._catch_up()
        if not _same(request.headers.get("api-key", ""), self._key):
            return _error(401, "unknown Api-Key")
        match request.method, request.path:
            case "GET", "/internal_api/orders.json":
                return Answer(200, {"orders": self._shop.listed()})
            case "GET", "/internal_api/sync_healthcheck.json":
                return Answer(200, {"status": "ok"})
            case (("GET" | "PUT"), path) if path.startswith(f"{ORDERS}/") and path.endswith(".json"):
                order_id = unquote(path[len(ORDERS) + 1 : -len(".json")])
                return self._read(order_id) if request.method == "GET" else self._write(order_id, request)
            case "POST", "/internal_api/products/upsert.json" | "/internal_api/products/bulk_import.json":
                return self._take_products(request)
            case "GET", path if path.startswith(PROGRESS) and path.endswith(".json"):
                report = self._shelf.progress(path[len(PROGRESS) : -len(".json")])
                return _error(404, "no such import") if report is None else Answer(200, report)
            case _:
                return _error(404, "not found")

    def _read(self, order_id: str) -> Answer:
        order = self._shop.one(order_id)
        return _error(404, "no such order") if order is None else Answer(200, order)

    def _write(self, order_id: str, request: Request) -> Answer:
        if self._shop.one(order_id) is None:
            return _error(404, "no such order")
        try:
            match json.loads(request.body):
                case {"order": {"status": str(word)}}:
                    status = Status(word)
                case _:
                    return _error(422, 'expected {"order": {"status": …}}')
        except ValueError:
            return _error(422, "unknown status, or no JSON")
        answer = Answer(200, self._shop.update(order_id, status))
        self._changed.set()
        return answer

    def _take_products(self, request: Request) -> Answer:
        try:
            content = json.loads(request.body)
        except ValueError:
            return _error(400, "no JSON")
        single = request.path.endswith("upsert.json")
        return Answer(200, self._shelf.upsert(content) if single else self._shelf.take_import(content))

    # -- the control door ------------------------------------------------------------------------------

    async def _answer_control(self, request: Request) -> Answer:
        if not _same(request.headers.get("authorization", ""), f"Bearer {self._token}"):
            return _error(401, "unknown token")
        try:
            body = json.loads(request.body) if request.body else {}
        except ValueError:
            return _error(400, "no JSON")
        if not isinstance(body, dict):
            return _error(400, "expected an object")
        match request.method, request.path:
            case "GET", "/_sandbox/state":
                return self._state(await self._catch_up())
            case "POST", "/_sandbox/advance":
                return await self._advance(body)
            case "POST", "/_sandbox/outage":
                return await self._set_outage(body)
            case _:
                return _error(404, "not found")

    async def _advance(self, body: Json) -> Answer:
        names = await self._catch_up()
        match body:
            case {"seconds": int() | float() as seconds} if 0 <= seconds <= MOST_SECONDS:
                by = timedelta(seconds=seconds)
            case {"to": str(name)}:
                moment = self._shop.time_of(name) or self._staff.shop.time_of(name)
                if moment is None:
                    return _error(409, f"no such event is still to come: {name}")
                by = moment - self._clock.now()
            case _:
                return _error(400, 'expected {"seconds": 0 or more} or {"to": "name"}')
        self._clock.advance(max(by, timedelta()))
        names += await self._catch_up()
        self._changed.set()
        return self._state(names)

    async def _set_outage(self, body: Json) -> Answer:
        match body:
            case {"on": bool(on)}:
                self._outage_by_hand = on
            case _:
                return _error(400, 'expected {"on": true or false}')
        if not on:
            self._shop.outage = False
        return self._state(await self._catch_up())

    def _state(self, names: list[str]) -> Answer:
        shop = self._shop
        orders = [
            {
                "name": held.name,
                "id": held.order.id,
                "status": str(held.status),
                "payment_status": str(held.payment_status),
            }
            for held in shop.orders.values()
        ]
        return Answer(
            200,
            {
                "now": self._utc().isoformat(),
                "happened": names,
                "outage": shop.outage or self._outage_by_hand,
                "orders": orders,
                "staff_orders": [
                    {"name": order.name, "id": str(order.number), "fields": order.fields}
                    for order in self._staff.shop.orders.values()
                ],
            },
        )


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("latin-1", "replace"), wanted.encode())


def _error(status: int, words: str) -> Answer:
    return Answer(status, {"error": words})
