"""The database server dies, silently or aloud: stations notice, keep changes of status, and bring them in."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from posapp.domain.errors import DatabaseAwayError, RefusedError
from posapp.domain.kept import Kept, KeptKind, KeptState, SeenOrder, Wish
from posapp.domain.people import Role
from posapp.domain.status import Kind, Status
from posapp.domain.who import Who
from posapp.services import orders, people
from posapp.services.kept import do_or_keep, take_back
from posapp.services.kept_return import bring_in, decide
from posapp.storage.database import open_store
from posapp.storage.fields import to_us
from posapp.storage.heartbeat import Heartbeat
from posapp.storage.kept import KeptJournal
from posapp.storage.store import Store
from tests.flow.server.conftest import Station, station
from tests.support import postgres
from tests.support.postgres import PostgresServer
from tests.support.shop_orders import ANNA, START, Clock, put_in, remote_order

BORIS = Who("boris", "kitchen-1")
PATIENCE_S = 20
Mortal = tuple[PostgresServer, str]

pytestmark = pytest.mark.expects_log("The database server is away")


def until(true: Callable[[], object], patience_s: float = PATIENCE_S) -> float:
    """Wait for something; return how long it took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < patience_s, "it never happened"
        time.sleep(0.02)
    return time.monotonic() - begun


@dataclass(frozen=True, slots=True)
class Shop:
    """Two computers, and the server between them."""

    mortal: PostgresServer
    counter: Station
    kitchen: Station

    def open(self, place: Station, clock: Clock | None = None) -> Store:
        """Open the database at one of the computers."""
        return open_store(place.data_dir, server=place.server, clock=clock or Clock())


@contextmanager
def beating(store: Store) -> Iterator[None]:
    """Look for the server as a window does."""
    heart = Heartbeat(store, lambda: bring_in(store, tuple))
    heart.start()
    try:
        yield
    finally:
        heart.stop()
        store.close_thread()
        if store.kept is not None:
            store.kept.close()


@pytest.fixture(scope="module")
def mortal() -> Iterator[Mortal]:
    """Return a server that the tests stop and start again, and its template."""
    with postgres.mortal_server() as made:
        yield made


@pytest.fixture
def shop(mortal: Mortal, tmp_path: Path) -> Iterator[Shop]:
    """Return a shop with two computers."""
    server, template = mortal
    made = server.fresh(template)
    places = [station(tmp_path / name, made, name) for name in ("counter-1", "kitchen-1")]
    shop = Shop(server, places[0], places[1])
    yield shop
    server.stop()
    server.start()
    server.drop(made)


def seen(store: Store, pk: int) -> SeenOrder:
    """Return an order as a screen shows it now."""
    row = store.one("SELECT code, status, kind, version, id FROM orders WHERE pk = ?", (pk,))
    assert row is not None
    return SeenOrder(pk, row[0], Status(row[1]), Kind(row[2]), row[3], row[4])


def move(store: Store, order: SeenOrder, target: Status, who: Who = ANNA, role: Role | None = None) -> object:
    """Move an order as the window does; return what the database made of it, or what is kept."""
    wish = Wish(order, KeptKind.MOVE, target, reason="no answer" if target is Status.CANCELLED else "")
    return do_or_keep(
        store, wish, who, role,
        lambda tx, version: orders.move_in(
            tx, order.pk, target, who, reason=wish.reason, expected_version=version
        ),
        seen=lambda: order.version,
    )  # fmt: skip


def after(order: SeenOrder, status: Status) -> SeenOrder:
    return SeenOrder(order.pk, order.code, status, order.kind, order.version, order.id)


def status_of(store: Store, pk: int) -> str:
    row = store.one("SELECT status FROM orders WHERE pk = ?", (pk,))
    assert row is not None
    return str(row[0])


def silence(server: PostgresServer, number: signal.Signals = signal.SIGSTOP) -> None:
    """Let every process of the server stand still, or go on: its sockets stay open, and nobody answers."""
    for pid in server.processes():
        os.kill(pid, number)


def journal_of(store: Store) -> KeptJournal:
    assert store.kept is not None
    return store.kept


def events(store: Store, kind: str) -> list[tuple[object, ...]]:
    """Return who did it, at which station and when, oldest first."""
    return store.all("SELECT actor, station, at FROM events WHERE kind = ? ORDER BY pk", (kind,))


def test_a_silent_server_is_noticed_and_nobody_waits_for_it(shop: Shop) -> None:
    store = shop.open(shop.counter)
    (pk,) = put_in(store, remote_order("r1"))
    order = seen(store, pk)
    with beating(store):
        until(lambda: shop.mortal.clients("posapp-pulse"))
        silence(shop.mortal)
        try:
            outcome: list[object] = []
            worker = threading.Thread(target=lambda: outcome.append(move(store, order, Status.ACCEPTED)))
            worker.start()
            # Nobody acts but this one, who already waits for an answer that never comes.
            took = until(lambda: store.away)
            worker.join(PATIENCE_S)
            assert took < 10  # 3.5 s on a computer that has nothing else to do
            assert isinstance(outcome[0], Kept)
            begun = time.monotonic()
            with pytest.raises(DatabaseAwayError, match="cannot be reached"):
                store.all("SELECT 1")
            assert time.monotonic() - begun < 1
        finally:
            silence(shop.mortal, signal.SIGCONT)
        until(lambda: not store.away)
        assert journal_of(store).figures.all == 0
        assert status_of(store, pk) == "accepted"
        # Whatever the server made of what it had half received: it was done once.
        assert len(events(store, "moved")) == 1


