"""The shop of the staff API itself: its orders at a given moment, without clock or network."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import datetime

from posapp.sandbox.orders import Json
from posapp.sandbox.staff_fields import check_cart, check_order
from posapp.sandbox.staff_orders import StaffOrder
from posapp.sandbox.staff_script import ColleagueSaves, OrderComes, StaffEvent


class StaffShop:
    """Plays a script: first `catch_up` with the time, then ask or update."""

    def __init__(self, events: tuple[StaffEvent, ...]) -> None:
        self.orders: dict[int, StaffOrder] = {}
        self._events = events
        self._next = 0

    def catch_up(self, now: datetime) -> list[str]:
        """Let everything happen that is due by now; returns the names of the events."""
        names: list[str] = []
        while self._next < len(self._events) and self._events[self._next].at <= now:
            event = self._events[self._next]
            self._next += 1
            self._happen(event)
            names.append(event.name)
        return names

    def next_at(self) -> datetime | None:
        """Return when the next thing happens."""
        return self._events[self._next].at if self._next < len(self._events) else None

    def time_of(self, name: str) -> datetime | None:
        """Return when an event that is still to come happens; None for others."""
        return next((event.at for event in self._events[self._next :] if event.name == name), None)

    def update(self, order: StaffOrder, body: Mapping[str, object], *, whole: bool) -> Json:
        """Store fields of an order, all of them or none; returns what is wrong by field."""
        checked = check_order(body, whole=whole, cart=order.cart_number)
        if not checked.errors:
            order.fields.update(checked.values)
        return checked.errors

    def update_cart(self, order: StaffOrder, body: object) -> Json:
        """Store the lines of an order's cart, all of them or none; returns what is wrong."""
        lines, errors = check_cart(body)
        if not errors:
            order.lines = lines
        return errors

    def _happen(self, event: StaffEvent) -> None:
        match event:
            case OrderComes(order=order):
                # The script stays as it was written: other shops may play it too.
                self.orders[order.number] = copy.deepcopy(order)
            case ColleagueSaves(order=name, fields=fields):
                order = next(one for one in self.orders.values() if one.name == name)
                order.fields.update(fields)
