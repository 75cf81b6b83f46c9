"""When to try again: backoff, the breaker of a host, its pauses. Pure functions of state, time and chance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from posapp.remote.api import Verdict

BASE_S = 1.0
CAP_S = 60.0
HURRY_CAP_S = 2.0
LONG_CAP_S = 300.0
LONG_AFTER = timedelta(hours=1)
BREAKER_FAILURES = 5
FIRST_PROBE_S = 1.0  # the first look after a portal comes within 2 s
CERTIFICATE_PAUSE_S = 60.0
THROTTLE_DEFAULT_S = 5.0
LONGEST_THROTTLE = timedelta(minutes=15)
SIGN_IN_PAUSE = timedelta(minutes=15)
FURTHEST = timedelta(seconds=LONG_CAP_S + 30)  # no order is ever put off for longer
LONGEST_HOLD = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Host:
    """What is known of a remote's host at this moment."""

    failures: int = 0  # one after the other
    since: datetime | None = None  # the first of them
    breaker_until: datetime | None = None
    paused_until: datetime | None = None
    pause: Verdict | None = None  # stays after the pause, until an answer shows that it is over
    probes: int = 0
    throttled_until: datetime | None = None  # the remote asked for it: nothing shortens it
    suspect: bool = False  # an order was forbidden: is it the order or the key?


def ahead(time: datetime | None, now: datetime, furthest: timedelta = FURTHEST) -> bool:
    """Tell whether a time is still to come; one further off than any that is set: the clock went back."""
    return time is not None and now < time <= now + furthest


def remembered(throttled_until: datetime | None, now: datetime) -> Host:
    """Return the host's state at a start: all that outlives a process is what the remote asked for."""
    return Host(throttled_until=throttled_until if ahead(throttled_until, now, LONGEST_THROTTLE) else None)


def backoff(tries: int, trouble_for: timedelta, rng: Random, *, hurry: bool = False) -> timedelta:
    """Return how long to wait after so many tries: full jitter, 1 s base, at most 60 s (300 s after 1 h).

    `hurry`: a person waits for the round to end, so at most 2 s.
    """
    cap = HURRY_CAP_S if hurry else LONG_CAP_S if trouble_for > LONG_AFTER else CAP_S
    ceiling = min(cap, BASE_S * 2 ** min(max(tries - 1, 0), 20))
    return timedelta(seconds=rng.uniform(0.05, ceiling))


def after_answer(
    host: Host, verdict: Verdict, now: datetime, rng: Random, retry_after: float | None = None
) -> Host:
    """Return the host's state after an answer of this class."""
    match verdict:
        case Verdict.PORTAL:
            if host.pause is verdict and _later(host.paused_until, now):
                return host  # the answer to a question from before the pause
            paused = _paused(host, verdict, now, min(CAP_S, FIRST_PROBE_S * 2**host.probes))
            return replace(paused, probes=min(host.probes + 1, 20))
        case Verdict.CERTIFICATE:
            return _paused(host, verdict, now, CERTIFICATE_PAUSE_S)
        case Verdict.THROTTLED:
            wait = min(
                LONGEST_THROTTLE.total_seconds(),
                max(1.0, THROTTLE_DEFAULT_S if retry_after is None else retry_after),
            )
            until = now + timedelta(seconds=wait)
            return replace(host, throttled_until=max(until, host.throttled_until or until))
        case Verdict.SIGN_IN:
            return _paused(host, verdict, now, SIGN_IN_PAUSE.total_seconds())
        case Verdict.NOT_SENT | Verdict.UNKNOWN:
            return _failed(host, now, rng)
        case Verdict.FORBIDDEN:
            return replace(host, failures=0, since=None, breaker_until=None, suspect=True)
        case _:
            # The remote answered in its own words, be it about one order: the host is well.
            return Host(throttled_until=host.throttled_until)


def _later(time: datetime | None, now: datetime) -> bool:
    return time is not None and time > now


def _paused(host: Host, verdict: Verdict, now: datetime, seconds: float) -> Host:
    return replace(
        host, since=host.since or now, paused_until=now + timedelta(seconds=seconds), pause=verdict
    )


def _failed(host: Host, now: datetime, rng: Random) -> Host:
    failures = host.failures + 1
    since = host.since or now
    until = host.breaker_until
    if failures >= BREAKER_FAILURES and not _later(until, now):
        until = now + backoff(failures - BREAKER_FAILURES + 1, now - since, rng)
    return replace(host, failures=failures, since=since, breaker_until=until)


def resting_until(host: Host, now: datetime, *, urgent: bool) -> datetime | None:
    """Return until when nothing may be sent to this host, None when it may be now.

    `urgent` (a person asked for it) looks past an open breaker, but never past a pause.
    """
    times = [host.paused_until, host.throttled_until, None if urgent else host.breaker_until]
    return max((time for time in times if time is not None and time > now), default=None)


def on_trial(host: Host) -> bool:
    """Tell whether the host has to prove with a read that its trouble is over."""
    return host.pause is not None or host.failures >= BREAKER_FAILURES


def kicked(host: Host) -> Host:
    """Return the host's state after a person asked to try now; only what the remote asked for is honoured."""
    return replace(host, breaker_until=None, paused_until=None, pause=None, probes=0)


def moved(host: Host, by: timedelta) -> Host:
    """Return the host's state after the clock was put by so much: the waits stay as long as they were."""

    def then(time: datetime | None) -> datetime | None:
        return None if time is None else time + by

    return replace(
        host,
        since=then(host.since),
        breaker_until=then(host.breaker_until),
        paused_until=then(host.paused_until),
        throttled_until=then(host.throttled_until),
    )
