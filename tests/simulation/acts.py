"""The single acts of a person at a station, each with what the referee has to know of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

from posapp.domain.outbox import STATUS
from posapp.domain.status import Kind, Status, allowed_moves, next_step
from posapp.domain.who import Who
from posapp.services import conflicts, decisions, edits, field_conflicts, orders
from posapp.services.conflict_case import read_case
from tests.simulation import carts
from tests.simulation.linework import changed_lines
from tests.simulation.referee import Referee
from tests.simulation.shop import FIELDS, REFUSED_TEXT
from tests.simulation.station import Station
from tests.simulation.world import World

UTC_ZONE = ZoneInfo("UTC")
ABOUT_TROUBLE = {"resolve", "choose", "decide", "give up"}
_ASKED = "SELECT patch FROM outbox WHERE order_pk = ? AND state = 'conflict' AND patch <> ''"
_OPEN = "SELECT id FROM outbox WHERE order_pk = ? AND state NOT IN ('confirmed', 'superseded') ORDER BY seq"
_CHOICES = ("mine", "theirs")


class Acts:
    """What people can do with an order."""

    def __init__(self, world: World, referee: Referee) -> None:
        self._world = world
        self._referee = referee
        self._names = FIELDS[world.mix.format]
        self._wrong = 0.0 if world.mix.calm else 0.1  # how often people type what the shop refuses
        self._made: dict[str, tuple[int, decisions.Decision]] = {}  # by station: its life, its last decision

    def act_of(
        self, what: str, station: Station, pk: int, facts: tuple[str, str, int], draw: Random
    ) -> Callable[[], object]:
        """Return an act; `facts` are what the person sees: status, kind and version."""
        status, kind, version = facts
        who = Who("anna", station.name)
        acts: dict[str, Callable[[], object]] = {
            "move": lambda: self._move(station, pk, Status(status), Kind(kind), version, draw, who),
            "undo": lambda: orders.undo(station.store, pk, who),
            "schedule": lambda: self._schedule(station, pk, draw, who),
            "edit": lambda: self._edit(station, pk, draw, who),
            "lines": lambda: self._lines(station, pk, draw, who),
            "take back": lambda: self._take_back(station, pk, who),
            "choose": lambda: self._choose(station, pk, draw, who),
            "acknowledge": lambda: orders.acknowledge(station.store, [pk], who),
            "resolve": lambda: self._resolve(station, pk, draw, who),
            "retry": lambda: conflicts.retry(station.store, self._rows(station, pk), who),
            "discard": lambda: self._discard(station, pk, who),
            "decide": lambda: self._decide(station, pk, draw, who),
            "give up": lambda: self._give_up(station, pk, who),
        }
        return acts[what]

    def last_decision(self, station: Station) -> int | None:
        """Return the order of the last decision that this station may still take back."""
        life, made = self._made.get(station.name, (-1, None))
        return made.pk if made is not None and life == station.life else None

    def reconsider(self, station: Station) -> None:
        """Take the last decision back."""
        _, made = self._made.pop(station.name)
        self._world.note("person", station.name, "reconsiders", made.pk)
        decisions.take_back(station.store, made, Who("anna", station.name))
        self._referee.reconsidered(made.pk)

    def _move(
        self, station: Station, pk: int, status: Status, kind: Kind, version: int, draw: Random, who: Who
    ) -> None:
        moves = allowed_moves(status, kind)
        if not moves:
            return
        chance = draw.random()
        target = next_step(status, kind) if chance < 0.65 else None
        if target is None:
            cancel = chance < 0.8 and Status.CANCELLED in moves
            target = Status.CANCELLED if cancel else draw.choice(moves)
        hold = draw.random() < 0.5
        expected = version if draw.random() < 0.5 else None
        self._world.note("person", station.name, "moves", pk, target.value, "held" if hold else "")
        moved = orders.move(station.store, pk, target, who, hold=hold, expected_version=expected)
        held = hold and target in {Status.CANCELLED, Status.DELIVERED}
        self._referee.moved(pk, moved.after.value, held=held)

    def _schedule(self, station: Station, pk: int, draw: Random, who: Who) -> None:
        at = self._world.clock() + timedelta(minutes=draw.choice((20, 60)))
        self._world.note("person", station.name, "schedules", pk)
        orders.schedule(station.store, pk, at, who)

    def _resolve(self, station: Station, pk: int, draw: Random, who: Who) -> None:
        choice = draw.choice(_CHOICES)
        self._world.note("person", station.name, "resolves", pk, choice)
        if choice == "mine":
            self._referee.forced(pk)
        self._referee.decided(pk)
        conflicts.resolve(station.store, pk, choice, who)

    def _edit(self, station: Station, pk: int, draw: Random, who: Who) -> None:
        names = draw.sample(self._names, draw.choice((1, 1, 2)))
        texts = {
            name: REFUSED_TEXT if draw.random() < self._wrong else f"{name} {draw.randrange(6)}"
            for name in names
        }
        self._world.note("person", station.name, "edits", pk, texts)
        if self._world.mix.format != "staff":
            self._referee.keeps(pk, texts)
        saved = edits.save(station.store, pk, texts, who, UTC_ZONE)
        self._referee.edited(pk, {name: texts[name] for name in saved.fields})

    def _lines(self, station: Station, pk: int, draw: Random, who: Who) -> None:
        """Add a line, take one away, change how many or with what."""
        form = self._world.mix.format
        rows = station.store.all(carts.LINES, (pk,))
        lines, text = changed_lines(form, rows, draw, wrong=draw.random() < self._wrong)
        self._world.note("person", station.name, "changes the lines of", pk, text)
        if form != "staff":
            self._referee.keeps(pk, {carts.CART: text})
        saved = edits.save(station.store, pk, {}, who, UTC_ZONE, lines=lines)
        # Options alone are none of a staff shop's business.
        told = saved.fields and text != carts.here_text(form, rows)
        self._referee.edited(pk, {carts.CART: text} if told else {})

    def _take_back(self, station: Station, pk: int, who: Who) -> None:
        self._world.note("person", station.name, "takes an edit back", pk)
        self._referee.decided(pk)
        edits.undo_save(station.store, pk, who)

    def _choose(self, station: Station, pk: int, draw: Random, who: Who) -> None:
        """Decide about each field in conflict."""
        found = station.store.all(_ASKED, (pk,))
        names = {
            name for (text,) in found for name, change in json.loads(text).items() if change[2] is not None
        }
        choices = {name: draw.choice(_CHOICES) for name in sorted(names)}
        self._world.note("person", station.name, "chooses", pk, choices)
        self._referee.decided(pk)
        field_conflicts.resolve_fields(station.store, pk, choices, who)

    def _rows(self, station: Station, pk: int) -> list[str]:
        return [row[0] for row in station.store.all(_OPEN, (pk,))][-1:]

    def _discard(self, station: Station, pk: int, who: Who) -> None:
        names = self._rows(station, pk)
        self._world.note("person", station.name, "discards", pk, *names)
        conflicts.discard(station.store, names, "a test", who)

    def _decide(self, station: Station, pk: int, draw: Random, who: Who) -> None:
        """Settle a conflict at the desk, where the decision can be taken back for a while."""
        case = read_case(station.store, pk)
        if case is None:
            return
        choices = {one.name: draw.choice(_CHOICES) for one in case.fields}
        self._world.note("person", station.name, "decides", pk, choices)
        if choices.get(STATUS) == "mine":
            self._referee.forced(pk)
        self._referee.decided(pk)
        made = decisions.decide(station.store, case, choices, who, hold=draw.random() < 0.7)
        self._made[station.name] = (station.life, made)

    def _give_up(self, station: Station, pk: int, who: Who) -> None:
        self._world.note("person", station.name, "gives up", pk)
        self._referee.decided(pk)
        made = decisions.give_up(station.store, pk, "a test", who, hold=True)
        self._made[station.name] = (station.life, made)