def test_what_is_kept_goes_in_with_its_time_and_its_person(shop: Shop) -> None:
    clock = Clock()
    store = shop.open(shop.counter, clock)
    pk, other = put_in(store, remote_order("r1"), remote_order("r2"))
    order = seen(store, pk)
    with beating(store):
        shop.mortal.stop()
        until(lambda: store.away)
        assert isinstance(move(store, order, Status.ACCEPTED), Kept)
        clock.pass_by(minutes=3)
        assert isinstance(move(store, after(order, Status.ACCEPTED), Status.COOKING, BORIS), Kept)
        assert isinstance(
            move(store, SeenOrder(other, "2", Status.CREATED, Kind.DELIVERY, 1), Status.CANCELLED), Kept
        )
        clock.pass_by(minutes=10)
        with pytest.raises(RefusedError, match="accepted"):  # the rules hold here, too
            move(store, after(order, Status.COOKING), Status.ACCEPTED)
        assert [entry.order.status for entry in journal_of(store).of_order(pk)] == ["created", "accepted"]
        shop.mortal.start()
        until(lambda: not store.away)

        assert (status_of(store, pk), status_of(store, other)) == ("cooking", "cancelled")
        at = [START, START + timedelta(minutes=3), START + timedelta(minutes=3)]
        assert events(store, "moved") == [
            (name, place, to_us(when))
            for (name, place), when in zip(
                [("anna", "counter-1"), ("boris", "kitchen-1"), ("anna", "counter-1")], at, strict=True
            )
        ]
        assert store.all("SELECT accepted_at FROM orders WHERE pk = ?", (pk,)) == [(to_us(START),)]
        queued = store.all("SELECT target, created_at FROM outbox WHERE order_pk = ? ORDER BY seq", (pk,))
        assert queued == [("accepted", to_us(at[0])), ("cooking", to_us(at[1]))]
        assert len(events(store, "brought_in")) == 3


def test_an_undo_takes_back_what_was_not_yet_brought_in(shop: Shop) -> None:
    store = shop.open(shop.counter)
    (pk,) = put_in(store, remote_order("r1"))
    order = seen(store, pk)
    with beating(store):
        shop.mortal.stop()
        until(lambda: store.away)
        move(store, order, Status.ACCEPTED)
        move(store, after(order, Status.ACCEPTED), Status.COOKING)
        assert (back := take_back(store, pk, ANNA, None)) is not None
        assert back.wish.target is Status.COOKING
        shop.mortal.start()
        until(lambda: not store.away)
        assert status_of(store, pk) == "accepted"
        assert take_back(store, pk, ANNA, None) is None
        orders.undo(store, pk, ANNA)
        assert status_of(store, pk) == "created"


def test_two_stations_that_worked_alone_meet_without_loss(shop: Shop) -> None:
    store, other = shop.open(shop.counter), shop.open(shop.kitchen)
    pks = put_in(store, *(remote_order(f"r{n}") for n in range(4)))
    first, second, both, against = (seen(store, pk) for pk in pks)
    with beating(store), beating(other):
        shop.mortal.stop()
        until(lambda: store.away and other.away)
        move(store, first, Status.ACCEPTED)
        move(other, second, Status.ACCEPTED, BORIS)
        move(store, both, Status.ACCEPTED)
        move(other, both, Status.ACCEPTED, BORIS)
        move(store, against, Status.CANCELLED)
        move(other, against, Status.ACCEPTED, BORIS)
        move(other, after(against, Status.ACCEPTED), Status.COOKING, BORIS)
        shop.mortal.start()
        until(lambda: not store.away and not other.away)
        until(lambda: not journal_of(store).figures.waiting)
        until(lambda: journal_of(store).figures.needs + journal_of(other).figures.needs)

        found = [status_of(store, pk) for pk in pks]
        assert found[:3] == ["accepted", "accepted", "accepted"]
        # Whoever came first is in the database; the other is asked, and what came behind it waits.
        if found[3] == "cancelled":
            ours, theirs, who, wanted = journal_of(other), store, BORIS, ["accepted", "cooking"]
        else:
            ours, theirs, who, wanted = journal_of(store), other, ANNA, ["cancelled"]
            until(lambda: status_of(store, pks[3]) == "cooking")
        kept = ours.of_order(pks[3])
        assert [entry.wish.target for entry in kept] == wanted
        assert kept[0].state is KeptState.NEEDS
        assert kept[0].found == ("cancelled" if found[3] == "cancelled" else kept[0].found)
        place = other if who is BORIS else store
        if who is BORIS:
            with pytest.raises(RefusedError):
                decide(place, kept[0].id, "mine", who)  # nothing leads out of a cancelled order
            assert decide(place, kept[0].id, "theirs", who) is Status.CANCELLED
        else:
            assert decide(place, kept[0].id, "mine", who) is Status.CANCELLED
        assert ours.figures.all == 0
        assert status_of(theirs, pks[3]) == "cancelled"
        assert len(events(store, "kept_dropped")) + len(events(store, "kept_taken")) == 1


