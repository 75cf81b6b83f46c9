"""Shop, counter and cooks of a rush, in a process of their own: each line asks for so many orders more."""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.sandbox.orders import ShopOrder
from posapp.sandbox.script import OrderArrives, day_script
from posapp.services import kitchen, orders
from posapp.storage.database import open_store
from posapp.storage.kitchen import tickets
from posapp.storage.store import Store
from tests.gui.orders.scene import listed

AT_ONCE = 40  # orders that are in the shop at any time
_COOK = Who("Olga", "kitchen-2")


class Rush:
    """Orders come one by one; each step of an order follows when so many more have come."""

    def __init__(self, store: Store) -> None:
        self._store = store
        script = day_script(7, datetime.now(UTC))
        coming = [event.order for event in script.events if isinstance(event, OrderArrives)]
        self._stock = [order for order in coming if order.address.text or order.address.street]
        self._number = 0
        self._here: deque[int] = deque()

    def more(self, count: int) -> None:
        """Let so many orders come, and the older ones go their way."""
        for _ in range(count):
            self._here.append(self._arrive())
            for pk, age in zip(reversed(self._here), range(len(self._here)), strict=True):
                self._go_on(pk, age)
            if len(self._here) > AT_ONCE:
                self._here.popleft()

    def _arrive(self) -> int:
        self._number += 1
        number = self._number
        order: ShopOrder = replace(
            self._stock[number % len(self._stock)],
            id=f"rush-{number}",
            number=number,
            created_at=datetime.now(UTC),
            customer=f"Guest {number}",
            comment=f"Door {number}, call first" if number % 3 == 0 else "",
            due=None,
        )
        return listed(self._store, [(order, Status.CREATED)])[order.id]

    def _go_on(self, pk: int, age: int) -> None:
        store = self._store
        if age == 2:
            orders.move(store, pk, Status.ACCEPTED, _COOK)
        elif age == 10:
            orders.move(store, pk, Status.COOKING, _COOK)
        elif age in (14, 18):
            self._tick(pk)
        elif age == 24:
            kitchen.bump(store, pk, "", (), _COOK)
        elif age == 30:
            orders.move(store, pk, Status.ONDELIVERY, _COOK)
        elif age == AT_ONCE:
            orders.move(store, pk, Status.DELIVERED, _COOK)

    def _tick(self, pk: int) -> None:
        ticket = tickets(self._store, {pk})[pk]
        waiting = [item for item in ticket.items if not item.done("")]
        if waiting:
            kitchen.tick(self._store, pk, waiting[0].item.key, "", _COOK)


def main() -> None:
    """Do what the lines ask for until they end."""
    store = open_store(Path(sys.argv[1]))
    rush = Rush(store)
    for line in sys.stdin:
        rush.more(int(line))
        sys.stdout.write("done\n")
        sys.stdout.flush()
    store.close_thread()


if __name__ == "__main__":
    main()
