"""When a host may be asked again."""

from __future__ import annotations

import itertools
from datetime import timedelta
from random import Random

import pytest

from posapp.remote.api import Verdict
from posapp.sync import policy
from posapp.sync.policy import Host, after_answer, backoff, resting_until
from tests.unit.sync.views import NOW, later

RNG = Random(1)
SHORT, LONG = timedelta(minutes=5), timedelta(hours=2)


def seconds(length: timedelta) -> float:
    return length.total_seconds()


@pytest.mark.parametrize(
    ("tries", "trouble", "most"),
    [(1, SHORT, 1), (2, SHORT, 2), (4, SHORT, 8), (7, SHORT, 60), (99, SHORT, 60), (99, LONG, 300)],
)
def test_backoff_has_full_jitter_below_its_ceiling(tries: int, trouble: timedelta, most: float) -> None:
    waits = [seconds(backoff(tries, trouble, Random(seed))) for seed in range(300)]
    assert max(waits) <= most
    assert max(waits) > 0.9 * most
    assert min(waits) < 0.15 * most


def test_backoff_is_short_while_a_person_waits() -> None:
    assert max(seconds(backoff(50, LONG, Random(seed), hurry=True)) for seed in range(100)) <= 2


def test_the_breaker_opens_after_five_failures() -> None:
    host = Host()
    for _ in range(4):
        host = after_answer(host, Verdict.UNKNOWN, NOW, RNG)
    assert resting_until(host, NOW, urgent=False) is None
    host = after_answer(host, Verdict.NOT_SENT, NOW, RNG)
    assert resting_until(host, NOW, urgent=False) is not None
    assert resting_until(host, NOW, urgent=True) is None
    assert policy.on_trial(host)
    assert after_answer(host, Verdict.OK, NOW, RNG) == Host()


def test_answers_that_were_under_way_do_not_open_the_breaker_for_longer() -> None:
    host = Host()
    for _ in range(5):
        host = after_answer(host, Verdict.UNKNOWN, NOW, RNG)
    until = host.breaker_until
    for _ in range(7):
        host = after_answer(host, Verdict.UNKNOWN, NOW, RNG)
    assert host.breaker_until == until


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.GONE, Verdict.UNREADABLE, Verdict.OK])
def test_an_answer_in_the_hosts_own_words_shows_that_it_is_well(verdict: Verdict) -> None:
    sick = Host(failures=9, since=NOW, breaker_until=later(60), suspect=True)
    assert after_answer(sick, verdict, NOW, RNG) == Host()


@pytest.mark.parametrize(("asked", "waited"), [(0.1, 1), (7, 7), (5000, 900), (None, 5)])
def test_retry_after_is_kept_within_a_second_and_a_quarter_of_an_hour(
    asked: float | None, waited: float
) -> None:
    host = after_answer(Host(), Verdict.THROTTLED, NOW, RNG, asked)
    assert resting_until(host, NOW, urgent=True) == later(waited)
    assert host.failures == 0


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.THROTTLED])
def test_no_other_answer_shortens_retry_after(verdict: Verdict) -> None:
    host = after_answer(Host(), Verdict.THROTTLED, NOW, RNG, 600)
    host = policy.kicked(after_answer(host, verdict, NOW, RNG))
    until = resting_until(host, NOW, urgent=True)
    assert until is not None
    assert until >= later(600)


def test_a_shorter_retry_after_does_not_shorten_a_longer_one() -> None:
    host = after_answer(Host(), Verdict.THROTTLED, NOW, RNG, 600)
    assert after_answer(host, Verdict.THROTTLED, NOW, RNG, 1).throttled_until == later(600)


def test_a_portal_is_probed_within_two_seconds_then_half_as_often_up_to_a_minute() -> None:
    host, now, waits = Host(), NOW, []
    for _ in range(10):
        host = after_answer(host, Verdict.PORTAL, now, RNG)
        until = resting_until(host, now, urgent=True)
        assert until is not None
        waits.append(seconds(until - now))
        now = until
    assert waits[0] <= 2
    assert all(after == min(60, 2 * before) for before, after in itertools.pairwise(waits))
    assert waits[-1] == 60


@pytest.mark.parametrize("verdict", [Verdict.PORTAL, Verdict.CERTIFICATE, Verdict.SIGN_IN])
def test_a_person_who_asks_looks_past_these_pauses(verdict: Verdict) -> None:
    host = after_answer(Host(), verdict, NOW, RNG)
    assert resting_until(host, NOW, urgent=True) is not None
    assert resting_until(policy.kicked(host), NOW, urgent=True) is None


def test_a_host_on_trial_stays_on_trial_after_the_pause() -> None:
    host = after_answer(Host(), Verdict.PORTAL, NOW, RNG)
    assert resting_until(host, later(5), urgent=False) is None
    assert policy.on_trial(host)


def test_a_clock_that_was_put_moves_the_waits_along() -> None:
    host = after_answer(Host(), Verdict.THROTTLED, NOW, RNG, 60)
    hour = timedelta(hours=1)
    assert resting_until(policy.moved(host, -hour), NOW - hour, urgent=True) == later(60) - hour


def test_a_time_too_far_ahead_is_not_believed() -> None:
    assert policy.ahead(later(300), NOW)
    assert not policy.ahead(later(3600), NOW)
    assert not policy.ahead(NOW, NOW)
    assert not policy.ahead(None, NOW)
