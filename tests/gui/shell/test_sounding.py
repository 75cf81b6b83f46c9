"""Which sound a station makes: once for each late order and each new matter, never one switched off."""

from __future__ import annotations

from posapp.domain.status import Status
from posapp.domain.who import station_itself
from posapp.services import orders
from posapp.storage.attention import Attention
from posapp.ui.attention import Novelties
from posapp.ui.sound import Availability, Sound
from tests.gui.shell.conftest import ChosenClock, Make, Running
from tests.support.faulty_remote import FaultyRemote


class Played:
    """A player that remembers what it was asked to play."""

    def __init__(self) -> None:
        self.sounds: list[Sound] = []

    def play(self, sound: Sound, volume: int = 70) -> bool:
        del volume
        self.sounds.append(sound)
        return True

    def available(self) -> Availability:
        return Availability(ok=True)


def seen(late: set[int], needing: set[str]) -> Attention:
    return Attention(frozenset(late), frozenset(needing))


def test_what_was_there_at_the_start_is_silent_and_what_is_new_sounds_once() -> None:
    novelties = Novelties()
    assert novelties.put(seen({1}, {"change 1"})) == ()
    assert novelties.put(seen({1}, {"change 1"})) == ()
    assert novelties.put(seen({1, 2}, {"change 1"})) == (Sound.LATE,)
    assert novelties.put(seen({1, 2}, {"change 1", "change 2"})) == (Sound.ERROR,)
    assert novelties.put(seen({1, 2}, {"change 1", "change 2"})) == ()


def test_an_order_is_late_once_even_if_it_was_on_time_between() -> None:
    novelties = Novelties()
    novelties.put(seen(set(), set()))
    assert novelties.put(seen({1}, set())) == (Sound.LATE,)
    assert novelties.put(seen(set(), set())) == ()
    assert novelties.put(seen({1}, set())) == ()


def test_a_matter_that_was_solved_and_comes_back_sounds_again() -> None:
    novelties = Novelties()
    novelties.put(seen(set(), set()))
    assert novelties.put(seen(set(), {"remote alma"})) == (Sound.ERROR,)
    assert novelties.put(seen(set(), set())) == ()
    assert novelties.put(seen(set(), {"remote alma"})) == (Sound.ERROR,)


def with_an_accepted_order(make: Make, shop: FaultyRemote, clock: ChosenClock) -> tuple[Running, Played]:
    shop.add(1)
    running = make(remote=shop, clock=clock, sounds=False)
    running.bot.waitUntil(lambda: bool(running.window.reader.state and running.window.reader.state.active))
    store = running.app.store
    row = store.one("SELECT pk FROM orders")
    assert row is not None
    orders.move(store, int(row[0]), Status.ACCEPTED, station_itself("other"))
    running.rest()
    played = Played()
    running.window.keeper.player = played
    return running, played


def test_an_order_that_gets_late_sounds_once(make: Make, shop: FaultyRemote) -> None:
    clock = ChosenClock()
    running, played = with_an_accepted_order(make, shop, clock)
    clock.pass_time(14 * 60)
    running.window.reader.refresh()
    running.rest()
    assert played.sounds == []
    clock.pass_time(2 * 60)
    for _ in range(3):
        running.window.reader.refresh()
        running.rest()
    assert played.sounds == [Sound.LATE]


def test_each_sound_can_be_switched_off(make: Make) -> None:
    running = make(sounds=False)
    played = Played()
    running.window.keeper.player = played
    switches = {
        Sound.LATE: "late_sound",
        Sound.ERROR: "error_sound",
        Sound.BUMP: "bump_sound",
        Sound.CHIME: "start_sound",
    }
    for sound in switches:
        running.app.context.play(sound)
    assert played.sounds == list(switches)
    for switch in switches.values():
        running.app.context.save_setting("alarm", switch, value=False)
    running.rest()
    for sound in switches:
        running.app.context.play(sound)
    assert len(played.sounds) == len(switches)
