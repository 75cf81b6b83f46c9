"""People at several stations on one server: leaving, new PINs and waits reach every window."""

from __future__ import annotations

from pathlib import Path

import pytest

from posapp.domain.errors import RefusedError
from posapp.domain.people import Role
from posapp.domain.who import station_itself
from posapp.services import people
from posapp.storage.people import signed_in
from posapp.storage.server import Server
from posapp.ui.widgets.text import PlainLabel
from tests.gui.people.test_lock import BOSS, CLERK, choose, lock_of, type_pin
from tests.gui.shell.conftest import Make
from tests.gui.shell.test_server import server
from tests.support.shop_orders import Clock, make_store

__all__ = ["server"]
ELSEWHERE = "counter-2"


def test_what_happens_to_people_at_one_station_reaches_the_window_of_another(
    server: Server, make: Make, tmp_path: Path
) -> None:
    running = make()
    clock = Clock()
    clock.now = running.app.store.clock()
    other = make_store(tmp_path / "other", clock, server)
    boss = people.add_person(other, "Olga", Role.MANAGER, BOSS, station_itself(ELSEWHERE))
    olga = people.sign_in(other, boss.id, BOSS, ELSEWHERE).who
    clerk = people.add_person(other, "Aigerim", Role.COUNTER, CLERK, olga)
    running.bot.waitUntil(lambda: len(running.window.people.people) == 2, timeout=10_000)
    running.rest()

    # The same person at two stations: each sign-in is its own.
    choose(running, "Aigerim")
    type_pin(running, CLERK)
    there = people.sign_in(other, clerk.id, CLERK, ELSEWHERE).who
    running.rest()
    assert running.window.ctx.who.actor == "Aigerim"
    assert not lock_of(running).isVisible()

    # A new PIN ends both; the old one opens nothing, and the wait is that of all stations.
    people.set_pin(other, clerk.id, "8024", olga)
    running.bot.waitUntil(lock_of(running).isVisible, timeout=10_000)
    assert signed_in(other, there.sign_in) is None
    for _ in range(5):
        with pytest.raises(RefusedError):
            people.sign_in(other, clerk.id, CLERK, ELSEWHERE)
    choose(running, "Aigerim")
    running.rest()
    running.bot.waitUntil(lambda: not lock_of(running).pad.isEnabled(), timeout=10_000)
    assert "Too many wrong PINs" in running.find(PlainLabel, "lockHint").text()

    # The manager's new PIN ends the wait, here too; who is let go is out at once and no longer offered.
    people.set_pin(other, clerk.id, "2580", olga)
    running.rest()
    choose(running, "Aigerim")
    running.rest()
    type_pin(running, "2580")
    assert not lock_of(running).isVisible()
    people.remove_person(other, clerk.id, olga)
    running.bot.waitUntil(lock_of(running).isVisible, timeout=10_000)
    assert [person.name for person in running.window.people.people] == ["Olga"]
    running.app.store.close_thread()
    other.close_thread()
