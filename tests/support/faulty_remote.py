"""A shop's server that speaks the internal API and goes wrong on request; written apart from the client."""

from __future__ import annotations

import asyncio
import hmac
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from types import TracebackType
from typing import Literal, Self

from tests.support.faulty_http import Connection, Listener, LoopThread, Request, response
from tests.support.faulty_plan import TEN_WAYS, Asked, Fault, FaultKind, FaultPlan, Match, as_fault
from tests.support.faulty_records import Answer, Logged, Visit, as_error, read_request
from tests.support.faulty_shop import FaultyShop, Refuse

PORTAL = "<!DOCTYPE html><html><title>Wi-Fi</title><body>Войдите, чтобы продолжить</body></html>".encode()
BEFORE = {
    FaultKind.DROP_BEFORE,
    FaultKind.HANG,
    FaultKind.E500,
    FaultKind.WRONG_KEY,
    FaultKind.E503,
    FaultKind.E429,
    FaultKind.REDIRECT302,
    FaultKind.HTML200,
}

AT = "-at-"  # a key may name the station that it was given to: key-at-counter

Control = Callable[[Request], Answer]


class FaultyRemote(FaultyShop):
    """The server; use it as a context manager. All members may be used from any thread.

    `max_in_flight_per_order` counts writes to one order that were under way at the same time. With `control`
    the paths under /_control/ are answered by that function, outside of log and faults.
    """

    def __init__(
        self,
        *,
        api_key: str = "key-of-the-test-shop",
        seed: int = 1,
        fault_rate: float = 0.0,
        faults: Iterable[Fault | FaultKind | str] = TEN_WAYS,
        refuse: Refuse | None = None,
        transitions: Literal["any", "strict"] = "any",
        port: int = 0,
    ) -> None:
        super().__init__(api_key=api_key, seed=seed, refuse=refuse, transitions=transitions)
        self.control: Control | None = None
        self.max_in_flight_per_order = 0
        self.other_origin: list[Visit] = []
        self._plan = FaultPlan(seed, fault_rate, faults)
        self._in_flight: dict[str, list[Connection]] = {}
        self._loop: LoopThread | None = None
        self._away: Future[None] | None = None
        self._listener = Listener(self._handle, port)
        self._elsewhere = Listener(self._handle_elsewhere)

    # -- life ------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return self._listener.url

    @property
    def other_url(self) -> str:
        """The other origin, where redirects point."""
        return self._elsewhere.url

    def start(self) -> Self:
        """Begin to answer."""
        self._loop = LoopThread()
        self._loop.run(self._listener.open())
        self._loop.run(self._elsewhere.open())
        return self

    def stop(self) -> None:
        """Close every connection and end the thread; writes that were still to arrive late are lost."""
        if self._loop is None:
            return
        if self._away is not None:
            self._away.cancel()
        self._loop.run(self._listener.close())
        self._loop.run(self._elsewhere.close())
        self._loop.stop()
        self._loop = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def go_offline(self) -> None:
        """Break every connection and refuse new ones until `go_online`; the port stays ours."""
        assert self._loop is not None
        self._loop.run(self._listener.refuse())

    def go_online(self) -> None:
        """Accept connections again, on the same port."""
        assert self._loop is not None
        self._loop.run(self._listener.open())

    def go_offline_for(self, seconds: float) -> None:
        """Refuse connections for a while, from now on; returns at once."""
        assert self._loop is not None
        loop = self._loop.loop

        async def away() -> None:
            await asyncio.sleep(0.05)  # lets the answer to the one who asked go out
            await self._listener.refuse()
            await asyncio.sleep(seconds)
            await self._listener.open()

        self._away = asyncio.run_coroutine_threadsafe(away(), loop)

    def close_idle(self) -> None:
        """Close the kept-alive connections that wait for a request, as servers do after a while."""
        assert self._loop is not None
        self._loop.call(lambda: self._listener.drop_all(only_idle=True))

    # -- faults ----------------------------------------------------------------------------------------

    def set_faults(self, rate: float, faults: Iterable[Fault | FaultKind | str] | None = None) -> None:
        """Let requests go wrong with this probability, in these ways (None: the ways stay)."""
        with self._lock:
            self._plan.set(rate, faults)

    def next_fault(self, fault: Fault | FaultKind | str, match: Match = None, times: int = 1) -> None:
        """Let the next `times` fitting requests go wrong.

        `match` is a call ("list", "one", "update", "health"), an order id, or a function of `Asked`.
        """
        with self._lock:
            self._plan.queue(as_fault(fault), match, times)

    def no_faults(self) -> None:
        """Forget all faults, asked for or random."""
        with self._lock:
            self._plan.clear()

    # -- what happened ---------------------------------------------------------------------------------

    @property
    def log(self) -> tuple[Logged, ...]:
        """Every request to the API so far, in the order of arrival."""
        with self._lock:
            return tuple(self._log)

    def count(self, call: str | None = None) -> int:
        """Count the requests (of one call)."""
        with self._lock:
            return sum(call in (None, entry.call) for entry in self._log)

    def faults_met(self) -> Counter[str]:
        """Count the faults that were applied."""
        with self._lock:
            return Counter(entry.fault for entry in self._log if entry.fault)

    # -- a request, in the server's thread -------------------------------------------------------------

    def _handle(self, request: Request, connection: Connection) -> None:
        if self.control is not None and request.target.startswith("/_control/"):
            answer = self.control(request)
            connection.send(response(answer.status, answer.body))
            return
        with self._lock:
            asked = read_request(request)
            fault = self._plan.choose(asked)
            index = len(self._log)
            self._log.append(self._entry(request, asked, fault))
            if asked.call == "update" and asked.order_id is not None:
                self._count_in_flight(index, asked.order_id, connection)
            self._dispatch(index, asked, request, connection, fault)

    def _dispatch(
        self, index: int, asked: Asked, request: Request, connection: Connection, fault: Fault | None
    ) -> None:
        match fault:
            case None:
                self._answer(index, connection, self._process(index, asked, request))
            case Fault(kind=kind) if kind in BEFORE:
                self._fail_before(index, connection, fault)
            case Fault(kind=FaultKind.LATE):
                self._after(fault.delay, lambda: self._process(index, asked, request))
                self._after(fault.hold, connection.drop)
            case Fault(kind=FaultKind.SLOW_BEFORE):
                self._after(
                    fault.delay,
                    lambda: self._answer(index, connection, self._process(index, asked, request)),
                )
            case Fault(kind=FaultKind.FAILED):
                self._answer(index, connection, self._failed("Не удалось сохранить"))
            case Fault(kind=FaultKind.UPDATED0):
                self._answer(index, connection, self._succeeded("Updated: 0"))
            case _:
                done = self._process(index, asked, request, fault.kind)
                self._fail_after(index, connection, fault, done, asked.call)

    def _entry(self, request: Request, asked: Asked, fault: Fault | None) -> Logged:
        key = request.headers.get("api-key")
        shown = {**request.headers, **({"api-key": "present"} if key is not None else {})}
        return Logged(
            at=request.at,
            method=asked.method,
            path=asked.path,
            call=asked.call,
            order_id=asked.order_id,
            status=asked.status,
            fault=None if fault is None else str(fault.kind),
            api_key="absent" if key is None else "right" if self._knows(key) else "wrong",
            headers=tuple(shown.items()),
            station=(key or "").partition(AT)[2],
        )

    def _knows(self, key: str) -> bool:
        said = key.partition(AT)[0].encode("latin-1", "replace")
        return hmac.compare_digest(said, self.api_key.encode())

    def _count_in_flight(self, index: int, order_id: str, connection: Connection) -> None:
        others = self._in_flight.setdefault(order_id, [])
        others[:] = [other for other in others if not other.peer_gone()]
        if others:
            self._log[index] = replace(self._log[index], overlapping=True)
        others.append(connection)
        self.max_in_flight_per_order = max(self.max_in_flight_per_order, len(others))

        def ended() -> None:
            with self._lock:
                if connection in others:
                    others.remove(connection)

        connection.on_end = ended

    # -- answers ---------------------------------------------------------------------------------------

    def _after(self, seconds: float, work: Callable[[], object]) -> None:
        assert self._loop is not None
        self._loop.loop.call_later(seconds, work)

    def _answer(self, index: int, connection: Connection, answer: Answer) -> None:
        self._send(index, connection, answer.status, response(answer.status, answer.body))

    def _send(
        self, index: int, connection: Connection, status: int, raw: bytes, *, close: bool = False
    ) -> None:
        with self._lock:
            self._log[index] = replace(self._log[index], answer=status)
        connection.send(raw, close=close)

    def _fail_before(self, index: int, connection: Connection, fault: Fault) -> None:
        waiting = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
        match fault.kind:
            case FaultKind.DROP_BEFORE:
                connection.drop()
            case FaultKind.HANG:
                self._after(fault.delay, connection.drop)
            case FaultKind.E500:
                self._answer(index, connection, as_error(500, "internal error"))
            case FaultKind.WRONG_KEY:
                self._answer(index, connection, as_error(fault.code, "unknown Api-Key"))
            case FaultKind.E503:
                self._send(index, connection, 503, response(503, b"", headers=waiting))
            case FaultKind.E429:
                raw = response(429, b"{}", headers=waiting or {"Retry-After": "1"})
                self._send(index, connection, 429, raw)
            case FaultKind.REDIRECT302:
                where = {"Location": self.other_url + self._log[index].path}
                self._send(index, connection, 302, response(302, headers=where))
            case _:
                page = response(200, PORTAL, content_type="text/html; charset=utf-8")
                self._send(index, connection, 200, page)

    def _fail_after(self, index: int, connection: Connection, fault: Fault, done: Answer, call: str) -> None:
        match fault.kind:
            case FaultKind.DROP_AFTER:
                connection.drop()
            case FaultKind.E500_AFTER:
                self._answer(index, connection, as_error(500, "internal error"))
            case FaultKind.EMPTY200:
                self._send(index, connection, 200, response(200))
            case FaultKind.TRUNCATED:
                cut = response(done.status, done.body[: len(done.body) // 2], declared=len(done.body))
                self._send(index, connection, done.status, cut, close=True)
            case FaultKind.WRONG_TYPE:
                self._answer(index, connection, self._wrong_type(call))
            case FaultKind.UPDATED0_AFTER if self._log[index].processed:
                self._answer(index, connection, self._succeeded("Updated: 0"))
            case FaultKind.SLOW:
                self._after(fault.delay, lambda: self._answer(index, connection, done))
            case _:
                self._answer(index, connection, done)

    def _handle_elsewhere(self, request: Request, connection: Connection) -> None:
        self.other_origin.append(Visit(request.method, request.target, "api-key" in request.headers))
        connection.send(response(200, b'{"orders": []}'))


if __name__ == "__main__":
    from tests.support.faulty_control import main

    sys.exit(main())
