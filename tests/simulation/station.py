"""One process of posapp: a store, and a lane for as long as it holds the sender's lock."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from posapp.config import RemoteConfig
from posapp.domain.who import SYNC_ACTOR, Who
from posapp.remote.api import Answer, Format, Request
from posapp.remote.registry import format_named
from posapp.services.publishing import Shop
from posapp.services.republishing import queue_returned
from posapp.storage.feed import Change, Topic
from posapp.storage.locks import ProcessLock, sender_lock
from posapp.sync.lane import Lane
from posapp.sync.ledger import ORIGIN
from posapp.sync.product_lane import RETURN_EVERY, ProductLane
from tests.simulation.database import CrashError, SimulatedStore, Workshop
from tests.simulation.menu import CURRENCY
from tests.simulation.mix import SECOND, Mix
from tests.simulation.network import Flight, Network
from tests.simulation.referee import Referee
from tests.simulation.world import World

REMOTE = "alma"
LOCK_RETRY = SECOND
LOOK_AROUND = SECOND // 2
MOST_SPINS = 20
FINISH = 5 * SECOND
DROWSY = SECOND // 4  # the longest that answers may lie there before they are taken in


def config_of(mix: Mix) -> RemoteConfig:
    """Return the remote's settings."""
    return RemoteConfig(
        REMOTE,
        "https://shop.example",
        format=mix.format,
        poll_seconds=mix.poll_seconds,
        collapse=mix.collapse,
        update=mix.update,
    )


class Crashes:
    """Which commits of the seed, over all its processes, nobody survives."""

    def __init__(self, world: World) -> None:
        self.counted = 0
        self.enabled = True
        self._world = world
        self._at = set(world.mix.crashes)
        self._rng = world.rng("crashes")
        self._before = False

    def at_commit(self, moment: str) -> None:
        """Die if this commit is one of those; half of them die before it, half after."""
        if moment == "before":
            self.counted += 1
            self._before = self._rng.random() < 0.5
        if self.enabled and self.counted in self._at and (moment == "before") == self._before:
            self._at.discard(self.counted)
            self._world.note("crash", moment, "commit", self.counted)
            raise CrashError


