"""What happens to requests between a station and the shop: each one's fate is drawn."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Protocol

from posapp.remote.api import Answer, NoReply, Reply, Request, Trouble
from posapp.remote.transport import HttpTransport
from tests.simulation.mix import SECOND, Mix
from tests.simulation.shop import HttpAnswer, Shop, Shown
from tests.simulation.staff_shop import StaffShop

TIMEOUT = 15 * SECOND
LONGEST = 30 * SECOND
LATE_S = 120  # so long a write that was given up is watched for
LATEST_S = 150  # after this a write that was given up does not arrive any more
HTML = {"content-type": "text/html"}
_PORTAL = HttpAnswer(200, b"<!doctype html><html>Sign in to the network</html>", HTML)
_PLAIN = {
    "redirect": HttpAnswer(302, b"", {"location": "https://portal.example/"}),
    "gate": HttpAnswer(511, b"<html>sign in</html>", HTML),
    "error": HttpAnswer(502, b"<html>Bad gateway</html>", HTML),
    "throttle_bare": HttpAnswer(429, b"{}"),
    "forbidden": HttpAnswer(403, b'{"detail": "no"}'),
    "missing": HttpAnswer(404, b'{"detail": "Not found."}'),
    "portal": _PORTAL,
}
_UNPROCESSED = {
    "unreached": NoReply(Trouble.NOT_SENT, "It refuses connections."),
    "certificate": NoReply(Trouble.CERTIFICATE, "The certificate is not to be trusted."),
}
_CUT = NoReply(Trouble.UNKNOWN, "No whole answer came.")
_RENEWALS_LOST = ("unreached", "lost", "certificate", "error", "portal")


class Caller(Protocol):
    """Who waits for answers."""

    def answered(self, flight: Flight, answer: Answer) -> None:
        """Take an answer in, if the caller is still alive."""


class Timeline(Protocol):
    """The world's clock, as far as the network cares."""

    now: int

    def later(self, delay: int, act: Callable[[], None]) -> None:
        """Do something after so many microseconds."""

    def note(self, *words: object) -> None:
        """Add a line to the trace."""


@dataclass(slots=True)
class Flight:
    """One request on its way, and what truly became of it."""

    caller: Caller
    token: int
    request: Request
    kind: str  # list | read | write | product
    remote_id: str
    sent_at: int
    life: int = 0  # of the caller: an answer to the dead reaches nobody
    seq: int = 0  # of the outbox row, for writes
    word: str = ""  # what a write asks for, "" for one of fields
    texts: Mapping[str, str] = field(default_factory=dict)  # the fields that a write is about
    carried: Mapping[str, str] = field(default_factory=dict)  # those, and in a whole order the others
    fate: str = ""
    renewed: bool = False
    may_arrive: bool = False  # it was processed, or will be
    shown: Mapping[str, Shown] = field(default_factory=dict)  # what the shop had when it answered
    saved_well: bool = False  # it was saved before it was answered
    reached: str = "maybe"  # what its answer says: no | refused | maybe

    @property
    def changes(self) -> bool:
        """Tell whether it may change something at the shop."""
        return self.kind == "write" or (self.kind == "product" and self.request.method == "POST")


