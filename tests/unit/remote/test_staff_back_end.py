"""The staff format against Django REST Framework itself: every field at its bounds and one beyond."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from posapp.domain.cart import cart_lines, cart_text
from posapp.domain.rules import editable_names, from_column, rules_of
from posapp.remote.api import FormatSettings, Outcome, Push, RemoteOrder, Transport, Verdict
from posapp.remote.connect import Given, connect
from posapp.remote.shopinfo import read_shop_info
from posapp.remote.staff import StaffFormat
from posapp.remote.tokens import SignIn
from tests.support.drf_shop import PASSWORD, STAFF, DrfShop
from tests.unit.remote.test_staff_edits import CASES

FORMAT = StaffFormat()
PUT = StaffFormat("put")
CART_ID = "1001"  # of the first order; the list does not tell it


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrfShop]:
    with DrfShop(tmp_path_factory.mktemp("back-end")) as shop:
        shop.begin(2)
        yield shop


@pytest.fixture(scope="module")
def transport(running: DrfShop) -> Iterator[Transport]:
    made = connect(FORMAT, running.url, Given(SignIn(STAFF, PASSWORD).to_secret()))
    yield made
    made.close()


@pytest.fixture
def shop(running: DrfShop) -> DrfShop:
    running.begin(2)
    return running


def settings_of(shop: DrfShop) -> FormatSettings:
    return FormatSettings("NPR", ZoneInfo("Asia/Kathmandu"), shop.url)


def read(transport: Transport, shop: DrfShop) -> RemoteOrder:
    outcome = FORMAT.read_order(transport.send(FORMAT.order_request("1")), settings_of(shop), "1")
    assert outcome.order is not None, outcome.detail
    return outcome.order


def push(transport: Transport, wanted: Push, form: StaffFormat = FORMAT, raw: str = "") -> Outcome:
    request = form.update_request("1", wanted, raw)
    if isinstance(request, Outcome):
        return request
    return form.read_update(transport.send(request), wanted)


@pytest.mark.parametrize(("name", "text"), CASES)
def test_every_field_is_taken_up_to_its_bounds(
    name: str, text: str, transport: Transport, shop: DrfShop
) -> None:
    outcome = push(transport, Push(fields={name: text}))
    assert (outcome.verdict, outcome.verified) == (Verdict.OK, True), outcome
    rule = rules_of("staff")[name]
    assert from_column(rule, getattr(read(transport, shop), rule.column)) == text
    assert outcome.order is not None
    assert from_column(rule, getattr(outcome.order, rule.column)) == text


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("name", "", "may not be blank"),
        ("name", "n" * 101, "no more than 100"),
        ("phone", "9" * 21, "no more than 20"),
        ("email", "", "may not be blank"),
        ("email", "somebody", "valid email"),
        ("email", "a" * 251 + "@b.np", "no more than 255"),
        ("street", "", "may not be blank"),
        ("street", "s" * 251, "no more than 250"),
        ("addressline", "l" * 101, "no more than 100"),
        ("addressline", "", "may not be null"),
        ("city", "", "may not be blank"),
        ("city", "c" * 51, "no more than 50"),
        ("district", "Atlantis", "not a valid choice"),
        ("shipping_cost", "-1", "greater than or equal"),
        ("delivery_class", "3", "less than or equal"),
        ("payment_status", "2", "not a valid choice"),
        ("payment_method", "1", "not a valid choice"),
        ("c_name", "a" * 181, "no more than 180"),
        ("c_email", "somebody", "valid email"),
        ("shipping_date", "soon", "wrong format"),
        ("delivery_date", "soon", "wrong format"),
        ("payment_date", "soon", "wrong format"),
    ],
)
def test_one_beyond_is_refused_with_the_field_and_the_servers_words(
    name: str, text: str, words: str, transport: Transport, shop: DrfShop
) -> None:
    before = shop.order(1)
    outcome = push(transport, Push(fields={name: text, "country": "Nepal"}))
    assert outcome.verdict is Verdict.REFUSED
    assert set(outcome.fields) == {name}
    assert words in outcome.fields[name]
    assert shop.order(1) == before


def test_all_fields_and_the_status_go_in_one_patch(transport: Transport, shop: DrfShop) -> None:
    last = dict(CASES)
    assert set(last) == set(editable_names("staff"))
    outcome = push(transport, Push("ondelivery", last))
    assert outcome.verified, outcome.detail
    assert shop.pair(1) == (2, 1)
    assert len(shop.requests("PATCH")) == 1


def test_a_put_brings_the_change_and_leaves_the_rest(transport: Transport, shop: DrfShop) -> None:
    raw = read(transport, shop).raw
    before = shop.order(1)
    outcome = push(transport, Push("accepted", {"phone": "98", "shipping_cost": "12.5"}, CART_ID), PUT, raw)
    assert outcome.verified, outcome.detail
    after = shop.order(1)
    assert (after["phone"], after["shipping_cost"], after["final_cost"]) == ("98", 12.5, 3477.5)
    times = ("order_date", "shipping_date", "delivery_date", "payment_date")
    changed = {"phone", "shipping_cost", "final_cost", "order_status", "delivery_status", *times}
    assert {name: after[name] for name in after.keys() - changed} == {
        name: before[name] for name in before.keys() - changed
    }


@pytest.mark.parametrize("cart_id", ["", "5"])
def test_a_put_without_the_right_cart_is_refused(cart_id: str, transport: Transport, shop: DrfShop) -> None:
    outcome = push(transport, Push("accepted", cart_id=cart_id), PUT, read(transport, shop).raw)
    assert outcome.verdict is Verdict.REFUSED
    assert outcome.fields.get("cart", "number of the cart") in outcome.detail
    assert shop.pair(1) == (0, 0)


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_address_line_does_not_stand_in_the_way_of_a_put(
    empty: str | None, transport: Transport, shop: DrfShop
) -> None:
    shop.control(orders=[{"id": 1, "addressline": empty}])
    outcome = push(transport, Push("accepted", {"phone": "98"}, CART_ID), PUT, read(transport, shop).raw)
    assert outcome.verified, outcome
    assert shop.order(1)["addressline"] == empty


def test_lines_are_added_changed_and_removed(transport: Transport, shop: DrfShop) -> None:
    info = read_shop_info(transport, settings_of(shop))
    [bike] = read(transport, shop).lines
    car = next(product for product in info.products if product.slug == "kids-car")
    text = cart_text([bike])
    fewer = cart_lines(text.replace('"quantity":5', '"quantity":2'))
    added = cart_lines(text.replace(bike.product, car.address).replace("electronic bike", car.name))
    for lines, total in (((*fewer, *added), 11386.0), (added, 10000.0)):
        outcome = push(transport, Push(fields={"cart": cart_text(lines)}))
        assert outcome.verified, outcome
        assert shop.order(1)["cart"]["total"] == total
        assert cart_text(read(transport, shop).lines) == cart_text(lines)


def test_a_line_that_the_shop_does_not_sell_is_refused_at_its_place(
    transport: Transport, shop: DrfShop
) -> None:
    [bike] = read(transport, shop).lines
    text = cart_text([bike, bike]).replace(bike.product, "http://dev.babylandworld.com/apps/product/x/", 1)
    outcome = push(transport, Push(fields={"cart": text}))
    assert outcome.verdict is Verdict.REFUSED
    assert outcome.fields == {"cart.0.product": "Invalid hyperlink - Object does not exist."}


@pytest.mark.parametrize("shape", ["array", "page", "object"])
def test_what_stands_around_the_orders_is_read(shape: str, transport: Transport, shop: DrfShop) -> None:
    shop.control(shape=shape, page_size=2)
    info = read_shop_info(transport, settings_of(shop))
    assert (info.problems, info.skipped, len(info.districts)) == ((), 0, 77)
    counts = (len(info.delivery_costs), len(info.products), len(info.taxes))
    assert counts == ((1, 1, 1) if shape == "object" else (3, 3, 2))
    assert str(info.shipping_cost("Kathmandu", 1)) == "50.0"
