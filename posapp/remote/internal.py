"""The internal API of a shop: requests and answers, without any I/O."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from posapp.remote.api import (
    LIST_LIMIT,
    ORDER_LIMIT,
    Answer,
    FormatSettings,
    Outcome,
    Purpose,
    Push,
    Reply,
    Request,
    Verdict,
)
from posapp.remote.classify import http_outcome, server_time, words_in
from posapp.remote.internal_rows import read_order
from posapp.remote.jsonguard import BadJson, MissingKey, decode_strict, split_rows
from posapp.remote.rows import one_order, orders_of
from posapp.remote.values import REMOTE_ID

_ANSWER_LIMIT = 200_000
_NOTHING_UPDATED = re.compile(r"\bupdated:\s*0+\b", re.IGNORECASE)


class InternalFormat:
    """A shop that lists its new orders and takes back their status; the key goes in a header."""

    name = "internal"
    pushable = frozenset({"status"})
    whole = False
    by_password = False

    def credentials(self, secret: str) -> Mapping[str, str]:
        """Return the headers that sign a request in."""
        return {"Api-Key": secret}

    def list_request(self) -> Request:
        """Ask for the orders that are paid and wait to be confirmed."""
        return Request("GET", "internal_api/orders.json", Purpose.LIST, limit=LIST_LIMIT)

    def order_request(self, remote_id: str) -> Request:
        """Ask for one order."""
        return Request("GET", _order_path(remote_id), Purpose.ORDER, limit=ORDER_LIMIT)

    def update_request(self, remote_id: str, push: Push, raw: str = "") -> Request:  # noqa: ARG002 - the status alone
        """Set an order's status; this remote takes nothing else."""
        body = json.dumps({"order": {"status": push.status}}).encode()
        return Request("PUT", _order_path(remote_id), Purpose.UPDATE, body=body, limit=_ANSWER_LIMIT)

    def health_request(self) -> Request:
        """Ask whether the shop believes that it and the point of sale are in step."""
        return Request("GET", "internal_api/sync_healthcheck.json", Purpose.HEALTH, limit=_ANSWER_LIMIT)

    def read_list(self, answer: Answer, settings: FormatSettings) -> Outcome:
        """Decode the list: orders and bad rows."""
        reply = http_outcome(answer, write=False)
        if isinstance(reply, Outcome):
            return reply
        try:
            rows = split_rows(reply.body, "orders")
        except MissingKey as trouble:
            # Whoever answered, it was not the list: this must never read as "no orders".
            return _about(reply, Verdict.PORTAL, f"The answer is not the list of orders: {trouble}")
        except BadJson as trouble:
            return _about(reply, Verdict.UNREADABLE, f"The list of orders cannot be read: {trouble}")
        orders, bad_rows = orders_of(rows, settings, read_order)
        return Outcome(Verdict.OK, orders=orders, bad_rows=bad_rows, server_time=server_time(reply))

    def read_order(self, answer: Answer, settings: FormatSettings, remote_id: str) -> Outcome:
        """Decode one order; an answer about another id is UNREADABLE."""
        reply = http_outcome(answer, write=False)
        if isinstance(reply, Outcome):
            return reply
        return one_order(reply, settings, remote_id, read_order)

    def read_update(self, answer: Answer, push: Push) -> Outcome:  # noqa: ARG002 - this remote does not echo it
        """Decode the answer to a status update: only the remote's own “succeeded” is its word."""
        reply = http_outcome(answer, write=True)
        if isinstance(reply, Outcome):
            return reply
        try:
            content = decode_strict(reply.body)
        except BadJson as trouble:
            return _about(reply, Verdict.UNKNOWN, f"The answer cannot be read: {trouble}")
        report = content.get("processing_object") if isinstance(content, dict) else None
        if not isinstance(report, dict):
            return _about(reply, Verdict.UNKNOWN, "The answer does not say whether the change was saved.")
        match report.get("status"):
            case "succeeded":
                return _succeeded(reply, report.get("info"))
            case "failed":
                words, fields = words_in({"errors": report.get("errors")})
                detail = (
                    f"The remote did not save this: {words}" if words else "The remote did not save this."
                )
                return Outcome(Verdict.REFUSED, detail, fields=fields, server_time=server_time(reply))
        return _about(reply, Verdict.UNKNOWN, "The answer does not say whether the change was saved.")

    def read_health(self, answer: Answer) -> Outcome:
        """Decode the health answer; OK also when the remote says that it is out of step (in `detail`)."""
        reply = http_outcome(answer, write=False)
        if isinstance(reply, Outcome):
            return reply
        try:
            content = decode_strict(reply.body)
        except BadJson as trouble:
            return _about(reply, Verdict.UNREADABLE, f"The health answer cannot be read: {trouble}")
        match content.get("status") if isinstance(content, dict) else None:
            case "ok":
                return _about(reply, Verdict.OK, "")
            case "fail":
                return _about(
                    reply, Verdict.OK, "The shop says that it and this point of sale are out of step."
                )
        return _about(reply, Verdict.PORTAL, "The answer is not the shop's health answer.")


def _order_path(remote_id: str) -> str:
    if not REMOTE_ID.match(remote_id):
        raise ValueError("this is not the id of a remote order")
    return f"internal_api/orders/{remote_id}.json"


def _about(reply: Reply, verdict: Verdict, detail: str) -> Outcome:
    return Outcome(verdict, detail, server_time=server_time(reply))


def _succeeded(reply: Reply, info: object) -> Outcome:
    if isinstance(info, str) and _NOTHING_UPDATED.search(info):
        return _about(reply, Verdict.OK, "The remote says that it changed nothing (“Updated: 0”).")
    return Outcome(Verdict.OK, verified=True, server_time=server_time(reply))
