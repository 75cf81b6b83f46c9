"""The staff API of a shop's back end: requests and answers, without any I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from posapp.domain.cart import cart_text, same_cart
from posapp.remote.api import (
    LIST_LIMIT,
    ORDER_LIMIT,
    Answer,
    FormatSettings,
    Outcome,
    Purpose,
    Push,
    RemoteOrder,
    Reply,
    Request,
    Verdict,
)
from posapp.remote.classify import http_outcome, server_time
from posapp.remote.jsonguard import BadJson, MissingKey, decode_strict, mend_half_characters
from posapp.remote.pages import next_query, rows_of
from posapp.remote.rows import one_order, orders_of
from posapp.remote.staff_rows import canonical_values, read_cart, read_order
from posapp.remote.staff_status import StatusTable
from posapp.remote.staff_write import (
    CART,
    cart_body,
    encoded_fields,
    encoded_pair,
    field_rules,
    json_object,
    whole_order,
)
from posapp.remote.values import REMOTE_ID

_LIST_PATH = "apps/order/all/"
_ORDER_MARKS = frozenset({"id", "order_status"})
_NO_CART = (
    "This shop takes whole orders only (PUT), and for that the number of the cart is needed: "
    "the shop never told it."
)
_OTHER_METHOD = "The shop takes a cart in another way (405); it is sent so instead."
_WHOLE_ONLY = "The shop does not take a part of an order (PATCH, 405); the whole order is sent instead."


class StaffFormat:
    """A shop whose staff see and change all orders; tokens sign the requests in.

    Pure but for one thing: after a server refused a method, this object sends the other.
    """

    name = "staff"
    pushable = frozenset({"status", CART, *field_rules()})
    by_password = True

    def __init__(self, update: str = "patch", table: StatusTable | None = None) -> None:
        self.whole = update == "put"
        self._table = table or StatusTable()
        # All lines go at once, whatever the method, so that none is left that was taken away.
        self._cart_method = "PUT"

    def credentials(self, secret: str) -> Mapping[str, str]:  # noqa: ARG002 - tokens sign in
        """Return no headers: the tokens come with each request."""
        return {}

    def list_request(self) -> Request:
        """Ask for every order; the API has no list of the new ones alone."""
        return Request("GET", _LIST_PATH, Purpose.LIST, limit=LIST_LIMIT)

    def order_request(self, remote_id: str) -> Request:
        """Ask for one order."""
        return Request("GET", _order_path(remote_id), Purpose.ORDER, limit=ORDER_LIMIT)

    def update_request(self, remote_id: str, push: Push, raw: str = "") -> Request | Outcome:
        """Change an order: by PATCH what the push names, by PUT the whole order with it; a cart by itself."""
        path = _order_path(remote_id)
        if CART in push.fields:
            if push.status or len(push.fields) > 1:
                raise ValueError("a cart is pushed by itself")
            body = cart_body(push.fields[CART])
            return Request(self._cart_method, f"{path}cart/", Purpose.UPDATE, body=body, limit=ORDER_LIMIT)
        changes = self._changes(push)
        if not self.whole:
            return Request("PATCH", path, Purpose.UPDATE, body=json_object(changes), limit=ORDER_LIMIT)
        whole = whole_order(raw, changes, push.cart_id)
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
            rows, following = rows_of(reply.body, _ORDER_MARKS)
        except MissingKey as trouble:
            return _about(reply, Verdict.PORTAL, f"The answer is not the list of orders: {trouble}")
        except BadJson as trouble:
            return _about(reply, Verdict.UNREADABLE, f"The list of orders cannot be read: {trouble}")
        orders, bad_rows = orders_of(rows, settings, self._read_order)
        outcome = Outcome(Verdict.OK, orders=orders, bad_rows=bad_rows, server_time=server_time(reply))
        if following is None:
            return outcome
        query = next_query(following, settings.base_url, _LIST_PATH)
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

    def read_update(self, answer: Answer, push: Push) -> Outcome:
        """Decode the answer to an update: its fields have to equal what was sent.

        `order` is filled when the answer is a whole order that can be read, whether it equals or not.
        """
        is_cart = CART in push.fields
        if isinstance(answer, Reply) and (other := self._other_method(answer, cart=is_cart)):
            # Nothing was taken, and the next try is another request.
            return _about(answer, Verdict.NOT_SENT, other)
        reply = _signed_in(http_outcome(answer, write=True))
        if isinstance(reply, Outcome):
            return _about_cart(reply) if is_cart else reply
        try:
            content = decode_strict(reply.body)
        except BadJson as trouble:
            return _about(reply, Verdict.UNKNOWN, f"The answer cannot be read: {trouble}")
        if not isinstance(content, dict):
            return _about(reply, Verdict.UNKNOWN, "The answer is not an order.")
        strange = _strange_cart(content, push.fields[CART]) if is_cart else self._strange_field(content, push)
        order = self._whole_order(reply)
        if strange:
            detail = f"The shop answered well, but {strange} is not what was sent."
            return replace(_about(reply, Verdict.OK, detail), order=order)
        return Outcome(Verdict.OK, verified=True, order=order, server_time=server_time(reply))

    def read_health(self, answer: Answer) -> Outcome:
        """Decode the health answer: any list, whatever is in it."""
        reply = _of_staff(answer)
        if isinstance(reply, Outcome):
            return reply
        try:
            rows_of(reply.body, _ORDER_MARKS)
        except BadJson as trouble:
            return _about(reply, Verdict.PORTAL, f"The answer is not the list of orders: {trouble}")
        return _about(reply, Verdict.OK, "")

    def _other_method(self, reply: Reply, *, cart: bool) -> str:
        """Change over to the other method if the server wants it; return a sentence then.

        Of several requests under way with the old one each is told so.
        """
        if reply.status != HTTPStatus.METHOD_NOT_ALLOWED:
            return ""
        methods = {word.strip() for word in reply.headers.get("allow", "").upper().split(",")}
        if cart:
            if self._cart_method == "PUT" or methods & {"PUT", "PATCH"} == {"PATCH"}:
                self._cart_method = "PATCH"
                return _OTHER_METHOD
        elif not self.whole or methods & {"PUT", "PATCH"} == {"PUT"}:
            self.whole = True
            return _WHOLE_ONLY
        return ""

    def _changes(self, push: Push) -> dict[str, bytes]:
        pair = encoded_pair(self._table.pair_of(push.status)) if push.status else {}
        changes = pair | encoded_fields(push.fields)
        if not changes:
            raise ValueError("a push without anything in it")
        return changes

    def _strange_field(self, content: Mapping[str, object], push: Push) -> str:
        """Return the first field whose value is not what was sent, "" if all are."""
        pair = encoded_pair(self._table.pair_of(push.status)) if push.status else {}
        for name, number in pair.items():
            value = content.get(name)
            if type(value) is not int or str(value).encode() != number:
                return name
        shown = canonical_values(content, push.fields)
        return next((name for name, text in push.fields.items() if shown.get(name) != text), "")

    def _whole_order(self, reply: Reply) -> RemoteOrder | None:
        try:
            text = mend_half_characters(reply.body.decode("utf-8-sig"))
            return read_order(text.encode(), text, self._table)
        except ValueError:
            return None

    def _read_order(self, row: bytes, raw: str, _settings: FormatSettings) -> RemoteOrder:
        return read_order(row, raw, self._table)


def _strange_cart(content: Mapping[str, object], text: str) -> str:
    """Return what differs between an answered cart, alone or in its order, and the one that was sent."""
    inner = content.get("cart")
    try:
        lines = read_cart(content if "products" in content else inner)
    except ValueError:
        return "the cart"
    return "" if same_cart(text, cart_text(lines)) else "the cart"


def _about_cart(refusal: Outcome) -> Outcome:
    """Put what the shop says about a cart's lines under the cart: "cart.0.quantity"."""
    fields = {
        CART if name in {CART, "products"} else f"{CART}.{name.removeprefix('products.')}": words
        for name, words in refusal.fields.items()
    }
    return replace(refusal, fields=fields)


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
