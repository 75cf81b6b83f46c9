"""The watch over the alarm in the real window: what it warns of, in which words, and what its buttons do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from posapp.ui.loudspeaker import Speaker
from posapp.ui.sound import Availability, Sound
from posapp.ui.watch import Clocks, elapsed_s, now_on_the_wall
from posapp.ui.widgets.banner import Banner
from tests.gui.shell.conftest import ChosenClock, Make, Running
from tests.support.faulty_remote import FaultyRemote


class Mute:
    """A player of which somebody says whether it works."""

    def __init__(self, reason: str = "") -> None:
        self.reason = reason

    def play(self, sound: Sound, volume: int = 70) -> bool:
        del sound, volume
        return not self.reason

    def available(self) -> Availability:
        return Availability(ok=not self.reason, reason=self.reason)


class Asleep:
    """The two clocks of a computer that sleeps when it is told to."""

    def __init__(self) -> None:
        self.wall = now_on_the_wall()
        self.elapsed = elapsed_s()

    def sleep(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.elapsed += seconds

    def clocks(self) -> Clocks:
        return Clocks(lambda: self.wall, lambda: self.elapsed)


def bar(running: Running, name: str) -> Banner:
    return running.find(Banner, name)


def put_to_sleep(running: Running, seconds: float) -> None:
    pair = Asleep()
    running.window.watch.clocks = pair.clocks()
    running.window.watch.tick()
    pair.sleep(seconds)
    running.window.watch.tick()


def test_all_is_quiet_while_all_is_well(make: Make, shop: FaultyRemote) -> None:
    running = make(remote=shop)
    running.window.keeper.player = Mute()
    running.bot.waitUntil(lambda: shop.count("list") > 0, timeout=15_000)
    running.window.watch.tick()
    running.rest()
    assert running.window.warnings.isHidden()


@pytest.mark.parametrize(
    ("speaker", "words"),
    [(Speaker.MUTED, "loudspeaker is muted"), (Speaker.MISSING, "No loudspeaker is found")],
)
def test_a_loudspeaker_that_nobody_hears_is_told_with_a_remedy(
    make: Make, speaker: Speaker, words: str
) -> None:
    running = make()
    running.window.keeper.player = Mute()
    running.window.watch.check.known.emit(speaker)
    assert bar(running, "soundBanner").isVisible()
    assert words in bar(running, "soundBanner").text
    assert "switch the sound off" in bar(running, "soundBanner").accessibleName()
    assert running.clipped() == []
    running.window.watch.check.known.emit(Speaker.AUDIBLE)
    assert running.window.warnings.isHidden()


def test_a_missing_player_is_told_and_the_button_opens_the_settings(make: Make) -> None:
    running = make()
    running.window.keeper.player = Mute("This computer has no sound player.")
    running.window.watch.tick()
    sound = bar(running, "soundBanner")
    assert "has no sound player" in sound.accessibleName()
    QTest.mouseClick(sound.button, Qt.MouseButton.LeftButton)
    running.rest()
    assert running.window.screen_key == "settings"
    assert running.settings.list.current == "alerts"


def test_a_station_that_was_made_silent_on_purpose_is_not_nagged(make: Make) -> None:
    running = make()
    running.window.keeper.player = Mute("Broken.")
    running.window.watch.tick()
    assert bar(running, "soundBanner").isVisible()
    running.app.context.save_setting("alarm", "sound", value=False)
    running.rest()
    assert running.window.warnings.isHidden()


def test_after_a_sleep_the_shop_is_asked_at_once_and_the_window_says_so(
    make: Make, shop: FaultyRemote
) -> None:
    running = make(remote=shop)
    running.bot.waitUntil(lambda: shop.count("list") > 0, timeout=15_000)
    shop.add(1)
    before = shop.count("list")
    put_to_sleep(running, 754)
    gap = bar(running, "gapBanner")
    assert gap.isVisible()
    assert gap.text == "This computer slept or stood still for 12 min."
    running.bot.waitUntil(lambda: shop.count("list") > before, timeout=3_000)
    running.bot.waitUntil(lambda: "All orders are here now." in gap.accessibleName(), timeout=5_000)
    QTest.mouseClick(gap.button, Qt.MouseButton.LeftButton)
    assert running.window.warnings.isHidden()


def test_a_clock_that_was_moved_is_told_apart_from_a_sleep(make: Make) -> None:
    running = make()
    pair = Asleep()
    running.window.watch.clocks = pair.clocks()
    running.window.watch.tick()
    pair.wall += timedelta(hours=2)
    running.window.watch.tick()
    assert bar(running, "gapBanner").text == "The clock of this computer was moved by 2 h 00 min."


def test_a_list_that_stays_away_although_the_shop_answers_is_told(make: Make, shop: FaultyRemote) -> None:
    clock = ChosenClock()
    running = make(remote=shop, clock=clock)
    running.bot.waitUntil(lambda: shop.count("list") > 0, timeout=15_000)
    app = running.app
    app.sync.stop()  # as if the thread that asks had died
    running.rest()
    clock.pass_time(59)
    running.window.watch.tick()
    assert bar(running, "staleBanner").isHidden()
    clock.pass_time(60)
    running.window.watch.tick()
    stale = bar(running, "staleBanner")
    assert stale.isVisible()
    assert "No new list from alma for 1:5" in stale.text
    assert running.clipped() == []


def test_training_without_a_sender_is_not_called_stale(make: Make, shop: FaultyRemote) -> None:
    clock = ChosenClock()
    running = make(remote=shop, clock=clock, start_sync=False)
    clock.pass_time(600)
    running.window.watch.tick()
    assert running.window.warnings.isHidden()
