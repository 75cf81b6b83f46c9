"""The training shop's time runs as fast as asked and can be moved forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from posapp.sandbox.clock import ShopClock

START = datetime(2026, 3, 6, 14, 10, tzinfo=UTC)


def test_time_runs_at_its_speed_and_jumps_when_told() -> None:
    real = [100.0]
    clock = ShopClock(START, 60.0, lambda: real[0])
    assert clock.now() == START
    real[0] += 2
    assert clock.now() == START + timedelta(minutes=2)
    clock.advance(timedelta(hours=1))
    assert clock.now() == START + timedelta(hours=1, minutes=2)
    assert clock.seconds_until(clock.now() + timedelta(minutes=3)) == 3.0
    assert clock.seconds_until(START) == 0.0


def test_at_speed_zero_time_stands_still() -> None:
    real = [0.0]
    clock = ShopClock(START, 0.0, lambda: real[0])
    real[0] += 1000
    assert clock.now() == START
    assert clock.seconds_until(START + timedelta(seconds=1)) is None
    assert clock.seconds_until(START) == 0.0
