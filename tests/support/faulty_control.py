"""Runs the faulty server as a program, with JSON calls under /_control/ for tests of whole processes."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tests.support.faulty_http import Request
from tests.support.faulty_plan import TEN_WAYS, Fault, FaultKind
from tests.support.faulty_records import Answer, as_error, as_json
from tests.support.faulty_remote import FaultyRemote


class ControlDoor:
    """The calls: GET state, log; POST add, set_status, remove, faults, offline.

    * add `{"count": 3}` or `{"order": {…}}` → `{"ids": […]}`
    * set_status `{"id", "status", "payment_status"?}`, remove `{"id"}`
    * faults `{"rate"?, "kinds"?: [F], "next"?: [{"fault": F, "match"?, "times"?}], "clear"?: true}`, where F
      is a name or `{"kind", "seconds"?, "hold"?, "retry_after"?, "code"?}`
    * offline `{"seconds": 2.5}`: refuses connections for that long
    """

    def __init__(self, remote: FaultyRemote) -> None:
        self._remote = remote

    def __call__(self, request: Request) -> Answer:
        """Answer one call."""
        try:
            body = json.loads(request.body) if request.body else {}
            return as_json(self._do(request.method, request.target.removeprefix("/_control/"), body))
        except (KeyError, ValueError, TypeError) as error:
            return as_error(400, f"{type(error).__name__}: {error}")

    def _do(self, method: str, call: str, body: dict[str, Any]) -> Any:
        remote = self._remote
        match method, call:
            case "GET", "state":
                return self._state()
            case "GET", "log":
                return {"log": [asdict(entry) for entry in remote.log]}
            case "POST", "add":
                return {"ids": remote.add(body["order"] if "order" in body else int(body["count"]))}
            case "POST", "set_status":
                remote.set_status(body["id"], body["status"], body.get("payment_status"))
            case "POST", "remove":
                remote.remove(body["id"])
            case "POST", "faults":
                self._faults(body)
            case "POST", "offline":
                remote.go_offline_for(float(body["seconds"]))
            case _:
                raise ValueError(f"no such call: {method} {call}")
        return {}

    def _state(self) -> dict[str, Any]:
        remote = self._remote
        return {
            "orders": remote.orders,
            "writes": {order_id: remote.writes(order_id) for order_id in remote.orders},
            "products": remote.shelf.products,
            "requests": len(remote.log),
            "faults": dict(remote.faults_met()),
            "max_in_flight_per_order": remote.max_in_flight_per_order,
            "overlapping": sum(entry.overlapping for entry in remote.log),
            "other_origin": [asdict(visit) for visit in remote.other_origin],
        }

    def _faults(self, body: dict[str, Any]) -> None:
        if body.get("clear"):
            self._remote.no_faults()
        if "rate" in body:
            kinds = [_fault(kind) for kind in body["kinds"]] if "kinds" in body else None
            self._remote.set_faults(float(body["rate"]), kinds)
        for item in body.get("next", []):
            self._remote.next_fault(_fault(item["fault"]), item.get("match"), int(item.get("times", 1)))


def _fault(value: str | dict[str, Any]) -> Fault:
    if isinstance(value, str):
        return Fault(FaultKind(value))
    return Fault(**{**value, "kind": FaultKind(value["kind"])})


def _wait_for_eof(over: threading.Event) -> None:
    while os.read(0, 4096):
        pass
    over.set()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the address, then serve until SIGTERM, SIGINT or, with --until-eof, the end of standard input."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.faulty_remote", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--orders", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--key", default="key-of-the-test-shop")
    parser.add_argument("--fault-rate", type=float, default=0.0)
    parser.add_argument("--faults", nargs="+", type=FaultKind, default=TEN_WAYS, metavar="NAME")
    parser.add_argument("--transitions", choices=("any", "strict"), default="any")
    parser.add_argument("--until-eof", action="store_true")
    options = parser.parse_args(arguments)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    remote = FaultyRemote(
        api_key=options.key,
        seed=options.seed,
        fault_rate=options.fault_rate,
        faults=options.faults,
        transitions=options.transitions,
        port=options.port,
    )
    remote.control = ControlDoor(remote)
    remote.add(options.orders)
    with remote:
        sys.stdout.write(remote.url + "\n")
        sys.stdout.flush()
        if options.until_eof:
            threading.Thread(target=_wait_for_eof, args=(over,), daemon=True).start()
        over.wait()
    return 0
