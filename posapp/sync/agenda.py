"""Which orders of a remote are to be looked at, and when: those with something to send, and the watched."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime

from posapp.storage.fields import from_us, to_us
from posapp.storage.store import Store
from posapp.sync.policy import ahead


class Agenda:
    """The orders of one remote; each is here at most once at a time, and not while it is busy."""

    def __init__(self, store: Store, remote: str, asked: Callable[[int], bool]) -> None:
        self.busy: set[int] = set()  # a request about them is under way
        self._store = store
        self._remote = remote
        self._asked = asked  # whether a person asked for a try since the order's last one
        self._ready: deque[int] = deque()
        self._sleeping: dict[int, datetime] = {}
        self._stale = True  # the outbox may hold orders that are not in `_ready`
        self._watch_due: datetime | None = None

    @property
    def is_clear(self) -> bool:
        """Tell whether no order is waiting to be looked at now."""
        return not (self._ready or self._stale)

    def wake(self) -> None:
        """Look at the outbox again: something was queued, withdrawn or decided."""
        self._stale = True

    def wake_all(self) -> None:
        """Look at all orders again, also at those that were put off."""
        self._sleeping.clear()
        self._watch_due = None
        self._stale = True

    def add(self, orders: Iterable[int]) -> None:
        """Look at these orders soon."""
        self._ready.extend(orders)

    def sleep(self, pk: int, until: datetime) -> None:
        """Put an order off."""
        self._sleeping[pk] = until

    def watch(self, time: datetime) -> None:
        """Look for watched orders at this time at the latest."""
        if self._watch_due is None or time < self._watch_due:
            self._watch_due = time

    @property
    def put_off_until(self) -> datetime | None:
        """Return when the first of the orders that were put off is due, None when there is none."""
        return min(self._sleeping.values(), default=None)

    def due(self, now: datetime) -> datetime | None:
        """Return when `next` will have something, None: not before something happens."""
        if not self.is_clear:
            return now
        watch = [] if self._watch_due is None else [self._watch_due]
        return min([*self._sleeping.values(), *watch], default=None)

    def next(self, now: datetime) -> int | None:
        """Return the next order to look at, None when there is none at this time."""
        for pk in [pk for pk, until in self._sleeping.items() if until <= now]:
            del self._sleeping[pk]
            self._ready.append(pk)
        while True:
            while self._ready:
                pk = self._ready.popleft()
                if pk not in self.busy and pk not in self._sleeping:
                    return pk
            if self._stale:
                self._stale = False
                self._ready.extend(self._waiting(now))
                self._ready.extend(self._watched(now))
            elif self._watch_due is not None and self._watch_due <= now:
                self._ready.extend(self._watched(now))
            if not self._ready:
                return None

    def _waiting(self, now: datetime) -> list[int]:
        """Return the orders with rows to be sent, the longest waiting first."""
        rows = self._store.all(
            "SELECT outbox.order_pk, outbox.not_before, outbox.hold_until FROM outbox "
            "JOIN orders ON orders.pk = outbox.order_pk "
            "WHERE outbox.state IN ('pending', 'in_flight') AND orders.remote = ? ORDER BY outbox.seq",
            (self._remote,),
        )
        found: dict[int, int] = {}
        for pk, not_before, hold_until in rows:
            found.setdefault(pk, max(not_before or 0, hold_until or 0))
        due = to_us(now)
        for pk, until in found.items():
            if until <= due:
                # Somebody decided that it need not be put off any longer.
                self._sleeping.pop(pk, None)
        return [pk for pk in found if pk not in self.busy and pk not in self._sleeping]

    def _watched(self, now: datetime) -> list[int]:
        """Return the orders that are due for a look, and remember when the next one is."""
        self._watch_due = None
        due: list[int] = []
        for pk, watch_at in self._store.all(
            "SELECT pk, watch_at FROM orders WHERE remote = ? AND watch_at IS NOT NULL ORDER BY watch_at",
            (self._remote,),
        ):
            if pk in self.busy or pk in self._sleeping:
                continue
            time = from_us(watch_at)
            if ahead(time, now) and not self._asked(pk):
                self.watch(time)
            else:
                due.append(pk)
        return due