class Station:
    """A process that can die and start again; only its database outlives it."""

    def __init__(
        self, name: str, world: World, shop: Workshop, net: Network, referee: Referee, crashes: Crashes
    ) -> None:
        self.name = name
        self.alive = True
        self.lane: Lane | None = None
        self.products: ProductLane | None = None
        self.urgent_until = 0
        self.others: list[Station] = []
        self.store: SimulatedStore = shop.open(world.clock, world.new_id)
        self.store.at_commit = crashes.at_commit
        self.store.feed.subscribe(self._changed)
        self.life = 0
        self._world = world
        self._net = net
        self._referee = referee
        self._lock: ProcessLock = sender_lock(shop.data_dir)
        self._format: Format = format_named(world.mix.format, world.mix.update)
        self._tokens = itertools.count(1)
        self._rng = world.rng(f"station {name}")
        self._due: int | None = None
        self._spins = 0
        self._returns_at = 0  # when to look what is on sale again
        self._closing = False
        self._inbox: list[tuple[Flight, Answer]] = []

    def start(self) -> None:
        """Begin: try to become the sender."""
        self.alive = True
        self._seek_lock(self.life)

    def _seek_lock(self, life: int) -> None:
        if life == self.life and self.lane is None and self._lock.acquire():
            self.guarded(self._become_sender)

    def lock_is_free(self) -> None:
        """Try for the lock within a second, as a waiting process does."""
        life = self.life
        if self.alive and self.lane is None:
            self._world.later(int(self._rng.random() * LOCK_RETRY), lambda: self._seek_lock(life))

    def _become_sender(self) -> None:
        mix = self._world.mix
        seed = Random(f"lane {mix.seed} {self.name} {self.life}")
        self._format = format_named(mix.format, mix.update)
        self._world.note("sender", self.name)
        self._referee.sender_starts(self)
        self.lane = Lane(self.store, config_of(mix), self._format, self.name, seed, parallel=mix.parallel)
        if mix.menu is not None:
            seed = Random(f"products {mix.seed} {self.name} {self.life}")
            self.products = ProductLane(self.store, self.lane, self.name, seed)
            self._returns_at = 0

    def guarded(self, act: Callable[[], None]) -> bool:
        """Do something that may kill the process; tell whether it lived."""
        try:
            act()
        except CrashError:
            self._referee.look_at_touched()
            if self._referee.menu is not None:
                self._referee.menu.crashed()
            self.die()
            return False
        self._referee.look_at_touched()
        return True

    def die(self, pause: int | None = None) -> None:
        """Lose all memory; the lock goes with it. Start again after a while."""
        self.life += 1
        self.alive = False
        self.lane = None
        if self.products is not None:
            self.products.close()
            self.products = None
        self._due = None
        self._closing = False
        self._inbox.clear()
        self._referee.sender_gone(self)
        self._lock.release()
        for other in self.others:
            other.lock_is_free()
        rest = pause if pause is not None else int(self._rng.uniform(0.2, 20) * SECOND)
        self._world.note("down", self.name)
        self._world.later(rest, self.start)

    def hand_over(self) -> None:
        """End as a window that is closed: wait a little for what is under way, then let go."""
        if self.lane is None or self._closing:
            return
        self._closing = True
        self._world.note("closing", self.name)
        life = self.life
        self._world.later(FINISH, lambda: self._closed(life))

    def _closed(self, life: int) -> None:
        if life == self.life:
            self.die(pause=int(self._rng.uniform(0.1, 5) * SECOND))

    def _changed(self, change: Change) -> None:
        self._referee.touched.update(change.orders)
        if Topic.CATALOGUE in change.topics:
            self._wake_products()
            if change.origin != ORIGIN:
                for other in self.others:
                    self._world.later(int(self._rng.random() * LOOK_AROUND), other.look_around)
        if Topic.QUEUE not in change.topics:
            return
        if change.origin != ORIGIN:
            if self.lane is not None:
                self.lane.agenda.wake()
            for other in self.others:
                self._world.later(int(self._rng.random() * LOOK_AROUND), other.look_around)

    def look_around(self) -> None:
        """Notice that another process wrote."""
        self._wake_products()
        if self.lane is not None:
            self.lane.agenda.wake()

    def _wake_products(self) -> None:
        if self.products is not None:
            self.products.wake()

    @property
    def is_asking(self) -> bool:
        """Tell whether a request has no answer yet."""
        lane = self.lane is not None and self.lane.under_way > 0
        return lane or (self.products is not None and self.products.under_way)

    def kick(self) -> None:
        """Try everything now, because a person asked; wherever the sender is."""
        for one in (self, *self.others):
            if one.lane is not None:
                one.lane.kick(self._world.clock())
                if one.products is not None:
                    one.guarded(one.products.kick)
                one.urgent_until = self._world.now + 30 * SECOND
        self._world.later(0, lambda: None)  # the senders look at once

    @property
    def due(self) -> int | None:
        """Return when `poll` will have something to do."""
        return self._due

    def poll(self) -> None:
        """Send what is due, as the driver does after each answer and each wait."""
        if self.lane is None or self._closing:
            self._due = None
            return
        self.guarded(self._poll)

    def _poll(self) -> None:
        lane = self.lane
        assert lane is not None
        now = self._world.clock()
        urgent = self._world.now < self.urgent_until
        sent = lane.poll(now, self._tokens, urgent=urgent)
        for dispatch in sent:
            self._carry(dispatch.token, dispatch.request)
        asked = self.products is not None and self._poll_products(self.products, now)
        dues = [lane.next_due(now, urgent=urgent)]
        if self.products is not None:
            dues.append(self.products.next_due(now))
        due = min((one for one in dues if one is not None), default=None)
        self._due = None if due is None else self._world.true_time(due)
        if sent or asked or self._due is None or self._due > self._world.now:
            self._spins = 0
            return
        self._spins += 1
        if self._spins > MOST_SPINS:
            self._world.broken("L3", "the lane says that something is due and does nothing")

    def _poll_products(self, products: ProductLane, now: datetime) -> bool:
        """Let a request about products leave, as the driver does; tell whether one did."""
        menu = self._world.mix.menu
        if menu is not None and menu.hides and self._world.now >= self._returns_at:
            self._returns_at = self._world.now + RETURN_EVERY // timedelta(microseconds=1)
            shops = (Shop(REMOTE, CURRENCY, hide_sold_out=True),)
            if queue_returned(self.store, shops, Who(SYNC_ACTOR, self.name), origin=ORIGIN):
                products.wake()
        request = products.poll(now)
        if request is not None:
            self._carry(next(self._tokens), request)
        return request is not None

    def _carry(self, token: int, request: Request) -> None:
        kind, remote_id = _about(request)
        flight = Flight(self, token, request, kind, remote_id, self._world.now)
        flight.life = self.life
        self._referee.sent(self, flight)
        self._net.carry(flight)

    def answered(self, flight: Flight, answer: Answer) -> None:
        """Take an answer in, unless the process that asked has died."""
        if flight.life != self.life or self.lane is None:
            return
        if flight.kind == "product":
            self._take_product(flight, answer)
            return
        self._inbox.append((flight, answer))
        if not self._world.mix.drowsy:
            self._take_all(self.life)
        elif len(self._inbox) == 1:
            # Meanwhile more may come: those are taken in together, in one commit.
            life = self.life
            self._world.later(int(self._rng.random() * DROWSY), lambda: self._take_all(life))

    def _take_product(self, flight: Flight, answer: Answer) -> None:
        products = self.products
        if products is None:
            return
        self._referee.answer_comes(self, flight, answer)
        if self.guarded(lambda: products.answered(answer, self._world.clock())):
            self._referee.answer_taken(self, flight, answer)

    def _take_all(self, life: int) -> None:
        lane = self.lane
        if life != self.life or lane is None:
            return
        # Lists first, as the lane does.
        taken = sorted(self._inbox, key=lambda one: one[0].kind != "list")
        self._inbox.clear()
        for flight, answer in taken:
            self._referee.answer_comes(self, flight, answer)
        self._referee.tally.add("answers together", len(taken) if len(taken) > 1 else 0)
        answers = [(flight.token, answer) for flight, answer in taken]

        if self.guarded(lambda: lane.answered(answers, self._world.clock())):
            for flight, answer in taken:
                self._referee.answer_taken(self, flight, answer)

    def close(self) -> None:
        """End for good."""
        with suppress(CrashError):
            self._lock.release()
        self.store.close_thread()


def _about(request: Request) -> tuple[str, str]:
    """Return what a request is and which order it is about."""
    path = request.path.partition("?")[0].rstrip("/").removesuffix(".json")
    if "products/" in path or "processing_status/" in path:
        return "product", ""
    name = path.removesuffix("/cart").rpartition("/")[2]
    if name in {"orders", "all"}:
        return "list", ""
    return ("read" if request.method == "GET" else "write"), name
