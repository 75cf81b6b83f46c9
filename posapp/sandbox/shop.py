"""The training shop itself: its orders and its answers at a given moment, without clock or network."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.status import PaymentStatus, Status
from posapp.sandbox.orders import Json, ShopOrder, payload
from posapp.sandbox.script import DayScript, Milestone, OrderArrives, OutageBegins, OutageEnds

FINAL = (Status.DELIVERED, Status.CANCELLED)


@dataclass(slots=True)
class Held:
    """An order with what has become of it."""

    name: str
    order: ShopOrder
    status: Status = Status.CREATED
    payment_status: PaymentStatus = PaymentStatus.PAID


class Shop:
    """Plays a script: first `catch_up` with the time, then ask or update."""

    def __init__(self, script: DayScript) -> None:
        self.orders: dict[str, Held] = {}
        self.now = script.start
        self.outage = False
        self._script = script
        self._next = 0
        self._declines: list[tuple[datetime, str]] = []
        self._processing_id = 0

    def catch_up(self, now: datetime) -> list[str]:
        """Let everything happen that is due by now; returns the names of the events."""
        names: list[str] = []
        while (due := self.next_at()) is not None and due <= now:
            self.now = max(self.now, due)
            names.append(self._happen(due))
        self.now = max(self.now, now)
        return names

    def next_at(self) -> datetime | None:
        """Return when the next thing happens."""
        times = [event.at for event in self._script.events[self._next : self._next + 1]]
        times += [at for at, _ in self._declines[:1]]
        return min(times, default=None)

    def time_of(self, name: str) -> datetime | None:
        """Return when an event that is still to come happens; None for others."""
        for event in self._script.events[self._next :]:
            if event.name == name:
                return event.at
        for at, order_id in self._declines:
            if _declined(self.orders[order_id]) == name:
                return at
        return None

    def listed(self) -> list[Json]:
        """Return the orders that are paid and not yet confirmed."""
        return [
            payload(held.order, held.status, held.payment_status)
            for held in self.orders.values()
            if held.status is Status.CREATED and held.payment_status is PaymentStatus.PAID
        ]

    def one(self, order_id: str) -> Json | None:
        """Return one order, or None if there is none of that id."""
        held = self.orders.get(order_id)
        return None if held is None else payload(held.order, held.status, held.payment_status)

    def update(self, order_id: str, status: Status) -> Json:
        """Take a new status from the point of sale; returns the processing object."""
        held = self.orders[order_id]
        self._processing_id += 1
        held.status = status
        delay = held.order.declined_after_cooking
        known = any(waiting == order_id for _, waiting in self._declines)
        paid = held.payment_status is PaymentStatus.PAID
        if status is Status.COOKING and delay is not None and paid and not known:
            heapq.heappush(self._declines, (self.now + delay, order_id))
        return {"processing_object": {"id": self._processing_id, "status": "succeeded", "info": "Updated: 1"}}

    def _happen(self, due: datetime) -> str:
        if self._declines and self._declines[0][0] == due:
            held = self.orders[heapq.heappop(self._declines)[1]]
            if held.status not in FINAL:
                held.status = Status.CANCELLED
                held.payment_status = PaymentStatus.FAILED
            return _declined(held)
        event = self._script.events[self._next]
        self._next += 1
        match event:
            case OrderArrives(name=name, order=order):
                self.orders[order.id] = Held(name, order)
            case OutageBegins():
                self.outage = True
            case OutageEnds():
                self.outage = False
            case Milestone():
                pass
        return event.name


def _declined(held: Held) -> str:
    return f"{held.name}-declined"
