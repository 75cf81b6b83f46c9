"""When to try again: backoff, the breaker of a host, its pauses. Pure functions of state, time and chance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from posapp.remote.api import Verdict

BASE_S = 1.0
CAP_S = 60.0
LONG_CAP_S = 300.0
LONG_AFTER = timedelta(hours=1)
BREAKER_FAILURES = 5
FIRST_PROBE_S = 1.5  # the first look after a portal comes within 2 s
CERTIFICATE_PAUSE_S = 60.0
THROTTLE_DEFAULT_S = 5.0
SIGN_IN_PAUSE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Host:
    """What is known of a remote's host at this moment."""

    failures: int = 0  # one after the other
    since: datetime | None = None  # the first of them
    breaker_until: datetime | None = None
    paused_until: datetime | None = None
    pause: Verdict | None = None
    probes: int = 0
    suspect: bool = False  # an order was forbidden: is it the order or the key?
    well_at: datetime | None = None  # the last answer that proved our right


def backoff(tries: int, trouble_for: timedelta, rng: Random) -> timedelta:
    """Return how long to wait after so many tries: full jitter, 1 s base, at most 60 s (300 s after 1 h)."""
    cap = LONG_CAP_S if trouble_for > LONG_AFTER else CAP_S
    ceiling = min(cap, BASE_S * 2 ** min(max(tries - 1, 0), 20))
    return timedelta(seconds=rng.uniform(0.05, ceiling))


def after_answer(
    host: Host, verdict: Verdict, now: datetime, rng: Random, retry_after: float | None = None
) -> Host:
    """Return the host's state after an answer of this class."""
    match verdict:
        case Verdict.PORTAL:
            wait = min(CAP_S, FIRST_PROBE_S * 2**host.probes)
            return _paused(host, verdict, now, wait)
        case Verdict.CERTIFICATE:
            return _paused(host, verdict, now, CERTIFICATE_PAUSE_S)
        case Verdict.THROTTLED:
            wait = min(900.0, max(1.0, THROTTLE_DEFAULT_S if retry_after is None else retry_after))
            return _paused(host, verdict, now, wait)
        case Verdict.SIGN_IN:
            return _paused(host, verdict, now, SIGN_IN_PAUSE.total_seconds())
        case Verdict.NOT_SENT | Verdict.UNKNOWN:
            return _failed(host, now, rng)
        case Verdict.FORBIDDEN:
            return replace(host, failures=0, since=None, breaker_until=None, suspect=True)
        case Verdict.OK:
            return Host(well_at=now)
        case _:
            # The remote answered about this order, in its own words: the host is well.
            return replace(host, failures=0, since=None, breaker_until=None, paused_until=None, pause=None)


def _paused(host: Host, verdict: Verdict, now: datetime, seconds: float) -> Host:
    return replace(
        host,
        since=host.since or now,
        paused_until=now + timedelta(seconds=seconds),
        pause=verdict,
        probes=host.probes + 1,
    )


def _failed(host: Host, now: datetime, rng: Random) -> Host:
    failures = host.failures + 1
    since = host.since or now
    until = host.breaker_until
    if failures >= BREAKER_FAILURES:
        until = now + backoff(failures - BREAKER_FAILURES + 1, now - since, rng)
    return replace(host, failures=failures, since=since, breaker_until=until)


def resting_until(host: Host, now: datetime, *, urgent: bool) -> datetime | None:
    """Return until when nothing may be sent to this host, None when it may be now.

    `urgent` (a person asked for it) looks past an open breaker, but never past a pause.
    """
    if host.paused_until is not None and host.paused_until > now:
        return host.paused_until
    if not urgent and host.breaker_until is not None and host.breaker_until > now:
        return host.breaker_until
    return None


def kicked(host: Host) -> Host:
    """Return the host's state after a person asked to try now; only what the remote asked for is honoured."""
    if host.pause is Verdict.THROTTLED:
        return replace(host, breaker_until=None)
    return replace(host, breaker_until=None, paused_until=None, pause=None, probes=0)
