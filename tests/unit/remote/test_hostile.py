"""Bad remote data: each kind beside a good order, which must come through whatever its neighbour does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.due import EARLIEST, LATEST
from posapp.domain.money import parse_amount
from posapp.domain.status import Status
from posapp.domain.text import clean_line
from posapp.remote.api import Outcome, Push, RemoteOrder, Verdict
from tests.unit.remote.samples import FORMAT, ID, SHOP, answer, order, put, read_rows

GOOD = order(id="good")
TEXT = json.dumps(order()).encode()


def swapped(old: bytes, new: bytes) -> bytes:
    assert TEXT.count(old) >= 1
    return TEXT.replace(old, new, 1)


# Row, and how the reason begins.
BAD: dict[str, tuple[object, str]] = {
    "NaN": (swapped(b'"8950.00"', b"NaN"), "NaN is not a number."),
    "Infinity": (swapped(b'"8950.00"', b"-Infinity"), "-Infinity is not a number."),
    "1e999": (swapped(b'"8950.00"', b"1e999"), "The number 1e999 is too large or too small."),
    "1e999 in a field that we do not know": (swapped(b'"id"', b'"x": 1e999, "id"'), "The number 1e999"),
    "duplicate key": (swapped(b'"status"', b'"status": "delivered", "status"'), "“status” is given twice."),
    "duplicate key deep inside": (
        swapped(b'"quantity": 1', b'"quantity": 1, "quantity": 2'),
        "“quantity” is given twice.",
    ),
    "5,000 digits": (swapped(b'"quantity": 1', b'"quantity": ' + b"1" * 5_000), "The number 1111"),
    "depth 200,000": (
        swapped(b'"id"', b'"x": ' + b"[" * 200_000 + b"]" * 200_000 + b', "id"'),
        "This is nested more than 64 levels deep.",
    ),
    "not UTF-8": (swapped(b"Ivan", b"\xc3\x28"), "The text is not UTF-8."),
    "an encoded surrogate": (swapped(b"Ivan", b"\xed\xa0\x80"), "The text is not UTF-8."),
    "a raw NUL": (swapped(b"Ivan", b"I\0van"), "This is not valid JSON"),
    "no JSON": (b'{"id": "7d424e65", oops}', "This is not valid JSON"),
    "more than 2 MB": (order(comment="x" * 2_100_000), "The order is larger than 2,000,000 bytes."),
    "not an object": (b"42", "this should be an object, but it is a whole number."),
    "null": (b"null", "this should be an object, but it is nothing."),
    "a list": (b"[]", "this should be an object, but it is a list."),
    "an empty object": (b"{}", "id: this field is missing."),
    "an id that is a path": (order(id="../../x"), "id: “../../x” cannot be the name of an order."),
    "an id with a slash": (order(id="a/b"), "id: "),
    "an id with an escape": (order(id="%2e%2e"), "id: "),
    "an id with a line break": (order(id="a\r\nApi-Key: x"), "id: “a Api-Key: x” cannot"),
    "an empty id": (order(id=""), "id: “” cannot"),
    "an id of 65": (order(id="x" * 65), "id: "),
    "a negative id": (order(id=-5.5), "id: this should be a whole number or text, but it is a number."),
    "an id that is true": (order(id=True), "id: this should be a whole number or text, but it is yes or no."),
    "an unknown status": (order(status="eaten"), "status: “eaten” is not a status that we know."),
    "a status that is no text": (order(status=5), "status: this should be text, but it is a whole number."),
    "an empty status": (order(status=""), "status: “” is not"),
    "a negative quantity": (
        order(**{"products.0.quantity": -1}),
        "products[0].quantity: -1 is not between 1 and 100,000.",
    ),
    "a quantity of zero": (order(**{"products.2.quantity": 0}), "products[2].quantity: 0 is not"),
    "a quantity of millions": (
        order(**{"products.0.quantity": 10**6}),
        "products[0].quantity: 1000000 is not",
    ),
    "a quantity beyond 64 bits": (order(**{"products.0.quantity": 10**25}), "products[0].quantity: "),
    "half a quantity": (
        order(**{"products.0.quantity": 1.5}),
        "products[0].quantity: this should be a whole number, but it is a number.",
    ),
    "a quantity that is true": (
        order(**{"products.0.quantity": True}),
        "products[0].quantity: this should be a whole number, but it is yes or no.",
    ),
    "a quantity in words": (
        order(**{"products.0.quantity": "two"}),
        "products[0].quantity: this should be a whole number, but it is text.",
    ),
    "a price such as 1,5": (
        order(**{"products.2.price.base_total": "1,5"}),
        "products[2].price.base_total: “1,5” is not an amount such as 2600.00.",
    ),
    "a negative price": (
        order(**{"products.0.price.base_for_one": "-1.00"}),
        "products[0].price.base_for_one: “-1.00” is below zero.",
    ),
    "a negative total": (
        order(**{"price.order_base_total": "-8950.00"}),
        "price.order_base_total: “-8950.00” is",
    ),
    "a total that is no number": (
        order(**{"price.order_base_total": "NaN"}),
        "price.order_base_total: “NaN” is",
    ),
    "an empty total": (
        order(**{"price.order_base_total": ""}),
        "price.order_base_total: “” is not an amount",
    ),
    "a total with an exponent": (
        order(**{"price.order_base_total": "1e3"}),
        "price.order_base_total: “1e3” is",
    ),
    "a total of 13 digits": (order(**{"price.order_base_total": "1" * 13}), "price.order_base_total: "),
    "a total that is a list": (
        order(**{"price.order_base_total": [1]}),
        "price.order_base_total: “a list” is not",
    ),
    "a total that is true": (
        order(**{"price.order_base_total": True}),
        "price.order_base_total: “yes” is not",
    ),
    "a total in other digits": (
        order(**{"price.order_base_total": "٨٩٥٠"}),
        "price.order_base_total: “٨٩٥٠” is",
    ),
    "no total": (order(**{"price.order_base_total": None}), "price.order_base_total: the amount is missing."),
    "prices that are text": (order(price="8950"), "price: this should be an object, but it is text."),
    "products that are text": (order(products="pizza"), "products: this should be a list, but it is text."),
    "a product that is null": (
        order(products=[None]),
        "products[0]: this should be an object, but it is nothing.",
    ),
    "a title that is a list": (
        order(**{"products.1.title": []}),
        "products[1].title: this should be a whole number or text, but it is a list.",
    ),
    "additions that are text": (
        order(**{"products.0.additions": "salami"}),
        "products[0].additions: this should be a list, but it is text.",
    ),
    "1,001 lines": (order(products=[order()["products"][0]] * 1_001), "products: an order of 1,001 lines"),
    "a time that does not exist": (
        order(created_at="2022-02-30T17:50:13+06:00"),
        "created_at: “2022-02-30T17:50:13+06:00” is not a time that exists.",
    ),
    "a time without a zone": (
        order(created_at="2022-03-05T17:50:13"),
        "created_at: “2022-03-05T17:50:13” has no time zone.",
    ),
    "a time of the year 1": (order(created_at="0001-01-01T00:00:00+14:00"), "created_at: "),
    "a time of the year 9999": (order(created_at="9999-12-31T23:59:59-14:00"), "created_at: "),
    "a time that is a number": (order(created_at=1646480000), "created_at: this should be text"),
    "no time": (order(created_at=None), "created_at: this should be text, but it is nothing."),
    "a due time that does not exist": (
        order(**{"delivery.datetime": "25:30 05:03:22"}),
        "delivery.datetime: “25:30 05:03:22” is not a time that exists.",
    ),
    "a due day that does not exist": (
        order(**{"delivery.datetime": "14:30 31:02:22"}),
        "delivery.datetime: “14:30",
    ),
    "a due time in words": (order(**{"delivery.datetime": "soon"}), "delivery.datetime: “soon” is not"),
    "a due time that is a number": (
        order(**{"delivery.datetime": 1430}),
        "delivery.datetime: this should be text, but it is a whole number.",
    ),
    "a due time in another century": (
        order(**{"delivery.datetime": "14:30 05:03:2222"}),
        "delivery.datetime: ",
    ),
}


@pytest.mark.parametrize(("row", "reason"), list(BAD.values()), ids=list(BAD))
def test_a_bad_row_is_set_apart_with_its_reason_and_the_good_one_is_read(row: object, reason: str) -> None:
    for rows in ((row, GOOD), (GOOD, row)):
        outcome = read_rows(*rows)
        assert outcome.verdict is Verdict.OK
        assert [read.remote_id for read in outcome.orders] == ["good"]
        assert json.loads(outcome.orders[0].raw) == GOOD
        (bad,) = outcome.bad_rows
        assert bad.reason.startswith(reason)
        assert bad.reason.endswith(".")
        assert len(bad.reason) < 200
        assert bad.reason.isprintable()
        assert len(bad.raw) <= 65_536
        assert "\0" not in bad.raw


@pytest.mark.parametrize(
    "name",
    [
        "NaN",
        "1e999",
        "depth 200,000",
        "not UTF-8",
        "an unknown status",
        "a negative quantity",
        "more than 2 MB",
    ],
)
def test_a_bad_row_keeps_its_id_where_it_has_one(name: str) -> None:
    assert read_rows(BAD[name][0]).bad_rows[0].remote_id == ID


@pytest.mark.parametrize("name", ["no JSON", "an id that is a path", "an empty object", "a list", "null"])
def test_a_bad_row_without_a_usable_id_has_none(name: str) -> None:
    assert read_rows(BAD[name][0]).bad_rows[0].remote_id == ""


@pytest.mark.parametrize("name", list(BAD))
def test_the_same_content_read_by_id_is_never_an_order(name: str) -> None:
    row = BAD[name][0]
    outcome = FORMAT.read_order(answer(row), SHOP, ID)
    assert (outcome.verdict, outcome.order) == (Verdict.UNREADABLE, None)


# ------------------------------------------------------------------------------- harmless once cleaned


@pytest.mark.parametrize(
    ("comment", "shown"),
    [
        ("a\u202eb", "ab"),
        ("\u2066\u2069\u200f\u061cx\ufeff", "x"),
        ("a\0b", "ab"),
        ("a\x1b[31mb\x07", "a[31mb"),
        ("one\r\ntwo\rthree\u2028four\x0bfive", "one\ntwo\nthree\nfour\nfive"),
        ("<b>NO ONIONS</b> <table>", "<b>NO ONIONS</b> <table>"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("ZWJ 👩\u200d🍳 stays", "ZWJ 👩\u200d🍳 stays"),
        ("क्\u200dष", "क्\u200dष"),
    ],
)
def test_controls_and_overrides_are_taken_out_of_texts_and_kept_in_raw(comment: str, shown: str) -> None:
    row = order(comment=comment, **{"customer.name": comment})
    read = read_rows(row).orders[0]
    assert read.comment == shown
    assert read.customer_name == shown.replace("\n", " ")
    assert json.loads(read.raw) == row


def test_half_an_emoji_costs_nobody_the_order() -> None:
    text = TEXT.replace(b"Do not call me!!!", rb"Call me \ud83d").replace(
        b"Ivan", rb"\ude00 Ivan \ud83d\ude00"
    )
    read = read_rows(text).orders[0]
    assert read.comment == "Call me �"
    assert read.customer_name == "� Ivan 😀"
    read.raw.encode()
    json.dumps(json.loads(read.raw), ensure_ascii=False).encode()


def test_hundred_thousands_of_spaces_and_marks_cost_nothing() -> None:
    row = order(**{"customer.name": "\u202e" * 300_000, "delivery.address": " " * 300_000 + "Abay 1"})
    read = read_rows(row).orders[0]
    assert (read.customer_name, read.address, read.kind) == ("", "Abay 1", "delivery")


# ------------------------------------------------------------------------------- anything at all

junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["-1", "1,5", "NaN", "../../x", "25:61 99:99:99", "\ud800", "\0", "\u202e", "14:30 05:03:22"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
PATHS = [
    "id",
    "created_at",
    "status",
    "payment_status",
    "comment",
    "change",
    "products",
    "products.0",
    "products.0.quantity",
    "products.0.price",
    "products.0.price.base_total",
    "products.0.additions",
    "products.0.additions.0.title",
    "products.0.promo",
    "products.0.paid_in_bonuses",
    "customer",
    "customer.id",
    "customer.name",
    "delivery",
    "delivery.datetime",
    "delivery.address",
    "delivery.price",
    "price",
    "price.order_base_total",
    "price.delivery_base",
]


def sound(read: RemoteOrder) -> bool:
    """Tell whether everything that the rest of the program relies on holds."""
    for amount in (read.total, read.products_total, read.delivery_cost):
        parse_amount(amount)
    texts = (read.comment.replace("\n", ""), read.customer_name, read.phone, read.address, read.due_text)
    return (
        read.status in set(Status)
        and EARLIEST <= read.created_at < LATEST
        and (read.due_at is None or EARLIEST <= read.due_at < LATEST)
        and all(
            1 <= line.quantity <= 100_000 and line.total >= 0 and line.unit_price >= 0 for line in read.lines
        )
        and all("\0" not in text and "\u202e" not in text for text in texts)
        and read.raw.encode() != b""
        and read.kind in {"delivery", "pickup"}
    )


def check(outcome: Outcome) -> None:
    assert outcome.verdict is Verdict.OK
    assert "good" in {read.remote_id for read in outcome.orders}
    assert len(outcome.orders) + len(outcome.bad_rows) == 2
    assert all(sound(read) for read in outcome.orders)
    assert all(clean_line(bad.reason) == bad.reason and bad.reason.endswith(".") for bad in outcome.bad_rows)


@given(st.sampled_from(PATHS), junk)
def test_junk_anywhere_in_an_order_is_either_sound_or_set_apart(path: str, value: Any) -> None:
    row = order()
    put(row, path, value)
    text = json.dumps(row).encode()
    check(read_rows(text, GOOD))
    outcome = FORMAT.read_order(answer(text), SHOP, ID)
    assert (outcome.verdict is Verdict.OK) == (outcome.order is not None)


@given(st.data())
def test_a_mutated_list_never_breaks_the_reader(data: st.DataObject) -> None:
    body = bytearray(b'{"orders": [' + TEXT + b"," + json.dumps(GOOD).encode() + b"]}")
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body) - 1))
        change = data.draw(
            st.sampled_from([b"", b'"', b"{", b"}", b"[", b"]", b",", b"\\", b"\0", b"\xff", b"9" * 40])
        )
        body[place : place + data.draw(st.integers(0, 3))] = change
    outcome = FORMAT.read_list(answer(bytes(body)), SHOP)
    assert outcome.verdict in {Verdict.OK, Verdict.UNREADABLE, Verdict.PORTAL}
    assert all(sound(read) for read in outcome.orders)
    for cut in (0, 1, len(body) // 2, len(body) - 1):
        cut_short = FORMAT.read_list(answer(bytes(body[:cut])), SHOP)
        assert cut_short.verdict in {Verdict.UNREADABLE, Verdict.PORTAL, Verdict.OK}
    assert FORMAT.read_update(answer(bytes(body)), Push(status="accepted")).verdict is Verdict.UNKNOWN
