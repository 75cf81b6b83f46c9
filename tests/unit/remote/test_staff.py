"""The staff API's requests, and what its answers are taken for."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from posapp.domain.status import Status
from posapp.remote.api import (
    LIST_LIMIT,
    FormatSettings,
    Outcome,
    Purpose,
    Push,
    RemoteOrder,
    Request,
    Verdict,
)
from posapp.remote.staff import StaffFormat
from posapp.remote.staff_status import DEFAULT_PAIRS, StatusTable
from tests.support.drf_shop import staff_order
from tests.unit.remote.samples import answer

SHOP = FormatSettings("NPR", ZoneInfo("Asia/Kathmandu"), "https://shop.example/pos")
FORMAT = StaffFormat()
RAW = json.dumps(staff_order(12))


def read_one(**changes: object) -> RemoteOrder:
    outcome = FORMAT.read_order(answer(staff_order(12, **changes)), SHOP, "12")
    assert outcome.order is not None, outcome.detail
    return outcome.order


def sent(form: StaffFormat, status: str, raw: str = RAW) -> tuple[Request, dict[str, Any]]:
    request = form.update_request("12", Push(status=status), raw)
    assert isinstance(request, Request)
    return request, json.loads(request.body or b"")


# ------------------------------------------------------------------------------------------- requests


def test_requests_go_where_the_documentation_says() -> None:
    listed, one = FORMAT.list_request(), FORMAT.order_request("12")
    assert (listed.method, listed.path, listed.purpose) == ("GET", "apps/order/all/", Purpose.LIST)
    assert listed.limit == LIST_LIMIT
    assert (one.method, one.path, one.purpose) == ("GET", "apps/order/12/", Purpose.ORDER)
    assert FORMAT.credentials("secret") == {}


@pytest.mark.parametrize("bad", ["", "../all", "1/2", "1?x", "x" * 65, "1 2"])
def test_an_id_that_is_none_never_becomes_a_path(bad: str) -> None:
    with pytest.raises(ValueError, match="not the id"):
        FORMAT.order_request(bad)
    with pytest.raises(ValueError, match="not the id"):
        FORMAT.update_request(bad, Push(status="accepted"), RAW)


@pytest.mark.parametrize("status", list(Status))
def test_a_patch_holds_the_two_numbers_and_nothing_else(status: Status) -> None:
    request, body = sent(FORMAT, status)
    assert (request.method, request.path) == ("PATCH", "apps/order/12/")
    pair = DEFAULT_PAIRS[status]
    expected = {"order_status": pair.order}
    if status is not Status.CANCELLED:
        expected["delivery_status"] = pair.delivery or 0
    assert body == expected


def test_a_put_holds_the_whole_order_in_the_very_text_that_came() -> None:
    raw = RAW.replace('"cart": {', '"cart": {"id": 31, ').replace(
        '"shipping_cost": 0.0', '"shipping_cost": 0.10'
    )
    request, body = sent(StaffFormat("put"), "cooking", raw)
    assert (request.method, request.path) == ("PUT", "apps/order/12/")
    assert b'"shipping_cost": 0.10,' in (request.body or b"")
    assert (body["cart"], body["order_status"], body["delivery_status"]) == (31, 2, 0)
    for name in ("name", "street", "city", "district", "email", "order_date", "customer", "delivery_date"):
        assert body[name] == staff_order(12)[name]
    assert not {"id", "code", "final_cost"} & set(body), "these are read only"


@pytest.mark.parametrize("cart", [31, {"id": 31}])
def test_the_number_of_the_cart_is_found_where_an_answer_has_it(cart: object) -> None:
    assert sent(StaffFormat("put"), "accepted", json.dumps(staff_order(12, cart=cart)))[1]["cart"] == 31


def test_a_put_leaves_an_empty_optional_address_out_and_a_cancel_the_delivery_as_it_is() -> None:
    raw = json.dumps(staff_order(12, cart=31, addressline="", delivery_status=1))
    body = sent(StaffFormat("put"), "cancelled", raw)[1]
    assert "addressline" not in body
    assert (body["order_status"], body["delivery_status"]) == (4, 1)


@pytest.mark.parametrize("raw", [RAW, "", "[]", "{", json.dumps(staff_order(12, cart=True))])
def test_without_a_number_of_the_cart_nothing_can_be_put(raw: str) -> None:
    outcome = StaffFormat("put").update_request("12", Push(status="accepted"), raw)
    assert isinstance(outcome, Outcome)
    assert outcome.verdict is Verdict.REFUSED
    assert "number of the cart" in outcome.detail


# ---------------------------------------------------------------------------------- answers to updates


def test_only_the_values_that_were_sent_confirm_a_change() -> None:
    good = answer(staff_order(12, order_status=2, delivery_status=1))
    assert FORMAT.read_update(good, Push(status="ondelivery")).verified
    assert not FORMAT.read_update(good, Push(status="cooking")).verified
    assert FORMAT.read_update(
        answer(staff_order(12, order_status=4, delivery_status=1)), Push("cancelled")
    ).verified


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ({}, Verdict.OK),
        ({"order_status": True, "delivery_status": False}, Verdict.OK),
        ({"order_status": "1", "delivery_status": 0}, Verdict.OK),
        ([], Verdict.UNKNOWN),
        (b"{", Verdict.UNKNOWN),
        (b'{"order_status": 1, "order_status": 1, "delivery_status": 0}', Verdict.UNKNOWN),
        (b"<html>", Verdict.PORTAL),
    ],
)
def test_a_200_alone_is_no_success(body: object, verdict: Verdict) -> None:
    outcome = FORMAT.read_update(answer(body), Push(status="accepted"))
    assert (outcome.verdict, outcome.verified) == (verdict, False)


def test_field_errors_are_a_refusal_with_its_fields() -> None:
    body = {"name": ["Ensure this field has no more than 100 characters."], "email": ["Enter a valid one."]}
    outcome = FORMAT.read_update(answer(body, 400), Push(status="accepted"))
    assert outcome.verdict is Verdict.REFUSED
    assert outcome.fields == {
        "name": "Ensure this field has no more than 100 characters.",
        "email": "Enter a valid one.",
    }
    assert "name: Ensure this field" in outcome.detail


def test_a_server_without_patch_is_sent_the_whole_from_then_on() -> None:
    form = StaffFormat()
    refusal = answer({"detail": 'Method "PATCH" not allowed.'}, 405, allow="GET, PUT")
    raw = json.dumps(staff_order(12, cart=31))
    assert sent(form, "accepted", raw)[0].method == "PATCH"
    for _ in range(2):  # several were under way
        assert form.read_update(refusal, Push(status="accepted")).verdict is Verdict.NOT_SENT
    assert sent(form, "accepted", raw)[0].method == "PUT"
    assert form.read_update(answer({}, 405, allow="GET"), Push(status="accepted")).verdict is Verdict.REFUSED


@pytest.mark.parametrize(
    ("status", "verdict"), [(401, Verdict.SIGN_IN), (403, Verdict.FORBIDDEN), (404, Verdict.GONE)]
)
def test_refusals_of_one_order(status: int, verdict: Verdict) -> None:
    body = {"detail": "Not found."}
    assert FORMAT.read_order(answer(body, status), SHOP, "12").verdict is verdict
    outcome = FORMAT.read_update(answer(body, status), Push(status="accepted"))
    assert outcome.verdict is verdict
    assert "Not found." in outcome.detail


def test_a_customer_is_told_from_staff_by_the_list() -> None:
    body = {"detail": "You do not have permission to perform this action."}
    for outcome in (FORMAT.read_list(answer(body, 403), SHOP), FORMAT.read_health(answer(body, 403))):
        assert outcome.verdict is Verdict.SIGN_IN
        assert outcome.detail.startswith("This account is not one of the shop's staff (403).")
        assert body["detail"] in outcome.detail


# ----------------------------------------------------------------------------------------------- list


def page(**changes: object) -> dict[str, object]:
    return {"count": 2, "next": None, "previous": None, "results": [staff_order(12)], **changes}


@pytest.mark.parametrize("body", [[staff_order(12)], staff_order(12), page()])
def test_the_three_shapes_of_the_list(body: object) -> None:
    outcome = FORMAT.read_list(answer(body), SHOP)
    assert (outcome.verdict, outcome.next_request) == (Verdict.OK, None)
    assert [order.remote_id for order in outcome.orders] == ["12"]
    assert json.loads(outcome.orders[0].raw) == staff_order(12)
    assert FORMAT.read_health(answer(body)).verdict is Verdict.OK


@pytest.mark.parametrize("body", [[], {"results": []}, b"\xef\xbb\xbf []\n"])
def test_an_empty_list_is_one(body: object) -> None:
    assert FORMAT.read_list(answer(body), SHOP) == Outcome(Verdict.OK)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"detail": "ok"},
        {"orders": []},
        {"id": 3},
        b"42",
        b"null",
        b"",
        b'"x"',
        b"{",
        b"[1,",
        b"[],1",
        b'[],"x":[]',
        {"results": {}},
    ],
)
def test_another_answer_is_never_an_empty_list(body: object) -> None:
    for outcome in (FORMAT.read_list(answer(body), SHOP), FORMAT.read_health(answer(body))):
        assert outcome.verdict in {Verdict.PORTAL, Verdict.UNREADABLE}
        assert outcome.orders == ()


@pytest.mark.parametrize(
    "address",
    [
        "https://shop.example/pos/apps/order/all/?page=2",
        "http://shop.example/pos/apps/order/all/?page=2",  # behind a proxy that speaks TLS for it
        "HTTPS://SHOP.EXAMPLE/pos/apps/order/all/?page=2",
        "/pos/apps/order/all/?page=2",
        "?page=2",
    ],
)
def test_the_next_page_is_asked_for_at_our_own_address(address: str) -> None:
    outcome = FORMAT.read_list(answer(page(next=address)), SHOP)
    assert outcome.verdict is Verdict.OK
    assert outcome.next_request is not None
    assert outcome.next_request.path == "apps/order/all/?page=2"
    assert outcome.next_request.purpose is Purpose.LIST


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/pos/apps/order/all/?page=2",
        "https://shop.example.evil.example/pos/apps/order/all/?page=2",
        "https://shop.example:8443/pos/apps/order/all/?page=2",
        "https://staff@shop.example/pos/apps/order/all/?page=2",
        "//evil.example/pos/apps/order/all/?page=2",
        "https://shop.example/apps/order/all/?page=2",
        "https://shop.example/pos/apps/order/all/../../secret/?page=2",
        "https://shop.example/pos/api/token/obtain/?page=2",
        "https://shop.example/pos/apps/order/all/",
        "https://shop.example/pos/apps/order/all/?a\r\nHost: x",
        "https://shop.example:x/pos/apps/order/all/?page=2",
        "https://[/pos/apps/order/all/?page=2",
        "",
    ],
)
def test_no_other_address_is_ever_asked(address: str) -> None:
    outcome = FORMAT.read_list(answer(page(next=address)), SHOP)
    assert (outcome.verdict, outcome.next_request) == (Verdict.UNREADABLE, None)
    assert [order.remote_id for order in outcome.orders] == ["12"], "what came is good all the same"


def test_a_next_that_is_no_text_makes_the_list_unreadable() -> None:
    assert FORMAT.read_list(answer(page(next=2)), SHOP).verdict is Verdict.UNREADABLE


# --------------------------------------------------------------------------------------------- fields


def test_an_order_reads_as_the_seed_shows_it() -> None:
    read = read_one()
    assert (read.remote_id, read.code, read.customer_remote_id) == ("12", "1d07e3229370f12", "207")
    assert (read.status, read.alternatives, read.understood) == ("created", (), True)
    assert (read.payment_status, read.payment_method) == ("paid", "cash")
    assert (read.customer_name, read.phone, read.street, read.city) == (
        "test@user", "987654321", "25", "Kathmandu",
    )  # fmt: skip
    assert (read.address, read.kind) == ("25, add-1234, Kathmandu, Baglung", "delivery")
    assert (read.total, read.products_total, read.delivery_cost) == ("3465.0", "3465.0", "0.0")
    assert (read.due_at, read.due_text) == (None, "")
    assert read.created_at.isoformat() == "2020-09-05T13:33:14.770166+00:00"
    [line] = read.lines
    assert (line.title, line.quantity, line.internal_id) == ("electronic bike", 5, "187")
    assert (line.unit_price, line.total) == (Decimal("693.0"), Decimal("3465.0"))


def test_money_is_read_from_its_text_and_binary_noise_is_cut() -> None:
    text = RAW.replace('"final_cost": 3465.0', '"final_cost": 30.299999999999997, "tip": 0.1')
    outcome = FORMAT.read_order(answer(text.encode()), SHOP, "12")
    assert outcome.order is not None
    assert outcome.order.total == "30.3"
    assert json.loads(outcome.order.raw)["tip"] == 0.1


@pytest.mark.parametrize(
    ("cost", "shown"), [(0, "0"), (1e3, "1000.0"), ("12.50", "12.50"), (999999999999.99, "999999999999.99")]
)
def test_amounts_within_bounds(cost: object, shown: str) -> None:
    assert read_one(final_cost=cost, cart=4).total == shown


def test_an_order_without_a_cart_has_no_lines_and_its_goods_cost_the_rest() -> None:
    read = read_one(cart=31, final_cost=500.5, shipping_cost=100.0)
    assert (read.lines, read.products_total, read.delivery_cost) == ((), "400.5", "100.0")


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"payment_status": 0}, ("unpaid", "cash")),
        ({"payment_status": None, "payment_method": None}, ("", "")),
        ({"payment_status": 7, "payment_method": "1"}, ("7", "1")),
    ],
)
def test_payments(changes: dict[str, object], shown: tuple[str, str]) -> None:
    read = read_one(**changes)
    assert (read.payment_status, read.payment_method) == shown


@pytest.mark.parametrize(
    ("pair", "statuses"),
    [
        ((0, 0), ("created",)),
        ((1, 0), ("accepted", "timing", "edited")),
        ((2, 0), ("cooking",)),
        ((2, 1), ("ondelivery",)),
        ((3, 2), ("delivered",)),
        ((4, 0), ("cancelled",)),
        ((4, 2), ("cancelled",)),
    ],
)
def test_a_pair_is_read_as_the_table_says(pair: tuple[int, int], statuses: tuple[str, ...]) -> None:
    read = read_one(order_status=pair[0], delivery_status=pair[1])
    assert (read.status, *read.alternatives) == statuses
    assert read.understood


@pytest.mark.parametrize("pair", [(0, 1), (1, 1), (3, 0), (3, 1), (2, 2), (5, 0), (-1, 0), (10**20, 0)])
def test_a_pair_in_no_row_says_nothing(pair: tuple[int, int]) -> None:
    read = read_one(order_status=pair[0], delivery_status=pair[1])
    assert (read.understood, read.alternatives) == (False, ())


def test_every_status_that_can_be_sent_is_read_back() -> None:
    table = StatusTable()
    for status in Status:
        pair = table.pair_of(status)
        assert status in table.statuses_of(pair.order, pair.delivery or 0)


# ------------------------------------------------------------------------------------------- bad rows

BAD: dict[str, tuple[dict[str, object], str]] = {
    "no id": ({"id": None}, "id: this should be"),
    "an id that is a path": ({"id": "../x"}, "id: "),
    "half a status": ({"order_status": 1.5}, "order_status: this should be a whole number"),
    "no status": ({"order_status": None}, "order_status: "),
    "a status in words": ({"delivery_status": "1"}, "delivery_status: "),
    "no total": ({"final_cost": None}, "final_cost: the amount is missing."),
    "a negative total": ({"final_cost": -1.0}, "final_cost: “-1.0” is below zero."),
    "a total beyond all": ({"final_cost": 10**12}, "final_cost: "),
    "a total that is true": ({"final_cost": True}, "final_cost: "),
    "negative shipping": ({"shipping_cost": -0.01}, "shipping_cost: "),
    "shipping above the total": ({"cart": 1, "shipping_cost": 9999.0}, "final_cost: it is less"),
    "no date": ({"order_date": None}, "order_date: "),
    "a date without a zone": ({"order_date": "2020-09-05T15:33:14"}, "order_date: "),
    "a date that does not exist": ({"order_date": "2020-02-30T15:33:14+02:00"}, "order_date: "),
    "a name that is a list": ({"name": ["x"]}, "name: this should be"),
    "a cart that is a list": ({"cart": []}, "cart: "),
    "a cart without products": ({"cart": {"total": 1}}, "cart.products: this field is missing."),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "reason"), list(BAD.values()), ids=list(BAD))
def test_a_bad_row_is_set_apart_and_the_others_are_read(changes: dict[str, object], reason: str) -> None:
    for rows in ([staff_order(3), staff_order(4, **changes)], [staff_order(4, **changes), staff_order(3)]):
        outcome = FORMAT.read_list(answer(rows), SHOP)
        assert [order.remote_id for order in outcome.orders] == ["3"]
        [bad] = outcome.bad_rows
        assert bad.reason.startswith(reason)
        assert bad.reason.endswith(".")


@pytest.mark.parametrize("quantity", [0, -1, 100_001, 1.5, "5", None])
def test_quantities_out_of_bounds(quantity: object) -> None:
    order = staff_order(12)
    order["cart"]["products"][0]["quantity"] = quantity
    outcome = FORMAT.read_order(answer(order), SHOP, "12")
    assert outcome.verdict is Verdict.UNREADABLE
    assert "cart.products[0].quantity" in outcome.detail


@pytest.mark.parametrize(
    "damage",
    [
        b'"x": NaN, ', b'"x": 1e999, ', b'"x": -Infinity, ', b'"id": 12, ', b'"name": "a", ',
        b'"x": "\\ud800"x, ', b'"x": ' + b"1" * 5_000 + b", ", b'"x": "\xff", ', b'"x": "a\0b", ',
        b'"x": ' + b"[" * 200_000 + b"]" * 200_000 + b", ",
    ],
)  # fmt: skip
def test_hostile_json_in_one_row_does_no_harm_to_the_others(damage: bytes) -> None:
    row = b"{" + damage + RAW.encode()[1:]
    good = json.dumps(staff_order(3)).encode()
    outcome = FORMAT.read_list(answer(b"[" + row + b"," + good + b"]"), SHOP)
    assert [order.remote_id for order in outcome.orders] == ["3"]
    assert len(outcome.bad_rows) == 1
    alone = FORMAT.read_order(answer(row), SHOP, "12")
    assert (alone.verdict, alone.order) == (Verdict.UNREADABLE, None)


def test_texts_are_harmless_on_screen_and_kept_as_they_came() -> None:
    read = read_one(name="A\u202ennaB \0", phone="9" * 400, code="c" * 100)
    assert read.customer_name == "AnnaB"
    assert (len(read.phone), len(read.code)) == (64, 64)
    assert json.loads(read.raw)["name"] == "A\u202ennaB \0"
