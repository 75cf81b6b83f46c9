"""All that is under way with one remote: its list, its orders side by side, the state of its host.

A lane neither sends nor sleeps nor looks at a clock. Whoever drives it carries the requests and gives it the
time: the worker with real ones, a simulation with its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from posapp.config import RemoteConfig
from posapp.domain.outbox import Row
from posapp.remote.api import Answer, Format, FormatSettings, NoReply, Outcome, Request, Verdict
from posapp.services import remotes
from posapp.storage.fields import from_us
from posapp.storage.store import Store
from posapp.sync import policy
from posapp.sync.engine import Ask, Idle, Rules, Send, Wait
from posapp.sync.ledger import ORIGIN, Ledger

RECONSIDER = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A request to carry; its answer goes back with the token."""

    token: int
    remote: str
    request: Request


@dataclass(frozen=True, slots=True)
class _Job:
    """What an answer will be about: the list (no order), an order's read, or a write of a row."""

    started: datetime
    pk: int | None = None
    row: Row | None = None
    remote_id: str = ""


class Lane:
    """One remote."""

    def __init__(
        self,
        store: Store,
        config: RemoteConfig,
        form: Format,
        station: str,
        rng: Random,
        *,
        parallel: int = 8,
    ) -> None:
        self.config = config
        self.host = policy.Host()
        self.ledger = Ledger(store, config, station, rng)
        self.reachable = True
        self.listed_at: datetime | None = None  # when the question of the last good list left
        self.list_failed = False
        self.lists = 0  # answers to list requests, good or bad
        self._store = store
        self._format = form
        self._settings = FormatSettings(config.currency, config.zone)
        self._rng = rng
        self._parallel = parallel
        self._rules = Rules(config.collapse)
        self._jobs: dict[int, _Job] = {}
        self._busy: set[int] = set()
        self._ready: deque[int] = deque()
        self._sleeping: dict[int, datetime] = {}
        self._stale = True  # the outbox may hold orders that are not in `_ready`
        self._watch_due: datetime | None = None
        self._list_due: datetime | None = None
        self._listing = False
        self._told: tuple[str, str] | None = None

    @property
    def under_way(self) -> int:
        """Return the number of requests that have no answer yet."""
        return len(self._jobs)

    @property
    def needs_sign_in(self) -> bool:
        """Tell whether the remote does not accept our key."""
        return self.host.pause is Verdict.SIGN_IN

    def wake(self, orders: Iterable[int] = ()) -> None:
        """Look at the outbox again: something was queued, withdrawn or decided."""
        self._stale = True
        for pk in orders:
            self._sleeping.pop(pk, None)

    def kick(self, now: datetime) -> None:
        """Try everything now, because a person asked: past backoff and breaker, not past Retry-After."""
        self.host = policy.kicked(self.host)
        self._rules = replace(self._rules, kicked_at=now)
        self._list_due = now
        self._sleeping.clear()
        self._stale = True

    def kick_done(self, kicked_at: datetime) -> bool:
        """Tell whether a good list has come since then and nothing is left to do at once."""
        listed = self.listed_at is not None and self.listed_at >= kicked_at
        return listed and not (self._jobs or self._ready or self._stale)

    def next_due(self, now: datetime, *, urgent: bool) -> datetime | None:
        """Return when `poll` will have something to do; None: nothing until an answer comes."""
        resting = policy.resting_until(self.host, now, urgent=urgent)
        if resting is not None:
            return resting
        times = [] if self._listing else [self._list_due or now]
        if self._room(urgent=urgent) > 0 and not self.host.suspect:
            times += self._sleeping.values()
            times += [self._watch_due] if self._watch_due is not None else []
            times += [now] if self._ready or self._stale else []
        return min(times, default=None)

    def poll(self, now: datetime, tokens: Iterator[int], *, urgent: bool) -> list[Dispatch]:
        """Return the requests that should leave now, as far as there is room."""
        if policy.resting_until(self.host, now, urgent=urgent) is not None:
            return []
        result: list[Dispatch] = []
        if not self._listing and (self._list_due is None or self._list_due <= now):
            self._listing = True
            result.append(self._dispatch(next(tokens), _Job(now), self._format.list_request()))
        while self._room(urgent=urgent) > 0 and not self.host.suspect:
            # A suspect host is asked for its list first: that tells whether the key or one order is meant.
            pk = self._next_order(now)
            if pk is None:
                break
            found = self._advance(pk, now)
            if found is not None:
                result.append(self._dispatch(next(tokens), *found))
        return result

    def answered(self, token: int, answer: Answer, now: datetime) -> None:
        """Take an answer in: classify it, write down what follows, and let its order go on."""
        job = self._jobs.pop(token)
        self.reachable = not isinstance(answer, NoReply)
        if job.pk is None:
            self._listing = False
            self.lists += 1
            self._list_answered(job, self._format.read_list(answer, self._settings), now)
            return
        self._busy.discard(job.pk)
        self._ready.append(job.pk)
        if job.row is not None:
            outcome = self._format.read_status(answer, job.row.target.value)
            self._hear(outcome, now)
            self.ledger.write_answered(job.pk, job.row, outcome, now)
            return
        outcome = self._format.read_order(answer, self._settings, job.remote_id)
        self._hear(outcome, now)
        if outcome.verdict is Verdict.OK and outcome.order is not None:
            self.ledger.order_read(job.pk, outcome.order, job.started, now)
            return
        general = self.ledger.read_failed(job.pk, outcome, now, self.host.failures)
        if general:
            self._tell(Verdict.GONE, general)

    def _room(self, *, urgent: bool) -> int:
        """Return the room for further orders; a host in trouble gets one at a time."""
        most = self._parallel if urgent or self.host.failures < 2 else 1
        return most - len(self._busy)

    def _next_order(self, now: datetime) -> int | None:
        for pk in [pk for pk, until in self._sleeping.items() if until <= now]:
            del self._sleeping[pk]
            self._ready.append(pk)
        while True:
            while self._ready:
                pk = self._ready.popleft()
                if pk not in self._busy and pk not in self._sleeping:
                    return pk
            if self._stale:
                self._stale = False
                self._ready.extend(self._waiting())
                self._ready.extend(self._watched(now))
            elif self._watch_due is not None and self._watch_due <= now:
                self._ready.extend(self._watched(now))
            if not self._ready:
                return None

    def _waiting(self) -> list[int]:
        """Return the orders with rows to be sent, the longest waiting first."""
        rows = self._store.all(
            "SELECT outbox.order_pk, min(outbox.seq) FROM outbox JOIN orders ON orders.pk = outbox.order_pk "
            "WHERE outbox.state IN ('pending', 'in_flight') AND orders.remote = ? "
            "GROUP BY outbox.order_pk ORDER BY 2",
            (self.config.name,),
        )
        return [pk for pk, _ in rows if pk not in self._busy and pk not in self._sleeping]

    def _watched(self, now: datetime) -> list[int]:
        """Return the orders that are due for a look, and remember when the next one is."""
        kicked = self._rules.kicked_at
        self._watch_due = None
        due: list[int] = []
        for pk, watch_at in self._store.all(
            "SELECT pk, watch_at FROM orders WHERE remote = ? AND watch_at IS NOT NULL ORDER BY watch_at",
            (self.config.name,),
        ):
            if pk in self._busy or pk in self._sleeping:
                continue
            read = self.ledger.reads.get(pk)
            asked = kicked is not None and (read is None or read.at < kicked)
            if asked or from_us(watch_at) <= now:
                due.append(pk)
            else:
                self._watch_earlier(from_us(watch_at))
        return due

    def _watch_earlier(self, time: datetime) -> None:
        if self._watch_due is None or time < self._watch_due:
            self._watch_due = time

    def _advance(self, pk: int, now: datetime) -> tuple[_Job, Request] | None:
        """Let an order take its next step; return the request for it, None when it has to wait."""
        advanced = self.ledger.advance(pk, now, self._rules)
        if advanced is None:
            self._sleeping[pk] = now + RECONSIDER
            return None
        remote_id = advanced.view.remote_id
        match advanced.step:
            case Idle():
                return None
            case Wait(until):
                if advanced.view.head is None:
                    self._watch_earlier(until)
                else:
                    self._sleeping[pk] = until
                return None
            case Ask():
                self._busy.add(pk)
                return _Job(now, pk, remote_id=remote_id), self._format.order_request(remote_id)
            case Send(row):
                self._busy.add(pk)
                request = self._format.status_request(remote_id, row.target.value)
                return _Job(now, pk, row, remote_id), request

    def _dispatch(self, token: int, job: _Job, request: Request) -> Dispatch:
        self._jobs[token] = job
        return Dispatch(token, self.config.name, request)

    def _hear(self, outcome: Outcome, now: datetime) -> None:
        """Let the host's state follow an answer; the database hears of trouble that concerns all orders."""
        self.host = policy.after_answer(self.host, outcome.verdict, now, self._rng, outcome.retry_after)
        if self.host.suspect:
            self._list_due = now
        if outcome.verdict in {Verdict.SIGN_IN, Verdict.PORTAL, Verdict.CERTIFICATE}:
            self._tell(outcome.verdict, outcome.detail)

    def _tell(self, verdict: Verdict, detail: str) -> None:
        if self._told != (verdict.value, detail):
            self._told = (verdict.value, detail)
            remotes.note_trouble(self._store, self.config.name, verdict.value, detail, origin=ORIGIN)

    def _list_answered(self, job: _Job, outcome: Outcome, now: datetime) -> None:
        if outcome.verdict is Verdict.FORBIDDEN:
            # A list needs nothing but the key's right.
            outcome = replace(outcome, verdict=Verdict.SIGN_IN)
        self._hear(outcome, now)
        self.list_failed = outcome.verdict is not Verdict.OK
        if self.list_failed:
            wait = policy.backoff(max(1, self.host.failures), timedelta(0), self._rng)
            self._list_due = now + wait
            self._tell(outcome.verdict, outcome.detail)
            return
        kicked = self._rules.kicked_at
        outdated = kicked is not None and job.started < kicked
        self._list_due = now if outdated else now + timedelta(seconds=self.config.poll_seconds)
        self._ready.extend(self.ledger.list_came(outcome, job.started, now, self._busy))
        skew = None if outcome.server_time is None else round((now - outcome.server_time).total_seconds())
        self._told = None
        remotes.note_ok(self._store, self.config.name, pulled=True, skew_s=skew, origin=ORIGIN)
        self.listed_at = job.started
