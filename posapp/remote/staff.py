"""The staff API of a shop's back end: requests and answers, without any I/O."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlsplit

from posapp.remote.api import (
    LIST_LIMIT,
    ORDER_LIMIT,
    Answer,
    FormatSettings,
    Outcome,
    Purpose,
    RemoteOrder,
    Reply,
    Request,
    Verdict,
)
from posapp.remote.classify import http_outcome, server_time
from posapp.remote.jsonguard import BadJson, MissingKey, decode_strict, split_array, top_members
from posapp.remote.rows import one_order, orders_of
from posapp.remote.staff_rows import read_order
from posapp.remote.staff_status import StatusTable
from posapp.remote.values import REMOTE_ID

_LIST_PATH = "apps/order/all/"
_QUERY = re.compile(r"[A-Za-z0-9_.~=&%-]{1,500}\Z")
_SPACE = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"
# What a PUT replaces; the cart goes as a number, the two status fields as they shall be.
_WRITABLE = (
    "payment_status", "payment_method", "name", "addressline", "street", "city", "district", "phone", "email",
    "country", "order_date", "shipping_date", "delivery_date", "payment_date", "delivery_class",
    "shipping_cost", "c_name", "c_email", "customer",
)  # fmt: skip
_NO_CART = (
    "This shop takes whole orders only (PUT), and for that the number of the cart is needed: "
    "the shop never told it."
)
_WHOLE_ONLY = "The shop does not take a part of an order (PATCH, 405); the whole order is sent instead."


class StaffFormat:
    """A shop whose staff see and change all orders; tokens sign the requests in.

    Pure but for one thing: after a server refused PATCH as a method, this object sends PUT.
    """

    name = "staff"
    pushable = frozenset({"status"})
    by_password = True

    def __init__(self, update: str = "patch", table: StatusTable | None = None) -> None:
        self._whole = update == "put"
        self._table = table or StatusTable()

    def credentials(self, secret: str) -> Mapping[str, str]:  # noqa: ARG002 - tokens sign in
        """Return no headers: the tokens come with each request."""
        return {}

    def list_request(self) -> Request:
        """Ask for every order; the API has no list of the new ones alone."""
        return Request("GET", _LIST_PATH, Purpose.LIST, limit=LIST_LIMIT)

    def order_request(self, remote_id: str) -> Request:
        """Ask for one order."""
        return Request("GET", _order_path(remote_id), Purpose.ORDER, limit=ORDER_LIMIT)

    def status_request(self, remote_id: str, status: str, raw: str) -> Request | Outcome:
        """Set an order's status: by PATCH its two numbers, by PUT the whole order with them."""
        path = _order_path(remote_id)
        changes = self._changes(status)
        if not self._whole:
            body = json.dumps(changes).encode()
            return Request("PATCH", path, Purpose.UPDATE, body=body, limit=ORDER_LIMIT)
        whole = _whole_order(raw, changes)
        if whole is None:
            return Outcome(Verdict.REFUSED, _NO_CART)
        return Request("PUT", path, Purpose.UPDATE, body=whole, limit=ORDER_LIMIT)

    def health_request(self) -> Request:
        """Ask for the list: nothing smaller tells a member of staff from a customer."""
        return replace(self.list_request(), purpose=Purpose.HEALTH)

    def read_list(self, answer: Answer, settings: FormatSettings) -> Outcome:
        """Decode the list in any of its shapes: one order, an array, a page."""
        reply = _of_staff(answer)
        if isinstance(reply, Outcome):
            return reply
        try:
            rows, following = _rows_of(reply.body)
        except MissingKey as trouble:
            return _about(reply, Verdict.PORTAL, f"The answer is not the list of orders: {trouble}")
        except BadJson as trouble:
            return _about(reply, Verdict.UNREADABLE, f"The list of orders cannot be read: {trouble}")
        orders, bad_rows = orders_of(rows, settings, self._read_order)
        outcome = Outcome(Verdict.OK, orders=orders, bad_rows=bad_rows, server_time=server_time(reply))
        if following is None:
            return outcome
        query = _next_query(following, settings.base_url)
        if query is None:
            detail = "The list goes on at an address that is not the shop's list; it was not followed."
            return replace(outcome, verdict=Verdict.UNREADABLE, detail=detail)
        request = replace(self.list_request(), path=f"{_LIST_PATH}?{query}")
        return replace(outcome, next_request=request)

    def read_order(self, answer: Answer, settings: FormatSettings, remote_id: str) -> Outcome:
        """Decode one order; an answer about another id is UNREADABLE."""
        reply = _signed_in(http_outcome(answer, write=False))
        if isinstance(reply, Outcome):
            return reply
        return one_order(reply, settings, remote_id, self._read_order)

    def read_status(self, answer: Answer, status: str) -> Outcome:
        """Decode the answer to a status update: its fields have to equal what was sent."""
        if isinstance(answer, Reply) and self._refuses_patch(answer):
            self._whole = True
            # Nothing was taken, and the next try is another request.
            return _about(answer, Verdict.NOT_SENT, _WHOLE_ONLY)
        reply = _signed_in(http_outcome(answer, write=True))
        if isinstance(reply, Outcome):
            return reply
        try:
            content = decode_strict(reply.body)
        except BadJson as trouble:
            return _about(reply, Verdict.UNKNOWN, f"The answer cannot be read: {trouble}")
        if not isinstance(content, dict):
            return _about(reply, Verdict.UNKNOWN, "The answer is not an order.")
        for name, value in self._changes(status).items():
            if type(content.get(name)) is not int or content[name] != value:
                detail = f"The shop answered well, but {name} is not what was sent."
                return _about(reply, Verdict.OK, detail)
        return Outcome(Verdict.OK, verified=True, server_time=server_time(reply))

    def read_health(self, answer: Answer) -> Outcome:
        """Decode the health answer: any list, whatever is in it."""
        reply = _of_staff(answer)
        if isinstance(reply, Outcome):
            return reply
        try:
            _rows_of(reply.body)
        except BadJson as trouble:
            return _about(reply, Verdict.PORTAL, f"The answer is not the list of orders: {trouble}")
        return _about(reply, Verdict.OK, "")

    def _refuses_patch(self, reply: Reply) -> bool:
        """Tell whether the server takes PUT instead; of several PATCHes under way each is told so."""
        methods = reply.headers.get("allow", "").upper()
        advised = "PUT" in methods and "PATCH" not in methods
        return reply.status == HTTPStatus.METHOD_NOT_ALLOWED and (advised or not self._whole)

    def _changes(self, status: str) -> dict[str, int]:
        pair = self._table.pair_of(status)
        changes = {"order_status": pair.order}
        return changes if pair.delivery is None else changes | {"delivery_status": pair.delivery}

    def _read_order(self, content: object, raw: str, _settings: FormatSettings) -> RemoteOrder:
        return read_order(content, raw, self._table)


