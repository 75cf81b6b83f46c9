"""Products under way to one shop: takes the queue's next step, and the answers in. No threads, no clock.

Whoever drives it carries the requests and gives it the time: a round, or a lane of products.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from posapp.domain.publish import Published, PublishEffect
from posapp.remote.api import Answer, NoReply, Request, Trouble, Verdict
from posapp.remote.internal_products import (
    import_request,
    progress_request,
    read_answer,
    upsert_request,
)
from posapp.services import remotes
from posapp.services.publishing import mark_sending, settle
from posapp.services.republishing import hasten
from posapp.storage.publishing import open_product_rows
from posapp.storage.store import Store
from posapp.sync import policy
from posapp.sync.ledger import ORIGIN
from posapp.sync.product_engine import (
    AskImport,
    Nothing,
    SendMany,
    SendOne,
    WaitUntil,
    after_look,
    after_many,
    after_one,
    next_step,
)

_TELL = frozenset({Verdict.SIGN_IN, Verdict.PORTAL, Verdict.CERTIFICATE})


@dataclass(frozen=True, slots=True)
class Due:
    """A request to carry now, or (None) when to look again; neither: nothing waits."""

    request: Request | None = None
    at: datetime | None = None


class Publisher:
    """The products of one remote."""

    def __init__(self, store: Store, remote: str, station: str, rng: Random, *, hurry: bool = False) -> None:
        """Begin; `hurry`: a person waits, so that no try is put off for long."""
        self.host = policy.remembered(remotes.throttled_until(store, remote), store.clock())
        self.reachable = True
        self.published = 0
        self._store = store
        self._remote = remote
        self._station = station
        self._rng = rng
        self._hurry = hurry
        self._step: SendOne | SendMany | AskImport | None = None

    @property
    def needs_sign_in(self) -> bool:
        """Tell whether the shop does not let us in."""
        return self.host.pause is Verdict.SIGN_IN or self.host.suspect

    def kick(self) -> None:
        """Try everything now: a person asked for it, or the shop is back."""
        self.host = policy.kicked(self.host)
        hasten(self._store, self._remote, origin=ORIGIN)

    def next_request(self, now: datetime) -> Due:
        """Return the request that should leave now; what it carries is marked as on its way."""
        resting = policy.resting_until(self.host, now, urgent=self._hurry)
        step = next_step(open_product_rows(self._store, self._remote), now)
        match step:
            case Nothing():
                return Due()
            case WaitUntil(at):
                return Due(at=at if resting is None else max(at, resting))
            case _ if resting is not None:
                return Due(at=resting)
            case SendOne(row):
                mark_sending(self._store, [row], origin=ORIGIN)
                self._step = step
                return Due(upsert_request(row.body))
            case SendMany(rows):
                mark_sending(self._store, rows, origin=ORIGIN)
                self._step = step
                return Due(import_request([row.body for row in rows]))
            case AskImport(batch, _):
                self._step = step
                return Due(progress_request(batch))

    def answered(self, answer: Answer, now: datetime) -> None:
        """Take the answer to the last request in, and write down what follows."""
        step, self._step = self._step, None
        outcome = read_answer(answer, write=not isinstance(step, AskImport))
        self.reachable = not isinstance(answer, NoReply) or answer.trouble is Trouble.TOO_LARGE
        host = policy.after_answer(self.host, outcome.verdict, now, self._rng, outcome.retry_after)
        if host.throttled_until != self.host.throttled_until:
            remotes.note_throttle(self._store, self._remote, host.throttled_until, origin=ORIGIN)
        self.host = host
        if outcome.verdict in _TELL:
            remotes.note_trouble(
                self._store, self._remote, outcome.verdict.value, outcome.detail, origin=ORIGIN
            )
        effect: PublishEffect
        match step:
            case SendOne(row):
                effect = after_one(row, outcome, now, self._rng, hurry=self._hurry)
            case SendMany(rows):
                effect = after_many(rows, outcome, now, self._rng, hurry=self._hurry)
            case AskImport(_, rows):
                effect = after_look(rows, outcome, now, self._rng, hurry=self._hurry)
            case None:
                return
        settle(self._store, self._remote, [effect], self._station, origin=ORIGIN)
        if isinstance(effect, Published):
            self.published += len(effect.rows)
