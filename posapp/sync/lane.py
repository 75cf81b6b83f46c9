"""All that is under way with one remote: its list, its orders side by side, the state of its host.

A lane neither sends nor sleeps nor looks at a clock. Whoever drives it carries the requests and gives it the
time: the worker with real ones, a simulation with its own.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from posapp.config import RemoteConfig
from posapp.domain.errors import StorageError
from posapp.remote.api import (
    Answer,
    Format,
    FormatSettings,
    NoReply,
    Outcome,
    Request,
    Trouble,
    Verdict,
)
from posapp.services import remotes
from posapp.storage.store import Store
from posapp.sync import policy
from posapp.sync.agenda import Agenda
from posapp.sync.engine import Ask, Idle, Send, Wait
from posapp.sync.jobs import Dispatch, Job
from posapp.sync.ledger import ORIGIN, Ledger, push_of

log = logging.getLogger(__name__)

RECONSIDER = timedelta(seconds=1)
AFTER_A_BUG = timedelta(seconds=60)
CLOCK_STEP = timedelta(seconds=1)
MOST_PAGES = 1_000  # of a list that goes on
MOST_AT_ONCE = 32  # of the orders in one commit: other people write too


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
        self.host = policy.remembered(remotes.throttled_until(store, config.name), store.clock())
        self.ledger = Ledger(store, config, form, station, rng)
        self.agenda = Agenda(store, config.name, self.ledger.is_kicked)
        self.reachable = True
        self.list_failed = False
        self.lists = 0  # answers to list requests, good or bad
        self._store = store
        self._format = form
        self._settings = FormatSettings(config.currency, config.zone, config.base_url)
        self._rng = rng
        self._parallel = parallel
        self._jobs: dict[int, Job] = {}
        self._kicks = 0
        self._heard = 0  # the kick after which an answer came at last
        self._listed = -1  # the kick after which the last good list was asked for
        self._good_lists = 0
        self._list_failures = 0
        self._list_due: datetime | None = None
        self._listing = False
        self._page: tuple[Job, Request] | None = None  # the list's next page, to be asked for
        self._forbidden: dict[int, int] = {}  # by order: the number of good lists when it was first forbidden
        self._told: tuple[str, str] | None = None
        self._general = ""  # what is wrong with all orders
        self._last: datetime | None = None

    @property
    def under_way(self) -> int:
        """Return the number of requests that have no answer yet."""
        return len(self._jobs)

    @property
    def needs_sign_in(self) -> bool:
        """Tell whether the remote does not accept our key."""
        return self.host.pause is Verdict.SIGN_IN

    def kick(self, now: datetime) -> int:
        """Try everything now, because a person asked: past backoff and breaker, not past Retry-After.

        Returns the number of this kick.
        """
        self.host = policy.kicked(self.host)
        self.ledger.kick()
        self.agenda.wake_all()
        self._list_due = now
        self._kicks += 1
        return self._kicks

    def heed(self, throttled_until: datetime | None) -> None:
        """Rest as long as the remote has asked of somebody else who speaks to it, too."""
        known = self.host.throttled_until
        if throttled_until is not None and (known is None or known < throttled_until):
            self.host = replace(self.host, throttled_until=throttled_until)

    def listed_since(self, kick: int) -> bool:
        """Tell whether a good list has come that was asked for after this kick."""
        return self._listed >= kick

    def heard_since(self, kick: int) -> bool:
        """Tell whether the remote has said anything since this kick, or has not been asked."""
        return self._heard >= kick or not self._jobs

    def kick_done(self, kick: int) -> bool:
        """Tell whether a good list has come since this kick and nothing is left to do at once."""
        return self.listed_since(kick) and not self._jobs and self.agenda.is_clear

    def next_due(self, now: datetime, *, urgent: bool) -> datetime | None:
        """Return when `poll` will have something to do; None: nothing until an answer comes."""
        resting = policy.resting_until(self.host, now, urgent=urgent)
        if resting is not None:
            return resting
        times = [now] if self._page is not None else []
        times += [] if self._listing else [self._list_due or now]
        orders = self.agenda.due(now) if self._room(urgent=urgent) > 0 and not self.host.suspect else None
        return min([*times, *([] if orders is None else [orders])], default=None)

    def poll(self, now: datetime, tokens: Iterator[int], *, urgent: bool) -> list[Dispatch]:
        """Return the requests that should leave now, as far as there is room."""
        self._follow_clock(now)
        self.ledger.hurry = urgent
        if policy.resting_until(self.host, now, urgent=urgent) is not None:
            return []
        result: list[Dispatch] = []
        if not self._listing and (self._list_due is None or self._list_due <= now):
            self._listing = True
            self._page = Job(now, self.ledger.number(), self._kicks), self._format.list_request()
        if self._page is not None:
            result.append(self._dispatch(next(tokens), *self._page))
            self._page = None
        # A suspect host is asked for its list first: that tells whether the key or one order is meant.
        pk = None if self.host.suspect else self._next_order(now, urgent=urgent)
        try:
            while pk is not None:
                with self._store.gather(ORIGIN):  # one commit marks all writes of this moment
                    for _ in range(MOST_AT_ONCE):
                        found = self._advance(pk, now)
                        if found is not None:
                            result.append(self._dispatch(next(tokens), *found))
                        pk = self._next_order(now, urgent=urgent)
                        if pk is None:
                            break
        except StorageError:
            for dispatch in result:  # they do not leave
                del self._jobs[dispatch.token]
            raise
        return result

    def _next_order(self, now: datetime, *, urgent: bool) -> int | None:
        return self.agenda.next(now) if self._room(urgent=urgent) > 0 else None

    def answered(self, answers: Sequence[tuple[int, Answer]], now: datetime) -> None:
        """Take answers in: classify them, write down what follows in one commit, let their orders go on."""
        about_orders: list[tuple[Job, int, Answer]] = []
        for token, answer in answers:
            job = self._jobs.pop(token)
            self.reachable = not isinstance(answer, NoReply) or answer.trouble is Trouble.TOO_LARGE
            self._heard = max(self._heard, job.kicks)
            if job.pk is not None:
                about_orders.append((job, job.pk, answer))
                continue
            try:
                self._list_answered(job, answer, now)  # which may be long, and commits piece by piece
            except StorageError:
                raise
            except Exception:
                log.exception("A list of %s could not be dealt with", self.config.name)
                self._list_due = now + AFTER_A_BUG
        if about_orders:
            with self._store.gather(ORIGIN):
                for one in about_orders:
                    self._take(*one, now)

    def _take(self, job: Job, pk: int, answer: Answer, now: datetime) -> None:
        self.agenda.busy.discard(pk)
        try:
            rests_until = self._order_answered(job, pk, answer, now)
        except StorageError:
            raise
        except Exception:
            log.exception("An answer of %s could not be dealt with", self.config.name)
            self.agenda.sleep(pk, now + AFTER_A_BUG)
            return
        if rests_until is None:
            self.agenda.add([pk])
        else:
            self.agenda.watch(rests_until)

    def _follow_clock(self, now: datetime) -> None:
        """Keep waits as long as they were meant when the clock was put back."""
        back = self._last - now if self._last is not None else timedelta(0)
        self._last = now
        if back > CLOCK_STEP:
            self._set_host(policy.moved(self.host, -back))
            self._list_due = now
            self.agenda.wake_all()

    def _room(self, *, urgent: bool) -> int:
        """Return the room for further orders; a host in trouble gets one at a time."""
        calm = self.host.pause is None and (urgent or self.host.failures < 2)
        return (self._parallel if calm else 1) - len(self.agenda.busy)

    def _advance(self, pk: int, now: datetime) -> tuple[Job, Request] | None:
        """Let an order take its next step; return the request for it, None when it has to wait."""
        try:
            return self._next_request(pk, now)
        except StorageError:
            raise
        except Exception:
            # It must not keep the other orders from going out.
            log.exception("An order of %s could not be dealt with", self.config.name)
            self.agenda.busy.discard(pk)
            self.agenda.sleep(pk, now + AFTER_A_BUG)
            return None

    def _next_request(self, pk: int, now: datetime) -> tuple[Job, Request] | None:
        advanced = self.ledger.advance(pk, now, must_read=policy.on_trial(self.host))
        if advanced is None:
            self.agenda.sleep(pk, now + RECONSIDER)
            return None
        remote_id = advanced.view.remote_id
        match advanced.step:
            case Idle():
                return None
            case Wait(until):
                if advanced.view.head is None:
                    self.agenda.watch(until)
                else:
                    self.agenda.sleep(pk, until)
                return None
            case Ask():
                self.agenda.busy.add(pk)
                request = self._format.order_request(remote_id)
                return Job(now, 0, self._kicks, pk, None, remote_id), request
            case Send(row):
                sent = self.ledger.request_for(advanced.view, row)
                if isinstance(sent, Outcome):
                    self.ledger.write_answered(pk, row, sent, now)
                    self.agenda.add([pk])
                    return None
                self.agenda.busy.add(pk)
                return Job(now, 0, self._kicks, pk, row, remote_id), sent

    def _dispatch(self, token: int, job: Job, request: Request) -> Dispatch:
        self._jobs[token] = job
        return Dispatch(token, self.config.name, request)

    def _order_answered(self, job: Job, pk: int, answer: Answer, now: datetime) -> datetime | None:
        """Take in what an order's request brought; return until when it rests, None: it goes on."""
        if job.row is not None:
            outcome = self._format.read_update(answer, push_of(job.row))
            self._hear(outcome, now)
            return self.ledger.write_answered(pk, job.row, self._judged(pk, outcome), now)
        outcome = self._format.read_order(answer, self._settings, job.remote_id)
        self._hear(outcome, now)
        if outcome.verdict is Verdict.OK and outcome.order is not None:
            self._general = ""
            self.ledger.order_read(pk, outcome.order, job.started, now)
            return None
        general = self.ledger.read_failed(pk, self._judged(pk, outcome), now)
        if general:
            self._general = general
            self._tell(Verdict.GONE, general)
        return None

    def _judged(self, pk: int, outcome: Outcome) -> Outcome:
        """Return the outcome, a refusal of this one order where it is clear that the key is good."""
        if outcome.verdict is not Verdict.FORBIDDEN:
            return outcome
        if self._good_lists > self._forbidden.setdefault(pk, self._good_lists):
            return replace(outcome, verdict=Verdict.REFUSED)
        return outcome

    def _hear(self, outcome: Outcome, now: datetime) -> None:
        """Let the host's state follow an answer; the database hears of trouble that concerns all orders."""
        found = policy.after_answer(self.host, outcome.verdict, now, self._rng, outcome.retry_after)
        self._set_host(found)
        if self.host.suspect:
            self._list_due = now
        if outcome.verdict in {Verdict.SIGN_IN, Verdict.PORTAL, Verdict.CERTIFICATE}:
            self._tell(outcome.verdict, outcome.detail)

    def _set_host(self, host: policy.Host) -> None:
        changed = host.throttled_until != self.host.throttled_until
        self.host = host
        if changed:
            remotes.note_throttle(self._store, self.config.name, host.throttled_until, origin=ORIGIN)

    def _tell(self, verdict: Verdict, detail: str) -> None:
        if self._told != (verdict.value, detail):
            self._told = (verdict.value, detail)
            remotes.note_trouble(self._store, self.config.name, verdict.value, detail, origin=ORIGIN)

    def _list_answered(self, job: Job, answer: Answer, now: datetime) -> None:
        self._listing = False
        self.list_failed = True
        outcome = self._format.read_list(answer, self._settings)
        if outcome.verdict is Verdict.FORBIDDEN:
            # A list needs nothing but the key's right.
            outcome = replace(outcome, verdict=Verdict.SIGN_IN)
        if outcome.next_request is not None and job.pages >= MOST_PAGES:
            outcome = replace(outcome, verdict=Verdict.UNREADABLE, detail="The list of orders does not end.")
        self._hear(outcome, now)
        if outcome.verdict is Verdict.OK or outcome.orders:
            busy = self.agenda.busy
            look = self.ledger.list_came(outcome, job.number, job.started, now, busy, job.listed)
            self.agenda.add(look)
        if outcome.verdict is Verdict.OK and outcome.next_request is not None:
            self._listing = True
            self._page = replace(job, pages=job.pages + 1), outcome.next_request
            return
        self.lists += 1
        if outcome.verdict is Verdict.OK:
            self._list_complete(job, outcome, now)
            return
        self._list_failures += 1
        wait = policy.backoff(self._list_failures, timedelta(0), self._rng, hurry=self.ledger.hurry)
        self._list_due = now + wait
        self._tell(outcome.verdict, outcome.detail)

    def _list_complete(self, job: Job, outcome: Outcome, now: datetime) -> None:
        self.list_failed = False
        self._list_failures = 0
        self._good_lists += 1
        outdated = job.kicks < self._kicks
        self._list_due = now if outdated else now + timedelta(seconds=self.config.poll_seconds)
        skew = None if outcome.server_time is None else round((now - outcome.server_time).total_seconds())
        self._told = None
        remotes.note_ok(self._store, self.config.name, pulled=True, skew_s=skew, origin=ORIGIN)
        if self._general:
            self._tell(Verdict.GONE, self._general)
        self._listed = job.kicks