def _order_path(remote_id: str) -> str:
    if not REMOTE_ID.match(remote_id):
        raise ValueError("this is not the id of a remote order")
    return f"apps/order/{remote_id}/"


def _about(reply: Reply, verdict: Verdict, detail: str) -> Outcome:
    return Outcome(verdict, detail, server_time=server_time(reply))


def _signed_in(result: Outcome | Reply) -> Outcome | Reply:
    """Say of a 401 what it means here: not a key, a password."""
    if isinstance(result, Outcome) and result.verdict is Verdict.SIGN_IN:
        words = result.detail.partition(" It says: ")[2]
        detail = "The shop does not accept the sign-in (401): the password is needed again."
        return replace(result, detail=f"{detail} It says: {words}" if words else detail)
    return result


def _of_staff(answer: Answer) -> Outcome | Reply:
    """Judge an answer that every member of staff gets: a refusal means that this account is none."""
    result = _signed_in(http_outcome(answer, write=False))
    if isinstance(result, Outcome) and result.verdict is Verdict.FORBIDDEN:
        words = result.detail.partition(" It says: ")[2]
        detail = "This account is not one of the shop's staff (403)."
        return replace(
            result, verdict=Verdict.SIGN_IN, detail=f"{detail} It says: {words}" if words else detail
        )
    return result


def _rows_of(body: bytes) -> tuple[list[bytes], str | None]:
    """Return the rows of a list in any of its shapes, and the address of its next page."""
    body = body.removeprefix(_BOM).strip(_SPACE)
    if body.startswith(b"["):
        return split_array(body), None
    members = top_members(body)
    if "results" in members:
        following = decode_strict(members["next"]) if "next" in members else None
        if following is not None and not isinstance(following, str):
            raise BadJson("“next” is not an address.")
        return split_array(members["results"]), following
    if "id" in members and "order_status" in members:
        return [body], None
    raise MissingKey("It has neither “results” nor the fields of an order.")


def _next_query(address: str, base_url: str) -> str | None:
    """Return the query of the list's next page, None when the address is not one of this list.

    Only the query is ever used: the request goes to the configured origin, whatever the address says. Its
    scheme does not matter, because servers behind a proxy often do not know theirs.
    """
    try:
        ours, parts = urlsplit(base_url), urlsplit(address)
        same_host = not parts.netloc or (
            parts.hostname == ours.hostname and "@" not in parts.netloc and parts.port in {None, ours.port}
        )
    except ValueError:
        return None
    path = f"{ours.path.rstrip('/')}/{_LIST_PATH}"
    if not same_host or parts.path not in {path, ""} or not _QUERY.match(parts.query):
        return None
    return parts.query


def _whole_order(raw: str, changes: Mapping[str, int]) -> bytes | None:
    """Return the writable fields as they were received, with the changes; None without a cart's number.

    The fields keep the very text that the remote wrote, so that no amount and no time changes its form.
    """
    try:
        members = top_members(raw.encode())
        cart = _cart_id(members)
    except BadJson:
        return None
    if cart is None:
        return None
    fields = {name: members[name] for name in _WRITABLE if name in members}
    if fields.get("addressline") in {b'""', b"null"}:
        del fields["addressline"]  # optional, but never empty
    for name in ("order_status", "delivery_status"):
        if name in members:
            fields[name] = members[name]
    fields |= {name: str(value).encode() for name, value in changes.items()}
    fields["cart"] = str(cart).encode()
    return b"{" + b", ".join(f'"{name}": '.encode() + value for name, value in fields.items()) + b"}"


def _cart_id(members: Mapping[str, bytes]) -> int | None:
    for name in ("cart", "cart_id"):
        found = decode_strict(members.get(name, b"null"))
        number = found.get("id") if isinstance(found, dict) else found
        if isinstance(number, int) and not isinstance(number, bool):
            return number
    return None
