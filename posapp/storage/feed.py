"""The change feed: who wants to know is told after each commit, with what changed and who did it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

log = logging.getLogger(__name__)


class Topic(StrEnum):
    """What kind of thing changed."""

    ORDERS = "orders"
    QUEUE = "queue"
    REMOTES = "remotes"
    QUARANTINE = "quarantine"
    CALLS = "calls"
    COURIERS = "couriers"
    PRINTS = "prints"
    CATALOGUE = "catalogue"  # products, categories, and what is published of them
    SALES = "sales"  # drafts, payments, shifts
    STAFF = "staff"


ALL_TOPICS = frozenset(Topic)


@dataclass(frozen=True, slots=True)
class Change:
    """One commit. `orders` are primary keys; `foreign` means another process wrote: anything may differ."""

    topics: frozenset[Topic]
    orders: frozenset[int]
    origin: str
    foreign: bool = False


Listener = Callable[[Change], None]


class Feed:
    """Delivers changes to subscribers in the writer's thread; subscribers must be quick and not raise."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` for every change from now on; return the function that ends it."""
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    @property
    def heard(self) -> bool:
        """Tell whether anybody listens."""
        return bool(self._listeners)

    def publish(self, change: Change) -> None:
        """Tell everybody; the data is committed already, so a listener's bug must not reach the writer."""
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(change)
            except Exception:
                log.exception("A listener of the change feed failed")
