"""When the watch believes that the computer slept, that a clock was moved, or that a list is old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from posapp.domain.watch import Gap, GapKind, GapSense, Polled, stale

START = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def after(wall_s: float, elapsed: float) -> Gap | None:
    """Return what the sense says of a tick, one quiet second after another."""
    sense = GapSense()
    sense.tick(at(0), 1000.0)
    assert sense.tick(at(1), 1001.0) is None
    return sense.tick(at(1 + wall_s), 1001.0 + elapsed)


def test_the_first_tick_says_nothing_and_ticks_every_second_neither() -> None:
    sense = GapSense()
    assert [sense.tick(at(second), 50.0 + second) for second in range(60)] == [None] * 60


@pytest.mark.parametrize("late", [1.5, 8.0, 19.0])
def test_a_busy_moment_is_no_sleep(late: float) -> None:
    assert after(late, late) is None


@pytest.mark.parametrize("length", [20.0, 720.0, 86_400.0])
def test_a_sleep_is_told_with_its_length(length: float) -> None:
    assert after(length, length) == Gap(GapKind.STOOD_STILL, timedelta(seconds=length))


def test_it_is_told_once() -> None:
    sense = GapSense()
    sense.tick(at(0), 0.0)
    assert sense.tick(at(600), 600.0) is not None
    assert sense.tick(at(601), 601.0) is None


@pytest.mark.parametrize("moved", [3600.0, -3600.0, 120.0])
def test_a_clock_that_is_set_is_no_sleep(moved: float) -> None:
    assert after(1 + moved, 1.0) == Gap(GapKind.CLOCK_MOVED, timedelta(seconds=moved))


@pytest.mark.parametrize("moved", [2.0, -30.0, 119.0])
def test_a_clock_that_is_corrected_a_little_is_nothing(moved: float) -> None:
    assert after(1 + moved, 1.0) is None


def polled(last_s: float | None, every_s: float = 10, *, troubled: bool = False) -> Polled:
    last = at(last_s) if last_s is not None else None
    return Polled("alma", timedelta(seconds=every_s), last, troubled)


@pytest.mark.parametrize(
    ("remote", "now_s", "old_s"),
    [
        (polled(0), 60, None),
        (polled(0), 61, 61),
        (polled(0, 60), 360, None),  # six rounds of a slow remote
        (polled(0, 60), 361, 361),
        (polled(None), 61, 61),  # never a list since the start
        (polled(0, troubled=True), 3600, None),  # the offline bar says so
        (polled(55), 100, None),
    ],
)
def test_a_list_is_old_after_six_rounds_and_no_sooner_than_a_minute(
    remote: Polled, now_s: float, old_s: float | None
) -> None:
    expected = () if old_s is None else (("alma", timedelta(seconds=old_s)),)
    assert stale([remote], at(0), at(now_s)) == expected


def test_after_an_interruption_every_remote_gets_its_time_again() -> None:
    assert stale([polled(0)], at(3600), at(3630)) == ()
    assert stale([polled(0)], at(3600), at(3661)) == (("alma", timedelta(seconds=3661)),)
