"""The types between the sync engine, the formats and the transport."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from posapp.domain.received import BadRow, RemoteLine, RemoteOrder

__all__ = ["BadRow", "RemoteLine", "RemoteOrder"]  # beside what is defined here

LIST_LIMIT = 20_000_000
ORDER_LIMIT = 2_000_000


class Purpose(StrEnum):
    """What a request is for; the transport logs it and the caps depend on it."""

    LIST = "list"
    ORDER = "order"
    UPDATE = "update"
    HEALTH = "health"
    SIGN_IN = "sign-in"
    INFO = "info"  # what stands around the orders, asked for by a person
    PRODUCT = "product"  # the catalogue on its way to the shop


@dataclass(frozen=True, slots=True)
class Request:
    """One request, relative to the configured origin; `path` is made from checked parts only."""

    method: str
    path: str
    purpose: Purpose
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    limit: int = ORDER_LIMIT


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, whole and within the caps; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, between two pieces of an answer, and for everything together."""

    connect: float
    read: float
    total: float


class Trouble(StrEnum):
    """Why there is no answer."""

    NOT_SENT = "not_sent"  # DNS, refused, connect timeout, TLS handshake: nothing reached the remote
    UNKNOWN = "unknown"  # time-out or reset after sending, cut body: it may have been processed
    CERTIFICATE = "certificate"  # the remote's certificate is not to be trusted
    TOO_LARGE = "too_large"  # the answer is over the cap; it was not read


@dataclass(frozen=True, slots=True)
class NoReply:
    """No usable HTTP answer; `detail` is a sentence without secrets."""

    trouble: Trouble
    detail: str
    seconds: float = 0.0


Answer = Reply | NoReply


class Transport(Protocol):
    """Carries requests to one remote's origin; thread-safe."""

    def send(self, request: Request) -> Answer:
        """Send and wait for the whole answer; never raises for what the network does."""

    def close(self) -> None:
        """Close all connections."""


class Verdict(StrEnum):
    """The class of an answer, as in the failure table of docs/sync.md."""

    OK = "ok"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    CERTIFICATE = "certificate"
    PORTAL = "portal"
    THROTTLED = "throttled"
    REFUSED = "refused"
    SIGN_IN = "sign_in"  # 401: the key or token is not accepted
    FORBIDDEN = "forbidden"  # 403: the key's right, or this one order; the engine finds out which
    GONE = "gone"  # 404
    UNREADABLE = "unreadable"  # a 200 whose content makes no sense in this format


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer means. Which fields are filled depends on the request's purpose.

    `detail` is a sentence for people and holds the remote's own words where it gave some; `retry_after` is in
    seconds; `fields` are the remote's messages by field; `server_time` comes from the Date header.
    """

    verdict: Verdict
    detail: str = ""
    retry_after: float | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    orders: tuple[RemoteOrder, ...] = ()
    bad_rows: tuple[BadRow, ...] = ()
    order: RemoteOrder | None = None
    verified: bool = False  # UPDATE only: the answer itself is the remote's word that the value is stored
    server_time: datetime | None = None
    next_request: Request | None = None  # LIST only: the list goes on there


@dataclass(frozen=True, slots=True)
class Push:
    """What a write asks the remote to store: a status, or fields in their canonical texts (docs/sync.md)."""

    status: str = ""  # "": this write is not about it
    fields: Mapping[str, str] = field(default_factory=dict)
    cart_id: str = ""  # kept from an earlier answer; "": unknown


@dataclass(frozen=True, slots=True)
class FormatSettings:
    """What a format needs to know of a remote."""

    currency: str
    zone: ZoneInfo
    base_url: str = ""


class Format(Protocol):
    """A remote format: encoding and decoding, without any I/O."""

    name: str
    pushable: frozenset[str]  # the fields that the remote takes, by the names of posapp.domain.rules
    whole: bool  # an update carries the whole order as last received, not only what it changes
    by_password: bool  # the secret is a sign-in (posapp.remote.tokens) instead of a key

    def credentials(self, secret: str) -> Mapping[str, str]:
        """Return the headers that sign every request in; none where tokens do."""

    def list_request(self) -> Request:
        """Ask for the orders that wait to be confirmed, or for all where the remote has no such list."""

    def order_request(self, remote_id: str) -> Request:
        """Ask for one order."""

    def update_request(self, remote_id: str, push: Push, raw: str = "") -> Request | Outcome:
        """Change an order; `raw` is the order as last received.

        An Outcome tells why there is nothing that could be sent.
        """

    def health_request(self) -> Request:
        """Ask for the cheapest answer that proves that the remote is there and knows us."""

    def read_list(self, answer: Answer, settings: FormatSettings) -> Outcome:
        """Decode the list, or a page of it: orders and bad rows.

        A failure may still hold orders: they are good, but the list is not whole.
        """

    def read_order(self, answer: Answer, settings: FormatSettings, remote_id: str) -> Outcome:
        """Decode one order; an answer about another id is UNREADABLE."""

    def read_update(self, answer: Answer, push: Push) -> Outcome:
        """Decode the answer to an update; `fields` of a refusal are the remote's words by field."""

    def read_health(self, answer: Answer) -> Outcome:
        """Decode the health answer; OK also when the remote says that it is out of step (in `detail`)."""
