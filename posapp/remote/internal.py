"""The internal API of a shop: requests and answers, without any I/O."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from posapp.remote.api import (
    LIST_LIMIT,
    ORDER_LIMIT,
    Answer,
    BadRow,
    FormatSettings,
    Outcome,
    Purpose,
    RemoteOrder,
    Reply,
    Request,
    Verdict,
)
from posapp.remote.classify import http_outcome, server_time, words_in
from posapp.remote.internal_rows import REMOTE_ID, read_order
from posapp.remote.jsonguard import (
    BadJson,
    MissingKey,
    decode_strict,
    mend_half_characters,
    split_rows,
    top_members,
)

_ANSWER_LIMIT = 200_000
_RAW_LIMIT = 64 * 1024
_NOTHING_UPDATED = re.compile(r"\bupdated:\s*0+\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Row:
    """What one row came to; `content` is the decoded row, to compare rows that claim the same id."""

    order: RemoteOrder | None
    content: object
    bad: BadRow | None


class InternalFormat:
    """A shop that lists its new orders and takes back their status; the key goes in a header."""

    name = "internal"
    pushable = frozenset({"status"})

    def credentials(self, secret: str) -> Mapping[str, str]:
        """Return the headers that sign a request in."""
        return {"Api-Key": secret}

    def list_request(self) -> Request:
        """Ask for the orders that are paid and wait to be confirmed."""
        return Request("GET", "internal_api/orders.json", Purpose.LIST, limit=LIST_LIMIT)

    def order_request(self, remote_id: str) -> Request:
        """Ask for one order."""
        return Request("GET", _order_path(remote_id), Purpose.ORDER, limit=ORDER_LIMIT)

    def status_request(self, remote_id: str, status: str) -> Request:
        """Set an order's status."""
        body = json.dumps({"order": {"status": status}}).encode()
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
        orders, bad_rows = _without_doubles([_read_row(row, settings) for row in rows])
        return Outcome(Verdict.OK, orders=orders, bad_rows=bad_rows, server_time=server_time(reply))

    def read_order(self, answer: Answer, settings: FormatSettings, remote_id: str) -> Outcome:
        """Decode one order; an answer about another id is UNREADABLE."""
        reply = http_outcome(answer, write=False)
        if isinstance(reply, Outcome):
            return reply
        try:
            claimed = _id_of(reply.body)
        except BadJson as trouble:
            return _about(reply, Verdict.UNREADABLE, f"The order cannot be read: {trouble}")
        if claimed != remote_id:
            what = "about another order" if claimed else "not about an order"
            return _about(reply, Verdict.UNREADABLE, f"The answer is {what}.")
        row = _read_row(reply.body, settings)
        if row.bad is not None:
            detail = f"The order cannot be read: {row.bad.reason}"
            return Outcome(Verdict.UNREADABLE, detail, bad_rows=(row.bad,), server_time=server_time(reply))
        return Outcome(Verdict.OK, order=row.order, server_time=server_time(reply))

    def read_status(self, answer: Answer, status: str) -> Outcome:  # noqa: ARG002 - this remote does not echo it
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


def _read_row(row: bytes, settings: FormatSettings) -> _Row:
    content: object = None
    try:
        if len(row) > ORDER_LIMIT:
            raise BadJson(f"The order is larger than {ORDER_LIMIT:,} bytes.")
        text = _text_of(row)
        content = decode_strict(text)
        return _Row(read_order(content, text, settings), content, None)
    except ValueError as trouble:
        return _Row(None, content, BadRow(str(trouble), _shown(row), _safe_id_of(row)))


def _text_of(row: bytes) -> str:
    try:
        return mend_half_characters(row.decode())
    except UnicodeError:
        raise BadJson("The text is not UTF-8.") from None


def _shown(row: bytes) -> str:
    return row[:_RAW_LIMIT].decode(errors="replace").replace("\0", "�")


def _id_of(row: bytes) -> str:
    """Return the id that the row claims, without judging the rest; "" when it claims none that could be."""
    value = top_members(row).get("id")
    found = decode_strict(value) if value is not None else ""
    text = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
    return text if REMOTE_ID.match(text) else ""


def _safe_id_of(row: bytes) -> str:
    try:
        return _id_of(row)
    except BadJson:
        return ""


def _without_doubles(rows: list[_Row]) -> tuple[tuple[RemoteOrder, ...], tuple[BadRow, ...]]:
    orders: dict[str, _Row] = {}
    bad_rows: list[BadRow] = []
    for row in rows:
        if row.bad is not None:
            bad_rows.append(row.bad)
        elif row.order is not None:
            first = orders.setdefault(row.order.remote_id, row)
            if first.content != row.content:
                reason = "The list held this order twice with different contents."
                bad_rows.append(BadRow(reason, row.order.raw[:_RAW_LIMIT], row.order.remote_id))
    return tuple(row.order for row in orders.values() if row.order is not None), tuple(bad_rows)
