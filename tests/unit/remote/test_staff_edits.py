"""Edits of the staff API: what a push is written as, and which answers confirm it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.cart import cart_lines, cart_text
from posapp.domain.districts import DISTRICTS
from posapp.domain.rules import check_values, editable_names, from_column, rules_of
from posapp.remote.api import FormatSettings, Outcome, Push, RemoteOrder, Request, Verdict
from posapp.remote.staff import StaffFormat
from tests.support.drf_shop import staff_order
from tests.unit.remote.samples import answer

ZONE = ZoneInfo("Asia/Kathmandu")
SHOP = FormatSettings("NPR", ZONE, "https://shop.example")
FORMAT = StaffFormat()
RAW = json.dumps(staff_order(12))
INSTANTS = ("shipping_date", "delivery_date", "payment_date")
NUMBERS = ("delivery_class", "payment_status", "payment_method")
TEXTS = tuple(name for name in editable_names("staff") if name not in {*INSTANTS, *NUMBERS, "shipping_cost"})


def sent(push: Push, form: StaffFormat = FORMAT, raw: str = RAW) -> tuple[Request, dict[str, Any]]:
    request = form.update_request("12", push, raw)
    assert isinstance(request, Request), request
    # Numbers are compared by the text that was sent.
    body = json.loads(
        request.body or b"", parse_int=lambda text: f"int {text}", parse_float=lambda t: f"float {t}"
    )
    return request, body


def read(**changes: object) -> RemoteOrder:
    outcome = FORMAT.read_order(answer(staff_order(12, **changes)), SHOP, "12")
    assert outcome.order is not None, outcome.detail
    return outcome.order


def canonical(order: RemoteOrder, name: str) -> str:
    rule = rules_of("staff")[name]
    return from_column(rule, getattr(order, rule.column))


def verified(push: Push, **shown: object) -> bool:
    outcome = FORMAT.read_update(answer(staff_order(12, **shown)), push)
    assert outcome.verdict is Verdict.OK
    return outcome.verified


# ------------------------------------------------------------------------------------------- requests


def test_all_that_people_edit_can_be_pushed() -> None:
    assert FORMAT.pushable == {"status", "cart", *editable_names("staff")}


@pytest.mark.parametrize(
    ("name", "text", "written"),
    [
        ("name", "Ann “B” \\ Çelik", "Ann “B” \\ Çelik"),
        ("phone", "", ""),
        ("country", "", ""),
        ("c_email", "", ""),
        ("addressline", "", None),
        ("addressline", "x", "x"),
        ("district", "Western Rukum", "Western Rukum"),
        ("shipping_cost", "0", "int 0"),
        ("shipping_cost", "150.5", "float 150.5"),
        ("shipping_cost", "999999.99", "float 999999.99"),
        ("delivery_class", "2", "int 2"),
        ("delivery_class", "", None),
        ("payment_status", "1", "int 1"),
        ("payment_method", "0", "int 0"),
        ("shipping_date", "2026-03-05T08:45:00Z", "2026-03-05T08:45:00Z"),
        ("payment_date", "", None),
    ],
)
def test_a_field_is_written_in_the_type_of_the_api(name: str, text: str, written: object) -> None:
    request, body = sent(Push(fields={name: text}))
    assert (request.method, request.path) == ("PATCH", "apps/order/12/")
    assert body == {name: written}


def test_a_status_and_fields_go_in_one_request() -> None:
    body = sent(Push("ondelivery", {"phone": "98", "city": "Pokhara"}))[1]
    assert body == {"order_status": "int 2", "delivery_status": "int 1", "phone": "98", "city": "Pokhara"}


def test_a_put_changes_what_the_push_names_and_keeps_the_rest_in_its_text() -> None:
    raw = RAW.replace('"shipping_cost": 0.0', '"shipping_cost": 12.50').replace(
        '"cart": {', '"cart": {"id": 5, '
    )
    request, body = sent(Push(fields={"phone": "98", "delivery_class": "1"}), StaffFormat("put"), raw)
    assert request.method == "PUT"
    assert (body["phone"], body["delivery_class"], body["cart"]) == ("98", "int 1", "int 5")
    assert body["shipping_cost"] == "float 12.50"
    assert (body["order_status"], body["delivery_status"]) == ("int 0", "int 0")
    assert body["shipping_date"] == staff_order(12)["shipping_date"]


def test_a_put_takes_the_number_of_the_cart_that_was_kept_unless_the_order_tells_another() -> None:
    assert sent(Push("accepted", cart_id="31"), StaffFormat("put"))[1]["cart"] == "int 31"
    other = json.dumps(staff_order(12, cart=7))
    assert sent(Push("accepted", cart_id="31"), StaffFormat("put"), other)[1]["cart"] == "int 7"


@pytest.mark.parametrize("kept", ["", "x", "-1", "1.5", "01", "9" * 30, '1, "name": "x"'])
def test_what_is_no_number_of_a_cart_is_never_sent_as_one(kept: str) -> None:
    outcome = StaffFormat("put").update_request("12", Push("accepted", cart_id=kept), RAW)
    assert isinstance(outcome, Outcome)
    assert (outcome.verdict, "number of the cart" in outcome.detail) == (Verdict.REFUSED, True)


@pytest.mark.parametrize("push", [Push(), Push(fields={"code": "x"}), Push("accepted", {"cart": "[]"})])
def test_a_push_that_makes_no_sense_is_a_mistake_of_ours(push: Push) -> None:
    with pytest.raises(ValueError, match=r"push|no field|by itself"):
        FORMAT.update_request("12", push, RAW)


GOOD_TEXTS: dict[str, tuple[str, ...]] = {
    "name": ("a", "n" * 100),
    "phone": ("", "1", "9" * 20),
    "email": ("a@b.np", "a" * 60 + "@" + ".".join(["b" * 60] * 3) + ".np"),
    "street": ("a", "s" * 250),
    "addressline": ("a", "l" * 100),
    "city": ("a", "c" * 50),
    "district": DISTRICTS,
    "country": ("", "Nepal"),
    "shipping_cost": ("0", "0.01", "999999.99", "1000000"),
    "delivery_class": ("0", "1", "2"),
    "payment_status": ("0", "1"),
    "payment_method": ("0",),
    "c_name": ("", "a" * 180),
    "c_email": ("", "a@b.np"),
    **dict.fromkeys(INSTANTS, ("", "2026-03-05T08:45:00Z", "2000-01-01T00:00:00Z", "2099-12-31T23:59:59Z")),
}
CASES = [(name, text) for name, texts in GOOD_TEXTS.items() for text in texts]


def test_every_editable_field_has_its_bounds_here() -> None:
    assert set(GOOD_TEXTS) == set(editable_names("staff"))


@pytest.mark.parametrize(("name", "text"), CASES)
def test_what_may_be_entered_comes_back_as_it_was_sent(name: str, text: str) -> None:
    assert check_values("staff", {name: text}, ZONE, before={name: text}).values == {name: text}
    request = FORMAT.update_request("12", Push(fields={name: text}))
    assert isinstance(request, Request)
    shown = json.loads(request.body or b"")
    assert verified(Push(fields={name: text}), **shown)
    assert canonical(read(**shown), name) == text, "an answer and a read agree"


@given(st.decimals(0, 1_000_000, places=2, allow_nan=False))
def test_amounts_survive_the_way_there_and_back(amount: Decimal) -> None:
    text = from_column(rules_of("staff")["shipping_cost"], amount)
    request = FORMAT.update_request("12", Push(fields={"shipping_cost": text}))
    assert isinstance(request, Request)
    assert request.body == f'{{"shipping_cost": {text}}}'.encode()
    assert Decimal(text) == amount
    body = RAW.replace('"shipping_cost": 0.0', f'"shipping_cost": {float(amount)!r}').encode()
    assert FORMAT.read_update(answer(body), Push(fields={"shipping_cost": text})).verified


@given(st.text(max_size=100))
def test_no_text_breaks_out_of_its_field(text: str) -> None:
    request = FORMAT.update_request("12", Push(fields={"street": text, "phone": "1"}))
    assert isinstance(request, Request)
    assert json.loads(request.body or b"") == {"street": text, "phone": "1"}


# -------------------------------------------------------------------------------------------- answers


@pytest.mark.parametrize(
    ("name", "text", "shown", "equal"),
    [
        ("shipping_cost", "0", 0.0, True),
        ("shipping_cost", "0", None, True),
        ("shipping_cost", "30.3", 30.299999999999997, True),
        ("shipping_cost", "30.3", 30.31, False),
        ("shipping_cost", "1", True, False),
        ("shipping_cost", "1", "1,0", False),
        ("shipping_date", "2026-03-05T08:45:00Z", "2026-03-05T14:30:00+05:45", True),
        ("shipping_date", "2026-03-05T08:45:00Z", "2026-03-05T08:45:00+05:45", False),
        ("shipping_date", "2026-03-05T08:45:00Z", "soon", False),
        ("shipping_date", "2026-03-05T08:45:00Z", None, False),
        ("shipping_date", "", "soon", False),
        ("shipping_date", "", None, True),
        ("name", "Ann B", "  Ann\tB ", True),
        ("name", "Ann B", "Ann", False),
        ("name", "Ann", None, False),
        ("name", "1", True, False),
        ("name", "Ann", ["Ann"], False),
        ("country", "", None, True),
        ("delivery_class", "1", 1, True),
        ("delivery_class", "1", True, False),
        ("delivery_class", "1", 1.0, False),
        ("delivery_class", "1", 2, False),
        ("payment_status", "0", 0, True),
        ("payment_status", "0", 1, False),
        ("payment_status", "1", True, False),
        ("district", "Kathmandu", "kathmandu", False),
    ],
)
def test_only_an_equal_value_confirms(name: str, text: str, shown: object, *, equal: bool) -> None:
    assert verified(Push(fields={name: text}), **{name: shown}) is equal


def test_a_field_that_the_answer_leaves_out_confirms_nothing() -> None:
    outcome = FORMAT.read_update(answer({"name": "Ann"}), Push(fields={"name": "Ann", "phone": "98"}))
    assert (outcome.verdict, outcome.verified, outcome.order) == (Verdict.OK, False, None)
    assert "phone is not what was sent" in outcome.detail
    assert FORMAT.read_update(answer({"name": "Ann"}), Push(fields={"name": "Ann"})).verified


def test_status_and_fields_have_both_to_be_there() -> None:
    push = Push("accepted", {"phone": "98"})
    assert verified(push, order_status=1, phone="98")
    assert not verified(push, order_status=0, phone="98")
    assert not verified(push, order_status=1, phone="97")


@pytest.mark.parametrize("phone", ["98", "97"])
def test_an_answer_that_is_a_whole_order_is_a_read_too(phone: str) -> None:
    outcome = FORMAT.read_update(answer(staff_order(12, phone=phone)), Push(fields={"phone": "98"}))
    assert outcome.order is not None
    assert (outcome.order.remote_id, outcome.order.phone) == ("12", phone)
    assert json.loads(outcome.order.raw)["phone"] == phone


# ----------------------------------------------------------------------------------------------- cart

OTHER = {
    **staff_order(1)["cart"]["products"][0],
    "product": "http://dev.babylandworld.com/apps/product/rattle/",
    "p_name": "rattle",
    "quantity": 2,
}


def cart(*products: dict[str, Any]) -> dict[str, Any]:
    return {**staff_order(12)["cart"], "products": list(products)}


def test_a_cart_is_one_text_and_back() -> None:
    text = cart_text(read().lines)
    assert text == (
        '[{"product":"http://dev.babylandworld.com/apps/product/electronic-bike/","p_name":"electronic bike",'
        '"p_short_description":"electronic bike","p_price_unit":"Nrs.","p_delivery_class":0,"quantity":5}]'
    )
    assert cart_text(cart_lines(text)) == text
    assert cart_lines("[]") == ()


def test_a_cart_is_sent_whole_to_its_own_address() -> None:
    text = cart_text(read(cart=cart(OTHER)).lines)
    request, body = sent(Push(fields={"cart": text}))
    assert (request.method, request.path) == ("PUT", "apps/order/12/cart/")
    assert body == {
        "products": [
            {
                "product": OTHER["product"],
                "p_name": "rattle",
                "p_short_description": "electronic bike",
                "p_price_unit": "Nrs.",
                "p_delivery_class": "int 0",
                "quantity": "int 2",
            }
        ]
    }


def test_a_class_that_nobody_knows_is_left_out() -> None:
    text = cart_text(read(cart=cart(OTHER | {"p_delivery_class": None})).lines)
    assert "p_delivery_class" not in sent(Push(fields={"cart": text}))[1]["products"][0]


BIKE = staff_order(12)["cart"]["products"][0]


@pytest.mark.parametrize(
    ("shown", "equal"),
    [
        ([BIKE, OTHER], True),
        ([OTHER, BIKE], True),
        ([OTHER | {"product": "https://shop.example/apps/product/rattle"}, BIKE], True),
        ([OTHER | {"p_name": "Rattle, red"}, BIKE], True),
        ([OTHER | {"product": None}, BIKE], True),
        ([OTHER | {"product": None, "p_name": "x"}, BIKE], False),
        ([OTHER | {"product": "http://dev.babylandworld.com/apps/product/kids-car/"}, BIKE], False),
        ([OTHER | {"quantity": 3}, BIKE], False),
        ([OTHER], False),
        ([OTHER, BIKE, BIKE], False),
        ([OTHER, OTHER], False),
        ([], False),
    ],
)
def test_a_cart_is_confirmed_by_the_same_lines(shown: list[dict[str, Any]], *, equal: bool) -> None:
    push = Push(fields={"cart": cart_text(read(cart=cart(BIKE, OTHER)).lines)})
    alone = FORMAT.read_update(answer(cart(*shown)), push)
    assert (alone.verdict, alone.verified, alone.order) == (Verdict.OK, equal, None)
    within = FORMAT.read_update(answer(staff_order(12, cart=cart(*shown))), push)
    assert within.verified is equal
    assert within.order is not None


@pytest.mark.parametrize("body", [{}, {"products": {}}, {"products": [{"quantity": 0}]}, {"cart": 5}])
def test_an_answer_without_a_cart_confirms_none(body: object) -> None:
    outcome = FORMAT.read_update(answer(body), Push(fields={"cart": "[]"}))
    assert (outcome.verdict, outcome.verified) == (Verdict.OK, False)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"products": [{}, {"quantity": ["Too many."]}]}, "cart.1.quantity"),
        ({"products": {"1": {"quantity": ["Too many."]}}}, "cart.1.quantity"),
        ({"products": ["Too many."]}, "cart"),
        ({"quantity": ["Too many."]}, "cart.quantity"),
    ],
)
def test_what_a_shop_says_of_a_line_stands_under_the_cart(body: object, field: str) -> None:
    outcome = FORMAT.read_update(answer(body, 400), Push(fields={"cart": "[]"}))
    assert (outcome.verdict, outcome.fields) == (Verdict.REFUSED, {field: "Too many."})
    assert "Too many." in outcome.detail


def test_a_cart_goes_by_patch_where_put_is_no_method() -> None:
    form = StaffFormat()
    push = Push(fields={"cart": "[]"})
    refusal = answer({"detail": 'Method "PUT" not allowed.'}, 405, allow="PATCH, OPTIONS")
    for _ in range(2):
        assert form.read_update(refusal, push).verdict is Verdict.NOT_SENT
    assert sent(push, form)[0].method == "PATCH"
    assert not form.whole, "orders themselves go as before"
    assert form.read_update(answer({}, 405, allow="GET"), push).verdict is Verdict.REFUSED


# -------------------------------------------------------------------------------------- what is read


def test_the_details_of_an_order_are_read() -> None:
    order = read(cart={"id": 77, **staff_order(12)["cart"]})
    assert (order.addressline, order.district, order.country) == ("add-1234", "Baglung", "Nepal")
    assert (order.email, order.account_name, order.account_email) == (
        "test@user.com", "345wert", "test@example.com",
    )  # fmt: skip
    assert (order.delivery_class, order.cart_id) == (0, "77")
    assert [str(moment) for moment in (order.shipping_at, order.delivered_at, order.paid_at)] == [
        "2020-09-05 12:21:48+00:00", "None", "2020-09-05 11:33:14+00:00",
    ]  # fmt: skip
    [line] = order.lines
    assert (line.product, line.description, line.price_unit, line.delivery_class) == (
        "http://dev.babylandworld.com/apps/product/electronic-bike/", "electronic bike", "Nrs.", 0,
    )  # fmt: skip
    assert (line.unit_cost, line.discount_percent) == (Decimal("770.0"), Decimal("10.0"))


@pytest.mark.parametrize(("cart_value", "kept"), [(31, "31"), (None, ""), ({"products": [], "total": 1}, "")])
def test_the_number_of_the_cart_is_kept_from_whatever_tells_it(cart_value: object, kept: str) -> None:
    assert read(cart=cart_value).cart_id == kept
    assert read(cart=cart_value, cart_id=9).cart_id == (kept or "9")


NONSENSE: tuple[object, ...] = (None, "", "soon", "2026-13-45T25:00:00Z", -1, 10**20, 1.5, True, [], {"a": 1})


@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_in_a_detail_leaves_it_empty_and_the_order_whole(value: object) -> None:
    details = ("shipping_date", "delivery_date", "payment_date", "delivery_class", "cart_id")
    order = read(**dict.fromkeys(details, value))
    assert (order.shipping_at, order.delivered_at, order.paid_at) == (None, None, None)
    assert (order.delivery_class, order.remote_id) == (None, "12")
    strange = dict.fromkeys(("p_delivery_class", "unit_cost", "discount_percent"), value)
    [line] = read(cart=cart({**BIKE, **strange})).lines
    number = Decimal("1.5") if value == 1.5 else None
    assert (line.delivery_class, line.unit_cost, line.discount_percent) == (None, number, number)
    assert (line.title, line.quantity) == ("electronic bike", 5)


@pytest.mark.parametrize("value", [None, [], {"a": 1}, True, 1.5])
def test_texts_that_are_none_are_empty(value: object) -> None:
    order = read(email=value, country=value, c_name=value, c_email=value)
    assert (order.email, order.country, order.account_name, order.account_email) == ("", "", "", "")
