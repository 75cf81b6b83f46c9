"""Sending a queue of changes to a shop on this machine, until the shop itself has confirmed each."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from posapp.config import Config, RemoteConfig
from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services.orders import move
from posapp.storage.store import Store
from posapp.sync.rounds import RoundResult, run_once
from tests.benchmarks.bench import ROOT, Bench, child_environment, opened, run_child, seconds_of
from tests.benchmarks.figures import Figure, Goal, Line

NAME = "drain"
ROUNDS = 3
COUNT = 1_000
_KEY = "key-of-the-benchmarks"
_TIMEOUT_S = 60.0
_THREADS = 8
_FEW = 400  # of the orders for a shop that is 20 ms away
_AWAY_S = 0.02
_QUEUED = 2_000
_STEPS = (Status.TIMING, Status.ACCEPTED, Status.COOKING, Status.ONDELIVERY, Status.DELIVERED)


class _OneKey:
    """The key of the one shop there is."""

    def get(self, namespace: str, remote_name: str) -> str:
        return _KEY

    def set(self, namespace: str, remote_name: str, secret: str) -> None:
        raise AssertionError("nothing renews this key")


class Shop:
    """The tests' server of the internal API, in a process of its own."""

    def __init__(self, url: str) -> None:
        self.url = url

    def call(self, name: str, body: object = None) -> Any:
        """Ask the server for something beside its API."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}/_control/{name}", data=data)  # noqa: S310 - our own server
        with urlopen(request, timeout=30) as reply:  # noqa: S310
            return json.loads(reply.read())

    def requests(self) -> int:
        """Return how many requests it has had."""
        return int(self.call("state")["requests"])


@contextmanager
def shop() -> Iterator[Shop]:
    """Run the server for a while."""
    command = [sys.executable, "-m", "tests.support.faulty_remote", "--key", _KEY, "--until-eof"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=child_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Shop(process.stdout.readline().strip())
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def run(bench: Bench) -> list[Line]:
    """Drain a queue of 1,000 changes, one of each order; then send as many requests in other ways."""
    found: dict[str, list[float]] = {name: [] for name in ("orders", "requests", "cpu", "qt", "raw")}
    with shop() as server:
        for _ in bench.each_round(ROUNDS):
            ids = list(server.call("add", {"count": COUNT})["ids"])
            with opened(bench.empty("drain")) as store:
                _drain(store, server, found)
            found["raw"].append(COUNT / seconds_of(lambda ids=ids: _raw(server.url, ids, "cooking")))  # type: ignore[misc]
            names = bench.work / "ids"
            names.write_text("\n".join(ids), "ascii")
            found["qt"].append(run_child("network_peer", server.url, _KEY, "ondelivery", names)["per_second"])
        ratios = [_far_away(bench, server) for _ in bench.each_round(1)]
        long = [_long_queue(bench, server) for _ in bench.each_round(1)]
    requests = Figure("requests", "/s", tuple(found["requests"]))
    raw = Figure(f"{_THREADS} raw keep-alive sockets", "/s", tuple(found["raw"]))
    qt = Figure("QNetworkAccessManager, nothing stored", "/s", tuple(found["qt"]))
    cpu = Figure("", "CPU-s", tuple(found["cpu"]))
    return [
        Line(
            f"Drain {COUNT:,} changes on loopback: requests",
            requests,
            (qt,),
            raw,
            Goal("≥ 1,500 requests/s", requests.value, 1500, at_least=True),
        ),
        Line(
            "The same: orders sent and confirmed, stored here",
            Figure("", "/s", tuple(found["orders"])),
            (),
            raw,
        ),
        Line("The same: processor time per 1,000 requests", cpu, goal=Goal("≤ 0.6", cpu.value, 0.6)),
        Line(
            f"Drain {_FEW} changes to a shop that is 20 ms away: orders at a time",
            Figure("8", "×", tuple(ratios)),
            (Figure("one", "×", (1.0,)),),
            goal=Goal("≥ 7 × one at a time", ratios[0], 7, at_least=True),
        ),
        Line(
            f"Drain all steps of {_QUEUED:,} orders, each in its order", Figure("requests", "/s", tuple(long))
        ),
    ]


def _far_away(bench: Bench, server: Shop) -> float:
    """Return how much faster 8 orders at a time are than one, when each answer takes 20 ms."""
    seconds: list[float] = []
    for parallel in (1, _THREADS):
        server.call("add", {"count": _FEW})
        config = Config({("sync", "parallel_orders"): parallel}, remotes=(RemoteConfig("shop", server.url),))
        with opened(bench.empty("far")) as store:
            one_round(store, config)
            for (pk,) in store.all("SELECT pk FROM orders"):
                move(store, pk, Status.ACCEPTED, Who("bench", "bench"))
            server.call("faults", {"rate": 1.0, "kinds": [{"kind": "slow", "seconds": _AWAY_S}]})
            count = len(store.all("SELECT pk FROM orders"))
            seconds.append(seconds_of(lambda store=store, config=config: one_round(store, config)) / count)  # type: ignore[misc]
            server.call("faults", {"rate": 0.0, "clear": True})
    return seconds[0] / seconds[1]


def _long_queue(bench: Bench, server: Shop) -> float:
    """Queue every step of many orders, send them all, check their order; return the requests per second."""
    server.call("add", {"count": _QUEUED})
    config = Config(remotes=(RemoteConfig("shop", server.url, collapse="all"),))
    with opened(bench.empty("long")) as store:
        one_round(store, config)
        wanted: dict[str, list[str]] = {}
        for pk, kind, name in store.all("SELECT pk, kind, remote_id FROM orders ORDER BY pk"):
            steps = [step for step in _STEPS if kind == "delivery" or step is not Status.ONDELIVERY]
            wanted[name] = [step.value for step in steps]
            for step in steps:
                move(store, pk, step, Who("bench", "bench"))
        before = server.requests()
        seconds = seconds_of(lambda: one_round(store, config))
        rate = (server.requests() - before) / seconds
    writes = server.call("state")["writes"]
    assert all(writes[name] == steps for name, steps in wanted.items())
    return rate


def _drain(store: Store, server: Shop, found: dict[str, list[float]]) -> None:
    config = Config(remotes=(RemoteConfig("shop", server.url),))
    pulled = one_round(store, config)
    assert pulled.pulled == COUNT, pulled
    for (pk,) in store.all("SELECT pk FROM orders"):
        move(store, pk, Status.ACCEPTED, Who("bench", "bench"))
    before, cpu, started = server.requests(), time.process_time(), time.perf_counter()
    result = one_round(store, config)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    asked = server.requests() - before
    assert (result.pushed, result.pending) == (COUNT, 0), result
    found["orders"].append(COUNT / seconds)
    found["requests"].append(asked / seconds)
    found["cpu"].append(cpu * 1000 / asked)


def one_round(store: Store, config: Config) -> RoundResult:
    """Ask the shop for its orders and send what is queued."""
    return run_once(store, config, _OneKey(), _TIMEOUT_S)


def _raw(url: str, ids: Sequence[str], status: str) -> None:
    """Send one change of each order over kept connections, reading no more than the answer's end."""
    with ThreadPoolExecutor(_THREADS) as threads:
        list(
            threads.map(
                lambda part: _send_all(url, part, status), [ids[n::_THREADS] for n in range(_THREADS)]
            )
        )


def _send_all(url: str, ids: Sequence[str], status: str) -> None:
    place = urlsplit(url)
    body = json.dumps({"order": {"status": status}}).encode()
    with closing(socket.create_connection((place.hostname or "", place.port or 80))) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for remote_id in ids:
            head = (
                f"PUT /internal_api/orders/{remote_id}.json HTTP/1.1\r\nHost: {place.netloc}\r\n"
                f"Api-Key: {_KEY}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            sock.sendall(head.encode() + body)
            answer = b""
            while not answer.endswith(b"}}"):
                answer += sock.recv(4096)
            assert b"succeeded" in answer
