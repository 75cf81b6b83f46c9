"""A lane with the staff API and a back end in memory, over a real database."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from posapp.config import RemoteConfig
from posapp.remote.api import Answer, Request
from posapp.remote.staff import StaffFormat
from posapp.storage.store import Store
from posapp.sync.lane import Lane
from tests.support.drf_shop import staff_order
from tests.support.shop_orders import Clock, order_fact
from tests.unit.sync.bench import said

CONFIG = RemoteConfig("kathmandu", "https://shop.example", format="staff", currency="NPR")
LIST = "apps/order/all/"


class StaffBench:
    """One lane and a back end in memory; `instead` may answer in its place."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.orders: dict[int, dict[str, Any]] = {}
        self.page_size = 2
        self.asked: list[tuple[str, str]] = []
        self.instead: Callable[[Request], Answer | None] = lambda request: None
        self.tokens = itertools.count(1)
        self.lane = Lane(store, CONFIG, StaffFormat(), "counter-1", Random(3))

    def put(self, *numbers: int, **changes: Any) -> None:
        for number in numbers:
            self.orders[number] = staff_order(number, **changes)

    def run(self, seconds: float = 0) -> None:
        end = self.clock.now + timedelta(seconds=seconds)
        while self.clock.now <= end:
            for _ in range(40):
                found = self.lane.poll(self.clock.now, self.tokens, urgent=False)
                for dispatch in found:
                    self.lane.answered([(dispatch.token, self.answer(dispatch.request))], self.clock.now)
                if not found:
                    break
            due = self.lane.next_due(self.clock.now, urgent=False)
            self.clock.now = max(due or end, self.clock.now + timedelta(milliseconds=50))
        self.clock.now = end

    def answer(self, request: Request) -> Answer:
        self.asked.append((request.method, request.path))
        found = self.instead(request)
        if found is not None:
            return found
        if request.path.startswith(LIST):
            return self.page(int(request.path.partition("?page=")[2] or 1))
        number = int(request.path.split("/")[2])
        if number not in self.orders:
            return said({"detail": "Not found."}, 404)
        self.orders[number] |= json.loads(request.body or b"{}")
        return said(self.orders[number])

    def page(self, number: int) -> Answer:
        rows = list(self.orders.values())[(number - 1) * self.page_size :][: self.page_size]
        more = number * self.page_size < len(self.orders)
        following = f"https://shop.example/{LIST}?page={number + 1}" if more else None
        return said({"count": len(self.orders), "next": following, "previous": None, "results": rows})

    def reads(self) -> list[str]:
        """Return the orders that were read by id."""
        return [path.split("/")[2] for method, path in self.asked if method == "GET" and LIST not in path]

    def pk(self, number: int) -> int:
        row = self.store.one("SELECT pk FROM orders WHERE remote_id = ?", (str(number),))
        assert row is not None
        return int(row[0])

    def fact(self, number: int, column: str) -> Any:
        return order_fact(self.store, self.pk(number), column)

    def count(self) -> int:
        row = self.store.one("SELECT count(*) FROM orders")
        assert row is not None
        return int(row[0])
