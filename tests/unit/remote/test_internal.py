"""The internal API, read and written: orders as the documentation shows them, and answers to our writes."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from posapp.domain.errors import UsageError
from posapp.remote.api import Format, Purpose, Push, Request, Verdict
from posapp.remote.registry import FORMATS, format_named
from tests.support.faulty_orders import make_orders
from tests.unit.remote.samples import FORMAT, ID, SHOP, answer, order, read_rows, without

# ------------------------------------------------------------------------------- requests


def test_requests_are_those_of_the_documentation() -> None:
    assert FORMAT.credentials("k") == {"Api-Key": "k"}
    listed, one, health = FORMAT.list_request(), FORMAT.order_request(ID), FORMAT.health_request()
    assert (listed.method, listed.path, listed.limit) == ("GET", "internal_api/orders.json", 20_000_000)
    assert (one.method, one.path, one.limit) == ("GET", f"internal_api/orders/{ID}.json", 2_000_000)
    assert (health.method, health.path) == ("GET", "internal_api/sync_healthcheck.json")
    change = FORMAT.update_request(ID, Push(status="accepted"))
    assert (change.method, change.path) == ("PUT", f"internal_api/orders/{ID}.json")
    assert json.loads(change.body or b"") == {"order": {"status": "accepted"}}
    assert [r.purpose for r in (listed, one, health, change)] == [
        Purpose.LIST,
        Purpose.ORDER,
        Purpose.HEALTH,
        Purpose.UPDATE,
    ]


@pytest.mark.parametrize(
    "remote_id", ["../../x", "", "a/b", "a b", "a.json", "a?b", "%2e", "é", "a\n", "x" * 65]
)
def test_an_id_that_is_a_path_makes_no_request(remote_id: str) -> None:
    for make in (FORMAT.order_request, lambda name: FORMAT.update_request(name, Push(status="accepted"))):
        with pytest.raises(ValueError, match="not the id"):
            make(remote_id)


# ------------------------------------------------------------------------------- an order


def test_an_order_reads_as_the_documentation_shows_it() -> None:
    row = order(unknown={"kept": [1, None]})
    outcome = FORMAT.read_order(answer(row), SHOP, ID)
    assert outcome.verdict is Verdict.OK
    read = outcome.order
    assert read is not None
    assert json.loads(read.raw) == row
    assert read.remote_id == ID
    assert read.created_at == datetime(2022, 3, 5, 11, 50, 13, 513000, tzinfo=UTC)
    assert (read.status, read.payment_status, read.payment_method) == ("created", "paid", "card")
    assert (read.source, read.brand, read.kind) == ("web", "cibosano", "delivery")
    assert (read.customer_remote_id, read.customer_name, read.phone) == ("1", "Ivan", "79000000000")
    assert read.address == "Алматы, жилой комплекс Клубный дом на Чайковского, 149, кв/оф 123"
    assert (read.street, read.home, read.apt) == ("жилой комплекс Клубный дом на Чайковского", "149", "123")
    assert (read.entrance, read.level, read.city) == ("", "", "Алматы")
    assert (read.comment, read.change_from) == ("Do not call me!!!", "")
    assert (read.due_at, read.due_text) == (None, "")
    assert (read.delivery_cost, read.products_total, read.total) == ("400.00", "8550.00", "8950.00")
    first, second, bonus = read.lines
    assert (first.title, first.quantity, first.internal_id) == ("Маргарита", 1, "internal_448_2")
    assert (first.unit_price, first.total) == (Decimal("2600.00"), Decimal("3150.00"))
    assert first.additions == (("internal_0_0", "Салями"), ("internal_486_0", "Оливки"))
    assert (first.promo_id, first.promo_title) == ("12", "Первый заказ через мобильное приложение")
    assert (first.promo_code_id, first.promo_code) == ("5", "Cibo2022")
    assert (second.title, second.quantity, second.total) == ("Грибная", 2, Decimal("4000.00"))
    assert (bonus.title, bonus.paid_in_bonuses, first.paid_in_bonuses) == ("", True, False)


def test_a_wall_clock_due_time_is_read_in_the_shops_zone() -> None:
    read = read_rows(order(**{"delivery.datetime": "14:30 05:03:22"})).orders[0]
    assert read.due_at == datetime(2022, 3, 5, 8, 30, tzinfo=UTC)  # Almaty was at +06 then
    assert read.due_text == "14:30 05:03:22"
    later = read_rows(order(**{"delivery.datetime": "14:30 05:03:25"})).orders[0]
    assert later.due_at == datetime(2025, 3, 5, 9, 30, tzinfo=UTC)  # and is at +05 since 2024-03-01


@pytest.mark.parametrize(
    "path",
    [
        "payment_status",
        "payment_method",
        "source_type",
        "comment",
        "change",
        "brand",
        "customer",
        "customer.id",
        "customer.name",
        "customer.mobile_phone",
        "delivery.datetime",
        "delivery.address_level",
        "delivery.address_city",
        "delivery.price",
        "products.0.title",
        "products.0.internal_id",
        "products.0.additions",
        "products.0.promo",
        "products.0.promo_code",
        "products.0.additions.0.title",
    ],
)
def test_what_may_be_missing_or_null_costs_nothing(path: str) -> None:
    for row in (without(path), order(**{path: None})):
        outcome = read_rows(row)
        assert (len(outcome.orders), outcome.bad_rows) == (1, ())
        assert outcome.orders[0].total == "8950.00"


def test_without_an_address_it_is_a_pickup() -> None:
    for row in (without("delivery"), order(delivery=None), order(**{"delivery.address": " \u200b "})):
        assert read_rows(row).orders[0].kind == "pickup"


def test_numbers_serve_where_text_is_meant() -> None:
    row = order(
        id=4711,
        change=2500,
        **{"delivery.address_apt": 12, "price.order_base_total": 8950, "products.0.price.base_total": 3150},
    )
    read = read_rows(row).orders[0]
    assert (read.remote_id, read.change_from, read.apt, read.total) == ("4711", "2500", "12", "8950")
    assert read.lines[0].total == Decimal("3150")
    exact = json.dumps(order()).replace('"8950.00"', "8950.50").encode()
    assert read_rows(exact).orders[0].total == "8950.50"


def test_the_delivery_cost_may_stand_with_the_delivery() -> None:
    assert read_rows(without("price.delivery_base")).orders[0].delivery_cost == "400.00"


def test_words_that_nobody_announced_are_kept() -> None:
    row = order(source_type="kiosk", brand="Ән & Дәм", payment_status="refunded", payment_method="kaspi")
    read = read_rows(row).orders[0]
    assert (read.source, read.brand) == ("kiosk", "Ән & Дәм")
    assert (read.payment_status, read.payment_method) == ("refunded", "kaspi")


def test_an_order_without_lines_is_an_order() -> None:
    assert read_rows(order(products=[])).orders[0].lines == ()


def test_long_texts_are_cut_and_raw_keeps_them() -> None:
    row = order(comment="я" * 50_000, **{"customer.name": "ж" * 5_000})
    read = read_rows(row).orders[0]
    assert (len(read.comment), len(read.customer_name)) == (10_000, 500)
    assert json.loads(read.raw) == row


def test_raw_is_the_text_as_received() -> None:
    text = json.dumps(order(), indent=2).replace('"8950.00"', '"8950.00" ').encode()
    assert read_rows(text).orders[0].raw == text.decode()


def test_thirty_orders_of_a_shop_come_through_whole() -> None:
    made = make_orders(random.Random(7), 300)
    outcome = read_rows(*made)
    assert outcome.bad_rows == ()
    assert [json.loads(read.raw) for read in outcome.orders] == made
    assert [read.total for read in outcome.orders] == [row["price"]["order_base_total"] for row in made]
    assert {read.kind for read in outcome.orders} == {"delivery", "pickup"}


# ------------------------------------------------------------------------------- the list


def test_an_empty_list_is_an_answer() -> None:
    outcome = read_rows()
    assert (outcome.verdict, outcome.orders, outcome.bad_rows) == (Verdict.OK, (), ())


def test_the_clock_of_the_remote_is_told() -> None:
    outcome = FORMAT.read_list(answer({"orders": []}, date="Sat, 05 Mar 2022 11:50:13 GMT"), SHOP)
    assert outcome.server_time == datetime(2022, 3, 5, 11, 50, 13, tzinfo=UTC)


def test_an_order_listed_twice_alike_is_one_order() -> None:
    twin = json.dumps(dict(reversed(list(order().items()))), indent=1).encode()
    outcome = read_rows(order(), twin)
    assert (len(outcome.orders), outcome.bad_rows) == (1, ())


def test_an_order_listed_twice_with_different_contents_keeps_the_first() -> None:
    outcome = read_rows(order(), order(id="other"), order(comment="another"))
    assert [read.remote_id for read in outcome.orders] == [ID, "other"]
    assert outcome.orders[0].comment == "Do not call me!!!"
    (bad,) = outcome.bad_rows
    assert bad.reason == "The list held this order twice with different contents."
    assert bad.remote_id == ID
    assert "another" in bad.raw


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"null", b'{"error": "maintenance"}', b'{"order": []}', b'"ok"']
)
def test_json_that_is_not_the_list_never_reads_as_no_orders(body: bytes) -> None:
    assert FORMAT.read_list(answer(body), SHOP).verdict is Verdict.PORTAL


@pytest.mark.parametrize(
    "body", [b"", b'{"orders": [{"id"', b'{"orders": null}', b'{"orders": {}}', b"OK", b"\xff"]
)
def test_a_list_that_cannot_be_read_never_reads_as_no_orders(body: bytes) -> None:
    outcome = FORMAT.read_list(answer(body), SHOP)
    assert outcome.verdict is Verdict.UNREADABLE
    assert outcome.detail


# ------------------------------------------------------------------------------- one order


def test_an_answer_about_another_order_is_not_taken_for_ours() -> None:
    outcome = FORMAT.read_order(answer(order(id="other")), SHOP, ID)
    assert (outcome.verdict, outcome.order, outcome.bad_rows) == (Verdict.UNREADABLE, None, ())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"5",
        b"{}",
        b'{"orders": []}',
        b'{"id": null}',
        b'{"id": true}',
        b'{"id": "7d',
        b"OK",
    ],
)
def test_what_is_no_order_is_unreadable_and_not_quarantined(body: bytes) -> None:
    outcome = FORMAT.read_order(answer(body), SHOP, ID)
    assert (outcome.verdict, outcome.bad_rows) == (Verdict.UNREADABLE, ())


def test_an_order_with_bad_content_is_handed_over_for_quarantine() -> None:
    outcome = FORMAT.read_order(answer(order(**{"products.1.quantity": -2})), SHOP, ID)
    assert (outcome.verdict, outcome.order) == (Verdict.UNREADABLE, None)
    (bad,) = outcome.bad_rows
    assert bad.remote_id == ID
    assert bad.reason == "products[1].quantity: -2 is not between 1 and 100,000."
    assert bad.reason in outcome.detail


def test_an_integer_id_is_the_same_order() -> None:
    assert FORMAT.read_order(answer(order(id=4711)), SHOP, "4711").verdict is Verdict.OK


# ------------------------------------------------------------------------------- status


def processed(status: object, **more: object) -> dict[str, object]:
    return {"processing_object": {"id": 10, "status": status, **more}}


def test_succeeded_is_the_remotes_word() -> None:
    for body in (processed("succeeded", info="Updated: 1"), processed("succeeded")):
        outcome = FORMAT.read_update(answer(body), Push(status="accepted"))
        assert (outcome.verdict, outcome.verified) == (Verdict.OK, True)


def test_updated_nothing_is_not_the_word_that_it_is_stored() -> None:
    outcome = FORMAT.read_update(answer(processed("succeeded", info="Updated: 0")), Push(status="accepted"))
    assert (outcome.verdict, outcome.verified) == (Verdict.OK, False)
    assert "Updated: 0" in outcome.detail
    ten = FORMAT.read_update(answer(processed("succeeded", info="Updated: 10")), Push(status="accepted"))
    assert ten.verified


@pytest.mark.parametrize("status", [200, 201, 422, 400])
def test_failed_is_a_refusal_in_the_remotes_words(status: int) -> None:
    body = processed("failed", errors="Status is\u202e not\x00 allowed\n" + "!" * 500)
    outcome = FORMAT.read_update(answer(body, status), Push(status="accepted"))
    assert (outcome.verdict, outcome.verified) == (Verdict.REFUSED, False)
    assert "Status is not allowed !" in outcome.detail
    assert len(outcome.detail) < 400


def test_failed_without_words_is_a_refusal_too() -> None:
    assert FORMAT.read_update(answer(processed("failed")), Push(status="accepted")).verdict is Verdict.REFUSED


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'"succeeded"',
        b'{"processing_object": null}',
        b'{"processing_object": []}',
        b'{"processing_object": "succeeded"}',
        b'{"processing_object": {"id": 1}}',
        b'{"processing_object": {"id": 1, "status": "preprocessed"}}',
        b'{"processing_object": {"id": 1, "status": ["succeeded"]}}',
        b'{"processing_object": {"id": 1, "status": "succeeded"}',
        b'{"processing_object": {"status": "failed", "status": "succeeded"}}',
        b'{"processing_object": {"id": NaN, "status": "succeeded"}}',
        b'{"status": "succeeded"}',
        b'{"orders": []}',
    ],
)
def test_any_other_answer_to_a_write_is_unknown(body: bytes) -> None:
    outcome = FORMAT.read_update(answer(body), Push(status="accepted"))
    assert (outcome.verdict, outcome.verified) == (Verdict.UNKNOWN, False)
    assert outcome.detail.endswith(".")


# ------------------------------------------------------------------------------- health and registry


def test_health() -> None:
    well = FORMAT.read_health(answer({"status": "ok"}))
    assert (well.verdict, well.detail) == (Verdict.OK, "")
    ill = FORMAT.read_health(answer({"status": "fail"}))
    assert ill.verdict is Verdict.OK
    assert "out of step" in ill.detail
    assert FORMAT.read_health(answer({"state": "ok"})).verdict is Verdict.PORTAL
    assert FORMAT.read_health(answer([])).verdict is Verdict.PORTAL
    assert FORMAT.read_health(answer(b"")).verdict is Verdict.UNREADABLE


def test_formats_are_found_by_name() -> None:
    assert FORMATS == ("internal", "staff")
    for name in FORMATS:
        found: Format = format_named(name)
        assert found.name == name
        assert isinstance(found.list_request(), Request)
    with pytest.raises(UsageError, match=r"no remote format “soap”.*Use one of: internal, staff\."):
        format_named("soap")