class Network:
    """Carries requests; the shop processes them when they arrive."""

    def __init__(self, world: Timeline, mix: Mix, shop: Shop, rng: Random) -> None:
        self.healed = False
        self.beyond: set[str] = set()  # orders that got a write later than anybody watches for
        self.arrived: Callable[[Flight, bool], None] = lambda flight, late: None
        self.beyond_products: set[str] = set()
        self.under_way = 0  # requests that have not arrived yet
        self._world = world
        self._mix = mix
        self._shop = shop
        self._rng = rng
        self._access = ""
        self._refresh = shop.refresh_token if isinstance(shop, StaffShop) else ""
        # The one part of the real transport that needs no socket: it takes the key out of the shop's words.
        key = {} if isinstance(shop, StaffShop) else {"Api-Key": shop.secret}
        self._mask = HttpTransport("https://shop.example", key)

    def carry(self, flight: Flight) -> None:
        """Send a request on its way."""
        if isinstance(self._shop, StaffShop) and not self._access:
            self._renew(flight)
        else:
            self._attempt(flight)

    def _fault(self, flight: Flight) -> str:
        if self.healed:
            return ""
        now = self._world.now
        for episode in self._mix.episodes:
            if episode.start <= now < episode.end:
                return episode.kind
        for name, rate in self._mix.faults:
            if self._rng.random() < rate and (not name.startswith("list_") or flight.kind == "list"):
                return name
        return ""

    def _delay(self) -> int:
        return int(self._mix.latency * self._rng.uniform(0.3, 1.0) * SECOND)

    def _attempt(self, flight: Flight) -> None:
        fault = self._fault(flight)
        flight.fate = fault or "well"
        flight.may_arrive = False
        self._world.note("carry", flight.kind, flight.remote_id, flight.word, flight.fate)
        if fault in _UNPROCESSED:
            self._back(flight, _UNPROCESSED[fault], self._delay())
        elif fault in _PLAIN:
            self._back(flight, self._reply(_PLAIN[fault]), self._delay())
        elif fault in {"throttle", "unavailable"}:
            self._throttle(flight, 429 if fault == "throttle" else 503)
        elif fault == "unauthorized" and not isinstance(self._shop, StaffShop):
            self._back(flight, self._reply(HttpAnswer(401, b'{"error": "bad key"}')), self._delay())
        elif fault == "unsure":
            self._back(flight, self._reply(self._unsure(flight)), self._delay())
        elif fault in {"lost", "late"}:
            self._back(flight, _CUT, self._rng.choice((self._delay(), self._delay(), TIMEOUT)))
            if fault == "late" and flight.changes:
                self._arrives(flight, int(self._rng.uniform(0.5, LATEST_S) * SECOND), answers=False)
        else:
            self._sent_well(flight, fault)

    def _sent_well(self, flight: Flight, fault: str) -> None:
        """Let a request arrive, with what may go wrong from then on."""
        delay = self._delay()
        if fault == "unauthorized" and isinstance(self._shop, StaffShop):
            self._shop.expire()
        if fault == "slow":
            delay = int(self._rng.uniform(1, 40) * SECOND)
        if fault == "twice" and flight.kind == "product":
            # Of an answered request about products nothing comes later: posapp does not watch for that.
            if flight.request.path.endswith("upsert.json") and not (self._mix.menu and self._mix.menu.slow):
                self._arrives(flight, 0, answers=False)
        elif fault == "twice" and flight.changes:
            self._arrives(flight, delay + int(self._rng.uniform(0.1, 100) * SECOND), answers=False)
        self._arrives(flight, delay, answers=True)

    def _arrives(self, flight: Flight, delay: int, *, answers: bool) -> None:
        flight.may_arrive = True
        self.under_way += 1
        headers = self._signed(flight)
        if answers and delay > LONGEST:
            self._back(flight, _CUT, LONGEST)
        self._world.later(delay, lambda: self._process(flight, headers, answers=answers and delay <= LONGEST))

    def _signed(self, flight: Flight) -> dict[str, str]:
        if isinstance(self._shop, StaffShop):
            return {"Authorization": f"Bearer {self._access}"}
        return {"Api-Key": self._shop.secret}

    def _process(self, flight: Flight, headers: dict[str, str], *, answers: bool) -> None:
        self.under_way -= 1
        now = self._world.now
        if flight.fate.startswith("list_") and answers:
            self._shop.list_fault = flight.fate
        record = self._shop.records.get(flight.remote_id)
        changes = len(record.history) if record is not None else 0
        request = flight.request
        answer = self._shop.handle(request.method, request.path, headers, request.body or b"", now)
        saved = record is not None and len(record.history) > changes
        if flight.kind == "write":
            if not answers and now - flight.sent_at > 120 * SECOND and saved:
                self.beyond.add(flight.remote_id)
            self._world.note("arrived", flight.remote_id, flight.word, answer.status, saved, answers)
            self.arrived(flight, saved)
        if flight.kind == "product":
            # The shop works on it for a while yet.
            if flight.changes and not answers and now - flight.sent_at > (LATE_S - 15) * SECOND:
                self.beyond_products.update(_names_of(flight))
            if answers:
                flight.saved_well = answer.status == 200
                self._answer_of(flight, answer)
            return
        if not answers:
            return
        flight.saved_well = saved
        seen = self._shop.listed if flight.kind == "list" else (flight.remote_id,)
        known = self._shop.records
        flight.shown = {one: known[one].shown() for one in seen if one in known and answer.status == 200}
        self._answer_of(flight, answer)

    def _answer_of(self, flight: Flight, answer: HttpAnswer) -> None:
        if flight.fate in {"lost_after", "cut"}:
            self._back(flight, _CUT, self._rng.choice((self._delay(), TIMEOUT)))
        elif flight.fate == "too_large":
            self._back(flight, NoReply(Trouble.TOO_LARGE, "The answer is too large."), self._delay())
        elif flight.fate == "garbled":
            half = replace(answer, body=answer.body[: len(answer.body) // 2])
            self._back(flight, self._reply(half), self._delay())
        elif flight.fate == "error_after":
            self._back(
                flight, self._reply(HttpAnswer(500, b"<h1>Server Error (500)</h1>", HTML)), self._delay()
            )
        elif flight.fate == "unsure_after":
            self._back(flight, self._reply(self._unsure(flight)), self._delay())
        elif answer.status == 401 and isinstance(self._shop, StaffShop) and not flight.renewed:
            self._world.later(self._delay(), lambda: self._renew(flight))
        else:
            self._back(flight, self._reply(answer), self._delay())

    def _back(self, flight: Flight, answer: Answer, delay: int) -> None:
        self._world.later(delay, lambda: flight.caller.answered(flight, answer))

    def _reply(self, answer: HttpAnswer) -> Answer:
        reply = Reply(answer.status, answer.headers, answer.body)
        return reply if answer.status < 300 and answer.status != 200 else self._mask._without_secrets(reply)

    def _throttle(self, flight: Flight, status: int) -> None:
        seconds = self._rng.choice((1, 3, 10, 40, 40, 120))
        answer = HttpAnswer(status, b"{}", {"retry-after": str(seconds)})
        self._back(flight, self._reply(answer), self._delay())

    def _unsure(self, flight: Flight) -> HttpAnswer:
        """Return a 200 that does not say that anything was saved."""
        if flight.kind == "product":
            word = self._rng.choice(("preprocessed", "created", "strange"))
            return HttpAnswer(200, json.dumps({"processing_object": {"id": 99_999, "status": word}}).encode())
        if flight.kind != "write":
            return HttpAnswer(200, b"[]" if flight.kind == "read" else b'{"status": "ok"}')
        report = self._rng.choice(
            ({"status": "succeeded", "info": "Updated: 0"}, {"status": "preprocessed"}, {"status": "created"})
        )
        if isinstance(self._shop, StaffShop):
            report = {"detail": "Accepted."}
        return HttpAnswer(200, json.dumps({"processing_object": {"id": 5, **report}}).encode())

    def _renew(self, flight: Flight) -> None:
        """Get a new access token as the real transport does; this may fail as any request may."""
        shop = self._shop
        assert isinstance(shop, StaffShop)
        fault = self._fault(replace(flight, kind="token"))
        flight.renewed = True
        self._world.note("renew", fault)
        if fault in _RENEWALS_LOST:
            words = "The sign-in did not come through."
            lost: Answer = NoReply(Trouble.NOT_SENT, words)
            if fault in {"error", "portal"}:
                lost = self._reply(_PLAIN[fault])
            self._back(flight, lost, self._delay())
            return
        body = json.dumps({"refresh": self._refresh}).encode()
        answer = shop.handle("POST", "api/token/refresh/", {}, body, self._world.now)
        if fault == "lost_after":
            # The shop has a new refresh token now that never came here.
            self._back(flight, NoReply(Trouble.NOT_SENT, "The sign-in did not come through."), TIMEOUT)
            return
        if answer.status == 401:
            answer = shop.handle("POST", "api/token/obtain/", {}, b"{}", self._world.now)
        tokens = json.loads(answer.body)
        self._access, self._refresh = tokens["access"], tokens["refresh"]
        self._world.later(2 * self._delay(), lambda: self._attempt(flight))


def _names_of(flight: Flight) -> list[str]:
    content = json.loads(flight.request.body or b"{}")
    items = [content["product"]] if "product" in content else content.get("products", [])
    return [item["internal_id"] for item in items]
