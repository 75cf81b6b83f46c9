"""What the faulty server remembers of requests and changes, and the small parts that its files share."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote

from tests.support.faulty_http import Request
from tests.support.faulty_plan import Asked

ORDERS_PATH = "/internal_api/orders"
CALLS = {
    "/internal_api/products/upsert.json": "upsert",
    "/internal_api/products/bulk_import.json": "import",
}
PROGRESS = "/internal_api/processing_status/"


@dataclass(frozen=True, slots=True)
class Logged:
    """One request as the server saw it; `at` and `processed_at` are monotonic seconds.

    `processed` says that a write was saved; `answer` is the HTTP status sent, None when nothing was.
    `overlapping` says that another write to the same order was still in flight when this one arrived.
    `station` is who asked, where the stations have keys of their own.
    """

    at: float
    method: str
    path: str
    call: str
    order_id: str | None
    status: str | None
    fault: str | None
    api_key: Literal["absent", "right", "wrong"]
    headers: tuple[tuple[str, str], ...]
    overlapping: bool = False
    processed: bool = False
    processed_at: float | None = None
    answer: int | None = None
    station: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an order's status, by the client or by somebody else ("foreign")."""

    at: float
    order_id: str
    status: str
    by: Literal["client", "foreign"]


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that reached the other origin, where redirects point."""

    method: str
    path: str
    had_api_key: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and a body of JSON."""

    status: int
    body: bytes


def as_json(value: Any) -> Answer:
    return Answer(200, json.dumps(value, ensure_ascii=False).encode())


def as_error(status: int, words: str) -> Answer:
    return Answer(status, json.dumps({"error": words}).encode())


def read_request(request: Request) -> Asked:
    """Find out which call this is; what it says is judged later."""
    path = request.target.partition("?")[0]
    call, order_id, status = "unknown", None, None
    if path == f"{ORDERS_PATH}.json" and request.method == "GET":
        call = "list"
    elif path == "/internal_api/sync_healthcheck.json" and request.method == "GET":
        call = "health"
    elif path.startswith(f"{ORDERS_PATH}/") and path.endswith(".json") and request.method in ("GET", "PUT"):
        call = "one" if request.method == "GET" else "update"
        order_id = unquote(path[len(ORDERS_PATH) + 1 : -len(".json")])
        if call == "update":
            status = _status_sent(request.body)
    elif request.method == "POST" and path in CALLS:
        call = CALLS[path]
    elif request.method == "GET" and path.startswith(PROGRESS):
        call = "progress"
    return Asked(call, request.method, request.target, order_id, status)


def _status_sent(body: bytes) -> str | None:
    try:
        match json.loads(body):
            case {"order": {"status": str(status)}}:
                return status
    except ValueError:
        pass
    return None
