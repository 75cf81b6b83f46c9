"""One lane over a real database, with a clock and a shop that the test moves."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from posapp.config import RemoteConfig
from posapp.domain.outbox import OrderSync
from posapp.domain.status import Status
from posapp.domain.timing import Targets
from posapp.domain.who import station_itself
from posapp.remote.api import Answer, NoReply, Reply, Request, Trouble
from posapp.remote.internal import InternalFormat
from posapp.services import conflicts, orders, sending
from posapp.storage import details
from posapp.storage.rows import OrderDetail, QueueRow
from posapp.sync.jobs import Dispatch
from posapp.sync.lane import Lane
from tests.support.faulty_orders import make_orders
from tests.support.shop_orders import Clock, make_store

WHO = station_itself("counter-1")
MOST_SPINS = 5
MOST_AT_ONCE = 300  # requests in one instant: more is a busy loop

Fault = Callable[[Request], Answer | None]


def said(value: Any, status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status, {"content-type": "application/json", **named}, json.dumps(value).encode())


def refused(words: str = "not possible") -> Reply:
    return said({"processing_object": {"id": 1, "status": "failed", "errors": words}})


PORTAL = Reply(200, {"content-type": "text/html"}, b"<html>Sign in to the network</html>")
CUT = NoReply(Trouble.UNKNOWN, "No whole answer came.")
DOWN = NoReply(Trouble.NOT_SENT, "It refuses connections.")
GONE = said({"error": "not found"}, 404)
FORBIDDEN = said({"error": "no"}, 403)


class Shop:
    """A shop in memory; `fault` may answer in its place."""

    def __init__(self, count: int) -> None:
        self.orders = {str(order["id"]): order for order in make_orders(Random(7), count, start=0)}
        for order in self.orders.values():
            order.update(status="created", payment_status="paid")
        self.ids = list(self.orders)
        self.fault: Fault | None = None
        self.asked: list[tuple[datetime, str, str, str]] = []  # when, what, order, status
        self.saved: list[tuple[str, str]] = []

    def answer(self, request: Request, now: datetime) -> Answer:
        remote_id = request.path.rpartition("/")[2].removesuffix(".json")
        what = "list" if remote_id == "orders" else "read" if request.method == "GET" else "write"
        status = json.loads(request.body)["order"]["status"] if request.body else ""
        self.asked.append((now, what, "" if what == "list" else remote_id, status))
        found = self.fault(request) if self.fault is not None else None
        return self.process(what, remote_id, status) if found is None else found

    def process(self, what: str, remote_id: str, status: str) -> Answer:
        if what == "list":
            return said({"orders": [order for order in self.orders.values() if order["status"] == "created"]})
        if remote_id not in self.orders:
            return GONE
        if what == "read":
            return said(self.orders[remote_id])
        self.orders[remote_id]["status"] = status
        self.saved.append((remote_id, status))
        return said({"processing_object": {"id": 1, "status": "succeeded", "info": "Updated: 1"}})

    def count(self, what: str = "") -> int:
        return sum(what in ("", entry[1]) for entry in self.asked)


class Bench:
    """The lane, its clock and its shop."""

    def __init__(self, path: Path, count: int = 1, *, collapse: str = "milestones") -> None:
        self.clock = Clock()
        self.store = make_store(path / "data", self.clock)
        self.shop = Shop(count)
        self.config = RemoteConfig("alma", "https://shop.example", collapse=collapse)
        self.tokens = itertools.count(1)
        self.urgent = False
        self.hold: Callable[[Dispatch], bool] | None = None  # which answers to keep back
        self.held: list[tuple[Dispatch, Answer]] = []
        self.restart()

    def restart(self) -> None:
        """Begin anew, as after a crash: only the database is left."""
        self.held.clear()
        self.lane = Lane(self.store, self.config, InternalFormat(), "counter-1", Random(3))

    @property
    def now(self) -> datetime:
        return self.clock()

    def run(self, seconds: float = 0) -> None:
        """Let the lane do what is due within these seconds."""
        end = self.now + timedelta(seconds=seconds)
        at_once = spins = 0
        while True:
            found = self.lane.poll(self.now, self.tokens, urgent=self.urgent)
            for dispatch in found:
                answer = self.shop.answer(dispatch.request, self.now)
                if self.hold is not None and self.hold(dispatch):
                    self.held.append((dispatch, answer))
                else:
                    self.lane.answered([(dispatch.token, answer)], self.now)
            at_once += len(found)
            assert at_once < MOST_AT_ONCE, "a busy loop"
            if found:
                continue
            due = self.lane.next_due(self.now, urgent=self.urgent)
            if due is None or due > end:
                self.clock.now = end
                return
            spins = spins + 1 if due <= self.now else 0
            assert spins < MOST_SPINS, "the lane says that something is due and does nothing"
            if due > self.now:
                at_once = 0
                self.clock.now = due

    def let_go(self) -> None:
        """Hand over the answers that were kept back."""
        held, self.held = self.held, []
        self.hold = None
        for dispatch, answer in held:
            self.lane.answered([(dispatch.token, answer)], self.now)

    def kick(self) -> int:
        return self.lane.kick(self.now)

    def move(self, *statuses: Status, number: int = 1, hold: bool = False) -> None:
        for status in statuses:
            orders.move(self.store, number, status, WHO, hold=hold)
        self.lane.agenda.wake()

    def undo(self, number: int = 1) -> None:
        orders.undo(self.store, number, WHO)
        self.lane.agenda.wake()

    def resolve(self, choice: str, number: int = 1) -> None:
        conflicts.resolve(self.store, number, choice, WHO)
        self.lane.agenda.wake()

    def retry(self, number: int = 1) -> None:
        conflicts.retry(self.store, [self.rows(number)[-1].id], WHO)
        self.lane.agenda.wake()

    def foreign(self, status: Status, number: int = 1) -> None:
        remote_id = self.shop.ids[number - 1]
        self.shop.orders[remote_id]["status"] = status.value

    def detail(self, number: int = 1) -> OrderDetail:
        found = details.order_detail(self.store, number, Targets())
        assert found is not None
        return found

    def status(self, number: int = 1) -> str:
        return self.detail(number).row.status

    def sync(self, number: int = 1) -> str:
        return self.detail(number).row.sync

    def view(self, number: int = 1) -> OrderSync:
        with self.store.write() as tx:
            found = sending.read_view(tx, number)
        assert found is not None
        return found

    def rows(self, number: int = 1) -> list[QueueRow]:
        return list(self.detail(number).queue)

    def states(self, number: int = 1) -> list[str]:
        return [str(item.state) for item in self.rows(number)]

    def there(self, number: int = 1) -> str:
        return str(self.shop.orders[self.shop.ids[number - 1]]["status"])

    def sent(self, number: int = 1) -> list[str]:
        """Return the statuses that were written for an order, saved or not."""
        return [entry[3] for entry in self.shop.asked if entry[1:3] == ("write", self.shop.ids[number - 1])]


def only(what: str, answer: Answer, times: int = 1_000_000, order: str = "") -> Fault:
    """Return a fault that gives this answer to so many lists, reads or writes (of one order)."""
    left = [times]

    def fault(request: Request) -> Answer | None:
        remote_id = request.path.rpartition("/")[2].removesuffix(".json")
        kind = "list" if remote_id == "orders" else "read" if request.method == "GET" else "write"
        if what not in ("", kind) or order not in ("", remote_id) or not left[0]:
            return None
        left[0] -= 1
        return answer

    return fault
