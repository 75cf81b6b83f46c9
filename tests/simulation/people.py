"""What people do: here, at the stations, and there, at the shop."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from posapp.domain.errors import PosError
from posapp.domain.who import Who
from tests.simulation import carts
from tests.simulation.acts import ABOUT_TROUBLE, Acts
from tests.simulation.menu import MenuActs
from tests.simulation.mix import SECOND
from tests.simulation.referee import Referee
from tests.simulation.shop import LADDER, WORDS, Record, Shop, is_final, word_of
from tests.simulation.staff_shop import StaffShop
from tests.simulation.station import REMOTE, Station
from tests.simulation.world import World

_ACTS = (
    ("move",) * 10
    + ("undo", "undo", "schedule", "acknowledge", "kick", "retry", "discard")
    + ("resolve",) * 2
    + ("decide",) * 3
    + ("edit",) * 5
    + ("take back", "choose", "give up")
)
_OTHERS = ("cancel", "cancel", "forward", "forward", "back", "any", "odd", "field", "field", "field")
_BUSY = ("move",) * 6 + ("edit",) * 4 + ("undo", "resolve")
_HERE = "SELECT pk, status, kind, sync, version FROM orders WHERE remote IS NOT NULL ORDER BY pk"


class Staff:
    """People at the stations."""

    def __init__(self, world: World, stations: list[Station], referee: Referee) -> None:
        self._world = world
        self._stations = stations
        self._referee = referee
        self._rng = world.rng("people")
        self._acts = Acts(world, referee)
        self._menu: MenuActs | None = None
        if world.mix.menu is not None and referee.menu is not None:
            self._menu = MenuActs(world, world.mix.menu, referee.menu, REMOTE)

    def plan(self) -> None:
        """Draw when people act: some by themselves, some in a hurry one after the other."""
        mix = self._world.mix
        at = 0
        for _ in range(mix.acts):
            hurry = self._rng.random() < 0.4
            at = at + int(self._rng.uniform(0, 3) * SECOND) if hurry else self._rng.randrange(mix.length)
            self._world.later(at, self.act)
        cooks = self._world.rng("carts")
        for _ in range(mix.cart_acts):
            self._world.later(cooks.randrange(mix.length), lambda: self._anywhere("lines", cooks))
        if mix.menu is not None:
            owner = self._world.rng("menu")
            for _ in range(mix.menu.acts):
                self._world.later(owner.randrange(mix.length), lambda: self._anywhere("menu", owner))

    def act(self) -> None:
        """Let somebody do something at one of the stations."""
        alive = [station for station in self._stations if station.alive]
        what = self._rng.choice(_BUSY if self._world.mix.busy else _ACTS)
        draw = Random(self._rng.getrandbits(32))
        self._do_at(alive, what, draw)

    def _anywhere(self, what: str, rng: Random) -> None:
        self._do_at(
            [station for station in self._stations if station.alive], what, Random(rng.getrandbits(32))
        )

    def _do_at(self, alive: list[Station], what: str, draw: Random) -> None:
        if not alive:
            return
        station = draw.choice(alive)
        station.guarded(lambda: self._at(station, what, draw))

    def _at(self, station: Station, what: str, draw: Random) -> None:
        if what == "menu" and self._menu is not None:
            self._menu.act(station.store, Who("anna", station.name), draw)
            return
        if what == "kick":
            self._world.note("kick", station.name)
            station.kick()
            return
        if what == "reconsider":
            pk = self._acts.last_decision(station)
            if pk is not None:
                self._do(station, pk, what, lambda: self._acts.reconsider(station))
            return
        found = station.store.all(_HERE)
        wanted = [row for row in found if what not in ABOUT_TROUBLE or row[3] in {"failed", "conflict"}]
        if wanted:
            pk, status, kind, _, version = draw.choice(wanted)
            facts = (status, kind, version)
            self._do(station, pk, what, self._acts.act_of(what, station, pk, facts, draw))
            if what in {"decide", "give up"} and draw.random() < 0.5:
                # Second thoughts come soon, or not at all.
                rest = int(draw.uniform(0.5, 9) * SECOND)
                self._world.later(rest, lambda: self._reconsider(station, draw))

    def _reconsider(self, station: Station, draw: Random) -> None:
        station.guarded(lambda: self._at(station, "reconsider", draw))

    def _do(self, station: Station, pk: int, what: str, act: Callable[[], object]) -> None:
        self._referee.person_begins(pk, what)
        try:
            act()
        except PosError as error:
            self._world.note("told", what, pk, error.title)
            self._referee.person_told()
        else:
            self._referee.person_done()


class Others:
    """People at the shop, who know nothing of this point of sale."""

    def __init__(self, world: World, shop: Shop, referee: Referee) -> None:
        self._world = world
        self._shop = shop
        self._referee = referee
        self._rng = world.rng("others")

    def plan(self) -> None:
        """Draw when they act, and which orders get lost."""
        mix = self._world.mix
        for _ in range(mix.foreign):
            self._world.later(self._rng.randrange(mix.length), self.act)
        for _ in range(mix.lost_orders):
            self._world.later(self._rng.randrange(mix.length), self._lose)

    def act(self) -> None:
        """Let somebody change an order at the shop."""
        record = self._rng.choice(list(self._shop.records.values()))
        what = self._rng.choice(_OTHERS)
        chance = Random(self._rng.getrandbits(32))
        if record.gone or (is_final(record.value) and not self._referee.is_watched(record.remote_id)):
            # Nobody watches what is finished for ever.
            return
        if what == "field":
            name = chance.choice(self._shop.changing)
            text = f"{name} {chance.randrange(6)}"
            if name == carts.CART:
                text = carts.others_text(record.text(name), chance)
            record.write(name, text, "them")
            self._world.note("others", record.remote_id, name, record.text(name))
            return
        if what == "odd":
            if not isinstance(self._shop, StaffShop):
                return
            record.set(self._world.now, (0, 2), "them")
            word = "(0, 2)"
        else:
            word = _wanted(record, what, chance)
            if word == word_of(record.value):
                return
            record.set(self._world.now, self._shop.coded(word, record.value), "them")
        self._world.note("others", record.remote_id, word)
        self._referee.others_changed(record)

    def _lose(self) -> None:
        record = self._rng.choice(list(self._shop.records.values()))
        rest = self._rng.choice((0, 0, 30, 90, 200))
        record.gone = True
        self._world.note("lost at the shop", record.remote_id, rest or "for ever")
        if rest:
            self._world.later(rest * SECOND, lambda: self._found(record))

    def _found(self, record: Record) -> None:
        record.gone = False
        self._world.note("found at the shop", record.remote_id)


def _wanted(record: Record, what: str, chance: Random) -> str:
    word = word_of(record.value)
    if what == "cancel":
        return "cancelled"
    if what == "any" or word not in LADDER:
        return chance.choice(WORDS)
    step = LADDER.index(word) + (1 if what == "forward" else -1)
    return LADDER[min(max(step, 0), len(LADDER) - 1)]
