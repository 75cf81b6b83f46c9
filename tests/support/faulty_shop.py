"""The shop behind the faulty server: its orders and what it answers, strictly, when nothing goes wrong."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from tests.support.faulty_http import Request
from tests.support.faulty_orders import Order, make_orders
from tests.support.faulty_plan import Asked, FaultKind
from tests.support.faulty_products import ProductShelf
from tests.support.faulty_records import Answer, Change, Logged, as_error, as_json

STATUSES = ("created", "accepted", "cooking", "ondelivery", "timing", "edited", "delivered", "cancelled")
STRICT_MOVES = {
    "created": {"accepted", "timing", "edited", "cancelled"},
    "edited": {"accepted", "timing", "cooking", "cancelled"},
    "accepted": {"cooking", "timing", "edited", "cancelled"},
    "timing": {"accepted", "cooking", "edited", "cancelled"},
    "cooking": {"ondelivery", "delivered", "edited", "cancelled"},
    "ondelivery": {"delivered", "cooking", "cancelled"},
    "delivered": set(),
    "cancelled": set(),
}

Refuse = Callable[[str, str, str], str | None]


class FaultyShop:
    """Orders and the internal API upon them.

    `refuse(order_id, old, new)` returns the words of a refusal, or None. With `transitions="strict"` the
    table of allowed moves is applied, else every move is taken.
    """

    def __init__(
        self, *, api_key: str, seed: int, refuse: Refuse | None, transitions: Literal["any", "strict"]
    ) -> None:
        self.api_key = api_key
        self.refuse = refuse
        self.transitions = transitions
        self.health = "ok"
        self.shelf = ProductShelf()
        self.orders: dict[str, Order] = {}
        self.list_body_override: bytes | None = None
        self.order_body_override: bytes | None = None
        self._lock = threading.RLock()
        self._random = random.Random(f"orders {seed}")
        self._log: list[Logged] = []
        self._history: list[Change] = []
        self._processing_id = 0
        self._made = 0

    def add(self, what: int | Order = 1) -> list[str]:
        """Add so many seeded orders, or this one; returns their ids."""
        with self._lock:
            if isinstance(what, int):
                new = make_orders(self._random, what, start=self._made)
                self._made += what
            else:
                new = [what]
            self.orders.update((str(order["id"]), order) for order in new)
            return [str(order["id"]) for order in new]

    def set_status(self, order_id: str, status: str, payment_status: str | None = None) -> None:
        """Change an order as somebody else would."""
        with self._lock:
            order = self.orders[order_id]
            order["status"] = status
            if payment_status is not None:
                order["payment_status"] = payment_status
            self._history.append(Change(time.monotonic(), order_id, status, "foreign"))

    def remove(self, order_id: str) -> None:
        """Forget an order: from now on it answers 404."""
        with self._lock:
            del self.orders[order_id]

    def status(self, order_id: str) -> str:
        """Return the status that the server has."""
        with self._lock:
            return str(self.orders[order_id]["status"])

    def statuses(self) -> dict[str, str]:
        """Return the status of every order."""
        with self._lock:
            return {order_id: str(order["status"]) for order_id, order in self.orders.items()}

    def writes(self, order_id: str) -> list[str]:
        """Return the statuses that the client wrote and the server saved, in the order of saving."""
        return [change.status for change in self.history(order_id) if change.by == "client"]

    def history(self, order_id: str) -> list[Change]:
        """Return every saved change of one order, by whomever."""
        with self._lock:
            return [change for change in self._history if change.order_id == order_id]

    def _process(self, index: int, asked: Asked, request: Request, fault: FaultKind | None = None) -> Answer:
        with self._lock:
            entry = self._log[index]
            if entry.api_key != "right":
                return as_error(401, "unknown Api-Key")
            match asked.call:
                case "list":
                    return self._list(fault)
                case "health":
                    return as_json({"status": self.health})
                case "one" if asked.order_id in self.orders:
                    if self.order_body_override is not None:
                        return Answer(200, self.order_body_override)
                    return as_json(self.orders[asked.order_id])
                case "update" if asked.order_id in self.orders:
                    return self._update(index, asked.order_id, request)
                case "upsert" | "import" | "progress":
                    return self.shelf.answer(asked.call, asked.path, request.body)
                case _:
                    return as_error(404, "not found")

    def _list(self, fault: FaultKind | None) -> Answer:
        if self.list_body_override is not None:
            return Answer(200, self.list_body_override)
        listed = [
            order
            for order in self.orders.values()
            if order.get("status") == "created" and order.get("payment_status") == "paid"
        ]
        if fault is FaultKind.LIST_EMPTY:
            listed = []
        elif fault is FaultKind.LIST_GAP:
            listed = [order for order in listed if self._random.random() < 0.5][: len(listed) - 1]
        return as_json({"orders": listed})

    def _update(self, index: int, order_id: str, request: Request) -> Answer:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return as_error(415, "the body must be application/json")
        try:
            body = json.loads(request.body.decode())
        except ValueError:
            return as_error(400, "the body is not JSON")
        match body:
            case {"order": {"status": str(status), **more}, **rest} if not more and not rest:
                pass
            case _:
                return replace(self._failed('expected {"order": {"status": …}}'), status=422)
        old = str(self.orders[order_id]["status"])
        if status not in STATUSES:
            return replace(self._failed(f"Status is not included in the list: {status}"), status=422)
        if self.transitions == "strict" and status != old and status not in STRICT_MOVES[old]:
            return self._failed(f"Transition from {old} to {status} is not allowed")
        words = self.refuse(order_id, old, status) if self.refuse is not None else None
        if words is not None:
            return self._failed(words)
        now = time.monotonic()
        self.orders[order_id]["status"] = status
        self._history.append(Change(now, order_id, status, "client"))
        self._log[index] = replace(self._log[index], processed=True, processed_at=now)
        return self._succeeded("Updated: 1")

    def _succeeded(self, info: str) -> Answer:
        return self._processing_object({"status": "succeeded", "info": info})

    def _failed(self, errors: str) -> Answer:
        return self._processing_object({"status": "failed", "errors": errors})

    def _processing_object(self, fields: dict[str, str]) -> Answer:
        self._processing_id += 1
        return as_json({"processing_object": {"id": self._processing_id, **fields}})

    def _wrong_type(self, call: str) -> Answer:
        match call:
            case "list":
                return as_json({"orders": self.orders})
            case "update":
                return as_json({"processing_object": []})
            case _:
                return as_json([])