def test_a_role_is_asked_here_and_again_in_the_database(shop: Shop) -> None:
    store = shop.open(shop.counter)
    (pk,) = put_in(store, remote_order("r1"))
    boss = people.add_person(store, "Boss", Role.MANAGER, "482951", ANNA)
    signed = people.sign_in(store, boss.id, "482951", "counter-1").who
    people.add_person(store, "Cook", Role.COOK, "5829", signed)
    order = seen(store, pk)
    with beating(store):
        shop.mortal.stop()
        until(lambda: store.away)
        with pytest.raises(RefusedError, match="needs a manager"):
            move(store, order, Status.ACCEPTED, signed, Role.COOK)
        # Somebody wrote into the journal past the window: the database does not know this sign-in.
        false = Who("Boss", "counter-1", "not a sign-in")
        assert isinstance(move(store, order, Status.ACCEPTED, false, Role.MANAGER), Kept)
        shop.mortal.start()
        until(lambda: not store.away)
        until(lambda: journal_of(store).figures.needs)
        assert status_of(store, pk) == "created"
        (entry,) = journal_of(store).entries()
        assert "was not signed in" in entry.why
        assert signed.sign_in not in (shop.counter.data_dir / "kept.db").read_bytes().decode("latin-1")
        decide(store, entry.id, "mine", signed)
        assert status_of(store, pk) == "accepted"


_PROGRAM = """
import sys, os, time
from pathlib import Path
from posapp.domain.kept import Kept
from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services.kept_return import bring_in
from posapp.storage.database import open_store
from posapp.storage.server import Server
from tests.flow.server.test_away import after, move, seen
mode, folder, url = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
pks = [int(word) for word in sys.argv[4].split(",")]
store = open_store(folder, server=Server(url))
orders = [seen(store, pk) for pk in pks]
print("ready", flush=True)
if mode == "keep":
    sys.stdin.readline()
    for order in orders:
        for before, target in ((Status.CREATED, Status.ACCEPTED), (Status.ACCEPTED, Status.COOKING)):
            made = move(store, after(order, before), target, Who("anna", "counter-1"))
            assert isinstance(made, Kept)
            print(order.pk, target.value, flush=True)
else:
    sys.stdin.readline()
    bring_in(store, tuple)
    print("over", flush=True)
"""


def program(shop: Shop, mode: str, pks: list[int]) -> subprocess.Popen[str]:
    """Start a station as a process of its own, and wait until it has the database open."""
    started = subprocess.Popen(
        [
            sys.executable, "-c", _PROGRAM, mode, str(shop.counter.data_dir), shop.counter.server.url,
            ",".join(map(str, pks)),
        ],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert started.stdout is not None
    assert started.stdout.readline().strip() == "ready"
    return started


def go(started: subprocess.Popen[str]) -> None:
    assert started.stdin is not None
    started.stdin.write("go\n")
    started.stdin.flush()


def test_a_kill_loses_nothing_that_was_shown_and_brings_nothing_in_twice(shop: Shop) -> None:
    chance = random.Random(8)
    store = shop.open(shop.kitchen)
    pks = [*put_in(store, *(remote_order(f"r{n}") for n in range(30)))]
    keeping = program(shop, "keep", pks)
    shop.mortal.stop()
    go(keeping)
    assert keeping.stdout is not None
    shown = [keeping.stdout.readline() for _ in range(chance.randint(20, 40))]
    keeping.kill()
    shown += [line for line in keeping.stdout.read().splitlines() if line.strip()]
    keeping.wait()
    for pipe in (keeping.stdin, keeping.stdout):
        assert pipe is not None
        pipe.close()
    shop.mortal.start()
    journal = KeptJournal(shop.counter.data_dir)
    kept = [f"{entry.order.pk} {entry.wish.target}" for entry in journal.entries()]
    assert kept[: len(shown)] == [line.strip() for line in shown]
    assert len(kept) <= len(shown) + 1

    over = False
    for patience_s in (0.02, 0.05, 0.1, 0.0):
        going = program(shop, "bring", pks[:1])
        go(going)
        if patience_s:
            time.sleep(patience_s * chance.random())
            going.kill()
        assert going.stdout is not None
        over = "over" in going.stdout.read()
        going.wait()
        for pipe in (going.stdin, going.stdout):
            assert pipe is not None
            pipe.close()
    assert over
    journal.refresh()
    assert journal.figures.all == 0
    journal.close()
    moved = store.all("SELECT order_pk, params FROM events WHERE kind = 'moved' ORDER BY pk")
    assert sorted(f"{pk} {json.loads(params)['to']}" for pk, params in moved) == sorted(kept)
    store.close_thread()
