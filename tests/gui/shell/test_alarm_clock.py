"""When the alarm rings, how loud, and what ends it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from posapp.storage.rows import Alarm
from posapp.ui.alarm import NOBODY, AlarmClock, AlarmStep

START = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def waiting(since: float = 0) -> Alarm:
    return Alarm(1, at(since), (1,))


def rings(clock: AlarmClock, first: int, last: int, alarm: Alarm) -> list[int]:
    """Return the seconds at which it rang."""
    return [second for second in range(first, last) if clock.tick(alarm, at(second)).ring]


def test_rings_at_once_and_every_eight_seconds() -> None:
    assert rings(AlarmClock(), 0, 30, waiting()) == [0, 8, 16, 24]


def test_is_quiet_while_nothing_waits() -> None:
    assert rings(AlarmClock(), 0, 30, NOBODY) == []


def test_ends_when_somebody_took_notice_and_rings_at_once_for_the_next() -> None:
    clock = AlarmClock()
    assert clock.tick(waiting(), at(0)).ring
    assert clock.tick(NOBODY, at(2)) == AlarmStep()
    assert clock.tick(waiting(3), at(3)).ring


def test_is_framed_at_once_and_louder_after_a_minute() -> None:
    clock = AlarmClock()
    assert clock.tick(waiting(), at(0)) == AlarmStep(ring=True, frame=True)
    assert clock.tick(waiting(), at(59)) == AlarmStep(ring=True, frame=True)
    assert clock.tick(waiting(), at(60)) == AlarmStep(loud=True, frame=True)
    assert clock.tick(waiting(), at(67)) == AlarmStep(ring=True, loud=True, frame=True)


def test_silence_lasts_one_minute_and_never_longer() -> None:
    clock = AlarmClock()
    clock.tick(waiting(), at(0))
    clock.silence(at(1))
    assert clock.silenced(at(60.9))
    assert rings(clock, 1, 70, waiting()) == [61, 69]


def test_silence_does_not_take_the_frame_away() -> None:
    clock = AlarmClock()
    clock.silence(at(65))
    assert clock.tick(waiting(), at(70)) == AlarmStep(loud=True, frame=True)


def test_silence_does_not_outlive_the_orders_that_it_was_for() -> None:
    clock = AlarmClock()
    clock.tick(waiting(), at(0))
    clock.silence(at(1))
    clock.tick(NOBODY, at(5))
    assert clock.tick(waiting(6), at(6)).ring


def test_a_clock_that_is_set_back_cannot_keep_it_quiet() -> None:
    clock = AlarmClock()
    clock.tick(waiting(), at(7200))
    clock.silence(at(7200))
    assert not clock.silenced(at(0))
    assert clock.tick(waiting(), at(0)).ring
