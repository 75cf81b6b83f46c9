"""The database server dies, silently or aloud: stations notice, keep changes of status, and bring them in."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from posapp.domain.errors import DatabaseAwayError, RefusedError
from posapp.domain.kept import Kept, KeptState, SeenOrder
from posapp.domain.people import Role
from posapp.domain.status import Kind, Status
from posapp.domain.who import Who
from posapp.services import orders, people
from posapp.services.kept import take_back
from posapp.services.kept_return import decide
from posapp.storage.fields import to_us
from tests.flow.server.conftest import Shop
from tests.flow.server.lonely import (
    BORIS,
    PATIENCE_S,
    after,
    beating,
    events,
    journal_of,
    move,
    seen,
    status_of,
    until,
)
from tests.support.shop_orders import ANNA, START, Clock, put_in, remote_order

pytestmark = pytest.mark.expects_log("The database server is away")


def test_a_silent_server_is_noticed_and_nobody_waits_for_it(shop: Shop) -> None:
    store = shop.open(shop.counter)
    (pk,) = put_in(store, remote_order("r1"))
    order = seen(store, pk)
    with beating(store):
        until(lambda: shop.mortal.clients("posapp-pulse"))
        shop.mortal.freeze()
        try:
            outcome: list[object] = []
            worker = threading.Thread(target=lambda: outcome.append(move(store, order, Status.ACCEPTED)))
            worker.start()
            # Nobody acts but this one, who already waits for an answer that never comes.
            took = until(lambda: store.away)
            worker.join(PATIENCE_S)
            assert took < 30  # 4 s on a computer that has nothing else to do
            assert isinstance(outcome[0], Kept)
            begun = time.monotonic()
            with pytest.raises(DatabaseAwayError, match="cannot be reached"):
                store.all("SELECT 1")
            assert time.monotonic() - begun < 1
        finally:
            shop.mortal.thaw()
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
